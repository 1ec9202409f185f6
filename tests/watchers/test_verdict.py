from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from state.model import Verdict
from watchers.classify.verdict import judge_answer
from watchers.fetching.response import Answer

URL = "https://www.example.gov/detain/statistics"
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LONG = "<p>" + "The number of persons in detention is published by field office. " * 80 + "</p>"
REPO = Path(__file__).parents[2]


def page(title: str, body: str = "", *, heading: str | None = None) -> bytes:
    shown = title if heading is None else heading
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
    return f"{head}<body><h1>{shown}</h1>{body}</body></html>".encode()


def verdict_on(
    body: bytes = b"", *, status: int = 200, media_type: str = "text/html", url: str = URL, **headers: str
) -> Verdict:
    lines = (("Content-Type", media_type), *((name.replace("_", "-"), value) for name, value in headers.items()))
    answer = Answer(url=url, final_url=url, at=AT, status=status, headers=lines, body=body)
    verdict, reason = judge_answer(answer)
    assert reason
    assert "\n" not in reason
    return verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.PRESENT),
        (203, Verdict.PRESENT),
        (206, Verdict.TRUNCATED),
        (304, Verdict.UNCHANGED),
        (400, Verdict.UNREACHABLE),
        (401, Verdict.BLOCKED),
        (403, Verdict.BLOCKED),
        (404, Verdict.GONE),
        (410, Verdict.GONE),
        (418, Verdict.UNREACHABLE),
        (429, Verdict.BLOCKED),
        (451, Verdict.BLOCKED),
        (500, Verdict.UNREACHABLE),
        (502, Verdict.UNREACHABLE),
        (503, Verdict.UNREACHABLE),
        (504, Verdict.UNREACHABLE),
    ],
)
def test_statuses(status: int, verdict: Verdict) -> None:
    assert verdict_on(page("Statistics"), status=status) is verdict


@pytest.mark.parametrize("status", [200, 202, 404, 503])
@pytest.mark.parametrize(
    "body",
    [
        page("Access Denied", "You don't have permission to access this server. Reference #18.2f"),
        page("Just a moment...", "Checking your browser before accessing the site. Ray ID: 8f", heading=""),
        page("Attention Required! | Cloudflare", "Sorry, you have been blocked"),
        page("Pardon Our Interruption", "As you were browsing something made us think you were a bot."),
        page("Human Verification", "Complete the CAPTCHA"),
        page("Request Rejected", "The requested URL was rejected. Please consult with your administrator."),
        b"<html><body><iframe src='/_Incapsula_Resource?x=1'>Request</iframe></body></html>",
        b"<html><body>Access to this page has been denied: we believe you are a machine.</body></html>",
        b"<html><head><title></title></head><body><script>window._cf_chl_opt={a:1}</script></body></html>",
    ],
)
def test_challenges_are_blocked_whatever_their_status(body: bytes, status: int) -> None:
    assert verdict_on(body, status=status) is Verdict.BLOCKED


CHALLENGES = sorted((Path(__file__).parent / "challenges").glob("*.html"))


@pytest.mark.parametrize("path", CHALLENGES, ids=lambda path: path.stem)
@pytest.mark.parametrize("status", [200, 202, 405, 503])
def test_the_challenges_of_content_networks(path: Path, status: int) -> None:
    assert verdict_on(path.read_bytes(), status=status) is Verdict.BLOCKED


def test_a_challenge_that_only_the_headers_tell() -> None:
    assert verdict_on(page("www.example.gov"), status=403, cf_mitigated="challenge") is Verdict.BLOCKED
    assert verdict_on(page("www.example.gov"), cf_mitigated="challenge") is Verdict.BLOCKED


@pytest.mark.parametrize("status", [200, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        page("Scheduled maintenance", "We are back at 6 a.m."),
        page("Site Maintenance"),
        page("We’ll be back soon!"),
        page("www.example.gov", "", heading="This site is temporarily unavailable"),
        page("The site is undergoing scheduled maintenance"),
        page("Sitio en mantenimiento"),
    ],
)
def test_maintenance(body: bytes, status: int) -> None:
    assert verdict_on(body, status=status) is Verdict.MAINTENANCE


@pytest.mark.parametrize(
    "body",
    [
        page("Page not found | ICE"),
        page("404"),
        page("ICE", "", heading="Sorry, we couldn’t find that page"),
        page("ICE", "", heading="The page you requested cannot be found"),
        page("This page no longer exists"),
        page("Error: the document does not exist"),
        page("Agency.gov Page Not Found"),
        page("Error 404 - Agency", "", heading="Oops!"),
        page("Página no encontrada | Agencia"),
        page("Error", "", heading="No se encontró la página"),
        page("La página solicitada no existe"),
        page("Lo sentimos, no pudimos encontrar la página"),
    ],
)
def test_a_page_that_says_it_was_not_found_is_a_move(body: bytes) -> None:
    assert verdict_on(body) is Verdict.MOVED


def test_a_bare_page_of_maintenance_under_the_name_of_the_site() -> None:
    said = "<p>This site is currently undergoing scheduled maintenance and will be back at 6 a.m.</p>"
    assert verdict_on(page("Agency.gov", said)) is Verdict.MAINTENANCE
    assert verdict_on(page("Agency.gov", said + LONG)) is Verdict.PRESENT


def test_a_page_that_only_sends_on_is_a_move() -> None:
    refresh = b"<html><head><meta http-equiv='refresh' content='0; url=/home'></head><body>Moved</body></html>"
    assert verdict_on(refresh) is Verdict.MOVED
    slow = refresh.replace(b"0; url", b"600; url")
    assert verdict_on(slow) is Verdict.PRESENT
    assert verdict_on(refresh.replace(b"Moved", LONG.encode())) is Verdict.PRESENT


@pytest.mark.parametrize(
    "title",
    [
        "Access Denied: how the agency turns away lawyers",
        "404 facilities inspected",
        "Records not found: a report",
        "Scheduled maintenance of detention facilities",
        "Human verification of records",
        "Are you a human? Trafficking indicators",
    ],
)
def test_a_real_document_may_speak_of_anything(title: str) -> None:
    assert verdict_on(page(title, LONG)) is Verdict.PRESENT


@pytest.mark.parametrize(
    "title",
    [
        "Agency: access denied to inspectors at three jails",
        "Judge rules that access was denied",
        "Access denied: how three jails turned inspectors away",
        "Evidence not found in 404 cases, agency says",
        "404 arrested in Houston",
        "Agency announces scheduled maintenance of the detention locator",
        "Forbidden goods seized in Laredo",
        "Report no longer available to Congress, members say",
        "Security check finds 12 weapons",
        "No se encontró a 12 menores, dice la agencia",
    ],
)
def test_a_short_press_release_may_speak_of_it_in_its_headline(title: str) -> None:
    body = "<p>The page not found, access denied, and the maintenance of the site are under investigation.</p>"
    assert verdict_on(page(f"{title} | Agency", body, heading=title)) is Verdict.PRESENT


def test_machinery_of_a_content_network_in_an_ordinary_page_means_nothing() -> None:
    script = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
    assert verdict_on(page("Statistics", f"<p>42</p>{script}")) is Verdict.PRESENT
    assert (
        verdict_on(page("Statistics", f"{LONG}<script src='/_Incapsula_Resource?SW=1'></script>"))
        is Verdict.PRESENT
    )


@pytest.mark.parametrize("body", [b"", b" \r\n\t "])
def test_nothing(body: bytes) -> None:
    assert verdict_on(body) is Verdict.EMPTY
    assert verdict_on(body, media_type="application/pdf", url=f"{URL}/a.pdf") is Verdict.EMPTY


def test_a_file_is_no_page_whatever_the_server_calls_it() -> None:
    body = b"%PDF-1.4 Access Denied 404 not found\n%%EOF\n"
    assert verdict_on(body, media_type="text/html", url=f"{URL}/a.pdf") is Verdict.PRESENT
    assert verdict_on(b"\xef\xbb\xbfa,b\n1,2\n", media_type="text/csv", url=f"{URL}/a.csv") is Verdict.PRESENT


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (b"Access Denied", Verdict.BLOCKED),
        (b"Forbidden\n", Verdict.BLOCKED),
        (b'{"message": "Forbidden"}', Verdict.BLOCKED),
        (b"<Error><Message>Access Denied</Message></Error>", Verdict.BLOCKED),
        (b"404 page not found", Verdict.MOVED),
        (b'{"error": {"code": 404, "message": "Not found", "details": []}}', Verdict.MOVED),
        (b"Service Unavailable", Verdict.MAINTENANCE),
        (b'{"status": "error", "message": "The site is down for maintenance"}', Verdict.MAINTENANCE),
        (b"Office,Not found\nEl Paso,3\n", Verdict.PRESENT),
        (b"Access Denied\n12\n", Verdict.PRESENT),
        (b'{"office": "El Paso", "status": "not found"}', Verdict.PRESENT),
        (b'{"message": "Statistics of March"}', Verdict.PRESENT),
        (b'[{"title": "Access denied to inspectors at three jails"}]', Verdict.PRESENT),
        (b'{"errors": ' + b"[" * 400 + b"]" * 400 + b"}", Verdict.PRESENT),
    ],
)
@pytest.mark.parametrize("name", ["data.csv", "data.json", "data.pdf"])
def test_a_remark_in_place_of_a_file(body: bytes, verdict: Verdict, name: str) -> None:
    assert verdict_on(body, media_type="application/octet-stream", url=f"{URL}/{name}") is verdict


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.geojson", "a.ods", "a.xlsb", "a.rtf", "a.gz"])
@pytest.mark.parametrize("called", ["text/html", "application/octet-stream", ""])
def test_a_web_page_where_a_file_was_is_another_place_whatever_the_format(name: str, called: str) -> None:
    page = b"<!doctype html><html><head><title>Statistics</title></head><body><p>Our figures</p></body></html>"
    assert verdict_on(page, media_type=called, url=f"{URL}/{name}") is Verdict.MOVED


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body><div><p>An old page that nobody closed</div>",
        b"<p>A bare paragraph without any page around it",
        b"<html><body><ul><li>1<li>2</ul><p>5 < 6 and 7 > 6</body>",
        b"<html><body><table><tr><td>1</table><script>if (a < b) c()</script></body></html>\n<!-- 3 ms -->",
        b"<html><body><!-- <table> --><p>1</p></body></html>",
        b"<html><SCRIPT>'<table>'</Script ><style>a{}</style><body><!-- a --><p>1<!-- <div> -->",
    ],
)
def test_sloppy_pages_are_not_cut(body: bytes) -> None:
    assert verdict_on(body) is Verdict.PRESENT


@pytest.mark.parametrize("opening", [b"<h2", b"<script>", b"<!--", b"<title>", b"<table><tr><td>", b"<"])
def test_a_page_that_opens_again_and_again_takes_no_longer(opening: bytes) -> None:
    """Ways of looking that start anew at each opening would need minutes or hours here."""
    body = b"<html><body>" + opening * (1_000_000 // len(opening))
    assert verdict_on(body) is Verdict.TRUNCATED


RELEASES = REPO.parent / "shared" / "releases"
TYPES = {".html": "text/html", ".pdf": "application/pdf", ".csv": "text/csv", ".xlsx": "application/zip"}


@pytest.mark.skipif(not RELEASES.is_dir(), reason="the real releases are not on this machine")
def test_every_real_release_is_present() -> None:
    files = [path for path in sorted(RELEASES.rglob("*")) if path.suffix in TYPES]
    judged = {
        path.name: verdict_on(path.read_bytes(), media_type=TYPES[path.suffix], url=f"{URL}/{path.name}")
        for path in files
    }
    assert {name for name, verdict in judged.items() if verdict is not Verdict.PRESENT} == set()


@pytest.mark.skipif(not RELEASES.is_dir(), reason="the real releases are not on this machine")
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_most_real_releases_cut_short_are_noticed(share: float) -> None:
    """All but text formats, which have no end to miss; a page cut where nothing is open shows nothing either."""
    files = [path for path in sorted(RELEASES.rglob("*")) if path.suffix in (".html", ".pdf", ".xlsx")]
    cut = {path: path.read_bytes()[: int(path.stat().st_size * share)] for path in files}
    missed = [
        path.name
        for path, body in cut.items()
        if verdict_on(body, media_type=TYPES[path.suffix], url=f"{URL}/{path.name}") is Verdict.PRESENT
    ]
    assert missed == []


@pytest.mark.parametrize(
    "frame",
    [
        b'<iframe title="Report" src="https://app.powerbi.com/view?r=eyJr" width="1140" height="541"></iframe>',
        b'<div class="tableauPlaceholder"><object class="tableauViz"></object></div><script>viz()</script>',
        b'<iframe src="https://agency.maps.arcgis.com/apps/dashboards/12ab"></iframe>',
    ],
)
def test_a_dashboard_in_a_frame_cannot_be_read_without_a_browser(frame: bytes) -> None:
    head = b"<!doctype html><html><head><title>Beds</title></head><body><h1>Beds in use</h1>"
    text = b"<p>" + b"The report explains at length how beds are counted and who counts them. " * 4 + b"</p>"
    headers = (("Content-Type", "text/html"),)
    asked = Answer(url=URL, final_url=URL, at=AT, status=200, headers=headers, body=head + frame)
    verdict, reason = judge_answer(asked)
    assert verdict is Verdict.EMPTY
    assert "without a browser" in reason
    assert verdict_on(head + frame + text) is Verdict.PRESENT


@pytest.mark.parametrize("host", ["m.agency.example", "mobile.agency.example", "amp.agency.example"])
def test_an_edition_for_telephones_is_what_the_server_makes_of_who_asks(host: str) -> None:
    answer = Answer(
        url="https://www.agency.example/data",
        final_url=f"https://{host}/data",
        at=AT,
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=page("Data", LONG),
        redirects=((302, "https://www.agency.example/data"),),
    )
    assert judge_answer(answer)[0] is Verdict.BLOCKED
