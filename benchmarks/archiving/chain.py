"""The check of a long chain, and whether it finds any byte that was changed."""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.archiving.figures import Figure, at_most, counted, cpu_of
from state.errors import StoreError
from state.holdings import Holdings, Kept, Wanted
from state.model import Capture, Verdict
from state.store import Store
from state.verification import verify_file
from tests.state.examples import SOURCE, capture

ENTRIES = 50_000
_ADDRESSES = 200
_TOGETHER = 100  # captures in one round of making
_SMALL = 60  # captures of the archive whose bytes are flipped
_FIRST = 8_000  # bytes of a body: some fill pages of their own, some share one


@dataclass(frozen=True)
class Place:
    """Bytes of the file that hold something the archive answers for."""

    what: str
    offset: int
    length: int


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """A long chain that is as it was, then a short one in which one byte is not."""
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.db"
        _make_long(long, chance)
        faults: list[int] = []
        spent = cpu_of(lambda: faults.append(len(verify_file(long).faults)))
        yield counted(f"faults in {ENTRIES:,} entries", faults[0])
        yield at_most(f"check of {ENTRIES:,} entries and their bytes", spent / 1_000, most=3, unit=" s")
        yield from _flips(Path(folder) / "small.db", chance, options.tries)


def _make_long(path: Path, chance: random.Random) -> None:
    """Looks at many addresses: each was there at first, then most are unchanged and one in fifty is another."""
    with Store(path) as store:
        for first in range(0, ENTRIES, _TOGETHER):
            store.record(SOURCE, [_look(number, chance) for number in range(first, first + _TOGETHER)])


def _look(number: int, chance: random.Random) -> Capture:
    url = f"https://www.example.gov/{number % _ADDRESSES}"
    at, headers = number / 100, (("ETag", '"1"'), ("Server", "nginx"))
    if number >= _ADDRESSES and chance.random() > 0.02:
        return capture(b"", at, url=url, verdict=Verdict.UNCHANGED, status=304, headers=headers)
    return capture(f"<p>figure {number}</p>" * 200, at, url=url, headers=headers)


def _flips(path: Path, chance: random.Random, tries: int) -> Iterator[Figure]:
    with Store(path) as store:
        for number in range(_SMALL):
            body = bytes(chance.randrange(32, 127) for _ in range(chance.randrange(20, _FIRST)))
            store.record(SOURCE, [replace(capture(body, number), reason=f"the answer number {number}")])
    whole, kept = path.read_bytes(), _kept(path)
    places = _places(whole, kept, path)
    for what in ("body", "header", "entry", "what a capture says"):
        known = [place for place in places if place.what == what]
        missed = sum(not _is_found(path, _flipped(whole, chance.choice(known), chance)) for _ in range(tries // 5))
        yield counted(f"{what}: of {tries // 5} flipped bytes not found", missed)
    entries = [place for place in places if place.what == "entry"]
    missed = sum(not _is_found(path, _exchanged(whole, *chance.sample(entries, 2))) for _ in range(tries // 5))
    yield counted(f"order: of {tries // 5} entries exchanged not found", missed)
    yield from _anywhere(path, whole, kept, chance, tries)


def _anywhere(
    path: Path, whole: bytes, kept: Sequence[Kept], chance: random.Random, tries: int
) -> Iterator[Figure]:
    """Any byte of the file: it is found, or nothing that the archive answers for has changed with it."""
    found = harmless = 0
    for _ in range(tries):
        changed = _flipped(whole, Place("file", 0, len(whole)), chance)
        if _is_found(path, changed):
            found += 1
        else:
            harmless += _kept(path) == kept
    yield Figure(f"of {tries} bytes flipped anywhere in the file, found", f"{found}")
    yield Figure("not found, and every capture reads as before (free room, caches)", f"{harmless}")
    yield counted("not found, and a capture reads otherwise", tries - found - harmless)


def _kept(path: Path) -> list[Kept]:
    with Holdings(path) as holdings:
        return list(holdings.kept(holdings.numbers(Wanted())))


def _places(whole: bytes, kept: Sequence[Kept], path: Path) -> list[Place]:
    """Where the file holds bodies, headers, entries and texts of captures, by looking for their bytes in it."""
    with Store(path) as store:
        packed = store._db.execute(
            "SELECT data, snapshot.sha256 FROM packed JOIN snapshot ON snapshot.id = packed.snapshot"
        ).fetchall()
    bodies = {each.sha256 for each in kept}
    sought = [("body" if sha256 in bodies else "header", data) for data, sha256 in packed]
    for each in kept:
        sought += [("entry", each.entry.encode()), ("entry", bytes.fromhex(each.entry))]
        sought.append(("what a capture says", each.capture.reason.encode()))
    return [Place(what, whole.find(data), len(data)) for what, data in sought if whole.count(data) == 1]


def _flipped(whole: bytes, place: Place, chance: random.Random) -> bytes:
    changed = bytearray(whole)
    changed[place.offset + chance.randrange(place.length)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _exchanged(whole: bytes, first: Place, second: Place) -> bytes:
    changed = bytearray(whole)
    for here, there in ((first, second), (second, first)):
        changed[here.offset : here.offset + here.length] = whole[there.offset : there.offset + there.length]
    return bytes(changed)


def _is_found(path: Path, changed: bytes) -> bool:
    """Whether the check of the file finds that it is not what it was."""
    for log in (f"{path}-wal", f"{path}-shm"):
        Path(log).unlink(missing_ok=True)
    path.write_bytes(changed)
    try:
        return not verify_file(path).clean
    except StoreError:
        return True  # it cannot even be opened
