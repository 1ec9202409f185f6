"""What is kept of a release that was read: its facts, its newest reading, what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from sqlite3 import Connection

from state.blobs.table_parts import Contents
from state.model import Reading, Release, ReleaseFacts
from state.reading.history import Archive
from state.serialisation.nouns import pack, pack_definitions, pack_head, pack_table_head, storable, unpack_bytes


class Readings:
    """Writes what was read from releases; every call belongs inside a transaction of the caller."""

    def __init__(self, db: Connection, archive: Archive) -> None:
        self._db = db
        self._archive = archive
        self._contents = Contents(db)

    def keep_view(self, number: int, view: Mapping[str, object]) -> None:
        """The differences from the release before, made once so that nobody compares on request."""
        self._db.execute("INSERT OR REPLACE INTO view (release, data) VALUES (?, ?)", [number, pack(dict(view))])

    def keep_facts(self, number: int, facts: ReleaseFacts) -> None:
        """The facts of a release, in place of any written before."""
        self._db.execute(
            "INSERT OR REPLACE INTO facts (release, head, glossary) VALUES (?, ?, ?)",
            [number, pack_head(facts), self._glossary(facts)],
        )
        self._db.execute("DELETE FROM table_facts WHERE release = ?", [number])
        before = self._contents_before(number) if facts.tables else {}
        for position, table in enumerate(facts.tables):
            key = storable(table.key)
            content = self._contents.put(table, before=before.get(key, before.get(table.formerly or key)))
            self._db.execute(
                "INSERT INTO table_facts (release, position, key, head, content) VALUES (?, ?, ?, ?, ?)",
                [number, position, key, pack_table_head(table), content],
            )

    def _glossary(self, facts: ReleaseFacts) -> int:
        """The number of a release's definitions; those that were kept before are not kept twice."""
        packed = pack_definitions(facts)
        digest = hashlib.sha256(unpack_bytes(packed)).digest()
        self._db.execute("INSERT OR IGNORE INTO glossary (digest, data) VALUES (?, ?)", [digest, packed])
        row = self._db.execute("SELECT id FROM glossary WHERE digest = ?", [digest]).fetchone()
        return int(row[0])

    def _contents_before(self, number: int) -> dict[str, int]:
        """The newest content of each table in the stream of a release, that release apart."""
        rows = self._db.execute(
            "SELECT table_facts.key, table_facts.content FROM table_facts WHERE release ="
            " (SELECT other.release FROM placed JOIN placed AS other ON other.stream = placed.stream"
            " JOIN facts ON facts.release = other.release WHERE placed.release = ?"
            " AND other.release <> placed.release ORDER BY other.place DESC LIMIT 1)",
            [number],
        )
        return dict(rows.fetchall())

    def keep_reading(self, release: Release, number: int, reading: Reading) -> None:
        """The Document of the newest release of a series; an older one is not worth keeping."""
        newest = self._archive.last_release(release.source, release.series, document=release.document)
        if newest is not None and newest.id != release.id:
            return
        self._db.execute(
            "INSERT OR REPLACE INTO reading (source, series, document, release, extractor, data)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [release.source, release.series, release.document, number, reading.extractor, reading.data],
        )
