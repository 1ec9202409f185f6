"""The archive's pages over a real archive: the demo's, made once for this module."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from archive.web import INERT_POLICY, make_app
from archive.words import mark_words
from demo.story import Story, live_through
from state.browsing import Browser
from state.errors import StoreError
from state.pruning import Policy
from state.store import Store
from tests.state.examples import SOURCE, capture, hours


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    return live_through(tmp_path_factory.mktemp("demo") / "output", echo=lambda _: None)


@pytest.fixture(scope="module")
def client(story: Story) -> Iterator[httpx.Client]:
    with served(story.database) as client:
        yield client


@contextmanager
def served(database: Path) -> Iterator[httpx.Client]:
    """The archive's pages over HTTP."""
    with Browser(database) as archive:
        server = uvicorn.Server(uvicorn.Config(make_app(archive, demo=True), port=0, log_level="error"))
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}") as client:
            yield client
        server.should_exit = True
        thread.join()


def _fallen(client: httpx.Client) -> dict[str, object]:
    findings = client.get("/api/findings").json()["findings"]
    found: dict[str, object] = next(each for each in findings if each["kind"] == "cumulative-decreased")
    return found


def test_the_front_page_lists_sources_and_findings(client: httpx.Client) -> None:
    page = client.get("/").text
    assert "ice/secure-communities-statistics" in page
    assert "re-creations" in page
    assert _fallen(client)["title"] in page.replace("&#34;", '"').replace("&amp;", "&")


def test_a_finding_shows_its_rows_and_both_releases(client: httpx.Client) -> None:
    page = client.get(f"/findings/{_fallen(client)['id']}").text
    assert "Maricopa, AZ" in page
    assert "4,328" in page
    assert "2,597" in page
    assert "−1,731" in page
    assert "−40.0 %" in page
    assert len(set(re.findall(r'href="/raw/([0-9a-f]{64})"', page))) == 2


def test_the_timeline_names_every_series(client: httpx.Client) -> None:
    page = client.get("/sources/ice/secure-communities-statistics").text
    assert "removals-by-jurisdiction-july-2010.pdf" in page
    assert "sc-activated.pdf" in page


def test_raw_bytes_are_served_inert(client: httpx.Client) -> None:
    source = client.get("/sources/ice/press-release").text
    release = re.findall(r'href="(/releases/[^"]+)"', source)[0]
    raw = re.findall(r'href="(/raw/[0-9a-f]{64})"', client.get(release).text)[0]
    answer = client.get(raw)
    assert answer.headers["content-security-policy"] == INERT_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert b"<h1" in answer.content


def test_a_pdf_is_a_download(client: httpx.Client) -> None:
    page = client.get(f"/findings/{_fallen(client)['id']}").text
    answer = client.get(re.findall(r'href="(/raw/[0-9a-f]{64})"', page)[0])
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content.startswith(b"%PDF")


def test_every_page_has_a_strict_policy(client: httpx.Client) -> None:
    for path in ("/", "/findings", "/search?q=voluntary", "/sources/ice/press-release", "/nowhere"):
        assert "default-src 'none'" in client.get(path).headers["content-security-policy"]


def test_search_finds_what_is_no_longer_published(client: httpx.Client) -> None:
    assert "formally notify" in client.get("/search", params={"q": "formally notify"}).text
    assert "0 passages" in client.get("/search", params={"q": 'zebra" OR *'}).text


@pytest.mark.parametrize(
    "path", ["/findings/none", "/releases/none", "/sources/none", "/raw/00", "/api/findings/none"]
)
def test_what_is_not_there_is_said_plainly(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_feed_is_well_formed(client: httpx.Client) -> None:
    from lxml import etree

    feed = etree.fromstring(client.get("/feed.atom").content)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) >= 10


def test_marked_words_are_escaped() -> None:
    before, after = mark_words("a <b> voluntary program", "a <b> mandatory program")
    assert before == "a &lt;b&gt; <del>voluntary</del> program"
    assert after == "a &lt;b&gt; <ins>mandatory</ins> program"


def test_an_archive_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"monitor\.py check"):
        Browser(tmp_path / "archive.db")


def test_a_body_that_was_pruned_says_when_and_why(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        bodies = [f"edition {number}" for number in range(4)]
        for number, body in enumerate(bodies):
            store.record(SOURCE, [capture(body, number)])
        planned = store.plan_pruning(Policy.UNEVENTFUL, before=hours(100))
        store.prune(planned, at=hours(100))
    with served(path) as client:
        answer = client.get(f"/raw/{Store.digest(bodies[0].encode())}")
        assert answer.status_code == 410
        assert "pruned on 2026-02-06 by policy" in answer.text
        assert client.get(f"/raw/{Store.digest(bodies[3].encode())}").text == bodies[3]
