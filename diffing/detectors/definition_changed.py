"""``definition-changed``, ``-vanished`` and ``-added``: the words that define a term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from diffing.facts import Comparison, DefinitionChange, Draft, Evidence, FactKey
from diffing.identity import title_key
from diffing.passages import Passage, passages_of
from diffing.phrases import essence, gist, joined_mask, likeness, moves, stands_in
from diffing.values import normalise
from diffing.wording import shorten
from state.document import Definition, Document
from state.kinds import Severity
from state.model import Item

KINDS = ("definition-changed", "definition-vanished", "definition-added")
RANK = 8

SAME = 0.5
"""Share of words in common from which on a wording that came is one that left, reworded."""

MOST_PAIRS = 40_000
"""Pairs of wordings weighed at the most."""


class Shift(NamedTuple):
    """A wording that came, went or changed, with the indexes of its changes in the comparison."""

    indexes: tuple[int, ...]
    before: Definition | None
    after: Definition | None


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a wording. What only moved, dates and running figures, and mere re-spelling are no change."""
    comparison = evidence.comparison
    if comparison is None:
        return
    passages = passages_of(comparison)
    told = set(evidence.told)
    for shifts in _grouped(_meant(_shifts(comparison, passages), comparison)):
        if not told.intersection(_own_facts(shifts)):
            draft = _draft(shifts, passages)
            told.update(draft.explains)
            yield draft
    for passage in passages:
        if passage.entry and passage.key not in told and _says_otherwise(passage):
            yield _changed([_as_shift(passage)], passage.facts)


def _meant(shifts: Iterable[Shift], comparison: Comparison) -> Iterator[Shift]:
    """The shifts in which something else is said than before; sheets that came or went are told as tables."""
    before, after = comparison.before, comparison.after
    masked_before, masked_after = joined_mask(before), joined_mask(after)
    for shift in shifts:
        if shift.before and shift.after:
            if _reworded(shift.before.wording, shift.after.wording):
                yield shift
        elif shift.before:
            if not _without_sheet(shift.before, after) and not stands_in(
                shift.before.wording, masked=masked_after
            ):
                yield shift
        elif (
            shift.after
            and not _without_sheet(shift.after, before)
            and not stands_in(shift.after.wording, masked=masked_before)
        ):
            yield shift


def _without_sheet(definition: Definition, other: Document) -> bool:
    sheets = {title_key(table.sheet) for table in other.tables if table.sheet}
    sheets |= {title_key(block.sheet) for block in other.blocks if block.sheet}
    return definition.where.sheet is not None and title_key(definition.where.sheet) not in sheets


def _grouped(shifts: Iterable[Shift]) -> list[list[Shift]]:
    """The same edit under several terms is one statement."""
    groups: dict[tuple[str, str], list[Shift]] = defaultdict(list)
    for shift in shifts:
        before, after = (essence(side.wording) if side else "" for side in (shift.before, shift.after))
        groups[before, after].append(shift)
    return list(groups.values())


def _says_otherwise(passage: Passage) -> bool:
    """Whether a reworded entry says something else; what states dates or figures differs in every release."""
    if not passage.before or not passage.after or not _reworded(passage.before, passage.after):
        return False
    return not any(set("#@").intersection(essence(text).split()) for text in (passage.before, passage.after))


def _as_shift(passage: Passage) -> Shift:
    """A reworded sentence of a text that is set in rows, under the label of its row."""
    term = passage.where.row or passage.section
    where = replace(passage.where, table=passage.where.table or term)
    return Shift((), Definition(term, passage.before or "", where), Definition(term, passage.after or "", where))


def _shifts(comparison: Comparison, passages: Sequence[Passage]) -> Iterator[Shift]:
    """Changed definitions; one that left and one that came are one where their words are alike."""
    gone = [change for change in comparison.definitions if change.after is None]
    come = [change for change in comparison.definitions if change.before is None]
    for change in comparison.definitions:
        if change.before and change.after:
            yield Shift((change.index,), change.before, change.after)
    for left, came in _alike(gone, come):
        gone.remove(left)
        come.remove(came)
        yield Shift((left.index, came.index), left.before, came.after)
    for change in gone:
        yield Shift((change.index,), change.before, _reads_now(change.before, passages))
    for change in come:
        yield Shift((change.index,), None, change.after)


def _alike(
    gone: Sequence[DefinitionChange], come: Sequence[DefinitionChange]
) -> list[tuple[DefinitionChange, DefinitionChange]]:
    """Pairs of a wording that left and one that came, most alike first, each once."""
    if len(gone) * len(come) > MOST_PAIRS:
        return []
    scored = [
        (likeness(left.before.wording, came.after.wording), left, came)
        for left in gone
        for came in come
        if left.before and came.after
    ]
    pairs: list[tuple[DefinitionChange, DefinitionChange]] = []
    used: set[int] = set()
    for score, left, came in sorted(scored, key=lambda each: (-each[0], each[1].index, each[2].index)):
        if score >= SAME and not used.intersection((left.index, came.index)):
            used.update((left.index, came.index))
            pairs.append((left, came))
    return pairs


def _reads_now(definition: Definition | None, passages: Sequence[Passage]) -> Definition | None:
    """What the sentence of a definition reads now, where it is reworded and no longer looks like one."""
    for passage in passages:
        if definition and passage.before and passage.after and likeness(passage.before, definition.wording) > 0.8:
            return replace(definition, wording=passage.after)
    return None


def _reworded(before: str, after: str) -> bool:
    """Whether words of weight differ, wherever they stand."""
    if essence(before).replace(" ", "") == essence(after).replace(" ", ""):
        return False
    return gist(before) != gist(after)


def _draft(shifts: Sequence[Shift], passages: Sequence[Passage]) -> Draft:
    facts = _facts(shifts, passages)
    if shifts[0].before and shifts[0].after:
        return _changed(shifts, facts)
    return _vanished(shifts, facts) if shifts[0].before else _added(shifts, facts)


def _changed(shifts: Sequence[Shift], facts: tuple[FactKey, ...]) -> Draft:
    before, after = shifts[0].before, shifts[0].after
    assert before is not None and after is not None
    words = moves(before.wording, after.wording)
    note = _is_note(after)
    verb = "reads differently" if note else "is defined differently"
    return Draft(
        kind="definition-changed",
        title=f"{_name(shifts, note=note)} {verb}: {shorten(words.told, limit=90)}",
        reason=f"the words that moved: {shorten(words.told, limit=600)}",
        subject=(normalise(after.term),),
        where=after.where,
        items=tuple(_item(shift) for shift in shifts),
        before=before.wording,
        after=after.wording,
        severity=Severity.MEDIUM if note else None,
        explains=facts,
    )


def _vanished(shifts: Sequence[Shift], facts: tuple[FactKey, ...]) -> Draft:
    before = shifts[0].before
    assert before is not None
    note = _is_note(before)
    name = _name(shifts, note=note)
    return Draft(
        kind="definition-vanished",
        title=f"{name if note else f'The definition of {name}'} is gone: “{shorten(before.wording, limit=75)}”",
        reason=f"it read: “{shorten(before.wording, limit=300)}”; the release says so nowhere any more",
        subject=(normalise(before.term),),
        where=before.where,
        items=tuple(_item(shift) for shift in shifts),
        before=before.wording,
        severity=Severity.MEDIUM if note else None,
        explains=facts,
    )


def _added(shifts: Sequence[Shift], facts: tuple[FactKey, ...]) -> Draft:
    after = shifts[0].after
    assert after is not None
    note = _is_note(after)
    name = _name(shifts, note=note)
    return Draft(
        kind="definition-added",
        title=f"{name} is {'new' if note else 'now defined'}: “{shorten(after.wording, limit=80)}”",
        reason="the release before said no such thing",
        subject=(normalise(after.term),),
        where=after.where,
        items=tuple(_item(shift) for shift in shifts),
        after=after.wording,
        severity=Severity.INFO if note else None,
        explains=facts,
    )


def _item(shift: Shift) -> Item:
    before, after = shift.before, shift.after
    return Item(
        term=(after or before or _NOTHING).term,
        before=before.wording if before else None,
        after=after.wording if after else None,
        valued=True,
    )


_NOTHING = Definition("", "")


def _name(shifts: Sequence[Shift], *, note: bool) -> str:
    """“Level 1” and 2 more; with "A note on" before it where it explains a whole table."""
    definition = shifts[0].after or shifts[0].before or _NOTHING
    more = f" and {len(shifts) - 1} more" if len(shifts) > 1 else ""
    return f"{'A note on ' if note else ''}“{_term(definition)}”{more}"


def _term(definition: Definition) -> str:
    return shorten(definition.term.strip("*†‡ :"), limit=50)


def _is_note(definition: Definition) -> bool:
    """Whether it is a note on a whole table rather than the definition of a term."""
    term = normalise(definition.term)
    places = (definition.where.table, definition.where.sheet)
    return any(term and term in normalise(place) for place in places if place)


def _own_facts(shifts: Sequence[Shift]) -> list[FactKey]:
    return [FactKey("definition", index) for shift in shifts for index in shift.indexes]


def _facts(shifts: Sequence[Shift], passages: Sequence[Passage]) -> tuple[FactKey, ...]:
    """The definitions and the changed passages that hold the same words, so that no other kind repeats them."""
    sides = [side for shift in shifts for side in (shift.before, shift.after) if side]
    held = (
        passage.facts
        for passage in passages
        if any(_holds(text, side) for text in (passage.before, passage.after) if text for side in sides)
    )
    return (*_own_facts(shifts), *(fact for facts in held for fact in facts))


def _holds(text: str, definition: Definition) -> bool:
    """Whether a passage is the definition, a sentence of it, or the paragraph that holds it."""
    words, passage = essence(f"{definition.term} {definition.wording}"), essence(text)
    small, large = sorted((words, passage), key=len)
    if len(small) > 20 and small in large:
        return True
    return essence(definition.wording) in passage or likeness(text, definition.wording) > 0.9
