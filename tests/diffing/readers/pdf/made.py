"""PDFs that the tests make: pages of text, ruled and unruled tables, scans."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

TITLE = "Detainees transferred by county through June 2010"
NOTE = "* Counts of fewer than ten are withheld to protect privacy."
COLUMNS = ("County", "State", "Arrested", "Transferred", "Removed")

GRID = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("ALIGN", (2, 0), (-1, -1), "RIGHT")])
PLAIN = TableStyle([("ALIGN", (2, 0), (-1, -1), "RIGHT")])
BOOKTABS = TableStyle(
    [
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
        ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
    ]
)


@dataclass(frozen=True)
class Feet:
    """What stands in the margins of every page."""

    head: str = "U.S. Immigration and Customs Enforcement"
    page: bool = True


def counties(count: int) -> list[tuple[str, str, int, int, int]]:
    """``count`` counties with figures that do not repeat."""
    states = ("TX", "CA", "AZ", "GA", "FL")
    return [
        (f"County {chr(65 + i % 26)}{i}", states[i % 5], 1000 + 37 * i, 200 + 11 * i, 50 + 3 * i)
        for i in range(count)
    ]


def with_total(rows: Sequence[tuple[str, str, int, int, int]]) -> list[tuple[object, ...]]:
    """The rows and a row of totals."""
    sums = [sum(row[column] for row in rows) for column in (2, 3, 4)]  # type: ignore[misc]
    return [*rows, ("Total", "", *sums)]


def county_pdf(
    rows: Sequence[Sequence[object]],
    *,
    style: TableStyle = GRID,
    title: str = TITLE,
    note: str = NOTE,
    columns: Sequence[str] = COLUMNS,
    feet: Feet | None = None,
    rotate: int = 0,
    widths: Sequence[float] | None = None,
) -> bytes:
    """A report of one table with its title above and its note below, over as many pages as it takes."""
    held = io.BytesIO()
    document = SimpleDocTemplate(
        held,
        pagesize=landscape(letter) if rotate else letter,
        title=title,
        author="ICE",
        producer="made by a test",
    )
    styles = getSampleStyleSheet()
    data = [list(columns), *([f"{c:,}" if isinstance(c, int) else c for c in row] for row in rows)]
    table = Table(data, repeatRows=1, style=style, colWidths=widths)
    story = [
        Paragraph(title, styles["Heading1"]),
        Spacer(1, 6),
        table,
        Spacer(1, 6),
        Paragraph(note, styles["Normal"]),
    ]

    def draw(canvas: Canvas, made: SimpleDocTemplate) -> None:
        if rotate:
            canvas.setPageRotation(rotate)
        if feet is not None:
            width, height = made.pagesize
            canvas.setFont("Helvetica", 8)
            canvas.drawString(72, height - 40, feet.head)
            canvas.drawRightString(width - 72, 36, f"Page {canvas.getPageNumber()}")

    document.build(story, onFirstPage=draw, onLaterPages=draw)
    return held.getvalue()


def text_pdf(pages: Sequence[Sequence[tuple[str, str, float]]]) -> bytes:
    """Pages of lines: text, font, size; a line's baseline is 1.3 sizes under the one before."""
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=letter)
    for lines in pages:
        y = 720.0
        for text, font, size in lines:
            y -= 1.3 * size
            canvas.setFont(font, size)
            canvas.drawString(72, y, text)
        canvas.showPage()
    canvas.save()
    return held.getvalue()
