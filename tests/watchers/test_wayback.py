from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from state.errors import FetchRefused
from state.model import Verdict
from tests.watchers.pages import PAGE, page_source
from tests.watchers.webarchive import Kept, WebArchive, web_archive
from watchers.fetching.exchange import Limits
from watchers.web_archive.mementos import LeftAlone, NotReplayed, Version, Wayback

URL = "https://www.example.gov/statistics"
SINCE = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)


def day(month: int, *, year: int = 2023) -> dt.datetime:
    return dt.datetime(year, month, 2, 3, 4, 5, tzinfo=dt.UTC)


def version(month: int) -> Version:
    at = day(month)
    return Version(URL, at, f"https://web.archive.org/web/{at:%Y%m%d%H%M%S}id_/{URL}")


@pytest.fixture
def archive() -> Iterator[WebArchive]:
    with web_archive() as server:
        yield server


@pytest.fixture
def wayback(archive: WebArchive) -> Iterator[Wayback]:
    with Wayback(
        contact="desk@example.org",
        service=archive.url,
        allow_hosts=frozenset({"127.0.0.1"}),
        limits=Limits(connect=2, idle=2, total=5),
        retries=0,
        pace=0.01,
    ) as asked:
        yield asked


def test_versions_are_the_good_ones_that_differ_oldest_first(archive: WebArchive, wayback: Wayback) -> None:
    archive.holdings.page = 2
    archive.holdings.kept = [
        Kept(URL, day(12, year=2022), b"too early"),
        Kept(URL, day(5), b"two"),
        Kept(URL, day(1), b"one"),
        Kept(URL, day(2), b"one"),
        Kept(URL, day(3), b"not found", status=404),
        Kept(URL, day(4), b"one"),
        Kept("https://www.example.gov/other", day(1), b"other"),
    ]
    versions = wayback.versions(URL, since=SINCE)
    assert [(each.url, each.at) for each in versions] == [(URL, day(1)), (URL, day(5))]
    searches = archive.holdings.paths("/cdx/")
    assert len(searches) == 3  # the index came in parts
    assert "desk@example.org" in archive.holdings.asked[0].headers["user-agent"]


@pytest.mark.parametrize("zipped", [False, True])
def test_a_version_becomes_a_capture_at_its_own_date(archive: WebArchive, wayback: Wayback, zipped: bool) -> None:
    archive.holdings.zipped = zipped
    archive.holdings.kept = [Kept(URL, day(1), PAGE)]
    capture = wayback.capture(version(1), source=page_source(URL), series="page", url=URL)
    assert (capture.at, capture.memento, capture.verdict) == (day(1), True, Verdict.PRESENT)
    assert (capture.body, capture.media_type, capture.status) == (PAGE, "text/html", 200)
    assert ("last-modified", "Mon, 02 Jan 2023 00:00:00 GMT") in capture.headers
    assert not any(name.lower() in ("memento-datetime", "link") for name, _ in capture.headers)
    assert f"kept at {archive.url}/web/20230102030405id_/{URL}, received " in capture.reason
    assert capture.file_name == "statistics"


def test_a_redirect_of_then_is_followed_and_kept(archive: WebArchive, wayback: Wayback) -> None:
    elsewhere = "https://www.example.gov/statistics/"
    archive.holdings.kept = [Kept(URL, day(1), b"", status=301, to=elsewhere), Kept(elsewhere, day(1), PAGE)]
    capture = wayback.capture(version(1), source=page_source(URL), series="page", url=URL)
    assert (capture.url, capture.final_url, capture.body) == (URL, elsewhere, PAGE)
    assert capture.redirects == ((301, URL),)


def test_a_challenge_page_that_was_archived_is_no_release(archive: WebArchive, wayback: Wayback) -> None:
    body = b"<html><title>Just a moment...</title><body>Checking your browser</body></html>"
    archive.holdings.kept = [Kept(URL, day(1), body)]
    capture = wayback.capture(version(1), source=page_source(URL), series="page", url=URL)
    assert capture.verdict is Verdict.BLOCKED


def test_a_capture_that_cannot_be_replayed_is_told(archive: WebArchive, wayback: Wayback) -> None:
    archive.holdings.kept = [Kept(URL, day(1), PAGE)]
    archive.holdings.broken = {"20230102030405"}
    with pytest.raises(NotReplayed, match="20230102030405id_"):
        wayback.capture(version(1), source=page_source(URL), series="page", url=URL)


def test_a_rate_limit_ends_it_at_once(archive: WebArchive, wayback: Wayback) -> None:
    archive.holdings.rate_limited_after = 0
    with pytest.raises(LeftAlone, match="for 600 seconds"):
        wayback.versions(URL, since=SINCE)
    with pytest.raises(LeftAlone):
        wayback.capture(version(1), source=page_source(URL), series="page", url=URL)
    assert len(archive.holdings.asked) == 2  # each was asked once and never again


def test_the_library_goes_through_the_guard(archive: WebArchive) -> None:
    with (
        Wayback(contact="", service=archive.url, retries=0) as guarded,
        pytest.raises(FetchRefused, match="loopback"),
    ):
        guarded.versions(URL, since=SINCE)
    assert archive.holdings.asked == []


def test_a_redirect_into_a_private_address_is_not_followed(archive: WebArchive, wayback: Wayback) -> None:
    target = "http://10.0.0.1/secret"
    archive.holdings.kept = [Kept(URL, day(1), b"", status=302, to=target)]
    with pytest.raises(NotReplayed):
        wayback.capture(version(1), source=page_source(URL), series="page", url=URL)
    assert all("10.0.0.1" not in asked.headers["host"] for asked in archive.holdings.asked)


def test_an_archive_that_does_not_answer_is_told() -> None:
    with (
        Wayback(
            contact="", service="http://127.0.0.1:9", allow_hosts=frozenset({"127.0.0.1"}), retries=0
        ) as wayback,
        pytest.raises(NotReplayed, match="does not list"),
    ):
        wayback.versions(URL, since=SINCE)
