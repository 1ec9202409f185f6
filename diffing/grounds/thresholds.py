"""Thresholds in a text: "more than 120 beds", "at least 72 hours", "three or more"; and whether they draw a line.

A number with a bound draws a line where the sentence says what counts: it defines, it is a note, it sets a
condition, or the bound narrows a noun ("facilities with more than 120 beds are inspected"). Else it is a running
figure of the day ("more than 120 agencies have signed"), which the next release states anew.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from diffing.grounds.phrases import essence
from diffing.values import normalise

_NUMBER = (
    r"\$?\d[\d,]*(?:\.\d+)?(?: ?%| per ?cent)?"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty|ninety)\b"
)
_BOUND = (
    r"(?:no |not )?(?:more|fewer|less|greater|longer|older|younger|larger|smaller|higher|lower) than"
    r"(?: or equal to)?|at least|at most|up to|exceed(?:s|ing)?|a (?:minimum|maximum) of|[<>≤≥]=?"
)
_PIECES = re.compile(
    rf"\b(?P<bound>{_BOUND}) (?P<number>{_NUMBER})"
    r"(?P<noun>(?: (?!(?:or|and|of|in|for|as|at|by|on|to|are|is|has|have)\b)[a-z-]+)?)"
    rf"|\b(?P<plain>{_NUMBER})(?P<unit>(?: [a-z-]+)?)"
    r" or (?P<side>more|fewer|less|longer|older|younger|greater|over|under)(?P<thing>(?: [a-z-]+)?)"
)
_DEFINES = re.compile(
    r"\b(?:means?|defined|refers? to|denotes?|considered|classified|counted|includes?|excludes?"
    r"|including|excluding|covers?|consists? of|comprises?|limited to|based on|suppressed|masked"
    r"|withheld|eligible|qualif(?:y|ies)"
    r"|(?:is|are) (?:an?|any|those|all|persons?|people|facilit(?:y|ies)|individuals?|noncitizens?|aliens?))\b"
)
_COUNTS = re.compile(
    r"\b(?:include[sd]?|including|excluding|covers?|comprises?|consists? of|based on|from"
    r"|data (?:on|for)|there (?:is|are)|in|across|throughout)$"
)
"""What stands before a running figure, however much the sentence defines."""

_CONDITION = re.compile(
    r"\b(?:if|when|where|whenever|unless|provided that|must|shall|(?:is|are) required)\b[^,;]*$"
)
_NARROWS = re.compile(
    r"^(?:[a-z-]+ ){1,4}?(?:with|of|for|having|holding|housing|aged|held|detained|lasting"
    r"|(?:that|who|which) (?:is|are|has|have|hold|holds|house|houses|meet|meets|stay|stays|last|lasts))$"
)
"""A sentence that begins with what is counted, narrowed by what follows."""

_GOES_ON = re.compile(
    r"(?:(?! (?:that|who|which)\b) [\w-]+){0,4}?"
    r" (?:is|are|must|shall|may|will|should|can|cannot|receive|report|do|does)\b"
)
"""Behind the threshold: the sentence says something of what was narrowed."""

_MARK = re.compile(r"^(?:[^a-z]+|(?:foot)?notes?\b[^.:]{0,20}:\s*)+")
_NEWS = re.compile(
    r"\b(?:so far|to date|currently|now|already|since|this year|last year|yesterday|today|as of|nearly"
    r"|a total of|totaled|(?:has|have|had) (?:been |now |also |already )?\w+(?:ed|en|wn|ne|de|ld)\b"
    r"|averaged|average of|on average|increased|decreased|rose|fell|grew)\b"
)


class Threshold(NamedTuple):
    """A bound with its number and what is counted, in comparison form; ``start`` is where it stands."""

    words: str
    line: tuple[str, str]  # the bound and the number
    start: int


class Line(NamedTuple):
    """A threshold that was drawn otherwise, and whether the sentence defines by it or only narrows a noun."""

    before: str
    after: str
    defines: bool


def redrawn(before: str, after: str, *, is_note: bool) -> Line | None:
    """The first line that a reworded sentence draws elsewhere; None where it draws none or the same ones."""
    left, right = thresholds_of(before), thresholds_of(after)
    gone = _all_but(left, right)
    come = _all_but(right, left)
    if not gone or len(left) != len(right) or len(gone) != len(come):
        return None
    for text, moved in ((before, gone[0]), (after, come[0])):
        if not _draws(text, moved, is_note=is_note):
            return None
    return Line(
        gone[0].words, come[0].words, is_note or all(_DEFINES.search(normalise(t)) for t in (before, after))
    )


def thresholds_of(text: str) -> list[Threshold]:
    """Every number with a bound, in order.

    >>> [threshold.words for threshold in thresholds_of("Facilities with more than 120 beds.")]
    ['more than 120 beds']
    """
    plain = normalise(text)
    found = []
    for match in _PIECES.finditer(plain):
        number = match["number"] or match["plain"]
        line = (match["bound"] or f"or {match['side']}", number.rstrip(",").replace(",", ""))
        found.append(Threshold(match.group(0).strip(), line, match.start()))
    return found


def _all_but(mine: list[Threshold], theirs: list[Threshold]) -> list[Threshold]:
    standing = Counter(threshold.line for threshold in theirs)
    left = []
    for threshold in mine:
        if standing[threshold.line]:
            standing[threshold.line] -= 1
        else:
            left.append(threshold)
    return left


def _draws(text: str, threshold: Threshold, *, is_note: bool) -> bool:
    """Whether a sentence says by a threshold what counts, rather than how much there was."""
    plain = normalise(text)
    lead = _MARK.sub("", plain[: threshold.start].rstrip() + " ").rstrip()
    if _NEWS.search(plain) or _COUNTS.search(lead) or "@" in essence(text).split():
        return False
    if (is_note and lead) or _DEFINES.search(plain) or _CONDITION.search(lead):
        return True
    return bool(_NARROWS.search(lead) and _GOES_ON.match(plain[threshold.start + len(threshold.words) :]))
