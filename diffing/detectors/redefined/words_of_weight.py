"""``text-changed`` above info: a number, a condition or a right of a sentence became another or left."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import (
    Moves,
    content_words,
    joined_mask,
    mask,
    mended,
    moves,
    stands_in,
    undated,
    without_dates,
)
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

_SCOPE = re.compile(
    r"\b(?:all|every|each|any|only|no|not|never|none|without|always|public|within (?:\w+ ){1,3}(?:hours?|days?"
    r"|weeks?|months?|years?))\b"
)
"""Words by which a sentence holds for all, for some or for none; they count where it stands else."""

_LIMIT = re.compile(r"\b(?:under|over|aged?|(?:older|younger) than) (?P<number>\d{1,3})(?![\w,%/]|\.\d)")
"""A bare number as a limit: an age."""

_UNIT = re.compile(
    r"\b(hour|day|week|month|quarter|year)s?\b|\b(hourly|daily|weekly|monthly|quarterly|annually)\b"
)

_EFFECT = re.compile(
    r"\b(?:takes? effect|effective (?:on|from|as of)|in(?:to)? force|expires?|deadline|due (?:on|by))\b"
)

_RUNS_ON = re.compile(r"\b(?:since|to date|so far|year-to-date|ytd|from|started|began)\b")
"""A sentence that counts on from a date: its figure grows while the date stands."""

MOST_MOVED = 0.4
"""Share of a sentence's words that may move for it to stand else."""

LEAST_BEGUN = 3
"""Words with which two texts begin that say something of the same."""

LONGEST_AGENT = 3
"""Words of who does something, at most."""

_DONE = re.compile(r"\w+ed|paid|borne|met|made|done|held|kept|given|heard|chosen|taken|sent|seen")
_ISSUED = re.compile(
    r"(?:publish|updat|post|maintain|provid|compil|prepar|produc|releas|issu|report|collect|host|power)ed"
)
"""Participles before "by"; those of whoever brings a text out are its imprint."""

LONG_RUN = 4
"""Blanks in a run of words that is found again by itself."""

LONG_NAME = 10
"""Blanks that no name of a page or file has."""

FEWEST_LEFT = 1
"""Words of weight that must leave, none like them coming, for a sentence to say less."""


_MONTHS = tuple(calendar.month_name[number].lower() for number in range(1, 13))
_YEAR = re.compile(r"\b(20\d\d)\b")
_DAY = re.compile(
    rf"\b(?:{'|'.join(calendar.month_name[1:])}) \d{{1,2}}, \d{{4}}"
    rf"|\b\d{{1,2}} (?:{'|'.join(calendar.month_name[1:])}) \d{{4}}|\b\d{{4}}-\d{{2}}-\d{{2}}"
)


class Turn(NamedTuple):
    """The words that show what moved, and why it matters."""

    left: str
    came: str
    why: str


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a sentence; what a graver rule told of is left out."""
    if evidence.comparison is None:
        return
    links = {normalise(link.text) for link in evidence.comparison.after.links}
    for passage in passages_of(evidence.comparison):
        if passage.key in evidence.told or not passage.before or not passage.after:
            continue
        if normalise(passage.after) in links:
            continue  # the name of another page
        turn = _turn(passage.before, passage.after, today=evidence.now.date())
        if turn is not None and not _stands_elsewhere(evidence.comparison, turn):
            yield _draft(passage, passage.before, passage.after, turn)


def _stands_elsewhere(comparison: Comparison, turn: Turn) -> bool:
    """Whether a long run of words that left its sentence stands in another one: lines end elsewhere."""
    if turn.left.count(" ") < LONG_RUN:
        return False
    return stands_in(turn.left, masked=joined_mask(comparison.after).replace("|", ""))


def _turn(before: str, after: str, *, today: dt.date) -> Turn | None:
    """What moved in a sentence that stands else; None where nothing of weight did."""
    return (
        _renumbered(before, after)
        or _lightened(before, after)
        or _rescoped(before, after)
        or _refigured(before, after, today=today)
        or _put_off(before, after)
        or _by_another(before, after)
    )


def _rescoped(before: str, after: str) -> Turn | None:
    """A word of scope that left, or a span of time that became another, in a sentence that stands else."""
    words = moves(before, after)
    if mended(before, after) or not words.left or not _is_sentence(before):
        return None
    left, came = normalise(" ".join(words.left)), normalise(" ".join(words.came))
    far = max(left.count(" "), came.count(" ")) + 1 > MOST_MOVED * len(before.split())
    if words.came and far and not _ends_otherwise(before, after, words):
        return None  # another sentence
    told = Turn(", ".join(words.left).strip(" .,;:"), ", ".join(words.came).strip(" .,;:"), "")
    if _counts(_SCOPE, left) - _counts(_SCOPE, came):
        return told._replace(why="words that say for whom, when or whether it holds left")
    units = _counts(_UNIT, left), _counts(_UNIT, came)
    if all(units) and units[0] != units[1]:
        return told._replace(why="a span of time became another")
    return None


def _ends_otherwise(before: str, after: str, words: Moves) -> bool:
    """Whether a text says the same of the same, and only its end, in one piece, is another: a list's condition."""
    if len(words.left) != 1 or len(words.came) != 1:
        return False
    left, came = before.split(), after.split()
    shared = next((i for i, (one, other) in enumerate(zip(left, came, strict=False)) if one != other), 0)
    return shared >= LEAST_BEGUN and shared + len(words.left[0].split()) == len(left)


def _by_another(before: str, after: str) -> Turn | None:
    """Who does or bears something became somebody else, in a sentence that stands else."""
    words = moves(before, after)
    if len(words.left) != 1 or len(words.came) != 1 or mended(before, after):
        return None
    left, came = words.left[0].strip(" .,;:"), words.came[0].strip(" .,;:")
    who = [normalise(run).removeprefix("the ") for run in (left, came)]
    if not all(name.replace(" ", "").isalpha() and name.count(" ") < LONGEST_AGENT for name in who):
        return None
    if all(_doer(text, name) for text, name in zip((before, after), who, strict=True)):
        return Turn(left, came, "who does or bears it became another")
    return None


def _doer(text: str, name: str) -> bool:
    """Whether a passive sentence says that ``name`` does what it tells."""
    found = re.search(rf"\b(\w+) by (?:the |an? )?{re.escape(name)}\b", normalise(text))
    return found is not None and _DONE.fullmatch(found[1]) is not None and not _ISSUED.fullmatch(found[1])


def _is_sentence(text: str) -> bool:
    """Whether a text says something, and is not the name of a page or a file."""
    return text.rstrip(' )"”’').endswith((".", ";", "!", "?")) or text.count(" ") >= LONG_NAME


def _counts(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(match[0].removesuffix("s") for match in pattern.finditer(text))


def _refigured(before: str, after: str, *, today: dt.date) -> Turn | None:
    """A figure that became another while the date that it is of stands, or that is a limit."""
    words = moves(before, after)
    if len(words.left) != 1 or len(words.came) != 1 or mask(before) != mask(after):
        return None
    left, came = words.left[0].strip(" .,;:"), words.came[0].strip(" .,;:")
    limits = [{match["number"] for match in _LIMIT.finditer(normalise(text))} for text in (before, after)]
    if left in limits[0] and came in limits[1]:
        return Turn(left, came, "a number that is a limit became another")
    moved = undated(before) != undated(after)
    if moved and _is_of_past(before, today=today) and not _RUNS_ON.search(normalise(before)):
        return Turn(left, came, "the date that the figure is of stands as before")
    return None


def _is_of_past(text: str, *, today: dt.date) -> bool:
    """Whether a sentence names a day, or a month or year that had ended."""
    if _DAY.search(text):
        return True
    years = {int(year) for year in _YEAR.findall(text)}
    months = {word for word in normalise(text).split() if word.strip(".,") in _MONTHS}
    if years and max(years) < today.year:
        return True
    return bool(months) and not years and all(word.strip(".,") != _MONTHS[today.month - 1] for word in months)


def _put_off(before: str, after: str) -> Turn | None:
    """A day on which something begins or ends that became another."""
    if undated(before) != undated(after) or not _EFFECT.search(normalise(before)):
        return None
    days = [" ".join(_DAY.findall(text)) for text in (before, after)]
    return Turn(days[0], days[1], "the day on which it begins or ends became another") if all(days) else None


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
    if words.came and len(" ".join(words.left).split()) > len(before.split()) // 2:
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
