"""What each figure of a column means: by its column, its table, its language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.comparing.compare import compare
from diffing.extract import extract
from diffing.workers.codec import decode, encode
from state.document import ReadingHints, Role


def read(text, *, name="figures.csv"):
    return extract(text.encode(), media_type="", hints=ReadingHints(file_name=name))


def page(rows, *, lang="en", words=""):
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><title>Counts</title></head><body><main>"
        f"<h1>Counts</h1><p>{words}</p><table><tr><th>Place</th><th>Held</th><th>Rate</th></tr>{cells}</table></main></body></html>"
    )


def column(document, index):
    return [row[index] for row in document.tables[0].rows]


@pytest.mark.parametrize("mark", ["'", "’", " ", "\u00a0", "\u202f", "\u2009"])
def test_blanks_and_apostrophes_part_thousands(mark):
    document = read(page([["Norden", f"21{mark}340", "1.5"], ["Westen", f"8{mark}120", "2.5"]]), name="p.html")
    assert column(document, 1) == [21340, 8120]


def test_points_part_thousands_where_commas_stand_before_decimals():
    document = read("Ort;Insgesamt;Quote\nNorden;2.340;81,5\nWesten;810;7,2\nSüden;12.000;66,1\n")
    assert column(document, 1) == [2340, 810, 12000]
    assert column(document, 2) == [81.5, 7.2, 66.1]
    held, rate = (document.tables[0].columns[index].notation for index in (1, 2))
    assert (held.thousands, rate.decimal) == (".", ",")
    assert document.tables[0].text_at(0, 1) == "2.340"


def test_points_part_thousands_in_a_language_that_writes_them():
    words = "Die Zahlen der Behörde sind nicht endgültig und werden bei der nächsten Meldung für das Land ergänzt."
    document = read(page([["Norden", "2.340", "x"], ["Westen", "8.125", "y"]], words=words), name="p.html")
    assert document.language == "de"
    assert column(document, 1) == [2340, 8125]


def test_points_part_thousands_where_small_figures_are_whole_and_large_ones_round():
    document = read("place,held\nA,512\nB,1.340\nC,77\nD,12.905\nE,3.118\n")
    assert column(document, 1) == [512, 1340, 77, 12905, 3118]


def test_decimals_stay_decimals():
    document = read("place,share,grams\nA,0.512,1.125\nB,12.5,2.875\nC,1.125,3.5\n")
    assert column(document, 1) == [0.512, 12.5, 1.125]
    assert column(document, 2) == [1.125, 2.875, 3.5]


def test_what_can_be_read_in_two_ways_is_said_to_be_so():
    document = read("place,held\nA,1.341\nB,2.377\nC,8.905\n")
    assert column(document, 1) == [1.341, 2.377, 8.905]
    assert "1.341" in document.tables[0].columns[1].notation.ambiguous


def test_a_comma_before_three_decimals_is_told_by_the_others_of_its_column():
    document = read("Ort;Wert\nA;0,512\nB;1,125\nC;12,5\n")
    assert column(document, 1) == [0.512, 1.125, 12.5]


def test_numbers_of_nines_below_zero_stand_for_missing_figures():
    document = read("station,level\nA,412.10\nB,-99.99\nC,398.02\nD,-99.99\n")
    assert column(document, 1) == [412.1, None, 398.02, None]
    assert document.tables[0].columns[1].notation.sentinels == ("-99.99",)
    assert document.tables[0].text_at(1, 1) == "-99.99"


def test_a_change_that_happens_to_be_of_nines_is_a_figure():
    document = read("place,change\nA,-99\nB,-45\nC,80\nD,-61\n")
    assert column(document, 1) == [-99, -45, 80, -61]


@pytest.mark.parametrize(
    ("figures", "missing"),
    [
        ((412, 9999, 398, 455), 9999),
        ((41.2, 999.9, 39.8, 45.5), 999.9),
        ((1300, 99999, 8210, 4400), 99999),
        ((55, -1, 61, 12), -1),
    ],
)
def test_numbers_far_from_all_others_of_a_count_stand_for_missing_figures(figures, missing):
    rows = "".join(f"{place},{figure}\n" for place, figure in zip("ABCD", figures, strict=True))
    document = read(f"place,held\n{rows}")
    assert column(document, 1) == [None if figure == missing else figure for figure in figures]
    assert document.tables[0].columns[1].notation.sentinels == (str(missing),)


@pytest.mark.parametrize("figures", [(412, 999, 398, 455), (9999, 7210, 6180, 9020), (3, -1, 5, 4)])
def test_numbers_that_may_well_be_counted_are_figures(figures):
    rows = "".join(f"{place},{figure}\n" for place, figure in zip("ABCD", figures, strict=True))
    assert column(read(f"place,held\n{rows}"), 1) == list(figures)


def test_minus_one_is_a_figure_where_differences_are_told():
    assert column(read("place,Net change\nA,55\nB,-1\nC,61\nD,12\n"), 1) == [55, -1, 61, 12]


@pytest.mark.parametrize(
    "header", ["fipscode", "area_code", "GSS code", "Code INSEE", "Gemeindeschlüssel", "zipcode"]
)
def test_codes_have_many_names(header):
    document = read(f"place,{header},held\nA,12013,40\nB,12015,51\nC,12017,9\n")
    assert column(document, 1) == ["12013", "12015", "12017"]


@pytest.mark.parametrize("header", ["Code violations", "episodes", "zip ties"])
def test_what_only_sounds_like_a_code_is_counted(header):
    document = read(f"place,{header},held\nA,12013,40\nB,12015,51\nC,12017,9\n")
    assert column(document, 1) == [12013, 12015, 12017]


def test_codes_are_no_figures():
    document = read("county,fips,phone,held\nA,12013,2025550101,40\nB,12015,2025550102,51\n")
    assert column(document, 1) == ["12013", "12015"]
    assert [each.notation and each.notation.role for each in document.tables[0].columns[1:]] == [
        Role.CODE,
        Role.CODE,
        Role.FIGURE,
    ]


def test_one_number_that_comes_again_and_again_marks_rows():
    document = read(
        "day,held,code_\n" + "".join(f"2026-01-{d:02},{300 + d},{770 if d > 9 else 0}\n" for d in range(1, 15))
    )
    assert document.tables[0].columns[2].notation.role is Role.FLAG
    counts = read("day,deaths\n" + "".join(f"2026-01-{d:02},{1 if d % 5 == 0 else 0}\n" for d in range(1, 15)))
    assert counts.tables[0].columns[1].notation.role is Role.FIGURE


def test_lists_of_numbers_are_no_decimals():
    document = read("rule;sections;count\nA;1,5;3\nB;1,5,7;4\nC;2,9,11;6\n")
    assert column(document, 1) == ["1,5", "1,5,7", "2,9,11"]


def test_one_day_above_twelve_shows_that_days_stand_first():
    document = read("event,date,count\nA,03/04/2025,10\nB,27/04/2025,11\nC,05/04/2025,12\n")
    assert column(document, 1) == ["2025-04-03", "2025-04-27", "2025-04-05"]
    assert document.tables[0].columns[1].notation.day_first


def test_dates_with_points_are_dates():
    document = read("Ereignis;Datum;Zahl\nA;3.4.2025;10\nB;27.04.2025;11\n")
    assert column(document, 1) == ["2025-04-03", "2025-04-27"]


def test_notation_survives_the_way_between_processes():
    document = read("Ort;Insgesamt (in Tsd.);Quote\nNorden;2.340;81,5\nWesten;..;7,2\n")
    held = document.tables[0].columns[1].notation
    assert (held.unit, held.marks) == ("thousands", ("..",))
    assert decode(encode(document)) == document


@given(st.lists(st.integers(min_value=0, max_value=10**9), min_size=2, max_size=8))
def test_every_notation_of_whole_numbers_gives_them_back(numbers):
    for mark in (",", ".", " ", "'"):
        written = [f"{number:,}".replace(",", mark) for number in numbers]
        rate = "2.5" if mark == "," else "2,5"
        lines = [f"p{index};{text};{rate}" for index, text in enumerate(written)]
        document = read("place;held;rate\n" + "\n".join(lines) + "\n")
        assert column(document, 1) == numbers, (mark, written)


def test_a_column_that_can_be_read_in_two_ways_is_read_as_in_the_other_release():
    ambiguous = read("place,held\nA,1.341\nB,2.377\nC,8.905\n")
    decided = read("place,held\nA,512\nB,1.340\nC,77\nD,12.905\nE,3.118\n")
    comparison = compare(ambiguous, decided)
    assert column(comparison.before, 1) == [1341, 2377, 8905]
    assert comparison.before.tables[0].columns[1].notation.ambiguous is None
    assert column(compare(decided, ambiguous).after, 1) == [1341, 2377, 8905]
    decimals = read("place,held\nA,1.34\nB,2.5\nC,8.905\n")
    assert column(compare(ambiguous, decimals).before, 1) == [1.341, 2.377, 8.905]
