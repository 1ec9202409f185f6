"""Bytes by their digest: stored once, compressed, always given back as they came.

Versions of one page differ little, so each is compressed with a *keyframe*, an earlier version of the same
chain, as raw dictionary. A keyframe itself depends on nothing, and a chain starts a new one after
``KEYFRAME_EVERY`` versions, or sooner where its page drifts: reading any version unpacks at most two blobs, and
a damaged blob breaks at most that many others.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import zlib
from collections.abc import Collection
from sqlite3 import Connection

import zstandard

from state.errors import BytesPruned, StoreError

_LEVEL = 9
"""zstandard level of a version with its keyframe: measured best in size for its time on versions of pages."""

_KEYFRAME_LEVEL = 6
"""That of bytes that stand alone: level 9 takes two thirds more time for pages smaller by a thirtieth, level 3 a
third of the time for pages larger by a twenty-eighth, which cost a page of the database each.
"""

KEYFRAME_EVERY = 50
"""How many snapshots may use one keyframe, itself included."""

_KEYFRAME_LEAST = 512
"""Bodies below this size, in bytes, stand alone: headers are read for every request, at half the cost."""

_KEYFRAME_LIMIT = 32 << 20
"""Bodies above this size, in bytes, stand alone: their dictionary would not fit a sensible window."""


def body_digest(body: bytes) -> str:
    """The digest under which a body is kept: SHA-256, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


class Snapshots:
    """The snapshots of an archive; writes belong inside a transaction of the caller."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._recent = ("", b"")  # digest and bytes of the keyframe used last: neighbours share theirs

    def put(self, data: bytes, *, chain: str) -> int:
        """Keep ``data`` and return its snapshot's number; bytes known already are not kept twice."""
        digest = body_digest(data)
        number = self._number(digest)
        if number is not None and self._packed(number):
            return number
        if number is None:  # else they were pruned, and here they are again
            cursor = self._db.execute("INSERT INTO snapshot (sha256, size) VALUES (?, ?)", [digest, len(data)])
            number = int(cursor.lastrowid or 0)
        chained = _KEYFRAME_LEAST <= len(data) <= _KEYFRAME_LIMIT
        keyframe = self._keyframe(chain) if chained else None
        packed = _pack(data, dictionary=self._dictionary(keyframe))
        self._db.execute(
            "INSERT INTO packed (snapshot, keyframe, data, crc) VALUES (?, ?, ?, ?)",
            [number, keyframe, packed, zlib.crc32(packed)],
        )
        if chained:
            self._note_use(chain, number, keyframe, size=len(packed))
        return number

    def known(self, data: bytes) -> bool:
        """Whether these very bytes are kept already."""
        number = self._number(body_digest(data))
        return number is not None and self._packed(number)

    def get(self, sha256: str) -> bytes:
        """The bytes with this digest, checked against it. Raises StoreError where they are not to be had."""
        number = self._number(sha256)
        if number is None:
            raise StoreError(f"the archive holds no snapshot {sha256}")
        return self.read(number, sha256=sha256)

    def read(self, number: int, *, sha256: str) -> bytes:
        """The bytes of snapshot ``number``, checked against their digest."""
        try:
            data = self._unpack(number)
        except (zstandard.ZstdError, TypeError, MemoryError) as error:  # a changed bit makes a number of bytes
            raise StoreError(f"snapshot {sha256} is damaged: {error}") from error
        if body_digest(data) != sha256:
            raise StoreError(f"snapshot {sha256} is damaged: its bytes have another digest")
        return data

    def release_keyframe(self, number: int, *, going: Collection[int]) -> None:
        """Make what was compressed with snapshot ``number`` independent of it, but for those ``going`` too.

        The first that stays becomes the keyframe of the rest. Raises StoreError where one cannot be read.
        """
        self._db.execute("DELETE FROM keyframe WHERE snapshot = ?", [number])
        rows = self._db.execute(
            "SELECT packed.snapshot, sha256 FROM packed JOIN snapshot ON snapshot.id = packed.snapshot"
            " WHERE keyframe = ? ORDER BY packed.snapshot",
            [number],
        ).fetchall()
        keyframe, dictionary = None, b""
        for dependent, sha256 in rows:
            if dependent in going:
                continue
            data = self.read(dependent, sha256=sha256)
            packed = _pack(data, dictionary=dictionary)
            self._db.execute(
                "UPDATE packed SET keyframe = ?, data = ?, crc = ? WHERE snapshot = ?",
                [keyframe, packed, zlib.crc32(packed), dependent],
            )
            if keyframe is None:
                keyframe, dictionary = dependent, data

    def _number(self, sha256: str) -> int | None:
        row = self._db.execute("SELECT id FROM snapshot WHERE sha256 = ?", [sha256]).fetchone()
        return None if row is None else int(row[0])

    def _keyframe(self, chain: str) -> int | None:
        """The keyframe for the next snapshot of ``chain``; None where that shall become one itself.

        Beside the fixed number of uses: pages drift away from their keyframe, and once what the drift has cost
        (the bytes above those of the leanest use) exceeds what the keyframe cost, a new one pays.
        """
        row = self._db.execute(
            "SELECT snapshot FROM keyframe WHERE chain = ? AND used < ? AND spent - least * (used - 1) <= cost",
            [chain, KEYFRAME_EVERY],
        ).fetchone()
        return None if row is None else int(row[0])

    def _note_use(self, chain: str, number: int, keyframe: int | None, *, size: int) -> None:
        if keyframe is None:
            self._db.execute(
                "INSERT OR REPLACE INTO keyframe (chain, snapshot, used, cost) VALUES (?, ?, 1, ?)",
                [chain, number, size],
            )
            return
        self._db.execute(
            "UPDATE keyframe SET used = used + 1, spent = spent + :size,"
            " least = CASE WHEN used = 1 THEN :size ELSE min(least, :size) END WHERE chain = :chain",
            {"size": size, "chain": chain},
        )

    def _unpack(self, number: int) -> bytes:
        row = self._db.execute("SELECT keyframe, data FROM packed WHERE snapshot = ?", [number]).fetchone()
        if row is None:
            raise self._missing(number)
        keyframe, packed = row
        return _unpack(packed, dictionary=self._dictionary(keyframe))

    def _packed(self, number: int) -> bool:
        return self._db.execute("SELECT 1 FROM packed WHERE snapshot = ?", [number]).fetchone() is not None

    def _missing(self, number: int) -> StoreError:
        """Why the bytes of a snapshot are not there."""
        try:
            row = self._db.execute(
                "SELECT at, policy FROM tombstone WHERE snapshot = ? ORDER BY id DESC LIMIT 1", [number]
            ).fetchone()
        except sqlite3.OperationalError:  # an archive of an earlier version, which could not prune
            row = None
        if row is None:
            return StoreError(f"the bytes of snapshot number {number} are missing")
        return BytesPruned(f"its bytes were pruned on {row[0][:10]} by policy: {row[1]}")

    def _dictionary(self, keyframe: int | None) -> bytes:
        """The bytes of a keyframe. Kept by digest: a number may be given anew after a transaction that failed."""
        if keyframe is None:
            return b""
        row = self._db.execute("SELECT sha256 FROM snapshot WHERE id = ?", [keyframe]).fetchone()
        if row is None:
            raise StoreError(f"the keyframe number {keyframe} is missing")
        recent = self._recent
        if recent[0] != row[0]:
            recent = self._recent = (row[0], self._unpack(keyframe))
        return recent[1]


def _pack(data: bytes, *, dictionary: bytes) -> bytes:
    if not dictionary:
        return _zstandard.compressor.compress(data)
    parameters = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(data), dict_size=len(dictionary)
    )
    raw = zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(dict_data=raw, compression_params=parameters).compress(data)


def _unpack(packed: bytes, *, dictionary: bytes) -> bytes:
    if not dictionary:
        return _zstandard.decompressor.decompress(packed)
    raw = zstandard.ZstdCompressionDict(dictionary, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdDecompressor(dict_data=raw).decompress(packed)


class _Local(threading.local):
    """A compressor and a decompressor for each thread: costly to make, and not to be shared."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=_KEYFRAME_LEVEL)
        self.decompressor = zstandard.ZstdDecompressor()


_zstandard = _Local()
