"""The accountant: whatever was before and is not after, counted, whether a rule has an opinion on it or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import item_of
from diffing.grounds.phrases import undated
from diffing.grounds.wording import listing, number, place, plural, squeeze
from state.model import Item

MOST: Final = 200
"""Losses that are listed one by one; the count holds for all."""


class Loss(NamedTuple):
    """Something that was before and is not after: in few words, as an item, and the fact that it is."""

    told: str
    item: Item
    fact: FactKey
    in_table: bool = False


def losses_of(comparison: Comparison) -> Iterator[Loss]:
    """All sentences, definitions, links, tables, rows, columns and cells of before that are not so after.

    A sentence in which nothing but a date moved is the same sentence.
    """
    for text in comparison.texts:
        if text.before and undated(text.before) != undated(text.after or ""):
            item = Item(section=text.section or None, before=text.before, after=text.after, valued=True)
            yield Loss(f"“{squeeze(text.before, limit=60)}”", item, FactKey("text", text.index))
    yield from _of_words(comparison)
    for index in comparison.tables_removed:
        table = comparison.before.tables[index]
        item = Item(table=table.name or None, sheet=table.sheet)
        yield Loss(place(table), item, FactKey("table-removed", index), in_table=True)
    for pair in comparison.tables:
        yield from _of_pair(pair)


def _of_words(comparison: Comparison) -> Iterator[Loss]:
    for change in comparison.definitions:
        before, after = change.before, change.after
        if before and undated(before.wording) != undated(after.wording if after else ""):
            item = Item(
                term=before.term, before=before.wording, after=after.wording if after else None, valued=True
            )
            yield Loss(f"the meaning of “{before.term}”", item, FactKey("definition", change.index))
    for link in comparison.links:
        if link.before:
            item = Item(text=link.before.text, url=link.before.url, after=link.after.url if link.after else None)
            yield Loss(f"the link “{link.before.text or link.before.url}”", item, FactKey("link", link.index))


def _of_pair(pair: TablePair) -> Iterator[Loss]:
    for row in pair.rows_removed:
        name = pair.before.row_keys[row]
        yield Loss(name, Item(row=name), FactKey("row-removed", pair.index, str(row)), in_table=True)
    for column in pair.columns_removed:
        name = pair.before.columns[column].name
        fact = FactKey("column-removed", pair.index, "", str(column))
        yield Loss(f"column “{name}”", Item(column=name), fact, in_table=True)
    for change in pair.cells:
        name = pair.after.row_keys[change.row_after]
        yield Loss(name, item_of(pair, change), pair.cell_fact(change), in_table=True)


def unexplained(evidence: Evidence) -> Iterator[Draft]:
    """What no statement tells, as at most two: of what tables held, and of what was said and linked."""
    if evidence.comparison is None:
        return
    left = [loss for loss in losses_of(evidence.comparison) if loss.fact not in evidence.told]
    for kind, in_table in (("values-changed", True), ("text-changed", False)):
        group = [loss for loss in left if loss.in_table is in_table]
        if group:
            yield _draft(kind, group)


def _draft(kind: str, losses: list[Loss]) -> Draft:
    verb = "is" if len(losses) == 1 else "are"
    return Draft(
        kind=kind,
        title=f"{plural(len(losses), 'difference')} {verb} explained by nothing else: "
        f"{listing([loss.told for loss in losses], limit=2)}",
        reason=f"{number(len(losses))} of all that was before is not so after, and no rule has more to say of it",
        subject=("unexplained",),
        items=tuple(loss.item for loss in losses[:MOST]),
        count=len(losses),
        explains=tuple(loss.fact for loss in losses),
    )
