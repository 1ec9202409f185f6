"""``rows-vanished``: rows of the release before have no counterpart, listed by name."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.churn import Verdict, is_prose, weigh_loss
from diffing.facts import Draft, Evidence, FactKey, TablePair
from diffing.figures import where_is
from diffing.identity import table_key
from diffing.past import past_of
from diffing.wording import listing, number, place, plural, row_noun
from state.kinds import Severity
from state.model import Item

KINDS = ("rows-vanished",)
RANK = 90


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that lost rows."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        gone = [row for row in pair.rows_removed if _fact(pair, row) not in evidence.told]
        if gone and is_prose(pair.before):
            yield _draft(
                pair, gone, Verdict(Severity.INFO, "it is text set in cells; what it said is told as text")
            )
        elif gone:
            yield _draft(pair, gone, weigh_loss(evidence, pair, gone, past_of(evidence, pair)))


def _fact(pair: TablePair, row: int) -> FactKey:
    return FactKey("row-removed", pair.index, str(row))


def _reason(pair: TablePair, words: str) -> str:
    counts = f"{plural(len(pair.before.rows), 'row')} before, {number(len(pair.after.rows))} after"
    return words if counts in words else f"{words}; {counts}"


def _draft(pair: TablePair, gone: list[int], verdict: Verdict) -> Draft:
    names = [pair.before.row_keys[row] for row in gone]
    return Draft(
        kind="rows-vanished",
        title=f"{plural(len(names), *row_noun(pair.before))} left {place(pair.before)}: {listing(names)}",
        reason=_reason(pair, verdict.words),
        subject=(table_key(pair.after),),
        where=where_is(pair.before),
        items=tuple(Item(row=name) for name in names),
        severity=verdict.severity,
        explains=tuple(_fact(pair, row) for row in gone),
    )
