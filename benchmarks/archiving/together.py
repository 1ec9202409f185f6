"""Rounds, the command line and a browser on one archive at the same time: no error, no write lost."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path

import httpx

from benchmarks.archiving.figures import Figure, counted
from state.ledger.entries import Head
from state.ledger.verify import head_of, verify_file
from state.reading.timeline import Browser
from tests.alerts.examples import Webhook
from tests.commands.killing import lost_entries, publishing, set_up
from tests.commands.running import browsing, run

FILES = 6
_PAGES = ("/", "/sources/test/tables", "/findings", "/search?q=County", "/feed.atom", "/api/findings")
_SHOWN = 5  # troubles that are told in full


@dataclass
class Done:
    """What was done by everyone, what was acknowledged, and what went wrong."""

    times: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    imported: set[str] = field(default_factory=set)  # ids of releases


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Everything at once for so many minutes; then what is there."""
    done = Done()
    with tempfile.TemporaryDirectory() as folder, Webhook() as hook, publishing(files=FILES) as publisher:
        home = Path(folder)
        archive = set_up(home, publisher, hook)
        run("check", cwd=home)
        with Browser(archive) as browser:
            subject = browser.archive.releases("test/tables", series="page")[0].id

        def look() -> None:
            publisher.edition += 1
            _command(done, home, "check")
            done.heads.append(head_of(archive))

        with browsing(home) as address, httpx.Client(timeout=60) as client:
            visits = [_visit(done, client, address + path) for path in _PAGES]
            people = _people(done, home, subject)
            _side_by_side([[look], people, visits], seconds=options.minutes * 60)
        faults = verify_file(archive, known=done.heads[-1]).faults
        lost = len(lost_entries(archive, done.heads)) + _lost(archive, done, subject)
    for what, times in sorted(done.times.items()):
        yield Figure(f"in {options.minutes:g} minutes: {what}", f"{times:,}")
    yield counted("commands and pages that failed", len(done.troubles))
    for trouble in done.troubles[:_SHOWN]:
        yield Figure(trouble, "")
    acknowledged = (done.heads, done.notes, done.imported)
    yield Figure(
        "acknowledged: rounds, notes, imported releases", ", ".join(str(len(each)) for each in acknowledged)
    )
    yield counted("of them lost", lost)
    yield counted("faults that verify finds", len(faults))


def _side_by_side(lists: Sequence[Sequence[Callable[[], None]]], *, seconds: float) -> None:
    """Each list of calls in a thread of its own, over and over."""
    until = time.monotonic() + seconds

    def work(calls: Sequence[Callable[[], None]]) -> None:
        for call in cycle(calls):
            if time.monotonic() > until:
                return
            call()

    threads = [threading.Thread(target=work, args=(calls,)) for calls in lists]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _command(done: Done, home: Path, *words: str) -> str:
    """Run a command; what it printed. One that fails is noted with what it said."""
    shown = run(*words, cwd=home)
    done.times[words[0]] += 1
    if shown.returncode:
        done.troubles.append(f"{' '.join(words)}: exit {shown.returncode}: {shown.stderr.strip()[-300:]}")
        return ""
    return shown.stdout


def _people(done: Done, home: Path, subject: str) -> list[Callable[[], None]]:
    """What people do at the command line."""
    numbers = count(1)

    def note() -> None:
        words = f"note number {next(numbers)}"
        if _command(done, home, "note", subject, words):
            done.notes.add(words)

    def take_in() -> None:
        number = next(numbers)
        day = dt.date(1990, 1, 1) + dt.timedelta(days=number)
        saved = home / f"{day}.csv"
        saved.write_text(f"County,Removals to date\nWebb,{number}\nAdams,{number * 3}\n")
        words = ("--series", "tables", "--url", f"https://agency.example/{number}.csv", "--json")
        told = _command(done, home, "import", "test/tables", str(saved), *words)
        done.imported.update(json.loads(line)["release"] for line in told.splitlines())

    return [
        note,
        take_in,
        lambda: _ask(done, home, "history", "test/tables"),
        lambda: _ask(done, home, "search", "County"),
        lambda: _ask(done, home, "verify"),
    ]


def _ask(done: Done, home: Path, *words: str) -> None:
    """A command that has to have something to say."""
    if not _command(done, home, *words):
        done.troubles.append(f"{' '.join(words)}: said nothing")


def _visit(done: Done, client: httpx.Client, address: str) -> Callable[[], None]:
    def visit() -> None:
        done.times["pages"] += 1
        try:
            client.get(address).raise_for_status()
        except httpx.HTTPError as error:
            done.troubles.append(f"{address}: {error}")

    return visit


def _lost(archive: Path, done: Done, subject: str) -> int:
    """How many notes and imported releases are not there."""
    with Browser(archive) as browser:
        notes = {note.words for note in browser.notes.of(subject)}
        releases = {release.id for release in browser.archive.releases("test/tables")}
    return len(done.notes - notes) + len(done.imported - releases)
