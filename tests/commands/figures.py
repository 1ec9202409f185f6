"""A small source for tests: a page and the table it links, as they stood on certain days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from cli.configuration.settings import read_settings
from cli.rounds import teller
from diffing.workers.pool import Workers
from pipeline.round import take_in
from state.model import Capture, Destination, Source, Verdict
from state.store import Store
from watchers.sources.load import load_sources

PAGE = "https://www.figures.example/statistics"
FILE = "https://www.figures.example/files/stats.csv"


def day(month: int) -> dt.datetime:
    return dt.datetime(2023, month, 2, 3, 4, 5, tzinfo=dt.UTC)


def page(word: str) -> bytes:
    return (
        "<html><head><title>Figures</title></head><body><main><h1>Figures</h1>"
        f"<p>Participation is {word} for every county.</p>"
        "<a href='/files/stats.csv'>Statistics</a></main></body></html>"
    ).encode()


def table(webb: int) -> bytes:
    rows = "".join(f"County {number},{number * 37 + 200}\n" for number in range(30))
    return f"County,Removals to date\n{rows}Webb,{webb}\n".encode()


def set_up(home: Path, *, url: str = PAGE, more: str = "") -> None:
    """A folder with a configuration and the source; ``more`` are further lines of the configuration."""
    (home / "sources" / "test").mkdir(parents=True)
    (home / "sources" / "test" / "figures.yaml").write_text(
        f"title: Figures\npublisher: Test\nurl: {url}\n"
        "series:\n  page:\n    title: The page\n  stats:\n    title: Statistics\n    pattern: '/files/stats'\n"
    )
    (home / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        f"politeness: {{seconds_between_requests: 0, retries: 1}}\n{more}"
    )


def the_source(home: Path) -> Source:
    return load_sources([home / "sources"])[0]


def watched(
    home: Path, month: int, *, webb: int, word: str = "mandatory", told: Sequence[Destination] = ()
) -> None:
    """What the monitor itself fetched and judged in that month; what is ``told`` waits in the outbox."""

    captures = [
        Capture(
            source="test/figures",
            series=series,
            url=url,
            final_url=url,
            at=day(month),
            verdict=Verdict.PRESENT,
            status=200,
            body=body,
            media_type=media_type,
        )
        for series, url, body, media_type in (
            ("page", PAGE, page(word), "text/html"),
            ("stats", FILE, table(webb), "text/csv"),
        )
    ]
    with Store(home / "data" / "archive.db") as store, Workers(size=1) as workers:
        settings = replace(read_settings(home / "monitor.yaml"), destinations=tuple(told))
        tell = teller(settings, store, lambda: day(month))
        take_in(the_source(home), captures, store=store, workers=workers, now=day(month), tell=tell)
