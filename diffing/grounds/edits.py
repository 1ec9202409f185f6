"""What was edited, in words and one by one, for statements that are about the edit as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import CellChange, Comparison, FactKey, TablePair
from diffing.grounds.figures import is_number, item_of, percent_of
from diffing.grounds.passages import is_prose, passages_of
from diffing.grounds.phrases import is_trivial, mask, moves, undated
from diffing.grounds.wording import listing, place, plural, row_noun, shorten, shown
from state.document import Document, Table, Value
from state.model import Item

MOST_CELLS = 20
"""Changed cells of a table above which one item tells of the table."""

_HEADLINE = (FactKey("headline"),)


class Edit(NamedTuple):
    """One difference: in a few words for a title, as the item of a finding, and the facts that it is."""

    told: str
    item: Item
    facts: tuple[FactKey, ...] = ()


def edits_of(comparison: Comparison) -> list[Edit]:
    """Everything that a reader takes away differently: what it is called, what it says, what it counts, where
    it leads. Dates, counters and words of navigation are left out."""
    edits = list(_of_headings(comparison))
    edits += [
        _of_table(comparison.before.tables[index], "left", FactKey("table-removed", index))
        for index in comparison.tables_removed
    ]
    edits += _of_sentences(comparison)
    edits += [
        _of_table(comparison.after.tables[index], "is new", FactKey("table-added", index))
        for index in comparison.tables_added
    ]
    for pair in comparison.tables:
        edits += _of_pair(pair)
    return [*edits, *_of_links(comparison)]


def _of_headings(comparison: Comparison) -> Iterator[Edit]:
    before, after = comparison.before, comparison.after
    sides = dict.fromkeys(((before.headline, after.headline), (before.title, after.title)))
    for left, right in sides:
        if _says_otherwise(left, right):
            yield Edit(
                _became(left, right), Item(section="Headline", before=left, after=right, valued=True), _HEADLINE
            )


def _of_sentences(comparison: Comparison) -> list[Edit]:
    """Rewordings, then sentences that went or came, then those in which only figures moved."""
    headings = _headings(comparison.before) | _headings(comparison.after)
    found = []
    for passage in passages_of(comparison):
        left, right = passage.before or "", passage.after or ""
        if {undated(left), undated(right)} & headings or not _says_otherwise(left, right):
            continue
        item = Item(section=passage.section or None, before=passage.before, after=passage.after, valued=True)
        order = 1 if not left or not right else 2 * (mask(left) == mask(right))
        found.append((order, Edit(_became(left, right), item, passage.facts)))
    return [edit for _, edit in sorted(found, key=lambda each: each[0])]


def _headings(document: Document) -> set[str]:
    """What a document is called, in comparison form."""
    return {undated(text) for text in (document.headline, document.title)} - {""}


def _says_otherwise(left: str, right: str) -> bool:
    return undated(left) != undated(right) and not (is_trivial(left or right) and is_trivial(right or left))


def _became(left: str, right: str) -> str:
    if not left or not right:
        return f"{'without' if left else 'now with'} “{shorten(left or right, limit=50)}”"
    words = moves(left, right)
    if len(words.left) == len(words.came) == 1:
        gone, come = (shorten(side[0].strip(".,;:"), limit=34) for side in words)
        return f"“{gone}” became “{come}”"
    return shorten(words.told, limit=76)


def _of_table(table: Table, verb: str, fact: FactKey) -> Edit:
    item = Item(table=table.name or None, sheet=table.sheet, note=verb)
    return Edit(f"{place(table)} {verb}", item, (fact,))


def _of_pair(pair: TablePair) -> Iterator[Edit]:
    """What left a table, what is called or counted otherwise in it, what joined; cells of prose are sentences."""
    before, after = pair.before, pair.after
    yield from _of_columns(pair, before, pair.columns_removed, "left")
    yield from _of_rows(pair, before, pair.rows_removed, "left")
    for index_before, index_after in pair.columns_renamed:
        left, right = before.columns[index_before].name, after.columns[index_after].name
        fact = FactKey("column-renamed", pair.index, "", str(index_after))
        yield Edit(_became(left, right), Item(column=right, before=left, after=right), (fact,))
    for row_before, row_after in pair.rows_renamed:
        left, right = before.row_keys[row_before], after.row_keys[row_after]
        fact = FactKey("row-renamed", pair.index, str(row_after))
        yield Edit(_became(left, right), Item(row=right, before=left, after=right), (fact,))
    yield from _of_cells(pair)
    yield from _of_columns(pair, after, pair.columns_added, "is new")
    yield from _of_rows(pair, after, pair.rows_added, "joined")


def _of_columns(pair: TablePair, table: Table, columns: Sequence[int], verb: str) -> Iterator[Edit]:
    subject = "column-removed" if table is pair.before else "column-added"
    for column in columns:
        name = table.columns[column].name
        item = Item(column=name, table=pair.after.name or None, sheet=pair.after.sheet, note=verb)
        fact = FactKey(subject, pair.index, "", str(column))
        yield Edit(f"column “{shorten(name, limit=40)}” {verb}", item, (fact,))


def _of_rows(pair: TablePair, table: Table, rows: Sequence[int], verb: str) -> Iterator[Edit]:
    if not rows:
        return
    names = [table.row_keys[row] for row in rows]
    subject = "row-removed" if table is pair.before else "row-added"
    told = f"{names[0]} {verb}" if len(names) == 1 else f"{plural(len(names), *row_noun(pair.after))} {verb}"
    facts = tuple(FactKey(subject, pair.index, str(row)) for row in rows)
    yield Edit(shorten(told, limit=76), _item(pair, note=f"{verb}: {listing(names, limit=20)}"), facts)


def _of_cells(pair: TablePair) -> Iterator[Edit]:
    """Figures and labels, those that moved furthest first; of many, that there are many."""
    cells = [change for change in pair.cells if not (is_prose(change.before) or is_prose(change.after))]
    if len(cells) > MOST_CELLS:
        told = f"{plural(len(cells), 'value')} in {shorten(place(pair.after), limit=50)}"
        facts = tuple(pair.cell_fact(change) for change in cells)
        yield Edit(told, _item(pair, note=f"{plural(len(cells), 'value')} changed"), facts)
        return
    for change in sorted(cells, key=_by_size):
        yield Edit(_cell(pair, change), item_of(pair, change), (pair.cell_fact(change),))


def _by_size(change: CellChange) -> float:
    """Text before figures, then the largest relative move first."""
    if is_number(change.before) and is_number(change.after):
        return -abs(percent_of(change.before, change.after) or 0.0)
    return float("-inf")


def _item(pair: TablePair, *, note: str) -> Item:
    return Item(table=pair.after.name or None, sheet=pair.after.sheet, note=note)


def _cell(pair: TablePair, change: CellChange) -> str:
    row, column = pair.after.row_keys[change.row_after], pair.after.columns[change.column_after].name
    label = ", ".join(shorten(part, limit=25) for part in (row, column) if part)
    return f"{label} from {_value(change.before)} to {_value(change.after)}"


def _value(value: Value) -> str:
    return shorten(shown(value), limit=25)


def _of_links(comparison: Comparison) -> Iterator[Edit]:
    for change in comparison.links:
        link = change.after or change.before
        assert link is not None
        verb = "leads elsewhere" if change.before and change.after else "is new" if change.after else "is gone"
        item = Item(
            text=link.text,
            url=link.url,
            before=change.before.url if change.before else None,
            after=change.after.url if change.after else None,
            valued=True,
        )
        told = f"the link “{shorten(link.text or link.url, limit=40)}” {verb}"
        yield Edit(told, item, (FactKey("link", change.index),))
