"""Pages that scripts put together, in the real browser of the system, against real servers on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from benchmarks.browser import look_at
from benchmarks.making.browser_pages import PAGES, ScriptedPage
from state.errors import ConfigError
from state.model import Series, Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, loopback, reply
from tests.watchers.pages import PDF, fetch_page, page_source
from watchers.fetch import Fetcher
from watchers.fetching.browser import Renderer
from watchers.fetching.exchange import Limits

playwright = pytest.importorskip("playwright", reason="Playwright, an extra, is not installed")
pytestmark = pytest.mark.skipif(
    not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    reason="no Chromium is installed",
)

SCRIPTED = """<!DOCTYPE html><html><head><title>Figures</title>
<script src="/page.js"></script></head><body><h1>Figures</h1><main id=m>loading</main></body></html>"""
SCRIPT = """fetch('/data.json').then(answer => answer.json()).then(rows => {
  document.getElementById('m').innerHTML = '<table><tr><th>County<th>Removals</tr>' +
    rows.map(row => `<tr><td>${row[0]}<td>${row[1]}</tr>`).join('') + '</table><a href="/stats.pdf">File é</a>';
});"""


@pytest.fixture
def rendering(fetcher: Make) -> Fetcher:
    return fetcher(limits=Limits(connect=2, idle=5, total=20))


@pytest.fixture
def scripted(server: Loopback) -> str:
    server.says("/page.js", reply(SCRIPT.encode(), content_type="text/javascript; charset=utf-8"))
    server.says("/data.json", reply(b'[["Webb", 1234]]', content_type="application/json"))
    return server.says("/figures", reply(SCRIPTED.encode(), ETag='"1"'))


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


def test_what_scripts_load_is_in_the_body(rendering: Fetcher, server: Loopback, scripted: str) -> None:
    capture = fetch_page(rendering, scripted, render="browser")
    assert capture.verdict is Verdict.PRESENT
    assert b"<td>Webb</td><td>1234</td>" in capture.body
    assert "File é" in capture.body.decode("utf-8-sig")
    assert capture.wire == SCRIPTED.encode()
    assert ("ETag", '"1"') in capture.headers
    assert capture.peer is not None
    assert server.paths().count("/figures") == 1  # the browser was given what had been fetched


def test_files_that_scripts_link_are_followed(rendering: Fetcher, server: Loopback, scripted: str) -> None:
    server.says("/stats.pdf", reply(PDF, content_type="application/pdf"))
    series = (Series("page", "T"), Series("files", "F", pattern=r"\.pdf$"))
    page, file = rendering.fetch(page_source(scripted, render="browser", series=series))
    assert (file.url, file.body, file.link_text) == (server.url + "/stats.pdf", PDF, "File é")
    assert page.links == (("files", server.url + "/stats.pdf", "File é"),)


def test_a_page_of_a_redirect_is_shown_at_its_own_address(
    rendering: Fetcher, server: Loopback, scripted: str
) -> None:
    start = server.says("/start", reply(status=302, location="/figures"))
    capture = fetch_page(rendering, start, render="browser")
    assert capture.final_url == scripted
    assert b"Webb" in capture.body


@pytest.mark.parametrize(
    "script",
    [
        "fetch('{secret}', {{mode: 'no-cors'}})",
        "fetch('{secret}', {{method: 'POST', body: 'x', mode: 'no-cors'}})",
        "new WebSocket('{secret}'.replace('http', 'ws'))",
        "navigator.sendBeacon('{secret}')",
        "document.body.innerHTML += '<iframe src={secret}></iframe><img src={secret}>'",
        "location = '{secret}'",
        "window.open('{secret}')",
        'new Worker(URL.createObjectURL(new Blob([\'fetch("{secret}", {{mode: "no-cors"}})\'])))',
        "fetch('/leads-there')",
    ],
)
def test_a_script_reaches_no_private_address(
    rendering: Fetcher, server: Loopback, elsewhere: Loopback, script: str
) -> None:
    secret = elsewhere.url.replace("127.0.0.1", "localhost") + "/secret"  # only 127.0.0.1 is allowed by name
    elsewhere.says("/secret", reply(b"secret", Access_Control_Allow_Origin="*"))
    server.says("/leads-there", reply(status=302, location=secret))
    body = f"<h1>Figures</h1><script>{script.format(secret=secret)}</script>"
    text = f"<html><title>T</title><body>{body}</body></html>"
    url = server.says("/figures", reply(text.encode()))
    capture = fetch_page(rendering, url, render="browser")
    assert elsewhere.paths() == []
    assert b"secret</" not in capture.body.replace(b"/secret", b"")


def test_a_script_reaches_its_own_host_where_that_is_allowed(fetcher: Make, server: Loopback) -> None:
    text = "<html><title>T</title><h1>F</h1><script>fetch('/figures.json')</script></html>"
    allowed = fetcher(allow_hosts=frozenset({"127.0.0.1"}), limits=Limits(connect=2, idle=5, total=20))
    fetch_page(allowed, server.says("/figures", reply(text.encode())), render="browser")
    assert "/figures.json" in server.paths()


def test_a_script_does_not_reach_a_host_that_is_allowed_for_another_source(
    fetcher: Make, server: Loopback, elsewhere: Loopback
) -> None:
    url = elsewhere.url.replace("127.0.0.1", "localhost") + "/secret"
    text = f"<html><title>T</title><h1>F</h1><script>fetch('{url}', {{mode: 'no-cors'}})</script></html>"
    allowed = fetcher(
        allow_hosts=frozenset({"127.0.0.1", "localhost"}), limits=Limits(connect=2, idle=5, total=20)
    )
    fetch_page(allowed, server.says("/figures", reply(text.encode())), render="browser")
    assert elsewhere.paths() == []


def test_a_file_and_a_refusal_need_no_browser(fetcher: Make, server: Loopback) -> None:
    quick = fetcher()
    file = fetch_page(quick, server.says("/a.pdf", reply(PDF, content_type="application/pdf")), render="browser")
    assert (file.verdict, file.body) == (Verdict.PRESENT, PDF)
    refused = fetch_page(quick, server.says("/no", reply(b"no", status=403)), render="browser")
    assert refused.verdict is Verdict.BLOCKED


def test_a_script_that_never_ends_is_told(fetcher: Make, server: Loopback) -> None:
    url = server.says("/figures", reply(b"<html><title>T</title><script>for (;;);</script><h1>F</h1></html>"))
    capture = fetch_page(fetcher(limits=Limits(connect=2, idle=2, total=2)), url, render="browser")
    assert capture.verdict is Verdict.TRUNCATED
    assert "browser" in capture.reason


SOME = (
    "filled late by slow data",
    "a frame in a frame",
    "a closed shadow root",
    "a consent click that posts a form",
    "data answered 503",
    "popups from links that click themselves",
    "a loop after it was loaded",
    "eats memory in arrays",
    "a frame of a private address",
    "a redirect to a private address",
    "about:blank",
    "an empty shell",
)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name in SOME], ids=lambda page: page.name)
def test_a_made_page_is_read_or_said_to_have_failed(page: ScriptedPage) -> None:
    """Some of the pages of ``benchmarks.browser``; none asks a private address."""
    assert look_at(page, seconds=6.0).wrong(6.0) == ""


def test_data_that_scripts_load_are_offered(rendering: Fetcher, server: Loopback, scripted: str) -> None:
    fetch_page(rendering, scripted, render="browser")
    (data,) = rendering.loaded_by(scripted)
    assert (data.url, data.media_type) == (f"{server.url}/data.json", "application/json")


def test_a_missing_browser_is_told_with_its_remedy(
    server: Loopback, fetcher: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    url = server.says("/figures", reply(SCRIPTED.encode()))
    with pytest.raises(ConfigError, match="apt install chromium"):
        fetch_page(fetcher(), url, render="browser")


def test_closing_without_a_page_starts_nothing() -> None:
    Renderer(lambda *_, **__: pytest.fail("nothing is to be asked"), limits=Limits()).close()
