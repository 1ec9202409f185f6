"""Slips of the pen that make a figure jump: what a person would look for first."""

from __future__ import annotations

from diffing.comparing.model import TablePair
from diffing.grounds.figures import Move, is_number

LEAST_FIGURE = 100.0
"""Smaller figures equal each other by chance."""

ALIKE = 0.15
"""How near (share) a figure must be to the one that a slip would have made."""

UNITS = (1_000.0, 1_000_000.0, 100.0, 365.0, 30.0, 12.0, 7.0)


def slip_of(pair: TablePair, move: Move) -> str | None:
    """The likely cause of a jump in words, None where nothing shows it."""
    return _other_row(pair, move) or _other_column(pair, move) or _unit(pair, move) or _digit(pair, move)


def _other_row(pair: TablePair, move: Move) -> str | None:
    """Another row's figure of the release before."""
    if abs(move.after) < LEAST_FIGURE or move.after % 10 == 0:  # round figures meet by chance
        return None
    column = [row[move.change.column_before] for row in pair.before.rows]
    same = [i for i, value in enumerate(column) if is_number(value) and value == move.after]
    if len(same) != 1 or same[0] == move.change.row_before:
        return None
    return f"it equals the former figure of “{pair.before.row_keys[same[0]]}”"


def _other_column(pair: TablePair, move: Move) -> str | None:
    """The neighbouring column's figure of the release before."""
    if abs(move.after) < LEAST_FIGURE:
        return None
    for step in (-1, 1):
        column = move.change.column_before + step
        if not 0 <= column < len(pair.before.columns):
            continue
        if pair.before.rows[move.change.row_before][column] == move.after:
            name = pair.before.columns[column].name
            return f"it equals the former figure of the neighbouring column “{name}”: the row may have shifted"
    return None


def _unit(pair: TablePair, move: Move) -> str | None:
    """All figures of the column moved by the same factor of a unit."""
    ratios = [
        after / before
        for row_before, row_after in pair.rows
        if is_number(before := pair.before.rows[row_before][move.change.column_before])
        and is_number(after := pair.after.rows[row_after][move.change.column_after])
        and before
        and after
    ]
    if len(ratios) < 3:
        return None
    for unit in UNITS:
        for factor in (unit, 1 / unit):
            if all(abs(ratio / factor - 1) <= ALIKE for ratio in ratios):
                return f"the whole column moved by a factor of about {factor:g}: the unit may have changed"
    return None


def _digit(pair: TablePair, move: Move) -> str | None:
    """A digit lost or doubled: removing one digit of the larger figure gives about the smaller."""
    low, high = sorted((abs(move.before), abs(move.after)))
    if low < 10 or not float(high).is_integer() or not 8 <= high / low <= 12.5:
        return None
    digits = str(int(high))
    shorter = [digits[:i] + digits[i + 1 :] for i in range(len(digits))]
    if not any(text and abs(int(text) / low - 1) <= ALIKE for text in shorter):
        return None
    fell = move.after < move.before
    if _fits_better(pair, move):
        return f"the figure before may have had a digit {'too many' if fell else 'too few'}"
    return "a digit may have been lost" if fell else "a digit may have been doubled"


def _fits_better(pair: TablePair, move: Move) -> bool:
    """Whether the new figure is like those of the rows above and below it, and the former was not."""
    table, row, column = pair.before, move.change.row_before, move.change.column_before
    around = [
        abs(value)
        for at in (row - 1, row + 1)
        if 0 <= at < len(table.rows) and is_number(value := table.rows[at][column]) and value
    ]
    return len(around) == 2 and all(
        0.5 <= abs(move.after) / value <= 2 and not 0.5 <= abs(move.before) / value <= 2 for value in around
    )
