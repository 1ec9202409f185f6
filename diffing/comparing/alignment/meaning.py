"""Whether two published values mean the same."""

from __future__ import annotations

import math
from typing import Final

from diffing.values import normalise, read_value
from state.document import Value

FLOAT_NOISE: Final = 1e-9
"""Relative difference below which two numbers are one: sums of binary fractions differ by less."""

BITS_A_DIGIT: Final = math.log2(10)

SMALL_NUMBER: Final = 10
"""Numbers below this are near one another by chance."""


def same_meaning(before: Value, after: Value) -> bool:
    """Whether two cells differ at most in number format, typography, case, spacing or type.

    "1,234" and 1234, "12%" and 0.12, blank and "" are the same; 0 and blank are not.
    """
    if before == after:
        return True
    if isinstance(before, str) and isinstance(after, str):
        folded_before, folded_after = normalise(before), normalise(after)
        if folded_before == folded_after:
            return True
        if not (_has_digit(before) and _has_digit(after)):
            return False
    read_before, read_after = meaning(before), meaning(after)
    if isinstance(read_before, int | float) and isinstance(read_after, int | float):
        return _close(read_before, read_after)
    return read_before == read_after or _same_identifier(read_before, read_after)


def meaning(value: Value) -> Value:
    """A value in its comparison form: numbers read from text, text folded, blank text as None."""
    if isinstance(value, str):
        read = read_value(value)
        return normalise(read) or None if isinstance(read, str) else read
    return value


def _same_identifier(before: Value, after: Value) -> bool:
    """Whether a zip code lost or got its leading zeros as its cell turned from text to number or back."""
    text, number = (before, after) if isinstance(before, str) else (after, before)
    return isinstance(text, str) and isinstance(number, int) and text.isdecimal() and int(text) == number


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _close(before: float, after: float) -> bool:
    if math.isnan(before) or math.isnan(after):
        return math.isnan(before) and math.isnan(after)
    return math.isclose(before, after, rel_tol=FLOAT_NOISE, abs_tol=FLOAT_NOISE)


def bits_of(value: Value) -> float:
    """Roughly how surprising it is to meet this very value twice: digits and letters count, blanks do not."""
    if value is None or value == "":
        return 0.0
    if isinstance(value, str):
        return min(20.0, 2.0 * len(value))
    if value == 0:
        return 1.0
    digits = f"{abs(value):.12g}".replace(".", "").strip("0").partition("e")[0]
    return min(20.0, BITS_A_DIGIT * max(1, len(digits)))


def is_telling(value: float | None) -> bool:
    """Whether two tables do not share a number by chance: it has two digits that say something."""
    if isinstance(value, int) and 10 < value < 1_000_000 and value % 10:
        return True
    return bits_of(value) >= 6


def likeness_of(before: Value, after: Value) -> float:
    """How near two numbers are, 0 (over a fifth apart) to 0.9; 0 for texts and small numbers that differ."""
    if isinstance(before, str) or isinstance(after, str) or before is None or after is None:
        return 0.0
    low, high = sorted((abs(before), abs(after)))
    if before * after <= 0 or high < SMALL_NUMBER:
        return 0.0
    return max(0.0, (low / high - 0.8) / 0.2) * 0.9
