"""``category-relabelled``: one word was put for another in names of rows and columns wherever it stood."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.names import another_body, same_name
from diffing.grounds.wording import number, plural
from diffing.values import normalise
from state.document import Table, Where
from state.kinds import Severity
from state.model import Item

KINDS = ("category-relabelled",)
RANK = 90

LEAST_NAMES = 2
"""Different names of rows and columns in which a word was replaced, below which it is one label that changed."""

MOST_WORDS = 3
"""Words that may stand for a term; more are another label."""

MOST_NAMES = 10_000
"""Names that left times names that joined, above which they are not looked at two by two."""

_WORD = re.compile(r"\w+(?:[-'.]\w+)*|[^\w\s]")
_PERIOD = re.compile(r"\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q\d|total|ytd|today|yesterday")


class _Name(NamedTuple):
    """A row or a column of a table by its place in the order, with its neighbours' names."""

    along: str  # "row" or "column"
    at: int
    text: str
    neighbours: tuple[str, str]


class _Place(NamedTuple):
    """A name in which the word was replaced."""

    pair: TablePair
    before: _Name
    after: _Name


Words = tuple[str, ...]
Edit = tuple[Words, Words]


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each word that was replaced."""
    comparison = evidence.comparison
    if comparison is None:
        return
    edits: dict[Edit, list[_Place]] = defaultdict(list)
    for pair in comparison.tables:
        for edit, place in _places(pair):
            edits[edit].append(place)
    found = {edit: places for edit, places in edits.items() if _stands_everywhere(edit, places)}
    for edit, places in found.items():
        yield _draft(comparison, edit, places, _strays(edit, places, edits, set(found)))


def _stands_everywhere(edit: Edit, places: Sequence[_Place]) -> bool:
    standing = [place for place in places if _same_neighbours(place.before, place.after, edit)]
    return len({(place.before.along, normalise(place.before.text)) for place in standing}) >= LEAST_NAMES


def _strays(
    edit: Edit, places: Sequence[_Place], edits: Mapping[Edit, Sequence[_Place]], found: Container[Edit]
) -> list[_Place]:
    """Names of the same tables that bear the new word too, and had another one (a slip of the release before)."""
    tables = {place.pair.index for place in places}
    taken = {(place.pair.index, place.after) for place in places}
    return [
        place
        for other, strays in edits.items()
        if other not in found and other[1] == edit[1]
        for place in strays
        if place.pair.index in tables and (place.pair.index, place.after) not in taken
    ]


def _places(pair: TablePair) -> Iterator[tuple[Edit, _Place]]:
    """Names that left, each with the first that joined and differs in one term."""
    gone, come = list(_names(pair, before=True)), list(_names(pair, before=False))
    if len(gone) * len(come) > MOST_NAMES:
        return
    for before in gone:
        for after in come:
            edit = _edit(before.text, after.text) if before.along == after.along else None
            if edit is not None:
                yield edit, _Place(pair, before, after)


def _names(pair: TablePair, *, before: bool) -> Iterator[_Name]:
    """The names that have no counterpart, and those that were paired though they differ."""
    table = pair.before if before else pair.after
    side = 0 if before else 1
    rows = [*(pair.rows_removed if before else pair.rows_added), *(both[side] for both in pair.rows_renamed)]
    columns = [
        *(pair.columns_removed if before else pair.columns_added),
        *(both[side] for both in pair.columns_renamed),
    ]
    names = [column.name for column in table.columns]
    yield from (_Name("row", row, table.row_keys[row], _beside(table.row_keys, row)) for row in rows)
    yield from (_Name("column", column, names[column], _beside(names, column)) for column in columns)


def _beside(names: Sequence[str], index: int) -> tuple[str, str]:
    return (
        normalise(names[index - 1]) if index else "",
        normalise(names[index + 1]) if index + 1 < len(names) else "",
    )


def _edit(before: str, after: str) -> Edit | None:
    """The term that gave way and the one in its place, where nothing else differs; no period, no count."""
    left, right = _WORD.findall(normalise(before)), _WORD.findall(normalise(after))
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    gone, come = tuple(left[start : len(left) - end]), tuple(right[start : len(right) - end])
    if not gone or not come or max(len(gone), len(come)) > MOST_WORDS:
        return None
    if any(_PERIOD.match(word) or not word[0].isalpha() for word in (*gone, *come)):
        return None
    return gone, come


def _same_neighbours(before: _Name, after: _Name, edit: Edit) -> bool:
    """Whether the names beside are the same, but for the same edit."""
    return all(
        one == other or _edit(one, other) == edit
        for one, other in zip(before.neighbours, after.neighbours, strict=True)
    )


def _draft(comparison: Comparison, edit: Edit, places: Sequence[_Place], strays: Sequence[_Place]) -> Draft:
    gone, come = (" ".join(words) for words in edit)
    shown = _as_printed(places[0].before.text, gone), _as_printed(places[0].after.text, come)
    tables = {place.pair.index for place in places}
    first = places[0].pair
    also = f"; {plural(len(strays), 'name')} more had another word in its place" if strays else ""
    return Draft(
        kind="category-relabelled",
        title=f"“{shown[0]}” is now called “{shown[1]}” at {plural(len(places), 'place')} "
        f"of {plural(len(tables), 'table')}",
        reason=f"{number(len(places))} names differ in nothing else{also}",
        subject=("everywhere", gone),
        where=where_is(first.after) if len(tables) == 1 else Where(sheet=first.after.sheet),
        items=tuple(_item(place) for place in (*places, *strays)),
        before=shown[0],
        after=shown[1],
        severity=Severity.INFO if _is_spelling(places) else Severity.MEDIUM,
        explains=tuple(dict.fromkeys((*_facts((*places, *strays)), *_texts(comparison, edit)))),
    )


def _is_spelling(places: Sequence[_Place]) -> bool:
    """Whether the names are the same, spelt out or abbreviated; another kind of body is another name."""
    return all(
        same_name(each.before.text, each.after.text) and not another_body(each.before.text, each.after.text)
        for each in places
    )


def _as_printed(name: str, term: str) -> str:
    at = normalise(name).find(term)
    return name[at : at + len(term)] if at >= 0 and len(normalise(name)) == len(name) else term


def _item(place: _Place) -> Item:
    before, after = _sum(place.pair.before, place.before), _sum(place.pair.after, place.after)
    return Item(
        row=place.after.text if place.after.along == "row" else None,
        column=place.after.text if place.after.along == "column" else None,
        table=place.pair.after.name or None,
        sheet=place.pair.after.sheet,
        before=place.before.text,
        after=place.after.text,
        note=f"its figures were {number(before)} in sum and are {number(after)}",
    )


def _sum(table: Table, name: _Name) -> float:
    line = table.rows[name.at] if name.along == "row" else [row[name.at] for row in table.rows]
    return sum(value for value in line if is_number(value))


def _facts(places: Sequence[_Place]) -> Iterator[FactKey]:
    for pair, before, after in places:
        for subject, name in (("removed", before), ("added", after), ("renamed", after)):
            row, column = (str(name.at), "") if name.along == "row" else ("", str(name.at))
            yield FactKey(f"{name.along}-{subject}", pair.index, row, column)
        yield pair.title_fact()


def _texts(comparison: Comparison, edit: Edit) -> Iterator[FactKey]:
    """Sentences and definitions that differ in the same term alone."""
    for text in comparison.texts:
        if text.before and text.after and _edit(text.before, text.after) == edit:
            yield FactKey("text", text.index)
    for change in comparison.definitions:
        before, after = change.before, change.after
        if before and after and _edit(before.wording, after.wording) == edit:
            yield FactKey("definition", change.index)
