"""``column-added``: a column that the release before did not have. News, not an alarm."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.grounds.figures import where_is
from diffing.grounds.wording import listing, place, plural
from diffing.identity import table_key
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (Kind("column-added", Severity.INFO, "a column that the release before did not have"),)
RANK = 95


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that gained columns."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        facts = {column: FactKey("column-added", pair.index, "", str(column)) for column in pair.columns_added}
        new = [column for column, fact in facts.items() if fact not in evidence.told]
        if not new:
            continue
        names = [pair.after.columns[column].name for column in new]
        yield Draft(
            kind="column-added",
            title=f"{plural(len(names), 'column')} joined {place(pair.after)}: {listing(names)}",
            reason="no column of the release before has the name or the values",
            subject=(table_key(pair.after),),
            where=where_is(pair.after, column=names[0] if len(names) == 1 else None),
            items=tuple(Item(column=name) for name in names),
            explains=tuple(facts[column] for column in new),
        )
