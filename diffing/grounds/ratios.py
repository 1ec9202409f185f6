"""Whether figures are those of the release before times one constant: another unit, a share of it, a rate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

LEAST_FIGURES = 5
"""Figures other than zero below which one ratio is chance; as many less one must differ from each other."""

LEAST_EXACT = 8
"""The same for a ratio that is none of scale."""

HOLDS = 0.9
"""Share of the figures that must keep to the ratio."""

SCALES = (10.0, 100.0, 1_000.0, 10_000.0, 1_000_000.0, 1_000_000_000.0)
"""Ratios that nothing but a unit brings about, so that figures may move a little besides."""

USUAL = (7.0, 12.0, 24.0, 30.0, 52.0, 60.0, 365.0, 366.0, 365.25, 3_600.0, 4.0, 3.0, 1.609344, 2.204623, 0.453592)
"""Other ratios of units: of weeks, months, hours, minutes, days, quarters, miles and pounds."""

DRIFT = 0.12
"""Relative move that figures may make beside a change of scale."""

WIDE = 12.0
"""Part of a scale's own size, in logarithms, that figures may move besides: by a thousand, 1.8 times."""

WIDE_FROM = 100.0
"""The smallest scale of which that is so: ten times is growth, or a dozen."""

LEAST_RATIO = 1.25
"""Ratios nearer to 1 are growth, a revision, a new base."""

FINE = 0.002
"""Relative distance from the ratio, beside that of rounding, of figures that keep to it exactly."""

ROUNDED = 0.1
"""Share of the middle figure that rounding may hide; above, any ratio would do."""

Sides = tuple[float, float]


class Ratio(NamedTuple):
    """The constant by which figures were multiplied, and at which places (indexes) they did not keep to it."""

    factor: float
    beside: tuple[int, ...]

    @property
    def words(self) -> str:
        """The ratio as an operation: "divided by 1,000", "multiplied by 12"."""
        verb, times = ("multiplied", self.factor) if self.factor > 1 else ("divided", 1 / self.factor)
        shown = f"{round(times):,}" if abs(times - round(times)) < 0.01 * times else f"{times:.4g}"
        return f"{verb} by {shown}"


def constant_ratio(sides: Sequence[Sides], *, may_drift: bool, same: bool = True) -> Ratio | None:
    """The one ratio of ``sides`` (before, after), None where there is none.

    ``may_drift``: the figures may have moved a little besides, where the ratio is one of scale; further, where
    both sides are surely the ``same`` line.
    """
    weighed = [(before, after) for before, after in sides if before and after]
    if len(weighed) < LEAST_FIGURES or len({before for before, _ in weighed}) < LEAST_FIGURES - 1:
        return None
    ratios = sorted(after / before for before, after in weighed)
    middle = ratios[len(ratios) // 2]
    if middle <= 0 or 1 / LEAST_RATIO < middle < LEAST_RATIO:
        return None
    factor = _scale(middle, same=same) if may_drift else None
    slack = _drift(factor, same=same) if factor else FINE
    if factor is None:
        factor, slack = middle, FINE
        if len(weighed) < LEAST_EXACT or not (_is_usual(middle) or _are_amounts(weighed)):
            return None
    step = _rounding([after for _, after in weighed])
    if step > ROUNDED * sorted(abs(after) for _, after in weighed)[len(weighed) // 2]:
        return None
    beside = tuple(i for i, side in enumerate(sides) if not _keeps(side, factor, slack, step))
    return Ratio(factor, beside) if len(beside) <= (1 - HOLDS) * len(weighed) else None


def _is_usual(ratio: float) -> bool:
    """Whether a ratio is one of scale or of units that people convert."""
    times = max(ratio, 1 / ratio)
    return any(abs(times / usual - 1) <= 5 * FINE for usual in (*SCALES, *USUAL, *(1 / each for each in USUAL)))


def _are_amounts(sides: Sequence[Sides]) -> bool:
    """Whether figures on either side are written with decimals: counts that grow alike are in no other unit."""
    return any(2 * sum(not float(side[place]).is_integer() for side in sides) > len(sides) for place in (0, 1))


def _scale(ratio: float, *, same: bool) -> float | None:
    """The scale that a ratio is near, None where it is near none."""
    times = max(ratio, 1 / ratio)
    for scale in SCALES:
        if abs(math.log(times / scale)) <= _drift(scale, same=same):
            return scale if ratio > 1 else 1 / scale
    return None


def _drift(scale: float, *, same: bool) -> float:
    """How far, in logarithms, the figures may stand from a scale."""
    size = max(scale, 1 / scale)
    return max(DRIFT, math.log(size) / WIDE) if same and size >= WIDE_FROM else DRIFT


def _keeps(sides: Sides, factor: float, slack: float, step: float) -> bool:
    due = sides[0] * factor
    most = slack if slack <= DRIFT else math.expm1(slack)
    return abs(sides[1] - due) <= most * abs(due) + step


def _rounding(values: Sequence[float]) -> float:
    """Half of the last digit that the figures are printed with."""
    return 0.5 * 10.0 ** -max(_decimals(value) for value in values)


def _decimals(value: float) -> int:
    return 0 if float(value).is_integer() else len(f"{value:.9f}".rstrip("0").partition(".")[2])
