"""``column-vanished``: a column of the release before has no counterpart, by name or by content."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.facts import Draft, Evidence, FactKey, TablePair
from diffing.figures import where_is
from diffing.identity import table_key
from diffing.wording import listing, place, plural
from state.kinds import Severity
from state.model import Item

KINDS = ("column-vanished",)
RANK = 40


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that lost columns."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        facts = {column: FactKey("column-removed", pair.index, "", str(column)) for column in pair.columns_removed}
        gone = [column for column, fact in facts.items() if fact not in evidence.told]
        if gone:
            yield _draft(pair, gone, tuple(facts[column] for column in gone))


def _draft(pair: TablePair, gone: list[int], facts: tuple[FactKey, ...]) -> Draft:
    names = [pair.before.columns[column].name for column in gone]
    filled = sum(1 for row in pair.before.rows if any(row[column] is not None for column in gone))
    what = f"Column “{names[0]}”" if len(names) == 1 else f"{plural(len(names), 'column')} ({listing(names)})"
    return Draft(
        kind="column-vanished",
        title=f"{what} left {place(pair.before)}",
        reason=f"no column after has the name or the values; {plural(filled, 'row')} of "
        f"{len(pair.before.rows)} had something in it",
        subject=(table_key(pair.after),),
        where=where_is(pair.before, column=names[0] if len(names) == 1 else None),
        items=tuple(Item(column=name) for name in names),
        severity=None if any(map(str.strip, names)) else Severity.INFO,
        explains=facts,
    )
