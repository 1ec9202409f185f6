"""``check`` killed at random moments while figures change and alerts go out: what is lost or doubled."""

from __future__ import annotations

import argparse
import datetime as dt
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.archiving.figures import Figure, Skipped, counted
from state.ledger.verify import head_of, verify_file
from tests.alerts.examples import Webhook
from tests.commands.killing import CAN_KILL, Left, Publisher, kill_a_round, look_back, publishing, set_up
from tests.commands.running import run

FILES = 12
_LONG = 3_600.0  # seconds; no round takes so long


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Rounds over changing files, killed; then a whole round, and what is there."""
    if not CAN_KILL:
        raise Skipped("needs Linux: nothing else tells of the processes of a killed one")
    chance = random.Random(options.seed)
    heads, killed = [], 0
    with tempfile.TemporaryDirectory() as folder, Webhook() as hook, publishing(files=FILES) as publisher:
        home = Path(folder)
        archive = set_up(home, publisher, hook)
        longest = _length_of_a_round(home, publisher)
        for _ in range(options.kills):
            publisher.edition += 1
            killed += kill_a_round(home, publisher, after=chance.uniform(0, longest)) is None
            heads.append(head_of(archive))
        publisher.edition += 1
        since = dt.datetime.now(dt.UTC)
        last = run("check", cwd=home, seconds=_LONG)  # it judges all that the killed rounds left
        faults = verify_file(archive, known=heads[-1]).faults
        left = look_back(home, hook, heads=heads, since=since)
    yield Figure("rounds killed, of so many", f"{killed:,} of {options.kills:,}")
    yield Figure("seconds after the first request, at the most", f"{longest:.2f}")
    yield counted("the round after them: exit status", last.returncode)
    yield counted("faults that verify finds", len(faults))
    yield from what_is_left(left, doubled=killed)


def _length_of_a_round(home: Path, publisher: Publisher) -> float:
    """Seconds from the first request to the end, of a round that has something to tell."""
    kill_a_round(home, publisher, after=_LONG)
    publisher.edition += 1
    length = kill_a_round(home, publisher, after=_LONG)
    assert length is not None, "a round took longer than anybody would wait"
    return length


def what_is_left(left: Left, *, doubled: int) -> Iterator[Figure]:
    """What rounds that did not come to their end left behind; so many messages may have come twice."""
    yield Figure("releases, findings", f"{left.releases:,}, {left.findings:,}")
    yield counted("entries recorded once and lost", len(left.lost_entries))
    yield counted("releases left without a judgement", len(left.unjudged))
    yield counted("findings without an alert", len(left.untold))
    yield Figure("alerts that wait for the lease of a killed round (5 minutes)", f"{len(left.leased):,}")
    yield counted("alerts that wait for anything else", len(left.stuck))
    yield counted("alerts not sent after the lease", len(left.unsent))
    yield counted("alerts that never arrived", len(left.unheard))
    yield counted("messages that came twice", left.repeated, most=doubled)
