"""What a part of the archive's benchmark shows: figures with what is wanted beside them."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One thing that was seen, and whether it is as wanted; ``held`` is None for what is only told."""

    what: str
    seen: str
    wanted: str = ""
    held: bool | None = None

    def __str__(self) -> str:
        mark = {True: "ok", False: "MISS", None: ""}[self.held]
        return f"  {self.what:<66} {self.seen:>20}   {self.wanted:<24} {mark}".rstrip()


class Skipped(Exception):
    """A part that cannot be shown here; the message says why."""


def counted(what: str, count: int, *, most: int = 0) -> Figure:
    """How many there were of what should not be."""
    return Figure(what, f"{count:,}", f"at most {most:,}" if most else "none", held=count <= most)


def at_least(what: str, value: float, *, least: float, unit: str = "") -> Figure:
    """A figure that should be large."""
    return Figure(what, f"{value:,.2f}{unit}", f"at least {least:g}{unit}", held=value >= least)


def at_most(what: str, value: float, *, most: float, unit: str = "") -> Figure:
    """A figure that should be small."""
    return Figure(what, f"{value:,.3g}{unit}", f"at most {most:g}{unit}", held=value <= most)


def within(what: str, milliseconds: Sequence[float], *, most: float, judged: float = 0.95) -> Figure:
    """Many timings, judged by a quantile (0.5: the median); median and 95th percentile are told."""
    seen = f"{statistics.median(milliseconds):.2f} / {quantile(milliseconds, 0.95):.2f} ms"
    name = "median" if judged == 0.5 else f"p{judged * 100:.0f}"
    return Figure(what, seen, f"{name} at most {most:g} ms", held=quantile(milliseconds, judged) <= most)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def cpu_of(call: Callable[[], object]) -> float:
    """CPU milliseconds of this process for one call."""
    before = time.process_time()
    call()
    return (time.process_time() - before) * 1_000
