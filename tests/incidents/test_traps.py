"""What must not alert: each trap between two releases that are otherwise the same, nothing above info."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from state.model import Verdict
from tests.incidents.living import above_info, live
from tests.incidents.making import (
    FACILITIES,
    Grid,
    Round,
    csv,
    day,
    files,
    growing,
    page,
    series,
    source,
    workbook,
)

MONTHS = ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"]
HEADER = ["Facility", "City", "Total confirmed cases", "FY25 ADP"]


def _rows(number: int = 0) -> list[list[object]]:
    chance = random.Random(12)
    return [
        [name, f"City {n % 30}", 500 + 7 * n + 11 * number, round(chance.uniform(5, 800), 2)]
        for n, name in enumerate(FACILITIES[:80])
    ]


def _sheet(
    rows: list[list[object]], *, name: str = "Facilities FY25", year: str = "FY25", above: int = 0
) -> bytes:
    notes = [Grid(f"Note {n}: see the footnotes.", [], []) for n in range(above)]
    header = [str(cell).replace("FY25", year) for cell in HEADER]
    return workbook({name: [*notes, Grid(f"Facilities, {year}", header, rows)]})


def _to_date(year: int, months: int, *, seed: int) -> bytes:
    rows: list[list[object]] = []
    for agency in ("CBP", "ICE"):
        chance = random.Random(f"{seed} {agency}")
        figures = [chance.randint(4_000, 20_000) for _ in MONTHS[:months]]
        rows.append([agency, *figures, *([None] * (12 - months)), sum(figures)])
    totals = [sum(int(str(row[c])) for row in rows) if rows[0][c] is not None else None for c in range(1, 14)]
    title = f"ICE initial book-ins by arresting agency and month: FY{year} YTD"
    return workbook(
        {f"Detention FY{year % 100}": [Grid(title, ["Agency", *MONTHS, "Total"], [*rows, ["Total", *totals]])]}
    )


def _reordered() -> list[bytes]:
    rows = _rows()
    return [csv(HEADER, rows), csv(HEADER, random.Random(1).sample(rows, len(rows)))]


def _columns_reordered() -> list[bytes]:
    order = [0, 3, 2, 1]
    return [csv(HEADER, _rows()), csv([HEADER[n] for n in order], [[row[n] for n in order] for row in _rows()])]


def _formats() -> list[bytes]:
    before = [["A", "1,234", "5.0", "12%", "County “Main” Jail"], ["B", "2,468", "7.0", "50%", "City—Annex"]]
    after = [["A", "1234", "5", "0.12", 'County "Main" Jail  '], ["B", "2468", "7", "0.5", "City-Annex\u00a0"]]
    header = ["Key", "Count", "Average", "Share", "Name"]
    return [csv(header, before), csv(header, after)]


def _respelt() -> list[bytes]:
    respelt = [[str(row[0]).replace("Regional Jail", "Reg. Jail"), *row[1:]] for row in _rows()]
    return [csv(HEADER, _rows()), csv(HEADER, respelt)]


def _grown() -> list[bytes]:
    names = [*FACILITIES[:60]]
    figures = growing(names, rounds=4, seed=13)
    bodies = []
    for number, row in enumerate(figures):
        rows = [[name, figure] for name, figure in zip(names, row, strict=True)]
        rows += [[f"Additional place {n}", 10 + n] for n in range(number)]
        bodies.append(csv(["Facility", "Total removals to date"], rows))
    return bodies


TRAPS: dict[str, Callable[[], list[bytes]]] = {
    "a fiscal year begins": lambda: [_to_date(2025, 12, seed=1), _to_date(2026, 1, seed=2)],
    "a year to date goes on": lambda: [_to_date(2025, 5, seed=1), _to_date(2025, 6, seed=1)],
    "rows re-ordered": _reordered,
    "columns re-ordered": _columns_reordered,
    "a sheet renamed for the new year": lambda: [
        _sheet(_rows()), _sheet(_rows(1), name="Facilities FY26", year="FY26"),
    ],
    "number formats": _formats,
    "a facility re-spelt": _respelt,
    "a note inserted above": lambda: [_sheet(_rows()), _sheet(_rows(), above=2)],
    "saved again": lambda: [_sheet(_rows()), _sheet(_rows())],
    "a larger release": _grown,
    "last updated": lambda: [page("Statistics", "Figures are published monthly."),
                             page("Statistics", "Figures are published monthly.", updated="January 9, 2025")],
    "nonces and assets": lambda: [
        page("Statistics", "Figures.",
             chrome=f"<script nonce='{n}'>x={n}</script><link rel='stylesheet' href='/s.css?v={n}'>") for n in "ab"
    ],
    "tokens, banners, cookie bars and counters": lambda: [
        page("Statistics", "Figures.", f"<form><input type='hidden' name='csrf' value='{n}'></form>",
             f"<div class='cookie-banner'>We use cookies {n}</div>",
             f"<div class='rotating-banner'>Slide {n}</div>", f"<p class='views'>Viewed {n} times</p>")
        for n in (10_411, 10_977)
    ],
    "curly quotes, soft hyphens and dashes": lambda: [
        page("Statistics", "The program’s “figures” are pub\u00adlished – monthly."),
        page("Statistics", "The program's \"figures\" are published - monthly."),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_nothing_above_info(name: str) -> None:
    said = live(source(series()), files(*TRAPS[name](), first=20))
    assert [(finding.kind, finding.title) for each in said for finding in above_info(each)] == []


@pytest.mark.parametrize(
    "verdict",
    [Verdict.BLOCKED, Verdict.UNREACHABLE, Verdict.MAINTENANCE, Verdict.TRUNCATED, Verdict.EMPTY, Verdict.GONE],
)
def test_one_round_in_which_we_could_not_look_says_nothing_to_watchdogs(verdict: Verdict) -> None:
    body = page("Statistics", "Figures.", "<a href='https://agency.example/files/stats'>The figures</a>")
    files_body = csv(HEADER, _rows())
    good = {"page": [(source().url, body)], "files": [("https://agency.example/files/stats", files_body)]}
    rounds = [
        Round(at=day(1), brings=good),
        Round(at=day(2), brings={"page": [(source().url, verdict)]}),
        Round(at=day(3), brings=good),
    ]
    said = live(source(series("page"), series()), rounds)
    assert [(finding.kind, finding.title) for each in said for finding in above_info(each)] == []
