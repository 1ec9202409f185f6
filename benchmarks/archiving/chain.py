"""The check of a long chain, and whether it finds any byte that was changed."""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from benchmarks.archiving.figures import Figure, at_most, counted, cpu_of
from state.errors import StoreError
from state.ledger.verify import verify_file
from state.model import Capture, Verdict
from state.reading.captures import Holdings, Kept, Wanted
from state.store import Store
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
    changes: dict[str, Callable[[], bytes]] = {}
    for what in ("body", "header", "entry", "what a capture says"):
        known = [place for place in places if place.what == what]
        changes[f"a byte flipped: {what}"] = partial(_flip_one, whole, known, chance)
    entries = [place for place in places if place.what == "entry"]
    changes["two entries exchanged"] = lambda: _exchanged(whole, *chance.sample(entries, 2))
    changes["a byte flipped: anywhere in the file"] = lambda: _flipped(whole, Place("", 0, len(whole)), chance)
    for what, change in changes.items():
        count = tries if "anywhere" in what else tries // 5
        yield _tried(what, path, [change() for _ in range(count)], kept)


def _tried(what: str, path: Path, changed: Sequence[bytes], kept: Sequence[Kept]) -> Figure:
    """How many of these files are found to be changed; in the others everything has to read as it was.

    A flipped byte may lie in free room of the file, or in a bit that means nothing to who unpacks a body.
    """
    found = harmless = 0
    for each in changed:
        if _is_found(path, each):
            found += 1
        else:
            harmless += _kept(path) == kept
    wanted = "the rest reads as before"
    return Figure(f"{what}: of {len(changed)} found", f"{found}", wanted, held=found + harmless == len(changed))


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


def _flip_one(whole: bytes, places: Sequence[Place], chance: random.Random) -> bytes:
    return _flipped(whole, chance.choice(places), chance)


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
