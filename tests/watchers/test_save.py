from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from tests.watchers.webarchive import Kept, WebArchive, web_archive
from watchers.web_archive.save import Keys, Progress, SavePageNow

URL = "https://www.example.gov/statistics?year=2026"
AT = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
PAGE = b"<html><p>Removals: 412</p></html>"


@pytest.fixture
def archive() -> Iterator[WebArchive]:
    with web_archive() as server:
        yield server


@pytest.fixture
def anonymous(archive: WebArchive) -> Iterator[SavePageNow]:
    with SavePageNow(contact="desk", service=archive.url, allow_hosts=frozenset({"127.0.0.1"})) as saver:
        yield saver


@pytest.fixture
def known(archive: WebArchive) -> Iterator[SavePageNow]:
    with SavePageNow(
        contact="desk", service=archive.url, allow_hosts=frozenset({"127.0.0.1"}), keys=Keys("a", "b")
    ) as saver:
        yield saver


def test_without_keys_the_copy_is_there_at_once(archive: WebArchive, anonymous: SavePageNow) -> None:
    archive.holdings.saves, archive.holdings.saves_at = b"", AT
    progress = anonymous.ask(URL)
    assert progress == Progress(address=f"{archive.url}/web/20260203040506/{URL}")
    assert archive.holdings.asked[0].path == f"/save/{URL}"
    assert "authorization" not in archive.holdings.asked[0].headers
    assert anonymous.per_minute == 3


def test_with_keys_a_job_is_looked_after(archive: WebArchive, known: SavePageNow) -> None:
    archive.holdings.job_states = [
        {"status": "pending"},
        {"status": "success", "timestamp": "20260203040506", "original_url": URL},
    ]
    assert known.ask(URL) == Progress(job="spn2-abc")
    asked = archive.holdings.asked[0]
    assert asked.headers["authorization"] == "LOW a:b"
    assert "url=https%3A%2F%2Fwww.example.gov%2Fstatistics%3Fyear%3D2026" in asked.body
    assert known.look("spn2-abc") == Progress(job="spn2-abc")
    assert known.look("spn2-abc") == Progress(address=f"{archive.url}/web/20260203040506/{URL}")
    assert known.per_minute == 6


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"status": "error", "message": "HTTP status=403"}, "HTTP status=403"),
        ({"status": "success"}, "not where"),
        ({}, "says nothing"),
    ],
)
def test_a_job_that_failed_is_told(
    archive: WebArchive, known: SavePageNow, state: dict[str, object], why: str
) -> None:
    archive.holdings.job_states = [state]
    progress = known.look("spn2-abc")
    assert progress.trouble
    assert why in progress.trouble


def test_a_rate_limit_is_told_as_one(archive: WebArchive, anonymous: SavePageNow) -> None:
    archive.holdings.rate_limited_after = 0
    progress = anonymous.ask(URL)
    assert progress.left_alone
    assert progress.trouble


def test_an_archive_that_refuses_or_is_away_is_told(archive: WebArchive, known: SavePageNow) -> None:
    archive.holdings.save_status = 401
    refused = known.ask(URL)
    assert refused.trouble == "the web archive answered 401"
    with SavePageNow(contact="", service="http://127.0.0.1:9", allow_hosts=frozenset({"127.0.0.1"})) as away:
        assert "no connection" in (away.ask(URL).trouble or "")


def test_copies_are_asked_for_through_the_guard(archive: WebArchive) -> None:
    with SavePageNow(contact="", service=archive.url) as guarded:
        assert "loopback" in (guarded.ask(URL).trouble or "")
    assert archive.holdings.asked == []


@pytest.mark.parametrize(
    ("holds", "address", "why"),
    [
        (PAGE, "/web/20260203040506/{url}", ""),
        (PAGE, "/web/20260203040506/http://example.gov/statistics?year=2026", ""),
        (b"<html><p>Removals:  412</p><script>n=7</script></html>", "/web/20260203040506/{url}", ""),
        (b"<html><p>Removals: 421</p></html>", "/web/20260203040506/{url}", "its bytes differ"),
        (PAGE, "/web/20190203040506/{url}", "a copy of 2019-02-03"),
        (PAGE, "/web/20260203040506/https://www.other.example/statistics", "another address"),
        (PAGE, "https://elsewhere.example/web/20260203040506/{url}", "not with it"),
        (None, "/web/20260203040506/{url}", "cannot be had"),
    ],
)
def test_what_it_names_is_looked_at(
    archive: WebArchive, anonymous: SavePageNow, holds: bytes | None, address: str, why: str
) -> None:
    told = address.format(url=URL)
    told = told if told.startswith("http") else archive.url + told
    copied = told.split("/", 5)[5] if told.startswith(archive.url) else URL
    if holds is not None:
        archive.holdings.kept = [Kept(copied, AT, holds)]
    progress = anonymous.compare(told, url=URL, body=PAGE, since=AT)
    assert progress.address == (None if why else told)
    assert why in (progress.trouble or "")
    assert bool(progress.remark) == (not why and holds != PAGE)
