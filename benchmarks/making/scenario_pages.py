"""Pages and files that meet with something, and what that is called; what passes is for operators."""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from benchmarks.peers.serving import good
from tests.incidents.making import HTML, Grid, Reply, csv, workbook

Rows = tuple[tuple[str, str, int, int], ...]

HEADER = ("Facility", "State", "Average daily population", "Deaths")
ROWS: Rows = (
    ("Alder County Jail", "MS", 2_154, 1), ("Birch Processing Center", "GA", 1_814, 2),
    ("Cedar Detention Facility", "TX", 1_675, 0), ("Dogwood Correctional Center", "LA", 1_528, 1),
    ("Elm Processing Center", "CA", 1_358, 0), ("Fir Staging Facility", "AZ", 1_277, 1),
    ("Ginkgo Regional Jail", "PA", 1_204, 0), ("Hazel Detention Facility", "TX", 1_021, 1),
    ("Ironwood County Jail", "CO", 987, 0), ("Juniper Processing Center", "FL", 803, 2),
)  # fmt: skip
_LINK = "<p><a href='/files/methods.html'>How the figures are made</a></p>"
_DEFINITION = "A <em>facility</em> is defined as a place that holds persons for 72 hours or more."
_TOTAL = "Cumulative removals, fiscal year to date: <strong>271,484</strong>"
_NEARLY = tuple((*row[:2], 1_431 if row[0].startswith("Dogwood") else row[2], row[3]) for row in ROWS)


@dataclass(frozen=True)
class Scenario:
    """What an address answers, step by step, and the kinds that are to reach watchdogs and operators.

    ``may`` is true too and may be said; ``words`` have to stand in what is said, or in the history where
    nothing is to reach anybody. ``beside`` are other addresses of the server, ``follows`` a pattern of what the
    monitor is to follow of a list; ``shown`` are pages that a browser has to put together.
    """

    name: str
    steps: tuple[Reply, ...]
    watchdogs: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    suffix: str = ".html"
    beside: Mapping[str, tuple[Reply, ...]] = field(default_factory=dict)
    follows: str = ""
    shown: bool = False


def one_less() -> Rows:
    """The rows without Dogwood."""
    return (*ROWS[:3], *ROWS[4:])


def page(rows: Rows = ROWS, *, updated: str = "January 13, 2025") -> bytes:
    """A page of statistics: a definition, a table, a total, a link."""
    head = "".join(f"<th>{name}</th>" for name in HEADER)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell) if isinstance(cell, str) else f'{cell:,}'}</td>" for cell in row)
        + "</tr>\n"
        for row in rows
    )  # fmt: skip
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Detention statistics | Agency</title>"
        "</head><body><nav><a href='/'>Home</a> <a href='/statistics'>Statistics</a></nav><main>\n"
        f"<h1>Detention statistics</h1>\n<p>Last updated: {updated}</p>\n"
        f"<p>The agency publishes these figures every two weeks. {_DEFINITION}</p>\n"
        f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n<p>{_TOTAL}</p>\n{_LINK}\n"
        "</main><footer>Agency of Records</footer></body></html>"
    ).encode()


def _without(words: str, instead: str = "") -> Reply:
    whole = page()
    assert words.encode() in whole
    return good(whole.replace(words.encode(), instead.encode()))


def plain(title: str, text: str, *, status: int = 200) -> Reply:
    """A short page in the frame of the site."""
    body = (
        f"<!doctype html><html><head><title>{title} | Agency</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><h1>{title}</h1><p>{text}</p></main><footer>Agency of Records</footer></body></html>"
    )
    return Reply(status=status, body=body.encode(), headers=(("Content-Type", HTML),))


def _in_frame(notice: str) -> Reply:
    """The page with a notice in place of its main part: its title, menus and footer stay."""
    start, rest = page().split(b"<main>")
    menus = "".join(f"<li><a href='/topic/{number}'>Topic {number} of the agency</a></li>" for number in range(60))
    footer = rest.partition(b"</main>")[2]
    return good(start + f"<ul>{menus}</ul><main><p>{notice}</p></main>".encode() + footer)


def _pdf(rows: Rows) -> Reply:
    stream = io.BytesIO()
    styles = getSampleStyleSheet()
    cells = [HEADER, *((name, state, f"{adp:,}", str(deaths)) for name, state, adp, deaths in rows)]
    document = SimpleDocTemplate(stream, pagesize=letter, title="Detention statistics", invariant=1)
    document.build(
        [Paragraph("Detention statistics", styles["Title"]), Spacer(1, 12), Table([list(row) for row in cells])]
    )
    return good(stream.getvalue())


def _workbook(rows: Rows) -> Reply:
    return good(workbook({"Facilities": [Grid("Detention statistics", list(HEADER), list(rows))]}))


def table_of(rows: Rows) -> Reply:
    """The rows as a list of their own."""
    return good(csv(HEADER, rows))


HOME = plain("Welcome", "News and careers of the agency.")
"""What ``/`` answers."""

_GONE = plain("Not found", "The requested address was not found.", status=404)
_FOR_GOOD = plain("Gone", "This page was removed.", status=410)
_TO_HOME = Reply(status=302, headers=(("Location", "/"),))
_SOFT = plain("Page not found", "The page you requested could not be found. It may have been moved or archived.")
_DENIED = plain("Access Denied", "You don't have permission to access this page.", status=403)
_CHALLENGE = plain("Just a moment...", "Checking your browser. Enable JavaScript and cookies to continue.")
_DOWN = plain("Service Unavailable", "The server is busy.", status=503)
_EMPTY = Reply(status=200, headers=(("Content-Type", HTML),))
_HERE = good(page())
_LOST_IN_FRAME = _in_frame("The page you requested could not be found.")
_UPKEEP_IN_FRAME = _in_frame("This site is currently undergoing scheduled maintenance. Please check back later.")
SAME_DATE = frozenset({"silent-edit"})


def kinds(*names: str) -> frozenset[str]:
    """Kinds of findings."""
    return frozenset(names)


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("gone, 404", (_HERE, _GONE, _GONE), kinds("page-gone")),
    Scenario("gone, 410", (_HERE, _FOR_GOOD, _FOR_GOOD), kinds("page-gone")),
    Scenario("sent to the front page", (_HERE, _TO_HOME, _TO_HOME), kinds("page-moved")),
    Scenario("“page not found” with status 200", (_HERE, _SOFT, _SOFT), kinds("page-moved")),
    Scenario(
        "“could not be found” within the page's title and menus",
        (_HERE, _LOST_IN_FRAME, _LOST_IN_FRAME),
        kinds("page-moved"),
    ),
    Scenario(
        "maintenance within the page's title and menus, once",
        (_HERE, _UPKEEP_IN_FRAME, _HERE),
        operators=kinds("source-unreachable"),
    ),
    Scenario("403 once", (_HERE, _DENIED, _HERE), operators=kinds("source-blocked")),
    Scenario("403 from now on", (_HERE, _DENIED, _DENIED), operators=kinds("source-blocked")),
    Scenario("an anti-bot page once", (_HERE, _CHALLENGE, _HERE), operators=kinds("source-blocked")),
    Scenario("503 once", (_HERE, _DOWN, _HERE), operators=kinds("source-unreachable")),
    Scenario("empty once", (_HERE, _EMPTY, _HERE), operators=kinds("source-unreachable")),
    Scenario("rows re-ordered", (_HERE, good(page(tuple(sorted(ROWS, key=lambda row: row[2])))))),
    Scenario("only the date moved", (_HERE, good(page(updated="January 20, 2025")))),
    Scenario(
        "a row removed from a page",
        (_HERE, good(page(one_less()))),
        kinds("rows-vanished"),
        may=SAME_DATE,
        words=("Dogwood Correctional Center",),
    ),
    Scenario(
        "a row removed from a list",
        (table_of(ROWS), table_of(one_less())),
        kinds("rows-vanished"),
        words=("Dogwood Correctional Center",),
        suffix=".csv",
    ),
    Scenario(
        "a definition rewritten",
        (_HERE, _without("72 hours or more", "more than 120 hours")),
        kinds("definition-changed"),
        may=SAME_DATE,
        words=("facility", "72 hours or more", "more than 120 hours"),
    ),
    Scenario(
        "a cumulative figure in a sentence fell",
        (_HERE, _without("271,484", "268,902")),
        kinds("cumulative-decreased"),
        may=SAME_DATE,
        words=("271,484", "268,902"),
    ),
    Scenario(
        "a link removed",
        (_HERE, _without(_LINK)),
        kinds("link-vanished"),
        may=SAME_DATE,
        words=("How the figures are made",),
    ),
    Scenario(
        "a link leads elsewhere",
        (_HERE, _without("/files/methods.html", "https://elsewhere.example/methods.html")),
        kinds("link-retargeted"),
        may=SAME_DATE,
        words=("https://elsewhere.example/methods.html",),
    ),
    Scenario("one figure of a PDF", (_pdf(ROWS), _pdf(_NEARLY)), words=("1,528", "1,431"), suffix=".pdf"),
    Scenario(
        "one figure of a workbook", (_workbook(ROWS), _workbook(_NEARLY)), words=("1,528", "1,431"), suffix=".xlsx"
    ),
)
"""All of them. An ordinary figure that changed is history for whoever looks, and wakes nobody."""
