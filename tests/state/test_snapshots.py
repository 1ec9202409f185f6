from __future__ import annotations

import hashlib
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.blobs.snapshots import KEYFRAME_EVERY, Snapshots
from state.database import open_archive, transaction
from state.errors import StoreError
from state.store import Store
from tests.budgets import examples
from tests.state.examples import SOURCE, capture


def _page(version: int) -> bytes:
    words = random.Random(1).choices([f"word{number}" for number in range(2000)], k=5000)
    words[version * 7 % 5000] = f"changed in version {version}"
    return " ".join(words).encode()


def test_every_version_comes_back_and_versions_cost_little(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    bodies = Snapshots(db)
    versions = [_page(version) for version in range(KEYFRAME_EVERY * 2 + 10)]
    with transaction(db):
        for body in versions:
            bodies.put(body, chain="page")
    for body in versions:
        assert bodies.get(hashlib.sha256(body).hexdigest()) == body
    stored = db.execute("SELECT sum(length(data)) FROM packed").fetchone()[0]
    assert sum(map(len, versions)) / stored > 20
    depth = db.execute(
        "SELECT count(*) FROM packed JOIN packed AS keyframe ON keyframe.snapshot = packed.keyframe"
        " WHERE keyframe.keyframe IS NOT NULL"
    ).fetchone()[0]
    assert depth == 0, "a keyframe depends on nothing"
    used = db.execute("SELECT count(*) FROM packed WHERE keyframe IS NULL").fetchone()[0]
    assert used == 3
    db.close()


def test_a_page_that_drifts_gets_a_new_keyframe_sooner(tmp_path: Path) -> None:
    dice = random.Random(5)
    db = open_archive(tmp_path / "archive.db")
    bodies = Snapshots(db)
    paragraphs = [dice.randbytes(150).hex() for _ in range(100)]
    with transaction(db):
        for _ in range(KEYFRAME_EVERY):
            for _ in range(5):
                paragraphs[dice.randrange(100)] = dice.randbytes(150).hex()
            bodies.put("\n".join(paragraphs).encode(), chain="page")
    keyframes, stored = db.execute("SELECT sum(keyframe IS NULL), sum(length(data)) FROM packed").fetchone()
    assert 3 <= keyframes <= 15
    assert stored < 300_000, "one keyframe for all takes 507,343 bytes"
    db.close()


@settings(max_examples=examples(40))
@given(st.lists(st.binary(max_size=400), min_size=1, max_size=12))
def test_any_bytes_in_any_order_come_back(tmp_path_factory: pytest.TempPathFactory, versions: list[bytes]) -> None:
    db = open_archive(tmp_path_factory.mktemp("bodies") / "archive.db")
    bodies = Snapshots(db)
    with transaction(db):
        numbers = [bodies.put(body, chain=f"chain {len(body) % 2}") for body in versions]
    assert len(set(numbers)) == len(set(versions))
    for body in versions:
        assert bodies.get(hashlib.sha256(body).hexdigest()) == body
    db.close()


def test_a_failed_transaction_leaves_no_false_dictionary(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    bodies = Snapshots(db)
    with pytest.raises(RuntimeError), transaction(db):
        bodies.put(b"first " * 100, chain="page")
        bodies.put(b"first " * 100 + b"and more", chain="page")
        raise RuntimeError
    with transaction(db):
        bodies.put(b"other " * 100, chain="page")
        bodies.put(b"other " * 100 + b"and more", chain="page")
    fresh = Snapshots(open_archive(tmp_path / "archive.db", read_only=True))
    for body in (b"other " * 100, b"other " * 100 + b"and more"):
        assert fresh.get(hashlib.sha256(body).hexdigest()) == body
    db.close()


def test_damaged_and_unknown_bytes_are_refused(store: Store) -> None:
    release = store.record(SOURCE, [capture("one " * 100)])[0]
    with pytest.raises(StoreError, match="holds no snapshot"):
        store.body("0" * 64)
    connection = sqlite3.connect(store.path)
    connection.execute(
        "UPDATE packed SET data = CAST(substr(data, 1, 8) || x'5a5a' || substr(data, 11) AS BLOB)"
        " WHERE snapshot = (SELECT id FROM snapshot WHERE sha256 = ?)",
        [release.sha256],
    )
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="damaged"):
        store.body(release.sha256)


def test_threads_that_read_at_the_same_time_get_their_own_bytes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    large = [random.Random(seed).randbytes(4000) * 20 for seed in range(4)]
    db = open_archive(path)
    with transaction(db):
        for body in large:
            Snapshots(db).put(body, chain=str(body[:8]))

    def read(body: bytes) -> int:
        bodies, digest = Snapshots(open_archive(path, read_only=True)), hashlib.sha256(body).hexdigest()
        return sum(bodies.get(digest) == body for _ in range(800))

    with ThreadPoolExecutor(len(large)) as pool:
        assert list(pool.map(read, large)) == [800] * len(large)
