"""``page-gone``: the page answers 404 or 410, and did so in an earlier round as well."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.facts import Draft, Evidence
from diffing.looks import captures_of, day, speaks_for_page, telling
from state.model import Item, Verdict

KINDS = ("page-gone",)
RANK = 2


def detect(evidence: Evidence) -> Iterator[Draft]:
    """Holds while the newest two looks that said anything say "gone"; rounds that could not look are passed over.

    A page that never was there is the operators' business, see ``source_trouble``.
    """
    url = evidence.source.url
    if not url or not speaks_for_page(evidence):
        return
    looks = telling(captures_of(evidence, url=url))
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
