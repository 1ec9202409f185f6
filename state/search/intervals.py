"""From which release to which each text of a series was there, made anew when its releases are read again.

The releases are swept in their one order into a table beside the archive, which SQLite drops with the
connection: memory stays flat, and a run that is killed leaves the texts as they were. ``finish`` puts only what
differs in place of what there was.
"""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import Final

from state.document import Text
from state.model import Release, ReleaseFacts
from state.reading.history import Archive
from state.search.texts import Texts, digested, labels_of

_TABLE: Final = (
    "CREATE TEMP TABLE IF NOT EXISTS span (text INTEGER, stream INTEGER, first INTEGER, last INTEGER,"
    " PRIMARY KEY (text, stream, first)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS temp.span_standing ON span (stream) WHERE last IS NULL",
)

_STREAMS: Final = "(SELECT id FROM stream WHERE source = :source AND series = :series)"

_STOOD_BEFORE: Final = f"""
    INSERT INTO temp.span (text, stream, first, last)
    SELECT text, text_seen.stream, first, CASE WHEN ended.place >= from_then.place THEN NULL ELSE last END
    FROM text_seen
    JOIN placed AS began ON began.release = first LEFT JOIN placed AS ended ON ended.release = last
    LEFT JOIN (SELECT stream AS of, min(place) AS place FROM release_order WHERE at >= :since GROUP BY stream)
        AS from_then ON from_then.of = text_seen.stream
    WHERE text_seen.stream IN {_STREAMS} AND (from_then.place IS NULL OR began.place < from_then.place)
"""
"""What stood before a time, as if nothing were known from then on."""

_PRESENT: Final = """
    SELECT text FROM text_seen JOIN placed AS began ON began.release = first
    LEFT JOIN placed AS ended ON ended.release = last JOIN placed AS this ON this.release = ?
    WHERE text_seen.stream = ? AND began.place <= this.place AND (last IS NULL OR ended.place >= this.place)
"""
"""The texts of a release as it was read before."""

_COME_SINCE: Final = """
    SELECT release.no, release.id FROM release_order AS release JOIN judged ON judged.release = release.no
    WHERE source = :source AND series = :series AND judged.at IS NOT NULL AND (:since = '' OR EXISTS (
        SELECT 1 FROM release_order AS earlier WHERE earlier.stream = release.stream
        AND earlier.place <= release.place AND earlier.at >= :since))
    ORDER BY release.stream, release.place
"""

_APPLY: Final = (
    f"DELETE FROM text_seen WHERE stream IN {_STREAMS} AND NOT EXISTS (SELECT 1 FROM temp.span AS anew"
    " WHERE anew.text = text_seen.text AND anew.stream = text_seen.stream AND anew.first = text_seen.first"
    " AND anew.last IS text_seen.last)",
    "INSERT OR IGNORE INTO text_seen (text, stream, first, last)"
    f" SELECT text, stream, first, last FROM temp.span WHERE stream IN {_STREAMS}",
    f"DELETE FROM temp.span WHERE stream IN {_STREAMS}",
)


class Spans(Texts):
    """Writes the texts of whole series again; every call belongs inside a transaction of the caller."""

    def __init__(self, db: Connection, archive: Archive) -> None:
        super().__init__(db, archive)
        self._swept: dict[tuple[str, str], set[int]] = {}  # source and series -> numbers of releases

    def begin(self, source: str, series: str, *, since: str) -> None:
        """Make ready for the releases of a series from a time (as stored) on."""
        for statement in _TABLE:
            self._db.execute(statement)
        names = {"source": source, "series": series}
        self._swept[source, series] = set()
        self._db.execute(f"DELETE FROM temp.span WHERE stream IN {_STREAMS}", names)
        self._db.execute(_STOOD_BEFORE, names | {"since": since})

    def reread(self, release: Release, number: int, texts: Sequence[Text], facts: ReleaseFacts) -> None:
        """The texts of the next release of its stream, as it reads today."""
        present = self.numbers_of(dict(map(digested, [*texts, *labels_of(facts)])))
        self._sweep(release, number, present=present)

    def pass_over(self, release: Release, number: int) -> None:
        """The next release of its stream, with the texts that it had when it was read before."""
        self._sweep(release, number, present=self._present(number, self.stream_of(release)))

    def finish(self, source: str, series: str, *, since: str) -> None:
        """Put what was swept in place of what there was; releases judged meanwhile keep their texts."""
        names = {"source": source, "series": series}
        swept = self._swept.setdefault((source, series), set())
        for number, id in self._db.execute(_COME_SINCE, names | {"since": since}).fetchall():
            if number not in swept:
                self._take_over(self._archive.release(id), number)
        for statement in _APPLY:
            self._db.execute(statement, names)
        del self._swept[source, series]

    def _take_over(self, release: Release, number: int) -> None:
        """Keep the texts of a release that came meanwhile: the next of its stream, or one put between others."""
        after = self._archive.neighbours(release)[1]
        if after is None or self._number(after) not in self._swept[release.source, release.series]:
            self.pass_over(release, number)
            return
        stream = self.stream_of(release)
        self._db.executemany(
            "INSERT OR IGNORE INTO temp.span (text, stream, first, last) VALUES (?, ?, ?, ?)",
            [(text, stream, number, number) for text in self._present(number, stream)],
        )

    def _present(self, number: int, stream: int) -> set[int]:
        return {text for (text,) in self._db.execute(_PRESENT, [number, stream]).fetchall()}

    def _number(self, release: Release) -> int:
        return int(self._db.execute("SELECT no FROM release WHERE id = ?", [release.id]).fetchone()[0])

    def _sweep(self, release: Release, number: int, *, present: set[int]) -> None:
        stream = self.stream_of(release)
        rows = self._db.execute("SELECT text FROM temp.span WHERE stream = ? AND last IS NULL", [stream])
        standing = {text for (text,) in rows.fetchall()}
        self._db.executemany(
            "INSERT INTO temp.span (text, stream, first) VALUES (?, ?, ?)",
            [(text, stream, number) for text in sorted(present - standing)],
        )
        if standing - present:
            before = self._archive.neighbours(release)[0]
            assert before is not None  # what stands has come with a release
            last = self._number(before)
            self._db.executemany(
                "UPDATE temp.span SET last = ? WHERE text = ? AND stream = ? AND last IS NULL",
                [(last, text, stream) for text in sorted(standing - present)],
            )
        self._swept.setdefault((release.source, release.series), set()).add(number)
