"""How the pages word things: times, sizes, values, places, names of downloads, and the items of a finding."""

from __future__ import annotations

import datetime as dt
import mimetypes
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from archive.highlight import mark_found, mark_words
from state.contract import item_to_json
from state.document import Where
from state.model import Finding
from state.vocabulary import CONDITIONS

MOST_ITEMS: Final = 500  # of one finding on its page; the JSON has them all
_ORDER: Final = (
    "row", "column", "term", "section", "text", "url", "table", "sheet",
    "before", "after", "difference", "percent", "note",
)  # fmt: skip
_LOOKS: Final = {
    "present": "there",
    "unchanged": "there, unchanged",
    "gone": "not there",
    "moved": "not there: it leads elsewhere",
    "blocked": "could not look: refused",
    "maintenance": "could not look: maintenance",
    "empty": "could not look: an empty answer",
    "truncated": "could not look: a cut answer",
    "unreachable": "could not look: no answer",
}


def environment(folder: Path) -> Environment:
    """The templates in ``folder`` with everything that they need to word what they show."""
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "iso": lambda at: at.isoformat(),
        "moment": lambda at: at.astimezone(dt.UTC).strftime("%-d %B %Y, %H:%M"),
        "size": _size,
        "value": _value,
        "words": lambda change, side: mark_words(change["before"], change["after"])[side == "after"],
        "found": mark_found,
        "look": lambda verdict: _LOOKS.get(str(verdict), str(verdict)),
        "digest": _digest,
        "span": _span,
    }
    found.globals["conditions"] = CONDITIONS
    return found


def place_of(where: Where) -> str:
    """Where a finding is, in words."""
    named = (
        ("sheet", where.sheet), ("page", where.page), ("table", where.table),
        ("column", where.column), ("row", where.row), ("section", where.section),
    )  # fmt: skip
    return ", ".join(f"{name} {value}" for name, value in named if value)


def items_of(finding: Finding) -> tuple[list[str], list[dict[str, Any]]]:
    """The columns and rows of the table of items, without what the page says above it; no columns: no table."""
    items = [dict(item_to_json(item)) for item in finding.items[:MOST_ITEMS]]
    columns = [name for name in _ORDER if any(item.get(name) is not None for item in items)]
    return [name for name in columns if not _said_above(name, items, finding)], items


def _said_above(name: str, items: list[dict[str, Any]], finding: Finding) -> bool:
    """Whether a column of items only repeats the boxes, the place, the reason or the title."""
    values = {item.get(name) for item in items}
    if name in ("before", "after"):
        boxed = finding.before is not None or finding.after is not None
        return boxed and values == {getattr(finding, name)}
    if name in ("row", "column", "table", "sheet", "section"):
        return values == {getattr(finding.where, name)}
    if len(values) > 1 or len(items) > 1:
        return False
    (value,) = values
    if name == "note":
        return bool(value == finding.reason)
    if name == "url":
        return value in (finding.before, finding.after, finding.url)
    quoted = str(value) in (finding.before, finding.after) or f"“{value}”" in finding.title
    return name in ("term", "text") and quoted


def download_name(name: str, *, media_type: str, sha256: str) -> str:
    """A file name that is safe everywhere, from what the publisher called a body: with suffix and digest."""
    last = unquote(urlsplit(name).path if "://" in name else name).replace("\\", "/").rstrip("/").split("/")[-1]
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-.")
    stem, dot, suffix = safe.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", suffix):
        guessed = mimetypes.guess_extension(media_type) or ".bin"
        stem, suffix = safe, guessed[1:]
    return f"{stem[:80] or 'document'}-{sha256[:8]}.{suffix}"


def _size(octets: int) -> str:
    if octets < 10_000:
        return f"{octets:,} bytes"
    return f"{octets / 1000:,.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:,.1f} MB"


def _value(value: object, name: str) -> str:
    if value is None:
        return "(blank)" if name in ("before", "after") else ""
    if name == "difference" and isinstance(value, int | float):
        return f"{value:+,}".replace("-", "−")
    if name == "percent" and isinstance(value, int | float):
        return f"{value:+.1f} %".replace("-", "−")
    return f"{round(value, 6):,}" if isinstance(value, int | float) else str(value)


def _digest(sha256: str) -> Markup:
    """A digest that breaks in its middle, if anywhere."""
    half = len(sha256) // 2
    return Markup('<span class="digest">{}<wbr>{}</span>').format(sha256[:half], sha256[half:])


def _span(span: dt.timedelta) -> str:
    """A span of time in its largest whole unit: "6 hours", "day"."""
    seconds = int(span.total_seconds())
    for unit, length in (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % length == 0 and seconds:
            count = seconds // length
            return unit if count == 1 else f"{count} {unit}s"
    return f"{seconds} seconds"
