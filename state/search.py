"""Full-text search over every version: passages, from when to when they were there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlite_utils import Database

from state.appearances import Appearances
from state.history import Archive
from state.model import Release
from state.times import moment


@dataclass(frozen=True, slots=True)
class Hit:
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

    def __init__(self, db: Database, archive: Archive, appearances: Appearances) -> None:
        self._db = db
        self.archive = archive
        self.appearances = appearances

    def passages(self, words: str, *, limit: int) -> tuple[Hit, ...]:
        """Passages of any version that hold all the words, the latest first."""
        quoted = " ".join('"{}"'.format(word.replace('"', '""')) for word in words.replace("\0", " ").split())
        if not quoted:
            return ()
        rows = self._db.execute(
            "SELECT text.words, text.heading, stream.source, first.id, first.at, last.id"
            " FROM text_search JOIN text ON text.id = text_search.rowid JOIN text_seen ON text_seen.text = text.id"
            " JOIN stream ON stream.id = text_seen.stream JOIN release AS first ON first.no = text_seen.first"
            " LEFT JOIN release AS last ON last.no = text_seen.last WHERE text_search MATCH ?"
            " ORDER BY text_search.rowid DESC LIMIT ?",
            [quoted, limit],
        ).fetchall()
        hits: dict[tuple[str, str, str], Hit] = {}
        for text, section, source, first, at, last in rows:
            last_at, gone_from = self._until(first, last)
            for shown in _lines_with(words, text):
                hits[source, section, shown] = Hit(shown, section, first, source, moment(at), last_at, gone_from)
        return tuple(hits.values())

    def _until(self, first: str, last: str | None) -> tuple[dt.datetime, Release | None]:
        """The last look that showed what stood from one release to another, and the release it had left."""
        release = self.archive.release(last or first)
        if last is None:
            newest = self.archive.last_release(release.source, release.series, document=release.document)
            release, after = newest or release, None
        else:
            after = self.archive.neighbours(release)[1]
        shown = [
            look.at
            for look in self.appearances.looks(release.source, release.series, release.url)
            if look.verdict.good and look.at >= release.at and (after is None or look.at < after.at)
        ]
        return max(shown, default=release.at), after


def _lines_with(words: str, text: str) -> list[str]:
    """The lines of a text that hold all words: one row label of many; the whole text where none does."""
    sought = words.casefold().replace('"', " ").split()
    lines = [line for line in text.split("\n") if all(word in line.casefold() for word in sought)]
    return lines or [text]
