"""``file-withdrawn``: a listing no longer links a document that it linked, or the document's address is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urljoin

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey, LinkChange
from diffing.grounds.looks import (
    address_key,
    addresses,
    captures_of,
    day,
    differ_by_a_day,
    file_name,
    is_document,
    name_shape,
    same_address,
    telling,
    words_of_link,
)
from diffing.grounds.wording import listing, plural
from state.document import ATTACHMENT
from state.kinds import Kind, Severity
from state.model import Item, Verdict

KINDS = (
    Kind(
        "file-withdrawn",
        Severity.CRITICAL,
        "a listing no longer links a document it linked, or its address is gone; high where still served",
        condition=True,
    ),
)
RANK = 6


class Withdrawn(NamedTuple):
    """A document that was published and is not any more."""

    url: str
    text: str | None  # the words of its link, where known
    note: str
    facts: tuple[FactKey, ...] = ()
    served: bool = False  # its own address was asked in this round, and still answers with a document


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement with all members: from looks at the listing, from the addresses, from two pages compared.

    Where every file is a document of its own, the listing is told of once, beside the documents and not with each.
    """
    if evidence.series.each_file and evidence.url_after is not None:
        return
    members: dict[str, Withdrawn] = {}
    for found in (*_dropped(evidence), *_answering_gone(evidence), *_left_page(evidence)):
        if _has_another_day(evidence, found):
            continue
        members.setdefault(address_key(found.url), _asked(evidence, found))
    gone = [member for member in members.values() if not member.served]
    if gone:
        yield _draft(evidence, gone)
    unlinked = [member for member in members.values() if member.served]
    if unlinked:
        yield _draft_unlinked(evidence, unlinked)
    yield from _taken_out(evidence)


def _has_another_day(evidence: Evidence, member: Withdrawn) -> bool:
    """Whether it is linked under another day in its query, which nobody saw while this one was linked."""
    seen = evidence.history.links().get(member.url)
    good = [look for look in captures_of(evidence, url=evidence.source.url) if look.verdict.good]
    if seen is None or not good:
        return False
    near = [(url, text) for _, url, text in good[-1].links if differ_by_a_day(url, member.url)]
    first: dict[str, dt.datetime] = {}
    for release in evidence.history.releases():
        first.setdefault(release.url, release.at)
    words = member.text or next((text for look in good for _, url, text in look.links if url == member.url), "")
    alike = [url for url, text in near if text == words] if words else [url for url, _ in near if len(near) == 1]
    return any(first.get(url, evidence.now) > seen for url in alike)


def _asked(evidence: Evidence, member: Withdrawn) -> Withdrawn:
    """With what its own address answered in this round, where it was asked."""
    looks = telling(captures_of(evidence, url=member.url))
    now = [look for look in looks if any(look.at == each.at for each in evidence.captures)]
    if not now:
        return member
    if now[-1].verdict.good:
        note = f"still served at its address on {_moment(now[-1].at)}"
        return member._replace(note=f"{member.note}; {note}" if member.note else note, served=True)
    return member._replace(note=member.note or f"answered {now[-1].status or 'gone'} on {_moment(now[-1].at)}")


def _moment(at: dt.datetime) -> str:
    return f"{day(at)} at {at:%H:%M} UTC"


def _taken_out(evidence: Evidence) -> Iterator[Draft]:
    """Files that travelled inside the document and do not any more, while the document is still published."""
    comparison = evidence.comparison
    if comparison is None:
        return
    entries = [entry for entry in comparison.metadata if entry[0].startswith(ATTACHMENT)]
    came = {digest for _, _, digest in entries if digest is not None}
    left = [(name, digest) for name, digest, after in entries if after is None and digest not in came]
    if left:
        names = [name.removeprefix(ATTACHMENT) for name, _ in left]
        yield Draft(
            kind="file-withdrawn",
            title=f"{plural(len(names), 'attached file')} left the document: {listing(names)}",
            reason="the file was embedded in the document of the release before; this one no longer holds it",
            subject=("attachment",),
            items=tuple(
                Item(text=name, note=f"SHA-256 {digest}") for name, (_, digest) in zip(names, left, strict=True)
            ),
            severity=Severity.HIGH,
            explains=tuple(FactKey("metadata", row=name) for name, _ in left),
        )


def _dropped(evidence: Evidence) -> Iterator[Withdrawn]:
    """Documents that neither of the newest two good looks at the listing still linked.

    Of a document that was seen at its own address in this round, the newest look at the listing is enough: that
    nobody finds it any more is all that is said. What is said to be gone waits for a second look, and so does a
    listing that lost most of its links at once.
    """
    good = [look for look in captures_of(evidence, url=evidence.source.url) if look.verdict.good]
    if len(good) < 2 or evidence.series.rolling:
        return
    looks = [look.at for look in good]
    linked = {url for _, url, _ in good[-1].links}
    links = {url: seen for url, seen in evidence.history.links().items() if not _of_another(evidence, url)}
    stays = 2 * len(linked & links.keys()) >= len([url for url, seen in links.items() if seen >= looks[-2]])
    served = {look.url for look in evidence.captures if look.verdict.good} if stays else set()
    sure = {url: looks[-1] if url in served else looks[-2] for url in links if url not in linked}
    gone = {url: links[url] for url, since in sure.items() if links[url] < since}
    present = {file_name(url) for url in (*links, *linked) if url not in gone}
    words = {url: text for look in good for _, url, text in look.links}
    replaced = _replaced(evidence, gone)
    for url, seen in gone.items():
        if url not in replaced and file_name(url) not in present:
            unseen = f"the look of {_moment(looks[-1])}" if seen >= looks[-2] else f"the looks of {_two(looks)}"
            yield Withdrawn(url, words.get(url), f"linked on {day(seen)}, not in {unseen}")


def _of_another(evidence: Evidence, url: str) -> bool:
    """Whether another series of the source follows the document and tells of it."""
    others = (series for series in evidence.source.series if series.name != evidence.series.name)
    own = evidence.series.pattern is not None
    return not own and any(series.follows(url) for series in others)


def _two(looks: list[dt.datetime]) -> str:
    earlier, later = looks[-2:]
    if earlier.date() != later.date():
        return f"{day(earlier)} and {day(later)}"
    return f"{day(later)}, {earlier:%H:%M} and {later:%H:%M} UTC"


def _replaced(evidence: Evidence, gone: Mapping[str, dt.datetime]) -> set[str]:
    """Files that gave way to a later release of the same series; each newcomer replaces one."""
    if evidence.series.each_file or evidence.series.pattern is None:
        return set()
    first_seen: dict[str, dt.datetime] = {}
    for release in evidence.history.releases():
        first_seen.setdefault(release.url, release.at)
    if evidence.url_after:
        first_seen.setdefault(evidence.url_after, evidence.now)
    newcomers = sorted((at, url) for url, at in first_seen.items())
    replaced = set()
    for url, seen in sorted(gone.items(), key=lambda entry: entry[1]):
        successor = next((entry for entry in newcomers if entry[0] > seen and entry[1] != url), None)
        if successor is not None:
            newcomers.remove(successor)
            replaced.add(url)
    return replaced


def _answering_gone(evidence: Evidence) -> Iterator[Withdrawn]:
    """Documents whose own address answered "gone" in the newest two looks that said anything."""
    for url in addresses(evidence):
        if same_address(url, evidence.source.url):
            continue
        looks = telling(captures_of(evidence, url=url))
        if len(looks) >= 2 and all(look.verdict is Verdict.GONE for look in looks[-2:]):
            note = f"answered {looks[-1].status or 'gone'} on {_two([look.at for look in looks])}"
            yield Withdrawn(url, looks[-1].link_text, note)


def _left_page(evidence: Evidence) -> Iterator[Withdrawn]:
    """Documents that the page before linked and the page after does not.

    Where rounds are kept and the listing's links with them, the second look of a later round decides instead.
    """
    comparison = evidence.comparison
    if comparison is None:
        return
    remembered = {address_key(url) for url in evidence.history.links()} if evidence.captures else set()
    for change in _unreplaced(evidence, comparison):
        url = _absolute(change, evidence, comparison)
        if address_key(url) not in remembered and change.before is not None:
            facts = (FactKey("link", change.index), *words_of_link(comparison, change.before.text))
            yield Withdrawn(url, change.before.text or None, "", facts)


def _unreplaced(evidence: Evidence, comparison: Comparison) -> list[LinkChange]:
    """Links to documents that left, without those for which a file of the same naming came."""
    base = comparison.before.base_url or evidence.url_before
    came = [change.after.url for change in comparison.links if change.after and not change.before]
    still = {address_key(urljoin(base or "", link.url)) for link in comparison.after.links}
    names = {file_name(link.url) for link in comparison.after.links}
    left = []
    for change in comparison.links:
        if change.after or not change.before or not is_document(change.before.url, base=base):
            continue
        if FactKey("link", change.index) in evidence.told or file_name(change.before.url) in names:
            continue
        if address_key(_absolute(change, evidence, comparison)) in still:
            continue
        successor = next((url for url in came if name_shape(url) == name_shape(change.before.url)), None)
        if successor is not None:
            came.remove(successor)
        else:
            left.append(change)
    return left


def _absolute(change: LinkChange, evidence: Evidence, comparison: Comparison) -> str:
    url = change.before.url if change.before else ""
    return urljoin(comparison.before.base_url or evidence.url_before or "", url)


def _draft_unlinked(evidence: Evidence, members: list[Withdrawn]) -> Draft:
    """Documents that are out of readers' sight and still there: less than gone, and often the day before."""
    names = [member.text or file_name(member.url) for member in members]
    many = len(members) > 1
    where = evidence.source.title or "the listing"
    what = f"{plural(len(members), 'document')} {'are' if many else 'is'}"
    title = f"{what} no longer linked on {where}, though served: "
    return Draft(
        kind="file-withdrawn",
        severity=Severity.HIGH,
        title=title + listing(names, limit=2 if many else 1),
        reason=members[0].note,
        subject=("unlinked",),
        items=tuple(Item(text=each.text, url=each.url, note=each.note or None) for each in members),
        explains=tuple(fact for member in members for fact in member.facts),
    )


def _draft(evidence: Evidence, members: list[Withdrawn]) -> Draft:
    names = [member.text or file_name(member.url) for member in members]
    many = len(members) > 1
    listing_name = evidence.source.title or "the listing"
    title = f"{plural(len(members), 'document')} {'are' if many else 'is'} no longer published on {listing_name}: "
    notes = [member.note for member in members if member.note]
    return Draft(
        kind="file-withdrawn",
        title=title + listing(names, limit=2 if many else 1),
        reason=notes[0] if notes else "linked by the page before, not linked by the page after",
        subject=(),
        items=tuple(Item(text=m.text, url=m.url, note=m.note or None) for m in members),
        explains=tuple(fact for member in members for fact in member.facts),
    )
