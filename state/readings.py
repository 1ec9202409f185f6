"""What is kept of a release that was read: its facts, its newest reading, its texts, what differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from sqlite_utils import Database

from state.document import Block
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

    def keep_texts(self, release: Release, number: int, blocks: Sequence[Block]) -> None:
        """Note from which release to which each text was there; only what came or went is written."""
        if not blocks:
            return
        present = {self._text(block) for block in blocks}
        stream = [release.source, release.series, release.document]
        rows = self._db.execute(
            "SELECT id, text FROM text_seen WHERE source = ? AND series = ? AND document = ? AND last IS NULL",
            stream,
        ).fetchall()
        standing = {text: id for id, text in rows}
        before, after = self._archive.neighbours(release)
        self._db.conn.executemany(
            "INSERT INTO text_seen (source, series, document, text, first, last) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (*stream, text, number, None if after is None else number)
                for text in sorted(present - set(standing))
            ],
        )
        if before is not None and after is None:
            self._db.conn.executemany(
                "UPDATE text_seen SET last = ? WHERE id = ?",
                [(self._number(before), standing[text]) for text in set(standing) - present],
            )

    def _text(self, block: Block) -> int:
        heading, words = storable(" / ".join(block.heading)), storable(block.text)
        digest = hashlib.sha256(f"{heading}\n{words}".encode()).digest()
        row = self._db.execute("SELECT id FROM text WHERE digest = ?", [digest]).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._db.execute(
            "INSERT INTO text (digest, heading, words) VALUES (?, ?, ?)", [digest, heading, words]
        )
        number = int(cursor.lastrowid or 0)
        self._db.execute(
            "INSERT INTO text_search (rowid, heading, words) VALUES (?, ?, ?)", [number, heading, words]
        )
        return number

    def _number(self, release: Release) -> int:
        return int(self._db.execute("SELECT no FROM release WHERE id = ?", [release.id]).fetchone()[0])


def labels_of(facts: ReleaseFacts | None) -> Iterator[Block]:
    """The row labels of a release's tables as texts, so that a search finds the facility or county in a table."""
    for table in facts.tables if facts else ():
        for row in table.rows:
            if not row.replace(" ", "").isdecimal():
                yield Block(row, heading=(table.name,), sheet=table.sheet, kind="row")
