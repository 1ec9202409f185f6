"""What the archive costs a page in a round: to record what was fetched, and to keep what was said of it."""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.archiving.figures import Figure, quantile, within
from benchmarks.making.statistics_pages import page
from diffing.workers.pool import Workers
from pipeline.round import take_in
from state.model import Capture, Release, Series, Source, Verdict
from state.store import Store

PAGES = 60
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_ROWS = 190


class _Timed(Store):
    """A store that adds up its own CPU seconds."""

    spent = 0.0

    def record(self, source: Source, captures: Sequence[Capture]) -> list[Release]:
        before = time.process_time()
        releases = super().record(source, captures)
        self.spent += time.process_time() - before
        return releases

    def report(self, **said: Any) -> None:
        before = time.process_time()
        super().report(**said)
        self.spent += time.process_time() - before


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Rounds over pages of 57 KB, judged as ever; only the archive's own part is counted."""
    del options
    with tempfile.TemporaryDirectory() as folder, Workers(size=1) as workers:
        store = _Timed(Path(folder) / "archive.db")
        first = [_round(store, workers, number, day=0, version=0) for number in range(PAGES)]
        again = [_round(store, workers, number, day=1, version=None) for number in range(PAGES)]
        same = [_round(store, workers, number, day=2, version=0) for number in range(PAGES)]
        changed = [_round(store, workers, number, day=3, version=1) for number in range(PAGES)]
        store.close()
    yield Figure("a page seen first", f"{statistics.median(first):.2f} / {quantile(first, 0.95):.2f} ms")
    yield within("a page not modified (304)", again, most=2)
    yield within("a page with the same bytes", same, most=2)
    yield within("a page that changed: bytes, figures, words, what differs", changed, most=2)


def _round(store: _Timed, workers: Workers, number: int, *, day: int, version: int | None) -> float:
    """CPU milliseconds of the archive for one page; no version is an answer that nothing was modified."""
    url = f"https://agency.example/{number}"
    source = Source(f"agency/{number}", "Office", "Agency", url, (Series("page", "The page"),))
    at = START + dt.timedelta(days=day)
    capture = Capture(
        source=source.id,
        series="page",
        url=url,
        final_url=url,
        at=at,
        verdict=Verdict.UNCHANGED if version is None else Verdict.PRESENT,
        status=304 if version is None else 200,
        headers=(("ETag", f'"{version or 0}"'), ("Content-Type", "text/html"), ("Server", "nginx")),
        body=b"" if version is None else page(number, version, rows=_ROWS),
        media_type="text/html",
    )
    store.spent = 0.0
    take_in(source, [capture], store=store, workers=workers, now=at)
    return store.spent * 1_000
