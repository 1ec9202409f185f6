"""How small bytes are kept, and how quickly they go in and come out: versions of pages, workbooks."""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.archiving.figures import Figure, at_least, counted, cpu_of, within
from benchmarks.making.statistics_pages import page
from state.blobs.snapshots import Bodies
from state.database import open_archive, transaction

PAGES = 500
VERSIONS = 50
_ROWS = 190  # so many make a page of 57 KB, all versions taken together
_READ = 5_000  # versions that are read back, drawn by chance


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Pages that change a little from version to version, then real workbooks, which are packed already."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _pages(Path(folder) / "pages.db", random.Random(options.seed))
        yield from _workbooks(Path(folder) / "workbooks.db", options.releases)


def _pages(path: Path, chance: random.Random) -> Iterator[Figure]:
    empty = _empty(path)
    db = open_archive(path)
    bodies = Bodies(db)
    put: list[float] = []
    raw = 0
    for version in range(VERSIONS):
        with transaction(db):
            for number in range(PAGES):
                body = page(number, version, rows=_ROWS)
                raw += len(body)
                put.append(cpu_of(partial(bodies.put, body, chain=f"page {number}")))
    digests = [row[0] for row in db.execute("SELECT sha256 FROM snapshot")]
    get = [cpu_of(partial(bodies.get, sha256)) for sha256 in chance.choices(digests, k=_READ)]
    db.close()
    yield Figure("pages x versions, bytes each", f"{PAGES} x {VERSIONS}, {raw / PAGES / VERSIONS / 1e3:.1f} KB")
    yield at_least("smaller than raw", raw / (path.stat().st_size - empty), least=40, unit=" x")
    yield within("put", put, most=1.0)
    yield within("get, any version, checked against its digest", get, most=0.5)


def _empty(path: Path) -> int:
    """Make an archive; how many bytes it has before anything is in it."""
    open_archive(path).close()
    return path.stat().st_size


def _workbooks(path: Path, folders: Sequence[Path]) -> Iterator[Figure]:
    found = sorted(file for folder in folders for file in folder.rglob("*.xlsx"))
    if not found:
        yield Figure("workbooks", "skipped", "--releases names none here")
        return
    differing, raw, added = _keep(path, found)
    yield Figure("workbooks", f"{len(found)}, {raw / 1e6:.1f} MB")
    yield at_least("workbooks: smaller than raw", raw / added, least=1.3, unit=" x")
    yield counted("workbooks that came back with other bytes", differing)


def _keep(path: Path, found: Sequence[Path]) -> tuple[int, int, int]:
    """How many came back changed; how many bytes they are in all, and by how many the archive grew."""
    empty = _empty(path)
    db = open_archive(path)
    bodies = Bodies(db)
    kept = [file.read_bytes() for file in found]
    for file, data in zip(found, kept, strict=True):
        with transaction(db):
            bodies.put(data, chain=file.parent.name)
    differing = sum(bodies.get(hashlib.sha256(data).hexdigest()) != data for data in kept)
    db.close()
    return differing, sum(map(len, kept)), path.stat().st_size - empty
