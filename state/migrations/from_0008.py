"""Notes, copies, stamps and tombstones; texts by stream."""

from __future__ import annotations

from sqlite_utils import Database

from state.append_only import trigger_statements
from state.migrations.registry import migrations
from state.serialisation.nouns import pack, unpack


@migrations(name="0008-rounds")
def _rounds(db: Database) -> None:
    """Which captures were recorded together: the number of the first of them. Before, each stood alone."""
    db.table("capture").add_column("round", int, not_null_default=0)


@migrations(name="0009-definitions-apart")
def _definitions(db: Database) -> None:
    """Definitions beside the rest of a release's facts instead of among them."""
    db.table("facts").add_column("definitions", bytes)
    for number, head in db.execute("SELECT release, head FROM facts").fetchall():
        body = unpack(head)
        packed = pack(body.pop("definitions", []))
        db.execute("UPDATE facts SET head = ?, definitions = ? WHERE release = ?", [pack(body), packed, number])


@migrations(name="0010-notes-and-copies")
def _notes_and_copies(db: Database) -> None:
    """What people wrote beside findings and releases, and the copies that a web archive was asked for."""
    db.table("note").create(
        {"id": int, "finding": str, "release": int, "author": str, "words": str, "at": str},
        pk="id",
        foreign_keys=[("release", "release", "no")],
        not_null={"author", "words", "at"},
        strict=True,
    )
    db.table("note").create_index(["finding"])
    db.table("note").create_index(["release"])
    for statement in trigger_statements(("note",)).values():
        db.execute(statement)
    db.table("copy").create(
        {
            "id": int,
            "release": int,
            "url": str,
            "state": str,
            "attempts": int,
            "wanted_at": str,
            "not_before": str,
            "job": str,
            "address": str,
            "trouble": str,
        },
        pk="id",
        foreign_keys=[("release", "release", "no")],
        not_null={"release", "url", "state", "wanted_at", "not_before"},
        defaults={"attempts": 0},
        strict=True,
    )
    db.table("copy").create_index(["release"], unique=True)
    db.table("copy").create_index(["state", "not_before"])


@migrations(name="0011-stamps-and-tombstones")
def _stamps_and_tombstones(db: Database) -> None:
    """Time stamps of the chain's head, why bytes were let go, and which sources are not for the public."""
    db.table("stamp").create(
        {"id": int, "seq": int, "entry": str, "authority": str, "at": str, "reply": bytes},
        pk="id",
        not_null={"seq", "entry", "authority", "at", "reply"},
        strict=True,
    )
    db.table("stamp").create_index(["seq"])
    db.table("tombstone").create(
        {"id": int, "snapshot": int, "at": str, "policy": str},
        pk="id",
        foreign_keys=[("snapshot", "snapshot", "id")],
        not_null={"snapshot", "at", "policy"},
        strict=True,
    )
    db.table("tombstone").create_index(["snapshot"])
    for statement in trigger_statements(("stamp", "tombstone")).values():
        db.execute(statement)
    db.table("publication").create({"source": str, "public": int}, pk="source", not_null={"public"}, strict=True)


@migrations(name="0012-texts-by-stream")
def _texts_by_stream(db: Database) -> None:
    """Where a text was seen as a number instead of three names; shorter digests: a fifth of the bytes."""
    db.table("stream").create(
        {"id": int, "source": str, "series": str, "document": str},
        pk="id",
        not_null={"source", "series", "document"},
        strict=True,
    )
    db.table("stream").create_index(["source", "series", "document"], unique=True)
    db.execute(
        "INSERT INTO stream (source, series, document) SELECT DISTINCT source, series, document FROM text_seen"
    )
    db.execute("ALTER TABLE text_seen RENAME TO text_seen_before")
    db.execute(
        "CREATE TABLE text_seen (text INTEGER NOT NULL REFERENCES text (id), stream INTEGER NOT NULL"
        " REFERENCES stream (id), first INTEGER NOT NULL REFERENCES release (no), last INTEGER"
        " REFERENCES release (no), PRIMARY KEY (text, stream, first)) STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE INDEX text_standing ON text_seen (stream) WHERE last IS NULL")
    db.execute(
        "INSERT OR IGNORE INTO text_seen (text, stream, first, last) SELECT text, stream.id, first, last"
        " FROM text_seen_before JOIN stream USING (source, series, document)"
    )
    db.execute("DROP TABLE text_seen_before")
    db.execute("UPDATE text SET digest = substr(digest, 1, 16)")


@migrations(name="0013-contents-by-difference")
def _contents_by_difference(db: Database) -> None:
    """On which other content the content of a table depends: most differ in a few cells."""
    db.table("table_content").add_column("base", int)


@migrations(name="0014-outbox-together")
def _outbox_together(db: Database) -> None:
    """Of which finding an alert tells, and which alerts go out as one message."""
    db.table("outbox").add_column("finding", str, not_null_default="")
    db.table("outbox").add_column("batch", str, not_null_default="")
    db.table("outbox").create_index(["finding", "destination"])
