"""``rows-added``: rows that the release before did not have. News, not an alarm."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.grounds.figures import where_is
from diffing.grounds.row_names import called, items_of_rows
from diffing.grounds.wording import listing, place, plural
from diffing.identity import table_key
from state.kinds import Kind, Severity

KINDS = (Kind("rows-added", Severity.INFO, "rows that the release before did not have"),)
RANK = 96


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that gained rows."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        facts = {row: FactKey("row-added", pair.index, str(row)) for row in pair.rows_added}
        new = [row for row, fact in facts.items() if fact not in evidence.told]
        if not new:
            continue
        names = [called(pair.after, row) for row in new]
        yield Draft(
            kind="rows-added",
            title=f"{plural(len(names), 'row')} joined {place(pair.after)}: {listing(names)}",
            reason=f"{plural(len(pair.before.rows), 'row')} before, {len(pair.after.rows)} after",
            subject=(table_key(pair.after),),
            where=where_is(pair.after),
            items=items_of_rows(pair.after, new),
            explains=tuple(facts[row] for row in new),
        )
