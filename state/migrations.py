"""The archive's tables, as numbered migrations that are applied in order and never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from state.records import pack, unpack

_BYTES_AND_CAPTURES = ("snapshot", "capture", "ledger", "release")

APPEND_ONLY = (*_BYTES_AND_CAPTURES, "note", "stamp", "tombstone")
"""Tables whose rows never change and never go."""

migrations = Migrations("archive")


def trigger_statements(tables: Sequence[str] = APPEND_ONLY) -> dict[str, str]:
    """The triggers that hold append-only tables, by name."""
    statements = {}
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            statements[name] = (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    return statements


@migrations(name="0001-captures")
def _captures(db: Database) -> None:
    """Bytes, captures, their ledger and the releases they brought."""
    db.table("snapshot").create(
        {"id": int, "sha256": str, "size": int}, pk="id", not_null={"sha256", "size"}, strict=True
    )
    db.table("snapshot").create_index(["sha256"], unique=True)
    db.table("packed").create(
        {"snapshot": int, "keyframe": int, "data": bytes},
        pk="snapshot",
        foreign_keys=[("snapshot", "snapshot", "id"), ("keyframe", "snapshot", "id")],
        not_null={"data"},
        strict=True,
    )
    db.table("keyframe").create(
        {"chain": str, "snapshot": int, "used": int},
        pk="chain",
        foreign_keys=[("snapshot", "snapshot", "id")],
        strict=True,
    )
    _capture_table(db)
    db.table("ledger").create(
        {"seq": int, "capture": int, "entry": str},
        pk="seq",
        foreign_keys=[("capture", "capture", "id")],
        not_null={"capture", "entry"},
        strict=True,
    )
    db.table("ledger").create_index(["capture"], unique=True)
    _release_table(db)
    db.table("linked").create(
        {"source": str, "series": str, "url": str, "text": str, "first_at": str, "last_at": str},
        pk=("source", "series", "url"),
        strict=True,
    )
    db.table("upkeep").create({"name": str, "at": str}, pk="name", strict=True)
    for statement in trigger_statements(_BYTES_AND_CAPTURES).values():
        db.execute(statement)


def _capture_table(db: Database) -> None:
    db.table("capture").create(
        {
            "id": int,
            "source": str,
            "series": str,
            "url": str,
            "final_url": str,
            "at": str,
            "elapsed": float,
            "verdict": str,
            "status": int,
            "reason": str,
            "media_type": str,
            "file_name": str,
            "link_text": str,
            "memento": int,
            "peer": str,
            "headers": int,
            "body": int,
            "wire": int,
            "certificate": int,
            "redirects": int,
            "revisit_of": int,
        },
        pk="id",
        foreign_keys=[
            ("headers", "snapshot", "id"),
            ("body", "snapshot", "id"),
            ("wire", "snapshot", "id"),
            ("certificate", "snapshot", "id"),
            ("redirects", "snapshot", "id"),
            ("revisit_of", "capture", "id"),
        ],
        not_null={"source", "series", "url", "final_url", "at", "verdict"},
        strict=True,
    )
    db.table("capture").create_index(["source", "series", "at"])
    db.table("capture").create_index(["url", "at"])


def _release_table(db: Database) -> None:
    db.table("release").create(
        {
            "no": int,
            "id": str,
            "source": str,
            "series": str,
            "document": str,
            "capture": int,
            "at": str,
            "technical": int,
        },
        pk="no",
        foreign_keys=[("capture", "capture", "id")],
        not_null={"id", "source", "series", "document", "capture", "at"},
        strict=True,
    )
    db.table("release").create_index(["id"], unique=True)
    db.table("release").create_index(["source", "series", "document", "at"])


@migrations(name="0002-what-was-read")
def _readings(db: Database) -> None:
    """What history keeps of a release: facts, tables, texts for search, and the newest reading."""
    db.table("facts").create(
        {"release": int, "head": bytes},
        pk="release",
        foreign_keys=[("release", "release", "no")],
        not_null={"head"},
        strict=True,
    )
    db.table("table_content").create(
        {"id": int, "digest": str, "data": bytes}, pk="id", not_null={"digest", "data"}, strict=True
    )
    db.table("table_content").create_index(["digest"], unique=True)
    db.table("table_facts").create(
        {"release": int, "position": int, "key": str, "head": bytes, "content": int},
        pk=("release", "position"),
        foreign_keys=[("release", "release", "no"), ("content", "table_content", "id")],
        not_null={"key", "head", "content"},
        strict=True,
    )
    db.table("reading").create(
        {"source": str, "series": str, "document": str, "release": int, "extractor": str, "data": bytes},
        pk=("source", "series", "document"),
        foreign_keys=[("release", "release", "no")],
        not_null={"release", "extractor", "data"},
        strict=True,
    )
    db.table("text").create(
        {"id": int, "digest": bytes, "heading": str, "words": str},
        pk="id",
        not_null={"digest", "heading", "words"},
        strict=True,
    )
    db.table("text").create_index(["digest"], unique=True)
    db.execute(
        "CREATE VIRTUAL TABLE text_search USING fts5("
        "heading, words, content='text', content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    db.table("text_seen").create(
        {"id": int, "source": str, "series": str, "document": str, "text": int, "first": int, "last": int},
        pk="id",
        foreign_keys=[("text", "text", "id"), ("first", "release", "no"), ("last", "release", "no")],
        not_null={"source", "series", "document", "text", "first"},
        strict=True,
    )
    db.table("text_seen").create_index(["source", "series", "document", "last"])
    db.table("text_seen").create_index(["text"])


@migrations(name="0003-what-was-said")
def _findings(db: Database) -> None:
    """Findings under their fingerprints, their occurrences, and the outbox."""
    db.table("finding").create(
        {
            "id": int,
            "fingerprint": str,
            "source": str,
            "series": str,
            "document": str,
            "kind": str,
            "severity": str,
            "title": str,
            "first_at": str,
            "last_at": str,
            "occurrences": int,
            "state": str,
            "closed_at": str,
            "latest": int,
        },
        pk="id",
        not_null={"fingerprint", "source", "series", "document", "kind", "severity", "first_at", "last_at"},
        strict=True,
    )
    db.table("finding").create_index(["fingerprint"], unique=True)
    db.table("finding").create_index(["source", "series", "last_at"])
    db.table("occurrence").create(
        {
            "id": int,
            "finding": int,
            "at": str,
            "release": int,
            "before": int,
            "capture": int,
            "severity": str,
            "body": bytes,
        },
        pk="id",
        foreign_keys=[
            ("finding", "finding", "id"),
            ("release", "release", "no"),
            ("before", "release", "no"),
            ("capture", "capture", "id"),
        ],
        not_null={"finding", "at", "severity", "body"},
        strict=True,
    )
    db.table("occurrence").create_index(["finding"])
    db.table("occurrence").create_index(["release"])
    db.table("occurrence").create_index(["at"])
    _outbox_table(db)


def _outbox_table(db: Database) -> None:
    db.table("outbox").create(
        {
            "id": int,
            "event": str,
            "destination": str,
            "subject": str,
            "message": bytes,
            "bundle": int,
            "state": str,
            "attempts": int,
            "created_at": str,
            "not_before": str,
            "lease": str,
            "settled_at": str,
            "trouble": str,
        },
        pk="id",
        not_null={"event", "destination", "subject", "message", "state", "created_at", "not_before"},
        defaults={"attempts": 0, "bundle": 0},
        strict=True,
    )
    db.table("outbox").create_index(["event", "destination"], unique=True)
    db.table("outbox").create_index(["state", "not_before"])


@migrations(name="0004-side-by-side")
def _views(db: Database) -> None:
    """The differences from the release before, made at release time, as pages show them."""
    db.table("view").create(
        {"release": int, "data": bytes},
        pk="release",
        foreign_keys=[("release", "release", "no")],
        not_null={"data"},
        strict=True,
    )


@migrations(name="0005-drift-of-keyframes")
def _drift(db: Database) -> None:
    """What a keyframe cost and what its uses did, in bytes, so that a drifting page gets a new one in time."""
    for name in ("cost", "spent", "least"):
        db.table("keyframe").add_column(name, int, not_null_default=0)


@migrations(name="0006-judged")
def _judged(db: Database) -> None:
    """Which releases were judged, so that one whose round was killed in between is judged by the next."""
    db.table("judged").create(
        {"release": int, "at": str, "attempts": int},
        pk="release",
        foreign_keys=[("release", "release", "no")],
        not_null={"attempts"},
        defaults={"attempts": 0},
        strict=True,
    )
    db.execute("INSERT INTO judged (release, at) SELECT no, at FROM release")


@migrations(name="0007-captures-by-time")
def _captures_by_time(db: Database) -> None:
    """When a source was last looked at, asked by every round and by the front page."""
    db.table("capture").create_index(["source", "at"])


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
