"""``text-changed`` above info: a number, a condition or a right of a sentence became another or left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import content_words, mended, moves, without_dates
from diffing.grounds.rhythm import NUMBER_WORDS
from diffing.grounds.wording import shorten
from diffing.values import normalise
from state.kinds import Severity
from state.model import Item

KINDS = ("text-changed",)
RANK = 26

_COUNTED = re.compile(
    rf"(?<![\w.,$/-])(?P<number>\d{{1,3}}|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))}|once|twice)"
    r"(?![\w/]|[.,]\d)(?= (?:or more |or fewer )?"
    r"(?:times? |a |an |per |business |working |calendar |consecutive )*"
    r"(?:hours?|days?|weeks?|months?|years?|minutes?|per ?cent|%|times?|inspections?|visits?|calls?"
    r"|dollars?|euros?|feet|metres?|meters?|beds?|persons?|people|staff|copies|members?)\b)"
)
"""Small numbers of something: a time, a limit, how often. Running figures are news of the day."""

_WEIGHTY = re.compile(
    r"\b(?:unless|except|provided that|independent(?:ly)?|in writing|free of charge|at no cost|immediately"
    r"|unannounced|third[- ]party|confidential(?:ly)?|in person|publicly|at least"
    r"|no (?:later|more|fewer|less) than|counsel|attorney|lawyer|interpreter|appeal|consent|medical)\b"
)
"""Words by which a sentence binds, limits or protects."""

FEWEST_LEFT = 1
"""Words of weight that must leave, none like them coming, for a sentence to say less."""


class Turn(NamedTuple):
    """The words that show what moved, and why it matters."""

    left: str
    came: str
    why: str


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a sentence; what a graver rule told of is left out."""
    if evidence.comparison is None:
        return
    for passage in passages_of(evidence.comparison):
        if passage.key in evidence.told or not passage.before or not passage.after:
            continue
        turn = _renumbered(passage.before, passage.after) or _lightened(passage.before, passage.after)
        if turn is not None:
            yield _draft(passage, passage.before, passage.after, turn)


def _renumbered(before: str, after: str) -> Turn | None:
    """A number of something that became another, the sentence standing else; "seven" and "7" are one number."""
    left, came = _numbers(before), _numbers(after)
    gone, new = list((left - came).elements()), list((came - left).elements())
    if len(gone) != 1 or len(new) != 1 or _frame(before) != _frame(after):
        return None
    return Turn(
        _written(before, gone[0]), _written(after, new[0]), "a number that the sentence sets became another"
    )


def _numbers(text: str) -> Counter[str]:
    return Counter(str(_value(match["number"])) for match in _COUNTED.finditer(normalise(without_dates(text))))


def _written(text: str, number: str) -> str:
    """A number as a text writes it."""
    found = _COUNTED.findall(normalise(without_dates(text)))
    return next((each for each in found if str(_value(each)) == number), number)


def _value(written: str) -> int:
    spoken = {"once": 1, "twice": 2} | NUMBER_WORDS
    return spoken[written] if written in spoken else int(written)


def _frame(text: str) -> list[str]:
    """The words of a sentence without its numbers."""
    spoken = {"once", "twice", *NUMBER_WORDS}
    return [word.removesuffix("s") for word in content_words(text) if word not in spoken]


def _lightened(before: str, after: str) -> Turn | None:
    """A word of weight that left, while the sentence stands."""
    if mended(before, after):
        return None
    words = moves(before, after)
    gone = _weights(" ".join(words.left)) - _weights(" ".join(words.came))
    if gone.total() < FEWEST_LEFT or (_weights(before) - _weights(after)).total() < FEWEST_LEFT:
        return None
    if len(" ".join(words.left).split()) > len(before.split()) // 2:
        return None  # another sentence
    run = next(run for run in words.left if _WEIGHTY.search(normalise(run)))
    return Turn(
        run.strip(" .,;:"), ", ".join(words.came).strip(" .,;:"), "words that bound, limited or protected left"
    )


def _weights(text: str) -> Counter[str]:
    return Counter(_WEIGHTY.findall(normalise(text)))


def _draft(passage: Passage, before: str, after: str, turn: Turn) -> Draft:
    left, came = (f"“{shorten(words, limit=40)}”" for words in (turn.left, turn.came))
    what = f"{left} became {came}" if turn.came else f"{left} left"
    section = passage.section.rsplit(" / ", 1)[-1]
    under = f", under “{shorten(section, limit=30)}”" if section else ""
    return Draft(
        kind="text-changed",
        title=f"{what} in a sentence{under}: “{shorten(after, limit=80)}”",
        reason=f"{turn.why}: “{shorten(before, limit=300)}” now reads “{shorten(after, limit=300)}”",
        subject=("weight", normalise(passage.section), normalise(turn.left)),
        where=passage.where,
        items=(Item(section=passage.section or None, before=before, after=after),),
        before=before,
        after=after,
        severity=Severity.MEDIUM,
        confidence=0.8,
        explains=passage.facts,
    )
