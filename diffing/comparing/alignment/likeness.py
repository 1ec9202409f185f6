"""How alike two short texts are: the same name re-spelt, or another name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from diffing.values import normalise

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[<>≤≥=±%$€£+]")
_GLUED_NOTE: Final = re.compile(r"(?<=[^\W\d_]{3})\d{1,2}(?!\w)")
_FISCAL_YEAR = re.compile(r"\b(?:eo)?(?:fy|fiscal year)\s?(?:20|19)?(\d\d)\b")
_KIND_OF_PLACE: Final = re.compile(r"\b(?:city|town|village|borough|township) of (?:the )?")
_EDITS_SHARE: Final = 5  # one typing slip for every so many letters, at least one
LABEL_LONGEST: Final = 400
"""Letters above which a label is prose: it is the same or it is another."""

SLIPS_LONGEST: Final = 60
"""Letters above which two words are not searched for typing slips."""


@lru_cache(maxsize=65_536)
def words_of(text: str) -> tuple[str, ...]:
    """The words and numbers of a text, folded, without punctuation; signs that carry meaning stay.

    >>> words_of("Don't pay $5.00, U.S. resident!")
    ('dont', 'pay', '$', '5.00', 'us', 'resident')
    """
    folded = re.sub(r"\b([a-z])\.(?=[a-z]\.)", r"\1", normalise(text))
    return tuple(word.replace("'", "") for word in _WORD.findall(folded))


def dice(before: Iterable[str], after: Iterable[str]) -> float:
    """Share of common members of two multisets, 0 to 1; 1 for two empty ones."""
    if before == after:
        return 1.0
    left, right = Counter(before), Counter(after)
    total = left.total() + right.total()
    if not total:
        return 1.0
    if len(left) > len(right):
        left, right = right, left
    return 2 * sum(min(count, right[item]) for item, count in left.items() if item in right) / total


@lru_cache(maxsize=65_536)
def bare_label(text: str) -> str:
    """A label without punctuation, spaces and footnote digits glued to its words, to look up candidates.

    >>> bare_label("Residential Center1*") == bare_label("RESIDENTIAL  CENTER")
    True
    """
    return "".join(words_of(_without_glued_notes(normalise(text))))


def respelt(before: str, after: str) -> bool:
    """Whether two labels are one name in two spellings: typing slips, abbreviations, glued notes, word order.

    Numbers must agree ("Level 1" is not "Level 2"), and so must words of another first letter
    ("male" is not "female"). Digits glued to a word are a note only where the other spelling has none.
    """
    if max(len(before), len(after)) > LABEL_LONGEST:
        return normalise(before) == normalise(after)
    before, after = normalise(before), normalise(after)
    forms = dict.fromkeys(
        (
            (before, after),
            (_without_glued_notes(before), after),
            (before, _without_glued_notes(after)),
            (_without_kind_of_place(before), _without_kind_of_place(after)),
            (_with_plain_years(before), _with_plain_years(after)),
        )
    )
    return any(_same_but_spelling(words_of(left), words_of(right)) for left, right in forms)


def _without_kind_of_place(text: str) -> str:
    return _KIND_OF_PLACE.sub("", text)


def _with_plain_years(text: str) -> str:
    """Fiscal years in one spelling: "EOFY2023" and "Fiscal Year 2023" are "fy23"."""
    return _FISCAL_YEAR.sub(r"fy\1", text)


def _without_glued_notes(text: str) -> str:
    return _GLUED_NOTE.sub("", text)


def _same_but_spelling(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    if "".join(before) == "".join(after):
        return True
    left, right = Counter(before), Counter(after)
    gone, come = list((left - right).elements()), list((right - left).elements())
    shared = (left & right).total()
    if not gone or not come:
        return _only_fillers(gone + come) and shared > 0
    if len(gone) > 4 or len(come) > 4 or (shared == 0 and max(len(before), len(after)) > 3):
        return False
    return _each_respelt(gone, come) or (
        shared > 0 and (_split_otherwise(gone, come) or _initials(gone, come) or _initials(come, gone))
    )


def label_likeness(before: str, after: str) -> float:
    """How alike two labels are in words and letters, 0 to 1."""
    if respelt(before, after):
        return 1.0
    if max(len(before), len(after)) > LABEL_LONGEST:
        return 0.0
    words = dice(words_of(before), words_of(after))
    letters = dice(_letter_pairs(before), _letter_pairs(after))
    return max(words, letters) * 0.9


@lru_cache(maxsize=65_536)
def _letter_pairs(text: str) -> tuple[str, ...]:
    spaced = f" {' '.join(words_of(text))} "
    return tuple(spaced[index : index + 3] for index in range(len(spaced) - 2))


_WHOLE_WORDS: Final = frozenset(
    [
        *("with", "in", "on", "no", "not", "non", "out", "over", "under", "up", "all", "any", "pre", "post"),
        *("sub", "inter", "intra", "to", "new", "old", "high", "low"),
    ]
)
"""Words that begin others of quite another meaning ("with", "without") and abbreviate none."""

_FILLERS: Final = frozenset({"the", "of", "and", "a", "an", "for", "in", "at", "s", "&"})


def _only_fillers(words: list[str]) -> bool:
    return all(word in _FILLERS for word in words)


def _each_respelt(gone: list[str], come: list[str]) -> bool:
    """Whether every word that left has a re-spelling among those that came; fillers may come and go."""
    gone = [word for word in gone if word not in _FILLERS]
    come = [word for word in come if word not in _FILLERS]
    if len(gone) != len(come):
        return False
    for word in gone:
        found = next((other for other in come if _word_respelt(word, other)), None)
        if found is None:
            return False
        come.remove(found)
    return True


def _split_otherwise(gone: list[str], come: list[str]) -> bool:
    """Whether the same letters are only split into words otherwise ("Mc Allen", "McAllen")."""
    return "".join(gone) == "".join(come) and all(word.isalpha() for word in gone + come)


def _initials(short: list[str], long: list[str]) -> bool:
    """Whether one word is made of the first letters of the others, in any order ("PD", "Police Department")."""
    if len(short) != 1 or len(long) < 2:
        return False
    telling = [word for word in long if word not in _FILLERS]
    initials = (sorted(word[0] for word in words) for words in (long, telling))
    return sorted(short[0]) in initials


def _word_respelt(before: str, after: str) -> bool:
    if before[0] != after[0] or not (before.isalpha() and after.isalpha()):
        return False
    short, long = sorted((before, after), key=len)
    if _abbreviates(short, long):
        return True
    allowed = max(1, len(long) // _EDITS_SHARE)
    return len(short) >= 4 and len(long) - len(short) <= allowed and _slips(before, after) <= allowed


def _abbreviates(short: str, long: str) -> bool:
    """Whether ``short`` takes letters of ``long`` in order, begins alike, and leaves much out ("ctr", "co")."""
    if len(short) < 2 or len(short) > 5 or len(long) < len(short) + 2 or short in _WHOLE_WORDS:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short) and (
        long.startswith(short) or long[-1] == short[-1] or not set(short[1:]) & set("aeiou")
    )


def _slips(before: str, after: str) -> int:
    """Typing slips between two words: letters changed, left out, put in or swapped with their neighbour.

    Optimal string alignment distance (Damerau 1964).
    """
    if max(len(before), len(after)) > SLIPS_LONGEST:
        return SLIPS_LONGEST
    two_up: list[int] = []
    above = list(range(len(after) + 1))
    for row, letter in enumerate(before, start=1):
        line = [row]
        for column, other in enumerate(after, start=1):
            best = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == after[column - 2] and before[row - 2] == other
            line.append(min(best, two_up[column - 2] + 1) if swapped else best)
        two_up, above = above, line
    return above[-1]
