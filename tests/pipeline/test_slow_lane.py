"""What takes long to judge holds up nobody else, and ends with its round."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from pipeline.judging import SourceOutcome
from pipeline.slow_lane import SlowLane
from state.model import Release
from state.store import Store
from tests.state.examples import SOURCE
from watchers.rounds import Fetched

FETCHED = [Fetched(replace(SOURCE, id=f"t/{number}")) for number in range(3)]


def test_it_judges_one_after_the_other_beside_its_caller(tmp_path: Path) -> None:
    let_go, order = threading.Event(), []

    def judge(fetched: Fetched, fresh: Sequence[Release], store: Store) -> SourceOutcome:
        assert let_go.wait(20)
        order.append(fetched.source.id)
        return SourceOutcome(fetched.source)

    with SlowLane(tmp_path / "archive.db", judge) as lane:
        for each in FETCHED:
            lane.add(each, ())
        assert list(lane.outcomes()) == []
        let_go.set()
        assert [outcome.source.id for outcome in lane.rest(None)] == order == ["t/0", "t/1", "t/2"]


def test_a_round_that_ends_leaves_what_is_not_begun(tmp_path: Path) -> None:
    begun, let_go, stop = threading.Event(), threading.Event(), threading.Event()
    judged = []

    def judge(fetched: Fetched, fresh: Sequence[Release], store: Store) -> SourceOutcome:
        judged.append(fetched.source.id)
        begun.set()
        let_go.wait(20)
        return SourceOutcome(fetched.source)

    with SlowLane(tmp_path / "archive.db", judge) as lane:
        for each in FETCHED:
            lane.add(each, ())
        assert begun.wait(20)
        stop.set()
        assert list(lane.rest(stop)) == []
        threading.Timer(0.3, let_go.set).start()
    assert judged == ["t/0"]


def test_without_anything_slow_there_is_no_thread(tmp_path: Path) -> None:
    with SlowLane(tmp_path / "archive.db", lambda fetched, _fresh, _store: SourceOutcome(fetched.source)) as lane:
        assert list(lane.rest(None)) == []
    assert not (tmp_path / "archive.db").exists()
