from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from alerts.compose import ITEMS_SHOWN, TEXT_LIMIT, TITLE_LIMIT, Notice, compose, item_line, items_as_csv, shorten
from state.contract import finding_to_json
from state.document import Where
from state.model import Alert, Finding, Item
from tests.alerts.examples import SCRIPT, finding

AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)


def _alert(of: Finding) -> Alert:
    return compose(
        Notice(
            finding=of,
            event="event-key",
            destination="people",
            archive="http://127.0.0.1:8717",
            at=AT,
            not_before=AT,
        )
    )


def test_the_text_says_what_where_why_and_how_much() -> None:
    text = _alert(finding(2)).text
    for words in (
        "critical · cumulative-decreased",
        "Source: ice/secure-communities / statistics",
        "Where: page 3, table Removals *by* jurisdiction, column Non-criminal",
        "4,328 → 2,597 (−1,731, −40.0 %)",
        "Why we say so: header says 'cumulative since activation'",
        "http://127.0.0.1:8717/findings/abc123",
        "Event: event-key",
    ):
        assert words in text


@given(
    title=st.text(max_size=400),
    reason=st.text(max_size=600),
    row=st.text(min_size=1, max_size=2000),
    count=st.integers(0, 60),
)
def test_messages_fit_whatever_a_publisher_wrote(title: str, reason: str, row: str, count: int) -> None:
    alert = _alert(finding(count, title=title, reason=reason, items=(Item(row=row),) * count))
    assert len(alert.subject) <= TITLE_LIMIT
    assert len(alert.text) <= TEXT_LIMIT
    assert "Event: event-key" in alert.text
    assert "\n" not in alert.subject


def test_what_does_not_fit_is_counted() -> None:
    alert = _alert(finding(1_500))
    assert "… and 1,4" in alert.text
    assert f"… and {1_500 - ITEMS_SHOWN:,} more" in alert.html
    assert len(list(csv.reader(io.StringIO(alert.attachments[0][1].decode("utf-8-sig"))))) == 1_501


def test_html_is_a_table_in_which_every_word_is_harmless() -> None:
    page = LexborHTMLParser(_alert(finding(5, title=SCRIPT, reason=SCRIPT)).html)
    assert page.css_first("script") is None
    assert [cell.text() for cell in page.css("th")] == [
        "row",
        "column",
        "before",
        "after",
        "difference",
        "percent",
    ]
    first = [cell.text() for cell in page.css("tr")[1].css("td")]
    assert first == [f"{SCRIPT} County 0 & Sons", "Non-criminal", "4,328", "2,597", "−1,731", "−40.0"]
    assert page.css("tr")[4].css("td")[3].text() == "blank"
    link = page.css_first("a")
    assert link is not None
    assert link.attributes["href"] == "http://127.0.0.1:8717/findings/abc123"


def test_the_payload_is_the_public_json() -> None:
    alert = _alert(finding())
    assert alert.payload["findings"] == [finding_to_json(finding())]
    assert (alert.payload["event"], alert.payload["severity"]) == ("event-key", "critical")


def test_a_finding_with_one_place_shows_both_sides() -> None:
    alert = _alert(finding(0, before="must", after="may", kind="commitment-weakened"))
    assert "Before: must\nAfter: may" in alert.text
    assert alert.attachments == ()


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (
            Item(row="Travis, TX", before=594, after=315, difference=-279, percent=-47.0),
            "594 → 315 (−279, −47.0 %)",
        ),
        (Item(row="Travis, TX", before=0, after=5, difference=5), "Travis, TX: 0 → 5 (+5)"),
        (Item(row="Stewart", column="ADP", before=1857.25, after=None, valued=True), "1,857.25 → blank"),
        (Item(text="Complaints", url="https://x.example"), "Complaints / https://x.example"),
        (Item(), "(unnamed)"),
        (Item(row="Conroe", note="looks swapped"), "Conroe; looks swapped"),
        (Item(before="It is voluntary.", after="It is not."), "It is voluntary. → It is not."),
        (Item(before="It is voluntary.", section="FAQ", valued=True), "FAQ: It is voluntary. → (gone)"),
    ],
)
def test_an_item_in_a_line(item: Item, line: str) -> None:
    assert line in item_line(item)


def test_a_spreadsheet_will_not_take_text_for_a_formula() -> None:
    rows = list(
        csv.reader(io.StringIO(items_as_csv([Item(row='=HYPERLINK("http://x")', before=-5)]).decode("utf-8-sig")))
    )
    assert rows == [["row", "before"], ['\'=HYPERLINK("http://x")', "-5"]]


@given(st.text(max_size=300), st.integers(2, 200))
def test_shortening_keeps_to_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short.isprintable()
    assert short == " ".join(text.split()) or short.endswith("…") or not text.isprintable()


def test_the_text_does_not_repeat_what_the_subject_says_whole() -> None:
    short = _alert(finding(2, title="Two fell"))
    assert short.subject == "CRITICAL: Two fell"
    assert "Two fell" not in short.text
    long = _alert(finding(2, title="Many words " * 20))
    assert long.text.startswith("Many words ")


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (finding(1, title="1 row left: Ames", items=(Item(row="Ames"),)), False),
        (finding(1, title="1 row left", items=(Item(row="Ames"),)), True),
        (finding(1, title="Ames fell", items=(Item(row="Ames", before=5, after=3, valued=True),)), True),
        (
            finding(1, title="“T” differs", before="a", after="b", items=(Item(term="T", before="a", after="b"),)),
            False,
        ),
    ],
)
def test_an_only_item_stands_where_it_adds_something(of: Finding, said: bool) -> None:
    alert = _alert(of)
    assert ("• " in alert.text, "<table" in alert.html) == (said, said)


def test_a_sentence_that_left_is_gone_and_a_date_that_stayed_is_told_once() -> None:
    where = Where(section="FAQ")
    assert "After: (gone)" in _alert(finding(0, before="It is voluntary.", where=where)).text
    assert "In both releases: 2009-11-12" in _alert(finding(0, before="2009-11-12", after="2009-11-12")).text
