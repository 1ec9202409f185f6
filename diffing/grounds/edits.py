"""What was edited, in words and one by one, for statements that are about the edit as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import CellChange, Comparison, TablePair
from diffing.grounds.figures import is_number, item_of, percent_of
from diffing.grounds.passages import is_prose, passages_of
from diffing.grounds.phrases import is_trivial, mask, moves, undated
from diffing.grounds.wording import listing, place, plural, row_noun, shorten, shown
from state.document import Document, Table, Value
from state.model import Item

MOST_CELLS = 20
"""Changed cells of a table above which one item tells of the table."""


class Edit(NamedTuple):
    """One difference: in a few words for a title, and as the item of a finding."""

    told: str
    item: Item


def edits_of(comparison: Comparison) -> list[Edit]:
    """Everything that a reader takes away differently: what it is called, what it says, what it counts, where
    it leads. Dates, counters and words of navigation are left out."""
    edits = list(_of_headings(comparison))
    edits += [_of_table(comparison.before.tables[index], "left") for index in comparison.tables_removed]
    edits += _of_sentences(comparison)
    edits += [_of_table(comparison.after.tables[index], "is new") for index in comparison.tables_added]
    for pair in comparison.tables:
        edits += _of_pair(pair)
    return [*edits, *_of_links(comparison)]


def _of_headings(comparison: Comparison) -> Iterator[Edit]:
    before, after = comparison.before, comparison.after
    sides = dict.fromkeys(((before.headline, after.headline), (before.title, after.title)))
    for left, right in sides:
        if _says_otherwise(left, right):
            yield Edit(_became(left, right), Item(section="Headline", before=left, after=right, valued=True))


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
        found.append((order, Edit(_became(left, right), item)))
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


def _of_table(table: Table, verb: str) -> Edit:
    return Edit(f"{place(table)} {verb}", Item(table=table.name or None, sheet=table.sheet, note=verb))


def _of_pair(pair: TablePair) -> Iterator[Edit]:
    """What left a table, what is called or counted otherwise in it, what joined; cells of prose are sentences."""
    before, after = pair.before, pair.after
    yield from _of_columns(pair, [before.columns[index].name for index in pair.columns_removed], "left")
    yield from _of_rows(pair, [before.row_keys[row] for row in pair.rows_removed], "left")
    for index_before, index_after in pair.columns_renamed:
        left, right = before.columns[index_before].name, after.columns[index_after].name
        yield Edit(_became(left, right), Item(column=right, before=left, after=right))
    for row_before, row_after in pair.rows_renamed:
        left, right = before.row_keys[row_before], after.row_keys[row_after]
        yield Edit(_became(left, right), Item(row=right, before=left, after=right))
    yield from _of_cells(pair)
    yield from _of_columns(pair, [after.columns[index].name for index in pair.columns_added], "is new")
    yield from _of_rows(pair, [after.row_keys[row] for row in pair.rows_added], "joined")


def _of_columns(pair: TablePair, names: Sequence[str], verb: str) -> Iterator[Edit]:
    for name in names:
        item = Item(column=name, table=pair.after.name or None, sheet=pair.after.sheet, note=verb)
        yield Edit(f"column “{shorten(name, limit=40)}” {verb}", item)


def _of_rows(pair: TablePair, names: Sequence[str], verb: str) -> Iterator[Edit]:
    if names:
        told = f"{names[0]} {verb}" if len(names) == 1 else f"{plural(len(names), *row_noun(pair.after))} {verb}"
        yield Edit(shorten(told, limit=76), _item(pair, note=f"{verb}: {listing(names, limit=20)}"))


def _of_cells(pair: TablePair) -> Iterator[Edit]:
    """Figures and labels, those that moved furthest first; of many, that there are many."""
    cells = [change for change in pair.cells if not (is_prose(change.before) or is_prose(change.after))]
    if len(cells) > MOST_CELLS:
        told = f"{plural(len(cells), 'value')} in {shorten(place(pair.after), limit=50)}"
        yield Edit(told, _item(pair, note=f"{plural(len(cells), 'value')} changed"))
        return
    for change in sorted(cells, key=_by_size):
        yield Edit(_cell(pair, change), item_of(pair, change))


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
        yield Edit(f"the link “{shorten(link.text or link.url, limit=40)}” {verb}", item)
