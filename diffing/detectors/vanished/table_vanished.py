"""``table-vanished``: a table or a sheet of the release before has no counterpart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.figures import where_is
from diffing.grounds.moment import is_of_the_moment
from diffing.grounds.passages import passages_of
from diffing.grounds.wording import listing, place, plural, shorten
from diffing.identity import column_key, table_key, title_key
from diffing.values import normalise
from state.document import Document, Table, Where
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "table-vanished",
        Severity.CRITICAL,
        "a table or sheet has no counterpart in the new release; high where its sheet was only hidden",
    ),
)
RANK = 7  # before the rules for text: what stood on a sheet that left is told with it

LEAST_FAMILY = 3
"""Tables of one title but for its numbers (a year and a quarter) that make a rolling set."""

SHOWN = 6
"""Names of tables that a title lists."""

SHOWN_HEADS = 2
"""Headers that name a table without a title."""

_NUMBER = re.compile(r"\d+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})(?:uary|ruary|ch|il|e|y|ust|t(?:ember)?|ober|ember)?\b")


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that left; the tables of a sheet that left as a whole are one."""
    comparison = evidence.comparison
    if comparison is None:
        return
    groups: dict[tuple[str, str, bool], list[int]] = {}
    for index in comparison.tables_removed:
        if FactKey("table-removed", index) not in evidence.told:
            groups.setdefault(_group(comparison, index), []).append(index)
    yield from _hidden(comparison)
    for indexes in groups.values():
        tables = [comparison.before.tables[index] for index in indexes]
        facts = [FactKey("table-removed", index) for index in indexes]
        yield _draft(comparison, tables, (*facts, *_texts_of(comparison, tables[0].sheet)))


def _hidden(comparison: Comparison) -> Iterator[Draft]:
    """Tables that are still in the file, on a sheet that a reader no longer sees; one statement a sheet."""
    sheets: dict[str | None, list[Table]] = {}
    for pair in comparison.tables:
        if pair.after.hidden and not pair.before.hidden:
            sheets.setdefault(pair.before.sheet, []).append(pair.before)
    for sheet, tables in sheets.items():
        names = [table.name or place(table) for table in tables]
        what = f"{plural(len(tables), 'table')} of sheet" if len(tables) > 1 else "The table of sheet"
        yield Draft(
            kind="table-vanished",
            title=f"{what} “{sheet}” can no longer be seen: {listing(names)}",
            reason="the sheet is hidden now; what it holds is still in the file",
            subject=("hidden", title_key(sheet or "")),
            where=Where(sheet=sheet),
            items=tuple(Item(table=name, sheet=sheet) for name in names),
            severity=Severity.HIGH,
        )


def _texts_of(comparison: Comparison, sheet: str | None) -> Iterator[FactKey]:
    """What stood on a sheet that left as a whole beside its tables: it left with them."""
    if not sheet or sheet in _sheets(comparison.after):
        return
    for passage in passages_of(comparison):
        if passage.after is None and passage.where.sheet == sheet:
            yield from passage.facts


def _sheets(document: Document) -> set[str | None]:
    return {table.sheet for table in document.tables} | {block.sheet for block in document.blocks}


def _group(comparison: Comparison, index: int) -> tuple[str, str, bool]:
    """Tables of one sheet that is gone belong together, as those of one make that left a sheet or page at once."""
    table, after = comparison.before.tables[index], comparison.after
    if table.sheet and all(other.sheet != table.sheet for other in after.tables):
        return table.sheet, "", False
    ordinary = _left_alone(comparison, table) or _is_followed(table, after)
    return table.sheet or "", " | ".join(column_key(column.name) for column in table.columns), ordinary


def _left_alone(comparison: Comparison, table: Table) -> bool:
    """Whether the oldest of a rolling set left, and no other of them."""
    gone = (comparison.before.tables[index] for index in comparison.tables_removed)
    own = (table.sheet, _family(table.name))
    kin = islice((other for other in gone if (other.sheet, _family(other.name)) == own), 2)
    return len(list(kin)) == 1 and _is_oldest(table, comparison.before)


def _is_oldest(table: Table, before: Document) -> bool:
    """Whether a table is the oldest of several that differ in their period only, and so leaves as time goes on."""
    family = [
        _numbers(other.name)
        for other in before.tables
        if other.sheet == table.sheet and _family(other.name) == _family(table.name)
    ]
    return len(family) >= LEAST_FAMILY and _numbers(table.name) == min(family) and family.count(min(family)) == 1


def _is_followed(table: Table, after: Document) -> bool:
    """Whether a later fiscal year's edition of the table, or of a whole sheet that left, is there."""
    year, name, sheet = table.fiscal_year, title_key(table.name), title_key(table.sheet or "")
    if year is None:
        return False
    gone = all(other.sheet != table.sheet for other in after.tables)
    return any(
        other.fiscal_year is not None
        and other.fiscal_year > year
        and title_key(other.sheet or "") == sheet
        and (title_key(other.name) == name or (gone and bool(sheet)))
        for other in after.tables
    )


@lru_cache(maxsize=4_096)
def _family(name: str) -> str:
    return _MONTH.sub("#", _NUMBER.sub("#", normalise(name)))


def _numbers(title: str) -> tuple[int, ...]:
    """The numbers of a title in their order, then its months: those of a later period are larger."""
    months = [_MONTHS.index(match[1]) for match in _MONTH.finditer(normalise(title))]
    return (*(int(number) for number in _NUMBER.findall(title)), *months)


def _headed(table: Table) -> str:
    """A table without a title as a reader finds it: by its sheet, page or section, and its first headers."""
    heads = [shorten(column.name, limit=30) for column in table.columns if column.path][:SHOWN_HEADS]
    headed = f" headed {listing([f'“{head}”' for head in heads])}" if heads else ""
    found = place(table) if table.sheet or table.section or table.page else "the table"
    return f"{found.removeprefix('the ')}{headed}" if found.startswith("the ") else f"table {found}"


def _draft(comparison: Comparison, tables: list[Table], facts: tuple[FactKey, ...]) -> Draft:
    first = tables[0]
    names = [table.name or _headed(table) for table in tables]
    if len(tables) == 1:
        name = f"table {place(first)}" if first.name else _headed(first)
        title = f"The {name} is no longer published"
    else:
        of = f" of sheet “{first.sheet}”" if first.sheet else ""
        title = f"{plural(len(tables), 'table')}{of} are no longer published: {listing(names, limit=SHOWN)}"
    rows = sum(len(table.rows) for table in tables)
    over = all(is_of_the_moment(table) for table in tables)
    quiet = (
        over
        or all(table.hidden for table in tables)
        or (len(tables) == 1 and _is_oldest(first, comparison.before))
        or all(_is_followed(table, comparison.after) for table in tables)
    )
    return Draft(
        kind="table-vanished",
        title=title,
        reason="it listed what was going on then, and nothing is now"
        if over
        else f"nothing in the new release has its title, columns or rows; it had {plural(rows, 'row')}",
        subject=tuple(table_key(table) for table in tables[:1]),
        where=where_is(first),
        items=tuple(Item(table=name, sheet=table.sheet) for name, table in zip(names, tables, strict=True)),
        severity=Severity.INFO if quiet else None,
        explains=facts,
    )
