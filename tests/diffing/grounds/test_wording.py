from diffing.grounds.wording import (
    cut_title,
    listing,
    number,
    percentage,
    place,
    plural,
    row_noun,
    shorten,
    shown,
    signed,
    usual,
)
from tests.diffing.tables import table_of


def test_numbers():
    assert [number(v) for v in (1234567, 12.5, 12.0, 0.333, -4)] == ["1,234,567", "12.5", "12", "0.33", "-4"]
    assert [signed(v) for v in (12, -1731, 0)] == ["+12", "−1,731", "0"]
    assert [percentage(v) for v in (-40.0, 2.55)] == ["40 %", "2.5 %"]
    assert [shown(v) for v in (None, "", "N/A", 1234)] == ["blank", "blank", "“N/A”", "1,234"]


def test_lists_and_plurals():
    assert plural(1, "row") == "1 row"
    assert plural(1049, "facility", "facilities") == "1,049 facilities"
    assert listing(["A"]) == "A"
    assert listing(["A", "B"]) == "A and B"
    assert listing(["Maricopa, AZ", "Travis, TX", "C", "D", "E"]) == "Maricopa, AZ; Travis, TX; C and 2 more"
    assert usual([6, 14, 9]) == "6 to 14"
    assert usual([3, 3]) == "3"


def test_a_long_text_is_cut_at_a_word():
    assert shorten("one two  three", limit=20) == "one two three"
    assert shorten("one two three four", limit=12) == "one two…"
    assert shorten("“one two” became “three four”", limit=26) == "“one two” became “three…”"
    assert shorten("“one two” became “three four”", limit=20) == "“one two” became…"


def test_a_table_and_its_rows_have_names():
    table = table_of(["Law enforcement agency", "Count"], name="")
    assert row_noun(table) == ("law enforcement agency", "law enforcement agencies")
    assert row_noun(table_of(["Technology", "Count"])) == ("row", "rows")
    assert place(table) == "the table by “Law enforcement agency”"
    assert place(table_of(["A"], name="Removals")) == "“Removals”"
    assert place(table_of(["A"], name="", sheet="ATD")) == "the table on sheet “ATD”"


def test_what_a_title_quotes_gives_way_before_its_figures():
    table = "ICE Final Book Outs by Release Reason, Month and Criminality in the Fiscal Year 2026"
    title = cut_title(
        f"145 closed figures revised in “{table}”: Release / “{table}” / Pending, Oct from 37,537 to 1,124"
    )
    assert len(title) <= 110
    assert title.endswith("from 37,537 to 1,124")
    assert title.startswith("145 closed figures revised in “ICE")
