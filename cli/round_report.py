"""What a round came to, for those who asked for it: news by source, and what kept it from being whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from state.errors import LeftForLater, MonitorError
from state.model import Capture, Finding, Verdict

if TYPE_CHECKING:
    from alerts.deliver import Unsent
    from pipeline.judging import SourceOutcome
    from state.store import Store


class SourceNews(Struct, frozen=True):
    """What a round came to for one source: what is new to say, and a line for each address not to be had.

    ``broken`` are those of the lines that no publisher is the reason of: the archive, or a bug.
    """

    source: str
    findings: tuple[Finding, ...] = ()
    troubles: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class RoundReport(Struct, frozen=True):
    """What a round came to. Sources with nothing to say have no result: most have none, and there may be many."""

    results: tuple[SourceNews, ...]
    unsent: tuple[Unsent, ...] = ()  # messages that could not be sent yet or were given up
    remarks: tuple[str, ...] = ()  # what else operators should know, a line each
    blind: bool = False  # no source that was ever looked at answered when it was looked at last

    @property
    def broken(self) -> tuple[str, ...]:
        """What broke on our side, a line each with its source."""
        return tuple(f"{each.source}: {line}" for each in self.results for line in each.broken)


def news_of(outcome: SourceOutcome, store: Store) -> SourceNews:
    """An outcome as lines and news for a person."""
    unread = tuple(f"{judged.series}: {judged.trouble}" for judged in outcome.judged if judged.trouble)
    said = tuple(_said_of(outcome.error))
    return SourceNews(
        source=outcome.source.id,
        findings=tuple(sorted(outcome.news, key=lambda finding: -finding.severity.rank)),
        troubles=(*said, *_troubles(outcome.captures), *unread, *_never_seen(outcome, store)),
        broken=() if isinstance(outcome.error, LeftForLater) else said,
    )


def _said_of(error: Exception | None) -> Iterator[str]:
    """A line on what ended the work on a source, or on one of its series."""
    if error is not None:
        yield str(error) if isinstance(error, MonitorError) else f"failed, please report: {error!r}"


def _troubles(captures: Sequence[Capture]) -> tuple[str, ...]:
    """A line for each address at which we could not look. What is gone or moved was looked at."""
    return tuple(
        f"{capture.verdict.value}: {capture.reason} ({capture.url})"
        for capture in captures
        if not capture.verdict.answers
    )


def _never_seen(outcome: SourceOutcome, store: Store) -> Iterator[str]:
    """What a wrong source file shows by: a page that was never there, a series without a document."""
    pages = [capture for capture in outcome.captures if capture.url == outcome.source.url]
    for page in pages:
        if page.verdict in (Verdict.GONE, Verdict.MOVED) and store.looks.known_address(page.url) is None:
            yield f"never seen, is the address right? {page.verdict.value}: {page.reason} ({page.url})"
    if not any(page.verdict.good for page in pages) or not any(series.pattern for series in outcome.source.series):
        return
    linked = {series for series, _, _ in store.looks.linked_documents(outcome.source.id)}
    for series in outcome.source.series:
        if series.pattern is not None and series.name not in linked:
            yield f"series {series.name}: no link of the page ever matched its pattern {series.pattern}"
