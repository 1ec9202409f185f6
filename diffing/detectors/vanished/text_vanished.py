"""``text-vanished``: a sentence, paragraph or section left and did not move elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.looks import words_of_link
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import is_trivial, joined_mask, stands_in
from diffing.grounds.wording import plural, shorten
from diffing.values import normalise
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind("text-vanished", Severity.MEDIUM, "a sentence, paragraph or section left and did not move elsewhere"),
)
RANK = 24

MOST_SECTIONS = 8
"""Sections with losses above which one statement tells of the whole document."""

_BESIDE_BAR = 25
"""Characters before a bar that a title shows."""

_MARKS = re.compile(r"[*†‡•▪●◦|]|\s[-–—]\s")
_BAR = re.compile(
    r"█+|■{2,}|▇{2,}|\[(?:redacted|withheld|deleted)\]|\(b\)\s?\(\d\w?\)(?:\s?\([a-z]\))?", re.IGNORECASE
)
_BINDING = re.compile(
    r"\b(?:must|shall|is required|are required|prohibit(?:s|ed)?"
    r"|voluntar(?:y|ily)(?! (?:return|departure|removal|work))|opt(?:ing)?[- ]?out"
    r"|(?:do|does) not (?:wish|want)|right to|guarantees?|commits? to|entitled)\b"
)


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a section, with all passages that left it; graver where a passage bound somebody.

    A section that lost nothing but what a graver finding shows as a promise that is gone is not graver for it.
    """
    comparison = evidence.comparison
    if comparison is None:
        return
    barred = [
        passage for passage in passages_of(comparison) if _is_barred(passage) and passage.key not in evidence.told
    ]
    if barred:
        yield _blacked_out(barred)
    sections: dict[str, list[Passage]] = defaultdict(list)
    for passage in _vanished(evidence, comparison):
        sections[passage.section].append(passage)
    if len(sections) > MOST_SECTIONS:
        yield _said(evidence, [passage for group in sections.values() for passage in group], section=None)
        return
    for section, passages in sections.items():
        yield _said(evidence, passages, section=section)


def _is_barred(passage: Passage) -> bool:
    """Whether words gave way to the bar, or the sign, of what is withheld."""
    if passage.before is None or passage.after is None:
        return False
    return len(_BAR.findall(passage.after)) > len(_BAR.findall(passage.before))


def _blacked_out(passages: list[Passage]) -> Draft:
    """One statement with all passages of which a part is hidden now."""
    first = passages[0].after or ""
    bar = _BAR.search(first)
    start = max(0, first.rfind(" ", 0, max(0, bar.start() - _BESIDE_BAR))) if bar else 0
    excerpt = shorten(first[start:].strip(), limit=60)
    return Draft(
        kind="text-vanished",
        title=f"Words were blacked out in {plural(len(passages), 'passage')}: “{excerpt}”",
        reason="where words could be read in the release before stands a bar, or a sign that they are withheld",
        subject=("bars",),
        where=passages[0].where,
        items=tuple(
            Item(section=c.section or None, before=c.before, after=c.after, valued=True) for c in passages
        ),
        before=passages[0].before if len(passages) == 1 else None,
        after=passages[0].after if len(passages) == 1 else None,
        explains=tuple(fact for passage in passages for fact in passage.facts),
    )


def _said(evidence: Evidence, passages: list[Passage], *, section: str | None) -> Draft:
    draft = _draft(passages, section=section)
    if any(passage.promise not in evidence.told for passage in passages):
        return draft
    return replace(draft, severity=Severity.MEDIUM, reason=f"{draft.reason}; told as a commitment that is gone")


def _vanished(evidence: Evidence, comparison: Comparison) -> Iterator[Passage]:
    gone = [
        passage
        for passage in passages_of(comparison)
        if passage.after is None and passage.before and passage.key not in evidence.told
    ]
    if not gone:
        return
    masked = joined_mask(comparison.after)
    with_links = set(_words_of_links(comparison))
    for passage in gone:
        if passage.key in with_links:
            continue
        parts = _parts(passage.before or "")
        if not all(is_trivial(part) or stands_in(part, masked=masked) for part in parts):
            yield passage


def _words_of_links(comparison: Comparison) -> Iterator[FactKey]:
    """Texts that are there for a link that left: the rules for links and documents tell of them."""
    for change in comparison.links:
        if change.before is not None and change.after is None:
            yield from words_of_link(comparison, change.before.text)


def _parts(text: str) -> list[str]:
    """A passage cut at its marks and bullets, since the next release may set its lines otherwise."""
    return [part for part in _MARKS.split(text) if part.strip()]


def _draft(passages: list[Passage], *, section: str | None) -> Draft:
    texts = [passage.before or "" for passage in passages]
    first = passages[0]
    binding = [text for text in texts if _BINDING.search(normalise(text))]
    return Draft(
        kind="text-vanished",
        title=_title(texts, binding[0] if binding else texts[0], section),
        reason="found nowhere else in the release; dates, figures and punctuation were set aside in the search"
        + ("; it bound somebody or gave a choice" if binding else ""),
        subject=(normalise(section) if section is not None else "document",),
        where=first.where,
        items=tuple(Item(section=c.section or None, before=c.before, valued=True) for c in passages),
        before=texts[0] if len(texts) == 1 else None,
        severity=Severity.HIGH if binding else None,
        confidence=0.9,
        explains=tuple(fact for passage in passages for fact in passage.facts),
    )


def _title(texts: list[str], first: str, section: str | None) -> str:
    place = shorten(section.rsplit(" / ", 1)[-1], limit=45) if section else ""
    if len(texts) == 1:
        under = f" under “{place}”" if place else ""
        return f"No longer said{under}: “{shorten(first, limit=90)}”"
    under = f" left “{place}”" if place else " left the document"
    return f"{plural(len(texts), 'passage')}{under}, among them “{shorten(first, limit=70)}”"
