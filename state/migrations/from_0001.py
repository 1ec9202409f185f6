"""Tables of the first versions: bytes, captures, what was read from them and said of them."""

from __future__ import annotations

from sqlite_utils import Database

from state.append_only import trigger_statements
from state.migrations.registry import migrations


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
    for statement in trigger_statements(("snapshot", "capture", "ledger", "release")).values():
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
