"""``category-relabelled``: a row label changed while its data stayed; a mere re-spelling is ``info``."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.churn import amounts
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.names import another_body, same_name, same_row
from diffing.grounds.wording import place, plural
from diffing.identity import row_key, table_key
from diffing.readers.statements.periods import read_period
from diffing.values import normalise
from state.document import Table
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "category-relabelled",
        Severity.HIGH,
        "a category got another meaning while its data stayed; info where it is only spelt differently",
    ),
)
RANK = 44

NEAR = 0.8
"""Likeness of two labels (0 to 1, difflib's ratio) from which on they are one name spelt twice."""

LEAST_FIGURE = 100
"""Rows of smaller figures are alike by chance."""

IDENTIFYING = 2
"""Words beside a label (an address, a city) that stay; so many of them name the thing, whatever it is called."""

MOST_PAIRS = 10_000
"""Rows that left times rows that joined, above which they are not looked at one by one."""

LEAST_GROUPS = 3
SHARED = 0.8
"""A category has another name where it left, and another joined, this share of the groups of a table."""

ALIKE = 0.25
"""How far (share) the sums of the two may stand apart: releases move a little besides."""


class _Relabel(NamedTuple):
    """A label that changed in one table, with the facts that this tells.

    ``same_thing`` says that other words of the row identify it: a facility at its address is no category.
    """

    pair: TablePair
    before: str
    after: str
    facts: tuple[FactKey, ...]
    same_thing: bool = False


def detect(evidence: Evidence) -> Iterator[Draft]:
    """At most two findings a sheet: labels with another meaning, and labels spelt differently."""
    if evidence.comparison is None:
        return
    sheets: dict[str | None, list[_Relabel]] = defaultdict(list)
    for pair in evidence.comparison.tables:
        found = [*_of_rows(pair), *_of_categories(evidence, pair), *_of_names(evidence, pair), *_of_cells(pair)]
        sheets[pair.after.sheet].extend(each for each in found if not evidence.told.issuperset(each.facts))
    for relabels in sheets.values():
        respelt = [each for each in relabels if not _is_another(each)]
        meant = [each for each in relabels if each not in respelt]
        if meant:
            named = all(each.same_thing for each in meant)
            yield _draft(meant, severity=Severity.MEDIUM if named else None)
        if respelt:
            yield _draft(respelt, severity=Severity.INFO)


def _is_another(relabel: _Relabel) -> bool:
    """Whether a label means something else now: another kind of body, or a category of another name."""
    if another_body(relabel.before, relabel.after):
        return True
    return not relabel.same_thing and not _respelt(relabel.before, relabel.after)


def _of_rows(pair: TablePair) -> Iterator[_Relabel]:
    for before, after in pair.rows_renamed:
        fact = FactKey("row-renamed", pair.index, str(after))
        if _is_dated(pair.before, before) or _is_dated(pair.after, after):
            continue  # a row about another day is another row
        labels = pair.before.row_keys[before], pair.after.row_keys[after]
        yield _Relabel(pair, *labels, (fact,), same_thing=_is_identified(pair, before, after))


def _of_cells(pair: TablePair) -> Iterator[_Relabel]:
    """Names that stand beside the key of a row and became those of another body."""
    for change in pair.cells:
        before, after = change.before, change.after
        if (
            not isinstance(before, str)
            or not isinstance(after, str)
            or max(map(len, (before, after))) > LONGEST_NAME
        ):
            continue
        if another_body(before, after) and not same_name(before, after):
            yield _Relabel(pair, before, after, (pair.cell_fact(change),), same_thing=True)


LONGEST_NAME = 80
"""Characters of a name; a longer text is a sentence."""


def _is_dated(table: Table, row: int) -> bool:
    return bool(table.row_periods) and table.row_periods[row] is not None


def _is_identified(pair: TablePair, row_before: int, row_after: int) -> bool:
    words = [
        (before, pair.after.rows[row_after][column_after])
        for column_before, column_after in pair.columns
        if isinstance(before := pair.before.rows[row_before][column_before], str) and len(before) > 1
    ]
    return sum(before == after for before, after in words) >= IDENTIFYING


def _of_names(evidence: Evidence, pair: TablePair) -> Iterator[_Relabel]:
    """Rows that left while one that joined has the same name in other words, or stands in its very place."""
    gone = [row for row in pair.rows_removed if FactKey("row-removed", pair.index, str(row)) not in evidence.told]
    new = [row for row in pair.rows_added if FactKey("row-added", pair.index, str(row)) not in evidence.told]
    if len(gone) * len(new) > MOST_PAIRS:
        return
    for row_before in gone:
        for row_after in new:
            if _is_dated(pair.before, row_before) or _is_dated(pair.after, row_after):
                continue
            before, after = pair.before.row_keys[row_before], pair.after.row_keys[row_after]
            alike = _agree(pair, row_before, row_after)
            if (
                same_row(before, after, context=alike)
                or (alike and _same_place(pair, row_before, row_after))
                or (alike and _other_body_of(pair, before, after))
            ):
                facts = (
                    FactKey("row-removed", pair.index, str(row_before)),
                    FactKey("row-added", pair.index, str(row_after)),
                )
                yield _Relabel(pair, before, after, facts)
                new.remove(row_after)
                break


def _other_body_of(pair: TablePair, before: str, after: str) -> bool:
    """Whether two row keys of one place (a state, a county) name another kind of body in it.

    What many rows of the table say ("Department", "Model") names no place.
    """
    if not another_body(before, after):
        return False
    shared = set(_LONG_WORD.findall(normalise(before))) & set(_LONG_WORD.findall(normalise(after)))
    if len(shared) < SHARED_WORDS:
        return False
    rows = [normalise(key) for key in pair.before.row_keys]
    naming = [word for word in shared if sum(word in key for key in rows) <= max(FEW_ROWS, COMMON * len(rows))]
    return bool(naming)


_LONG_WORD = re.compile(r"[^\W\d_]{4,}")

SHARED_WORDS = 2
"""Words that two labels of one place have in common."""

FEW_ROWS, COMMON = 3, 0.1
"""Rows, and share of a table's rows, that may have a word for it to name a place."""


def _agree(pair: TablePair, row_before: int, row_after: int) -> bool:
    """Whether the cells beside two labels say the same: equal words, figures within a quarter, two at least."""
    same = apart = 0
    for column_before, column_after in pair.columns:
        if column_before in pair.before.key:
            continue
        before = pair.before.rows[row_before][column_before]
        after = pair.after.rows[row_after][column_after]
        if before is None and after is None:
            continue
        near = before == after
        if is_number(before) and is_number(after):
            near = abs(after - before) <= ALIKE * max(abs(before), abs(after))
        same, apart = same + near, apart + (not near)
    return same >= 2 and same >= SHARED * (same + apart)


def _same_place(pair: TablePair, row_before: int, row_after: int) -> bool:
    """Whether a table of figures has the two rows between the same neighbours: one category, another name."""
    before, after = pair.before.row_keys[row_before], pair.after.row_keys[row_after]
    if before.rpartition(" / ")[0] != after.rpartition(" / ")[0]:
        return False
    figures = [pair.before.rows[row_before][column] for column in amounts(pair.before)]
    if max((abs(value) for value in figures if is_number(value)), default=0) < LEAST_FIGURE:
        return False
    return _neighbours(pair.before, row_before) == _neighbours(pair.after, row_after)


def _neighbours(table: Table, row: int) -> tuple[str, str]:
    return (
        row_key(table.row_keys[row - 1]) if row else "",
        row_key(table.row_keys[row + 1]) if row + 1 < len(table.rows) else "",
    )


def _of_categories(evidence: Evidence, pair: TablePair) -> Iterator[_Relabel]:
    """A category that left all its groups while another joined the same groups with about its figures."""
    gone = _by_category(evidence, pair, "row-removed", pair.before, pair.rows_removed)
    new = _by_category(evidence, pair, "row-added", pair.after, pair.rows_added)
    for before, old_rows in gone.items():
        for after, new_rows in new.items():
            if _are_times(before, after):
                continue  # a window that rolled
            if _same_groups(old_rows, new_rows) and _same_size(pair, old_rows, new_rows):
                facts = [FactKey("row-removed", pair.index, str(row)) for row in old_rows.values()]
                facts += [FactKey("row-added", pair.index, str(row)) for row in new_rows.values()]
                yield _Relabel(pair, before, after, tuple(facts))


def _are_times(*labels: str) -> bool:
    return all(read_period(label, fiscal_year=None) is not None for label in labels)


def _by_category(
    evidence: Evidence, pair: TablePair, subject: str, table: Table, rows: Sequence[int]
) -> dict[str, dict[str, int]]:
    """Untold rows by the last part of their label, then by the group above it."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        group, _, label = table.row_keys[row].rpartition(" / ")
        if group and FactKey(subject, pair.index, str(row)) not in evidence.told:
            found[label][row_key(group)] = row
    return found


def _same_groups(gone: Mapping[str, int], new: Mapping[str, int]) -> bool:
    both = len(gone.keys() & new.keys())
    return both >= LEAST_GROUPS and both >= SHARED * max(len(gone), len(new))


def _same_size(pair: TablePair, gone: Mapping[str, int], new: Mapping[str, int]) -> bool:
    columns = set(amounts(pair.before))
    places = [(before, after) for before, after in pair.columns if before in columns]
    sums = [
        (
            sum(value for row in gone.values() if is_number(value := pair.before.rows[row][before])),
            sum(value for row in new.values() if is_number(value := pair.after.rows[row][after])),
        )
        for before, after in places
    ]
    return bool(sums) and all(abs(new - old) <= ALIKE * max(abs(old), abs(new)) for old, new in sums)


def _respelt(before: str, after: str) -> bool:
    """Whether two labels are one name: nearly the same letters, the same words, initials for words."""
    if same_row(before, after, context=before.count(" / ") > 1) or same_name(before, after):
        return True
    return difflib.SequenceMatcher(None, normalise(before), normalise(after)).ratio() >= NEAR


def _draft(relabels: Sequence[_Relabel], *, severity: Severity | None) -> Draft:
    first = relabels[0]
    names = list(dict.fromkeys((each.before, each.after) for each in relabels))
    tables = list(dict.fromkeys(place(each.pair.after) for each in relabels))
    verb = "is spelt" if severity else "is now called"
    title = f"“{first.before}” {verb} “{first.after}” in {tables[0]}"
    if len(names) > 1:
        title = f"{plural(len(names), 'label')} changed in {tables[0]}: “{first.before}” {verb} “{first.after}”"
    more = f", in {plural(len(tables), 'table')}" if len(tables) > 1 else ""
    return Draft(
        kind="category-relabelled",
        title=title,
        reason=f"the other cells of the rows stayed, or stayed near{more}",
        subject=(
            table_key(first.pair.after),
            "spelling" if severity else "meaning",
            *(row_key(before) for before, _ in names[:20]),
        ),
        where=where_is(first.pair.after, row=first.after if len(names) == 1 else None),
        items=tuple(_item(each, with_table=len(tables) > 1) for each in relabels),
        before=first.before if len(names) == 1 else None,
        after=first.after if len(names) == 1 else None,
        severity=severity,
        explains=tuple(fact for each in relabels for fact in each.facts),
    )


def _item(relabel: _Relabel, *, with_table: bool) -> Item:
    table = relabel.pair.after.name or None
    return Item(row=relabel.after, table=table if with_table else None, before=relabel.before, after=relabel.after)
