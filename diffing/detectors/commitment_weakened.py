"""``commitment-weakened``: a promise, a duty or a free choice that a text gave turned into less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.facts import Comparison, Draft, Evidence, FactKey
from diffing.passages import Passage, passages_of
from diffing.phrases import Moves, joined_mask, likeness, moves, stands_in, texts_of
from diffing.values import normalise
from diffing.wording import shorten
from state.document import Document
from state.model import Item

KINDS = ("commitment-weakened",)
RANK = 10

_DUTY = re.compile(
    r"\b(?:must|shall|will|is required|are required|required to|requires?|guarantees?|commits? to)\b"
)
_LESS = re.compile(
    r"\b(?:may|might|should|can|could|is encouraged|are encouraged|encouraged to|strives?|aims?|intends?|seeks?"
    r"|as appropriate|where appropriate|when(?:ever)? (?:possible|practicable|feasible|appropriate)"
    r"|(?:if|as|where) (?:possible|practicable|feasible|necessary|needed|available|resources permit)"
    r"|to the (?:maximum )?extent (?:possible|practicable|feasible)|generally|periodically|from time to time"
    r"|(?:in|at) (?:its|their|his|her|the) (?:sole )?discretion|subject to)\b"
)
_DENIED = re.compile(r"\b(?:not|never|no longer|neither|cannot|ceased?|discontinued?|suspended?|unless)\b")
_CHOICE = re.compile(
    r"\b(?:opt(?:s|ed|ing)?[- ]?out|opt[- ]?in"
    r"|voluntar(?:y|ily)(?! (?:return|departure|removal|repatriation|surrender|work))"
    r"|optional|optionally"
    r"|(?:do|does) not (?:wish|want|choose) to|not (?:be )?(?:required|obliged|obligated|compelled)"
    r"|may (?:decline|refuse|withdraw|choose|elect|request|terminate|opt|appeal|challenge|object)"
    r"|choos(?:e|es|ing) (?:not|whether)|has the right|have the right|right to|with (?:the )?consent"
    r"|at (?:its|their|his|her) (?:own )?(?:option|request))\b"
)
_FORCED = re.compile(
    r"\b(?:mandatory|compulsory|obligatory|must|shall|required|requires?|will be (?:required|activated|enrolled)"
    r"|not (?:be )?(?:optional|voluntary|an? option)|(?:may|can|could) ?not|cannot|no option)\b"
)
_FREQUENCY = (
    r"(?:every|each|once an?|daily|weekly|bi-?weekly|fortnightly|monthly|quarterly|semi-?annually|annually|yearly"
    r"|within [\w-]+ (?:hours?|(?:business |calendar |working )?days?|weeks?|months?)|no later than)"
)
_PUBLISHING = re.compile(
    r"\b(?:publish(?:es|ed)?|posts?|posted|releases?|released|updates?|updated|reports?|reported|provides?|provided"
    rf"|made (?:publicly )?available|issues?|issued)\b.{{0,80}}\b{_FREQUENCY}\b"
)
_RARER = re.compile(
    r"\b(?:periodically|regularly|occasionally|as needed|as appropriate|when available|from time to time)\b"
)


class Turn(NamedTuple):
    """How a sentence became weaker: the words that show it."""

    left: str
    came: str
    why: str


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a reworded sentence, and one for each choice or promise to publish that left altogether."""
    comparison = evidence.comparison
    if comparison is None:
        return
    left_over = ""
    passages = passages_of(comparison)
    came = [passage.after for passage in passages if passage.after and not passage.before]
    for passage in passages:
        if passage.before and passage.after:
            turn = weakened(passage.before, passage.after)
            if turn and passage.key not in evidence.told:
                yield _reworded(passage, passage.before, passage.after, turn)
        elif passage.before:
            left_over = left_over or joined_mask(comparison.after)
            promise = promise_of(passage.before)
            if (
                promise
                and passage.key not in evidence.told
                and _is_lost(passage.before, promise, comparison, came, left_over)
            ):
                yield _lost(passage, passage.before, promise)


def weakened(before: str, after: str) -> Turn | None:
    """The turn of a reworded sentence from duty to discretion, choice to duty, or promise to denial; else None."""
    words = moves(before, after)
    left, came = (normalise(" … ".join(side)) for side in words)
    for pattern, against, why in (
        (_CHOICE, _FORCED, "what was left to choice is now a duty"),
        (_DUTY, _LESS, "what was a duty is now at discretion"),
    ):
        gone, come = _lost_match(pattern, before, after, left), _new_match(against, before, after, came)
        if gone and come:
            return Turn(gone, come, why)
    return _hedged(before, after, words)


def _hedged(before: str, after: str, words: Moves) -> Turn | None:
    """A duty or promise that now has a denial or a reservation in it, or a rhythm that went."""
    promise = _DUTY.search(normalise(before)) or _PUBLISHING.search(normalise(before))
    if not promise:
        return None
    came = normalise(" … ".join(words.came))
    for pattern, why in ((_DENIED, "the promise is now denied"), (_LESS, "the promise now has a reservation")):
        come = _new_match(pattern, before, after, came)
        if come and not _DENIED.search(normalise(" … ".join(words.left))):
            return Turn(promise.group(0), come, why)
    rhythm, rarer = _rhythm_lost(before, after), _RARER.search(came)
    if rhythm and rarer:
        return Turn(rhythm, rarer.group(0), "the promised rhythm is gone")
    return None


def _rhythm_lost(before: str, after: str) -> str | None:
    found = _PUBLISHING.search(normalise(before))
    rhythm = re.search(rf"\b{_FREQUENCY}\b", found.group(0)) if found else None
    return rhythm.group(0) if rhythm and rhythm.group(0) not in normalise(after) else None


def _lost_match(pattern: re.Pattern[str], before: str, after: str, moved: str) -> str | None:
    """Words of ``pattern`` that stood in the text before more often than after, and are among those that moved."""
    return _more_in(pattern, before, after, moved)


def _new_match(pattern: re.Pattern[str], before: str, after: str, moved: str) -> str | None:
    return _more_in(pattern, after, before, moved)


def _more_in(pattern: re.Pattern[str], here: str, there: str, moved: str) -> str | None:
    mine, theirs = pattern.findall(normalise(here)), pattern.findall(normalise(there))
    for match in mine:
        if mine.count(match) > theirs.count(match) and any(word in moved.split() for word in match.split()):
            return str(match)
    return None


def promise_of(text: str) -> str | None:
    """The words by which a sentence leaves a choice or promises to publish; None where it does neither."""
    plain = normalise(text)
    found = _CHOICE.search(plain) or _PUBLISHING.search(plain)
    return shorten(found.group(0), limit=80) if found else None


def _is_lost(text: str, promise: str, comparison: Comparison, came: Sequence[str], left_over: str) -> bool:
    """Whether no passage of the release says it still, in these or nearly these words."""
    if stands_in(text, masked=left_over):
        return False
    return not any(likeness(text, other) >= 0.6 and promise_of(other) for other in came) and _count(
        promise, comparison.after
    ) < _count(promise, comparison.before)


def _count(promise: str, document: Document) -> int:
    words = promise.rstrip("…")
    return sum(normalise(text).count(words) for text in texts_of(document))


def _reworded(passage: Passage, before: str, after: str, turn: Turn) -> Draft:
    return Draft(
        kind="commitment-weakened",
        title=f"A commitment was weakened: “{shorten(turn.left, limit=40)}”"
        f" became “{shorten(turn.came, limit=40)}”{_under(passage)}",
        reason=f"{turn.why}: “{shorten(before, limit=300)}” now reads “{shorten(after, limit=300)}”",
        subject=(normalise(passage.section), turn.left),
        where=passage.where,
        items=(Item(section=passage.section or None, before=before, after=after),),
        before=before,
        after=after,
        explains=passage.facts,
    )


def _lost(passage: Passage, before: str, promise: str) -> Draft:
    return Draft(
        kind="commitment-weakened",
        title=f"A commitment is gone: “{shorten(before, limit=90)}”" + _under(passage),
        reason=f"the sentence gave it by “{promise}”; no passage of the release says so any more",
        subject=(normalise(passage.section), promise),
        where=passage.where,
        items=(Item(section=passage.section or None, before=before, valued=True),),
        before=before,
        explains=(FactKey("promise", row=promise),),
    )


def _under(passage: Passage) -> str:
    section = passage.section.rsplit(" / ", 1)[-1]
    return f", under “{shorten(section, limit=40)}”" if section else ""
