"""The chart of the figure that a finding is about, from what the archive knows of its releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from state.document import StatedDate
    from state.model import Finding, Release, TableFacts
    from state.reading.query_results import Figure
    from state.store import Store

FIGURE_KINDS: Final = frozenset(
    (
        "cumulative-decreased",
        "average-impossible",
        "past-value-revised",
        "implausible-jump",
        "total-mismatch",
        "values-suppressed",
        "stale-republished",
        "unit-changed",
    )
)
"""What is about figures: of the others a line over the releases says nothing."""


def charts_for(
    store: Store, release: Release | None, as_of: StatedDate | None
) -> Callable[[Finding], bytes | None]:
    """Draws, for findings of a release, the figure that each is about first; once, however many are told."""

    drawn: dict[str, bytes | None] = {}

    def chart(finding: Finding) -> bytes | None:
        if finding.id not in drawn:
            drawn[finding.id] = None if release is None else _chart(store, release, as_of, finding)
        return drawn[finding.id]

    return chart


def _chart(store: Store, release: Release, as_of: StatedDate | None, finding: Finding) -> bytes | None:
    from alerts.rendering.chart import Point, draw_chart

    place = _place_of(finding) if finding.kind in FIGURE_KINDS else None
    if place is None:
        return None
    row, column, now = place
    points = [
        Point(_day(figure), float(figure.value))
        for figure in _figures(store, release, finding, row, column)
        if isinstance(figure.value, int | float) and figure.release != release.id
    ]
    day = as_of.date if as_of is not None and as_of.date is not None else release.at.date()
    return draw_chart([*points, Point(day, now)], name=f"{row}, {column}")


def _place_of(finding: Finding) -> tuple[str, str, float] | None:
    """Row, column and new figure of the first item that has all three; without items, of the finding."""
    for item in finding.items or ():
        row, column = item.row, item.column or finding.where.column
        if row and column and isinstance(item.after, int | float):
            return row, column, float(item.after)
    where = finding.where
    if not finding.items and where.row and where.column and isinstance(finding.after, int | float):
        return where.row, where.column, float(finding.after)
    return None


def _figures(store: Store, release: Release, finding: Finding, row: str, column: str) -> tuple[Figure, ...]:
    from diffing.identity import column_key, row_key

    before = store.previous(release)
    facts = store.archive.facts(before) if before is not None else None
    tables = [] if facts is None else [each for each in facts.tables if _is_meant(each, finding)]
    rows, columns = row_key(row), column_key(column)
    found = next((each for each in tables if rows in each.rows and columns in each.columns), None)
    if found is None:
        return ()
    return store.archive.figure(
        release.source, release.series, table=found.key, row=rows, column=columns, document=release.document
    )


def _is_meant(table: TableFacts, finding: Finding) -> bool:
    """Whether a table may be the one of a finding: what this names of sheet and title is the table's."""
    first = finding.items[0] if finding.items else None
    sheet = (first.sheet if first else None) or finding.where.sheet
    name = (first.table if first else None) or finding.where.table
    return (sheet is None or sheet == table.sheet) and (name is None or name == table.name)


def _day(figure: Figure) -> dt.date:
    stated = figure.as_of
    return stated if stated is not None else figure.at.date()
