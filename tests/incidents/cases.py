"""Incidents 8 to 22 of the documented ones as rounds to live through; tests and benchmarks share them.

Incidents 1 to 7 are the demonstration's. Figures named in the reports are used as they are; the rest is
invented. ``CASES`` lists them all.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from tests.diffing.catalogues import datasets, dcat, reworded
from tests.incidents.making import (
    FACILITIES,
    Grid,
    Lived,
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

OFFICES = (
    "Atlanta", "Baltimore", "Boston", "Buffalo", "Chicago", "Dallas", "Denver", "Detroit", "Houston", "Miami",
    "Newark", "Seattle",
)  # fmt: skip


def transcripts_removed() -> Lived:
    """8: a listing of 210 transcripts from which 190 leave overnight."""
    names = [f"https://agency.example/files/transcript{number:03d}.html" for number in range(210)]
    bodies = {name: page(f"Transcript {number}", f"Remarks number {number}.") for number, name in enumerate(names)}

    def listing(kept: list[str], number: int) -> Round:
        links = (
            "<ul>" + "".join(f"<li><a href='{name}'>Transcript {name[-8:-5]}</a></li>" for name in kept) + "</ul>"
        )
        brings = {
            "page": [(source().url, page("Speeches and testimony", links, updated="January 2, 2017"))],
            "files": [(name, bodies[name]) for name in kept],
        }
        return Round(at=day(number, year=2017), brings=brings)

    rounds = [listing(names, 17), listing(names, 18), listing(names[190:], 19), listing(names[190:], 20)]
    return Lived(source(series("page"), series(each_file=True)), rounds, tells=2)


def _detention(atd: list[int], facilities: list[int], as_of: str) -> bytes:
    offices = [[office, figure] for office, figure in zip(OFFICES, atd, strict=True)]
    places = [[name, figure, figure * 2] for name, figure in zip(FACILITIES[:40], facilities, strict=True)]
    return workbook(
        {
            "ATD FY22 YTD": [
                Grid(
                    f"Alternatives to Detention by office, FY22 YTD, as of {as_of}",
                    ["Office", "Active participants"],
                    [*offices, ["Total", sum(atd)]],
                )
            ],
            "Facilities FY22": [
                Grid(
                    f"Facilities, FY22, as of {as_of}",
                    ["Facility", "Average daily population", "Bed days"],
                    places,
                )
            ],
        }
    )


def stale_sheets() -> Lived:
    """9: after nine releases one whose two sheets are those of the second and of the first."""
    atd = growing(OFFICES, rounds=9, seed=1)
    facilities = growing(FACILITIES[:40], rounds=9, seed=2)
    dates = [f"{4 + number // 2}/{1 + 14 * (number % 2)}/2022" for number in range(10)]
    bodies = [_detention(atd[n], facilities[n], dates[n]) for n in range(9)]
    bodies.append(_detention(atd[1], facilities[0], dates[9]))
    return Lived(source(series()), files(*bodies, first=95, year=2022), tells=9)


def _atd_year(gps: int, cost: int, open_year: int) -> bytes:
    closed = Grid(
        "Active ATD participants and daily cost by technology, end of FY2022, as of 9/30/2022",
        ["Technology", "Count", "Daily cost"],
        [["SmartLINK", 224_300, 215_000], ["GPS", gps, cost], ["VoiceID", 15_900, 2_900]],
    )
    current = Grid(
        "Active ATD participants by technology, FY2023 YTD",
        ["Technology", "Count"],
        [["SmartLINK", 230_000 + open_year], ["GPS", 40_000 + open_year], ["VoiceID", 16_000 + open_year]],
    )
    return workbook({"ATD EOFY22": [closed], "ATD FY23 YTD": [current]})


def closed_year_rewritten() -> Lived:
    """10: a workbook replaced in place, the figures of its closed year lowered."""
    bodies = [_atd_year(56_805, 361_000, 100), _atd_year(56_805, 361_000, 220), _atd_year(31_205, 276_000, 350)]
    return Lived(source(series(dated=True)), files(*bodies, first=300, one_name=True, year=2022), tells=2)


def labels_swapped() -> Lived:
    """11: GPS and SmartLINK trade places."""

    def body(smartlink: int, gps: int, number: int) -> bytes:
        rows = [
            ["SmartLINK", smartlink],
            ["GPS", gps],
            ["VoiceID", 9_900 + number],
            ["No technology", 2_300 + number],
        ]
        total = sum(int(str(row[1])) for row in rows)
        grid = Grid(
            "Active participants by technology, FY2023 YTD", ["Technology", "Count"], [*rows, ["Total", total]]
        )
        return workbook({"ATD FY23 YTD": [grid]})

    earlier = [(224_000 + 100 * n, 4_500 + 20 * n) for n in range(3)]
    bodies = [body(*figures, n) for n, figures in enumerate([*earlier, (224_300, 4_576), (34_576, 188_934)])]
    return Lived(source(series()), files(*bodies, year=2023, first=60), tells=4)


def rhythm_broken() -> Lived:
    """12: eight releases a fortnight apart, then none for 59 days."""
    figures = growing(FACILITIES[:20], rounds=8, seed=3)
    bodies = [csv(["Facility", "Book-ins"], list(zip(FACILITIES, row, strict=False))) for row in figures]
    rounds = files(*bodies, every=14, first=140, year=2023)
    last = rounds[-1].at
    quiet = [Round(at=last + dt.timedelta(days=number)) for number in range(1, 60)]
    return Lived(source(series()), [*rounds, *quiet], tells=8)


def promised_release_stops() -> Lived:
    """13: a release is promised every month and does not come."""
    figures = growing(FACILITIES[:10], rounds=2, seed=4)
    bodies = [csv(["Facility", "Count"], list(zip(FACILITIES, row, strict=False))) for row in figures]
    rounds = [*files(*bodies, every=30), Round(at=day(60)), Round(at=day(140))]
    monthly = series(cadence=dt.timedelta(days=31), grace=dt.timedelta(days=7))
    return Lived(source(monthly), rounds, tells=3)


def pages_restamped() -> Lived:
    """14: sixty press releases get the same bar and the same new date."""
    chance = random.Random(5)
    names = [f"https://agency.example/files/release{number}" for number in range(60)]
    texts = [
        f"On day {chance.randint(1, 9_999)} officers of office {number} held a meeting." for number in range(60)
    ]

    def press(number: int, *, archived: bool) -> bytes:
        bar = (
            ["Archived content: the information on this page may not reflect current policy."] if archived else []
        )
        updated = "January 24, 2025" if archived else f"March {1 + number % 28}, 2019"
        return page(f"Release {number}", *bar, texts[number], updated=updated)

    rounds = [
        Round(at=day(20), brings={"files": [(url, press(n, archived=False)) for n, url in enumerate(names)]}),
        Round(at=day(24), brings={"files": [(url, press(n, archived=True)) for n, url in enumerate(names)]}),
    ]
    return Lived(source(series(each_file=True)), rounds, tells=1)


def _population(*, transgender: bool, number: int) -> bytes:
    grids = [
        Grid(
            f"Currently detained by processing disposition, as of {1 + number}/15/2025",
            ["Disposition", "Male", "Female"],
            [["Expedited removal", 12_000 + number, 3_000 + number],
             ["Reinstatement", 4_000 + number, 900 + number], ["Other", 2_500 + number, 700 + number]],
        ),
    ]  # fmt: skip
    if transgender:
        grids.append(
            Grid(
                "Transgender detainee population, FY2025 YTD",
                ["Area of responsibility", "Count"],
                [["Phoenix", 11], ["Houston", 9], ["Seattle", 4], ["Total", 24]],
            )
        )
    return workbook({"Detention FY25": grids})


def table_left() -> Lived:
    """15: one of two tables of a sheet is no longer there."""
    bodies = [_population(transgender=True, number=0), _population(transgender=False, number=1)]
    return Lived(source(series()), files(*bodies), tells=1)


def _by_office(figures: list[int], stated: int, *, note: str) -> bytes:
    rows = [*([office, figure] for office, figure in zip(OFFICES, figures, strict=True)), ["Total", stated]]
    grid = Grid("ATD participants by office, FY25 YTD, as of 1/21/2025", ["Office", "Count"], rows, notes=[note])
    return workbook({"ATD FY25 YTD": [grid]})


def subtotals_off() -> Lived:
    """16: the offices no longer add up to the stated total, and two dates contradict each other."""
    figures = growing(OFFICES, rounds=3, seed=6, least=9_000, most=19_000)
    note = "Data from BI Inc. Participants Report, 1.21.2025"
    bodies = [
        _by_office(figures[0], sum(figures[0]), note=note),
        _by_office(figures[1], sum(figures[1]), note=note),
        _by_office(figures[2], 187_394, note="Data from BI Inc. Participants Report, 2.8.2025"),
    ]
    return Lived(source(series()), files(*bodies), tells=2)


def _facilities(averages: list[float], national: float, as_of: str) -> bytes:
    """Averages by facility, the first of them Stewart, and by arresting agency on another sheet."""
    names = ["Stewart Detention Center", *FACILITIES[: len(averages) - 1]]
    agencies = [["CBP arrests", national * 0.4], ["ICE arrests", national * 0.6], ["Total", national]]
    header = ["Name", "FY25 ADP"]
    by_agency = Grid(
        f"Average daily population by agency, FY25 YTD, as of {as_of}", ["Agency", "FY25 ADP"], agencies
    )
    rows = list(zip(names, averages, strict=True))
    by_facility = Grid(f"Facilities data, FY25, as of {as_of}", header, rows)
    return workbook({"Detention FY25": [by_agency], "Facilities FY25": [by_facility]})


def averages_fell() -> Lived:
    """17: averages to date of 96 facilities fall further than arithmetic allows; 201 facilities become 172.

    The facilities made up the national average and do so no longer: 42,221 against 56,816.
    """
    chance = random.Random(7)
    stewart = 493_962 / 266  # 1,857 x 266 days
    fallen = [chance.uniform(150, 620) for _ in range(95)]
    grown = [chance.uniform(40, 340) for _ in range(76)]
    gone = [chance.uniform(20, 140) for _ in range(29)]
    june = [stewart, *fallen, *grown, *gone]
    july = [489_440 / 280, *(average * chance.uniform(1, 1.01) for average in grown)]  # 1,748 x 280 days
    shares = [average * chance.uniform(0.9, 1.1) for average in fallen]
    july[1:1] = [share * (42_221 - sum(july)) / sum(shares) for share in shares]
    earlier = [[average * growth for average in june] for growth in (0.99, 0.995, 1)]
    dates = ("05/26/2025", "06/09/2025", "06/23/2025")
    bodies = [_facilities(averages, sum(averages), as_of) for averages, as_of in zip(earlier, dates, strict=True)]
    bodies.append(_facilities(july, 56_816, "07/07/2025"))
    return Lived(source(series()), files(*bodies, first=147), tells=3)


def averages_rounded() -> Lived:
    """18: four columns of averages rounded to whole numbers for one release."""
    chance = random.Random(8)
    values = [[chance.uniform(1, 900) for _ in range(4)] for _ in range(60)]

    def body(digits: int | None, number: int) -> bytes:
        rows = [
            [name, *(round(value + number) if digits == 0 else value + number for value in row)]
            for name, row in zip(FACILITIES, values, strict=False)
        ]
        header = ["Facility", "ADP Level A", "ADP Level B", "ADP Level C", "ADP Level D"]
        return workbook({"Facilities FY25": [Grid("Facilities, FY25", header, rows)]})

    return Lived(source(series()), files(body(None, 0), body(0, 1), body(None, 2), first=200), tells=1)


def variable_renamed() -> Lived:
    """19: "Gender" becomes "Sex"."""
    chance = random.Random(9)
    rows = [
        [f"Person {n}", chance.choice("MF"), chance.randint(18, 70), chance.randint(1, 900)] for n in range(80)
    ]
    before = csv(["Case", "Gender", "Age", "Days"], rows)
    after = csv(["Case", "Sex", "Age", "Days"], rows)
    return Lived(source(series()), files(before, after), tells=1)


def category_renamed() -> Lived:
    """19: "Criminal record" becomes "Criminal convictions"."""
    chance = random.Random(9)
    months = ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    figures = {
        label: [chance.randint(4_000, 19_000) for _ in months] for label in ("A", "Pending charges", "Other")
    }
    tables = [
        csv(
            ["Criminality", *months],
            [[name if label == "A" else label, *row] for label, row in figures.items()],
        )
        for name in ("Criminal record", "Criminal convictions")
    ]
    return Lived(source(series()), files(*tables), tells=1)


def arrests_lowered() -> Lived:
    """20: 3,700 places leave a list of arrests, three large ones are lowered."""
    chance = random.Random(10)
    places = [[f"{name} {number}", chance.randint(3, 141)] for number in range(30) for name in FACILITIES[:200]]
    before = [["Conroe, TX", 21_000], ["Dallas, TX", 30_000], ["San Diego, CA", 19_000], *places]
    lowered = {"Conroe, TX": 8_000, "Dallas, TX": 18_000, "San Diego, CA": 13_000}
    kept = [*before[:3], *places[3_700:]]
    after = [[name, lowered.get(str(name), figure)] for name, figure in kept]
    header = ["Place", "Arrests, fiscal year 2025"]
    return Lived(source(series()), files(csv(header, before), csv(header, after), first=30, year=2026), tells=1)


def column_withheld() -> Lived:
    """21: case by case, whether a detainer led to a deportation is no longer said."""
    chance = random.Random(11)
    rows = [[n, chance.choice(["TX", "CA", "AZ"]), chance.choice("YN"), chance.randint(1, 99)] for n in range(300)]
    before = csv(["Case", "State", "Detainer led to deportation", "Days"], rows)
    after = csv(["Case", "State", "Days"], [[row[0], row[1], row[3]] for row in rows])
    return Lived(source(series()), files(before, after), tells=1)


def catalogue_reworded() -> Lived:
    """22: one word for another in 106 of 232 entries of a catalogue, dates of change apart; 8 more altered."""
    before = datasets(232, of_gender=106)
    other = [replace(each, description=f"{each.description} Discontinued.") for each in before[106:114]]
    after = [*(reworded(each, "gender", "sex") for each in before[:106]), *other, *before[114:]]
    return Lived(
        source(series()), files(dcat(before), dcat(before[::-1]), dcat(after), every=60, one_name=True), tells=2
    )


CASES: Mapping[int, tuple[Callable[[], Lived], ...]] = MappingProxyType(
    {
        8: (transcripts_removed,),
        9: (stale_sheets,),
        10: (closed_year_rewritten,),
        11: (labels_swapped,),
        12: (rhythm_broken,),
        13: (promised_release_stops,),
        14: (pages_restamped,),
        15: (table_left,),
        16: (subtotals_off,),
        17: (averages_fell,),
        18: (averages_rounded,),
        19: (variable_renamed, category_renamed),
        20: (arrests_lowered,),
        21: (column_withheld,),
        22: (catalogue_reworded,),
    }
)
"""The number of an incident -> the stories that re-create it."""
