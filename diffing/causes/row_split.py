"""``table-rearranged``: a row left, and rows that joined bear its name and add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.comparing.alignment.likeness import words_of
from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.churn import amounts
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.wording import listing, number, place, plural
from diffing.identity import row_key, table_key
from state.model import Item

KINDS = ("table-rearranged",)
RANK = 80

ALIKE = 0.05
"""How far (share) a row may stand from the sum of its parts: releases move a little besides."""

MOST_ROWS = 200
"""Rows that left times rows that joined, in hundreds, above which they are not looked at."""


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each row that was divided."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        if len(pair.rows_removed) * len(pair.rows_added) > 100 * MOST_ROWS:
            continue
        for row in pair.rows_removed:
            parts = _parts(pair, row)
            if len(parts) > 1 and _adds_up(pair, row, parts):
                yield _draft(pair, row, parts)


def _parts(pair: TablePair, row: int) -> list[int]:
    """Rows that joined and whose label holds all words of the row that left, and more."""
    words = frozenset(words_of(pair.before.row_keys[row]))
    return [new for new in pair.rows_added if words and words < frozenset(words_of(pair.after.row_keys[new]))]


def _adds_up(pair: TablePair, row: int, parts: Sequence[int]) -> bool:
    """Whether the parts add up to the row in every column of amounts that the row has a figure in."""
    summable = set(amounts(pair.before))
    compared = 0
    for before, after in pair.columns:
        whole = pair.before.rows[row][before]
        if before not in summable or not is_number(whole) or not float(whole).is_integer():
            continue
        figures = [value for part in parts if is_number(value := pair.after.rows[part][after])]
        compared += 1
        if abs(sum(figures) - whole) > ALIKE * max(abs(whole), abs(sum(figures))):
            return False
    return compared > 0


def _draft(pair: TablePair, row: int, parts: Sequence[int]) -> Draft:
    label, names = pair.before.row_keys[row], [pair.after.row_keys[part] for part in parts]
    return Draft(
        kind="table-rearranged",
        title=f"{label} was split into {listing(names)} in {place(pair.after)}",
        reason=f"together the {plural(len(parts), 'row')} are within {number(100 * ALIKE)} % of it in each amount",
        subject=(table_key(pair.after), row_key(label)),
        where=where_is(pair.after, row=label),
        items=tuple(Item(row=name, note=f"was part of {label}") for name in names),
        explains=(
            FactKey("row-removed", pair.index, str(row)),
            *(FactKey("row-added", pair.index, str(part)) for part in parts),
        ),
    )
