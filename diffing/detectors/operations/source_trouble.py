"""``source-blocked``, ``-unreachable``, ``-unreadable`` and ``-recovered``: for operators, never for watchdogs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.looks import addresses, captures_of, day, file_name, same_address
from diffing.grounds.wording import listing, plural, shorten
from state.document import Where
from state.kinds import Kind, Severity
from state.model import Capture, ConditionState, Item, PastFinding, Verdict

KINDS = (
    Kind(
        "source-blocked",
        Severity.LOW,
        "the publisher turned the monitor away: 403, 429, a challenge; escalating",
        condition=True,
    ),
    Kind(
        "source-unreachable",
        Severity.LOW,
        "the address could not be had: name, connection, time, 5xx, a broken body; escalating",
        condition=True,
    ),
    Kind(
        "source-unreadable",
        Severity.LOW,
        "it was fetched and kept, but could not be read; escalating",
        condition=True,
    ),
    Kind("source-recovered", Severity.INFO, "a look succeeded again; told to those who were told of the trouble"),
)
RANK = 4

ROUNDS = (3, 24)
"""Rounds in a row after which trouble is graded medium, and high."""

_AWAY = frozenset({Verdict.GONE, Verdict.MOVED})
_OTHER = frozenset({Verdict.PRESENT, Verdict.UNCHANGED, Verdict.GONE, Verdict.MOVED})


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each address that could not be looked at, or could be again, and for a release unread."""
    for url in addresses(evidence):
        looks = captures_of(evidence, url=url)
        if looks and any(same_address(look.url, url) for look in evidence.captures):
            yield from _of_looks(evidence, url, looks)
    yield from _unreadable(evidence)
    yield from _lost_text(evidence)


def _of_looks(evidence: Evidence, url: str, looks: Sequence[Capture]) -> Iterator[Draft]:
    run = _run(looks)
    if run:
        yield _trouble(evidence, url, run)
    elif len(looks) > 1 and looks[-1].verdict.good and _in_trouble(looks[-2]):
        yield _recovered(evidence, url, _run(looks[:-1]), looks[-1])
    elif _never_there(evidence, looks):
        yield _trouble(evidence, url, [look for look in looks if look.verdict in _AWAY])


def _in_trouble(look: Capture) -> bool:
    return look.verdict not in _OTHER


def _run(looks: Sequence[Capture]) -> list[Capture]:
    """The newest looks in a row that failed, oldest first."""
    run: list[Capture] = []
    for look in reversed(looks):
        if not _in_trouble(look):
            break
        run.insert(0, look)
    return run


def _never_there(evidence: Evidence, looks: Sequence[Capture]) -> bool:
    """Whether the page answers "gone" or "moved" and was never seen: a wrong address, not a loss."""
    seen = any(look.verdict.good for look in looks) or evidence.history.releases()
    return not seen and looks[-1].verdict in _AWAY


def _name(evidence: Evidence, url: str) -> str:
    if same_address(url, evidence.source.url):
        return evidence.source.title or url
    return file_name(url)


def _trouble(evidence: Evidence, url: str, run: Sequence[Capture]) -> Draft:
    """The title holds as long as the trouble is as grave, so that it is one occurrence and not one a round."""
    first, last = run[0], run[-1]
    blocked = last.verdict is Verdict.BLOCKED
    what = "refused us" if blocked else "could not be fetched"
    status = f"status {last.status}" if last.status else last.verdict.value
    reached = max((limit for limit in ROUNDS if len(run) >= limit), default=0)
    lasting = f" for {reached} rounds and more" if reached else ""
    return Draft(
        kind="source-blocked" if blocked else "source-unreachable",
        title=f"{shorten(_name(evidence, url), limit=70)} {what}{lasting}:"
        f" {shorten(last.reason or status, limit=50)}",
        reason=f"{status}: {last.reason or last.verdict.value}; {plural(len(run), 'failed round')} in a row since"
        f" {day(first.at)} at {first.at:%H:%M} UTC. Nothing is known about the content meanwhile",
        subject=() if same_address(url, evidence.source.url) else (file_name(url),),
        items=(Item(url=url),),
        severity=_severity(len(run)),
    )


def _severity(rounds: int) -> Severity:
    return Severity.LOW.raised(sum(rounds >= limit for limit in ROUNDS))


def _recovered(evidence: Evidence, url: str, run: Sequence[Capture], now: Capture) -> Draft:
    return Draft(
        kind="source-recovered",
        title=f"{shorten(_name(evidence, url), limit=90)} can be fetched again"
        f" after {plural(len(run), 'failed round')}",
        reason=f"trouble since {day(run[0].at)} at {run[0].at:%H:%M} UTC, good again on {day(now.at)}"
        f" at {now.at:%H:%M} UTC",
        subject=() if same_address(url, evidence.source.url) else (file_name(url),),
        items=(Item(url=url),),
        ends=tuple(
            past.finding.id
            for past in evidence.history.findings()
            if past.finding.kind in ("source-blocked", "source-unreachable")
            and past.last_at >= run[0].at
            and any(item.url and same_address(item.url, url) for item in past.finding.items)
        ),
    )


def _unreadable(evidence: Evidence) -> Iterator[Draft]:
    """A release that was stored and not understood; the condition holds until one can be read."""
    if evidence.trouble is not None:
        name = file_name(evidence.url_after) if evidence.url_after else evidence.series.title
        yield _unread(name or "the release", evidence.trouble, evidence.url_after)
        return
    open_ones = [past for past in evidence.history.findings() if _is_unread(past, evidence)]
    if evidence.document is not None and open_ones and not evidence.document.textless:
        yield _readable(evidence, open_ones)
    if evidence.document is None and open_ones:
        past = open_ones[-1].finding
        yield Draft(
            kind=past.kind,
            title=past.title,
            reason=past.reason,
            subject=(),
            items=past.items,
            severity=past.severity,
        )


def _lost_text(evidence: Evidence) -> Iterator[Draft]:
    """Pages that show what they showed, or something else, and let no program read it any more."""
    comparison = evidence.comparison
    if comparison is None or not comparison.lost:
        return
    name = file_name(evidence.url_after) if evidence.url_after else comparison.before.title
    pages = listing([str(page) for page in comparison.lost])
    document = evidence.document or comparison.after
    yield Draft(
        kind="source-unreadable",
        title=f"{shorten(name or 'The document', limit=60)} can no longer be read as text on"
        f" {'page' if len(comparison.lost) == 1 else 'pages'} {pages}",
        reason="; ".join(document.remarks)
        or "the text of the release before could be read, this one is a picture",
        subject=("text",),
        where=Where(page=comparison.lost[0]),
        items=(Item(url=evidence.url_after),) if evidence.url_after else (),
    )


def _is_unread(past: PastFinding, evidence: Evidence) -> bool:
    """Whether a release before could not be read; of the same document, where every file is one of its own."""
    if past.finding.kind != "source-unreadable" or past.state is not ConditionState.OPEN:
        return False
    url = evidence.url_after
    if not evidence.series.each_file or url is None:
        return True
    return any(item.url and same_address(item.url, url) for item in past.finding.items)


def _readable(evidence: Evidence, unread: Sequence[PastFinding]) -> Draft:
    url = evidence.url_after or evidence.source.url
    return Draft(
        kind="source-recovered",
        title=f"{shorten(_name(evidence, url), limit=90)} can be read again",
        reason=f"a release could not be read: {unread[-1].finding.reason}; this one can",
        subject=("reading",),
        items=(Item(url=url),),
        ends=tuple(past.finding.id for past in unread),
    )


def _unread(name: str, trouble: str, url: str | None) -> Draft:
    return Draft(
        kind="source-unreadable",
        title=f"{shorten(name, limit=60)} was stored but could not be read: {shorten(trouble, limit=70)}",
        reason=trouble,
        subject=(),
        items=(Item(url=url),) if url else (),
    )
