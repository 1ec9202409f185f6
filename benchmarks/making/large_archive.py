"""A large archive: looks at many addresses, some of which bring a release with figures, words and findings."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from state.document import Definition, Text
from state.kinds import Severity
from state.model import Capture, Finding, Item, Release, ReleaseFacts, Series, Source, TableFacts, Verdict
from state.store import Store

START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
BETWEEN = dt.timedelta(hours=6)
SOURCES = 50
LETTERS = 4
STREAMS = SOURCES * (2 + LETTERS)
RELEASE_EVERY = 30
"""So many looks at an address bring one release."""

COLUMNS = ("adp", "deaths", "intake", "transfers", "stay", "releases")
TERMS = ("facility", "stay", "transfer", "detainer", "conviction")
_ROWS = 60
_TEXTS = 30
_FRESH = 3  # texts that are new in a release
_SERIES = (
    Series("page", "The page"),
    Series("statistics", "Statistics", pattern=r"\.xlsx$"),
    Series("letters", "Letters", pattern=r"\.pdf$", each_file=True),
)


@dataclass
class _Stream:
    """One document through its releases."""

    series: str
    url: str
    texts: list[Text] = field(default_factory=list)
    releases: int = 0


def source(number: int) -> Source:
    """One of the sources of the archive."""
    return Source(f"agency/office-{number:03}", f"Office {number}", "Agency", _home(number), _SERIES)


def make_archive(path: Path, *, captures: int, chance: random.Random) -> None:
    """Write an archive of about so many captures, all through the store as rounds do."""
    words = _vocabulary(chance)
    streams = {number: list(_streams(number)) for number in range(SOURCES)}
    with Store(path) as store:
        for look in range(captures // STREAMS):
            for number, own in streams.items():
                _round(store, source(number), own, look, words, chance)


def _home(number: int) -> str:
    return f"https://agency.example/office/{number:03}/"


def _streams(number: int) -> Iterator[_Stream]:
    yield _Stream("page", _home(number))
    yield _Stream("statistics", f"{_home(number)}statistics.xlsx")
    for letter in range(LETTERS):
        yield _Stream("letters", f"{_home(number)}letter-{letter}.pdf")


def _vocabulary(chance: random.Random) -> list[str]:
    """Words of which the first are common and the last stand in a text or two."""
    return ["".join(chance.choices("abcdeghilmnoprstu", k=chance.randrange(4, 11))) for _ in range(20_000)]


def _round(
    store: Store, of: Source, streams: list[_Stream], look: int, words: list[str], chance: random.Random
) -> None:
    at = START + look * BETWEEN
    releases = store.record(of, [_capture(of, each, look, place, at) for place, each in enumerate(streams)])
    for release in releases:
        stream = next(each for each in streams if each.url == release.url)
        _report(store, release, stream, words, chance)


def _capture(of: Source, stream: _Stream, look: int, place: int, at: dt.datetime) -> Capture:
    brings = (look + place * 5) % RELEASE_EVERY == 0 or look == 0
    verdict = Verdict.PRESENT if brings else Verdict.BLOCKED if look % 50 == 49 else Verdict.UNCHANGED
    return Capture(
        source=of.id,
        series=stream.series,
        url=stream.url,
        final_url=stream.url,
        at=at,
        verdict=verdict,
        status={Verdict.PRESENT: 200, Verdict.BLOCKED: 403}.get(verdict, 304),
        headers=(("ETag", f'"{look if brings else 0}"'), ("Server", "nginx"), ("Content-Type", "text/html")),
        body=f"{stream.url} as of look {look}".encode() * 20 if brings else b"",
        media_type="text/html",
        peer="192.0.2.7:443",
        link_text=None if stream.series == "page" else stream.url.rpartition("/")[2],
        elapsed=0.2,
    )


def _report(store: Store, release: Release, stream: _Stream, words: list[str], chance: random.Random) -> None:
    stream.releases += 1
    stream.texts = [*stream.texts[_FRESH:], *_texts(_FRESH if stream.texts else _TEXTS, words, chance)]
    store.report(
        source=release.source,
        series=release.series,
        release=release,
        facts=_facts(release, stream.releases, chance),
        texts=stream.texts,
        view={"tables": [], "text": [words for _, words in stream.texts[:_FRESH]]},
        findings=[_finding(release, stream.releases)] if stream.releases > 1 else [],
        at=release.at,
    )


def _texts(count: int, words: list[str], chance: random.Random) -> Iterator[Text]:
    for _ in range(count):
        drawn = [words[int(chance.paretovariate(0.6)) % len(words)] for _ in range(25)]
        yield f"Report / {drawn[0]}", " ".join(drawn)


def _facts(release: Release, number: int, chance: random.Random) -> ReleaseFacts:
    rows = tuple(f"place {n}" for n in range(_ROWS))
    tables = tuple(
        TableFacts(
            key=key,
            name=key.title(),
            sheet=None,
            fiscal_year=2020,
            as_of=release.at.date(),
            fingerprint=f"{release.id} {key}",
            columns=COLUMNS,
            rows=rows,
            values=tuple(tuple(chance.randrange(5_000) for _ in COLUMNS) for _ in rows),
        )
        for key in ("population", "transfers")
    )
    definitions = tuple(Definition(term, f"A {term} as worded in version {number // 4}.") for term in TERMS)
    return ReleaseFacts(
        release=release.id,
        at=release.at,
        sha256=release.sha256,
        url=release.url,
        title="Statistics",
        tables=tables,
        definitions=definitions,
        content=release.sha256,
    )


def _finding(release: Release, number: int) -> Finding:
    """What is said of a release: the same for four releases in a row, as of a figure that goes on falling."""
    items = tuple(Item(row=f"place {n}", column="adp", before=100 + n, after=90 + n) for n in range(5))
    return Finding(
        id=f"{release.source} {release.url} {number // 4}",
        kind="cumulative-decreased",
        severity=Severity.HIGH,
        title=f"“adp” fell in 5 of {_ROWS} places",
        items=items,
        count=5,
        source=release.source,
        series=release.series,
        url=release.url,
    )
