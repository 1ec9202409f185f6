"""Alterations of every table by SQL, with the triggers taken away and put back, and bytes flipped by chance.

Each alteration has to be found, and named: what ``verify`` says of it speaks of what was altered. A flipped byte
has to be found too, or to touch nothing that is read: every row of every table is the same as before.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from benchmarks.archiving.figures import Figure, at_least
from state.document import Definition
from state.errors import UNREADABLE, StoreError
from state.ledger.stamp_roots import Trust
from state.ledger.verify import verify_file
from state.model import Reading, Release, Verdict
from state.pruning import Policy
from state.store import Store
from state.triage import How, Standing
from tests.state.examples import SOURCE, alert, capture, condition, facts, finding, hours, table

_ROUNDS: Final = 12
_LEAST: Final = 50  # alterations


@dataclass(frozen=True)
class Alteration:
    """What somebody with the file and SQLite's shell may do; one of ``words`` is in what is said of it."""

    what: str
    sql: str
    words: tuple[str, ...]


_NOUNS: Final = {
    "look": ("capture", "entry", "entries"),
    "origin": ("entry", "capture"),
    "address": ("entry", "capture"),
    "answer": ("entry", "capture"),
    "ledger": ("entry", "entries", "head"),
    "snapshot": ("entry", "bytes", "snapshot"),
    "packed": ("bytes", "snapshot"),
    "occurrence": ("event", "finding"),
    "finding": ("finding", "statement"),
    "placed": ("release", "order", "place"),
    "stream": ("release", "order", "stream"),
    "table_content": ("table",),
    "table_facts": ("table",),
    "text_bundle": ("text",),
    "text_seen": ("text",),
    "publication": ("publi",),
}

_SQL: Final = {
    "snapshot": (
        ("a digest is changed", "UPDATE snapshot SET sha256 = replace(sha256, '1', '2') WHERE id = 3"),
        ("a length is changed", "UPDATE snapshot SET size = size + 1 WHERE id = 3"),
        ("a row is deleted", "DELETE FROM snapshot WHERE id = (SELECT body FROM look WHERE id = 3)"),
    ),
    "packed": (
        (
            "the bytes of one stand for another",
            "UPDATE packed SET (data, crc, keyframe) = (SELECT data, crc, keyframe FROM packed WHERE snapshot ="
            " (SELECT body FROM look WHERE id = 2)) WHERE snapshot = (SELECT body FROM look WHERE id = 6)",
        ),
        ("bytes are deleted", "DELETE FROM packed WHERE snapshot = (SELECT body FROM look WHERE id = 6)"),
    ),
    "tombstone": (
        (
            "bytes go, and a policy is forged",
            "DELETE FROM packed WHERE snapshot = (SELECT body FROM look WHERE id = 6);"
            " INSERT INTO tombstone (snapshot, at, policy) SELECT body, '2026-02-02T09:00:00.000000Z', 'wire'"
            " FROM look WHERE id = 6",
        ),
        ("a policy is changed", "UPDATE tombstone SET policy = 'by order'"),
        ("a day is changed", "UPDATE tombstone SET at = '2025-01-01T00:00:00.000000Z'"),
    ),
    "origin": (("a source is renamed", "UPDATE origin SET source = 'ice/other'"),),
    "address": (("an address is changed", "UPDATE address SET url = url || '?v=2'"),),
    "answer": (
        ("a verdict is changed", "UPDATE answer SET verdict = 'present' WHERE verdict = 'gone'"),
        ("a status is changed", "UPDATE answer SET status = 200 WHERE status = 404"),
    ),
    "look": (
        ("a time is moved", "UPDATE look SET at = '2025-02-02T09:00:00.000000Z' WHERE id = 4"),
        ("a body is exchanged", "UPDATE look SET body = (SELECT body FROM look WHERE id = 2) WHERE id = 6"),
        ("the newest goes, with its entry", "DELETE FROM look WHERE id = (SELECT max(id) FROM look);"
         " DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)"),
        ("one is made up", "INSERT INTO look (at, elapsed, headers, body, origin, address, answer)"
         " SELECT at, elapsed, headers, body, origin, address, answer FROM look WHERE id = 4"),
    ),
    "ledger": (
        ("an entry is deleted", "DELETE FROM ledger WHERE seq = 5"),
        ("a digest is changed", "UPDATE ledger SET entry = randomblob(32) WHERE seq = 5"),
    ),
    "stamp": (
        ("the time of asking is moved", "UPDATE stamp SET at = '2025-02-02T09:00:00.000000Z'"),
        ("it goes", "DELETE FROM stamp"),
        ("a reply is exchanged", "UPDATE stamp SET reply = x'3003020100'"),
    ),
    "linked": (
        ("a link is deleted", "DELETE FROM linked"),
        ("the words of a link are changed", "UPDATE linked SET text = 'Other'"),
    ),
    "publication": (
        ("a private source becomes public", "UPDATE publication SET public = 1 - public"),
        ("it is forgotten", "DELETE FROM publication"),
    ),
    "release": (
        ("a date is moved", "UPDATE release SET at = '2025-02-02T09:00:00.000000Z' WHERE no = 2"),
        ("its capture is another", "UPDATE release SET capture = 2 WHERE no = 4"),
        ("it says that it alerts nobody", "UPDATE release SET technical = 1 WHERE no = 3"),
        ("its id is another", "UPDATE release SET id = 'other' WHERE no = 3"),
    ),
    "judged": (("one waits to be judged again", "UPDATE judged SET at = NULL WHERE release = 2"),),
    "questioned": (
        ("one is out of the order", "INSERT INTO questioned SELECT no, capture, at FROM release WHERE no = 2"),
    ),
    "stream": (("a document is renamed", "UPDATE stream SET document = 'other'"),),
    "placed": (
        ("two exchange their places", "UPDATE placed SET place = 5 - place WHERE place IN (2, 3)"),
        ("the date of which one speaks is moved", "UPDATE placed SET as_of = '2020-01-01' WHERE release = 3"),
        ("one is taken out", "DELETE FROM placed WHERE release = 3"),
    ),
    "glossary": (("a definition is exchanged", "UPDATE glossary SET data = (SELECT head FROM facts LIMIT 1)"),),
    "facts": (
        ("those of one stand for another", "UPDATE facts SET head = (SELECT head FROM facts WHERE release = 1)"
         " WHERE release = 3"),
        ("they are deleted", "DELETE FROM facts WHERE release = 3"),
    ),
    "table_content": (
        ("figures are exchanged", "UPDATE table_content SET (data, base) = (SELECT data, base FROM table_content"
         " WHERE id = 1) WHERE id = 2"),
        ("a digest is changed", "UPDATE table_content SET digest = 'other' WHERE id = 2"),
    ),
    "table_facts": (
        ("one points to another's figures", "UPDATE table_facts SET content = 1 WHERE release = 3"),
        ("a table is renamed", "UPDATE table_facts SET key = 'other' WHERE release = 3"),
        ("one is deleted", "DELETE FROM table_facts WHERE release = 3"),
    ),
    "reading": (("it is exchanged", "UPDATE reading SET data = (SELECT data FROM view LIMIT 1)"),),
    "view": (
        ("one stands for another", "UPDATE view SET data = (SELECT data FROM view WHERE release = 2)"
         " WHERE release = 3"),
        ("one is deleted", "DELETE FROM view WHERE release = 3"),
    ),
    "text": (("one is forgotten", "DELETE FROM text WHERE id = 2"),),
    "text_bundle": (
        ("words are exchanged", "UPDATE text_bundle SET data = (SELECT data FROM text_bundle ORDER BY first"
         " LIMIT 1)"),
    ),
    "text_seen": (
        ("a text was there earlier", "UPDATE text_seen SET first = 1 WHERE text = 3"),
        ("a text was never there", "DELETE FROM text_seen WHERE text = 2"),
    ),
    "finding": (
        ("a severity is lowered", "UPDATE finding SET severity = 'info' WHERE id = 1"),
        ("a title is changed", "UPDATE finding SET title = 'Nothing fell' WHERE id = 1"),
        ("it points to another event", "UPDATE finding SET latest = 2 WHERE id = 1"),
        ("it is deleted, with all that was said", "DELETE FROM occurrence WHERE finding = 1;"
         " DELETE FROM finding WHERE id = 1"),
    ),
    "occurrence": (
        ("what was said is exchanged", "UPDATE occurrence SET body = (SELECT body FROM occurrence WHERE id = 1)"
         " WHERE id = 2"),
        ("an event is deleted", "DELETE FROM occurrence WHERE id = 2"),
        ("a time is moved", "UPDATE occurrence SET at = '2025-02-02T09:00:00.000000Z' WHERE id = 2"),
        ("it is taken back", "UPDATE occurrence SET retracted_at = at WHERE id = 2"),
        ("a severity is lowered", "UPDATE occurrence SET severity = 'info' WHERE id = 2"),
    ),
    "note": (
        ("one is forged under a name", "INSERT INTO note (finding, author, words, at) SELECT finding, author,"
         " 'I made it up', at FROM note"),
        ("words are changed", "UPDATE note SET words = 'I made it up'"),
        ("an author is changed", "UPDATE note SET author = 'somebody'"),
        ("it goes", "DELETE FROM note"),
    ),
    "triage": (
        ("a decision is changed", "UPDATE triage SET standing = 'false-alarm'"),
        ("one is forged", "INSERT INTO triage (event, standing, author, note, at) SELECT event, 'false-alarm',"
         " author, '', at FROM triage"),
        ("it goes", "DELETE FROM triage"),
    ),
    "silence": (
        ("one is forged", "INSERT INTO silence (subject, how, author, note, at) SELECT subject, 'paused', author,"
         " '', at FROM silence"),
        ("it goes", "DELETE FROM silence"),
    ),
    "outbox": (
        ("a message is exchanged", "UPDATE outbox SET message = (SELECT message FROM outbox WHERE id = 1)"
         " WHERE id = 2"),
        ("one counts as sent", "UPDATE outbox SET state = 'sent' WHERE id = 1"),
        ("one is dropped", "DELETE FROM outbox WHERE id = 1"),
    ),
    "copy": (("an address is made up", "UPDATE copy SET address = 'https://web.archive.org/web/1/x'"),),
}  # fmt: skip
"""By table: what is altered, and how."""

WORKING_STATE: Final = frozenset({"keyframe", "upkeep", "text_indexed", "judged", "outbox", "copy", "linked"})
"""Tables that say what the program is about to do: nothing that is claimed of the past rests on them."""


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Alterations by SQL, then bytes flipped by chance."""
    with tempfile.TemporaryDirectory() as folder:
        archive, tried = Path(folder) / "archive.db", Path(folder) / "tried.db"
        make_archive(archive)
        yield from _alterations(archive, tried)
        yield from _flips(archive, tried, random.Random(options.seed), options.tries)


def alterations(archive: Path) -> Iterator[Alteration]:
    """All of them; a table that none is written for loses a row."""
    for name, pairs in _SQL.items():
        for what, sql in pairs:
            yield Alteration(f"{name}: {what}", sql, (name, *_NOUNS.get(name, ())))
    with closing(sqlite3.connect(archive)) as db:
        rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (name,) in rows:
        if name not in _SQL and not name.startswith(("sqlite_", "text_search")):
            sql = f"DELETE FROM {name} WHERE rowid = (SELECT max(rowid) FROM {name})"
            yield Alteration(f"{name}: a row is deleted", sql, (name,))


def _alterations(archive: Path, tried: Path) -> Iterator[Figure]:
    wanted = list(alterations(archive))
    missed, unnamed = [], []
    for each in wanted:
        alter(archive, tried, each.sql)
        said = faults_of(tried)
        if not said:
            missed.append(each)
        elif not any(word in line.lower() for line in said for word in each.words):
            unnamed.append(each)
    yield at_least("alterations by SQL", len(wanted), least=_LEAST)
    claimed = [each for each in missed if each.what.partition(":")[0] not in WORKING_STATE]
    found = len(wanted) - len(missed)
    yield Figure("of these found", f"{found}", "all but of working state", held=not claimed)
    yield Figure("of these named for what they are", f"{found - len(unnamed)}", f"{found}", held=not unnamed)
    for each in missed:
        held = None if each not in claimed else False
        yield Figure(f"not found: {each.what}", "working state" if held is None else "", held=held)
    for each in unnamed:
        yield Figure(f"not named: {each.what}", "", held=False)


def alter(archive: Path, tried: Path, sql: str) -> None:
    """Do it as somebody would who knows of the triggers. Raises where nothing is altered by it."""
    _put(tried, archive.read_bytes())
    with closing(sqlite3.connect(tried, isolation_level=None)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        before = db.total_changes
        db.executescript(sql)
        if db.total_changes == before:
            raise AssertionError(f"alters nothing: {sql}")
        for _, statement in triggers:
            db.execute(statement)


def faults_of(archive: Path) -> list[str]:
    """What the check of a file says is wrong with it."""
    try:
        return [f"{fault.flaw.value}: {fault.what}" for fault in verify_file(archive).faults]
    except StoreError as error:
        return [str(error)]


def _flips(archive: Path, tried: Path, chance: random.Random, tries: int) -> Iterator[Figure]:
    whole, rows = archive.read_bytes(), _rows_of(archive)
    found, harmless, missed = 0, 0, []
    for _ in range(tries):
        place, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
        changed = bytearray(whole)
        changed[place] ^= bit
        _put(tried, bytes(changed))
        if faults_of(tried):
            found += 1
            continue
        differs = sorted(name for name, said in _rows_of(tried).items() if said != rows.get(name))
        harmless += not differs
        if differs:
            missed.append(f"byte {place:,}: {', '.join(differs)}")
    claimed = [each for each in missed if not set(each.partition(": ")[2].split(", ")) <= WORKING_STATE]
    yield Figure(f"bytes flipped by chance: of {tries:,} found", f"{found:,}")
    wanted = "the rest but working state"
    yield Figure("touching nothing that is read", f"{harmless:,}", wanted, held=not claimed)
    for each in missed:
        yield Figure(f"not found: {each}", "", held=False if each in claimed else None)


def _put(path: Path, data: bytes) -> None:
    for suffix in ("-wal", "-shm", "-journal", ".head"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.write_bytes(data)


def _rows_of(path: Path) -> dict[str, Any]:
    """Every row of every table, and the tables' own statements, as far as they can be read."""
    found: dict[str, Any] = {}
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        db.text_factory = bytes
        try:
            rows = db.execute("SELECT * FROM sqlite_master ORDER BY rowid").fetchall()
            found["sqlite_master"] = [tuple(map(_as_taken, row)) for row in rows]
        except UNREADABLE as error:
            return {"sqlite_master": str(error)}
        for kind, name, *_ in found["sqlite_master"]:
            if kind != b"table" or name == b"text_search":
                continue
            try:
                found[name.decode()] = db.execute(f"SELECT * FROM {name.decode()}").fetchall()
            except UNREADABLE as error:
                found[name.decode()] = str(error)
    return found


def _as_taken(sql: object) -> object:
    """A statement as SQLite takes it: comments and the case of letters mean nothing."""
    return re.sub(rb"--[^\n]*", b"", sql).lower() if isinstance(sql, bytes) else sql


def make_archive(path: Path) -> None:
    """An archive with something in every table."""
    source = replace(SOURCE, public=False)
    with Store(path) as store:
        store.record(source, [capture("a wall", -1, verdict=Verdict.BLOCKED, status=403)])
        for number in range(_ROUNDS):
            body = f"<p>edition {number}</p>" + f"<td>{number}</td>" * 400
            gone = number % 4 == 3
            verdict = Verdict.GONE if gone else Verdict.PRESENT
            wire = None if gone else f"wire {number}".encode()
            seen = capture("" if gone else body, number, verdict=verdict, wire=wire)
            for release in store.record(source, [replace(seen, link_text="Statistics")]):
                _say(store, release, number)
        _more(store, store.archive.last_release(SOURCE.id, "page"))
        store.prune(store.plan_pruning(Policy.FAILURES, before=hours(3)), at=hours(40))


def _say(store: Store, release: Release, number: int) -> None:
    said = (finding(id=f"f{number}"), condition(id=f"c{number}"))
    definitions = (Definition("Level 1", f"felony, as of {number // 3}"),)
    store.report(
        source=SOURCE.id,
        series="page",
        release=release,
        facts=facts(release.id, release.at, tables=(table(number),), definitions=definitions),
        reading=Reading("extractor", b"document of an edition"),
        texts=[("Heading", f"words of edition {number}"), ("Heading", f"more of {number // 2}")],
        view={"title": number},
        findings=said,
        alerts=[alert(f"e{number}", finding=said[0].id)],
        at=release.at,
    )


def _more(store: Store, release: Release | None) -> None:
    """What people say and ask for."""
    assert release is not None
    event = store._db.execute("SELECT event FROM occurrence WHERE id = 1").fetchone()[0]
    store.notes.add(event, "Seen, and asked them.", author="editor", at=hours(30))
    store.triage.decide(event, Standing.CONFIRMED, author="editor", at=hours(31))
    store.triage.silence(SOURCE.id, How.PAUSED, author="editor", at=hours(32))
    store.copies.want([release], at=hours(33))
    post = partial(_answer, b"no stamp")
    store.stamp_head(["http://stamps.example/"], post=post, at=hours(34), trust=Trust())


def _answer(reply: bytes, url: str, request: bytes) -> bytes:
    del url, request
    return reply
