"""A round over thousands of pages on many hosts, some of them slow, failing, dripping or asking for rest.

    python -m benchmarks.many_hosts [--pages 2000 10000] [--hosts 50] [--apart 1.0]

Runs ``monitor.py check`` itself, with a fresh archive, once for each number of pages, and holds against what
the hosts noted: that the round ends within its bound, that no host is asked faster than it may be, that bad hosts
delay no other; against the process: its memory; and what operators were told. A round of 10,000 pages on 50 hosts
a second apart takes four minutes by itself: 200 pages of each host.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.many_hosts_site import TEMPERS, host_of, report_of, serving, temper_of
from benchmarks.peers.processes import below, resident_megabytes

ROOT = Path(__file__).resolve().parents[1]
JITTER = 0.3  # share of the pause that is added at the most
TIMEOUT, TRIES, PATIENCE = 5.0, 2, 3  # seconds for one answer; tries of an address; failing addresses of a host
WINDOW = 10.0  # seconds in which requests of a host are counted


@dataclass(frozen=True)
class Round:
    """One round as it was seen from outside."""

    seconds: float
    status: int
    lines: list[str]  # said on stderr
    memory: dict[str, float]  # megabytes at the most, by process
    seen: dict[str, list[tuple[float, str, int]]]
    told: list[str]


def main() -> None:
    """Run the rounds and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--hosts", type=int, default=len(TEMPERS))
    parser.add_argument("--apart", type=float, default=1.0, help="seconds between two requests to one host")
    options = parser.parse_args()
    for pages in options.pages:
        _print(
            _one_round(pages, options.hosts, options.apart), pages // options.hosts, options.hosts, options.apart
        )


def _one_round(pages: int, hosts: int, apart: float) -> Round:
    with tempfile.TemporaryDirectory() as folder, serving(hosts=hosts) as port:
        _write_sources(Path(folder), port, pages=pages, hosts=hosts, apart=apart)
        began = time.monotonic()
        trouble = Path(folder, "stderr")
        with trouble.open("w") as stderr:
            command = [sys.executable, str(ROOT / "monitor.py"), "check"]
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=stderr)
            memory = _watch(process)
        report = report_of(port)
        return Round(
            seconds=time.monotonic() - began,
            status=process.returncode,
            lines=trouble.read_text().splitlines(),
            memory=memory,
            seen=report["seen"],
            told=report["told"],
        )


def _write_sources(folder: Path, port: int, *, pages: int, hosts: int, apart: float) -> None:
    allowed = json.dumps([host_of(number) for number in range(hosts)])
    (folder / "monitor.yaml").write_text(
        f"shipped_sources: false\nallow_hosts: {allowed}\npoliteness: {{seconds_between_requests: {apart},"
        f" timeout: {TIMEOUT}, retries: {TRIES}}}\n"
        f"destinations: [{{name: operators, url: 'json://127.0.0.1:{port}/told', operators: true}}]\n"
    )
    (folder / "sources" / "many").mkdir(parents=True)
    for number in range(pages):
        url = f"http://{host_of(number % hosts)}:{port}/office/{number // hosts}"
        (folder / "sources" / "many" / f"office-{number}.yaml").write_text(
            f"title: Office {number}\npublisher: Bench\nurl: {url}\nwhy: Measured.\nevery: 1h\n"
        )


def _watch(process: subprocess.Popen[bytes]) -> dict[str, float]:
    """Wait for a process; the most memory that it and those it started held, sampled twice a second."""
    most: dict[str, float] = defaultdict(float)
    while process.poll() is None:
        workers = below(process.pid)
        for name, pids in (("check", [process.pid]), ("workers", workers)):
            most[name] = max(most[name], resident_megabytes(pids))
        time.sleep(0.5)
    return dict(most)


def _print(done: Round, each: int, hosts: int, apart: float) -> None:
    print(
        f"\n{each * hosts} pages on {hosts} hosts, {apart} s apart: exit {done.status}, {done.seconds:.0f} s",
        end="",
    )
    print(f", bound {_bound(each, apart):.0f} s; memory at the most, MB: ", end="")
    print(", ".join(f"{name} {size:.0f}" for name, size in done.memory.items()))
    start = min(asked[0][0] for asked in done.seen.values())
    header = ("first at", "last at", "alone at", "least gap", f"in {WINDOW:.0f} s", "requests", "200s")
    print(f"{'hosts':>5} {'temper':<15}" + "".join(f"{name:>11}" for name in header))
    groups: dict[str, list[list[tuple[float, str, int]]]] = defaultdict(list)
    for number in range(hosts):
        groups[temper_of(number)].append(done.seen.get(host_of(number), []))
    for temper, asked in groups.items():
        times = [[at - start for at, _, _ in each_host] for each_host in asked if each_host]
        gaps = [after - before for moments in times for before, after in itertools.pairwise(moments)]
        alone = max(len(moments) for moments in times) * apart * (1 + JITTER / 2)
        cells = (
            f"{max(moments[0] for moments in times):.1f} s",
            f"{max(moments[-1] for moments in times):.0f} s",
            f"{alone:.0f} s",
            f"{min(gaps, default=0):.2f} s",
            max(_most_within(moments) for moments in times),
            sum(map(len, times)),
            sum(
                len({path for _, path, status in each_host if "office" in path and status == 200})
                for each_host in asked
            ),
        )
        print(f"{len(asked):>5} {temper:<15}" + "".join(f"{cell:>11}" for cell in cells))
    _print_told(done)


def _bound(each: int, apart: float) -> float:
    """Seconds in which every host must be done: its pages in turn, each as slow as the slowest that succeeds."""
    slowest = max(2.5, apart * (1 + JITTER))
    return (each * 1.2 + 1) * slowest + PATIENCE * TRIES * (TIMEOUT + 2) + 30


def _most_within(moments: list[float]) -> int:
    return max(sum(1 for other in moments if at <= other < at + WINDOW) for at in moments)


def _print_told(done: Round) -> None:
    print(f"operators were sent {len(done.told)} messages, {sum(map(len, done.told))} characters:")
    for text, count in Counter(re.sub(r"\d+", "N", json.loads(told)["title"]) for told in done.told).most_common(
        5
    ):
        print(f"  {count} × {text}")
    print(f"the command said {len(done.lines)} lines:")
    alike = Counter(re.sub(r"[\d.:]+", "N", line.partition(": ")[2]) for line in done.lines)
    for text, count in alike.most_common(8):
        print(f"  {count} × {text[:150]}")


if __name__ == "__main__":
    main()
