"""``past-value-revised``: a figure for a period that was already closed changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.facts import Draft, Evidence, TablePair
from diffing.figures import Move, is_closed_period, item_of, moves, percent_of, tidy, where_is
from diffing.identity import table_key
from diffing.past import ENOUGH, Past, past_of
from diffing.revisions import closed_columns, is_grave, is_one_sided
from diffing.slips import slip_of
from diffing.wording import number, percentage, place, plural, signed, usual
from state.kinds import Severity

KINDS = ("past-value-revised",)
RANK = 70


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table in which closed figures changed."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for pair in comparison.tables:
        closed = [
            move
            for move in moves(pair)
            if is_closed_period(comparison, pair, move.change) and pair.cell_fact(move.change) not in evidence.told
        ]
        if closed:
            past = past_of(evidence, pair)
            one_sided = is_one_sided(pair, closed, past, closed_periods=closed_columns(comparison, pair))
            severity = Severity.MEDIUM if one_sided else Severity.INFO
            grave = is_grave(evidence, pair, closed, past)
            yield _draft(pair, closed, past, severity=None if grave else severity)


def _draft(pair: TablePair, closed: Sequence[Move], past: Past, *, severity: Severity | None) -> Draft:
    ordered = sorted(closed, key=lambda move: -abs(move.difference))
    worst = ordered[0]
    row = pair.after.row_keys[worst.change.row_after]
    column = pair.after.columns[worst.change.column_after].name
    what = "all revised one way" if severity is Severity.MEDIUM else "revised"
    return Draft(
        kind="past-value-revised",
        title=f"{plural(len(ordered), 'closed figure')} {what} in {place(pair.after)}, most {row}, {column}: "
        f"{number(worst.before)} to {number(worst.after)}",
        reason=_reason(ordered, past) + (f"; {slip}" if (slip := slip_of(pair, worst)) else ""),
        subject=(table_key(pair.after),),
        where=where_is(pair.after),
        items=tuple(item_of(pair, move.change) for move in ordered),
        severity=severity,
        explains=tuple(pair.cell_fact(move.change) for move in ordered),
    )


def _reason(ordered: Sequence[Move], past: Past) -> str:
    worst = ordered[0]
    up = sum(move.difference > 0 for move in ordered)
    net = tidy(sum(move.difference for move in ordered))
    share = percent_of(worst.before, worst.after)
    words = (
        f"their periods had ended before the release before; {number(up)} went up and {number(len(ordered) - up)} "
        f"down, net {signed(net)}; largest {signed(worst.difference)}"
    )
    if share is not None:
        words += f" ({percentage(share)})"
    routine = past.measures("revised.largest")
    if len(routine) >= ENOUGH:
        words += f". The largest was {usual(routine)} in {plural(len(routine), 'release')} before"
    return words
