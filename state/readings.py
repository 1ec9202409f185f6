"""What is kept of a release that was read: its facts, its newest reading, what differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sqlite_utils import Database

from state.history import Archive
from state.model import Release, ReleaseFacts, TableFacts
from state.records import pack, pack_bytes, pack_definitions, pack_head, pack_table_head, storable, table_content


class Readings:
    """Writes what was read from releases; every call belongs inside a transaction of the caller."""

    def __init__(self, db: Database, archive: Archive) -> None:
        self._db = db
        self._archive = archive

    def keep_view(self, number: int, view: Mapping[str, object]) -> None:
        """The differences from the release before, made once so that nobody compares on request."""
        self._db.execute("INSERT OR REPLACE INTO view (release, data) VALUES (?, ?)", [number, pack(dict(view))])

    def keep_facts(self, number: int, facts: ReleaseFacts) -> None:
        """The facts of a release, in place of any written before."""
        self._db.execute(
            "INSERT OR REPLACE INTO facts (release, head, definitions) VALUES (?, ?, ?)",
            [number, pack_head(facts), pack_definitions(facts)],
        )
        self._db.execute("DELETE FROM table_facts WHERE release = ?", [number])
        for position, table in enumerate(facts.tables):
            self._db.execute(
                "INSERT INTO table_facts (release, position, key, head, content) VALUES (?, ?, ?, ?, ?)",
                [number, position, storable(table.key), pack_table_head(table), self._table_content(table)],
            )

    def _table_content(self, table: TableFacts) -> int:
        """Columns, rows and values, kept once however many releases repeat them."""
        text = json.dumps(table_content(table), ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data).hexdigest()
        row = self._db.execute("SELECT id FROM table_content WHERE digest = ?", [digest]).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._db.execute(
            "INSERT INTO table_content (digest, data) VALUES (?, ?)", [digest, pack_bytes(data)]
        )
        return int(cursor.lastrowid or 0)

    def keep_reading(self, release: Release, number: int, *, extractor: str, data: bytes) -> None:
        """The Document of the newest release of a series; an older one is not worth keeping."""
        newest = self._archive.last_release(release.source, release.series, document=release.document)
        if newest is not None and newest.id != release.id:
            return
        self._db.execute(
            "INSERT OR REPLACE INTO reading (source, series, document, release, extractor, data)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [release.source, release.series, release.document, number, extractor, pack_bytes(data)],
        )
