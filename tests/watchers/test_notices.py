"""A short notice in the full frame of its site stands in for the document; a real page may speak of all of it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.model import Verdict
from watchers.classify.html import Page
from watchers.classify.phrases import LOST_NOTICE, NOTICE_MARKS, REFUSAL_NOTICE, UPKEEP_NOTICE
from watchers.classify.verdict import judge_answer
from watchers.fetching.response import Answer

URL = "https://www.example.gov/detain/statistics"
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

_LINKS = "".join(f"<li><a href='/topic/{number}'>Topic number {number} of ours</a></li>" for number in range(60))
_ADDRESS = "<p>" + "Official website of the agency. 500 12th Street, Washington. " * 30 + "</p>"
FRAMES = {
    "main": "<header><ul>{links}</ul></header><nav>{links}</nav><main>{said}</main><footer>{address}</footer>",
    "role": "<div role=banner>{address}</div><div>{links}</div><div role=main>{said}</div><div>{address}</div>",
    "divs": "<div id=header>{address}</div><div class='menu left'><ul>{links}</ul></div><div id=body>{said}</div>"
    "<div class='site-footer'>{address}</div>",
    "tables": "<table><tr><td class=masthead>{address}</td></tr><tr><td><ul>{links}</ul></td><td>{said}</td></tr>"
    "<tr><td id=footer>{address}</td></tr></table>",
    "an aside in main": "<main><h1>Statistics</h1><aside>{address}</aside><nav>{links}</nav>{said}</main>",
}
TITLES = ("Agency.gov", "Statistics | Agency of Records", "Office of Immigration Statistics")
NOTICES = {
    "This site is currently undergoing scheduled maintenance. Please check back later.": Verdict.MAINTENANCE,
    "<h1>Sorry</h1> The website is temporarily down for maintenance.": Verdict.MAINTENANCE,
    "We’re performing scheduled system maintenance and will be back at 6 a.m.": Verdict.MAINTENANCE,
    "ICE.gov is currently unavailable due to planned maintenance.": Verdict.MAINTENANCE,
    "Our <b>web site</b> is down for necessary upgrades.": Verdict.MAINTENANCE,
    "Este sitio web se encuentra en mantenimiento.": Verdict.MAINTENANCE,
    "<h2>Oops</h2> The page you requested could not be found. It may be in the archive.": Verdict.MOVED,
    "We can&rsquo;t find the page you are looking for.": Verdict.MOVED,
    "This page no longer exists.": Verdict.MOVED,
    "The requested document was not found on this server.": Verdict.MOVED,
    "<h1>Access Denied</h1>": Verdict.BLOCKED,
    "<h3>Access Denied</h3> You don't have permission to access this page.": Verdict.BLOCKED,
    "You are not authorized to access this page.": Verdict.BLOCKED,
    "Access to this page has been denied. Reference 18.2f": Verdict.BLOCKED,
    "Please enable cookies in your browser to continue.": Verdict.BLOCKED,
}
ORDINARY = (
    "The elevator is currently undergoing scheduled maintenance and will be back soon.",
    "The elevator of the visitor center is under maintenance.",
    "The SecureRelease portal is undergoing scheduled maintenance from March 3 to 5.",
    "Detention beds under maintenance: 42.",
    "Statistics on removals are no longer published. The table has been removed.",
    "The report could not be found by the inspectors, and records do not exist.",
    "Inspectors were denied access to this facility.",
    "Contractors must not have permission to access this area; access to the site was denied twice.",
    "The data are temporarily unavailable.",
    "This site uses cookies. Accept all cookies?",
    "The dashboard has been removed pending review.",
    "The program page was maintained by the field office. Maintenance costs rose.",
)
TABLE = "<table><tr><th>Office</th><th>Removals</th></tr><tr><td>El Paso</td><td>1,204</td></tr></table>"
FILE = "<p><a href='/files/statistics.xlsx?v=2'>Statistics</a></p>"
TEXT = "<p>" + "The number of persons in detention is published by field office. " * 12 + "</p>"


def in_frame(said: str, *, frame: str, title: str = TITLES[0]) -> bytes:
    body = FRAMES[frame].format(links=_LINKS, address=_ADDRESS, said=said)
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def verdict_on(body: bytes) -> Verdict:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return judge_answer(Answer(url=URL, final_url=URL, at=AT, status=200, headers=headers, body=body))[0]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_in_the_frame_of_its_site(notice: str, frame: str) -> None:
    for title in TITLES:
        assert verdict_on(in_frame(notice, frame=frame, title=title)) is NOTICES[notice]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("said", ORDINARY)
def test_what_a_page_says_of_other_things_is_no_notice(said: str, frame: str) -> None:
    assert verdict_on(in_frame(f"<h1>Facilities</h1><p>{said}</p>", frame=frame)) is Verdict.PRESENT


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("content", [TABLE, FILE, TEXT], ids=["a table", "a file", "text"])
def test_a_banner_above_what_the_page_is_for_is_no_notice(content: str, frame: str) -> None:
    for notice in NOTICES:
        if "<h1>" not in notice:
            assert verdict_on(in_frame(f"<p>{notice}</p>{content}", frame=frame)) is Verdict.PRESENT, notice


@given(
    st.sampled_from([(notice, verdict) for notice, verdict in NOTICES.items() if "<h1>" not in notice]),
    st.sampled_from(sorted(FRAMES)),
    st.lists(st.sampled_from(ORDINARY), max_size=25),
    st.integers(0, 25),
)
def test_a_notice_counts_by_what_else_is_said(
    notice: tuple[str, Verdict], frame: str, sentences: list[str], place: int
) -> None:
    """Wherever it stands among them: with little else it is what the page says, with much it is a remark."""
    said = "".join(f"<p>{each}</p>" for each in (*sentences[:place], notice[0], *sentences[place:]))
    rest = len(" ".join(sentences))
    verdict = verdict_on(in_frame(said, frame=frame))
    if rest < 400:
        assert verdict is notice[1]
    if rest >= 600:
        assert verdict is Verdict.PRESENT


@pytest.mark.parametrize("notice", NOTICES)
def test_no_notice_is_without_a_mark(notice: str) -> None:
    """Pages without any are not looked at further."""
    patterns = (UPKEEP_NOTICE, LOST_NOTICE, REFUSAL_NOTICE)
    page = Page(Answer(url=URL, final_url=URL, at=AT, body=in_frame(notice, frame="main")))
    assert "<h1>Access" in notice or any(page.notice(pattern) for pattern in patterns)
    assert all(mark == mark.lower() for mark in NOTICE_MARKS)


def test_a_frame_without_end_takes_no_longer() -> None:
    deep = (
        "<div class=header>" * 1_000
        + "<h1>x</h1>"
        + "<ul><li><a>x</a> " * 1_000
        + "This site is under maintenance. "
        + "words " * 40_000
    )
    assert verdict_on(in_frame(deep, frame="divs")) is Verdict.PRESENT
