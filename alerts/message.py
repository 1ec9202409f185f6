"""What a message says, whatever carries it: read from the public JSON that the outbox keeps.

Every form (mail, chat, plain text) is made from this when it is sent, so that a destination that moves to another
service gets what that service can show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, cast

from msgspec import Struct

from alerts.words import difference, in_common, item_sides, label, shorten, shown, sides
from state.contract import Json, finding_from_json
from state.kinds import Severity
from state.model import Alert, Finding, Item

ROWS_SHOWN: Final = 14
"""Items in a message itself; all of them are in the CSV and behind the link."""

IN_FULL: Final = 20
"""Statements that one message holds whole; of the others it has their titles with their links."""

_SURE: Final = (
    (0.95, "certain as far as a program can be"),
    (0.8, "rather sure"),
    (0.0, "look before you quote it"),
)


class Row(Struct, frozen=True):
    """A line of the table of a statement: at most three columns."""

    name: str
    before: str | None = None  # None: the item only names something
    after: str | None = None
    remark: str = ""  # the difference, or a note


class Edition(Struct, frozen=True):
    """One of the two releases that were compared."""

    name: str  # "Before", "Now" or "Last copy"
    seen: str  # when we saw it first and of which day it speaks
    file: str  # where the archive serves its bytes
    address: str  # the publisher's
    copies: str  # where the Wayback Machine shows what it has of that day
    sha256: str


class Statement(Struct, frozen=True):
    """One finding as a reader meets it."""

    severity: Severity
    kind: str
    title: str
    whose: str  # publisher and source, short: it stands in subjects
    source: str  # the whole name, with ids
    place: str  # sheet, page, table, column
    rows: tuple[Row, ...]
    left_out: int  # items that are not among the rows
    why: str  # why it matters
    reason: str  # why we say so
    sure: str
    editions: tuple[Edition, ...]
    publisher: str  # the address of the publisher's page, may be empty
    archive: str  # the page of the event
    event: str
    triage: str = ""  # where its reader says what became of it; empty where the destination has no such link


class Message(Struct, frozen=True):
    """All that one message says: statements, gravest first, or lines of its own where it tells of no finding."""

    subject: str
    severity: Severity
    event: str
    statements: tuple[Statement, ...] = ()
    lines: tuple[str, ...] = ()  # of a notice, a test, a receipt
    remarks: tuple[str, ...] = ()  # what else must be known: undelivered, caught up
    digest: bool = False  # True: statements of many releases, each short


def message_of(alert: Alert) -> Message:
    """The message that an alert of the outbox stands for."""
    payload = alert.payload
    bodies = cast("Sequence[Json]", payload.get("alerts", [payload]))
    statements = tuple(statement for body in bodies for statement in _statements(body))
    remarks = cast("Sequence[str]", payload.get("remarks", ()))
    return Message(
        subject=alert.subject,
        severity=Severity(str(payload.get("severity", Severity.INFO))),
        event=alert.event,
        statements=statements,
        lines=() if statements else tuple(alert.text.splitlines()),
        remarks=tuple(remarks),
        digest=alert.bundled,
    )


def _statements(body: Json) -> Iterator[Statement]:
    for finding in cast("Sequence[Json]", body.get("findings", ())):
        yield _statement(finding_from_json(finding), body)


def _statement(finding: Finding, body: Json) -> Statement:
    source = cast("Json | None", body.get("source"))
    return Statement(
        severity=finding.severity,
        kind=finding.kind,
        title=finding.title,
        whose=whose(finding, source),
        source=_source(finding, source),
        place=_place(finding),
        rows=_rows(finding),
        left_out=max(finding.count, len(finding.items)) - min(len(finding.items), ROWS_SHOWN)
        if finding.items
        else 0,
        why=str(source["why"]) if source and source.get("why") else "",
        reason=finding.reason,
        sure=next(words for least, words in _SURE if finding.confidence >= least),
        editions=tuple(_editions(body)),
        publisher=finding.url or (str(source["url"]) if source else ""),
        archive=str(body.get("archive", "")),
        event=str(body.get("event", "")),
        triage=str(body.get("triage", "")),
    )


def whose(finding: Finding, source: Mapping[str, object] | None) -> str:
    """Publisher and source in a few words, for a subject: ``ICE 287(g) participating``."""
    if source is None:
        return shorten(" ".join(filter(None, (finding.source, finding.series))), 60)
    publisher, title = str(source.get("publisher") or ""), str(source.get("title") or "")
    names = title if publisher.lower() in title.lower() else f"{publisher} {title}"
    series = finding.series or ""
    if series not in ("", "page") and series.lower() not in names.lower():
        names = f"{names}, {series}"
    return shorten(names, 60)


def _source(finding: Finding, source: Json | None) -> str:
    ids = " / ".join(part for part in (finding.source, finding.series) if part)
    if source is None:
        return ids
    named = ": ".join(str(source[part]) for part in ("publisher", "title") if source.get(part))
    return f"{named} ({ids})" if ids else named


def _place(finding: Finding) -> str:
    where, same = finding.where, in_common(finding.items)
    named = (
        ("sheet", where.sheet or same.get("sheet")),
        ("page", where.page),
        ("table", where.table or same.get("table")),
        ("section", same.get("section")),
        ("column", where.column or same.get("column")),
    )
    return ", ".join(f"{name} {value}" for name, value in named if value is not None)


def _rows(finding: Finding) -> tuple[Row, ...]:
    """The items, or the one place where there are none; an item that repeats the title is left out."""
    if finding.items and not _repeats(finding):
        same = in_common(finding.items)
        return tuple(_row(item, without=same) for item in finding.items[:ROWS_SHOWN])
    if finding.before is None and finding.after is None:
        return ()
    if finding.before == finding.after:
        return (Row(f"in both releases: {shown(finding.before)}"),)
    where = finding.where
    cell = where.row is not None or where.column is not None
    before, after = sides(finding.before, finding.after, cell=cell)
    name = where.row or where.column or where.section or where.table or ""
    return (Row(name, before, after),)


def _row(item: Item, *, without: Collection[str]) -> Row:
    told = item_sides(item)
    remark = "; ".join(part for part in (difference(item).strip(" ()"), item.note or "") if part)
    if told is None:
        return Row(label(item, without=without) or "(unnamed)", remark=remark)
    return Row(label(item, without=without), *told, remark=remark)


def _repeats(finding: Finding) -> bool:
    """Whether the only item says nothing that title and sides do not say."""
    if len(finding.items) != 1 or finding.count > 1:
        return False
    (item,) = finding.items
    said = " ".join([finding.title, shown(finding.before), shown(finding.after), finding.url or ""])
    both = (item.before, item.after)
    same = (both == (None, None) and not item.valued) or both == (finding.before, finding.after)
    return same and item.note is None and all(part in said for part in label(item).split(" / "))


def _editions(body: Json) -> Iterator[Edition]:
    before, after = (cast("Json | None", body.get(side)) for side in ("before", "after"))
    if before is not None:
        yield _edition("Before" if after is not None else "Last copy", before)
    if after is not None:
        yield _edition("Now", after)


def _edition(name: str, body: Json) -> Edition:
    at = dt.datetime.fromisoformat(str(body["at"]))
    address = str(body.get("url") or "")
    seen = f"first seen {at:%-d %B %Y, %H:%M} UTC"
    if as_of := cast("Json | None", body.get("as_of")):
        day = dt.date.fromisoformat(str(as_of["date"])) if as_of.get("date") else None
        seen = f"as of {day:%-d %B %Y}, {seen}" if day else f"“{as_of['text']}”, {seen}"
    copies = f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}/{address}" if address.startswith("http") else ""
    return Edition(
        name=name, seen=seen, file=str(body["file"]), address=address, copies=copies, sha256=str(body["sha256"])
    )
