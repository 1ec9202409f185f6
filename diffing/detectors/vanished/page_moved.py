"""``page-moved``: the page lands somewhere else, or answers with a "not found" page under status 200."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.looks import captures_of, day, same_address, speaks_for_page, telling
from diffing.grounds.wording import shorten
from state.kinds import Kind, Severity
from state.model import Item, Verdict

KINDS = (
    Kind(
        "page-moved",
        Severity.HIGH,
        'the page lands somewhere else, or answers 200 with a "not found" page',
        condition=True,
    ),
)
RANK = 3


def detect(evidence: Evidence) -> Iterator[Draft]:
    """Holds while the newest look that said anything landed elsewhere; a second such look makes it surer.

    A page that never was there is the operators' business, see ``source_trouble``.
    """
    url = evidence.source.url
    if not url or not speaks_for_page(evidence):
        return
    looks = telling(captures_of(evidence, url=url))
    if not looks or looks[-1].verdict is not Verdict.MOVED:
        return
    if not evidence.history.releases() and not any(look.verdict.good for look in looks):
        return
    last = looks[-1]
    again = len(looks) > 1 and looks[-2].verdict is Verdict.MOVED
    name = shorten(evidence.source.title or url, limit=60)
    if last.final_url and not same_address(last.final_url, url):
        title = f"The page “{name}” now leads to {shorten(last.final_url, limit=70)}"
    else:
        title = f"The page “{name}” now says that it was not found"
    yield Draft(
        kind="page-moved",
        title=title,
        reason=f"{last.reason or 'another page answered'} on {day(last.at)} at {last.at:%H:%M} UTC"
        + ("; the look before said the same" if again else "; seen once so far"),
        subject=(),
        items=(Item(url=last.final_url or url),),
        before=url,
        after=last.final_url or None,
        confidence=0.95 if again else 0.7,
    )
