"""Whether two labels name the same thing: spelt otherwise, abbreviated, or with a word more."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

from diffing.identity import fiscal_years_in, title_key
from diffing.values import normalise

NEAR = 0.8
"""Likeness of two labels (0 to 1, difflib's ratio) from which on they are one name spelt twice."""

_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16_384)
def same_name(before: str, after: str) -> bool:
    """Whether two labels are one name: near-equal letters, the same words, or initials for words.

    >>> same_name("Tampa PD", "Tampa Police Department")
    True
    >>> same_name("Lake County Jail", "Polk County Jail")
    False
    """
    one, other = _words(before), _words(after)
    if fiscal_years_in(before) == fiscal_years_in(after) and title_key(before) == title_key(after):
        return True  # "FY2023 YTD" and "EOFY2023"
    if sorted(one) == sorted(other) or _abbreviates(one, other) or _abbreviates(other, one):
        return True
    return _near(one, other)


def same_row(before: str, after: str, *, context: bool) -> bool:
    """Whether two row keys ("state / agency / type") name one row: equal but for one part, the same name twice.

    ``context`` says that the cells beside them agree too: then one part may say something else (a wrong state
    put right), as long as the longest part is the same.
    """
    one, other = before.split(" / "), after.split(" / ")
    if len(one) != len(other):
        return False
    apart = [i for i in range(len(one)) if normalise(one[i]) != normalise(other[i])]
    if len(apart) != 1:
        return False
    i = apart[0]
    if same_name(one[i], other[i]) or _says_more(one, other, i) or _says_more(other, one, i):
        return True
    return context and len(one) > 2 and i != max(range(len(one)), key=lambda j: len(one[j]))


def another_body(before: str, after: str) -> bool:
    """Whether two labels name bodies of different kinds: a sheriff's office is no prison, wherever both stand."""
    one, other = ({_BODIES[word] for word in _words(text) if word in _BODIES} for text in (before, after))
    return bool(one and other and not one & other)


_BODIES = {
    word: kind
    for kind, words in (
        ("sheriff", "sheriff sheriffs"),
        ("police", "police pd constable constables marshal marshals trooper troopers"),
        ("jail", "jail prison prisons penitentiary jails detention correctional corrections doc"),
        ("government", "commissioners commission council board bocc supervisors government mayor"),
        ("court", "court courts clerk judge"),
        ("prosecution", "attorney prosecutor solicitor"),
        ("guard", "guard patrol militia army"),
        ("health", "hospital clinic health"),
        ("school", "school schools university college"),
        ("company", "inc llc ltd corp corporation company"),
    )
    for word in words.split()
}


def is_unnamed(column: str) -> bool:
    """Whether a column has no header of its own: readers number those, "column 27"."""
    return not column.strip() or _NUMBERED.fullmatch(normalise(column).rpartition(" / ")[2]) is not None


_NUMBERED = re.compile(r"column \d+")


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text))


def _near(one: list[str], other: list[str]) -> bool:
    """Near-equal letters, and so the words that differ: "Lake" and "Polk" are two places."""
    if difflib.SequenceMatcher(None, " ".join(one), " ".join(other)).ratio() < NEAR:
        return False
    mine = [word for word in one if word not in other]
    theirs = [word for word in other if word not in one]
    if any(word.isdigit() for word in (*mine, *theirs)):
        return False
    if not mine or not theirs:
        return len(mine) + len(theirs) <= 2
    return difflib.SequenceMatcher(None, " ".join(mine), " ".join(theirs)).ratio() >= _NEAR_WORD


_NEAR_WORD = 0.75


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Whether ``short`` is ``long`` with some words by their initials, or cut short ("Dept")."""
    if not short:
        return not long
    if not long:
        return False
    word = short[0]
    if word == long[0] or (len(word) >= 2 and long[0].startswith(word[0]) and _is_cut(word, long[0])):
        return _abbreviates(short[1:], long[1:])
    if 2 <= len(word) <= len(long) and word == "".join(each[0] for each in long[: len(word)]):
        return _abbreviates(short[1:], long[len(word) :])
    return False


def _is_cut(short: str, long: str) -> bool:
    """Whether the letters of ``short`` come in this order in ``long``: "dept" in "department"."""
    letters = iter(long)
    return len(short) < len(long) and all(letter in letters for letter in short)


def _says_more(one: list[str], other: list[str], i: int) -> bool:
    """Whether part ``i`` of ``other`` is that of ``one`` with words of another part of the key added."""
    added = [word for word in _words(other[i]) if word not in _words(one[i])]
    kept = [word for word in _words(other[i]) if word in _words(one[i])]
    elsewhere = {word for j, part in enumerate(one) if j != i for word in _words(part)}
    return bool(added) and kept == _words(one[i]) and set(added) <= elsewhere
