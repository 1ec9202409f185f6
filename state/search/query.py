"""Full-text search over every version: passages, from when to when they were there."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from itertools import islice
from sqlite3 import Connection

from msgspec import Struct
from msgspec.structs import replace

from state.model import Release
from state.reading.history import Archive
from state.reading.visibility import Appearances
from state.search.texts import texts_of
from state.times import moment

_TEXTS_A_HIT = 20
"""How many texts are read for each hit wanted: a row label stands in a new text whenever a neighbour changes."""


class Hit(Struct, frozen=True):
    """A passage that holds the words searched for, the release in which it was first seen, and until when.

    ``gone_from`` is the release after the last one that had it; None where the newest has it.
    """

    text: str
    section: str
    release: str
    source: str
    at: dt.datetime
    last_at: dt.datetime
    gone_from: Release | None = None


class Search:
    """Questions to the texts of an archive."""

    def __init__(self, db: Connection, archive: Archive, appearances: Appearances) -> None:
        self._db = db
        self.archive = archive
        self.appearances = appearances

    def passages(self, words: str, *, limit: int) -> tuple[Hit, ...]:
        """Passages of any version that hold all the words, the latest first."""
        quoted = " ".join('"{}"'.format(word.replace('"', '""')) for word in words.replace("\0", " ").split())
        if not quoted:
            return ()
        rows = self._db.execute(
            "SELECT text_search.rowid, stream.source, first.id, first.at, last.id"
            " FROM text_search JOIN text_seen ON text_seen.text = text_search.rowid"
            " JOIN stream ON stream.id = text_seen.stream JOIN release AS first ON first.no = text_seen.first"
            " LEFT JOIN release AS last ON last.no = text_seen.last WHERE text_search MATCH ?"
            " ORDER BY text_search.rowid DESC LIMIT ?",
            [quoted, limit * _TEXTS_A_HIT],
        ).fetchall()
        texts = texts_of(self._db, {row[0] for row in rows})
        found: dict[tuple[str, str, str], list[tuple[str, str, str | None]]] = {}
        for number, source, first, at, last in rows:
            section, text = texts[number]
            for shown in _lines_with(words, text):
                found.setdefault((source, section, shown), []).append((first, at, last))
        known: dict[tuple[str, str | None], tuple[dt.datetime, Release | None]] = {}
        hits = []
        for (source, section, shown), places in islice(found.items(), limit):
            for first, _, last in places:
                if (first, last) not in known:
                    known[first, last] = self._until(first, last)
            stood = [
                Hit(shown, section, first, source, moment(at), *known[first, last]) for first, at, last in places
            ]
            hits.append(reduce(_merged, stood))
        return tuple(hits)

    def _until(self, first: str, last: str | None) -> tuple[dt.datetime, Release | None]:
        """The last look that showed what stood from one release to another, and the release it had left."""
        release = self.archive.release(last or first)
        if last is None:
            newest = self.archive.last_release(release.source, release.series, document=release.document)
            release, after = newest or release, None
        else:
            after = self.archive.neighbours(release)[1]
        replaced = after.at if after is not None and after.url == release.url else None
        return self.appearances.last_shown(release, until=replaced), after


def _merged(hit: Hit, other: Hit) -> Hit:
    """One passage that stood in several texts, as a row label does whose neighbours changed."""
    first = min(hit, other, key=lambda each: each.at)
    last = max(hit, other, key=lambda each: (each.gone_from is None, each.last_at))
    return replace(first, last_at=last.last_at, gone_from=last.gone_from)


def _lines_with(words: str, text: str) -> list[str]:
    """The lines of a text that hold all words: one row label of many; the whole text where none does."""
    sought = words.casefold().replace('"', " ").split()
    lines = [line for line in text.split("\n") if all(word in line.casefold() for word in sought)]
    return lines or [text]
