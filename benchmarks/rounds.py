"""What a round over many pages costs: the first one, one in which nothing changed, one in which some pages did.

    python -m benchmarks.rounds [--pages 500] [--changed 20] [--rounds 3] [--peers]

CPU seconds are those of the whole process and of all that it started, imports included; the site runs beside and
is not counted. Ours, the floor (the least that any program has to do) and, with ``--peers``, the other programs
take turns in every phase; the figures are medians. The database is the archive with every byte, every
capture and the full-text index; urlwatch and webchanges keep the text alone, changedetection.io the HTML of the
newest versions too. It is a daemon: its start counts in the first round, what it does between rounds does not.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.peers.jobs import Job, Watch
from benchmarks.peers.programs import installed_peers
from benchmarks.peers.statistics_site import begin_round, serving

ROOT = Path(__file__).resolve().parents[1]
PHASES = ("first", "unchanged", "changed")


@dataclass
class Contender:
    """A program that looks at all pages; ``cpu`` are the seconds of its runs by phase."""

    name: str
    look: Callable[[], float]
    size: Callable[[], int]
    cpu: dict[str, list[float]] = field(default_factory=dict)
    megabytes: float = 0.0


def main() -> None:
    """Run all phases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--changed", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--floor", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.floor:
        _fetch_all(options.floor[0], options.pages, known=options.floor[1] == "known")
        return
    with ExitStack() as ends:
        folder = ends.enter_context(tempfile.TemporaryDirectory())
        site = ends.enter_context(serving(pages=options.pages, changed=options.changed))
        contenders = [_ours(Path(folder) / "ours", site, options.pages), *_floors(site, options.pages)]
        if options.peers:
            contenders += _peers(Path(folder), site, options.pages, ends)
        for phase in ("first", *["unchanged"] * options.rounds):
            _take_turns(contenders, phase)
        for number in range(1, options.rounds + 1):
            begin_round(site, number)
            _take_turns(contenders, "changed")
        _print(contenders, options.pages)


def _take_turns(contenders: list[Contender], phase: str) -> None:
    for contender in contenders:
        contender.cpu.setdefault(phase, []).append(contender.look())
        contender.megabytes = max(contender.megabytes, contender.size() / 1e6)


def _print(contenders: list[Contender], pages: int) -> None:
    ours = {phase: statistics.median(times) for phase, times in contenders[0].cpu.items()}
    print(f"{pages} pages{'':15}" + "".join(f"{phase:>22}" for phase in PHASES) + f"{'store MB':>10}")
    for contender in contenders:
        medians = {phase: statistics.median(times) for phase, times in contender.cpu.items()}
        cells = "".join(f"{medians[p]:>9.2f} s {ours[p] / medians[p]:>7.1f} : 1" for p in PHASES)
        print(f"{contender.name:<24}{cells}{contender.megabytes:>10.1f}")
    print("x : 1 is how many times the program's CPU ours took")


def _ours(folder: Path, site: str, pages: int) -> Contender:
    (folder / "sources" / "bench").mkdir(parents=True)
    (folder / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
    )
    for number in range(pages):
        (folder / "sources" / "bench" / f"office-{number:04}.yaml").write_text(
            f"title: Office {number}\npublisher: Bench\nurl: {site}/office/{number}\nwhy: Measured.\nevery: 1h\n"
        )
    command = [sys.executable, str(ROOT / "monitor.py"), "check", "--json"]
    database = folder / "data" / "archive.db"
    return Contender("ours", lambda: _cpu_of(command, folder), lambda: database.stat().st_size)


def _floors(site: str, pages: int) -> Iterator[Contender]:
    """The least work: one connection asking for each page as known, and one that fetches and packs all."""
    for name, known in (("floor: 304s, one line", "known"), ("floor: sha256 and zlib", "new")):
        command = [sys.executable, "-m", "benchmarks.rounds", "--pages", str(pages), "--floor", site, known]

        def look(command: list[str] = command) -> float:
            return _cpu_of(command, ROOT)

        yield Contender(name, look, lambda: 0)


def _fetch_all(site: str, pages: int, *, known: bool) -> None:
    connection = http.client.HTTPConnection(site.removeprefix("http://"))
    for number in range(pages):
        headers = {"If-None-Match": f'"{number}-0"'} if known else {}
        connection.request("GET", f"/office/{number}", headers=headers)
        body = connection.getresponse().read()
        if body:
            hashlib.sha256(body).digest()
            zlib.compress(body)


def _peers(folder: Path, site: str, pages: int, ends: ExitStack) -> Iterator[Contender]:
    programs, absent = installed_peers()
    print(*absent, sep="\n", end="\n" if absent else "")
    jobs = [Job(name=f"office-{number:04}", url=f"{site}/office/{number}") for number in range(pages)]
    for program in programs:
        watch = program.start(jobs, folder / program.name)

        ends.callback(watch.close)

        def look(watch: Watch = watch) -> float:
            before = watch.spent()
            watch.look()
            return watch.spent() - before

        yield Contender(f"{program.name} {program.version}", look, watch.stored)


def _cpu_of(command: list[str], folder: Path) -> float:
    """CPU seconds of a process and of all it waited for. Raises RuntimeError where it failed."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    trouble = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} failed: {trouble[-2_000:]}")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
