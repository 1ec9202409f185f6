"""Pages made by hand, and the evidence that comparing two of them gives."""

import datetime as dt

from diffing.comparing.compare import compare
from diffing.comparing.model import Evidence
from state.document import Block, DateRole, Document, Link, StatedDate
from state.model import Rules, Series, Source
from state.series_history import PastReleases

NOW = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
URL = "https://publisher.example/page"


def page(*texts: str, headline: str = "Statistics", links=(), dates=(), heading=(), **fields) -> Document:
    return Document(
        media_type=fields.pop("media_type", "text/html"),
        headline=headline,
        title=fields.pop("title", headline),
        blocks=tuple(Block(text, tuple(heading)) for text in texts),
        links=tuple(Link(words, url) for words, url in links),
        dates=tuple(dates),
        base_url=fields.pop("base_url", URL),
        **fields,
    )


def dated(role: DateRole, year: int, month: int, day: int) -> StatedDate:
    date = dt.date(year, month, day)
    return StatedDate(f"{date:%B} {day}, {year}", date, role)


def edited(before: Document, after: Document, **fields) -> Evidence:
    """Evidence for ``after`` as the next release of ``before``."""
    series = Series(
        name="page",
        title="The page",
        dated=fields.pop("dated", False),
        rules=Rules(terms=fields.pop("terms", ())),
    )
    source = Source(id="test/page", title="The page", publisher="Agency", url=URL, series=(series,))
    return Evidence(
        source=source,
        series=series,
        now=NOW,
        history=PastReleases(),
        document=after,
        comparison=compare(before, after),
        url_before=fields.pop("url_before", URL),
        url_after=fields.pop("url_after", URL),
        sha256_before="0" * 64,
        sha256_after=fields.pop("sha256_after", "1" * 64),
        **fields,
    )
