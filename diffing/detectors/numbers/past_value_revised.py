"""``past-value-revised``: a figure for a period that was already closed changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from diffing.comparing.model import Comparison, Draft, Evidence, TablePair
from diffing.grounds.closed import closed_moves
from diffing.grounds.figures import Move, item_of, percent_of, said, tidy, where_is
from diffing.grounds.past import ENOUGH, Past, past_of
from diffing.grounds.revisions import Grave, closed_columns, grave_of, is_one_sided
from diffing.grounds.row_names import called
from diffing.grounds.slips import slip_of
from diffing.grounds.wording import number, percentage, place, plural, signed, squeeze, usual
from diffing.identity import row_key, table_key
from state.kinds import Kind, Severity
from state.model import Item

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

LONGEST_ROW, LONGEST_COLUMN = 40, 24
"""Characters of the names of a figure in a title that no quoted name can make room in."""


class _Revised(NamedTuple):
    """The closed figures of one table that changed, the gravest first."""

    pair: TablePair
    ordered: Sequence[Move]
    past: Past
    grave: Sequence[Grave]
    severity: Severity | None


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a release that revised what was closed; tables whose revisions are routine each as ``info``."""
    if evidence.comparison is None:
        return
    found = list(_tables(evidence, evidence.comparison))
    loud = [each for each in found if each.severity is not Severity.INFO]
    if loud:
        yield _draft(sorted(loud, key=_gravity))
    yield from (_draft([each]) for each in found if each not in loud)


def _gravity(revised: _Revised) -> tuple[bool, float]:
    """What sorts the table whose first revision is the largest part of its figure to the front."""
    worst = revised.ordered[0]
    return not revised.grave, -abs(percent_of(worst.before, worst.after) or 0.0)


def _tables(evidence: Evidence, comparison: Comparison) -> Iterator[_Revised]:
    for pair in comparison.tables:
        past = past_of(evidence, pair)
        found = closed_moves(evidence, pair, past)
        closed = [move for move in found if pair.cell_fact(move.change) not in evidence.told]
        if not closed:
            continue
        grave = grave_of(evidence, pair, closed, past)
        one_sided = is_one_sided(pair, closed, past, closed_periods=closed_columns(comparison, pair))
        severity = None if grave else Severity.MEDIUM if one_sided else Severity.INFO
        yield _Revised(pair, _ordered(closed, grave), past, grave, severity)


def _ordered(closed: Sequence[Move], grave: Sequence[Grave]) -> list[Move]:
    first = {each.cell for each in grave}
    return sorted(closed, key=lambda move: (move not in first, -abs(move.difference)))


def _draft(tables: Sequence[_Revised]) -> Draft:
    first = tables[0]
    pair, worst = first.pair, first.ordered[0]
    count = sum(len(each.ordered) for each in tables)
    what = "all revised one way" if first.severity is Severity.MEDIUM else "revised"
    where = place(pair.after) if len(tables) == 1 else plural(len(tables), "table")
    others = "".join(f"; {place(each.pair.after)}: {_of_worst(each)}" for each in tables[1:])
    return Draft(
        kind="past-value-revised",
        title=f"{plural(count, 'closed figure')} {what} in {where}: {_of_worst(first, short=len(tables) > 1)}",
        reason=_reason(first.ordered, first.past) + _of_row(pair, first.grave) + _slip(pair, worst) + others,
        subject=(table_key(pair.after),),
        where=where_is(pair.after),
        items=tuple(item for each in tables for item in _items(each, several=len(tables) > 1)),
        severity=first.severity,
        explains=tuple(each.pair.cell_fact(move.change) for each in tables for move in each.ordered),
    )


def _of_worst(revised: _Revised, *, short: bool = False) -> str:
    """The first of the figures with what it was and is."""
    pair, change = revised.pair, revised.ordered[0].change
    row, column = called(pair.after, change.row_after), pair.after.columns[change.column_after].name
    if short:
        row, column = squeeze(row, limit=LONGEST_ROW), squeeze(column, limit=LONGEST_COLUMN)
    return f"{row}, {column} from {' to '.join(said(pair, change))}"


def _items(revised: _Revised, *, several: bool) -> Iterator[Item]:
    table = revised.pair.after.name or None
    for move in revised.ordered:
        item = item_of(revised.pair, move.change)
        yield replace(item, table=table, sheet=revised.pair.after.sheet) if several else item


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
