"""How quickly a large archive answers: each question that detectors, pages and commands ask."""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.archiving.figures import Figure, cpu_of, within
from benchmarks.making.large_archive import BETWEEN, COLUMNS, SOURCES, START, TERMS, make_archive, source
from state.reading.timeline import Browser

ASKED = 100
"""How often each question is asked, of sources, addresses and times drawn by chance."""

_QUESTION = 50  # milliseconds
_SEARCH = 200
_HITS = 50  # passages on a page of hits

Question = Callable[[Browser, random.Random], object]


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Make the archive, then ask."""
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        make_archive(path, captures=options.captures, chance=chance)
        with Browser(path) as browser:
            releases = sum(len(browser.archive.releases(source(number).id)) for number in range(SOURCES))
            yield Figure(
                "captures, releases, file",
                f"{browser.counts().captures:,}, {releases:,}, {path.stat().st_size / 1e6:.0f} MB",
            )
        alone = [cpu_of(lambda: _timeline_alone(path, chance)) for _ in range(ASKED // 5)]
        yield within("the timeline of a source, in a process that knows nothing yet", alone, most=_QUESTION)
        with Browser(path) as browser:
            browser.sources()  # what a server has learnt by its first page
            for what, question in _QUESTIONS.items():
                yield within(
                    what, [cpu_of(partial(question, browser, chance)) for _ in range(ASKED)], most=_QUESTION
                )
            for what, words in _searches(browser, chance).items():
                spent = [cpu_of(partial(browser.search, chance.choice(words), limit=_HITS)) for _ in range(ASKED)]
                yield within(f"search: {what}", spent, most=_SEARCH)


def _timeline_alone(path: Path, chance: random.Random) -> object:
    with Browser(path) as browser:
        return browser.timeline(_source(chance))


def _source(chance: random.Random) -> str:
    return source(chance.randrange(SOURCES)).id


def _address(chance: random.Random) -> str:
    home = source(chance.randrange(SOURCES)).url
    return home + chance.choice(("", "statistics.xlsx", "letter-1.pdf"))


def _release(browser: Browser, chance: random.Random) -> str:
    return chance.choice(browser.archive.releases(_source(chance), limit=20)).id


def _said(browser: Browser, chance: random.Random) -> str:
    return chance.choice(browser.archive.findings(_source(chance), limit=20)).finding.id


def _seen(browser: Browser, chance: random.Random) -> object:
    return browser.looks.seen(_address(chance), at=START + chance.randrange(300) * BETWEEN)


def _figure(browser: Browser, chance: random.Random) -> object:
    row, column = f"place {chance.randrange(60)}", chance.choice(COLUMNS)
    found = browser.archive.figure(_source(chance), "statistics", table="population", row=row, column=column)
    assert found, "the figure is in every release"
    return found


_QUESTIONS: dict[str, Question] = {
    "releases of a source": lambda browser, chance: browser.archive.releases(_source(chance)),
    "a figure over all releases": _figure,
    "wordings of a term": lambda browser, chance: browser.archive.wordings(_source(chance), chance.choice(TERMS)),
    "what was at an address at a time": _seen,
    "occurrences of a finding": lambda browser, chance: browser.archive.occurrences(_said(browser, chance)),
    "documents that a source linked": lambda browser, chance: browser.looks.linked_documents(_source(chance)),
    "what is known of an address": lambda browser, chance: browser.looks.known_address(_address(chance)),
    "the last look at an address": lambda browser, chance: browser.looks.captures_of(_address(chance), limit=1),
    "what judging may know of a series": lambda browser, chance: browser.archive.past(
        _source(chance), "statistics"
    ),
    "page: all sources": lambda browser, _: browser.sources(),
    "page: all sources, the first time after a round": lambda browser, _: browser.appearances.editions(),
    "page: the newest findings": lambda browser, _: browser.findings(limit=50),
    "page: open conditions": lambda browser, _: browser.open_conditions(),
    "page: the timeline of a source": lambda browser, chance: browser.timeline(_source(chance)),
    "page: looks that showed nothing": lambda browser, chance: browser.troubles(_source(chance), limit=20),
    "page: a finding": lambda browser, chance: browser.finding(_said(browser, chance)),
    "page: a release, from when to when": lambda browser, chance: browser.presence(_release(browser, chance)),
    "page: a release, its capture": lambda browser, chance: browser.captured(_release(browser, chance)),
    "page: what was said of a release": lambda browser, chance: browser.findings_of(_release(browser, chance)),
    "page: what differs": lambda browser, chance: browser.view(_release(browser, chance)),
    "raw: media type and name of bytes": lambda browser, chance: _raw(browser, chance),
}


def _raw(browser: Browser, chance: random.Random) -> object:
    digest = browser.archive.releases(_source(chance), limit=1)[0].sha256
    return browser.media_type(digest), browser.name(digest)


def _searches(browser: Browser, chance: random.Random) -> dict[str, list[str]]:
    """Words to search for, by kind, taken from texts that are there."""
    texts = [
        hit.text.split()
        for number in range(SOURCES)
        for hit in browser.search(_some_word(browser, number), limit=20)
    ]
    counts: dict[str, int] = {}
    for word in (word for text in texts for word in text):
        counts[word] = counts.get(word, 0) + 1
    by_count = sorted(counts, key=lambda word: counts[word])
    return {
        "a rare word": by_count[:50],
        "a common word": by_count[-5:],
        "two words": [" ".join(chance.sample(text, 2)) for text in texts],
        "five words in a row": [" ".join(text[3:8]) for text in texts],
        "two common words": [" ".join(chance.sample(by_count[-8:], 2)) for _ in range(20)],
        "words that are nowhere": ["zzzz", "qqqq"],
    }


def _some_word(browser: Browser, number: int) -> str:
    """A word that stands in what a source said in its newest release."""
    release = browser.archive.releases(source(number).id, limit=1)[0]
    view = browser.view(release.id)
    assert view is not None
    return str(view["text"][-1].split()[-1])
