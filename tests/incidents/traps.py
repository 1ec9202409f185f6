"""What must not alert, as releases at one address and as answers of a server; tests and benchmarks share them.

``TRAPS`` are releases that follow each other and differ in nothing that matters. ``REFUSALS`` are answers of
one round between two good ones: they show nothing about the document.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

import openpyxl
from reportlab.lib.pagesizes import letter
from reportlab.platypus import SimpleDocTemplate, Table

from tests.incidents.making import FACILITIES, Grid, Reply, csv, growing, page, workbook

MONTHS = ("Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")
HEADER = ["Facility", "City", "Total confirmed cases", "FY25 ADP"]
FIGURES = "Figures are published monthly."


def rows(number: int = 0) -> list[list[object]]:
    """Eighty facilities; their counts grow with ``number``."""
    chance = random.Random(12)
    return [
        [name, f"City {n % 30}", 500 + 7 * n + 11 * number, round(chance.uniform(5, 800), 2)]
        for n, name in enumerate(FACILITIES[:80])
    ]


def _sheet(listed: list[list[object]], *, name: str = "Facilities FY25", year: str = "FY25") -> bytes:
    header = [str(cell).replace("FY25", year) for cell in HEADER]
    return workbook({name: [Grid(f"Facilities, {year}", header, listed)]})


def _to_date(year: int, months: int, *, seed: int) -> bytes:
    listed: list[list[object]] = []
    for agency in ("CBP", "ICE"):
        chance = random.Random(f"{seed} {agency}")
        figures = [chance.randint(4_000, 20_000) for _ in MONTHS[:months]]
        listed.append([agency, *figures, *([None] * (12 - months)), sum(figures)])
    totals = [sum(int(str(row[c])) for row in listed) if listed[0][c] is not None else None for c in range(1, 14)]
    title = f"ICE initial book-ins by arresting agency and month: FY{year} YTD"
    return workbook(
        {f"Detention FY{year % 100}": [Grid(title, ["Agency", *MONTHS, "Total"], [*listed, ["Total", *totals]])]}
    )


def _edited(body: bytes, edit: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A workbook opened, edited and saved again."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _by_another_author(book: openpyxl.Workbook) -> None:
    book.properties.creator = "Another Author"
    book.properties.lastModifiedBy = "Another Author"
    book.active.column_dimensions["A"].width = 60


def _three_sheets() -> bytes:
    sheets = {}
    for number, name in enumerate(("Arrests", "Detention", "Removals")):
        chance = random.Random(number)
        listed = [[office, chance.randint(900, 9_000)] for office in ("Atlanta", "Boston", "Dallas", "Miami")]
        sheets[name] = [Grid(f"{name} by office, FY2025", ["Office", "Count"], listed)]
    return workbook(sheets)


def _rows_reordered() -> list[bytes]:
    return [csv(HEADER, rows()), csv(HEADER, random.Random(1).sample(rows(), 80))]


def _columns_reordered() -> list[bytes]:
    order = [0, 3, 2, 1]
    return [csv(HEADER, rows()), csv([HEADER[n] for n in order], [[row[n] for n in order] for row in rows()])]


def _written_otherwise() -> list[bytes]:
    header = ["Key", "Count", "Average", "Share", "Name"]
    before = [["A", "1,234", "5.0", "12%", "County “Main” Jail"], ["B", "2,468", "7.0", "50%", "City—Annex"]]
    after = [["A", "1234", "5", "0.12", 'County "Main" Jail  '], ["B", "2468", "7", "0.5", "City-Annex\u00a0"]]
    return [csv(header, before), csv(header, after)]


def _formatted_otherwise() -> list[bytes]:
    before = _sheet(rows())

    def edit(book: openpyxl.Workbook) -> None:
        for row in book.active.iter_rows(min_row=3, min_col=3, max_col=3):
            row[0].number_format = "#,##0"

    return [before, _edited(before, edit)]


def _respelt() -> list[bytes]:
    respelt = [[str(row[0]).replace("County Jail", "Co. Jail"), *row[1:]] for row in rows()]
    return [csv(HEADER, respelt), csv(HEADER, rows())]


def _saved_again() -> list[bytes]:
    return [_sheet(rows()), _edited(_sheet(rows()), _by_another_author)]


def _moved(*, down: int, right: int) -> list[bytes]:
    def edit(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.insert_rows(1, down)
        if right:
            sheet.insert_cols(1, right)  # openpyxl loses all cells where it is to insert none
        sheet["A1"] = "Note: see the footnotes for how facilities are counted."

    return [_sheet(rows()), _edited(_sheet(rows()), edit)]


def _sheets_reordered() -> list[bytes]:
    before = _three_sheets()
    return [before, _edited(before, lambda book: book.move_sheet("Removals", offset=-2))]


def _hidden_sheets() -> list[bytes]:
    before = _three_sheets()

    def edit(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("Pivot1")
        sheet.sheet_state = "hidden"
        for row in (["Row Labels", "Sum of Count"], ["Atlanta", 4_100], ["Boston", 3_300], ["Grand Total", 7_400]):
            sheet.append(row)

    return [before, _edited(before, edit), _edited(before, _by_another_author)]


def _grown() -> list[bytes]:
    names = [*FACILITIES[:60]]
    bodies = []
    for number, figures in enumerate(growing(names, rounds=4, seed=13)):
        listed: list[list[object]] = [[name, figure] for name, figure in zip(names, figures, strict=True)]
        listed += [[f"Additional place {n}", 10 + n] for n in range(number)]
        bodies.append(csv(["Facility", "Total removals to date"], listed))
    return bodies


def pdf(listed: Sequence[Sequence[object]], *, producer: str, compress: bool = True) -> bytes:
    """A PDF with one table."""
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream, pagesize=letter, title="Facilities", producer=producer, pageCompression=int(compress)
    )
    document.build(
        [Table([["Facility", "City", "Cases", "ADP"], *([str(cell) for cell in row] for row in listed)])]
    )
    return stream.getvalue()


def _listing(releases: Iterable[int]) -> bytes:
    links = (
        f"<li><a href='https://agency.example/files/FY25_statistics{n:02d}.xlsx'>Statistics, release {n}</a></li>"
        for n in releases
    )
    return page("Statistics", FIGURES, f"<ul>{''.join(links)}</ul>")


def _two(change: Callable[[str], bytes], one: str, other: str) -> Callable[[], list[bytes]]:
    return lambda: [change(one), change(other)]


TRAPS: Mapping[str, Callable[[], list[bytes]]] = MappingProxyType(
    {
        "a fiscal year begins: year-to-date figures restart": lambda: [
            _to_date(2025, 12, seed=1),
            _to_date(2026, 1, seed=2),
        ],
        "a year to date goes on": lambda: [_to_date(2025, 5, seed=1), _to_date(2025, 6, seed=1)],
        "rows re-ordered": _rows_reordered,
        "columns re-ordered": _columns_reordered,
        "a sheet renamed for the new year": lambda: [
            _sheet(rows()),
            _sheet(rows(1), name="Facilities FY26", year="FY26"),
        ],
        "sheets re-ordered": _sheets_reordered,
        "a hidden sheet comes and goes": _hidden_sheets,
        "“Last Updated”": lambda: [
            page("Statistics", FIGURES),
            page("Statistics", FIGURES, updated="June 9, 2025"),
        ],
        "“Last Reviewed”": _two(
            lambda text: page("Statistics", FIGURES, f"Last Reviewed: {text}"), "May 1, 2025", "June 9, 2025"
        ),
        "nonces": _two(
            lambda text: page("Statistics", FIGURES, chrome=f"<script nonce='{text}'>run()</script>"),
            "a81f",
            "77c0",
        ),
        "session ids in links": _two(
            lambda text: page(
                "Statistics",
                FIGURES,
                f"<a href='/reports.html;jsessionid={text}?sid={text}'>Earlier reports</a>",
                f"<a href='/glossary?PHPSESSID={text}'>Glossary</a>",
            ),
            "8F3A11C0D2E94B7790AA51",
            "1C77D0E2AB604F1E8812C9",
        ),
        "CSRF tokens": _two(
            lambda text: page(
                "Statistics",
                FIGURES,
                f"<form><input type='hidden' name='csrf' value='{text}'></form>",
                chrome=f"<meta name='csrf-token' content='{text}'>",
            ),
            "9c1f4e",
            "07ab2d",
        ),
        "ad and analytics markup": _two(
            lambda text: page(
                "Statistics",
                FIGURES,
                f"<div class='ad-slot'><a href='https://ads.example/c/{text}'>Sponsored {text}</a></div>",
                f"<img src='https://stats.example/pixel.gif?{text}' width='1' height='1' alt=''>",
                chrome=f"<script>window.dataLayer=[{{visit:'{text}'}}]</script>",
            ),
            "1044",
            "2093",
        ),
        "a rotating banner": _two(
            lambda text: page("Statistics", f"<div class='rotating-banner' role='banner'>{text}</div>", FIGURES),
            "Now hiring: join the team",
            "Photo of the week: a day at the academy",
        ),
        "asset hashes in addresses": _two(
            lambda text: page(
                "Statistics",
                FIGURES,
                f"<img src='/img/seal.{text}.png' alt='Seal'>",
                chrome=f"<link rel='stylesheet' href='/site.{text}.css'><script src='/site.js?v={text}'></script>",
            ),
            "4f2c91d0",
            "b7710ae3",
        ),
        "a cookie bar": lambda: [
            page("Statistics", FIGURES),
            page("Statistics", "<div class='cookie-banner'>We use cookies. Accept all.</div>", FIGURES),
        ],
        "a view counter": _two(
            lambda text: page("Statistics", FIGURES, f"<p class='views'>Viewed {text} times</p>"),
            "10,411",
            "10,977",
        ),
        "number formats in a list: 1,234 or 1234, 5.0 or 5, 12% or 0.12, blanks at the end": _written_otherwise,
        "number formats in a workbook": _formatted_otherwise,
        "non-breaking spaces, curly quotes and dashes": lambda: [
            page("Statistics", "The program’s\u00a0“figures” are published – monthly."),
            page("Statistics", 'The program\'s "figures" are published - monthly.'),
        ],
        "soft hyphens": lambda: [
            page("Statistics", "Removals by jurisdiction are published monthly."),
            page("Statistics", "Remov\u00adals by juris\u00addiction are pub\u00adlished monthly."),
        ],
        "facilities re-spelt: “Co. Jail” to “County Jail”": _respelt,
        "a PDF saved again by another program": lambda: [
            pdf(rows()[:30], producer="Acrobat Distiller 6.0.1"),
            pdf(rows()[:30], producer="Quartz PDFContext", compress=False),
        ],
        "a workbook saved again": _saved_again,
        "a table moved by a few rows, a note above it": lambda: _moved(down=3, right=0),
        "a table moved by a few rows and columns": lambda: _moved(down=4, right=2),
        "a larger release, all figures grown": _grown,
        "a listing links one more release": lambda: [_listing(range(3)), _listing(range(4)), _listing(range(5))],
        "a listing links the newest release alone": lambda: [_listing([3]), _listing([4]), _listing([5])],
    }
)
"""What is different -> the releases, oldest first."""

_HTML = (("Content-Type", "text/html; charset=utf-8"),)


def _says(title: str, text: str, *, status: int) -> Reply:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    return Reply(status=status, body=body.encode(), headers=_HTML)


_DENIED = "You don't have permission to access this page on this server. Reference #18.2d351ab8"
_CHECKING = "Checking your browser before accessing the site. Enable JavaScript and cookies to continue."

REFUSALS: Mapping[str, Reply] = MappingProxyType(
    {
        "an anti-bot page with status 200": _says("Just a moment...", _CHECKING, status=200),
        "an anti-bot page with status 403": _says("Attention Required!", _CHECKING, status=403),
        "403": _says("Access Denied", _DENIED, status=403),
        "429": _says("Too Many Requests", "Slow down.", status=429),
        "500": _says("Internal Server Error", "An error occurred.", status=500),
        "502": _says("Bad Gateway", "The proxy got no answer.", status=502),
        "503": _says("Service Unavailable", "The server is busy.", status=503),
        "a maintenance page with status 200": _says(
            "Scheduled maintenance",
            "This site is down for scheduled maintenance. We will be back soon.",
            status=200,
        ),
        "a body that is cut off": Reply(
            status=200,
            body=page("Statistics", FIGURES, "<table><tr><th>Office</th></tr><tr><td>Atlanta</td></tr></table>")[
                :330
            ],
            headers=_HTML,
        ),
        "an empty body": Reply(status=200, headers=_HTML),
        "404 for one round": _says("Not Found", "The requested address was not found.", status=404),
    }
)
"""What one round brings instead of the document -> the answer."""
