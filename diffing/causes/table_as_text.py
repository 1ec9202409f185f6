"""``table-rearranged``: the rows of a table are text now, or were: cards for small screens, lines, a list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.wording import number, place, plural
from diffing.identity import table_key
from diffing.values import normalise
from state.document import Document, Table
from state.kinds import Severity
from state.model import Item

KINDS = ("table-rearranged",)
RANK = 72

LEAST_FIGURES = 8
"""Figures of a table below which its rows may meet those of a text by chance."""

FOUND = 0.9
"""Share of the rows and of the figures that the text must have, each figure behind the name of its row."""

OF_TABLE = 0.9
"""Share of the words of a passage that must be the table's for it to be a part of it."""

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
_WORD = re.compile(r"[\w.,%-]*\w")


class _AsText(NamedTuple):
    """A table and what of it stands in a text."""

    table: Table
    sought: int
    lost: tuple[Item, ...]


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for each table that became text, and for each that was text before."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for index in comparison.tables_removed:
        found = _in_text(comparison.before.tables[index], comparison.after)
        if found is not None:
            facts = (FactKey("table-removed", index), *_passages(comparison, found, came=True))
            yield _draft(comparison, found, facts, "is text now", severity=None)
    for index in comparison.tables_added:
        found = _in_text(comparison.after.tables[index], comparison.before)
        if found is not None:
            facts = (FactKey("table-added", index), *_passages(comparison, found, came=False))
            yield _draft(comparison, found, facts, "was text before", severity=Severity.INFO)


def _in_text(table: Table, document: Document) -> _AsText | None:
    """The table in the text of a document: the figures of each row behind its name and before the next one's."""
    column = table.key[0] if table.key else 0
    names = [normalise(str(row[column] or "")) for row in table.rows]
    figures = [[value for value in row if is_number(value)] for row in table.rows]
    sought = sum(map(len, figures))
    if sought < LEAST_FIGURES or not all(names) or len(set(names)) < len(names):
        return None
    text = "\n".join(normalise(f"{' '.join(block.heading[-1:])} {block.text}") for block in document.blocks)
    places = [text.find(name) for name in names]
    there = sorted({at for at in places if at >= 0})
    if len(there) < FOUND * len(names):
        return None
    ends = dict(zip(there, (*there[1:], len(text)), strict=True))
    lost: list[Item] = []
    for at, wanted, key in zip(places, figures, table.row_keys, strict=True):
        said = Counter(_figures(text[at : ends[at]])) if at >= 0 else Counter()
        missing = Counter(map(float, wanted)) - said
        lost += [Item(row=key, before=value) for value in missing.elements()]
    return _AsText(table, sought, tuple(lost)) if sought - len(lost) >= FOUND * sought else None


def _figures(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in _FIGURE.findall(text)]


def _passages(comparison: Comparison, found: _AsText, *, came: bool) -> Iterator[FactKey]:
    """The passages that came, or left, and are nothing but the table's rows."""
    table = found.table
    cells = (str(cell) for row in table.rows for cell in row if cell is not None)
    words = {word for text in (*cells, *(each.name for each in table.columns)) for word in _words(text)}
    for change in comparison.texts:
        text = change.after if came else change.before
        if text is None or (change.before is not None and change.after is not None):
            continue
        said = _words(text)
        if said and sum(word in words for word in said) >= OF_TABLE * len(said):
            yield FactKey("text", change.index)


def _words(text: str) -> list[str]:
    return [word.replace(",", "") for word in _WORD.findall(normalise(text))]


def _draft(
    comparison: Comparison, found: _AsText, facts: tuple[FactKey, ...], how: str, *, severity: Severity | None
) -> Draft:
    same = found.sought - len(found.lost)
    alone = len(comparison.tables_removed) + len(comparison.tables_added) == 1 and not comparison.tables
    silent = (FactKey("silent-edit"),) if alone and not found.lost else ()
    return Draft(
        kind="table-rearranged",
        title=f"{place(found.table)} {how}: {number(same)} of {plural(found.sought, 'figure')} found again",
        reason=f"the same figures stand behind the names of {number(len(found.table.rows))} rows in the text",
        subject=(table_key(found.table), "text"),
        where=where_is(found.table),
        items=found.lost or (Item(table=place(found.table), note="figures are in the text"),),
        severity=Severity.MEDIUM if found.lost else severity,
        explains=(*facts, *silent),
    )
