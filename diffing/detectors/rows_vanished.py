"""``rows-vanished``: rows of the release before have no counterpart, listed by name."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.facts import Draft, Evidence, FactKey, TablePair
from diffing.figures import where_is
from diffing.identity import table_key
from diffing.wording import listing, place, plural
from state.model import Item

KINDS = ("rows-vanished",)
RANK = 90


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that lost rows."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        facts = tuple(_fact(pair, row) for row in pair.rows_removed)
        untold = [row for row, fact in zip(pair.rows_removed, facts, strict=True) if fact not in evidence.told]
        if untold:
            yield _draft(pair, untold)


def _fact(pair: TablePair, row: int) -> FactKey:
    return FactKey("row-removed", pair.index, str(row))


def _draft(pair: TablePair, gone: list[int]) -> Draft:
    names = [pair.before.row_keys[row] for row in gone]
    return Draft(
        kind="rows-vanished",
        title=f"{plural(len(names), 'row')} left {place(pair.before)}: {listing(names)}",
        reason=f"{plural(len(pair.before.rows), 'row')} before, {len(pair.after.rows)} after, "
        f"{len(pair.rows_added)} of them new",
        subject=(table_key(pair.after),),
        where=where_is(pair.before),
        items=tuple(Item(row=name) for name in names),
        explains=tuple(_fact(pair, row) for row in gone),
    )
