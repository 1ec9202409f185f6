"""``commitment-weakened``: a promise, a duty or a free choice that a text gave turned into less."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence
from diffing.grounds.flood import gather
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import joined_mask, likeness, moves, stands_in, texts_of
from diffing.grounds.promises import Lexicon, lexicon_of
from diffing.grounds.rhythm import publishing_of, rhythm_of
from diffing.grounds.wording import shorten
from diffing.values import normalise
from state.document import Document
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "commitment-weakened",
        Severity.HIGH,
        'a promise turned into less: "must" became "may", "voluntary" became "mandatory", or it left',
    ),
)
RANK = 10

MOST_SENTENCES = 15
"""Statements above which one tells of all."""


class Turn(NamedTuple):
    """How a sentence became weaker: the words that show it."""

    left: str
    came: str
    why: str


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a reworded sentence, and one for each choice or promise to publish that left altogether."""
    if evidence.comparison is not None:
        yield from gather(_each(evidence, evidence.comparison), most=MOST_SENTENCES, noun="commitments")


def _each(evidence: Evidence, comparison: Comparison) -> Iterator[Draft]:
    left_over = ""
    language = comparison.after.language
    passages = passages_of(comparison)
    gone = Counter(passage.section for passage in passages if passage.before and not passage.after)
    came = [passage.after for passage in passages if passage.after and not passage.before]
    for passage in passages:
        if passage.before and passage.after:
            turn = weakened(passage.before, passage.after, language=language)
            if turn and passage.key not in evidence.told:
                yield _reworded(passage, passage.before, passage.after, turn)
        elif passage.before:
            left_over = left_over or joined_mask(comparison.after)
            promise = promise_of(passage.before, language=language)
            if (
                promise
                and passage.key not in evidence.told
                and _is_lost(passage.before, promise, comparison, came, left_over)
            ):
                yield _lost(passage, passage.before, promise, alone=gone[passage.section] == 1)


def weakened(before: str, after: str, *, language: str = "en") -> Turn | None:
    """How a reworded sentence promises less than it did; None where it does not.

    Tried in turn: a choice that is taken away, a duty that became discretion, a time or rhythm that grew longer
    or went, a promise that is denied, a ban that is lifted.
    """
    words = lexicon_of(before, after, language=language)
    turn = _choice_lost(before, after, words) or _duty_lost(before, after, words) or _slower(before, after)
    return turn or _denied(before, after, words) or _ban_lifted(before, after, words)


def _choice_lost(before: str, after: str, words: Lexicon) -> Turn | None:
    choice = _gained(words.choice, after, before)
    if choice:
        forced = _gained(words.forced, before, after)
        if forced:
            return Turn(choice, forced, "what was left to choice is now a duty")
        if not words.choice.search(normalise(after)):
            return Turn(choice, _first_came(before, after), "the choice that it gave is gone")
    standing, denied = words.choice.search(normalise(before)), _gained(words.denied, before, after)
    if standing and denied:
        return Turn(standing.group(0), denied, "the choice that it gave is denied")
    return None


def _duty_lost(before: str, after: str, words: Lexicon) -> Turn | None:
    duty, less = _gained(words.duty, after, before), _gained(words.less, before, after)
    return Turn(duty, less, "what was a duty or a right is now at discretion") if duty and less else None


def _denied(before: str, after: str, words: Lexicon) -> Turn | None:
    promise = words.duty.search(normalise(before)) or publishing_of(before)
    if promise is None:
        return None
    denied = None if "until" in normalise(after) else _gained(words.denied, before, after)
    if denied and not _gained(words.denied, after, before):
        return Turn(promise.group(0), denied, "the promise is now denied")
    less = _gained(words.less, before, after)
    return Turn(promise.group(0), less, "the promise now has a reservation") if less else None


def _ban_lifted(before: str, after: str, words: Lexicon) -> Turn | None:
    ban = _gained(words.forbidden, after, before)
    if ban and "until" not in normalise(before) and not words.forbidden.search(normalise(after)):
        return Turn(ban, _first_came(before, after), "what was ruled out no longer is")
    return None


def _slower(before: str, after: str) -> Turn | None:
    """A deadline or rhythm that grew, or that left a sentence which still speaks of publishing."""
    was, now = rhythm_of(before), rhythm_of(after)
    if was and now and now.days > was.days:
        return Turn(was.words, now.words, "the promised time grew longer")
    if was and not now and publishing_of(before) and likeness(before, after) >= 0.5:
        return Turn(was.words, _first_came(before, after), "the promised rhythm is gone")
    return None


def _gained(pattern: re.Pattern[str], before: str, after: str) -> str | None:
    """Words of ``pattern`` that stand in ``after`` more often than in ``before``."""
    mine, theirs = pattern.findall(normalise(after)), pattern.findall(normalise(before))
    return next((match for match in mine if mine.count(match) > theirs.count(match)), None)


def _first_came(before: str, after: str) -> str:
    return next(iter(moves(before, after).came), "nothing").strip(" .,;:")


def promise_of(text: str, *, language: str = "en") -> str | None:
    """The words by which a sentence leaves a choice or promises to publish; None where it does neither."""
    plain = normalise(text)
    found = lexicon_of(text, language=language).choice.search(plain) or publishing_of(text)
    return shorten(found.group(0), limit=80) if found else None


def _is_lost(text: str, promise: str, comparison: Comparison, came: Sequence[str], left_over: str) -> bool:
    """Whether no passage of the release says it still, in these or nearly these words."""
    if stands_in(text, masked=left_over):
        return False
    return not any(
        likeness(text, other) >= 0.6 and promise_of(other, language=comparison.after.language) for other in came
    ) and _count(promise, comparison.after) < _count(promise, comparison.before)


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


def _lost(passage: Passage, before: str, promise: str, *, alone: bool) -> Draft:
    """A promise that left; where other passages of its section left too, the list of them holds it as well."""
    return Draft(
        kind="commitment-weakened",
        title=f"A commitment is gone: “{shorten(before, limit=90)}”" + _under(passage),
        reason=f"the sentence gave it by “{promise}”; no passage of the release says so any more",
        subject=(normalise(passage.section), promise),
        where=passage.where,
        items=(Item(section=passage.section or None, before=before, valued=True),),
        before=before,
        explains=(passage.promise, *passage.facts) if alone else (passage.promise,),
    )


def _under(passage: Passage) -> str:
    section = passage.section.rsplit(" / ", 1)[-1]
    return f", under “{shorten(section, limit=40)}”" if section else ""
