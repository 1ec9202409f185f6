"""``definition-changed``, ``-vanished`` and ``-added``: the words that define a term."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.flood import gather
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import essence, gist, is_stamp, likeness, mask, mended, moves
from diffing.grounds.shifts import Shift, shifts_of
from diffing.grounds.thresholds import redrawn
from diffing.grounds.wording import listing, plural, shorten
from diffing.identity import title_key
from diffing.values import normalise
from state.document import Definition, Document
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "definition-changed",
        Severity.HIGH,
        'the words that define a term, or a threshold that says what counts ("more than 100 beds"), changed',
    ),
    Kind("definition-vanished", Severity.HIGH, "the words that define a term left"),
    Kind("definition-added", Severity.LOW, "words that define a term came"),
)
RANK = 8

MOST_TERMS = 12
"""Statements of one kind above which one tells of all."""

MANY = 2
"""Terms above which the same edit is told by its words rather than by a term."""

_NOTE_BEGINS = re.compile(
    r"(?:\*|†|‡|§|\[\w{1,3}\]|\(\d{1,2}\)|[¹²³]|(?:foot)?notes?\b[^.]{0,20}:)", re.IGNORECASE
)
"""How a paragraph begins that is a note, wherever it stands."""

_SCOPE = re.compile(
    r"^\W*(?:note:? )?(?:this|these|the|all)? ?(?:\w+ ){0,3}"
    r"(?:lists?|tables?|data|dataset|figures|statistics|counts|totals|numbers|spreadsheet)\b[^.;:]{0,60}?"
    r"\b(?:(?:does|do) not include|excludes?|includes?|(?:is|are) limited to|covers?|(?:is|are) based on)\b"
)
"""A sentence about the figures themselves: what they take in and leave out."""

_PERIOD_WORD = re.compile(
    r"first|second|third|fourth|half|halve|last|latest|next|previou|year|month|quarter|week|day|period|through"
)
"""How far figures reach differs in every release; words as ``gist`` has them."""

_JOINING = re.compile(r"^(?:and|or|&)\s+", re.IGNORECASE)


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a wording. What only moved, dates and running figures, and mere re-spelling are no change."""
    if evidence.comparison is not None:
        yield from gather(_each(evidence, evidence.comparison), most=MOST_TERMS, noun="definitions")


def _each(evidence: Evidence, comparison: Comparison) -> Iterator[Draft]:
    passages = passages_of(comparison)
    told = set(evidence.told)
    shifts_of_all = _meant(shifts_of(comparison, passages), comparison) if comparison.definitions else ()
    for shifts in _grouped(shifts_of_all):
        if not told.intersection(_own_facts(shifts)):
            draft = _draft(shifts, passages)
            told.update(draft.explains)
            yield draft
    for passage in passages:
        if passage.key in told:
            continue
        if passage.entry and _says_otherwise(passage):
            yield _changed([_as_shift(passage)], passage.facts)
        elif passage.before and passage.after:
            line = redrawn(passage.before, passage.after, is_note=passage.entry or _reads_as_note(passage))
            if line is not None:
                words = " became ".join(f"“{shorten(side, limit=35)}”" for side in (line.before, line.after))
                yield _redrawn(passage, f"A threshold was redrawn: {words}", weighty=line.defines)
            elif _scope_moved(passage):
                words = shorten(moves(passage.before, passage.after).told, limit=75)
                yield _redrawn(passage, f"What is counted was redrawn: {words}", weighty=False)


def _reads_as_note(passage: Passage) -> bool:
    """Whether a sentence explains figures: a footnote, or a paragraph that begins as one."""
    return passage.is_note or _NOTE_BEGINS.match((passage.after or "").strip()) is not None


def _redrawn(passage: Passage, what: str, *, weighty: bool) -> Draft:
    """A sentence that says what counts and draws the line elsewhere now; ``weighty`` where it defines by it."""
    section = passage.section.rsplit(" / ", 1)[-1]
    under = f", under “{shorten(section, limit=45)}”" if section else ""
    return Draft(
        kind="definition-changed",
        title=f"{what}{under}",
        reason=f"the sentence says by it what counts: “{shorten(passage.before or '', limit=250)}”"
        f" now reads “{shorten(passage.after or '', limit=250)}”",
        subject=(normalise(passage.section), mask(passage.before or "")),
        where=passage.where,
        items=(Item(section=passage.section or None, before=passage.before, after=passage.after),),
        before=passage.before,
        after=passage.after,
        severity=None if weighty else Severity.MEDIUM,
        confidence=0.9,
        explains=passage.facts,
    )


def _meant(shifts: Iterable[Shift], comparison: Comparison) -> Iterator[Shift]:
    """The shifts in which something else is said than before; sheets that came or went are told as tables."""
    for shift in shifts:
        if any(side and is_stamp(side.term) for side in (shift.before, shift.after)):
            continue  # when a page was updated is no term
        if shift.before and shift.after:
            if _reworded(shift.before.wording, shift.after.wording):
                yield shift
        elif _has_place(shift.before, comparison.after) or _has_place(shift.after, comparison.before):
            yield shift


def _has_place(definition: Definition | None, other: Document) -> bool:
    """Whether the other release has the sheet on which a definition stands."""
    return definition is not None and not _without_sheet(definition, other)


def _without_sheet(definition: Definition, other: Document) -> bool:
    sheets = {title_key(table.sheet) for table in other.tables if table.sheet}
    sheets |= {title_key(block.sheet) for block in other.blocks if block.sheet}
    return definition.where.sheet is not None and title_key(definition.where.sheet) not in sheets


def _grouped(shifts: Iterable[Shift]) -> list[list[Shift]]:
    """The same edit under several terms is one statement: the same wording, or one word put for another; so are
    the terms of a release that are defined anew."""
    groups: dict[tuple[str, ...], list[Shift]] = defaultdict(list)
    for shift in shifts:
        groups[_edit(shift)].append(shift)
    told = list(groups.values())
    added = [group for group in told if not group[0].before and group[0].after and not _is_note(group[0].after)]
    if len(added) < MANY:
        return told
    return [*(group for group in told if group not in added), [shift for group in added for shift in group]]


def _edit(shift: Shift) -> tuple[str, ...]:
    """What names an edit wherever it is made; notes on one table that were rewritten are one edit of them."""
    if shift.before and shift.after and _is_note(shift.before) and _is_note(shift.after):
        return "notes on", normalise(shift.after.term)
    before, after = (essence(side.wording) if side else "" for side in (shift.before, shift.after))
    if shift.before and shift.after:
        left, came = (
            {_bare(run) for run in side} - {""} for side in moves(shift.before.wording, shift.after.wording)
        )
        if len(left) <= 1 and len(came) <= 1:
            return ("swap", *left, "for", *came)
    return before, after


def _bare(run: str) -> str:
    """A run of words without small words, parting and plural endings: "A Non-Citizens" is "noncitizen"."""
    words = essence(run.replace("-", "")).split()
    return "".join(word for word in words if gist(word)).removesuffix("s")


def _says_otherwise(passage: Passage) -> bool:
    """Whether a reworded entry says something else; what states dates or figures differs in every release."""
    if not passage.before or not passage.after or not _reworded(passage.before, passage.after):
        return False
    return not any(set("#@").intersection(essence(text).split()) for text in (passage.before, passage.after))


def _scope_moved(passage: Passage) -> bool:
    """Whether a sentence that says what a list or its figures take in names other things now."""
    if not passage.before or not passage.after or not _says_otherwise(passage):
        return False
    if not all(_SCOPE.search(normalise(text)) for text in (passage.before, passage.after)):
        return False
    left, right = gist(passage.before), gist(passage.after)
    moved = (left - right) + (right - left)
    return not any(_PERIOD_WORD.fullmatch(word) for word in moved) and any(not word.isdigit() for word in moved)


def _as_shift(passage: Passage) -> Shift:
    """A reworded sentence of a text that is set in rows, under the label of its row."""
    term = passage.where.row or passage.section
    where = replace(passage.where, table=passage.where.table or term)
    return Shift((), Definition(term, passage.before or "", where), Definition(term, passage.after or "", where))


def _reworded(before: str, after: str) -> bool:
    """Whether words of weight differ, wherever they stand."""
    if essence(before).replace(" ", "") == essence(after).replace(" ", ""):
        return False
    return gist(before) != gist(after) and not mended(before, after)


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
    verb = (
        ("read" if len(shifts) > 1 else "reads") + " differently"
        if note
        else f"{_are(shifts)} defined differently"
    )
    title = f"{_name(shifts, note=note)} {verb}: {shorten(words.told, limit=90)}"
    if len(shifts) > MANY and not note:
        terms = listing(list(dict.fromkeys(f"“{_term(shift.after or _NOTHING)}”" for shift in shifts)), limit=2)
        told = shorten(words.told, limit=60)
        title = f"{told[0].upper()}{told[1:]} in {plural(len(shifts), 'definition')}: {terms}"
    return Draft(
        kind="definition-changed",
        title=title,
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
        title=f"{name if note else f'The definition of {name}'} {_are(shifts)} gone:"
        f" “{shorten(before.wording, limit=75)}”",
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
        title=f"{name} {_are(shifts)} {'new' if note else 'now defined'}: “{shorten(after.wording, limit=80)}”",
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


def _are(shifts: Sequence[Shift]) -> str:
    return "is" if len(shifts) == 1 else "are"


def _name(shifts: Sequence[Shift], *, note: bool) -> str:
    """“Level 1” and 2 more; with "A note on" before it where it explains a whole table."""
    definition = shifts[0].after or shifts[0].before or _NOTHING
    if note and len({_term(shift.after or shift.before or _NOTHING) for shift in shifts}) == 1 < len(shifts):
        return f"{len(shifts)} notes on “{_term(definition)}”"
    more = f" and {len(shifts) - 1} more" if len(shifts) > 1 else ""
    return f"{'A note on ' if note else ''}“{_term(definition)}”{more}"


def _term(definition: Definition) -> str:
    return shorten(_JOINING.sub("", definition.term.strip("*†‡ :")), limit=50)


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
    if essence(definition.wording) in passage:
        return True
    return 0.7 < len(text) / len(definition.wording) < 1.4 and likeness(text, definition.wording) > 0.9
