"""A message in lines and as a page: what a reader meets, whatever a publisher wrote."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from alerts.compose import SUBJECT_LIMIT, Notice, compose
from alerts.message import ROWS_SHOWN, message_of
from alerts.rendering.chat import render_chat
from alerts.rendering.dialects import DIALECTS, PLAIN, Dialect
from alerts.rendering.marks import marked
from alerts.rendering.page import ROWS, render_page
from state.contract import finding_to_json
from state.document import Where
from state.kinds import Severity
from state.model import Alert, Finding, Item
from tests.alerts.examples import SCRIPT, finding
from tests.alerts.test_webhook import CONTEXT

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


def _text(of: Finding) -> str:
    return render_chat(message_of(_alert(of))).body


def _page(of: Finding) -> LexborHTMLParser:
    return LexborHTMLParser(render_page(message_of(_alert(of))))


def test_the_text_says_what_where_why_and_how_much() -> None:
    text = _text(finding(2))
    for words in (
        "critical · cumulative-decreased",
        "Source: ice/secure-communities / statistics",
        "Where: page 3, table Removals *by* jurisdiction, column Non-criminal",
        "4,328 → 2,597 (−1,731, −40.0 %)",
        "Why we say so (certain as far as a program can be): header says 'cumulative since activation'",
        "http://127.0.0.1:8717/findings/abc123",
        "Event: event-key",
    ):
        assert words in text


def test_a_subject_says_whose_it_is_and_how_much() -> None:
    alert = compose(
        Notice(
            finding=finding(1, title="1 agency left (NV)", severity=Severity.HIGH, series="page"),
            event="e",
            destination="people",
            archive="http://x",
            at=AT,
            not_before=AT,
            context=CONTEXT,
        )
    )
    assert alert.subject == "ICE Secure Communities: 1 agency left (NV)"


@pytest.mark.parametrize("dialect", [PLAIN, *DIALECTS.values()], ids=lambda dialect: dialect.name)
@given(
    title=st.text(max_size=400),
    reason=st.text(max_size=600),
    row=st.text(min_size=1, max_size=2000),
    count=st.integers(0, 60),
)
def test_messages_fit_whatever_a_publisher_wrote(
    dialect: Dialect, title: str, reason: str, row: str, count: int
) -> None:
    alert = _alert(finding(count, title=title, reason=reason, items=(Item(row=row),) * count))
    words = render_chat(message_of(alert), dialect)
    size = dialect.size(words.body) + len(words.title)
    assert len(alert.subject) <= SUBJECT_LIMIT
    assert size <= dialect.limit
    assert "http://127.0.0.1:8717/findings/abc123" in words.body
    assert "\n" not in words.title


def test_what_does_not_fit_is_counted() -> None:
    alert = _alert(finding(1_500))
    assert f"… and {1_500 - ROWS_SHOWN:,} more" in render_chat(message_of(alert)).body
    assert f"… and {1_500 - ROWS:,} more" in render_page(message_of(alert))
    assert len(list(csv.reader(io.StringIO(alert.attachments[0][1].decode("utf-8-sig"))))) == 1_501


@pytest.mark.parametrize(("items", "more"), [(ROWS, None), (20, "14"), (101, "95")])
def test_the_count_of_what_is_left_out_is_right(items: int, more: str | None) -> None:
    page = render_page(message_of(_alert(finding(items))))
    assert ("more</p>" in page) is (more is not None)
    assert more is None or f"… and {more} more" in page


def test_html_is_a_table_of_three_columns_in_which_every_word_is_harmless() -> None:
    page = _page(finding(5, title=SCRIPT, reason=SCRIPT))
    assert page.css_first("script") is None
    assert [cell.text() for cell in page.css("th")] == ["what", "before", "after"]
    first = [cell.text() for cell in page.css("tr")[1].css("td")]
    assert first == [f"{SCRIPT} County 0 & Sons", "4,328", "2,597−1,731, −40.0\u00a0%"]
    assert page.css("tr")[4].css("td")[2].text().startswith("blank")
    link = page.css_first("a.button")
    assert link is not None
    assert link.attributes["href"] == "http://127.0.0.1:8717/findings/abc123"


def test_no_address_but_of_the_web_is_a_link() -> None:
    page = _page(finding(1, url="javascript:alert(1)"))
    assert not [link for link in page.css("a") if (link.attributes["href"] or "").startswith("javascript")]


def test_the_payload_is_the_public_json() -> None:
    alert = _alert(finding())
    assert alert.payload["findings"] == [finding_to_json(finding())]
    assert (alert.payload["event"], alert.payload["severity"]) == ("event-key", "critical")


def test_a_finding_with_one_place_shows_both_sides_with_the_words_that_differ_marked() -> None:
    told = finding(
        0, before="ICE must publish it.", after="ICE may publish it.", kind="commitment-weakened", where=Where()
    )
    assert "ICE must publish it. → ICE may publish it." in _text(told)
    assert [mark.text() for mark in _page(told).css("b.mark")] == ["must", "may"]
    assert _alert(told).attachments == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_marks_lose_no_letter(before: str, after: str) -> None:
    first, second = marked(before, after)
    assert "".join(text for text, _ in first) == before
    assert "".join(text for text, _ in second) == after


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (finding(1, title="1 row left: Ames", items=(Item(row="Ames"),)), False),
        (finding(1, title="1 row left", items=(Item(row="Ames"),)), True),
        (finding(1, title="Ames fell", items=(Item(row="Ames", before=5, after=3, valued=True),)), True),
    ],
)
def test_an_only_item_stands_where_it_adds_something(of: Finding, said: bool) -> None:
    assert ("• " in _text(of), _page(of).css_first("table") is not None) == (said, said)


def test_a_sentence_that_left_is_gone_and_a_date_that_stayed_is_told_once() -> None:
    where = Where(section="FAQ")
    assert "It is voluntary. → (gone)" in _text(finding(0, before="It is voluntary.", where=where))
    assert "in both releases: 2009-11-12" in _text(finding(0, before="2009-11-12", after="2009-11-12"))
