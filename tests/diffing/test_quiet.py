"""The short cut for rounds in which nothing came: what it passes over, judging would have found nothing in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.examination import Examination, Request
from diffing.examine import examine
from diffing.workers.pool import Workers
from pipeline.round import take_in
from state.model import Capture, Series, Source, Verdict
from state.store import Store
from tests.budgets import examples

URL = "https://www.example.gov/detain"
START = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)
BODIES = tuple(
    f"<html><body><h1>Detention</h1><p>{words}</p></body></html>" for words in ("One.", "Two.", "Three.")
)

Step = tuple[int, object]  # hours since the step before; a body, or the verdict of a look without one


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(size=1) as pool:
        yield pool


def source(cadence: dt.timedelta | None = None) -> Source:
    series = Series(name="page", title="Detention", cadence=cadence)
    return Source(id="ice/detention", title="Detention", publisher="ICE", url=URL, series=(series,))


def look(at: dt.datetime, seen: object) -> Capture:
    verdict = seen if isinstance(seen, Verdict) else Verdict.PRESENT
    body = seen.encode() if isinstance(seen, str) and not isinstance(seen, Verdict) else b""
    return Capture("ice/detention", "page", URL, URL, at, verdict, 200, body=body, media_type="text/html")


def live(page: Source, steps: Sequence[Step], *, path: Path, workers: Workers) -> list[Examination | None]:
    """What judging says of every round that was passed over, None for a round that was judged."""
    said: list[Examination | None] = []
    now = START
    with Store(path) as store:
        for hours, seen in steps:
            now += dt.timedelta(hours=hours)
            captures = [look(now, seen)]
            outcome = take_in(page, captures, store=store, workers=workers, now=now)
            said.append(None if outcome.judged else _judge(page, captures, store, now))
    return said


def _judge(page: Source, captures: Sequence[Capture], store: Store, now: dt.datetime) -> Examination:
    history = store.archive.past(page.id, "page", page="page", tables=False)
    return examine(Request(source=page, series=page.series[0], now=now, captures=tuple(captures), history=history))


SEEN = st.sampled_from([*BODIES, *Verdict])
STEPS = st.lists(st.tuples(st.sampled_from([1, 24, 24 * 14, 24 * 60]), SEEN), min_size=2, max_size=12)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, cadence=st.sampled_from([None, None, dt.timedelta(days=14)]))
def test_what_is_passed_over_says_nothing(
    steps: list[Step],
    cadence: dt.timedelta | None,
    tmp_path_factory: pytest.TempPathFactory,
    workers: Workers,
) -> None:
    path = tmp_path_factory.mktemp("quiet") / "archive.db"
    passed_over = [each for each in live(source(cadence), steps, path=path, workers=workers) if each is not None]
    assert [each.findings for each in passed_over] == [()] * len(passed_over)


def test_a_page_that_answers_as_it_did_is_passed_over(tmp_path: Path, workers: Workers) -> None:
    steps = [(1, BODIES[0]), (1, Verdict.UNCHANGED), (1, BODIES[0]), (1, BODIES[1]), (1, Verdict.UNCHANGED)]
    said = live(source(), steps, path=tmp_path / "archive.db", workers=workers)
    assert [each is not None for each in said] == [False, True, True, False, True]


def test_trouble_is_judged_and_so_is_its_end(tmp_path: Path, workers: Workers) -> None:
    steps = [(1, BODIES[0]), (1, Verdict.BLOCKED), (1, Verdict.UNCHANGED), (1, Verdict.UNCHANGED)]
    said = live(source(), steps, path=tmp_path / "archive.db", workers=workers)
    assert [each is not None for each in said] == [False, False, False, True]


def test_a_promised_release_is_waited_for(tmp_path: Path, workers: Workers) -> None:
    steps = [(1, BODIES[0]), (24 * 60, Verdict.UNCHANGED)]
    said = live(source(dt.timedelta(days=14)), steps, path=tmp_path / "archive.db", workers=workers)
    assert said == [None, None]
