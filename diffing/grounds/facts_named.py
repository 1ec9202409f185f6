"""A fact of a comparison in words, as a person finds it in both releases."""

from __future__ import annotations

from diffing.comparing.model import Comparison, FactKey, TablePair
from diffing.grounds.wording import place, shorten, shown

_WAYS = {"removed": "left", "added": "joined", "renamed": "got another name"}


def fact_in_words(comparison: Comparison | None, fact: FactKey) -> str:
    """Where and what: "“By county”, row “Travis”, column “Beds”: 3 became 4"."""
    thing, _, way = fact.subject.partition("-")
    if comparison is None:
        return fact.subject
    if fact.subject in ("table-removed", "table-added"):
        side = comparison.before if way == "removed" else comparison.after
        return f"{place(side.tables[fact.table])} {_WAYS[way]}"
    pair = next((each for each in comparison.tables if each.index == fact.table), None)
    if pair is not None and thing in ("cell", "row", "column"):
        return f"{place(pair.after)}, {_in_table(pair, fact, thing, way)}"
    if fact.subject == "text":
        change = next(each for each in comparison.texts if each.index == fact.table)
        return f"“{shorten(change.before or '', limit=80)}” became “{shorten(change.after or '', limit=80)}”"
    return fact.subject


def _in_table(pair: TablePair, fact: FactKey, thing: str, way: str) -> str:
    table = pair.before if way == "removed" else pair.after
    if thing == "cell":
        for change in pair.cells:
            if pair.cell_fact(change) == fact:
                at = (
                    f"row “{table.row_keys[change.row_after]}”, column “{table.columns[change.column_after].name}”"
                )
                return f"{at}: {shown(change.before)} became {shown(change.after)}"
    if thing == "row":
        return f"row “{table.row_keys[int(fact.row)]}” {_WAYS.get(way, way)}"
    if thing == "column":
        return f"column “{table.columns[int(fact.column)].name}” {_WAYS.get(way, way)}"
    return fact.subject
