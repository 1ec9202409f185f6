"""Write the demo's site: ``python -m demo.make_documents`` (needs the development dependencies).

The files are committed, so that the demo itself needs no writer of PDFs or workbooks. What is quoted, what
is derived and what is invented stands in ``demo/pages.py`` and ``demo/jurisdictions.py``.
"""
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path

from openpyxl.styles.fonts import Font
from openpyxl.workbook.workbook import Workbook
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from demo import pages
from demo.jurisdictions import LEAVER, Removals, activations, editions

SITE = Path(__file__).parent / "site"

_BODY = getSampleStyleSheet()["BodyText"]
_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=10.5, leading=14)
_GRID = TableStyle(
    [
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
        ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("ALIGN", (1, 1), (-1, -1), "RIGHT"),
        ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
    ]
)


def make_pdf(
    title: str,
    paragraphs: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    *,
    producer: str = "Office PDF Writer 3.1",
) -> bytes:
    """A PDF with a title, paragraphs and at most one table over as many pages as it needs."""
    target = io.BytesIO()
    template = SimpleDocTemplate(
        target,
        pagesize=letter,
        leftMargin=54,
        rightMargin=54,
        topMargin=54,
        bottomMargin=60,
        title=title,
        author="Re-creation",
        subject=pages.RECREATION,
        producer=producer,
        invariant=1,
    )
    story: list[object] = [Paragraph(title, _TITLE)]
    story += [Paragraph(words, _BODY) for words in paragraphs]
    if rows:
        story.append(Table([list(row) for row in rows], repeatRows=1, style=_GRID, spaceBefore=8))
    template.build(story, onFirstPage=_footer, onLaterPages=_footer)
    return target.getvalue()


def _footer(canvas: Canvas, _template: SimpleDocTemplate) -> None:
    canvas.setFont("Helvetica", 6.5)
    canvas.setFillColor(colors.grey)
    canvas.drawString(54, 30, pages.RECREATION)


def removals_pdf(month: str, rows: Sequence[Removals]) -> bytes:
    """One edition of the list of removals by jurisdiction."""
    total = Removals("Total", sum(row.criminal for row in rows), sum(row.noncriminal for row in rows))
    body = [
        (row.jurisdiction, f"{row.criminal:,}", f"{row.noncriminal:,}", f"{row.total:,}") for row in (*rows, total)
    ]
    header = ("Jurisdiction", "Convicted criminal", "Non-criminal", "Total")
    return make_pdf(
        f"Secure Communities: removals by jurisdiction, cumulative since activation, through {month} 2010",
        rows=(header, *body),
    )


def activated_pdf(
    as_of: dt.date,
    *,
    without: frozenset[str] = frozenset(),
    order: str = "name",
    producer: str = "Office PDF Writer 3.1",
) -> bytes:
    """The list of activated jurisdictions on a day."""
    listed = [(name, date) for name, date in activations() if date <= as_of and name not in without]
    if order == "date":
        listed.sort(key=lambda entry: entry[1])
    header = ("Jurisdiction", "Activation date")
    return make_pdf(
        "Secure Communities: Activated Jurisdictions",
        [f"As of {as_of:%B} {as_of.day}, {as_of.year}"],
        (header, *((name, f"{date:%m/%d/%Y}") for name, date in listed)),
        producer=producer,
    )


OFFICES = [
    "Atlanta",
    "Baltimore",
    "Boston",
    "Buffalo",
    "Chicago",
    "Dallas",
    "Denver",
    "Detroit",
    "El Paso",
    "Houston",
    "Los Angeles",
    "Miami",
    "New Orleans",
    "New York",
    "Newark",
    "Philadelphia",
    "Phoenix",
    "Saint Paul",
    "Salt Lake City",
    "San Antonio",
    "San Diego",
    "San Francisco",
    "Seattle",
    "Washington",
]


def offices_workbook(*, withheld: bool, reverse: bool = False) -> bytes:
    """The table that the agency gives to TRAC; all its figures are invented.

    ``withheld``: as in October 2010, one column "unavailable" and another no longer there.
    """
    chance = random.Random(20101004)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Removals"
    sheet.append(["Removals by ICE field office, fiscal year 2009"])
    columns = [
        "Field office",
        "Removals",
        "Criminal charge known",
        "Detainers issued",
        "Entered without inspection",
    ]
    table = []
    for office in OFFICES:
        removals = chance.randint(2_000, 38_000)
        shares = [round(removals * chance.uniform(low, low + 0.2)) for low in (0.25, 0.4, 0.5)]
        table.append([office, removals, *shares])
    if withheld:
        columns.pop(3)
        table = [[office, removals, "unavailable", entered] for office, removals, _, _, entered in table]
    sheet.append(columns)
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    for row in reversed(table) if reverse else table:
        sheet.append(row)
    sheet.append([])
    sheet.append([pages.RECREATION])
    book.properties.creator = "Re-creation"
    book.properties.created = book.properties.modified = dt.datetime(2010, 1, 4)  # noqa: DTZ001 - as Excel stores it
    return _repacked(book)


def _repacked(book: Workbook) -> bytes:
    """The workbook with fixed time stamps, so that making it again gives the same bytes."""
    first, second = io.BytesIO(), io.BytesIO()
    book.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/core.xml":
                body = _fixed_modified(body)
            target.writestr(zipfile.ZipInfo(name, (2010, 1, 4, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return second.getvalue()


def _fixed_modified(core: bytes) -> bytes:
    start = core.index(b"<dcterms:modified")
    start = core.index(b">", start) + 1
    return core[:start] + b"2010-01-04T00:00:00Z" + core[core.index(b"</dcterms:modified") :]


def web_pages() -> dict[str, str]:
    """Every HTML file of the site by name."""
    two = tuple(pages.GUIDANCE)[:2]
    every = tuple(pages.GUIDANCE)
    return {
        "press-release.issued.html": pages.press_release(corrected=False),
        "press-release.corrected.html": pages.press_release(corrected=True),
        **{
            f"program.{place}.html": pages.program(complaint=place)
            for place in ("top", "bottom", "elsewhere", "gone")
        },
        "priorities.before.html": pages.priorities(rewritten=False),
        "priorities.june.html": pages.priorities(rewritten=True),
        "record-straight.august.html": pages.record_straight(turned=False),
        "record-straight.october.html": pages.record_straight(turned=True),
        "statistics.april.html": pages.statistics(editions=("April",), guidance=every),
        "statistics.june.html": pages.statistics(editions=("June", "April"), guidance=every),
        "statistics.july.html": pages.statistics(editions=("July", "June", "April"), guidance=every),
        "statistics.withdrawn.html": pages.statistics(editions=("July", "June", "April"), guidance=two),
        "trac.html": pages.trac_data(),
    }


def documents() -> dict[str, bytes]:
    """Every PDF and workbook of the site by name."""
    april, june, july = editions()
    day = dt.date
    return {
        "removals-april.pdf": removals_pdf("April", april),
        "removals-june.pdf": removals_pdf("June", june),
        "removals-july.pdf": removals_pdf("July", july),
        "activated.may.pdf": activated_pdf(day(2010, 5, 11)),
        "activated.may-resaved.pdf": activated_pdf(day(2010, 5, 11), producer="Print Driver 9.0"),
        "activated.july.pdf": activated_pdf(day(2010, 7, 12), order="date"),
        "activated.august.pdf": activated_pdf(day(2010, 8, 17), order="date", without=frozenset({LEAVER})),
        **{f"guidance.{name}": _guidance(name) for name in pages.GUIDANCE},
        "offices.before.xlsx": offices_workbook(withheld=False),
        "offices.reordered.xlsx": offices_workbook(withheld=False, reverse=True),
        "offices.october.xlsx": offices_workbook(withheld=True),
    }


def _guidance(name: str) -> bytes:
    words = f"This stands for the document “{pages.GUIDANCE[name]}” of the program. Its wording is invented."
    return make_pdf(pages.GUIDANCE[name], [words])


def main() -> None:
    """Write every file of the site."""
    SITE.mkdir(exist_ok=True)
    for name, text in web_pages().items():
        (SITE / name).write_text(text, encoding="utf-8")
    for name, body in documents().items():
        (SITE / name).write_bytes(body)


if __name__ == "__main__":
    main()
