"""``past-value-revised``: a figure for a period that was already closed changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.comparing.model import Draft, Evidence, TablePair
from diffing.grounds.closed import closed_moves
from diffing.grounds.figures import Move, item_of, percent_of, said, tidy, where_is
from diffing.grounds.past import ENOUGH, Past, past_of
from diffing.grounds.revisions import Grave, closed_columns, grave_of, is_one_sided
from diffing.grounds.row_names import called
from diffing.grounds.slips import slip_of
from diffing.grounds.wording import number, percentage, place, plural, signed, usual
from diffing.identity import row_key, table_key
from state.kinds import Kind, Severity

KINDS = (
    Kind(
        "past-value-revised",
        Severity.HIGH,
        "a figure for a period that was already closed changed",
        tolerances={
            "beyond": "how many times the usual revision a revision may be",
            "percent": "per cent by which a closed figure may be revised",
            "size": "figure by which a closed figure may be revised",
        },
    ),
)
RANK = 70

FAR = 2.0
"""How many times larger one of two figures must be for a slip of the pen to be looked for."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table in which closed figures changed."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for pair in comparison.tables:
        past = past_of(evidence, pair)
        found = closed_moves(evidence, pair, past)
        closed = [move for move in found if pair.cell_fact(move.change) not in evidence.told]
        if closed:
            one_sided = is_one_sided(pair, closed, past, closed_periods=closed_columns(comparison, pair))
            severity = Severity.MEDIUM if one_sided else Severity.INFO
            grave = grave_of(evidence, pair, closed, past)
            yield _draft(pair, closed, past, grave, severity=None if grave else severity)


def _draft(
    pair: TablePair,
    closed: Sequence[Move],
    past: Past,
    grave: Sequence[Grave],
    *,
    severity: Severity | None,
) -> Draft:
    first = {each.cell for each in grave}
    ordered = sorted(closed, key=lambda move: (move not in first, -abs(move.difference)))
    worst = ordered[0]
    row = called(pair.after, worst.change.row_after)
    column = pair.after.columns[worst.change.column_after].name
    what = "all revised one way" if severity is Severity.MEDIUM else "revised"
    return Draft(
        kind="past-value-revised",
        title=f"{plural(len(ordered), 'closed figure')} {what} in {place(pair.after)}: {row}, {column} "
        f"from {' to '.join(said(pair, worst.change))}",
        reason=_reason(ordered, past) + _of_row(pair, grave) + _slip(pair, worst),
        subject=(table_key(pair.after),),
        where=where_is(pair.after),
        items=tuple(item_of(pair, move.change) for move in ordered),
        severity=severity,
        explains=tuple(pair.cell_fact(move.change) for move in ordered),
    )


def _slip(pair: TablePair, worst: Move) -> str:
    """A likely slip of the pen, where the figure is far from what it was."""
    low, high = sorted((abs(worst.before), abs(worst.after)))
    slip = slip_of(pair, worst) if high >= FAR * low else None
    return f"; {slip}" if slip else ""


def _of_row(pair: TablePair, grave: Sequence[Grave]) -> str:
    """The row whose counts were revised furthest in sum, where no cell by itself is grave."""
    if not grave or any(each.cell for each in grave):
        return ""
    row, before, difference, _ = grave[0]
    share = percent_of(before, before + difference)
    label = next((name for name in pair.after.row_keys if row_key(name) == row), row)
    return f"; the closed periods of {label} changed by {signed(difference)} in sum ({percentage(share or 0.0)})"


def _reason(ordered: Sequence[Move], past: Past) -> str:
    worst = ordered[0]
    up = sum(move.difference > 0 for move in ordered)
    net = tidy(sum(move.difference for move in ordered))
    share = percent_of(worst.before, worst.after)
    words = (
        f"their periods had ended before the release before; {number(up)} went up and {number(len(ordered) - up)} "
        f"down, net {signed(net)}; the first by {signed(worst.difference)}"
    )
    if share is not None:
        words += f" ({percentage(share)})"
    routine = past.measures("revised.largest")
    if len(routine) >= ENOUGH:
        words += f". The largest was {usual(routine)} in {plural(len(routine), 'release')} before"
    return words
