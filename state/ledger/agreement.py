"""What rows of the archive must agree on, where they say the same thing twice or follow from each other.

The chain answers for captures. What is derived from them, and what was said of them, has digests and copies of its
own: a release has the time of its capture, a figure its digest, a finding its severity in words and in its row.
Packed data carries the checksum of its Zstandard frame, so that a changed bit shows where it is read.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from sqlite3 import Connection
from typing import Any, Final

import zstandard

from state.append_only import trigger_statements
from state.blobs.compression import MARK, SKELETON
from state.blobs.table_parts import Contents
from state.salvage import tables_of
from state.schema import VERSION, lay_out, views
from state.search.texts import digested
from state.serialisation.nouns import storable, unpack, unpack_bytes

PACKED: Final = {
    "facts": ("release", "head"),
    "table_facts": ("release", "head"),
    "view": ("release", "data"),
    "outbox": ("id", "message"),
}
"""Tables with packed JSON that nothing else is held against: the column that names a row, and the packed one."""

_UNPACKABLE: Final = (zstandard.ZstdError, TypeError, ValueError, KeyError, AttributeError, MemoryError)

_RELEASES: Final = (
    (
        "SELECT release.no FROM release JOIN look ON look.id = release.capture"
        " JOIN origin ON origin.id = look.origin"
        " WHERE release.at <> look.at OR release.source <> origin.source OR release.series <> origin.series"
        " OR look.body IS NULL OR look.revisit_of IS NOT NULL",
        "release number {} is not what its capture is: its source, its time, or that it brought a body",
    ),
    (
        "SELECT release.no FROM release JOIN placed ON placed.release = release.no JOIN stream ON"
        " stream.id = placed.stream WHERE release.source <> stream.source OR release.series <> stream.series"
        " OR release.document <> stream.document",
        "release number {} stands in the order of another document (stream)",
    ),
    (
        "SELECT no FROM release WHERE (no IN (SELECT release FROM placed))"
        " = (no IN (SELECT release FROM questioned))",
        "release number {} has no place in the order, or has one and is questioned",
    ),
    (
        "SELECT stream FROM placed GROUP BY stream HAVING min(place) <> 1 OR max(place) <> count(*)"
        " OR count(DISTINCT place) <> count(*)",
        "the places of the releases of stream number {} are not one after the other",
    ),
)
"""Queries for releases that contradict something, and what is said of each."""

_NAMED: Final = (
    ("outbox", "said", "SELECT event FROM occurrence WHERE event IS NOT NULL"),
    ("triage", "event", "SELECT event FROM occurrence WHERE event IS NOT NULL"),
    (
        "note",
        "finding",
        "SELECT fingerprint FROM finding UNION SELECT event FROM occurrence WHERE event IS NOT NULL",
    ),
)
"""What names an event or a finding, and where that must be."""


def contradictions(db: Connection) -> Iterator[str]:
    """A line for each contradiction. An archive of another version of the schema is passed over."""
    if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        return
    yield from _other_schema(db)
    yield from _other_columns(db)
    if db.execute("SELECT mark, data FROM dictionary").fetchall() != [(MARK, SKELETON)]:
        yield "the dictionary, which those need who read without this program, is another"
    for query, words in _RELEASES:
        for (number,) in db.execute(query):
            yield words.format(number)
    yield from _said(db)
    for table, column, where in _NAMED:
        rows = db.execute(
            f"SELECT rowid, {column} FROM {table} WHERE {column} <> '' AND {column} NOT IN ({where})"
        )
        for number, name in rows:
            yield f"{table} number {number} speaks of the finding or event {name}, which is gone"
    yield from _figures(db)
    yield from _texts(db)
    for table, (name, column) in PACKED.items():
        for number, data in db.execute(f"SELECT {name}, {column} FROM {table}"):
            if _unpacked(unpack, data) is None:
                yield f"{table} of number {number} cannot be unpacked: it was changed"


def _other_schema(db: Connection) -> Iterator[str]:
    """Triggers and views that have the names of those that are meant, and do something else."""
    wanted = trigger_statements() | views()
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchall()
    for name, sql in rows:
        if _squeezed(sql) != _squeezed(wanted.get(name, "")):
            yield f"the trigger or view {name} is not the one that this program makes"
    for name in views().keys() - {name for name, _ in rows}:  # triggers that are gone are told by themselves
        yield f"the view {name} is gone"


def _other_columns(db: Connection) -> Iterator[str]:
    """Tables that lack a column, or have one under another name."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as plain:
        lay_out(plain)
        tables = [table.name for table in tables_of(plain)]
        wanted = {name: _columns(plain, name) for name in tables}
    for name, columns in wanted.items():
        if _columns(db, name) != columns:
            yield f"the table {name} has other columns than this program makes"


def _columns(db: Connection, table: str) -> set[str]:
    return {str(row[1]).lower() for row in db.execute(f"PRAGMA table_info({table})")}


def _squeezed(sql: str) -> str:
    return " ".join(sql.replace("IF NOT EXISTS ", "").rstrip(" ;\n").split())


def _said(db: Connection) -> Iterator[str]:
    """Whether rows of what was said have what the finding itself says."""
    said: dict[int, tuple[set[str], set[str]]] = {}
    rows = db.execute(
        "SELECT occurrence.id, finding.id, occurrence.event, occurrence.severity, body, fingerprint, kind"
        " FROM occurrence LEFT JOIN finding ON finding.id = occurrence.finding ORDER BY occurrence.id"
    )
    for number, finding, event, severity, packed, fingerprint, kind in rows:
        body = _unpacked(unpack, packed)
        if body is None:
            yield f"event {event} (occurrence {number}) cannot be unpacked: it was changed"
            continue
        told = [body.get(name) for name in ("event", "severity", "id", "kind")]
        if told != [event, severity, fingerprint, kind]:
            yield f"event {event} (occurrence {number}) says other things than its row and its finding"
        severities, titles = said.setdefault(finding, (set(), set()))
        severities.add(str(body.get("severity")))
        titles.add(storable(str(body.get("title"))))
    rows = db.execute(
        "SELECT finding.id, finding.severity, title, fingerprint, occurrence.id FROM finding"
        " LEFT JOIN occurrence ON occurrence.id = finding.latest AND occurrence.finding = finding.id"
    )
    for finding, severity, title, fingerprint, latest in rows:
        severities, titles = said.get(finding, (set(), set()))
        if latest is None or severity not in severities or title not in titles:
            yield f"finding {fingerprint} is not what was said of it last"


def _figures(db: Connection) -> Iterator[str]:
    for number, digest, data in db.execute("SELECT id, digest, data FROM glossary"):
        found = _unpacked(unpack_bytes, data)
        if found is None or hashlib.sha256(found).digest() != digest:
            yield f"glossary number {number} (definitions) is not what its digest says"
    contents = Contents(db)
    for number, digest in db.execute("SELECT id, digest FROM table_content").fetchall():
        found = _unpacked(contents.data, number)
        if found is None or hashlib.sha256(found).hexdigest() != digest:
            yield f"table_content number {number} (figures of a table) is not what its digest says"


def _texts(db: Connection) -> Iterator[str]:
    """Whether the texts that search knows are those that are kept."""
    known = dict(db.execute("SELECT id, digest FROM text").fetchall())
    (indexed,) = db.execute("SELECT max(last) FROM text_indexed").fetchone()
    for first, count, data in db.execute("SELECT first, count, data FROM text_bundle ORDER BY first").fetchall():
        texts = _unpacked(unpack, data)
        if texts is None or len(texts) != count:
            yield f"text_bundle of number {first} (texts for search) cannot be unpacked, or was changed"
            continue
        for number, (heading, words) in enumerate(texts, start=first):
            if known.pop(number, None) != digested((heading, words))[0] and number <= (indexed or 0):
                yield f"text number {number} is not the one that search knows by its digest"
    for number in known:
        yield f"text number {number}, which search knows, is gone"


def _unpacked(read: Callable[[Any], Any], data: Any) -> Any:  # noqa: ANN401 - JSON is what it is
    try:
        return read(data)
    except _UNPACKABLE:
        return None


def is_packed(data: Any) -> bool:  # noqa: ANN401 - whatever stands in a damaged row
    """Whether packed JSON can be unpacked."""
    return _unpacked(unpack_bytes, data) is not None
