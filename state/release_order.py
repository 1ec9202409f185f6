"""The one order of the releases of a stream, and which release a release is to be compared with.

A stream is one series of a source, or one document of it. Every query that asks for the release before, the newest
one or the history goes through the view ``release_order``.

Bodies of one address follow each other as they appeared: by the number of their capture, never by the clock, and
no date that they state moves them. An older file that is replaced while it stands beside newer ones keeps its
place.
Documents of different addresses follow each other as we saw them appear; those that we saw first in one look, and
those that came from a web archive or from saved files, are placed by the majority of the date of which they speak,
their Last-Modified, the date in their name and their place on the page. A tie goes to appearance. What comes late
is put in its place; what follows it is marked to be judged again.
"""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from sqlite3 import Connection
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from state.errors import StoreError
from state.model import Capture, Release
from state.named_dates import date_in_names, later
from state.times import stamp

JUDGED_AGAIN: Final = 60
"""So many releases after one that came late are judged again: as many as history looks back on."""

_BODIES: Final = """
    SELECT placed.release, capture.id, capture.url, capture.memento, placed.appeared, release.at,
        placed.place, placed.as_of, placed.modified, placed.named, placed.listed,
        coalesce((SELECT asked.at FROM look AS asked WHERE asked.id = placed.appeared), release.at)
    FROM placed JOIN release ON release.no = placed.release
    JOIN capture ON capture.id = release.capture WHERE placed.stream = ? ORDER BY placed.place
"""


class Body(Struct, frozen=True):
    """A release with what its place is told by; dates as ISO 8601, as exact as they are known."""

    number: int
    capture: int
    url: str
    memento: bool  # from a web archive or from a file saved earlier
    appeared: int  # the first round in which its address was asked for; 0 for a memento
    at: str
    place: int = 0
    as_of: str | None = None
    modified: str | None = None
    named: str | None = None
    listed: int | None = None  # its place among the links of the page, from 0
    asked: str = ""  # when its address was asked for first; for a memento when it was captured


class Order:
    """Places releases; every call belongs inside a transaction of the caller."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def enter(self, number: int, capture: int, brought: Capture, *, stream: int, listed: int | None) -> None:
        """Give a release that was just recorded its place, as far as that can be told without reading it."""
        newest = self._db.execute(
            "SELECT placed.place, capture.url, capture.memento FROM placed"
            " JOIN release ON release.no = placed.release JOIN capture ON capture.id = release.capture"
            " WHERE stream = ? ORDER BY placed.place DESC LIMIT 1",
            [stream],
        ).fetchone()
        appeared = self._appeared(brought, capture)
        body = Body(
            number=number,
            capture=capture,
            url=brought.url,
            memento=brought.memento,
            appeared=appeared,
            at=stamp(brought.at),
            modified=_modified(brought),
            named=date_in_names(brought.url, brought.file_name, brought.link_text),
            listed=listed,
            asked=self._asked(appeared) or stamp(brought.at),
        )
        if newest is None:
            self._insert(stream, replace(body, place=1), settled=True)
        elif not brought.memento and brought.url and brought.url == newest[1] and not newest[2]:
            self._insert(stream, replace(body, place=newest[0] + 1), settled=True)
        else:
            self._enter_among(stream, body)

    def take_out(self, number: int) -> None:
        """Leave a release without a place: those behind it close up."""
        row = self._db.execute("SELECT stream, place FROM placed WHERE release = ?", [number]).fetchone()
        if row is not None:
            self._db.execute("DELETE FROM placed WHERE release = ?", [number])
            self._db.execute("UPDATE placed SET place = place - 1 WHERE stream = ? AND place > ?", row)

    def undated(self, source: str) -> tuple[str, ...]:
        """Releases of a source whose date must be known before all have their place, by id."""
        rows = self._db.execute(
            "SELECT release.id FROM release JOIN placed ON placed.release = release.no WHERE placed.dated = 0"
            " AND placed.stream IN (SELECT stream FROM placed JOIN stream ON stream.id = placed.stream"
            " WHERE placed.settled = 0 AND stream.source = ?) ORDER BY placed.stream, placed.place",
            [source],
        ).fetchall()
        return tuple(row[0] for row in rows)

    def settle(self, source: str, dates: Mapping[str, dt.date | None]) -> None:
        """Put every release of a source in its place, now that it is known of which day (by id) each speaks."""
        self._db.executemany(
            "UPDATE placed SET as_of = ?, dated = 1 WHERE release = (SELECT no FROM release WHERE id = ?)",
            [(None if date is None else date.isoformat(), id) for id, date in dates.items()],
        )
        rows = self._db.execute(
            "SELECT placed.stream, placed.release FROM placed JOIN stream ON stream.id = placed.stream"
            " WHERE placed.settled = 0 AND stream.source = ? ORDER BY placed.stream, placed.release",
            [source],
        ).fetchall()
        waiting: dict[int, set[int]] = {}
        for stream, number in rows:
            waiting.setdefault(stream, set()).add(number)
        for stream, numbers in waiting.items():
            self._settle_stream(stream, numbers)

    def _settle_stream(self, stream: int, numbers: set[int]) -> None:
        bodies = self._bodies(stream)
        ordered = [body for body in bodies if body.number not in numbers]
        for body in sorted((each for each in bodies if each.number in numbers), key=lambda each: each.number):
            ordered.insert(_slot(body, ordered), body)
        self._write(ordered)
        marks = ", ".join("?" * len(numbers))
        self._db.execute(f"UPDATE placed SET settled = 1 WHERE release IN ({marks})", sorted(numbers))
        for place, body in enumerate(ordered):
            if body.number in numbers:
                self._judge_again(body, [each for each in ordered[place + 1 :] if each.number not in numbers])

    def _enter_among(self, stream: int, body: Body) -> None:
        """A place among the releases of other addresses, or between those of its own."""
        bodies = self._bodies(stream)
        own = [each for each in bodies if each.url == body.url and body.url]
        if own and body.memento:
            slot = _after([each for each in own if each.at <= body.at], bodies, default=bodies.index(own[0]))
        elif own and self._stood(stream, own[-1], body):
            slot = bodies.index(own[-1]) + 1
        else:
            if own and not body.memento:  # it left and came back: it appears once more
                body = replace(body, appeared=self._round_of(body.capture), asked=body.at)
            slot = _slot(body, bodies)
            self._shift(stream, slot)
            settled = not _needs_dates(body, bodies)
            self._insert(stream, replace(body, place=slot + 1), settled=settled)
            if settled:
                self._judge_again(body, bodies[slot:])
            return
        self._shift(stream, slot)
        self._insert(stream, replace(body, place=slot + 1), settled=True)
        self._judge_again(body, bodies[slot:])

    def _stood(self, stream: int, own: Body, body: Body) -> bool:
        """Whether a file still stood at its address after another one came last, and did not leave and come back.

        What comes in the same round has not taken its place.
        """
        (last,) = self._db.execute(
            "SELECT max(capture.id) FROM release_order JOIN capture ON capture.id = release_order.capture"
            " WHERE stream = ? AND memento = 0 AND round < ?",
            [stream, self._round_of(body.capture)],
        ).fetchone()
        if last is None or last == own.capture:
            return True
        row = self._db.execute(
            "SELECT 1 FROM capture JOIN release ON release.no = :number WHERE capture.url = :url"
            " AND capture.source = release.source AND capture.series = release.series"
            " AND verdict IN ('present', 'unchanged') AND capture.id < :capture"
            " AND round >= (SELECT round FROM look WHERE id = :last) LIMIT 1",
            {"number": own.number, "url": body.url, "capture": body.capture, "last": last},
        ).fetchone()
        return row is not None

    def _appeared(self, brought: Capture, capture: int) -> int:
        if brought.memento:
            return 0
        row = self._db.execute(
            "SELECT min(CASE round WHEN 0 THEN id ELSE round END) FROM capture"
            " WHERE url = ? AND +source = ? AND +series = ? AND +memento = 0",
            [brought.url, brought.source, brought.series],
        ).fetchone()
        return int(row[0] if brought.url and row[0] is not None else capture)

    def _asked(self, appeared: int) -> str | None:
        row = self._db.execute("SELECT at FROM look WHERE id = ?", [appeared]).fetchone()
        return None if row is None else str(row[0])

    def _round_of(self, capture: int) -> int:
        return int(self._db.execute("SELECT round FROM look WHERE id = ?", [capture]).fetchone()[0]) or capture

    def _bodies(self, stream: int) -> list[Body]:
        return [_body_of(row) for row in self._db.execute(_BODIES, [stream]).fetchall()]

    def _insert(self, stream: int, body: Body, *, settled: bool) -> None:
        self._db.execute(
            "INSERT INTO placed (release, stream, place, appeared, settled, modified, named, listed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(body.number, stream, body.place, body.appeared, int(settled)),
                *(body.modified, body.named, body.listed),
            ],
        )

    def _shift(self, stream: int, slot: int) -> None:
        self._db.execute("UPDATE placed SET place = place + 1 WHERE stream = ? AND place > ?", [stream, slot])

    def _write(self, ordered: Sequence[Body]) -> None:
        moved = [(place, each.number) for place, each in enumerate(ordered, start=1) if each.place != place]
        self._db.executemany("UPDATE placed SET place = ? WHERE release = ?", moved)

    def _judge_again(self, late: Body, following: Sequence[Body]) -> None:
        """Mark what was judged without one that comes before it now, and whether that came in a round."""
        self._db.executemany(
            "UPDATE judged SET again = max(again, ?) WHERE release = ? AND at IS NOT NULL",
            [(1 if late.memento else 2, body.number) for body in following[:JUDGED_AGAIN]],
        )


def number_of(db: Connection, release: Release) -> int:
    """The number of a release among those of its archive, in the order of recording. Raises StoreError."""
    row = db.execute("SELECT no FROM release WHERE id = ?", [release.id]).fetchone()
    if row is None:
        raise StoreError(f"the archive has no release {release.id}")
    return int(row[0])


def predecessor(db: Connection, id: str) -> str | None:
    """The id of the release to compare release ``id`` with; None where it is the baseline.

    It is the body before of the same address, else the one that the document before showed when this one appeared.
    All files that the first look at a series finds are its baseline: they stand side by side. What could not be
    read parts nothing: what the last readable one said is held against the next.
    """
    row = db.execute("SELECT stream, no FROM release_order WHERE id = ?", [id]).fetchone()
    if row is None:
        return None
    stream, number = row
    before = _before(db, stream, number)
    own = next(before)
    former = next(before, None)
    if former is None:
        return None
    if former.url != own.url or not own.url:
        shown = (each for each in _of_one_document(former, before) if _appeared_by(each, own))
        former = next(shown, former)
        if former.appeared == own.appeared and own.appeared == _first_look(db, stream):
            return None
    if _was_unreadable(db, former):
        earlier = _before(db, stream, former.number)
        former = next((each for each in earlier if not _was_unreadable(db, each)), former)
    return str(db.execute("SELECT id FROM release WHERE no = ?", [former.number]).fetchone()[0])


def _was_unreadable(db: Connection, body: Body) -> bool:
    """Whether a release was judged and nothing of what it says could be kept."""
    row = db.execute(
        "SELECT judged.at IS NOT NULL AND facts.release IS NULL FROM judged"
        " LEFT JOIN facts ON facts.release = judged.release WHERE judged.release = ?",
        [body.number],
    ).fetchone()
    return row is not None and bool(row[0])


def _before(db: Connection, stream: int, number: int) -> Iterator[Body]:
    """A release and those before it, the newest first."""
    statement = _BODIES.replace(
        "ORDER BY placed.place",
        "AND placed.place <= (SELECT place FROM placed WHERE release = ?) ORDER BY placed.place DESC",
    )
    for row in db.execute(statement, [stream, number]):
        yield _body_of(row)


def _of_one_document(newest: Body, before: Iterator[Body]) -> Iterator[Body]:
    yield newest
    for body in before:
        if body.url != newest.url or not newest.url:
            return
        yield body


def _appeared_by(body: Body, own: Body) -> bool:
    """Whether a body stood at its address when another document appeared."""
    if body.memento or own.memento:
        return body.at <= own.at
    return body.capture < own.capture


def _first_look(db: Connection, stream: int) -> int | None:
    row = db.execute("SELECT min(appeared) FROM placed WHERE stream = ? AND appeared > 0", [stream]).fetchone()
    return None if row[0] is None else int(row[0])


def _body_of(row: Sequence[object]) -> Body:
    number, capture, url, memento, appeared, *rest = row
    return Body(number, capture, url, bool(memento), appeared, *rest)  # type: ignore[arg-type]


def _modified(capture: Capture) -> str | None:
    """When the server says that the file was changed last."""
    text = next((value for name, value in capture.headers if name.lower() == "last-modified"), "")
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError):
        return None
    return stamp(moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC))


def _slot(body: Body, bodies: Sequence[Body]) -> int:
    """Before which of ``bodies``, in their order, a document stands: after as many documents as it follows."""
    heads = _heads(bodies)
    newest_first = _newest_first([body, *(each for each in heads if each.appeared == body.appeared)])
    first = min((each.appeared for each in (*heads, body) if not each.memento), default=0)
    behind = sum(_follows(body, each, first=first, newest_first=newest_first) for each in heads)
    return bodies.index(heads[behind]) if behind < len(heads) else len(bodies)


def _heads(bodies: Sequence[Body]) -> list[Body]:
    """The first body of each document, whose bodies stand together."""
    return [
        body for place, body in enumerate(bodies) if not place or not body.url or bodies[place - 1].url != body.url
    ]


def _after(earlier: Sequence[Body], bodies: Sequence[Body], *, default: int) -> int:
    return bodies.index(earlier[-1]) + 1 if earlier else default


def _needs_dates(body: Body, bodies: Sequence[Body]) -> bool:
    """Whether the place of a document depends on the dates of others."""
    heads = _heads(bodies)
    first = min((each.appeared for each in (*heads, body) if not each.memento), default=0)
    return any(_seen_order(body, each, first=first) == 0 for each in heads)


def _follows(body: Body, other: Body, *, first: int, newest_first: bool) -> bool:
    """Whether one document comes after another."""
    seen = _seen_order(body, other, first=first)
    votes = seen or _votes(body, other) + _listed_vote(body, other, newest_first=newest_first)
    if votes == 0:
        return (
            (body.at, body.number) > (other.at, other.number)
            if body.memento or other.memento
            else (body.number > other.number)
        )
    return votes > 0


def _seen_order(body: Body, other: Body, *, first: int) -> int:
    """1 where we saw ``body`` appear after ``other``, -1 before; 0 where we did not see which came first.

    Of what the ``first`` look found nobody saw when it appeared; a memento that is older than the first look that
    asked for another was there before it.
    """
    if not body.memento and not other.memento:
        return (body.appeared > other.appeared) - (body.appeared < other.appeared)
    if body.memento and other.memento:
        return 0
    memento, live = (body, other) if body.memento else (other, body)
    if live.appeared == first or memento.at >= live.asked:
        return 0
    return -1 if body.memento else 1


def _votes(body: Body, other: Body) -> int:
    """How many dates speak for ``body`` being the later one, less those against."""
    pairs = ((body.as_of, other.as_of), (body.modified, other.modified), (body.named, other.named))
    return sum(later(one, two) for one, two in pairs)


def _listed_vote(body: Body, other: Body, *, newest_first: bool) -> int:
    if body.listed is None or other.listed is None or body.appeared != other.appeared:
        return 0
    further = (body.listed > other.listed) - (body.listed < other.listed)
    return -further if newest_first else further


def _newest_first(bodies: Sequence[Body]) -> bool:
    """Whether a page lists the newest first, as most do, told by those of its documents that have dates."""
    told = 0
    for one, two in combinations(bodies, 2):
        if one.listed is not None and two.listed is not None:
            votes, further = _votes(one, two), one.listed > two.listed
            told += 0 if not votes else 1 if (votes > 0) is not further else -1
    return told >= 0
