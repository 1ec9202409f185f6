"""``table-added``: a table that the release before did not have. News, not an alarm."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence, FactKey
from diffing.grounds.figures import where_is
from diffing.grounds.wording import place, plural
from diffing.identity import table_key
from state.kinds import Kind, Severity

KINDS = (Kind("table-added", Severity.INFO, "a table that the release before did not have"),)
RANK = 94


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that is new."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for index in comparison.tables_added:
        fact = FactKey("table-added", index)
        if fact in evidence.told:
            continue
        table = comparison.after.tables[index]
        yield Draft(
            kind="table-added",
            title=f"{place(table)} is new",
            reason=f"no table of the release before resembles it; it has {plural(len(table.rows), 'row')}",
            subject=(table_key(table),),
            where=where_is(table),
            explains=(fact,),
        )
