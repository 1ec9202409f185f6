"""Smaller rows: what repeats from look to look is kept once, and texts are kept together, compressed."""

from __future__ import annotations

import hashlib

from sqlite_utils import Database

from state.append_only import trigger_statements
from state.migrations.registry import migrations
from state.serialisation.nouns import digest_of, pack, unpack_bytes

_ANSWER = (
    "final_url", "verdict", "status", "reason", "media_type", "file_name", "link_text", "memento", "peer",
)  # fmt: skip


_TEXTS_A_BUNDLE = 50


@migrations(name="0015-looks")
def _looks(db: Database) -> None:
    """A capture as a narrow row that names its origin, its address and how it was answered; ``capture`` shows it.

    An address that is asked a thousand times answers in few ways: half a kilobyte a look becomes 150 bytes.
    """
    for verb in ("update", "delete"):
        db.execute(f"DROP TRIGGER capture_no_{verb}")
    for name in ("source_series_at", "url_at", "source_at"):
        db.execute(f"DROP INDEX idx_capture_{name}")
    db.execute("ALTER TABLE capture RENAME TO look")  # what refers to it follows
    _tables_of_looks(db)
    _fill_looks(db)
    for name in ("source", "series", "url", *_ANSWER):
        db.execute(f"ALTER TABLE look DROP COLUMN {name}")
    db.execute("CREATE INDEX look_of_origin ON look (origin, at)")
    db.execute("CREATE INDEX look_at_address ON look (address, at)")
    db.execute("CREATE INDEX look_with_body ON look (address, at) WHERE body IS NOT NULL")
    db.execute("CREATE INDEX look_of_body ON look (body) WHERE body IS NOT NULL")
    db.execute("CREATE INDEX release_of_look ON release (capture)")
    db.execute(_CAPTURE_VIEW)
    for statement in trigger_statements(("look", "origin", "address", "answer")).values():
        db.execute(statement)


def _tables_of_looks(db: Database) -> None:
    db.execute(
        "CREATE TABLE origin (id INTEGER PRIMARY KEY, source TEXT NOT NULL, series TEXT NOT NULL,"
        " UNIQUE (source, series)) STRICT"
    )
    db.execute("CREATE TABLE address (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE) STRICT")
    db.execute(
        "CREATE TABLE answer (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, final_url TEXT,"
        " verdict TEXT NOT NULL, status INTEGER, reason TEXT, media_type TEXT, file_name TEXT, link_text TEXT,"
        " memento INTEGER, peer TEXT) STRICT"
    )
    for table in ("origin", "address", "answer"):
        db.execute(f"ALTER TABLE look ADD COLUMN {table} INTEGER REFERENCES {table} (id)")


_CAPTURE_VIEW = """
    CREATE VIEW capture AS SELECT look.id, origin.source, origin.series, address.url,
        coalesce(answer.final_url, address.url) AS final_url, look.at, look.elapsed, answer.verdict, answer.status,
        answer.reason, answer.media_type, answer.file_name, answer.link_text, answer.memento, answer.peer,
        look.headers, look.body, look.wire, look.certificate, look.redirects, look.revisit_of, look.round
    FROM look JOIN origin ON origin.id = look.origin JOIN address ON address.id = look.address
        JOIN answer ON answer.id = look.answer
"""


def _fill_looks(db: Database) -> None:
    origins: dict[tuple[str, str], int] = {}
    addresses: dict[str, int] = {}
    answers: dict[tuple[object, ...], int] = {}
    numbers = []
    for number, source, series, url, final_url, *rest in db.execute(
        f"SELECT id, source, series, url, {', '.join(_ANSWER)} FROM look ORDER BY id"
    ):
        origin = origins.setdefault((source, series), len(origins) + 1)
        address = addresses.setdefault(url, len(addresses) + 1)
        answer = (None if final_url == url else final_url, *rest)
        numbers.append((origin, address, answers.setdefault(answer, len(answers) + 1), number))
    insert = db.conn.executemany
    insert("INSERT INTO origin (source, series, id) VALUES (?, ?, ?)", [(*key, id) for key, id in origins.items()])
    insert("INSERT INTO address (url, id) VALUES (?, ?)", addresses.items())
    marks = ", ".join("?" * (len(_ANSWER) + 2))
    insert(
        f"INSERT INTO answer ({', '.join(_ANSWER)}, digest, id) VALUES ({marks})",
        [(*answer, digest_of(answer), id) for answer, id in answers.items()],
    )
    insert("UPDATE look SET origin = ?, address = ?, answer = ? WHERE id = ?", numbers)


@migrations(name="0016-bytes-as-written")
def _bytes_as_written(db: Database) -> None:
    """A check of compressed bytes themselves: some of their bits change nothing of what they unpack to."""
    db.table("packed").add_column("crc", int)


@migrations(name="0017-texts-together")
def _texts_together(db: Database) -> None:
    """The texts that a release brought as one compressed bundle: singly they hardly shrink; the index alone."""
    db.execute("ALTER TABLE text_seen RENAME TO text_seen_before")
    db.execute("DROP INDEX text_standing")
    db.execute("ALTER TABLE text RENAME TO text_before")
    db.execute("DROP TABLE text_search")
    db.execute("CREATE TABLE text (digest BLOB PRIMARY KEY, id INTEGER NOT NULL) STRICT, WITHOUT ROWID")
    db.execute(
        "CREATE TABLE text_bundle (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, data BLOB NOT NULL) STRICT"
    )
    db.execute(
        "CREATE TABLE text_seen (text INTEGER NOT NULL, stream INTEGER NOT NULL REFERENCES stream (id),"
        " first INTEGER NOT NULL REFERENCES release (no), last INTEGER REFERENCES release (no),"
        " PRIMARY KEY (text, stream, first)) STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE INDEX text_standing ON text_seen (stream) WHERE last IS NULL")
    db.execute(
        "INSERT INTO text_seen (text, stream, first, last) SELECT text, stream, first, last FROM text_seen_before"
    )
    db.execute("INSERT INTO text (digest, id) SELECT digest, id FROM text_before")
    db.execute(
        "CREATE VIRTUAL TABLE text_search USING fts5("
        "heading, words, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')"
    )
    db.execute(
        "INSERT INTO text_search (rowid, heading, words) SELECT id, heading, words FROM text_before ORDER BY id"
    )
    rows = db.execute("SELECT id, heading, words FROM text_before ORDER BY id")
    while bundle := rows.fetchmany(_TEXTS_A_BUNDLE):
        db.execute(
            "INSERT INTO text_bundle (first, count, data) VALUES (?, ?, ?)",
            [bundle[0][0], len(bundle), pack([[heading, words] for _, heading, words in bundle])],
        )
    db.execute("CREATE TABLE text_indexed (last INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO text_indexed (last) SELECT coalesce(max(id), 0) FROM text_before")
    db.execute("DROP TABLE text_seen_before")
    db.execute("DROP TABLE text_before")


@migrations(name="0018-definitions-once")
def _definitions_once(db: Database) -> None:
    """The definitions of a release apart from it: most releases define their terms as the one before did."""
    db.execute(
        "CREATE TABLE glossary (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, data BLOB NOT NULL) STRICT"
    )
    db.execute("ALTER TABLE facts ADD COLUMN glossary INTEGER REFERENCES glossary (id)")
    for release, packed in db.execute("SELECT release, definitions FROM facts").fetchall():
        if packed is None:
            continue
        digest = hashlib.sha256(unpack_bytes(packed)).digest()
        db.execute("INSERT OR IGNORE INTO glossary (digest, data) VALUES (?, ?)", [digest, packed])
        db.execute(
            "UPDATE facts SET glossary = (SELECT id FROM glossary WHERE digest = ?) WHERE release = ?",
            [digest, release],
        )
    db.execute("ALTER TABLE facts DROP COLUMN definitions")


@migrations(name="0019-entries-as-bytes")
def _entries_as_bytes(db: Database) -> None:
    """Entries of the chain as the 32 bytes that they are."""
    for verb in ("update", "delete"):
        db.execute(f"DROP TRIGGER ledger_no_{verb}")
    db.execute("DROP INDEX idx_ledger_capture")
    db.execute("ALTER TABLE ledger RENAME TO ledger_before")
    db.execute(
        "CREATE TABLE ledger (seq INTEGER PRIMARY KEY, capture INTEGER NOT NULL REFERENCES look (id),"
        " entry BLOB NOT NULL) STRICT"
    )
    db.conn.executemany(
        "INSERT INTO ledger (seq, capture, entry) VALUES (?, ?, ?)",
        (
            (seq, capture, _bytes_of(entry))
            for seq, capture, entry in db.execute("SELECT seq, capture, entry FROM ledger_before ORDER BY seq")
        ),
    )
    db.execute("DROP TABLE ledger_before")
    db.execute("CREATE UNIQUE INDEX ledger_of_look ON ledger (capture)")
    for statement in trigger_statements(("ledger",)).values():
        db.execute(statement)


def _bytes_of(entry: str) -> bytes:
    """An entry; what is no hexadecimal number any more stays as wrong as it was, for ``verify`` to tell."""
    try:
        return bytes.fromhex(entry)
    except ValueError:
        return entry.encode("utf-8", "surrogatepass")
