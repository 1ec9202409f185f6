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


class _Anchor(NamedTuple):
    """A total of a table: a stated one (``row`` is its normalised label) or a column's sum (``row`` is "")."""

    pair: TablePair
    row: str
    column: str
    before: float
    after: float
    names: tuple[str, str]  # row and column as published
    fact: FactKey | None = None  # of the stated total itself, where it may have changed


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
        if abs(one.after - other.after) > SLACK and _is_meant(one, other, pasts):
            apart[one.pair.index, other.pair.index].append((one, other))
    for both in apart.values():
        yield _draft(both)


def _anchors(pair: TablePair) -> Iterator[_Anchor]:
    """The stated totals of a pair, and the sums of its counting columns where it states none."""
    if not pair.before.rows or not pair.after.rows:
        return  # a list that is empty states no total
    columns = set(amounts(pair.before))
    places = [(before, after) for before, after in pair.columns if before in columns]
    stated = [rows for rows in pair.rows if TOTAL.search(row_key(pair.before.row_keys[rows[0]]).split(" / ")[0])]
    stated = [rows for rows in stated if " / " not in pair.before.row_keys[rows[0]]]
    for before_column, after_column in places:
        name = column_key(pair.before.columns[before_column].name)
        for before_row, after_row in stated[:1]:
            before = pair.before.rows[before_row][before_column]
            after = pair.after.rows[after_row][after_column]
            if is_number(before) and is_number(after) and abs(before) >= LEAST_TOTAL:
                fact = FactKey("cell", pair.index, str(after_row), str(after_column))
                label = pair.after.row_keys[after_row]
                key = row_key(pair.before.row_keys[before_row])
                yield _Anchor(pair, key, name, before, after, (label, pair.after.columns[after_column].name), fact)
        if not stated and len(pair.before.rows) >= LEAST_ROWS:
            sums = _sum(pair.before, before_column), _sum(pair.after, after_column)
            if all(map(is_number, sums)) and abs(sums[0]) >= LEAST_TOTAL:
                yield _Anchor(pair, "", name, *sums, ("", pair.after.columns[after_column].name))


def _sum(table: Table, column: int) -> float:
    """Of a column, totals left out."""
    cells = column_of(table.rows, column)
    return sum(numbers_among([value for row, value in enumerate(cells) if row not in table.totals]))


def _equal(anchors: Sequence[_Anchor]) -> Iterator[tuple[_Anchor, _Anchor]]:
    """Anchors of different tables, in columns of one name, with one value before."""
    by_value: dict[int, list[_Anchor]] = defaultdict(list)
    for anchor in anchors:
        by_value[round(anchor.before)].append(anchor)
    for same in by_value.values():
        for one, other in combinations(same, 2):
            if (
                one.pair.index != other.pair.index
                and one.column == other.column
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
