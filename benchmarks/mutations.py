"""3,000 mutated documents through the workers: none may crash the caller, hang or go without a reason.

    python -m benchmarks.mutations [--count 3000] [--seed 1]

Seeds of every format are made here (and releases kept beside the project are used where they are); each is
cut short, flipped, shuffled, nested, or re-packed around a damaged part. A fixed list of bombs goes first.
Prints the tally by format, the reasons given, and the errors of our own readers that the sandbox caught.
Exit status 1 where something broke the rule. Needs nothing besides.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.making.broken_documents import Sample, bombs, mutate, seeds
from diffing.extract import extract
from diffing.workers.pool import Workers
from state.document import ReadingHints
from state.errors import ReadingError

REPO = Path(__file__).resolve().parents[1]
RELEASES = REPO.parent / "shared" / "releases"
LIMIT = 20.0
"""Seconds of CPU a document may take."""

WALL = 10 * LIMIT
"""Seconds after which a worker is stopped whatever it does: a busy machine makes no document unreadable."""


@dataclass
class Tally:
    """What became of the documents of one format."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tallies: dict[str, Tally] = defaultdict(Tally)
    reasons: Counter[str] = Counter()
    caught: list[str] = []
    broken: list[str] = []
    begun = time.monotonic()
    with Workers(size=2, timeout=LIMIT) as workers, ThreadPoolExecutor(2) as threads:
        results = threads.map(partial(read_one, workers), samples(options.count, random.Random(options.seed)))
        for sample, outcome, reason, seconds in results:
            tally = tallies[sample.format]
            tally.outcomes[outcome] += 1
            tally.slowest = max(tally.slowest, seconds)
            if reason:
                reasons[generic(reason)] += 1
            if outcome not in ("read", "refused"):
                caught.append(f"{sample.format} {sample.what}: {reason} ({seconds:.1f} s)")
            if outcome == "BROKEN" or seconds > WALL or (outcome == "refused" and not reason):
                broken.append(f"{sample.format} {sample.what}: {outcome} after {seconds:.1f} s {reason}")
    report(tallies, reasons, seconds=time.monotonic() - begun)
    for line in sorted(caught):
        print(f"caught  {line}")
    for line in broken:
        print(f"BROKEN  {line}")
    sys.exit(1 if broken else 0)


def samples(count: int, chance: random.Random) -> Iterator[Sample]:
    """Bombs first, then mutations of the seeds in turn."""
    yield from (whole := list(bombs()))
    originals = [*seeds(), *released()]
    for number in range(count - len(whole)):
        yield mutate(originals[number % len(originals)], chance)


def released() -> Iterator[Sample]:
    """The smallest release of each series kept beside the project, if any."""
    for folder in sorted(RELEASES.glob("*/")) if RELEASES.is_dir() else ():
        files = [path for path in folder.iterdir() if path.suffix in (".xlsx", ".pdf", ".html", ".csv")]
        if files:
            path = min(files, key=lambda path: path.stat().st_size)
            yield Sample(path.suffix.lstrip("."), path.parent.name, path.read_bytes())


def read_one(workers: Workers, sample: Sample) -> tuple[Sample, str, str, float]:
    """What became of one document: outcome, reason, seconds."""
    hints = ReadingHints(file_name=f"sample.{sample.format}")
    begun = time.monotonic()
    try:
        workers.run(partial(extract, media_type="", hints=hints), sample.body)
    except ReadingError as error:
        reason = str(error)
        return sample, classify(reason), reason, time.monotonic() - begun
    except Exception as error:  # noqa: BLE001 - what this benchmark looks for
        return sample, "BROKEN", repr(error), time.monotonic() - begun
    return sample, "read", "", time.monotonic() - begun


def classify(reason: str) -> str:
    for words, outcome in (
        ("the reader was stopped", "stopped"),
        ("ran out of", "memory"),
        ("the reader crashed", "crashed"),
        ("the reader failed", "failed"),
    ):
        if words in reason:
            return outcome
    return "refused"


def generic(reason: str) -> str:
    """A reason without the numbers and names that differ from document to document."""
    if reason.startswith("the reader failed"):
        return reason
    return re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "…", reason)[:100]


def report(tallies: dict[str, Tally], reasons: Counter[str], *, seconds: float) -> None:
    columns = ("read", "refused", "failed", "stopped", "memory", "crashed", "BROKEN")
    print(f"{'format':8}" + "".join(f"{name:>9}" for name in columns) + "  slowest")
    for name, tally in sorted(tallies.items()):
        print(
            f"{name:8}" + "".join(f"{tally.outcomes[column]:9}" for column in columns) + f"{tally.slowest:8.1f} s"
        )
    total = sum((tally.outcomes for tally in tallies.values()), Counter())
    print(f"{'all':8}" + "".join(f"{total[column]:9}" for column in columns))
    print(f"\n{sum(total.values()):,} documents in {seconds:.0f} s; {LIMIT:g} s of CPU each\n\nReasons given:")
    for reason, count in reasons.most_common():
        print(f"{count:6}  {reason}")


if __name__ == "__main__":
    main()
