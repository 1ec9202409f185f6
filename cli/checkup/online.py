"""What ``doctor --online`` looks at: every address, its patterns, and how its newest file reads."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cli.checkup.machine import Check, fail, ok, warn
from state.errors import ReadingError
from state.formats import names_file
from state.model import Capture, Series, Source, Verdict

if TYPE_CHECKING:
    from cli.configuration.model import Configuration
    from diffing.workers.pool import Workers
    from watchers.fetch import Fetcher
    from watchers.following.model import Found
    from watchers.rounds import Fetched

_DRIFT = dt.timedelta(minutes=5)
_MOST_PAGES = 500
_SHOWN = 3  # links that a pattern could have found


def check_online(configuration: Configuration, sources: Sequence[Source]) -> Iterator[Check]:
    """Ask each source's page and the first file of each series; hosts side by side, politely. Stores nothing."""
    from cli.rounds import make_fetcher
    from diffing.workers.pool import Workers
    from watchers.rounds import fetch_all

    clock_checked = False
    with make_fetcher(configuration) as fetcher, Workers() as workers:
        for fetched in fetch_all(lambda source: _looked(source, fetcher), sources):
            yield from _check_source(fetched, workers)
            if fetched.source.render == "browser":
                yield from _check_data(fetched.source, fetcher)
            if not clock_checked and fetched.captures and (drift := _drift(fetched.captures[0])) is not None:
                clock_checked = True
                yield _check_drift(drift)


def _looked(source: Source, fetcher: Fetcher) -> list[Capture]:
    """The page, and the first document of each series that it links."""
    page = fetcher.fetch_one(source, source.url, series="page")
    firsts = [(name, urls[0]) for name, urls in _documents(page, source).items() if urls]
    return [page, *(fetcher.fetch_one(source, url, series=name) for name, url in firsts)]


def _documents(page: Capture, source: Source) -> dict[str, list[str]]:
    """The documents of each series with a pattern, each under the first series that it matches, as in a round."""
    from watchers.following.documents import documents_among

    found: dict[str, list[str]] = {series.name: [] for series in source.series if series.pattern}
    seen: set[str] = set()
    for series in source.series:
        for document in documents_among(_links(page), series=series):
            if document.url not in seen:
                seen.add(document.url)
                found[series.name].append(document.url)
    return {name: _followed(urls, name, source, page) for name, urls in found.items()}


def _followed(urls: list[str], name: str, source: Source, page: Capture) -> list[str]:
    """The documents that a round would ask for: those of other hosts only where the pattern names these."""
    from watchers.following.hosts import followed
    from watchers.visit import Known

    known = [Known(name, url, "") for url in urls]
    return [document.url for document in followed(known, source, here=page.final_url)]


def _links(page: Capture) -> list[Found]:
    from watchers.following.links import find_links

    return find_links(page.body, base_url=page.final_url) if page.verdict is Verdict.PRESENT else []


def _check_source(fetched: Fetched, workers: Workers) -> Iterator[Check]:
    source = fetched.source
    if fetched.error is not None:
        yield fail(f"{source.id}: {fetched.error}", "correct it; where it reads like a bug, report it")
        return
    page, *files = fetched.captures
    yield _check_page(source, page, workers)
    if page.verdict is not Verdict.PRESENT:
        return
    yield from _check_place(source, page)
    captures = {capture.series: capture for capture in files}
    for series in source.series:
        if series.pattern is not None:
            yield _check_series(source, series, page, captures.get(series.name), workers)


def _check_data(source: Source, fetcher: Fetcher) -> Iterator[Check]:
    """The data that a page's scripts load: they can be had without a browser, and whole."""
    for data in fetcher.loaded_by(source.url)[:_SHOWN]:
        yield ok(
            f"{source.id}: its scripts load {data.url} ({data.media_type}, {data.size:,} bytes);"
            f" `monitor.py add {data.url}` watches it without a browser"
        )


def _check_place(source: Source, page: Capture) -> Iterator[Check]:
    """Whether the page stands where the source file says, and is as long as it says."""
    from diffing.grounds.looks import same_address
    from watchers.following.documents import find_further_pages

    if not same_address(page.final_url, source.url):
        yield warn(
            f"{source.id}: the address leads to {page.final_url}", "write that as url: if it is what you mean"
        )
    followed = [series for series in source.series if series.pattern and not series.rolling]
    pages = 1 + len(find_further_pages(page.body, base_url=page.final_url, limit=_MOST_PAGES) if followed else [])
    if pages > source.pages:
        yield warn(
            f"{source.id}: the list goes on over {pages} pages, of which {source.pages} would be looked at",
            f"say pages: {pages}, with some to spare",
        )


def _check_page(source: Source, page: Capture, workers: Workers) -> Check:
    said = f"{source.id}: {page.verdict.value}, {page.reason}"
    match page.verdict:
        case Verdict.PRESENT:
            return _check_reading(f"{source.id}: the page", page, source, workers)
        case Verdict.GONE | Verdict.MOVED:
            return fail(said, f"look where {source.url} has gone and correct url: in the source file")
        case Verdict.BLOCKED if page.status is None:  # not asked: robots.txt or an address that is not public
            return fail(said, "do as it says if you may, or leave the source out by sources: in the configuration")
        case Verdict.BLOCKED:
            return fail(said, "ask less often, or from another place; write to the publisher")
        case _:
            return warn(said, "try again later; if it stays, open the address in a browser")


def _check_series(source: Source, series: Series, page: Capture, first: Capture | None, workers: Workers) -> Check:
    count = len(_documents(page, source)[series.name])
    name = f"{source.id}, {series.name}"
    if first is None:
        return warn(f"{name}: its pattern {series.pattern} finds no file on the page", _why_none(series, page))
    what = f"{name}: {count} file{'' if count == 1 else 's'}; {first.file_name or first.url}"
    if first.verdict is not Verdict.PRESENT:
        return fail(f"{what}: {first.verdict.value}, {first.reason}", "open that address in a browser")
    return _check_reading(what, first, source, workers)


def _why_none(series: Series, page: Capture) -> str:
    """What to do about a pattern that finds nothing: some of the links that it could have found."""
    from watchers.following.documents import documents_among

    links = _links(page)
    elsewhere = [link.url for link in documents_among(links, series=series) if not _is_own(link.url, page)]
    if elsewhere:
        return f"its files are on hosts of others; to follow them, write the host into it: {elsewhere[0]}"
    if documents_among(links, series=series):
        return "a series above it takes its files; put it first, or narrow the other's pattern"
    files = [link.url for link in links if names_file(link.url)]
    if not files:
        return "the page links no files; see whether it is the right page, and whether scripts put it together"
    return f"compare the pattern with what the page links: {', '.join(files[:_SHOWN])}"


def _is_own(url: str, page: Capture) -> bool:
    from watchers.following.hosts import site_of

    return site_of(url) in (site_of(page.url), site_of(page.final_url))


def _check_reading(what: str, capture: Capture, source: Source, workers: Workers) -> Check:
    from cli.preview import read_capture, summary, why_unread

    try:
        document = read_capture(capture, source, workers=workers)
    except ReadingError as error:
        return fail(f"{what} cannot be read: {why_unread(error)}", "it is kept all the same; report the format")
    if not document.tables and not document.blocks:
        chosen = capture.url == source.url and (source.include or source.exclude)
        remedy = "scripts may put it together: say render: browser"
        return warn(
            f"{what} holds no text and no table",
            "see what include: and exclude: leave of it" if chosen else remedy,
        )
    return ok(f"{what} holds {summary(document)}")


def _drift(capture: Capture) -> dt.timedelta | None:
    """How far this machine's clock is ahead of the publisher's, where it says its own."""
    said = next((value for name, value in capture.headers if name.lower() == "date"), "")
    try:
        theirs = email.utils.parsedate_to_datetime(said)
    except ValueError:
        return None
    return None if theirs.tzinfo is None else capture.at - theirs


def _check_drift(drift: dt.timedelta) -> Check:
    minutes = abs(drift) // dt.timedelta(minutes=1)
    if abs(drift) < _DRIFT:
        return ok("clock: it agrees with a publisher's")
    side = "ahead of" if drift > dt.timedelta() else "behind"
    return warn(
        f"clock: {minutes:,} minutes {side} a publisher's", "set the clock, and let a time service keep it"
    )
