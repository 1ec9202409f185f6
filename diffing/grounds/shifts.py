"""Definitions that came, went or were reworded, paired by their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from diffing.comparing.model import Comparison, DefinitionChange
from diffing.grounds.passages import Passage
from diffing.grounds.phrases import content_words, joined_mask, likeness, stands_in
from diffing.identity import row_key
from state.document import Definition

SAME = 0.5
"""Share of words in common from which on a wording that came is one that left, reworded."""

LEAST_SUBJECT = 6
"""Letters of a first word from which on it names what a term is about."""

MOST_PAIRS = 10_000
"""Pairs of wordings weighed at the most."""


class Side(NamedTuple):
    """A wording on one side, with the index of its change."""

    change: int
    definition: Definition


class Shift(NamedTuple):
    """A wording that came, went or changed, with the indexes of its changes in the comparison."""

    indexes: tuple[int, ...]
    before: Definition | None
    after: Definition | None


def shifts_of(comparison: Comparison, passages: Sequence[Passage]) -> Iterator[Shift]:
    """Wordings that differ, paired by their words, then by a term that is left once on either side.

    A term may have several wordings (the notes on a table), so the pairs of the comparison are taken apart first.
    """
    masked_before, masked_after = joined_mask(comparison.before), joined_mask(comparison.after)
    gone = [
        Side(change.index, change.before)
        for change in comparison.definitions
        if change.before
        and (not stands_in(change.before.wording, masked=masked_after) or _reworded(change, masked_before))
    ]
    come = [
        Side(change.index, change.after)
        for change in comparison.definitions
        if change.after and not stands_in(change.after.wording, masked=masked_before)
    ]
    for pair in (_alike, _of_one_term, _of_one_subject):
        for left, came in pair(gone, come):
            gone.remove(left)
            come.remove(came)
            yield Shift((left.change, came.change), left.definition, came.definition)
    for left in gone:
        yield Shift((left.change,), left.definition, _reads_now(left.definition, passages))
    for came in come:
        yield Shift((came.change,), _read_before(came.definition, passages), came.definition)


def _reworded(change: DefinitionChange, masked_before: str) -> bool:
    """Whether a term's wording became a new one, although the wording before stands under another term still."""
    if change.before is None or change.after is None or stands_in(change.after.wording, masked=masked_before):
        return False
    return likeness(change.before.wording, change.after.wording) >= SAME


def _of_one_term(gone: Sequence[Side], come: Sequence[Side]) -> list[tuple[Side, Side]]:
    """Pairs of wordings whose term is left once on either side: rewritten from the ground."""
    left, right = (_by_term(side) for side in (gone, come))
    shared = [term for term in left if len(left[term]) == 1 and len(right.get(term, ())) == 1]
    return [(left[term][0], right[term][0]) for term in shared]


def _of_one_subject(gone: Sequence[Side], come: Sequence[Side]) -> list[tuple[Side, Side]]:
    """Pairs on one sheet whose terms begin alike ("Lexington Failure", "Lexington and Elmore"), the only two."""
    left, right = (_by_subject(side) for side in (gone, come))
    shared = [subject for subject in left if len(left[subject]) == 1 and len(right.get(subject, ())) == 1]
    return [(left[subject][0], right[subject][0]) for subject in shared]


def _by_subject(sides: Sequence[Side]) -> dict[tuple[str, str], list[Side]]:
    groups: dict[tuple[str, str], list[Side]] = defaultdict(list)
    for side in sides:
        words = content_words(side.definition.term)
        if len(words) > 1 and len(words[0]) >= LEAST_SUBJECT:
            groups[side.definition.where.sheet or "", words[0]].append(side)
    return groups


def _by_term(sides: Sequence[Side]) -> dict[str, list[Side]]:
    groups: dict[str, list[Side]] = defaultdict(list)
    for side in sides:
        groups[row_key(side.definition.term)].append(side)
    return groups


def _alike(gone: Sequence[Side], come: Sequence[Side]) -> list[tuple[Side, Side]]:
    """Pairs of a wording that left and one that came, most alike first, each once."""
    if len(gone) * len(come) > MOST_PAIRS:
        return []
    scored = [(_closeness(left, came), left, came) for left in gone for came in come]
    pairs: list[tuple[Side, Side]] = []
    used: set[tuple[str, int]] = set()
    for score, left, came in sorted(scored, key=lambda each: (-each[0], each[1].change, each[2].change)):
        names = {("left", left.change), ("came", came.change)}
        if score >= SAME and not used & names:
            used |= names
            pairs.append((left, came))
    return pairs


def _closeness(left: Side, came: Side) -> float:
    """Likeness of two wordings; of two that are alike as much, those of one term belong together."""
    same_term = row_key(left.definition.term) == row_key(came.definition.term)
    return likeness(left.definition.wording, came.definition.wording) + (0.001 if same_term else 0)


def _reads_now(definition: Definition, passages: Sequence[Passage]) -> Definition | None:
    """What the sentence of a definition reads now, where it is reworded and no longer looks like one."""
    for passage in passages:
        if passage.before and passage.after and likeness(passage.before, definition.wording) > 0.8:
            return replace(definition, wording=passage.after)
    return None


def _read_before(definition: Definition, passages: Sequence[Passage]) -> Definition | None:
    """What the sentence of a definition that is new read before, where it was reworded in its place.

    A note may stand in several places; where one of them is reworded, what it said before stands in the others.
    """
    for passage in passages:
        if passage.before and passage.after and likeness(passage.after, definition.wording) > 0.95:
            return replace(definition, wording=passage.before)
    return None
