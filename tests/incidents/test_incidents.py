"""Incidents 8 to 21 of the documented ones, each raised on the day with the right kind and figures.

Incidents 1 to 7 are the demonstration's (tests/demo). Figures named in the reports are used as they are;
the rest is invented.
"""

from __future__ import annotations

import datetime as dt
import random

from state.kinds import Severity
from state.model import Verdict
from tests.incidents.living import above_info, live, only
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

OFFICES = (
    "Atlanta", "Baltimore", "Boston", "Buffalo", "Chicago", "Dallas", "Denver", "Detroit", "Houston", "Miami",
    "Newark", "Seattle",
)  # fmt: skip


def test_8_transcripts_removed_overnight_are_one_finding() -> None:
    names = [f"https://agency.example/files/transcript{number:03d}.html" for number in range(210)]
    bodies = {name: page(f"Transcript {number}", f"Remarks number {number}.") for number, name in enumerate(names)}

    def listing(kept: list[str], number: int) -> Round:
        links = (
            "<ul>" + "".join(f"<li><a href='{name}'>Transcript {name[-8:-5]}</a></li>" for name in kept) + "</ul>"
        )
        brings = {
            "page": [(source().url, page("Speeches and testimony", links))],
            "files": [(name, bodies[name]) for name in kept],
        }
        return Round(at=day(number), brings=brings)

    rounds = [listing(names, 17), listing(names, 18), listing(names[190:], 19), listing(names[190:], 20)]
    said = live(source(series("page"), series(each_file=True)), rounds)
    assert [above_info(each) for each in said[:2]] == [[], []]
    withdrawn = only(above_info([*said[2], *said[3]]), "file-withdrawn")
    assert withdrawn.count == 190
    assert withdrawn.severity is Severity.CRITICAL


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


def test_9_stale_sheets_in_a_new_release_name_the_older_one() -> None:
    atd = growing(OFFICES, rounds=9, seed=1)
    facilities = growing(FACILITIES[:40], rounds=9, seed=2)
    dates = [f"{4 + number // 2}/{1 + 14 * (number % 2)}/2022" for number in range(10)]
    bodies = [_detention(atd[n], facilities[n], dates[n]) for n in range(9)]
    bodies.append(_detention(atd[1], facilities[0], dates[9]))
    said = live(source(series()), files(*bodies, first=95, year=2022))
    assert not [
        finding for each in said[:9] for finding in above_info(each) if finding.kind == "stale-republished"
    ]
    stale = [finding for finding in said[9] if finding.kind == "stale-republished"]
    items = [item for finding in stale for item in (finding.items or (finding,))]
    assert stale
    assert all(finding.severity is Severity.CRITICAL for finding in stale)
    assert len(items) == 2
    told = " ".join(f"{finding.title} {finding.reason} {finding.items}" for finding in stale)
    assert "2022-04-19" in told or "19 April 2022" in told
    assert "2022-04-05" in told or "5 April 2022" in told


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


def test_10_a_closed_year_rewritten_in_place() -> None:
    bodies = [_atd_year(56_805, 361_000, 100), _atd_year(56_805, 361_000, 220), _atd_year(31_205, 276_000, 350)]
    said = live(source(series(dated=True)), files(*bodies, first=300, one_name=True, year=2022))
    revised = only(above_info(said[2]), "past-value-revised")
    assert {(item.row, item.before, item.after) for item in revised.items} == {
        ("GPS", 56_805, 31_205),
        ("GPS", 361_000, 276_000),
    }
    assert only(above_info(said[2]), "file-replaced-in-place").severity is Severity.HIGH


def test_11_swapped_labels_are_named() -> None:
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

    bodies = [body(224_000 + 100 * n, 4_500 + 20 * n, n) for n in range(4)] + [body(34_576, 188_934, 5)]
    said = live(source(series()), files(*bodies, year=2023, first=60))
    assert not [finding for each in said[:4] for finding in above_info(each)]
    jump = only(above_info(said[4]), "implausible-jump")
    assert "swapped" in jump.title + jump.reason
    assert {item.row for item in jump.items} >= {"GPS", "SmartLINK"}


def test_12_a_learnt_rhythm_that_breaks_is_told_once_and_then_graver() -> None:
    figures = growing(FACILITIES[:20], rounds=8, seed=3)
    bodies = [csv(["Facility", "Book-ins"], list(zip(FACILITIES, row, strict=False))) for row in figures]
    rounds = files(*bodies, every=14, first=140, year=2023)
    last = rounds[-1].at
    quiet = [Round(at=last + dt.timedelta(days=number)) for number in range(1, 60)]
    said = live(source(series()), [*rounds, *quiet])
    overdue = [(number, finding) for number, each in enumerate(said[8:], start=1) for finding in above_info(each)]
    assert {finding.kind for _, finding in overdue} == {"release-overdue"}
    assert 14 < overdue[0][0] <= 38
    severities = [finding.severity.rank for _, finding in overdue]
    assert severities == sorted(set(severities))
    assert len(overdue) <= 3


def test_13_a_promised_release_that_stops() -> None:
    figures = growing(FACILITIES[:10], rounds=2, seed=4)
    bodies = [csv(["Facility", "Count"], list(zip(FACILITIES, row, strict=False))) for row in figures]
    rounds = [*files(*bodies, every=30), Round(at=day(60)), Round(at=day(140))]
    monthly = series(cadence=dt.timedelta(days=31), grace=dt.timedelta(days=7))
    said = live(source(monthly), rounds)
    assert not above_info(said[2])
    assert only(above_info(said[3]), "release-overdue").severity.rank >= Severity.HIGH.rank


def test_14_the_same_edit_on_many_pages_is_one_finding() -> None:
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
    said = live(source(series(each_file=True)), rounds)
    edits = [
        finding for finding in said[1] if finding.kind in ("date-restamped", "text-added") and finding.count > 1
    ]
    assert len(edits) == 1
    assert edits[0].count == 60
    assert len({item.url for item in edits[0].items}) == 60
    assert not [finding for finding in above_info(said[1]) if finding is not edits[0]]


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


def test_15_a_table_leaves_a_sheet_that_goes_on() -> None:
    bodies = [_population(transgender=True, number=0), _population(transgender=False, number=1)]
    said = live(source(series()), files(*bodies))
    gone = only(above_info(said[1]), "table-vanished")
    assert gone.severity is Severity.CRITICAL
    assert "Transgender detainee population" in gone.title


def _by_office(figures: list[int], stated: int, *, note: str) -> bytes:
    rows = [*([office, figure] for office, figure in zip(OFFICES, figures, strict=True)), ["Total", stated]]
    grid = Grid("ATD participants by office, FY25 YTD, as of 1/21/2025", ["Office", "Count"], rows, notes=[note])
    return workbook({"ATD FY25 YTD": [grid]})


def test_16_subtotals_that_stop_adding_up_and_dates_that_contradict() -> None:
    figures = growing(OFFICES, rounds=3, seed=6, least=9_000, most=19_000)
    note = "Data from BI Inc. Participants Report, 1.21.2025"
    bodies = [
        _by_office(figures[0], sum(figures[0]), note=note),
        _by_office(figures[1], sum(figures[1]), note=note),
        _by_office(figures[2], 187_394, note="Data from BI Inc. Participants Report, 2.8.2025"),
    ]
    said = live(source(series()), files(*bodies))
    kinds = {finding.kind for finding in above_info(said[2])}
    assert "total-mismatch" in kinds
    assert "as-of-date-inconsistent" in kinds


def test_17_averages_that_fall_further_than_arithmetic_allows() -> None:
    chance = random.Random(7)
    averages = [chance.uniform(40, 1_400) for _ in FACILITIES[:201]]
    averages[0] = 493_962 / 266  # Stewart: 1,857 x 266 days
    later = []
    for number, average in enumerate(averages):
        if number == 0:
            later.append(489_440 / 280)  # 1,748 x 280 days
        elif number < 96:
            later.append(average * 266 / 280 * chance.uniform(0.7, 0.95))
        else:
            later.append((average * 266 + 14 * average * chance.uniform(0.9, 1.4)) / 280)

    def body(values: list[float], names: tuple[str, ...], as_of: str) -> bytes:
        rows = [[name, value * 0.4, value * 0.6] for name, value in zip(names, values, strict=True)]
        header = ["Name", "FY25 ADP: Male", "FY25 ADP: Female"]
        return workbook({"Facilities FY25": [Grid(f"Facilities data, FY25, as of {as_of}", header, rows)]})

    names = FACILITIES[:201]
    bodies = [body(averages, names, "06/23/2025"), body(later[:172], names[:172], "07/07/2025")]
    said = live(source(series()), files(*bodies, first=175))
    impossible = only(above_info(said[1]), "average-impossible")
    assert impossible.count == 96
    assert impossible.severity is Severity.CRITICAL
    vanished = only(above_info(said[1]), "rows-vanished")
    assert vanished.count == 29


def test_18_rounded_averages_are_told_once_and_not_cell_by_cell() -> None:
    chance = random.Random(8)
    values = [[chance.uniform(1, 900) for _ in range(4)] for _ in range(60)]

    def body(digits: int | None, number: int) -> bytes:
        rows = [
            [name, *(round(value + number) if digits == 0 else value + number for value in row)]
            for name, row in zip(FACILITIES, values, strict=False)
        ]
        header = ["Facility", "ADP Level A", "ADP Level B", "ADP Level C", "ADP Level D"]
        return workbook({"Facilities FY25": [Grid("Facilities, FY25", header, rows)]})

    said = live(source(series()), files(body(None, 0), body(0, 1), body(None, 2), first=200))
    told = above_info(said[1])
    assert [finding.kind for finding in told] == ["precision-reduced"]
    assert not above_info(said[2])


def test_19_a_variable_and_a_category_get_another_name() -> None:
    chance = random.Random(9)
    rows = [
        [f"Person {n}", chance.choice("MF"), chance.randint(18, 70), chance.randint(1, 900)] for n in range(80)
    ]
    before = csv(["Case", "Gender", "Age", "Days"], rows)
    after = csv(["Case", "Sex", "Age", "Days"], rows)
    renamed = only(above_info(live(source(series()), files(before, after))[1]), "column-renamed")
    assert "Gender" in renamed.title
    assert "Sex" in renamed.title
    months = ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    figures = {
        label: [chance.randint(4_000, 19_000) for _ in months] for label in ("A", "Pending charges", "Other")
    }
    tables = [
        csv(["Criminality", *months], [[label.replace("A", name, 1) if label == "A" else label, *row]
                                       for label, row in figures.items()])
        for name in ("Criminal record", "Criminal convictions")
    ]  # fmt: skip
    relabelled = only(above_info(live(source(series()), files(*tables))[1]), "category-relabelled")
    assert "Criminal record" in relabelled.title
    assert "Criminal convictions" in relabelled.title


def test_20_arrests_by_place_lowered_and_places_removed() -> None:
    chance = random.Random(10)
    places = [[f"{name} {number}", chance.randint(3, 900)] for number in range(30) for name in FACILITIES[:200]]
    before = [["Conroe, TX", 21_000], ["Dallas, TX", 30_000], ["San Diego, CA", 19_000], *places]
    lowered = {"Conroe, TX": 8_000, "Dallas, TX": 18_000, "San Diego, CA": 13_000}
    kept = [*before[:3], *places[3_700:]]
    after = [[name, lowered.get(str(name), figure)] for name, figure in kept]
    header = ["Place", "Arrests, fiscal year 2025"]
    said = live(source(series()), files(csv(header, before), csv(header, after), first=30, year=2026))
    vanished = only(above_info(said[1]), "rows-vanished")
    assert vanished.count == 3_700
    revised = only(above_info(said[1]), "past-value-revised")
    assert {(item.row, item.difference) for item in revised.items} == {
        ("Conroe, TX", -13_000), ("Dallas, TX", -12_000), ("San Diego, CA", -6_000),
    }  # fmt: skip


def test_21_a_column_always_handed_out_is_withheld() -> None:
    chance = random.Random(11)
    rows = [[n, chance.choice(["TX", "CA", "AZ"]), chance.choice("YN"), chance.randint(1, 99)] for n in range(300)]
    before = csv(["Case", "State", "Detainer led to deportation", "Days"], rows)
    after = csv(["Case", "State", "Days"], [[row[0], row[1], row[3]] for row in rows])
    gone = only(above_info(live(source(series()), files(before, after))[1]), "column-vanished")
    assert gone.severity is Severity.CRITICAL
    assert "Detainer led to deportation" in gone.title


def test_a_page_that_is_gone_needs_a_second_look() -> None:
    body = page("Secure Communities", "The program is voluntary.")
    rounds = [
        Round(at=day(1), brings={"page": [(source().url, body)]}),
        Round(at=day(2), brings={"page": [(source().url, Verdict.GONE)]}),
        Round(at=day(3), brings={"page": [(source().url, Verdict.GONE)]}),
        Round(at=day(4), brings={"page": [(source().url, Verdict.GONE)]}),
    ]
    said = live(source(series("page")), rounds)
    assert [[finding.kind for finding in above_info(each)] for each in said] == [[], [], ["page-gone"], []]
