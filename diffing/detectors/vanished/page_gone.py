"""``page-gone``: the page answers 404 or 410, and did so in an earlier round as well; ``page-returned``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.looks import captures_of, day, speaks_for_page, telling
from diffing.grounds.wording import plural
from state.kinds import Kind, Severity
from state.model import Capture, ConditionState, Item, Verdict

KINDS = (
    Kind(
        "page-gone",
        Severity.CRITICAL,
        "the page answers 404 or 410, confirmed by a second look in a later round",
        condition=True,
    ),
    Kind(
        "page-returned",
        Severity.INFO,
        "a page that was gone or moved is at its address again; told to those who were told of that",
    ),
)
RANK = 2

_AWAY = frozenset({"page-gone", "page-moved"})


def detect(evidence: Evidence) -> Iterator[Draft]:
    """Holds while the newest two looks that said anything say "gone"; rounds that could not look are passed over.

    A page that never was there is the operators' business, see ``source_trouble``.
    """
    url = evidence.source.url
    if not url or not speaks_for_page(evidence):
        return
    looks = telling(captures_of(evidence, url=url))
    yield from _returned(evidence, looks)
    if len(looks) < 2 or any(look.verdict is not Verdict.GONE for look in looks[-2:]):
        return
    good = [look for look in looks if look.verdict.good]
    if not good and not evidence.history.releases():
        return
    seen = f"last seen on {day(good[-1].at)}; " if good else ""
    first, last = looks[-2], looks[-1]
    yield Draft(
        kind="page-gone",
        title=f"The page “{evidence.source.title or url}” is gone: it answers {last.status or 404}",
        reason=f"{seen}answered {first.status or 404} on {day(first.at)} at {first.at:%H:%M} UTC"
        f" and {last.status or 404} on {day(last.at)} at {last.at:%H:%M} UTC",
        subject=(),
        items=(Item(url=url),),
    )


def _returned(evidence: Evidence, looks: Sequence[Capture]) -> Iterator[Draft]:
    """The end of what was told: the page is at its address again."""
    told = [past for past in evidence.history.findings() if past.finding.kind in _AWAY]
    open_ones = [past for past in told if past.state is ConditionState.OPEN]
    if not open_ones or not looks or not looks[-1].verdict.good:
        return
    now, earlier = looks[-1], looks[:-1]
    seen = max((place for place, look in enumerate(earlier) if look.verdict.good), default=-1)
    away = earlier[seen + 1 :]
    since = away[0].at if away and seen >= 0 else min(past.first_at for past in open_ones)
    days = (now.at - since).days
    yield Draft(
        kind="page-returned",
        title=f"The page “{evidence.source.title or evidence.source.url}” is back"
        + (f" after {plural(days, 'day')}" if days else " on the same day"),
        reason=f"away since {day(since)} at {since:%H:%M} UTC, there again on {day(now.at)} at {now.at:%H:%M} UTC",
        subject=(),
        items=(Item(url=evidence.source.url),),
        ends=tuple(past.finding.id for past in open_ones),
    )
