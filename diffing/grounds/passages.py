"""Everything that reads as prose and differs: paragraphs, and the sentences that stand in the cells of tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import TypeGuard, cast

from msgspec import Struct
from msgspec.structs import replace

from diffing.comparing.model import Comparison, FactKey, TablePair, TextChange
from diffing.comparing.text import compare_texts
from state.document import Block, Table, Value, Where

FEWEST_WORDS = 8
"""Words from which on a cell reads as prose; a label or a name has fewer."""

MOST_CELLS = 1_000
"""Changed cells of prose in a table above which the table is left to the rules for tables."""


MOST_ROWS = 5_000
"""Rows above which a table is a list of data, whatever its cells hold."""

_ORDINAL = re.compile(r" #\d+$")


class Passage(Struct, frozen=True):
    """A sentence that differs, wherever it stands; one side is None where it came or went.

    ``key`` names the sentence; ``facts`` are all differences that telling of it tells: the sentence, and the
    cells and rows that hold it.
    """

    before: str | None
    after: str | None
    section: str
    where: Where
    key: FactKey
    facts: tuple[FactKey, ...]
    entry: bool = False  # it stands in a text that is set in rows: a glossary, footnotes
    is_note: bool = False  # it stands in a note to a table

    @property
    def promise(self) -> FactKey:
        """The name of the fact that a promise left with this sentence."""
        return self.key._replace(subject=f"promise of {self.key.subject}")


def passages_of(comparison: Comparison) -> list[Passage]:
    """Changed paragraphs in the order of the document, then changed cells of prose, table by table."""
    found = [_of_text(change) for change in comparison.texts]
    for pair in comparison.tables:
        found += _of_cells(pair)
    return found


def prose_of(table: Table) -> list[str]:
    """The cells of a table that read as prose; none of a table too long to be text."""
    if table.catalogue or len(table.rows) > MOST_ROWS:
        return []
    prose = [index for index, column in enumerate(zip(*table.rows, strict=True)) if _holds_prose(column)]
    return [cell for row in table.rows for index in prose if is_prose(cell := row[index])]


def _holds_prose(column: Sequence[Value]) -> bool:
    kinds = set(map(type, column))
    if str not in kinds:
        return False
    texts = (
        [value for value in column if isinstance(value, str)] if len(kinds) > 1 else cast("Sequence[str]", column)
    )
    return max(map(str.count, texts, repeat(" ")), default=0) >= FEWEST_WORDS - 1


def is_prose(value: Value) -> TypeGuard[str]:
    """Whether a cell holds a sentence rather than a label or a figure."""
    return isinstance(value, str) and value.count(" ") >= FEWEST_WORDS - 1


def _of_text(change: TextChange) -> Passage:
    where = Where(section=change.section or None, sheet=change.block.sheet, page=change.block.page)
    key = FactKey("text", change.index)
    return Passage(
        change.before, change.after, change.section, where, key, (key,), is_note=change.block.kind == "note"
    )


def _of_cells(pair: TablePair) -> Iterator[Passage]:
    """Sentences of cells that changed and of rows that left or came; where a row stands does not matter."""
    if pair.after.catalogue:
        return  # the texts of its entries are told with these
    left, right = _cells_before(pair), _cells_after(pair)
    if (not left and not right) or max(len(left), len(right)) > MOST_CELLS:
        return
    facts_left, facts_right = _by_text(left), _by_text(right)
    name = pair.after.name or pair.after.sheet or ""
    where = Where(sheet=pair.after.sheet, page=pair.after.page, table=pair.after.name or None)
    changes = compare_texts(_blocks(left), _blocks(right)).changes
    for change in changes:
        holders = [facts_left, facts_right] if change.after is not None else [facts_left]
        facts = {
            fact
            for text, holder in zip((change.before, change.after), holders, strict=False)
            if text
            for held, each in holder.items()
            if text in held
            for fact in each
        }
        key = FactKey("passage", pair.index, change.before or "", change.after or "")
        row = next((_label(pair, fact) for fact in sorted(facts)), None)
        place = replace(where, row=row)
        yield Passage(
            change.before, change.after, name, place, key, (key, *sorted(facts)), entry=_is_text_table(pair.after)
        )


def _is_text_table(table: Table) -> bool:
    """Whether a table is text set in rows (a glossary, footnotes): a row that leaves is text that leaves."""
    if len(table.columns) > 3 or len(table.rows) > MOST_ROWS:
        return False
    numbers = sum(isinstance(value, int | float) for row in table.rows for value in row)
    prose = sum(any(map(is_prose, row)) for row in table.rows)
    return 2 * prose >= len(table.rows) and numbers <= len(table.rows) // 10


def _cells_before(pair: TablePair) -> list[tuple[str, FactKey]]:
    cells = [(change.before, pair.cell_fact(change)) for change in pair.cells]
    for row in pair.rows_removed if _is_text_table(pair.before) else ():
        cells += [(value, FactKey("row-removed", pair.index, str(row))) for value in pair.before.rows[row]]
    return [(str(value), fact) for value, fact in cells if is_prose(value)]


def _cells_after(pair: TablePair) -> list[tuple[str, FactKey]]:
    cells = [(change.after, pair.cell_fact(change)) for change in pair.cells]
    for row in pair.rows_added if _is_text_table(pair.after) else ():
        cells += [(value, FactKey("row-added", pair.index, str(row))) for value in pair.after.rows[row]]
    return [(str(value), fact) for value, fact in cells if is_prose(value)]


def _label(pair: TablePair, fact: FactKey) -> str:
    """The row that holds a fact, as a reader finds it."""
    keys = pair.before.row_keys if fact.subject == "row-removed" else pair.after.row_keys
    return _ORDINAL.sub("", keys[int(fact.row)])


def _by_text(cells: list[tuple[str, FactKey]]) -> dict[str, set[FactKey]]:
    held: dict[str, set[FactKey]] = defaultdict(set)
    for text, fact in cells:
        held[text].add(fact)
    return held


def _blocks(cells: list[tuple[str, FactKey]]) -> list[Block]:
    return [Block(text) for text, _ in cells]
