"""One release from bytes to findings: read both sides, compare, judge, remember. Runs inside a worker process.

Whoever has it done by a worker imports this too: readers, rules and comparison are imported where they run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from diffing.examination import Examination, ReleaseBytes, Request
from diffing.outline import outline
from state.document import Document, Notation, ReadingHints, StatedDate, Table, Text
from state.errors import PartialAnswer, ReadingError
from state.model import Reading, ReleaseFacts

if TYPE_CHECKING:
    from diffing.comparing.model import Comparison, Evidence


def examine(request: Request) -> Examination:
    """Read, compare and judge one release, or judge a round without one.

    An unreadable ``after`` becomes a ``source-unreadable`` finding, an unreadable ``before`` a remark, and
    ``after`` is then judged as a first release. Other errors are bugs and are raised.
    """
    from diffing.causes import another_language, page_replaced
    from diffing.comparing.side_by_side import view_of
    from diffing.judge import judge

    after, trouble = _read(request, request.after)
    before, hindrance = _read_before(request, after)
    comparison = _compare(request, before, after) if before is not None and after is not None else None
    evidence = _gather(request, document=after, comparison=comparison, trouble=_said(trouble))
    question = page_replaced.question_of(evidence) or another_language.question_of(evidence)
    if question is not None:
        doubted = replace(evidence, document=None, comparison=None, question=question)
        return Examination(findings=judge(doubted), question=question)
    findings = judge(evidence)
    return Examination(
        findings=findings,
        facts=_remember(request, after, comparison),
        trouble=_said(trouble),
        partial=isinstance(trouble, PartialAnswer),
        hindrance=_said(hindrance),
        as_of=_as_of(after, comparison.after if comparison else None),
        as_of_before=_as_of(before, comparison.before if comparison else None),
        texts=_texts_of(after) if after and request.remember else (),
        view=view_of(comparison, findings) if comparison and request.remember else None,
        reading=_keep(request, after) if comparison and request.remember else None,
    )


def _as_of(document: Document | None, compared: Document | None) -> StatedDate | None:
    """The date of which a document speaks; where it leaves that open, as its other release shows it."""
    stated = document.as_of if document is not None else None
    return stated if stated is not None or compared is None else compared.as_of


def evidence_for(request: Request) -> Evidence:
    """What the rules are given to judge a release by, read and compared anew."""
    after, trouble = _read(request, request.after)
    before, _ = _read_before(request, after)
    comparison = _compare(request, before, after) if before is not None and after is not None else None
    return _gather(request, document=after, comparison=comparison, trouble=_said(trouble))


def examine_each(requests: Sequence[Request]) -> list[Examination]:
    """``examine`` for several requests, in their order."""
    return [examine(request) for request in requests]


def as_of(request: Request) -> StatedDate | None:
    """The date of which ``after`` speaks; None where it states none or cannot be read."""
    document, _ = _read(request, request.after)
    return document.as_of if document else None


def _compare(request: Request, before: Document, after: Document) -> Comparison:
    """What differs, with rows called as the source file says, else as when the release before was compared."""
    from diffing.comparing.compare import compare
    from diffing.grounds.noted import notation_noted
    from diffing.identity import table_key

    def learnt(table: Table) -> tuple[str, ...]:
        entries = request.history.table(table_key(table))
        return entries[-1][1].identity if entries else ()

    def noted(table: Table) -> Mapping[str, Notation]:
        entries = request.history.table(table_key(table))
        return notation_noted(entries[-1][1].measures) if entries else {}

    return compare(before, after, rules=request.series.rules, learnt=learnt, noted=noted)


def refused(request: Request, reason: str) -> Examination:
    """What is said of a release whose worker was lost over it: it stays stored, with its outline and why."""
    from diffing.judge import judge

    reason = f"{reason}; {outline(request)}"
    evidence = _gather(request, document=None, comparison=None, trouble=reason)
    return Examination(findings=judge(evidence), trouble=reason)


def _said(trouble: ReadingError | None) -> str | None:
    return None if trouble is None else str(trouble)


def _read(request: Request, edition: ReleaseBytes | None) -> tuple[Document | None, ReadingError | None]:
    """The document of an edition, or the reason why it cannot be read."""
    if edition is None:
        return None, None
    from diffing.extract import extract
    from diffing.workers.readings import kept_document

    hints, body = _hints(request, edition), _bytes_of(edition)
    kept = kept_document(edition.reading, body=body, hints=hints)
    if kept is not None:
        return kept, None
    try:
        return extract(body, media_type=edition.media_type, hints=hints), None
    except ReadingError as error:
        return None, error


def _hints(request: Request, edition: ReleaseBytes) -> ReadingHints:
    rules = request.series.rules
    return ReadingHints(
        key_columns=rules.keys,
        period_columns=rules.periods,
        other_columns=(*rules.measures, *rules.stamps),
        include=request.source.include if request.series.pattern is None else (),
        exclude=request.source.exclude if request.series.pattern is None else (),
        url=edition.url or None,
        file_name=edition.file_name,
        catalogue=request.source.catalogue if request.series.pattern is None else "",
    )


def _texts_of(document: Document) -> tuple[Text, ...]:
    return tuple([(" / ".join(block.heading), block.text) for block in document.blocks])


def _keep(request: Request, document: Document | None) -> Reading | None:
    """What was read of ``after`` as bytes. A series that never changes is never compared and keeps none."""
    if document is None or request.after is None:
        return None
    from diffing.workers.readings import keep_reading

    return keep_reading(document, body=_bytes_of(request.after), hints=_hints(request, request.after))


def _read_before(request: Request, after: Document | None) -> tuple[Document | None, ReadingError | None]:
    """The document before; the same bytes are not read twice."""
    if after is None or request.before is None or request.after is None:
        return None, None
    if request.before.sha256 == request.after.sha256:
        return after, None
    return _read(request, request.before)


def _bytes_of(edition: ReleaseBytes) -> bytes:
    return edition.body if isinstance(edition.body, bytes) else edition.body.read_bytes()


def _gather(
    request: Request, *, document: Document | None, comparison: Comparison | None, trouble: str | None
) -> Evidence:
    from diffing.comparing.model import Evidence

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
        questioned=request.questioned,
        found_later=request.found_later,
        is_found_later=after is not None and after.release in request.found_later,
        siblings=request.siblings,
    )


def _remember(request: Request, document: Document | None, comparison: Comparison | None) -> ReleaseFacts | None:
    if document is None or request.after is None or not request.remember:
        return None
    from diffing.extract_history import facts_of

    return facts_of(
        document,
        release=request.after.release,
        at=request.after.at,
        sha256=request.after.sha256,
        url=request.after.url,
        comparison=comparison,
        history=request.history,
    )
