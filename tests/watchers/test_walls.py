"""Known walls are told by what they are made of; a document may speak of any of it."""

import json

import pytest

from state.model import Verdict
from tests.watchers.test_notices import AT, FRAMES, TABLE, TEXT, URL, in_frame, verdict_on
from watchers.classify.verdict import judge_answer
from watchers.fetching.response import Answer

FIELDS = "<form method=post><input name=user><input type='password' name=word><button>Go</button></form>"
WALLS = {
    "<h1>Member access</h1>" + FIELDS: Verdict.BLOCKED,
    "<h2>Zugang</h2><p>Bitte melden Sie sich an.</p>" + FIELDS.replace("'password'", "PASSWORD"): Verdict.BLOCKED,
    "<h2>Your privacy matters</h2><p>We and our partners use cookies.</p><button>Agree</button>"
    "<button>Decline</button>": Verdict.BLOCKED,
    "<h2>Datenschutz</h2><p>Wir nutzen Cookies.</p><a role=button href=#>Alle akzeptieren</a>": Verdict.BLOCKED,
    "<h1>Virtual queue</h1><p>Number of users in line ahead of you: 1204</p>": Verdict.BLOCKED,
    "<p>This content is not available in your region.</p>": Verdict.BLOCKED,
    "<p>Sorry, this site is not accessible from your country.</p>": Verdict.BLOCKED,
    "<p>Error establishing a database connection</p>": Verdict.UNREACHABLE,
    "<p><b>Fatal error</b>: Uncaught Exception: no such table in /var/www/x.php:12</p>": Verdict.UNREACHABLE,
    "<p>{{ page.title }}</p><p>{{ page.body }}</p>": Verdict.UNREACHABLE,
    "<table><tr><th>Office</th><th>Arrests</th></tr><tr><td colspan=2>Data is loading…</td></tr></table>"
    + TEXT: Verdict.UNREACHABLE,
    "<table><thead><tr><th>Oficina</th></tr></thead><tr><td><span>Cargando datos...</span></td></tr></table>"
    + TEXT: Verdict.UNREACHABLE,
}
BARE = {
    (
        "Welcome to nginx!",
        "<h1>Welcome to nginx!</h1><p>If you see this page, it is installed.</p>",
    ): Verdict.UNREACHABLE,
    ("Apache2 Debian Default Page: It works", "<p>This is the default welcome page.</p>"): Verdict.UNREACHABLE,
    ("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center>"): Verdict.UNREACHABLE,
    ("Runtime Error", "<h1>Server Error in '/' Application.</h1><p>Details: none.</p>"): Verdict.UNREACHABLE,
    ("Statistics", "<div id=app></div><script src=/a.js></script>"): Verdict.EMPTY,
    ("", "<noscript>Please turn on scripts.</noscript><script>boot()</script>"): Verdict.EMPTY,
}
ORDINARY = (
    TEXT + "<p>Members may sign in for more.</p>" + FIELDS + TEXT,
    TABLE * 2 + "<p>We use cookies and value your privacy.</p><button>Accept all</button>" + TEXT * 2,
    "<p>Inspectors found people waiting in line for eleven hours in the waiting room of the field office.</p>"
    + TEXT * 2,
    "<h2>Database error: counts for March corrected</h2>" + TEXT,
    "<h2>An error in the tables of 2024 was corrected</h2><p>The figures for Hall County changed.</p>",
    "<p>Set {{name}} in the form letter and print it for each respondent of the docket.</p>" + TEXT,
    "<table><tr><th>Stage</th><th>Trucks</th></tr><tr><td>Loading</td><td>12</td></tr></table>" + TEXT,
    TEXT + "<script>count()</script>",
    "<p>Services are not available in this area of the state: Hall, Pine and Lake.</p>" + TEXT * 2,
)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("said", WALLS)
def test_a_wall_in_the_frame_of_its_site(said: str, frame: str) -> None:
    if "Datenschutz" in said or "privacy" in said:
        body = f"<html><body><main>{said}</main></body></html>".encode()  # such a wall has no frame
    else:
        body = in_frame(said, frame=frame)
    assert verdict_on(body) is WALLS[said]


@pytest.mark.parametrize("page", BARE)
def test_a_bare_wall(page: tuple[str, str]) -> None:
    title, said = page
    body = f"<!doctype html><html><head><title>{title}</title></head><body>{said}</body></html>"
    assert verdict_on(body.encode()) is BARE[page]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("said", ORDINARY)
def test_a_document_that_speaks_of_it_is_present(said: str, frame: str) -> None:
    assert verdict_on(in_frame(said, frame=frame)) is Verdict.PRESENT


def verdict_on_data(body: bytes, media_type: str = "application/json") -> tuple[Verdict, str]:
    headers = (("Content-Type", media_type),)
    return judge_answer(
        Answer(url=f"{URL}/api", final_url=f"{URL}/api", at=AT, status=200, headers=headers, body=body)
    )


@pytest.mark.parametrize(
    "said",
    [
        {"error": {"code": 429, "message": "Quota used up", "trace": ["a", "b"]}},
        {"errors": [{"reason": "Bad column: yr"}], "columns": []},
        {"success": False, "message": "Query timed out", "help": "/docs"},
        {"statusCode": 503, "message": "Backend down", "data": None},
        {"status": "error", "message": "No such table"},
    ],
)
def test_an_error_object_in_place_of_data(said: dict) -> None:
    verdict, reason = verdict_on_data(json.dumps(said).encode())
    assert verdict is Verdict.UNREACHABLE
    assert "error in place of the data" in reason


@pytest.mark.parametrize(
    "said",
    [
        {"error": None, "data": [{"county": "Hall", "removals": 12}]},
        {"errors": [], "rows": [[1, 2]]},
        {"error": {"rate": 0.2}, "values": [1, 2]},
        {"message": "2024 in figures", "arrests": 120},
        {"status": "ok", "message": "fine", "count": 3},
        {"status": 200, "message": "fine", "Hall": 3},
    ],
)
def test_data_may_bear_the_same_names(said: dict) -> None:
    assert verdict_on_data(json.dumps(said).encode())[0] is Verdict.PRESENT


def test_an_error_as_xml() -> None:
    said = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
    assert not verdict_on_data(said, "application/xml")[0].good
    report = b"<ows:ExceptionReport version='1.0'><ows:Exception/></ows:ExceptionReport>"
    assert verdict_on_data(report, "application/xml")[0] is Verdict.UNREACHABLE
    assert verdict_on_data(b"<records><error-rate>2</error-rate></records>", "application/xml")[0].good
