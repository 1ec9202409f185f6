"""Columns, rows and values of tables as history keeps them: each content once, and most as a difference.

From release to release a table differs in few cells. So a content is compressed with the content that the table
had in the release before as dictionary, as ``state.blobs.snapshots`` does with pages: that one depends on nothing,
and where little is left in common a content stands alone again.
"""

from __future__ import annotations

import hashlib
import json
from sqlite3 import Connection
from typing import Any, Final

import zstandard

from state.model import TableFacts
from state.serialisation.nouns import pack_bytes, table_content, to_json, unpack_bytes

_LEVEL: Final = 3
_WORTH: Final = 0.5
"""Share of its size alone down to which a content must shrink to depend on another."""


class Contents:
    """The contents of tables in an archive; writes belong inside a transaction of the caller."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def put(self, table: TableFacts, *, before: int | None) -> int:
        """Keep a content and return its number; ``before`` is the number of the table's content before it."""
        data = to_json(table_content(table))
        digest = hashlib.sha256(data).hexdigest()
        row = self._db.execute("SELECT id FROM table_content WHERE digest = ?", [digest]).fetchone()
        if row is not None:
            return int(row[0])
        packed, base = pack_bytes(data), None if before is None else self._base_of(before)
        if base is not None:
            smaller = _pack_with(self.data(base), data)
            packed, base = (smaller, base) if len(smaller) < _WORTH * len(packed) else (packed, None)
        cursor = self._db.execute(
            "INSERT INTO table_content (digest, base, data) VALUES (?, ?, ?)", [digest, base, packed]
        )
        return int(cursor.lastrowid or 0)

    def get(self, number: int) -> Any:  # noqa: ANN401 - JSON is what it is
        """Columns, rows and values under their names, tuples as lists."""
        return json.loads(self.data(number).decode("utf-8", "surrogatepass"))

    def _base_of(self, number: int) -> int:
        row = self._db.execute("SELECT coalesce(base, id) FROM table_content WHERE id = ?", [number]).fetchone()
        return int(row[0])

    def data(self, number: int) -> bytes:
        """The JSON of a content as it was kept."""
        base, packed = self._db.execute("SELECT base, data FROM table_content WHERE id = ?", [number]).fetchone()
        if base is None:
            return unpack_bytes(packed)
        return zstandard.ZstdDecompressor(dict_data=_dictionary(self.data(base))).decompress(packed)


def _pack_with(base: bytes, data: bytes) -> bytes:
    compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(base), write_checksum=True)
    return compressor.compress(data)


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
