"""``check`` killed at any moment, with its workers: nothing is lost, left running or left untold."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from state.ledger.verify import head_of
from tests.alerts.examples import Webhook
from tests.commands.killing import CAN_KILL, kill_a_round, look_back, publishing, set_up
from tests.commands.running import run

KILLS = 20
FILES = 3


@pytest.mark.skipif(not CAN_KILL, reason="needs Linux")
def test_a_round_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    moments = random.Random(5)
    heads = []
    with Webhook() as hook, publishing(files=FILES) as publisher:
        archive = set_up(tmp_path, publisher, hook)
        assert run("check", cwd=tmp_path).returncode == 0
        for _ in range(KILLS):
            publisher.edition += 1
            kill_a_round(tmp_path, publisher, after=moments.uniform(0, 1.0))
            heads.append(head_of(archive))
        publisher.edition += 1
        for _ in range(2):
            since = dt.datetime.now(dt.UTC)
            assert run("check", cwd=tmp_path).returncode == 0
        verified = run("verify", cwd=tmp_path)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        left = look_back(tmp_path, hook, heads=heads, since=since)
    assert left.releases >= 1 + 2 * FILES
    assert left.findings
    assert left.lost_entries == ()
    assert left.unjudged == ()
    assert left.untold == ()
    assert left.stuck == (), "what waits, waits for the lease of a killed round"
    assert left.unsent == (), "and goes out when that has run out"
    assert left.unheard == ()
    assert left.repeated <= KILLS, "only the message in flight may come twice"
