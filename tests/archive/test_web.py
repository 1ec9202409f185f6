"""The archive's pages over a real archive: the demo's, made once for this module."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
import uvicorn
from msgspec.structs import replace

from archive.exports.evidence import write_evidence
from archive.filters import download_name
from archive.highlight import mark_found, mark_words
from archive.web import INERT_POLICY, make_app
from cli.configuration.settings import read_settings
from cli.rounds import run_round
from demo.rounds import ROUNDS
from demo.site import Site
from demo.story import Story
from state.contract import finding_to_json
from state.errors import StoreError
from state.model import PastFinding, Source
from state.pruning import Policy
from state.reading.captures import Holdings
from state.reading.timeline import Browser
from state.store import Store
from tests.clocks import Clock
from tests.state.examples import SOURCE, capture, hours


@pytest.fixture(scope="module")
def story(demonstration: tuple[Story, list[str]]) -> Story:
    return demonstration[0]


@pytest.fixture(scope="module")
def client(story: Story) -> Iterator[httpx.Client]:
    with served(story.database) as client:
        yield client


@contextmanager
def served(database: Path, *, sources: Mapping[str, Source] | None = None) -> Iterator[httpx.Client]:
    """The archive's pages over HTTP."""
    with Browser(database) as archive:
        app = make_app(archive, demo=True, sources=sources)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
        socket = server.config.bind_socket()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{socket.getsockname()[1]}") as client:
                yield client
        finally:
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


def test_notes_and_the_way_to_evidence_stand_on_the_page(story: Story) -> None:
    at = dt.datetime(2010, 10, 9, tzinfo=dt.UTC)
    with Store(story.database) as store, served(story.database) as client:
        fallen = _fallen(client)
        id = str(fallen["id"])
        store.notes.add(id, "The press office calls it <a slip>.", author="ann", at=at)
        page = client.get(f"/findings/{id}").text
    assert "ann: The press office calls it &lt;a slip&gt;." in page
    assert f"export evidence {fallen['event']}" in page


def test_the_figures_of_a_row_that_left_are_shown(client: httpx.Client) -> None:
    findings = client.get("/api/findings").json()["findings"]
    id = next(each["id"] for each in findings if each["kind"] == "rows-vanished")
    row = re.search(r'<tr class="removed">(.*?)</tr>', client.get(f"/findings/{id}").text, re.DOTALL)
    assert row is not None
    assert re.findall(r"<td>([^<]+)</td>", row[1]) == ["Arlington, VA", "12/29/2008"]


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


def _kind(client: httpx.Client, kind: str, *, about: str = "") -> str:
    findings = client.get("/api/findings").json()["findings"]
    return next(f"/findings/{each['id']}" for each in findings if each["kind"] == kind and about in each["title"])


def _text(page: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_withdrawn_document_is_shown_with_its_last_copy_and_the_looks_since(client: httpx.Client) -> None:
    page = client.get(_kind(client, "file-withdrawn")).text
    release = re.findall(r'href="(/releases/[^"]+)"', page)[0]
    assert "last seen 17 August 2010, 14:00 , not there since 8 September 2010, 14:00 (answer 404)" in _text(page)
    assert page.count("not in the looks of 8 September 2010") == 1
    assert re.search(r'href="/raw/[0-9a-f]{64}"', page)
    copy = _text(client.get(release).text)
    assert "no longer published" in copy
    assert "not there since 8 September 2010" in copy


def test_the_timeline_says_what_left_and_a_404_is_a_look(client: httpx.Client) -> None:
    page = _text(client.get("/sources/ice/secure-communities-statistics").text)
    line = page[page.index("deployment-plan.pdf") :]
    assert "not there since 8 September 2010, 14:00 (answer 404)" in line[:200]
    assert "no longer published" in line[:400]
    assert "404" not in page[page.index("Rounds in which we could not look") :]


def test_findings_are_dated_by_when_they_were_told(client: httpx.Client) -> None:
    lines = re.findall(r'<td class="when">(.*?)</tr>', client.get("/findings").text, re.DOTALL)
    withdrawn = next(_text(line) for line in lines if "file-withdrawn" in line)
    assert withdrawn.startswith("9 September 2010")
    assert "since 9 September 2010, 14:00 , still so on 8 October 2010, 14:00" in withdrawn
    feed = client.get("/feed.atom").text
    assert re.findall(r"<updated>(.*?)</updated>", feed)[0] == "2010-10-07T14:00:00+00:00"


def test_the_front_page_counts_what_timelines_show(client: httpx.Client) -> None:
    page = client.get("/").text
    rows = re.findall(
        r'href="/sources/([^"]+)".*?data-label="the page was">(.*?)<.*?number"[^>]*>(\d+)<', page, re.S
    )
    assert len(rows) == 6
    for source, look, count in rows:
        assert client.get(f"/sources/{source}").text.count("<li class=") == int(count)
        assert look.strip().startswith("there")
    assert f"{sum(int(count) for _, _, count in rows)} releases" in page


def test_a_release_shows_how_it_was_captured(client: httpx.Client) -> None:
    timeline = client.get("/sources/ice/secure-communities-statistics").text
    page = client.get(re.findall(r'href="(/releases/[^"]+)"', timeline)[0]).text
    text = _text(page)
    assert re.search(r"answered by 127\.0\.0\.1:\d+", text)
    assert re.search(r"entry \d+", text)
    assert "headers as received" in text
    assert "monitor.py verify" in text
    assert "still there at the last look, 8 October 2010" in text


def test_the_head_of_the_chain_is_shown_with_what_it_proves(client: httpx.Client, story: Story) -> None:
    page = client.get("/about").text
    with Browser(story.database) as archive:
        head = archive.head()
    assert head.entry in page.replace("<wbr>", "")
    assert "What it does not prove" in page


def test_a_text_finding_says_its_texts_once(client: httpx.Client) -> None:
    page = client.get(_kind(client, "definition-changed", about="Level 3")).text
    assert "<h2>1 item" not in page
    assert "aliens convicted of <del>any other offense</del>" in page
    assert "other drug offenses" not in page
    assert "first seen 12 May 2010, 14:00 ; last seen 15 June 2010, 14:00" in _text(page)


def test_definitions_stand_beside_each_other(client: httpx.Client) -> None:
    page = client.get(_kind(client, "definition-changed")).text
    after = re.findall(r'href="(/releases/[^"]+)"', page)[-1]
    shown = client.get(after).text
    assert shown.count("<del>aliens convicted of") == 0
    assert len(re.findall(r"<td>Level \d offenders</td>", shown)) == 3


def test_search_marks_the_words_and_says_until_when(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "voluntary"}).text
    assert "<mark>voluntary</mark>" in page
    found = (
        "first seen 17 August 2010, 14:00 ; last seen 4 October 2010, 14:00 , not in the release of 7 October 2010"
    )
    assert found in _text(page)


def test_the_filter_shows_which_severity_is_active(client: httpx.Client) -> None:
    page = client.get("/findings?least=high").text
    assert re.findall(r'href="/findings\?least=(\w+)" aria-current="true"', page) == ["high"]


def test_a_download_has_a_name_that_is_safe_and_has_a_suffix(client: httpx.Client) -> None:
    page = client.get(_kind(client, "file-withdrawn")).text
    answer = client.get(re.findall(r'href="(/raw/[0-9a-f]{64})"', page)[0])
    assert re.search(r'filename="deployment-plan-[0-9a-f]{8}\.pdf"', answer.headers["content-disposition"])


@pytest.mark.parametrize(
    ("name", "media_type", "safe"),
    [
        ("https://x.gov/a/b.php?file=report", "application/pdf", "b-00000000.php"),
        ('../../etc/pass"wd\r\nX: y', "application/pdf", "pass-wd-X-y-00000000.pdf"),
        ("https://x.gov/", "text/csv", "document-00000000.csv"),
        ("Détention stats.xlsx", "application/octet-stream", "D-tention-stats-00000000.xlsx"),
    ],
)
def test_names_of_downloads(name: str, media_type: str, safe: str) -> None:
    assert download_name(name, media_type=media_type, sha256="0" * 64) == safe


def test_a_source_is_introduced_where_its_file_is_known(tmp_path: Path) -> None:
    with Store(tmp_path / "archive.db") as store:
        store.record(SOURCE, [capture("a", 0)])
    known = replace(SOURCE, why="It counts people.", every=dt.timedelta(hours=6))
    with served(tmp_path / "archive.db", sources={SOURCE.id: known}) as client:
        page = _text(client.get(f"/sources/{SOURCE.id}").text)
    for told in ("Detention", "publisher ICE", "It counts people.", "every 6 hours", "The page page"):
        assert told in page


def test_neighbouring_words_are_one_mark() -> None:
    before, after = mark_words("it is a voluntary local program", "it is a mandatory national program")
    assert before == "it is a <del>voluntary local</del> program"
    assert after == "it is a <ins>mandatory national</ins> program"


def test_words_found_are_marked_and_escaped() -> None:
    assert mark_found("<b>Opt out</b> options", "opt") == "&lt;b&gt;<mark>Opt</mark> out&lt;/b&gt; options"


LINK = re.compile(r"/findings/([0-9a-z-]{24,})/([a-z2-7]{26})(?![a-z2-7])")


def test_every_link_opens_what_was_said_then_after_two_more_years_of_rounds(story: Story, tmp_path: Path) -> None:
    home = Path(shutil.copytree(story.database.parent.parent, tmp_path / "home"))
    database = home / "archive" / story.database.name
    with served(database) as client:
        links = _links(home, database, client)
        said = {link: client.get(f"/api{link}").json() for link in links}
        places = {said[link]["id"] for link in links}
    lived = _live_on(home)
    assert places & {each.finding.id for each in lived}  # other things are said of the same places
    with served(database) as client:
        for link, finding in said.items():
            assert client.get(f"/api{link}").json() == finding
            assert f"<h1>{html.escape(finding['title'])}</h1>" in client.get(link).text.replace("&#39;", "&#x27;")
    with Holdings(database) as holdings:
        for finding in said.values():
            assert finding_to_json(holdings.finding(finding["event"])) == finding


def _links(home: Path, database: Path, client: httpx.Client) -> set[str]:
    """What mails, messages, waiting alerts, the feed, the API and an evidence package link."""
    mails = [message_from_bytes(path.read_bytes()) for path in sorted((home / "mails").iterdir())]
    parts = [part.get_payload(decode=True) for mail in mails for part in mail.walk() if not part.is_multipart()]
    texts = {
        "mail": b" ".join(part for part in parts if isinstance(part, bytes)).decode("utf-8", "replace"),
        "chat": " ".join(path.read_text() for path in sorted((home / "messages").iterdir())),
        "feed": client.get("/feed.atom").text,
        "pages": client.get("/").text,
    }
    with Store(database) as store:
        texts["payload"] = json.dumps([each.alert.payload for each in store.outbox.list(limit=500)])
    links = {form: {match[0] for match in LINK.finditer(text)} for form, text in texts.items()}
    assert all(links.values()), {form: len(found) for form, found in links.items()}
    listed = client.get("/api/findings").json()["findings"]
    links["api"] = {f"/findings/{each['id']}/{each['event']}" for each in listed}
    with Holdings(database) as holdings:
        package = home / "evidence.zip"
        write_evidence(holdings, listed[0]["event"], package, created=dt.datetime(2010, 12, 1, tzinfo=dt.UTC))
    with ZipFile(package) as packed:
        assert json.loads(packed.read("evidence/finding.json")) == listed[0]
        assert listed[0]["event"].encode() in packed.read("evidence/DECLARATION.txt")
    return set().union(*links.values())


def _live_on(home: Path) -> tuple[PastFinding, ...]:
    """Two more years in which the site goes back to what it was and comes on again; what was said of them."""
    port = next(
        int(found[1])
        for path in (home / "sources").rglob("*.yaml")
        if (found := re.search(r"127\.0\.0\.1:(\d+)", path.read_text()))
    )
    with (home / "monitor.yaml").open("a") as more:
        more.write("politeness: {seconds_between_requests: 0, retries: 1}\n")
    settings = read_settings(home / "monitor.yaml")
    first = dt.datetime(2011, 1, 10, 14, tzinfo=dt.UTC)
    with Site(port=port) as site:
        for season, chapter in enumerate((6, len(ROUNDS), 9, 3, len(ROUNDS), 12, 7, len(ROUNDS))):
            site.play(chapter)
            run_round(settings, past=Clock(first + dt.timedelta(days=91 * season)))
    with Browser(settings.configuration.database) as browser:
        later = [each for each in browser.findings(limit=500) if each.last_at >= first]
    assert len(later) > 10
    return tuple(later)
