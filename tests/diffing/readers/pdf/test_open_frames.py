"""Rules around a head or around blocks only: what they leave open is parted by where its texts stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from reportlab.pdfgen.canvas import Canvas

from state.document import Document, Table
from tests.diffing.readers.pdf.test_layers import read_drawn

PORTS = ("Anker", "Brae", "Cove", "Dunes", "Esk", "Firth")


def only(document: Document) -> Table:
    (table,) = document.tables
    return table


def put(canvas: Canvas, xs: Sequence[float], y: float, texts: Sequence[str]) -> None:
    for x, text in zip(xs, texts, strict=True):
        canvas.drawString(x, y, text)


def test_a_ruled_head_over_an_open_body() -> None:
    def draw(canvas: Canvas) -> None:
        borders = (60, 150, 250, 420, 540)
        for left, right in pairwise(borders):
            canvas.rect(left, 700, right - left, 24)
        canvas.rect(60, 300, 480, 400)
        put(canvas, (64, 154, 254, 424), 708, ("Voucher", "Posted", "Paid to", "Amount"))
        for number, port in enumerate(PORTS):
            put(
                canvas,
                (64, 154, 254, 470),
                680 - 18 * number,
                (f"V-{731 + number}", f"2031-05-0{number + 1}", f"{port} Harbour Board", f"{410 + number}.75"),
            )

    table = only(read_drawn(draw))
    assert [column.name for column in table.columns] == ["Voucher", "Posted", "Paid to", "Amount"]
    assert table.rows[2] == ("V-733", "2031-05-03", "Cove Harbour Board", 412.75)
    assert len(table.rows) == len(PORTS)


def test_rules_around_blocks_glue_no_columns_and_a_wrapped_label_spans_its_block() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.line(250, 500, 250, 730)
        canvas.line(540, 500, 540, 730)
        put(canvas, (270, 360, 450), 715, ("New", "All", "Calls per"))
        put(canvas, (270, 360, 450), 703, ("calls", "calls", "10,000"))
        for y in (692, 639, 586):
            canvas.line(60, y, 540, y)
        for number, port in enumerate(PORTS):
            y = 680 - 16 * number - (5 if number > 2 else 0)
            put(
                canvas,
                (160, 270, 360, 450),
                y,
                (port, str(4 + number), str(210 + 31 * number), f"{18 + number}.4"),
            )
        for y, label in ((680, "Northern"), (664, "District"), (627, "Isles and"), (611, "Straits")):
            canvas.drawString(64, y, label)

    table = only(read_drawn(draw))
    assert [column.name for column in table.columns][2:] == ["New calls", "All calls", "Calls per 10,000"]
    assert [row[0] for row in table.rows] == ["Northern District"] * 3 + ["Isles and Straits"] * 3
    assert table.rows[4][1:] == ("Esk", 8, 334, 22.4)


def test_a_title_on_each_page_makes_tables_of_their_own() -> None:
    def draw(canvas: Canvas) -> None:
        for year in (2028, 2029, 2030):
            canvas.setFont("Helvetica-Bold", 14)
            canvas.drawString(72, 742, f"Calls by port, {year}")
            canvas.setFont("Helvetica", 10)
            for number, row in enumerate(
                (("Port", "Spring", "Autumn"), *((p, f"{year - 2000}", "41") for p in PORTS))
            ):
                y = 712 - 18 * number
                for left, right, text in zip((72, 172, 252), (172, 252, 332), row, strict=True):
                    canvas.rect(left, y, right - left, 18)
                    canvas.drawString(left + 4, y + 5, text)
            canvas.showPage()

    tables = read_drawn(draw).tables
    assert [table.name for table in tables] == [f"Calls by port, {year}" for year in (2028, 2029, 2030)]
    assert [table.rows[0][1] for table in tables] == [28, 29, 30]
    assert all(table.section == () for table in tables)
