"""A sample finding, as large and as odd as real ones, to try a destination with."""

from __future__ import annotations

import datetime as dt
from typing import Final

from msgspec.structs import replace

from alerts.compose import Notice, compose
from alerts.context import Context, DatedRelease
from state.document import DateRole, StatedDate, Where
from state.kinds import Severity
from state.model import Alert, Finding, Item, Release, Series, Source

_ROWS: Final = 20
_LONG_WORD: Final = "Donaudampfschifffahrtsgesellschaftskapitänsverordnung"
_AFTER: Final = Release(
    id="sample-after",
    source="sample/counties",
    series="statistics",
    url="https://www.example.org/statistics-2.xlsx",
    at=dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC),
    sha256="b" * 64,
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    size=1,
    file_name="statistics-2.xlsx",
)
_BEFORE: Final = replace(
    _AFTER,
    id="sample-before",
    url="https://www.example.org/statistics-1.xlsx",
    at=dt.datetime(2026, 1, 3, 12, 30, tzinfo=dt.UTC),
    sha256="a" * 64,
    file_name="statistics-1.xlsx",
)


def sample(destination: str, *, archive: str, at: dt.datetime) -> Alert:
    """An alert that says that it is a test: twenty items, a CSV, long words, letters of several scripts."""
    source = Source(
        id="sample/counties",
        title="A sample, not a source",
        publisher="Nobody",
        url="https://www.example.org/",
        series=(Series(name="statistics", title="Statistics"),),
        why="It shows that messages arrive and how they look. Nothing has happened.",
    )
    alert = compose(
        Notice(
            finding=_finding(),
            event=f"test-{at:%Y%m%d%H%M%S}",
            destination=destination,
            archive=archive,
            at=at,
            not_before=at,
            context=Context(
                source=source,
                after=DatedRelease(
                    _AFTER, StatedDate("as of 31 January 2026", dt.date(2026, 1, 31), DateRole.AS_OF)
                ),
                before=DatedRelease(
                    _BEFORE, StatedDate("as of 31 December 2025", dt.date(2025, 12, 31), DateRole.AS_OF)
                ),
                chart=_chart,
            ),
        )
    )
    return replace(alert, payload={**alert.payload, "test": True})


def _chart(finding: Finding) -> bytes | None:
    """The first county over eight months."""
    from alerts.rendering.chart import Point, draw_chart

    figures = (2_310, 2_590, 2_874, 3_160, 3_402, 3_733, 4_000, 2_500)
    days = [dt.date(2025, 6, 30) + dt.timedelta(days=31 * number) for number in range(len(figures))]
    points = [Point(day, figure) for day, figure in zip(days, figures, strict=True)]
    return draw_chart(points, name=f"{finding.items[0].row}, {finding.items[0].column}")


def _dated(release: Release, day: dt.date) -> DatedRelease:
    return DatedRelease(release, StatedDate(f"as of {day:%-d %B %Y}", day, DateRole.AS_OF))


def _finding() -> Finding:
    names = ["Harris & Sons, TX", f"{_LONG_WORD} <Bezirk>", "Río Grande, “Norte”", "東京, 成田"]
    items = tuple(
        Item(
            row=names[number] if number < len(names) else f"County {number + 1}",
            column="Removals to date",
            before=4_000 + 37 * number,
            after=2_500 + 41 * number,
            difference=-1_500 + 4 * number,
            percent=round(100 * (-1_500 + 4 * number) / (4_000 + 37 * number), 1),
            valued=True,
        )
        for number in range(_ROWS)
    )
    return Finding(
        id="sample",
        kind="cumulative-decreased",
        severity=Severity.HIGH,
        title=f"TEST: removals to date fell in {_ROWS} of 1,049 counties; nothing has happened",
        where=Where(sheet="Counties", table="Removals by county", column="Removals to date"),
        items=items,
        count=_ROWS,
        reason="this is a test of the release monitor: a count to date cannot fall",
        source="sample/counties",
        series="statistics",
        url=_AFTER.url,
    )
