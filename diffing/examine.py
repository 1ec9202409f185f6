"""One release from bytes to findings: read both sides, compare, judge, remember. Runs inside a worker process."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from diffing.compare import compare
from diffing.extract import extract
from diffing.facts import Comparison, Evidence
from diffing.judge import judge
from diffing.readings import keep_reading, kept_document
from diffing.remember import facts_of
from diffing.sidebyside import view_of
from state.document import Block, Document, ReadingHints, StatedDate
from state.errors import ReadingError
from state.model import Capture, Finding, History, Reading, ReleaseFacts, Series, Source
from state.past import PastReleases


@dataclass(frozen=True, slots=True)
class Edition:
    """One release as the publisher served it. ``body`` are its bytes, or a file that holds them."""

    body: bytes | Path
    sha256: str
    release: str  # Release.id, or the ordinal where no archive is behind
    at: dt.datetime
    url: str = ""
    media_type: str = ""
    file_name: str | None = None
    reading: Reading | None = None  # what was read of it before, where that was kept


@dataclass(frozen=True, slots=True)
class Request:
    """What one examination needs; holds plain data and can be pickled.

    ``after`` is None in a round without a new release, ``before`` for the first release of a series.
    """

    source: Source
    series: Series
    now: dt.datetime
    after: Edition | None = None
    before: Edition | None = None
    captures: tuple[Capture, ...] = ()  # of the round, without their bytes
    history: History = field(default_factory=PastReleases)
    remember: bool = True  # False: no later release will be judged by this one


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a ``Request``. Documents stay where they were read."""

    findings: tuple[Finding, ...]
    facts: ReleaseFacts | None = None
    trouble: str | None = None  # why ``after`` could not be read
    hindrance: str | None = None  # why ``before`` could not be read; ``after`` was judged as a first release
    as_of: StatedDate | None = None  # of which ``after`` speaks
    as_of_before: StatedDate | None = None
    texts: tuple[Block, ...] = ()  # of ``after``, for full-text search
    view: dict[str, object] | None = None  # the differences side by side, see diffing.sidebyside
    reading: Reading | None = None  # of ``after``, for the comparison with the next release


def examine(request: Request) -> Examined:
    """Read, compare and judge one release, or judge a round without one.

    An unreadable ``after`` becomes a ``source-unreadable`` finding, an unreadable ``before`` a remark, and
    ``after`` is then judged as a first release. Other errors are bugs and are raised.
    """
    after, trouble = _read(request, request.after)
    before, hindrance = _read_before(request, after)
    comparison = compare(before, after) if before is not None and after is not None else None
    evidence = _gather(request, document=after, comparison=comparison, trouble=trouble)
    findings = judge(evidence)
    return Examined(
        findings=findings,
        facts=_remember(request, after, comparison),
        trouble=trouble,
        hindrance=hindrance,
        as_of=after.as_of if after else None,
        as_of_before=before.as_of if before else None,
        texts=after.blocks if after and request.remember else (),
        view=view_of(comparison, findings) if comparison and request.remember else None,
        reading=_keep(request, after) if comparison and request.remember else None,
    )


def refused(request: Request, reason: str) -> Examined:
    """What is said of a release whose worker was lost over it: it stays stored, unread, with the reason."""
    evidence = _gather(request, document=None, comparison=None, trouble=reason)
    return Examined(findings=judge(evidence), trouble=reason)


def _read(request: Request, edition: Edition | None) -> tuple[Document | None, str | None]:
    """The document of an edition, or the reason why it cannot be read."""
    if edition is None:
        return None, None
    hints, body = _hints(request, edition), _bytes_of(edition)
    kept = kept_document(edition.reading, body=body, hints=hints)
    if kept is not None:
        return kept, None
    try:
        return extract(body, media_type=edition.media_type, hints=hints), None
    except ReadingError as error:
        return None, str(error)


def _hints(request: Request, edition: Edition) -> ReadingHints:
    return ReadingHints(
        key_columns=request.series.rules.keys,
        include=request.source.include if request.series.pattern is None else (),
        exclude=request.source.exclude if request.series.pattern is None else (),
        url=edition.url or None,
        file_name=edition.file_name,
    )


def _keep(request: Request, document: Document | None) -> Reading | None:
    """What was read of ``after`` as bytes. A series that never changes is never compared and keeps none."""
    if document is None or request.after is None:
        return None
    return keep_reading(document, body=_bytes_of(request.after), hints=_hints(request, request.after))


def _read_before(request: Request, after: Document | None) -> tuple[Document | None, str | None]:
    """The document before; the same bytes are not read twice."""
    if after is None or request.before is None or request.after is None:
        return None, None
    if request.before.sha256 == request.after.sha256:
        return after, None
    return _read(request, request.before)


def _bytes_of(edition: Edition) -> bytes:
    return edition.body if isinstance(edition.body, bytes) else edition.body.read_bytes()


def _gather(
    request: Request, *, document: Document | None, comparison: Comparison | None, trouble: str | None
) -> Evidence:
    before, after = request.before, request.after
    return Evidence(
        source=request.source,
        series=request.series,
        now=request.now,
        history=request.history,
        captures=request.captures,
        document=document,
        comparison=comparison,
        url_before=(before.url or None) if before else None,
        url_after=(after.url or None) if after else None,
        sha256_before=before.sha256 if before else None,
        sha256_after=after.sha256 if after else None,
        trouble=trouble,
    )


def _remember(request: Request, document: Document | None, comparison: Comparison | None) -> ReleaseFacts | None:
    if document is None or request.after is None or not request.remember:
        return None
    return facts_of(
        document,
        release=request.after.release,
        at=request.after.at,
        sha256=request.after.sha256,
        url=request.after.url,
        comparison=comparison,
        history=request.history,
    )
