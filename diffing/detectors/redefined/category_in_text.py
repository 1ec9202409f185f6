"""``category-relabelled`` in prose: who or what a figure counts got another name while the sentence stayed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.passages import passages_of
from diffing.grounds.phrases import without_dates
from diffing.grounds.wording import shorten
from diffing.values import normalise
from state.document import Where
from state.kinds import Severity

KINDS = ("category-relabelled",)
RANK = 14

LONGEST_NAME = 12
"""Words a category's name may have; a longer difference is another sentence."""

NEAREST = 3
"""Words that may stand between the figure and the name."""

_WORD = re.compile(r"@|[\w$%][\w,.'’$%-]*")
_FIGURE = re.compile(r"\$?\d[\d,.]*%?$|^(?:hundreds?|thousands?|millions?|dozens?)$")
_SMALL_WORDS = (
    "a an and are as at be by for from had has have in into is it its more most of on or over than that the their"
    " these this those to under up was were which who will with about nearly almost some all"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_IRREGULAR = frozenset(("people", "children", "men", "women", "personnel", "staff"))
_MEASURES = frozenset(
    ("minutes", "hours", "days", "weeks", "months", "years", "miles", "dollars", "points", "times", "pages")
)


class Names(NamedTuple):
    """What a figure counts, before and after, with the figures."""

    before: str
    after: str
    figure_before: str
    figure_after: str


class Place(NamedTuple):
    """A heading or sentence on both sides, with the facts that it stands for."""

    section: str
    before: str
    after: str
    facts: tuple[FactKey, ...]


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a category: in the heading, the title, or a reworded sentence."""
    comparison = evidence.comparison
    if comparison is None:
        return
    found: dict[str, list[tuple[Place, Names]]] = defaultdict(list)
    for place in _places(comparison):
        names = relabelled(place.before, place.after)
        if names and not evidence.told.intersection(place.facts[:1]):
            found[normalise(names.before)].append((place, names))
    for places in found.values():
        facts = tuple(fact for place, _ in places for fact in place.facts)
        yield _draft(*places[0], facts=facts)


def _places(comparison: Comparison) -> Iterator[Place]:
    before, after = comparison.before, comparison.after
    for left, right in ((before.headline, after.headline), (before.title, after.title)):
        if left and right and left != right:
            yield Place("Headline", left, right, ())
    for passage in passages_of(comparison):
        if passage.before and passage.after and passage.before != before.headline:
            yield Place(passage.section, passage.before, passage.after, passage.facts)


def relabelled(before: str, after: str) -> Names | None:
    """The two names of what a figure counts, where little else of the sentence differs; else None."""
    left, right = _WORD.findall(without_dates(before)), _WORD.findall(without_dates(after))
    left_keys, right_keys = _keys(left), _keys(right)
    start = _common(left_keys, right_keys)
    end = _common(left_keys[start:][::-1], right_keys[start:][::-1])
    figure = max((i for i in range(start) if left_keys[i] == "#"), default=None)
    if figure is None or start - figure - 1 > NEAREST or any(map(_is_plural, left[figure + 1 : start])):
        return None
    old, new = left[start : len(left) - end], right[start : len(right) - end]
    if not all(words and _is_plural(words[-1]) for words in (old, new)) and _goes_on(left, len(left) - end):
        noun = left[len(left) - end]
        old, new = [*old, noun], [*new, noun]
    if not _meaningful(old, new):
        return None
    return Names(
        " ".join(old).rstrip(".,"),
        " ".join(new).rstrip(".,"),
        left[figure].rstrip(".,"),
        right[figure].rstrip(".,"),
    )


def _keys(words: list[str]) -> list[str]:
    keys = (normalise(word).strip(".,'") for word in words)
    return ["#" if _FIGURE.search(key) else key for key in keys]


def _common(left: list[str], right: list[str]) -> int:
    """How many words two lists begin with alike."""
    for index, (mine, theirs) in enumerate(zip(left, right, strict=False)):
        if mine != theirs:
            return index
    return min(len(left), len(right))


def _goes_on(words: list[str], end: int) -> bool:
    """Whether the noun of the name follows what differs: "criminal" became "noncitizen", "aliens" follows."""
    return end < len(words) and _is_plural(words[end])


def _is_plural(word: str) -> bool:
    """Whether a word can be what a figure counts: a plural that is no measure."""
    key = normalise(word).strip(".,")
    return key in _IRREGULAR or (key.endswith("s") and key not in _MEASURES and key not in _SMALL)


def _meaningful(old: list[str], new: list[str]) -> bool:
    """Whether both are names, of a length that names have, and differ in more than small words and figures."""
    if not old or not new or max(len(old), len(new)) > LONGEST_NAME:
        return False
    if not (_is_plural(old[-1]) and _is_plural(new[-1])):
        return False
    left, right = ({key for key in _keys(words) if key not in _SMALL} - {"#", ""} for words in (old, new))
    return bool(left and right and left != right and all(key[0].isalpha() for key in left | right))


def _qualified(names: Names) -> bool:
    """Whether the name only gained or lost words."""
    left, right = (set(normalise(name).split()) for name in (names.before, names.after))
    return left <= right or right <= left


def _draft(place: Place, names: Names, *, facts: tuple[FactKey, ...]) -> Draft:
    figures = ""
    if names.figure_before != names.figure_after:
        figures = f" ({names.figure_before} before, {names.figure_after} now)"
    before, after = shorten(place.before, limit=200), shorten(place.after, limit=200)
    return Draft(
        kind="category-relabelled",
        title=f"“{shorten(names.before, limit=45)}” are now called “{shorten(names.after, limit=60)}”{figures}",
        reason=f"the rest of the sentence stayed: “{before}” now reads “{after}”",
        subject=("text", normalise(names.before)),
        where=Where(section=place.section or None),
        before=names.before,
        after=names.after,
        severity=Severity.MEDIUM if _qualified(names) and place.facts else None,
        confidence=0.8,
        explains=facts,
    )
