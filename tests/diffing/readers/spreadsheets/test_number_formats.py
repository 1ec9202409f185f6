import pytest

from diffing.readers.spreadsheets.number_formats import built_in, parse_format, show


def shown(number, code, *, from_1904=False):
    return show(number, parse_format(code), from_1904=from_1904)


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (22657, "#,##0", "22,657"),
        (0.3955, "0%", "40%"),
        (0.994, "0.0%", "99.4%"),
        (17831.92, '"$"#,##0.00', "$17,831.92"),
        (17831.92, "[$$-409]#,##0", "$17,832"),
        (-5, "#,##0_);(#,##0)", "-5"),
        (32.25, "0.0", "32.3"),
        (1234, "[Red]#,##0", "1,234"),
        (1234, "[Magenta]0", "1234"),
        (5, "General", "5"),
        (-0.001, "0.0", "0.0"),
    ],
)
def test_numbers_show_as_published(number, code, text):
    assert shown(number, code) == (number, text)


@pytest.mark.parametrize(
    ("serial", "code", "value", "text"),
    [
        (44531, "mmm-yy", "2021-12-01", "Dec-21"),
        (44531, "mmm\\-yyyy", "2021-12-01", "Dec-2021"),
        (44927, "m/d/yyyy", "2023-01-01", "1/1/2023"),
        (44927.75, "m/d/yy h:mm AM/PM", "2023-01-01T18:00:00", "1/1/23 6:00 PM"),
        (0.5, "h:mm", "12:00:00", "12:00"),
        (59, "d mmmm yyyy", "1900-02-28", "28 February 1900"),
        (61, "yyyy-mm-dd", "1900-03-01", "1900-03-01"),
    ],
)
def test_dates_are_iso_text_and_show_as_published(serial, code, value, text):
    assert shown(serial, code) == (value, text)


def test_workbooks_that_count_from_1904_mean_other_days():
    assert shown(0, "yyyy-mm-dd", from_1904=True)[0] == "1904-01-01"


def test_a_number_beyond_any_calendar_stays_a_number():
    assert shown(1e9, "yyyy-mm-dd")[0] == 1e9
    assert shown(-1, "yyyy-mm-dd")[0] == -1


def test_elapsed_time_and_scientific_notation_stay_numbers():
    assert shown(1.5, "[h]:mm")[0] == 1.5
    assert shown(1500.0, "0.00E+00")[0] == 1500.0


def test_built_in_formats_are_known_by_their_identifier():
    assert built_in(9).kind == "percent"
    assert built_in(14).kind == "date"
    assert built_in(0).kind == "general"
    assert built_in(999).kind == "general"
