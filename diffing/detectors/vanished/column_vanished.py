"""``column-vanished``: a column of the release before has no counterpart, by name or by content."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.columnar.rows import column_of
from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import where_is
from diffing.grounds.names import is_unnamed
from diffing.grounds.wording import listing, place, plural
from diffing.identity import table_key, title_key
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (Kind("column-vanished", Severity.CRITICAL, "a column has no counterpart, by name or by content"),)
RANK = 40


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that lost columns."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        facts = {column: FactKey("column-removed", pair.index, "", str(column)) for column in pair.columns_removed}
        gone = [column for column, fact in facts.items() if fact not in evidence.told]
        moved_on = [column for column in gone if _moved_on(pair, column)]
        gone = [column for column in gone if column not in moved_on]
        for columns, severity in ((gone, None), (moved_on, Severity.INFO)):
            if columns:
                told = tuple(facts[column] for column in columns)
                yield _draft(pair, columns, told, severity=severity)
        yield from _hidden(pair)


def _hidden(pair: TablePair) -> Iterator[Draft]:
    """Columns that the sheet showed and hides now: gone for whoever opens it, and still in the file."""
    hidden, unseen = pair.after.hidden_columns, pair.before.hidden_columns
    names = [pair.after.columns[j].name for i, j in pair.columns if j in hidden and i not in unseen]
    if not names or pair.after.hidden:
        return
    what = (
        f"Column “{names[0]}” of" if len(names) == 1 else f"{plural(len(names), 'column')} ({listing(names)}) of"
    )
    yield Draft(
        kind="column-vanished",
        title=f"{what} {place(pair.after)} {'is' if len(names) == 1 else 'are'} hidden now",
        reason="the sheet showed it before; what it holds is still in the file",
        subject=(table_key(pair.after), "hidden"),
        where=where_is(pair.after, column=names[0] if len(names) == 1 else None),
        items=tuple(Item(column=name) for name in names),
        severity=Severity.MEDIUM,
    )


def _moved_on(pair: TablePair, column: int) -> bool:
    """Whether a later fiscal year or month stands in the column's place: "FY2024 YTD" gave way to "FY2025 YTD"."""
    name = pair.before.columns[column].name
    new = [pair.after.columns[added].name for added in pair.columns_added]
    return any(title_key(other) == title_key(name) and other != name for other in new)


def _draft(pair: TablePair, gone: list[int], facts: tuple[FactKey, ...], *, severity: Severity | None) -> Draft:
    names = [pair.before.columns[column].name for column in gone]
    cells = zip(*[column_of(pair.before.rows, column) for column in gone], strict=True)
    filled = sum(1 for row in cells if any(value is not None for value in row))
    what = f"Column “{names[0]}”" if len(names) == 1 else f"{plural(len(names), 'column')} ({listing(names)})"
    return Draft(
        kind="column-vanished",
        title=f"{what} left {place(pair.before)}",
        reason=f"no column after has the name or the values; {plural(filled, 'row')} of "
        f"{len(pair.before.rows)} had something in it",
        subject=(table_key(pair.after),),
        where=where_is(pair.before, column=names[0] if len(names) == 1 else None),
        items=tuple(Item(column=name) for name in names),
        severity=Severity.INFO if all(map(is_unnamed, names)) else severity,
        explains=facts,
    )
