"""Words and figures as people write them: short lines, thousands marked, a blank named."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from math import floor, log10

from state.document import Value
from state.model import Item

_BLANKS = re.compile(" +")
_PIECE = 4_096
"""Characters of a long text that are looked at together."""

FIELDS = ("row", "column", "term", "section", "text", "url", "table", "sheet")
"""What names an item, in the order in which it is read."""


def shorten(text: str, limit: int) -> str:
    """``text`` on one line of at most ``limit`` characters, cut at a word and marked with an ellipsis.

    What cannot be printed becomes a space: control characters break mail headers, and marks that turn the
    writing direction make a text look like another.
    """
    line = _on_one_line(text, enough=limit + 1)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut) + "…"


def _on_one_line(text: str, *, enough: int) -> str:
    """The printable words of ``text`` with one blank between them, or the first that are ``enough``."""
    line = ""
    for start in range(0, len(text), _PIECE):
        piece = text[start : start + _PIECE]
        line = _BLANKS.sub(" ", line + "".join(letter if letter.isprintable() else " " for letter in piece))
        if len(line) > enough + 2:  # a blank at each end goes
            break
    return line.strip()


def figure(value: float | int, *, decimals: int | None = None) -> str:
    """A figure as people write it: ``4,328``, ``720.5``, ``0.0312``; ``decimals`` if the caller knows better."""
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    places = _decimals(value) if decimals is None else decimals
    text = f"{value:,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _decimals(value: float) -> int:
    """One decimal from a hundred on, two from one on, below that three digits that count."""
    size = abs(value)
    if size >= 1:
        return 1 if size >= 100 else 2
    return 2 if size == 0 else min(12, 2 - floor(log10(size)))


def shown(value: Value) -> str:
    """A value as a reader likes it: thousands marked, a blank named."""
    if value is None:
        return "blank"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return figure(value)
    return str(value)


def sides(before: Value, after: Value, *, cell: bool) -> tuple[str, str]:
    """Both sides of a change, with as many decimals as it takes to tell them apart.

    A cell may be blank; a text that left is gone, and one that came was not there.
    """
    told = side(before, cell=cell), side(after, cell=cell, left=True)
    if told[0] != told[1] or before == after:
        return told
    if isinstance(before, int | float) and isinstance(after, int | float):
        for decimals in range(3, 13):
            told = figure(before, decimals=decimals), figure(after, decimals=decimals)
            if told[0] != told[1]:
                break
    return told


def side(value: Value, *, cell: bool, left: bool = False) -> str:
    """One side of a change: a cell may be blank, a text that ``left`` is gone, one that came was not there."""
    if value is not None or cell:
        return shown(value)
    return "(gone)" if left else "(not there)"


def label(item: Item, *, without: Collection[str] = ()) -> str:
    """What an item is called: ``Maricopa, AZ / Non-criminal``; ``without`` the fields that go without saying."""
    names = (name for name in FIELDS if name not in without)
    return " / ".join(str(value) for name in names if (value := getattr(item, name)) is not None)


def in_common(items: Sequence[Item]) -> dict[str, str]:
    """The fields that are the same in all of several items, without which each still has a name."""
    if len(items) < 2:
        return {}
    first = items[0]
    same = {
        name: str(getattr(first, name))
        for name in ("column", "table", "sheet", "section")
        if getattr(first, name) is not None and all(getattr(item, name) == getattr(first, name) for item in items)
    }
    return same if all(label(item, without=same) for item in items) else {}


def item_sides(item: Item) -> tuple[str, str] | None:
    """What an item was and is, None for one that only names something."""
    if not item.valued and item.before is None and item.after is None:
        return None
    return sides(item.before, item.after, cell=item.row is not None or item.column is not None)


def item_line(item: Item) -> str:
    """An item in a line: ``Maricopa, AZ: 4,328 → 2,597 (−1,731, −40.0 %)``."""
    told = item_sides(item)
    change = "" if told is None else f"{told[0]} → {told[1]}{difference(item)}"
    line = ": ".join(part for part in (label(item), change) if part) or "(unnamed)"
    return line if item.note is None else f"{line}; {item.note}"


def difference(item: Item) -> str:
    """``" (−1,731, −40.0 %)"``, empty where there is none."""
    if item.difference is None:
        return ""
    percent = "" if item.percent is None else f", {item.percent:+,.1f} %".replace("-", "−")
    sign = "+" if item.difference >= 0 else ""
    return f" ({sign}{figure(item.difference)}{percent})"
