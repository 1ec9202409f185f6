"""Rounds keep the reading of a release that was compared, and use it when the next one comes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from diffing.extract import extract
from diffing.workers.pool import Workers
from diffing.workers.readings import keep_reading
from pipeline.judging import SourceOutcome
from pipeline.round import take_in
from state.document import ReadingHints
from state.model import Capture, Series, Source, Verdict
from state.store import Store
from tests.commands.figures import day
from tests.diffing.test_readings import with_figure, workbook

FILES = Series(name="files", title="Removals", pattern="removals")
SOURCE = Source(id="test/removals", title="Removals", publisher="Test", url="https://x.example/", series=(FILES,))
URL = "https://x.example/removals.xlsx"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "archive.db") as opened:
        yield opened


def take(store: Store, month: int, body: bytes) -> SourceOutcome:
    capture = Capture(
        source=SOURCE.id,
        series="files",
        url=URL,
        final_url=URL,
        at=day(month),
        verdict=Verdict.PRESENT,
        status=200,
        body=body,
    )
    with Workers(size=1) as workers:
        return take_in(SOURCE, [capture], store=store, workers=workers, now=day(month))


def test_only_the_newest_release_that_was_compared_has_one(store: Store) -> None:
    readings = []
    for month, figure in ((1, 4328), (2, 4400), (3, 4500)):
        take(store, month, workbook(figure))
        releases = store.archive.releases(SOURCE.id)
        readings.append([store.reading(release) is not None for release in releases])
    assert readings == [[False], [False, True], [False, False, True]]


def test_the_next_release_is_compared_with_it(store: Store, tmp_path: Path) -> None:
    take(store, 1, workbook(4328))
    body = workbook(4400)
    take(store, 2, body)
    hints = ReadingHints(url=URL)
    document = with_figure(extract(body, media_type="", hints=hints), 9_000)
    reading = keep_reading(document, body=body, hints=hints)
    assert reading is not None
    with sqlite3.connect(tmp_path / "archive.db") as db:
        db.execute("UPDATE reading SET extractor = ?, data = ?", [reading.extractor, reading.data])
    outcome = take(store, 3, workbook(4500))
    assert 9_000 in {item.before for finding in outcome.findings for item in finding.items}


def test_a_reading_that_cannot_be_decoded_costs_nothing(store: Store, tmp_path: Path) -> None:
    take(store, 1, workbook(4328))
    take(store, 2, workbook(4400))
    with sqlite3.connect(tmp_path / "archive.db") as db:
        db.execute("UPDATE reading SET data = ?", [b"rubbish"])
    (judged,) = take(store, 3, workbook(2597)).judged
    assert judged.trouble is None
    assert {4400} == {item.before for finding in judged.findings for item in finding.items if item.before}
    (newest,) = (store.reading(release) for release in store.archive.releases(SOURCE.id)[2:])
    assert newest is not None
    assert newest != replace(newest, data=b"rubbish")
