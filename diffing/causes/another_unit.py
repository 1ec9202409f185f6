"""``unit-changed``: nearly all figures of a column or a row are those before times one constant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.alignment.likeness import dice, words_of
from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import (
    LONG_GAP,
    both_numbers,
    days_between,
    is_number,
    percent_of,
    tidy,
    where_is,
    year_restarted,
)
from diffing.grounds.ratios import Ratio, constant_ratio
from diffing.grounds.wording import listing, number, place, plural
from diffing.identity import column_key, table_key, title_key
from diffing.readers.tables.units import unit_of
from state.kinds import Group, Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "unit-changed",
        Severity.HIGH,
        "nearly all figures of a column or table changed by one constant ratio, whatever the header says",
        group=Group.REDEFINED,
    ),
)
RANK = 50

ALIKE = 0.5
"""Likeness of the words of two headers from which on one may be the other with its unit."""

MOST_CELLS = 200_000
MOST_PAIRS = 200
"""Columns that left times columns that joined, above which they are not looked at two by two."""

_UNIT = re.compile(
    r"\bthousands?\b|\bmillions?\b|\bbillions?\b|\bhundreds?\b|\bdozens?\b|'000|000s|per ?cent|%|\brate\b"
    r"|\bshare\b|\bper\b|\bhours?\b|\bdays?\b|\bweeks?\b|\bmonth(?:ly|s)?\b|\byear(?:ly|s)?\b|\bannual(?:ly)?\b|\bdaily\b"
)
"""Words by which a header says in what its figures are counted."""


class _Line(NamedTuple):
    """A column or a row in which figures stand on both sides: indexes before and after, then cell by cell."""

    pair: TablePair
    along: str  # "column" or "row"
    place: tuple[int, int]
    cells: tuple[tuple[int, int, float, float], ...]  # index across before and after, figure before and after

    @property
    def names(self) -> tuple[str, str]:
        """What the line is called before and after."""
        if self.along == "row":
            return self.pair.before.row_keys[self.place[0]], self.pair.after.row_keys[self.place[1]]
        return self.pair.before.columns[self.place[0]].name, self.pair.after.columns[self.place[1]].name

    def facts(self) -> Iterator[FactKey]:
        """What differs in the line: its figures, and its name."""
        index = self.pair.index
        for change in self.pair.cells:
            at = change.column_after if self.along == "column" else change.row_after
            if at == self.place[1] and is_number(change.before):
                yield self.pair.cell_fact(change)
        if self.along == "column" and self.place[0] in self.pair.columns_removed:
            yield FactKey("column-removed", index, "", str(self.place[0]))
            yield FactKey("column-added", index, "", str(self.place[1]))
        if self.along == "column" and self.place in self.pair.columns_renamed:
            yield FactKey("column-renamed", index, "", str(self.place[1]))


class _Scaled(NamedTuple):
    """A line with its ratio."""

    line: _Line
    ratio: Ratio


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all lines of all tables that changed by the same ratio."""
    comparison = evidence.comparison
    if comparison is None:
        return
    groups: dict[str, list[_Scaled]] = {}
    for pair in comparison.tables:
        if len(pair.rows) * len(pair.columns) > MOST_CELLS or year_restarted(evidence, pair):
            continue
        for scaled in _scaled(pair, may_drift=days_between(comparison) <= LONG_GAP):
            groups.setdefault(scaled.ratio.words, []).append(scaled)
    for group in groups.values():
        yield _draft(group)


def _scaled(pair: TablePair, *, may_drift: bool) -> Iterator[_Scaled]:
    """Columns, and rows where no column is."""
    found = [each for line in _columns(pair) if (each := _ratio_of(line, may_drift=may_drift)) is not None]
    if not found:
        found = [each for line in _rows(pair) if (each := _ratio_of(line, may_drift=may_drift)) is not None]
    yield from found


def _ratio_of(line: _Line, *, may_drift: bool) -> _Scaled | None:
    sides = [(before, after) for _, _, before, after in line.cells]
    same = line.along == "row" or line.place in line.pair.columns
    ratio = constant_ratio(sides, may_drift=may_drift, same=same)
    return _Scaled(line, ratio) if ratio is not None else None


def _columns(pair: TablePair) -> Iterator[_Line]:
    """Columns that changed, and columns that left with those that may have come in their place."""
    changed = {change.column_after for change in pair.cells}
    places = [(i, j) for i, j in pair.columns if j in changed and j not in pair.after.key]
    if len(pair.columns_removed) * len(pair.columns_added) <= MOST_PAIRS:
        places += [(i, j) for i in pair.columns_removed for j in pair.columns_added if _may_be(pair, i, j)]
    for both in places:
        yield _Line(pair, "column", both, tuple(both_numbers(pair, both)))


def _may_be(pair: TablePair, before: int, after: int) -> bool:
    """Whether a column that joined may be one that left; the next year's edition of it is another one."""
    if title_key(pair.before.columns[before].name) == title_key(pair.after.columns[after].name):
        return False
    if len(pair.columns_removed) == len(pair.columns_added) == 1:
        return True
    names = column_key(pair.before.columns[before].name), column_key(pair.after.columns[after].name)
    return dice(words_of(names[0]), words_of(names[1])) >= ALIKE


def _rows(pair: TablePair) -> Iterator[_Line]:
    changed = {change.row_after for change in pair.cells}
    for i, j in pair.rows:
        if j not in changed:
            continue
        cells = []
        for left, right in pair.columns:
            before, after = pair.before.rows[i][left], pair.after.rows[j][right]
            if right not in pair.after.key and is_number(before) and is_number(after):
                cells.append((left, right, float(before), float(after)))
        yield _Line(pair, "row", (i, j), tuple(cells))


def _draft(group: Sequence[_Scaled]) -> Draft:
    first = group[0].line
    names = [each.line.names[1] for each in group]
    figures = sum(len(each.line.cells) for each in group)
    kept = figures - sum(len(each.ratio.beside) for each in group)
    tables = list(dict.fromkeys(place(each.line.pair.after) for each in group))
    where = tables[0] if len(tables) == 1 else plural(len(tables), "table")
    what = f"“{names[0]}”" if len(names) == 1 else f"{plural(len(names), first.along)} ({listing(names)})"
    verb = "was" if len(names) == 1 else "were"
    said = _says_so(first)
    return Draft(
        kind="unit-changed",
        title=f"{what} {verb} {group[0].ratio.words} in {where}: {number(kept)} of {plural(figures, 'figure')}",
        reason=f"{number(kept)} of {number(figures)} figures are those of the release before "
        f"{group[0].ratio.words}; {said or 'no header says so'}",
        subject=(table_key(first.pair.after), first.along, column_key(first.names[0])),
        where=where_is(first.pair.after, column=names[0] if first.along == "column" and len(names) == 1 else None),
        items=tuple(item for each in group for item in _items(each)),
        count=len(names),
        severity=Severity.MEDIUM if said else None,
        confidence=0.95,
        explains=tuple(dict.fromkeys([*(fact for each in group for fact in each.line.facts()), *_titles(group)])),
    )


def _titles(group: Sequence[_Scaled]) -> list[FactKey]:
    """The titles that say the new unit: no other name of the table."""
    return [each.line.pair.title_fact() for each in group if _is_titled_by_unit(each.line.pair)]


def _says_so(line: _Line) -> str:
    """The new header, where it names a unit that the header before did not."""
    before, after = (frozenset(_UNIT.findall(column_key(name))) for name in line.names)
    named = unit_of((line.names[1],)) not in ("", unit_of((line.names[0],)))
    if named or after - before:
        return f"its header says “{line.names[1]}” now, “{line.names[0]}” before"
    return f"the table's title says “{line.pair.after.name}” now" if _is_titled_by_unit(line.pair) else ""


def _is_titled_by_unit(pair: TablePair) -> bool:
    """Whether the table's title names a unit that it did not name before."""
    before, after = (frozenset(_UNIT.findall(column_key(name))) for name in (pair.before.name, pair.after.name))
    return bool(after - before) or unit_of((pair.after.name,)) not in ("", unit_of((pair.before.name,)))


def _items(scaled: _Scaled) -> Iterator[Item]:
    """The line with its largest figure, and the figures that did not keep to the ratio."""
    line, beside = scaled.line, set(scaled.ratio.beside)
    largest = max(range(len(line.cells)), key=lambda at: abs(line.cells[at][2]))
    for at in dict.fromkeys([largest, *scaled.ratio.beside]):
        across, before, after = line.cells[at][1], line.cells[at][2], line.cells[at][3]
        row = line.place[1] if line.along == "row" else across
        column = line.place[1] if line.along == "column" else across
        yield Item(
            row=line.pair.after.row_keys[row],
            column=line.pair.after.columns[column].name,
            before=before,
            after=after,
            difference=tidy(after - before),
            percent=percent_of(before, after),
            note="moved otherwise" if at in beside else scaled.ratio.words,
        )
