"""What an alert says: plain text, escaped HTML of our own, the JSON contract, and the items as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from html import escape

from msgspec import Struct

from alerts.context import (
    NO_CONTEXT,
    Context,
    dated,
    edition_to_json,
    editions,
    file_address,
    origin,
    source_to_json,
)
from state.contract import finding_to_json, item_to_json
from state.model import Alert, Finding, Item
from state.serialisation.nouns import storable

TITLE_LIMIT = 150
"""Slack cuts a header block at 150 characters."""

TEXT_LIMIT = 2_900
"""Slack cuts a section at 3,000 characters; some room is left for escapes."""

ITEMS_SHOWN = 20
"""Items in the message itself; all of them are in the CSV and behind the link."""

LONGEST_CELL = 2_000
"""Characters of a text in mail; whole it is in the CSV and behind the link."""

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may take for a formula: also after blanks, and in full-width letters."""

_BLANKS = re.compile(" +")
_PIECE = 4_096
"""Characters of a long text that are looked at together."""

_FIELDS = ("row", "column", "term", "section", "text", "url", "table", "sheet")
_NUMBERS = ("before", "after", "difference", "percent")


class Notice(Struct, frozen=True):
    """All that a message is made of."""

    finding: Finding
    event: str
    destination: str
    archive: str  # how the addresses of the archive's pages begin
    at: dt.datetime
    not_before: dt.datetime
    bundled: bool = False
    batch: str = ""
    context: Context = NO_CONTEXT

    @property
    def address(self) -> str:
        """Of what was said, as it was said, in the archive."""
        event = f"/{self.finding.event}" if self.finding.event else ""
        return f"{self.archive.rstrip('/')}/findings/{self.finding.id}{event}"


def compose(notice: Notice) -> Alert:
    """The alert for a finding, in every form that a destination may need."""
    finding = notice.finding
    return Alert(
        event=notice.event,
        destination=notice.destination,
        finding=finding.id,
        said=finding.event or "",
        subject=storable(_subject(finding)),
        text=storable(_text(notice)),
        html=storable(_html(notice)),
        payload={
            "event": finding.event or notice.event,
            "at": notice.at.isoformat(),
            "severity": finding.severity.value,
            "archive": notice.address,
            "source": source_to_json(notice.context.source),
            "before": edition_to_json(notice.context.before, archive=notice.archive),
            "after": edition_to_json(notice.context.after, archive=notice.archive),
            "findings": [finding_to_json(finding)],
        },
        attachments=(("items.csv", items_as_csv(finding.items)),) if finding.items else (),
        not_before=notice.not_before,
        bundled=notice.bundled,
        batch=notice.batch,
        ends=finding.ends,
    )


def _subject(finding: Finding) -> str:
    return shorten(f"{finding.severity.value.upper()}: {finding.title}", TITLE_LIMIT)


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


def items_as_csv(items: Sequence[Item]) -> bytes:
    """All items as UTF-8 CSV with a header; columns that no item fills are left out.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    bodies = [item_to_json(item) for item in items]
    names = [name for name in (*_FIELDS, *_NUMBERS, "note") if any(name in body for body in bodies)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_harmless(body.get(name)) for name in names] for body in bodies)
    return storable(out.getvalue()).encode("utf-8-sig")


def _harmless(value: object) -> object:
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return "" if value is None else value


def item_line(item: Item) -> str:
    """An item in a line: ``Maricopa, AZ: 4,328 → 2,597 (−1,731, −40.0 %)``."""
    label = " / ".join(str(part) for part in _label(item))
    change = ""
    if item.valued or item.before is not None or item.after is not None:
        cell = item.row is not None or item.column is not None
        change = f"{side(item.before, cell=cell)} → {side(item.after, cell=cell, left=True)}{_difference(item)}"
    line = ": ".join(part for part in (label, change) if part) or "(unnamed)"
    return line if item.note is None else f"{line}; {item.note}"


def side(value: object, *, cell: bool, left: bool = False) -> str:
    """One side of a change: a cell may be blank, a text that ``left`` is gone, one that came was not there."""
    if value is not None or cell:
        return shown(value)
    return "(gone)" if left else "(not there)"


def _label(item: Item) -> Iterable[str]:
    return (value for name in _FIELDS if (value := getattr(item, name)) is not None)


def _difference(item: Item) -> str:
    if item.difference is None:
        return ""
    percent = "" if item.percent is None else f", {_signed(item.percent)} %"
    return f" ({_signed(item.difference)}{percent})"


def _signed(number: float) -> str:
    return f"{number:+,}".replace("-", "−")


def shown(value: object) -> str:
    """A value as a reader likes it: thousands marked, a blank named."""
    if value is None:
        return "blank"
    if isinstance(value, int | float):
        return f"{round(value, 6):,}".replace("-", "−")  # what floating point adds is no figure
    return str(value)


def _text(notice: Notice) -> str:
    finding = notice.finding
    title = [] if _subject(finding).endswith(shorten(finding.title, 300)) else [shorten(finding.title, 300), ""]
    head = [*title, *(shorten(line, 220) for line in _places(notice))]
    change = [f"{name}: {shorten(value, 300)}" for name, value in _sides(finding)]
    if change:
        head += ["", *change]
    tail = ["", f"Why we say so: {shorten(finding.reason, 400)}"] if finding.reason else []
    if releases := editions(notice.context):
        tail += [""]
    for name, edition in releases:
        tail += [f"{name}: {dated(edition)}", f"  {file_address(edition, archive=notice.archive)}"]
    tail += ["", f"Look: {notice.address}", f"Event: {finding.event or notice.event}"]
    room = TEXT_LIMIT - len("\n".join([*head, *tail])) - 80
    return "\n".join([*head, *_item_lines(finding, room), *tail])


def _sides(finding: Finding) -> list[tuple[str, str]]:
    """Before and after with their names; once where both are the same."""
    if finding.before is None and finding.after is None:
        return []
    if finding.before == finding.after:
        return [("In both releases", shown(finding.before))]
    cell = finding.where.row is not None or finding.where.column is not None
    return [
        ("Before", side(finding.before, cell=cell)),
        ("After", side(finding.after, cell=cell, left=True)),
    ]


def _repeats(finding: Finding) -> bool:
    """Whether the only item says nothing that title and sides do not say."""
    if len(finding.items) != 1 or finding.count > 1:
        return False
    (item,) = finding.items
    said = " ".join([finding.title, shown(finding.before), shown(finding.after), finding.url or ""])
    sides = (item.before, item.after)
    same = (sides == (None, None) and not item.valued) or sides == (finding.before, finding.after)
    return same and item.note is None and all(str(part) in said for part in _label(item))


def _item_lines(finding: Finding, room: int) -> list[str]:
    if _repeats(finding):
        return []
    lines: list[str] = []
    for item in finding.items[:ITEMS_SHOWN]:
        line = "• " + shorten(item_line(item), 300)
        if room < len(line) + 1:
            break
        room -= len(line) + 1
        lines.append(line)
    left_out = max(finding.count, len(finding.items)) - len(lines)
    if finding.items and left_out > 0:
        lines.append(f"… and {left_out:,} more")
    return ["", *lines] if lines else []


def _places(notice: Notice) -> list[str]:
    finding, where = notice.finding, notice.finding.where
    named = (("sheet", where.sheet), ("page", where.page), ("table", where.table), ("column", where.column))
    place = ", ".join(f"{name} {value}" for name, value in named if value is not None)
    lines = [f"{finding.severity.value} · {finding.kind}", *origin(finding, notice.context)]
    if place:
        lines.append(f"Where: {place}")
    if finding.url:
        lines.append(f"Address: {finding.url}")
    return lines


def _html(notice: Notice) -> str:
    finding = notice.finding
    parts = [
        '<div style="font-family:sans-serif;max-width:60em">',
        f"<h2>{escape(shorten(finding.title, 300))}</h2>",
        *(f"<p>{escape(shorten(line, LONGEST_CELL))}</p>" for line in _places(notice)),
    ]
    change = "<br>".join(
        f"<strong>{name}:</strong> {escape(shorten(value, LONGEST_CELL))}" for name, value in _sides(finding)
    )
    parts.append(f"<p>{change}</p>" if change else "")
    parts.append(_html_items(finding))
    if finding.reason:
        parts.append(f"<p>Why we say so: {escape(shorten(finding.reason, LONGEST_CELL))}</p>")
    parts.append(_html_editions(notice))
    parts.append(f'<p><a href="{escape(notice.address)}">Look at it in the archive</a></p>')
    parts.append(f'<p style="color:#666;font-size:small">Event {escape(finding.event or notice.event)}</p></div>')
    return "\n".join(part for part in parts if part)


def _html_editions(notice: Notice) -> str:
    """Both releases with their dates and links to their bytes in the archive."""
    lines = (
        f"<li>{name}: {escape(dated(edition))},"
        f' <a href="{escape(file_address(edition, archive=notice.archive))}">the file as captured</a></li>'
        for name, edition in editions(notice.context)
    )
    listed = "".join(lines)
    return f"<ul>{listed}</ul>" if listed else ""


def _html_items(finding: Finding) -> str:
    if not finding.items or _repeats(finding):
        return ""
    bodies = [item_to_json(item) for item in finding.items[:ITEMS_SHOWN]]
    names = [name for name in (*_FIELDS, *_NUMBERS, "note") if any(name in body for body in bodies)]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join("<tr>" + "".join(_html_cell(name, body) for name in names) + "</tr>" for body in bodies)
    left_out = max(finding.count, len(finding.items)) - len(bodies)
    more = f"<p>… and {left_out:,} more</p>" if left_out > 0 else ""
    return (
        f'<table border="1" cellpadding="4" style="border-collapse:collapse"><tr>{head}</tr>{rows}</table>{more}'
    )


def _html_cell(name: str, body: dict[str, object]) -> str:
    if name not in body:
        return "<td></td>"
    align = ' style="text-align:right"' if name in _NUMBERS else ""
    value = shown(body[name])
    if name in ("before", "after"):
        value = side(body[name], cell="row" in body or "column" in body, left=name == "after")
    return f"<td{align}>{escape(shorten(value, LONGEST_CELL))}</td>"
