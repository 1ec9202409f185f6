"""``link-vanished`` and ``link-retargeted``: a link of the main content left or points elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from diffing.comparing.links import canonical_url
from diffing.comparing.model import Comparison, Draft, Evidence, FactKey, LinkChange
from diffing.grounds.flood import gather
from diffing.grounds.looks import differ_by_a_day, is_document, name_shape, words_of_link
from diffing.grounds.phrases import mask
from diffing.grounds.wording import listing, plural, shorten
from diffing.values import normalise
from state.document import Document, Link, Where
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind("link-vanished", Severity.MEDIUM, "another outward link of the main content left"),
    Kind("link-retargeted", Severity.MEDIUM, "another outward link of the main content points elsewhere"),
)
RANK = 22

MOST_LINKS = 10
"""Links that lead elsewhere above which one statement tells of all."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each link that points elsewhere, one a section for those that left."""
    comparison = evidence.comparison
    if comparison is None:
        return
    gone: dict[str, list[LinkChange]] = defaultdict(list)
    retargeted = []
    for change in comparison.links:
        if FactKey("link", change.index) in evidence.told or change.before is None:
            continue
        if change.after is not None:
            if _elsewhere(evidence, comparison, change.before, change.after):
                retargeted.append(_retargeted(evidence, comparison, change, change.before, change.after))
        elif _matters(evidence, comparison, change.before):
            gone[" / ".join(change.before.heading)].append(change)
    yield from gather(retargeted, most=MOST_LINKS, noun="links lead elsewhere")
    for section, changes in gone.items():
        yield _vanished(evidence, comparison, section, changes)


def _address(link: Link, url: str | None, page: Document) -> str:
    """The absolute address of a link on the page that was fetched from ``url``."""
    return urljoin(urljoin(url or "", page.base_url or ""), link.url)


def _elsewhere(evidence: Evidence, comparison: Comparison, before: Link, after: Link) -> bool:
    """Whether the target is another one, and not just the series' next release under the same words."""
    left, right = (
        _address(before, evidence.url_before, comparison.before),
        _address(after, evidence.url_after, comparison.after),
    )
    if _without_www(left) == _without_www(right) or differ_by_a_day(left, right):
        return False
    followed = (evidence.series, *evidence.source.series)
    both = all(any(is_document(url, series=series) for series in followed) for url in (left, right))
    return not (both and name_shape(left) == name_shape(right))


def _without_www(url: str) -> str:
    return canonical_url(url).replace("//www.", "//", 1)


def _matters(evidence: Evidence, comparison: Comparison, link: Link) -> bool:
    """Whether losing the link is a loss: not an anchor, not a file that a series of the source follows."""
    if not link.url or link.url.startswith(("#", "javascript:")):
        return False
    address = _address(link, evidence.url_before, comparison.before)
    return not any(is_document(address, series=series) for series in (evidence.series, *evidence.source.series))


def _retargeted(
    evidence: Evidence, comparison: Comparison, change: LinkChange, before: Link, after: Link
) -> Draft:
    left, right = (
        _address(before, evidence.url_before, comparison.before),
        _address(after, evidence.url_after, comparison.after),
    )
    hosts = [urlsplit(url).hostname for url in (left, right)]
    off_site = " on another site" if all(hosts) and hosts[0] != hosts[1] else ""
    return Draft(
        kind="link-retargeted",
        title=f"The link “{shorten(after.text, limit=50)}” now leads elsewhere{off_site}:"
        f" {shorten(right, limit=70)}",
        reason=f"the same words led to {left} before",
        subject=(mask(after.text) or normalise(after.text),),
        where=Where(section=" / ".join(after.heading) or None),
        items=(Item(text=after.text, url=right, before=left, after=right),),
        before=left,
        after=right,
        explains=(FactKey("link", change.index),),
    )


def _vanished(evidence: Evidence, comparison: Comparison, section: str, changes: list[LinkChange]) -> Draft:
    links = [change.before for change in changes if change.before is not None]
    names = [f"“{link.text}”" if link.text else link.url for link in links]
    under = f" under “{shorten(section.rsplit(' / ', 1)[-1], limit=40)}”" if section else ""
    verb = "is" if len(links) == 1 else "are"
    return Draft(
        kind="link-vanished",
        title=f"{plural(len(links), 'link')} {verb} gone{under}: {listing(names, limit=2)}",
        reason="no link of the page leads there any more: "
        + listing([_address(link, evidence.url_before, comparison.before) for link in links], limit=5),
        subject=(normalise(section), *(sorted(mask(link.text) for link in links)[:1])),
        where=Where(section=section or None),
        items=tuple(
            Item(text=link.text, url=_address(link, evidence.url_before, comparison.before)) for link in links
        ),
        before=_address(links[0], evidence.url_before, comparison.before) if len(links) == 1 else None,
        explains=(
            *(FactKey("link", change.index) for change in changes),
            *(fact for link in links for fact in words_of_link(comparison, link.text)),
        ),
    )
