"""What ``doctor --online`` looks at: every address, its patterns, and how its newest file reads. Not a command."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from commands.checkup import Check, fail, ok, warn
from state.errors import ReadingError
from state.model import Capture, Series, Source, Verdict

if TYPE_CHECKING:
    from commands.configuration import Configuration
    from diffing.workers import Workers
    from watchers.fetch import Fetcher
    from watchers.rounds import Fetched

_DRIFT = dt.timedelta(minutes=5)


def check_online(configuration: Configuration, sources: Sequence[Source]) -> Iterator[Check]:
    """Ask each source's page and the first file of each series; hosts side by side, politely. Stores nothing."""
    from commands.rounds import make_fetcher
    from diffing.workers import Workers
    from watchers.rounds import fetch_all

    clock_checked = False
    with make_fetcher(configuration) as fetcher, Workers() as workers:
        for fetched in fetch_all(lambda source: _looked(source, fetcher), sources):
            yield from _check_source(fetched, workers)
            if not clock_checked and fetched.captures and (drift := _drift(fetched.captures[0])) is not None:
                clock_checked = True
                yield _check_drift(drift)


def _looked(source: Source, fetcher: Fetcher) -> list[Capture]:
    """The page, and the first document of each series that it links."""
    page = fetcher.fetch_one(source, source.url, series="page")
    found = [(series, _documents(page, series)) for series in source.series if series.pattern]
    firsts = [(series, urls[0]) for series, urls in found if urls]
    return [page, *(fetcher.fetch_one(source, url, series=series.name) for series, url in firsts)]


def _documents(page: Capture, series: Series) -> list[str]:
    from watchers.follow import find_documents

    if page.verdict is not Verdict.PRESENT:
        return []
    return [found.url for found in find_documents(page.body, base_url=page.final_url, series=series)]


def _check_source(fetched: Fetched, workers: Workers) -> Iterator[Check]:
    source = fetched.source
    if fetched.error is not None:
        yield fail(f"{source.id}: {fetched.error}", "correct it; where it reads like a bug, report it")
        return
    page, *files = fetched.captures
    yield _check_page(source, page, workers)
    if page.verdict is not Verdict.PRESENT:
        return
    captures = {capture.series: capture for capture in files}
    for series in source.series:
        if series.pattern is not None:
            yield _check_series(source, series, page, captures.get(series.name), workers)


def _check_page(source: Source, page: Capture, workers: Workers) -> Check:
    said = f"{source.id}: {page.verdict.value}, {page.reason}"
    match page.verdict:
        case Verdict.PRESENT:
            return _check_reading(f"{source.id}: the page", page, source, workers)
        case Verdict.GONE | Verdict.MOVED:
            return fail(said, f"look where {source.url} has gone and correct url: in the source file")
        case Verdict.BLOCKED:
            return fail(said, "ask less often, from another place, or by render: browser; write to the publisher")
        case _:
            return warn(said, "try again later; if it stays, open the address in a browser")


def _check_series(source: Source, series: Series, page: Capture, first: Capture | None, workers: Workers) -> Check:
    count = len(_documents(page, series))
    name = f"{source.id}, {series.name}"
    if first is None:
        return warn(
            f"{name}: its pattern {series.pattern} finds no file on the page",
            "open the page, compare the addresses of its links with the pattern",
        )
    what = f"{name}: {count} file{'' if count == 1 else 's'}; {first.file_name or first.url}"
    if first.verdict is not Verdict.PRESENT:
        return fail(f"{what}: {first.verdict.value}, {first.reason}", "open that address in a browser")
    return _check_reading(what, first, source, workers)


def _check_reading(what: str, capture: Capture, source: Source, workers: Workers) -> Check:
    from commands.looking import read_capture, summary, why_unread

    try:
        document = read_capture(capture, source, workers=workers)
    except ReadingError as error:
        return fail(f"{what} cannot be read: {why_unread(error)}", "it is kept all the same; report the format")
    if not document.tables and not document.blocks:
        return warn(f"{what} holds no text and no table", "scripts may put it together: say render: browser")
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
