"""The texts of releases for full-text search: each kept once, with when it came and went in which stream."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from sqlite3 import Connection

from state.document import Text
from state.model import Release, ReleaseFacts
from state.reading.history import Archive
from state.serialisation.nouns import pack, storable, unpack

DIGEST = 16
"""Bytes of SHA-256 by which a text is known again."""

_CUT = 16
"""Row labels that stand together in one text, on average."""

_ASKED = 64
"""Digests asked for in one statement."""

_NUMBERS = f"SELECT digest, id FROM text WHERE digest IN ({', '.join('?' * _ASKED)})"

_INDEXED_TOGETHER = 4_000
"""Texts that wait at most before they are indexed: a few large segments cost a fraction of many small ones, and
digests in their order touch a page of the database once that in the order of their releases they touch each time.
"""


Seen = tuple[int, int | None]
"""The first and the last release that had a text, by number; None where the newest has it."""

_STANDING = """
    SELECT text, first, last FROM text_seen WHERE ?1 = ?1 AND stream = ?2 AND last IS NULL
"""
_COVERING = """
    SELECT text, first, last FROM placed AS this JOIN text_seen ON text_seen.stream = this.stream
    JOIN placed AS began ON began.release = first LEFT JOIN placed AS ended ON ended.release = last
    WHERE this.release = ?1 AND text_seen.stream = ?2 AND began.place <= this.place
        AND (last IS NULL OR ended.place >= this.place)
"""
"""The texts that are taken to have been there in a release (its number, its stream): in the newest one those that
stand, in any other those that began before it and did not end."""


class Texts:
    """Writes texts; every call belongs inside a transaction of the caller."""

    def __init__(self, db: Connection, archive: Archive) -> None:
        self._db = db
        self._archive = archive
        self._newest: tuple[int, bytes] | None = None  # the newest bundle when ``_waiting`` was filled
        self._waiting: dict[bytes, int] = {}

    def keep(self, release: Release, number: int, texts: Sequence[Text]) -> None:
        """Note from which release to which each text was there; only what came or went is written."""
        if not texts:
            return
        present = self.numbers_of(dict(map(digested, texts)))
        stream = self.stream_of(release)
        before, after = (self._number_of(each) for each in self._archive.neighbours(release))
        rows = self._db.execute(_STANDING if after is None else _COVERING, [number, stream]).fetchall()
        covering = {text: (first, last) for text, first, last in rows}
        for text in sorted(covering.keys() - present):
            self._take_out(text, stream, covering[text], number, before=before, after=after)
        fresh = sorted(present - covering.keys())
        if after is None:
            self._db.executemany(
                "INSERT INTO text_seen (text, stream, first) VALUES (?, ?, ?)"
                " ON CONFLICT (text, stream, first) DO UPDATE SET last = NULL",
                [(text, stream, number) for text in fresh],
            )
            return
        for text in fresh:
            self._put_in(text, stream, number, before=before, after=after)

    def _take_out(
        self, text: int, stream: int, seen: Seen, number: int, *, before: int | None, after: int | None
    ) -> None:
        """A text that was taken to stand from one release to another was not there in this one."""
        first, last = seen
        self._db.execute(
            "DELETE FROM text_seen WHERE text = ? AND stream = ? AND first = ?", [text, stream, first]
        )
        if first != number and before is not None:
            self._insert(text, stream, first, before)
        if last != number and after is not None:
            self._insert(text, stream, after, last)

    def _put_in(self, text: int, stream: int, number: int, *, before: int | None, after: int) -> None:
        """A text was there in this release, and perhaps in the one before or after it too."""
        first: int = number
        last: int | None = number
        rows = self._db.execute(
            "SELECT first, last FROM text_seen WHERE text = ? AND stream = ? AND (last = ? OR first = ?)",
            [text, stream, before, after],
        ).fetchall()
        for began, ended in rows:
            self._db.execute(
                "DELETE FROM text_seen WHERE text = ? AND stream = ? AND first = ?", [text, stream, began]
            )
            if before is not None and ended == before:
                first = began
            else:
                last = ended
        self._insert(text, stream, first, last)

    def _insert(self, text: int, stream: int, first: int, last: int | None) -> None:
        self._db.execute(
            "INSERT INTO text_seen (text, stream, first, last) VALUES (?, ?, ?, ?)", [text, stream, first, last]
        )

    def _number_of(self, release: Release | None) -> int | None:
        if release is None:
            return None
        return int(self._db.execute("SELECT no FROM release WHERE id = ?", [release.id]).fetchone()[0])

    def index(self, *, at_least: int = 1) -> None:
        """Index the texts that wait for it, by digest and by word, unless they are fewer than ``at_least``.

        Whatever a killed process left unindexed waits for the next call.
        """
        indexed = self._indexed()
        newest = _next_number(self._db) - 1
        if newest - indexed < at_least:
            return
        self._db.executemany(
            "INSERT OR IGNORE INTO text (digest, id) VALUES (?, ?)", sorted(self._not_indexed().items())
        )
        for first, texts in bundles_from(self._db, indexed + 1):
            self._db.executemany(
                "INSERT INTO text_search (rowid, heading, words) VALUES (?, ?, ?)",
                [(place, *text) for place, text in enumerate(texts, start=first) if place > indexed],
            )
        self._db.execute("UPDATE text_indexed SET last = ?", [newest])
        self._waiting = {}

    def stream_of(self, release: Release) -> int:
        """The number of the stream (source, series and document) that a release belongs to."""
        names = [release.source, release.series, release.document]
        self._db.execute("INSERT OR IGNORE INTO stream (source, series, document) VALUES (?, ?, ?)", names)
        row = self._db.execute("SELECT id FROM stream WHERE source = ? AND series = ? AND document = ?", names)
        return int(row.fetchone()[0])

    def numbers_of(self, texts: Mapping[bytes, Text]) -> set[int]:
        """The numbers of texts (digest to heading and words); new ones are written."""
        known = self._known(texts)
        waiting = self._not_indexed()
        known.update((digest, waiting[digest]) for digest in texts if digest in waiting)
        fresh = [digest for digest in texts if digest not in known]
        if not fresh:
            return set(known.values())
        first = _next_number(self._db)
        numbers = range(first, first + len(fresh))
        packed = pack([texts[digest] for digest in fresh])
        self._db.execute(
            "INSERT INTO text_bundle (first, count, data) VALUES (?, ?, ?)", [first, len(fresh), packed]
        )
        self._newest = (first, packed)
        waiting.update(zip(fresh, numbers, strict=True))
        self.index(at_least=_INDEXED_TOGETHER)
        return {*known.values(), *numbers}

    def _not_indexed(self) -> dict[bytes, int]:
        """The numbers of the texts that wait to be indexed, by their digests.

        Kept from call to call while the newest bundle is the one that stood here: another process may have written
        since, and a transaction may have failed.
        """
        newest = self._db.execute("SELECT first, data FROM text_bundle ORDER BY first DESC LIMIT 1").fetchone()
        if newest != self._newest:
            indexed = self._indexed()
            self._newest = newest
            self._waiting = {
                _digest(*text): number
                for first, texts in (bundles_from(self._db, indexed + 1) if newest else ())
                for number, text in enumerate(texts, start=first)
                if number > indexed
            }
        return self._waiting

    def _indexed(self) -> int:
        """The number of the last text that is indexed."""
        return int(self._db.execute("SELECT last FROM text_indexed").fetchone()[0])

    def _known(self, digests: Mapping[bytes, object]) -> dict[bytes, int]:
        known: dict[bytes, int] = {}
        rest = iter(digests)
        while asked := list(islice(rest, _ASKED)):
            asked += [b""] * (_ASKED - len(asked))  # one statement for all, so that it is prepared once
            known.update(self._db.execute(_NUMBERS, asked).fetchall())
        return known


def texts_of(db: Connection, numbers: Collection[int]) -> dict[int, Text]:
    """Heading and words of texts by their numbers."""
    found: dict[int, Text] = {}
    for number in sorted(numbers):
        if number not in found:
            first, texts = next(bundles_from(db, number))
            found.update(enumerate(texts, start=first))
    return found


def bundles_from(db: Connection, number: int) -> Iterator[tuple[int, list[Text]]]:
    """The bundle that holds text ``number`` and those after it: the number of its first text, and its texts."""
    rows = db.execute(
        "SELECT first, data FROM text_bundle WHERE first >="
        " (SELECT max(first) FROM text_bundle WHERE first <= ?) ORDER BY first",
        [number],
    )
    for first, data in rows:
        yield first, [(heading, words) for heading, words in unpack(data)]


def _next_number(db: Connection) -> int:
    """The number of the next new text."""
    newest = db.execute("SELECT first + count FROM text_bundle ORDER BY first DESC LIMIT 1").fetchone()
    return 1 if newest is None else int(newest[0])


def digested(text: Text) -> tuple[bytes, Text]:
    """A text by its digest."""
    heading, words = map(storable, text)
    return _digest(heading, words), (heading, words)


def _digest(heading: str, words: str) -> bytes:
    return hashlib.sha256(f"{heading}\n{words}".encode()).digest()[:DIGEST]


def labels_of(facts: ReleaseFacts | None) -> Iterator[Text]:
    """The row labels of a release's tables as texts, so that a search finds the facility or county in a table.

    Labels stand together, on lines, in alphabetical order. Where a text ends is decided by the label itself:
    one label more or less changes one text and leaves the others as they were.
    """
    for table in facts.tables if facts else ():
        together: list[str] = []
        for row in sorted(set(table.rows)):
            if row[:1].isdecimal() and row.replace(" ", "").isdecimal():
                continue
            together.append(row)
            if zlib.crc32(row.encode("utf-8", "backslashreplace")) % _CUT == 0:
                yield table.name, "\n".join(together)
                together = []
        if together:
            yield table.name, "\n".join(together)
