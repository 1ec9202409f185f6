"""``total-mismatch`` between tables: two tables gave the same total, release after release, and no longer do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from diffing.columnar.rows import column_of
from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.churn import amounts
from diffing.grounds.figures import is_number, numbers_among, tidy, where_is
from diffing.grounds.past import Past, past_of
from diffing.grounds.sums import TOTAL
from diffing.grounds.wording import number, place, plural
from diffing.identity import column_key, row_key, table_key
from state.document import Table
from state.model import Item, TableFacts

KINDS = ("total-mismatch",)
RANK = 58

LEAST_TOTAL = 1_000.0
"""Smaller totals equal each other by chance."""

LEAST_ROWS = 5
"""Rows from which on the sum of a column counts as a total that the table implies."""

SLACK = 0.5
MOST_ANCHORS = 400

MOST_MEASURES = 60
"""Rows above which a table's rows are no measures."""


class _Anchor(NamedTuple):
    """A total of a table: a stated one (``row`` is its normalised label) or a column's sum (``row`` is "").

    ``measure`` is what is counted: the column's name, in a turned table the row's.
    """

    pair: TablePair
    measure: str
    row: str
    column: str
    before: float
    after: float
    names: tuple[str, str]  # row and column as published
    fact: FactKey | None = None  # of the stated total itself, where it may have changed

    @property
    def is_turned(self) -> bool:
        """Whether the measures are rows."""
        return self.measure == self.row


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding for each two tables whose totals agreed and do not any more."""
    if evidence.comparison is None or len(evidence.comparison.tables) < 2:
        return
    fresh = [pair for pair in evidence.comparison.tables if pair.stale_fact() not in evidence.told]
    pasts = {pair.index: past_of(evidence, pair) for pair in fresh}
    anchors = [anchor for pair in fresh for anchor in _anchors(pair)]
    anchors = [anchor for anchor in anchors if anchor.fact not in evidence.told][:MOST_ANCHORS]
    apart: dict[tuple[int, int], list[tuple[_Anchor, _Anchor]]] = defaultdict(list)
    for one, other in _equal(anchors):
        if abs(one.after - other.after) > _slack(one, other) and _is_meant(one, other, pasts):
            apart[one.pair.index, other.pair.index].append((one, other))
    for both in apart.values():
        yield _draft(both)


def _slack(one: _Anchor, other: _Anchor) -> float:
    """By how much totals may differ: of a turned table each part may have been rounded in its own way."""
    if one.is_turned == other.is_turned:
        return SLACK
    return float(max(len(anchor.pair.after.rows) + len(anchor.pair.after.columns) for anchor in (one, other)))


def _anchors(pair: TablePair) -> Iterator[_Anchor]:
    """The stated totals of a pair, and the sums of its counting columns where it states none."""
    if not pair.before.rows or not pair.after.rows:
        return  # a list that is empty states no total
    columns = set(amounts(pair.before))
    places = [(before, after) for before, after in pair.columns if before in columns]
    stated = [rows for rows in pair.rows if _is_total(pair.before.row_keys[rows[0]])]
    if stated:
        whole = max(stated, key=lambda rows: _size(pair, rows[0], places))
        yield from filter(None, (_stated(pair, whole, both) for both in places))
    else:
        yield from _implied(pair, places)
    yield from _turned(pair, places)


def _is_total(label: str) -> bool:
    return " / " not in label and TOTAL.search(row_key(label)) is not None


def _size(pair: TablePair, row: int, places: Sequence[tuple[int, int]]) -> float:
    return float(sum(abs(value) for column, _ in places if is_number(value := pair.before.rows[row][column])))


def _stated(
    pair: TablePair, rows: tuple[int, int], columns: tuple[int, int], *, turned: bool = False
) -> _Anchor | None:
    before, after = pair.before.rows[rows[0]][columns[0]], pair.after.rows[rows[1]][columns[1]]
    if not is_number(before) or not is_number(after) or abs(before) < LEAST_TOTAL:
        return None
    row, column = row_key(pair.before.row_keys[rows[0]]), column_key(pair.before.columns[columns[0]].name)
    names = pair.after.row_keys[rows[1]], pair.after.columns[columns[1]].name
    fact = FactKey("cell", pair.index, str(rows[1]), str(columns[1]))
    return _Anchor(pair, row if turned else column, row, column, before, after, names, fact)


def _implied(pair: TablePair, places: Sequence[tuple[int, int]]) -> Iterator[_Anchor]:
    for before_column, after_column in places if len(pair.before.rows) >= LEAST_ROWS else ():
        name = column_key(pair.before.columns[before_column].name)
        sums = _sum(pair.before, before_column), _sum(pair.after, after_column)
        if all(map(is_number, sums)) and abs(sums[0]) >= LEAST_TOTAL:
            yield _Anchor(pair, name, "", name, *sums, ("", pair.after.columns[after_column].name))


def _turned(pair: TablePair, places: Sequence[tuple[int, int]]) -> Iterator[_Anchor]:
    """The totals of a table whose rows are the measures and whose columns are the parts."""
    totals = [both for both in places if TOTAL.search(column_key(pair.before.columns[both[0]].name))]
    if len(totals) != 1 or len(places) <= 1 or len(pair.rows) > MOST_MEASURES:
        return
    for rows in pair.rows:
        if not _is_total(pair.before.row_keys[rows[0]]):
            anchor = _stated(pair, rows, totals[0], turned=True)
            if anchor is not None:
                yield anchor


def _sum(table: Table, column: int) -> float:
    """Of a column, totals left out."""
    cells = column_of(table.rows, column)
    return sum(numbers_among([value for row, value in enumerate(cells) if row not in table.totals]))


def _equal(anchors: Sequence[_Anchor]) -> Iterator[tuple[_Anchor, _Anchor]]:
    """Anchors of different tables, of one measure, with one value before."""
    by_value: dict[int, list[_Anchor]] = defaultdict(list)
    for anchor in anchors:
        by_value[round(anchor.before)].append(anchor)
    for same in by_value.values():
        for one, other in combinations(same, 2):
            if (
                one.pair.index != other.pair.index
                and one.measure == other.measure
                and abs(one.before - other.before) <= SLACK
            ):
                yield one, other


def _is_meant(one: _Anchor, other: _Anchor, pasts: Mapping[int, Past]) -> bool:
    """Whether two totals agreed in earlier releases too while they moved; without a past: on one sheet."""
    first, second = (_totals(pasts[anchor.pair.index], anchor) for anchor in (one, other))
    both = [(first[release], second[release]) for release in first if release in second]
    if len(both) < 2:
        return one.pair.before.sheet == other.pair.before.sheet
    agreed = sum(abs(a - b) <= SLACK for a, b in both)
    return agreed == len(both) and len({round(a) for a, _ in both}) >= 2


def _totals(past: Past, anchor: _Anchor) -> dict[str, float]:
    """The total through the releases that kept the table's values, by release."""
    found: dict[str, float] = {}
    for release, facts in past.entries:
        value = _past_total(facts, anchor)
        if value is not None:
            found[release.release] = value
    return found


def _past_total(facts: TableFacts, anchor: _Anchor) -> float | None:
    if anchor.column not in facts.columns or not facts.values:
        return None
    column = facts.columns.index(anchor.column)
    if anchor.row:
        value = facts.values[facts.rows.index(anchor.row)][column] if anchor.row in facts.rows else None
        return float(value) if is_number(value) else None
    return float(sum(value for row in facts.values if is_number(value := row[column])))


def _draft(both: Sequence[tuple[_Anchor, _Anchor]]) -> Draft:
    one, other = both[0]
    names = place(one.pair.after), place(other.pair.after)
    return Draft(
        kind="total-mismatch",
        title=f"{names[0]} and {names[1]} no longer agree: {number(one.after)} against {number(other.after)}",
        reason=f"both gave {number(one.before)} in the release before; "
        f"{plural(len(both), 'total')} of the two tables agreed and {'does' if len(both) == 1 else 'do'} not now",
        subject=(table_key(one.pair.after), table_key(other.pair.after)),
        where=where_is(other.pair.after),
        items=tuple(_item(*pair) for pair in both),
        confidence=0.9,
    )


def _item(one: _Anchor, other: _Anchor) -> Item:
    return Item(
        row=one.names[0] or None,
        column=one.names[1],
        table=other.pair.after.name or None,
        before=tidy(one.after),
        after=tidy(other.after),
        difference=tidy(other.after - one.after),
        note=f"{place(one.pair.after)} against {place(other.pair.after)}; both {number(one.before)} before",
    )
