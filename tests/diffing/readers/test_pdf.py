"""PDFs of every kind, made here, read as a person would read them."""

from __future__ import annotations

import io
import random
import shutil
import zlib

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import TableStyle

from diffing.readers.pdf.reader import iso_time, read
from state.document import Document, ReadingHints, Table
from state.errors import ReadingError
from tests.budgets import examples
from tests.diffing.readers.pdf.made import (
    BOOKTABS,
    COLUMNS,
    GRID,
    NOTE,
    PLAIN,
    TITLE,
    Feet,
    counties,
    county_pdf,
    text_pdf,
    with_total,
)

STYLES = {"ruled": GRID, "unruled": PLAIN, "booktabs": BOOKTABS}


def read_pdf(body: bytes) -> Document:
    return read(body, hints=ReadingHints())


def only_table(body: bytes) -> Table:
    (table,) = read_pdf(body).tables
    return table


def as_read(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [tuple(None if cell == "" else cell for cell in row) for row in rows]


class TestCountyTable:
    @pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
    @pytest.mark.parametrize("count", [3, 8, 120])
    def test_comes_out_as_one_table_with_all_that_belongs_to_it(self, style: TableStyle, count: int) -> None:
        rows = with_total(counties(count))
        table = only_table(county_pdf(rows, style=style, feet=Feet()))
        assert table.name == TITLE
        assert tuple(column.name for column in table.columns) == COLUMNS
        assert list(table.rows) == as_read(rows)
        assert table.totals == {count}
        assert table.notes == (NOTE,)
        assert table.page == 1

    @pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
    def test_blanked_cells_stay_blank_in_their_columns(self, style: TableStyle) -> None:
        rows = [list(row) for row in counties(12)]
        rows[4][2] = ""
        rows[5][2] = rows[5][3] = ""
        rows[6][4] = ""
        rows[7][3] = "*"
        table = only_table(county_pdf(rows, style=style))
        assert list(table.rows) == as_read([tuple(row) for row in rows])

    @pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
    def test_a_column_blanked_whole_keeps_its_place(self, style: TableStyle) -> None:
        rows = [(name, state, "", moved, removed) for name, state, _, moved, removed in counties(10)]
        table = only_table(county_pdf(rows, style=style, widths=[110, 50, 80, 80, 80]))
        assert [(row[0], row[-2], row[-1]) for row in table.rows] == [(r[0], r[3], r[4]) for r in rows]
        assert tuple(column.name for column in table.columns) == COLUMNS

    @pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
    def test_the_same_table_a_page_later_reads_the_same(self, style: TableStyle) -> None:
        rows = with_total(counties(30))
        first = only_table(county_pdf(rows, style=style))
        second = only_table(county_pdf(rows, style=style, feet=Feet(head="Another office")))
        assert (first.rows, first.columns, first.row_keys) == (second.rows, second.columns, second.row_keys)

    def test_stated_dates_come_from_the_title(self) -> None:
        stated = read_pdf(county_pdf(counties(5))).as_of
        assert stated is not None
        assert str(stated.date) == "2010-06-30"

    def test_the_note_is_a_block_too(self) -> None:
        blocks = read_pdf(county_pdf(counties(5))).blocks
        assert [block.text for block in blocks if block.kind == "note"] == [NOTE]

    @settings(max_examples=examples(25))
    @given(
        st.lists(
            st.tuples(*[st.one_of(st.integers(0, 10**6), st.just("*"), st.just("")) for _ in range(3)]),
            min_size=2,
            max_size=9,
        )
    )
    def test_any_ruled_table_reads_back(self, figures: list[tuple[object, object, object]]) -> None:
        rows = [(f"County {number}", "TX", *three) for number, three in enumerate(figures)]
        table = only_table(county_pdf(rows))
        assert list(table.rows) == as_read(rows)


class TestPages:
    def test_a_turned_page_reads_as_an_upright_one(self) -> None:
        rows = with_total(counties(40))
        body = county_pdf(rows)
        document = pypdfium2.PdfDocument(body)
        for page in document:
            page.set_rotation(90)
        held = io.BytesIO()
        document.save(held)
        document.close()
        assert only_table(held.getvalue()).rows == only_table(body).rows

    @pytest.mark.parametrize("degrees", [90, 180, 270])
    def test_text_that_runs_up_or_down_the_page_is_turned(self, degrees: int) -> None:
        held = io.BytesIO()
        canvas = Canvas(held, pagesize=letter)
        canvas.translate(306, 396)
        canvas.rotate(degrees)
        for number, (name, state, *figures) in enumerate([("County", "State", "Held"), *counties(9)]):
            y = 100 - 16 * number
            canvas.drawString(-200, y, name)
            canvas.drawString(0, y, state)
            canvas.drawRightString(200, y, str(figures[0]))
        canvas.save()
        table = only_table(held.getvalue())
        assert list(table.rows) == [(name, state, held) for name, state, held, *_ in counties(9)]

    def test_running_heads_and_page_numbers_leave_the_text(self) -> None:
        pages = [[(f"Text of page {number} ends here.", "Helvetica", 11.0)] * 2 for number in range(3)]
        body = text_pdf(pages)
        document = read_pdf(body)
        assert not [block for block in document.blocks if block.text.startswith("Page ")]
        longer = read_pdf(county_pdf(counties(120), feet=Feet(head="For official use")))
        assert [block.text for block in longer.blocks].count("For official use") == 1
        assert not [block for block in longer.blocks if block.text.startswith("Page ")]

    def test_different_tables_on_following_pages_stay_apart(self) -> None:
        first, second = county_pdf(counties(40)), county_pdf(counties(40), title="Detainees held in July 2011")
        joined = pypdfium2.PdfDocument.new()
        joined.import_pages(pypdfium2.PdfDocument(first))
        joined.import_pages(pypdfium2.PdfDocument(second))
        held = io.BytesIO()
        joined.save(held)
        assert [table.name for table in read_pdf(held.getvalue()).tables] == [TITLE, "Detainees held in July 2011"]


class TestUnruledTables:
    def test_wrapped_labels_join_their_row(self) -> None:
        held = io.BytesIO()
        canvas = Canvas(held, pagesize=letter)
        lines = [
            ("Agency", "2009", "2010"),
            ("Office of the inspector", "12", "15"),
            ("general and audits", "", ""),
            ("Border patrol", "1,204", "1,377"),
            ("Task forces (those under", "87", "91"),
            ("an agreement)", "", ""),
            ("Marshals", "5", "4"),
        ]
        for number, (label, first, second) in enumerate(lines):
            canvas.drawString(72, 700 - 14 * number, label)
            canvas.drawRightString(300, 700 - 14 * number, first)
            canvas.drawRightString(380, 700 - 14 * number, second)
        canvas.save()
        table = only_table(held.getvalue())
        assert [(" ".join(str(row[0]).split()), *row[1:]) for row in table.rows] == [
            ("Office of the inspector general and audits", 12, 15),
            ("Border patrol", 1204, 1377),
            ("Task forces (those under an agreement)", 87, 91),
            ("Marshals", 5, 4),
        ]

    def test_heads_over_several_columns_become_paths(self) -> None:
        heads = [["County", "Arrested", "", "Removed", ""], ["", "2009", "2010", "2009", "2010"]]
        rows = [[f"County {n}", 10 + n, 20 + n, 30 + n, 40 + n] for n in range(8)]
        style = TableStyle(
            [
                ("SPAN", (1, 0), (2, 0)),
                ("SPAN", (3, 0), (4, 0)),
                ("ALIGN", (1, 0), (-1, -1), "CENTER"),
                ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
                ("LINEBELOW", (1, 0), (2, 0), 0.5, colors.black),
                ("LINEBELOW", (3, 0), (4, 0), 0.5, colors.black),
                ("LINEBELOW", (0, 1), (-1, 1), 0.5, colors.black),
                ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
            ]
        )
        body = county_pdf([heads[1], *rows], columns=heads[0], style=style, widths=[100, 60, 60, 60, 60])
        table = only_table(body)
        assert [column.path for column in table.columns] == [
            ("County",),
            ("Arrested", "2009"),
            ("Arrested", "2010"),
            ("Removed", "2009"),
            ("Removed", "2010"),
        ]
        assert [tuple(row) for row in table.rows] == [tuple(row) for row in rows]

    def test_prose_is_no_table(self) -> None:
        sentence = "The agency reported the figures of the year to the committee in writing and in full"
        lines = [(f"{sentence} {'again ' * (number % 3)}", "Times-Roman", 11.0) for number in range(20)]
        document = read_pdf(text_pdf([lines]))
        assert document.tables == ()
        assert sentence in document.blocks[0].text

    def test_two_columns_of_prose_read_one_after_the_other(self) -> None:
        held = io.BytesIO()
        canvas = Canvas(held, pagesize=letter)
        canvas.setFont("Times-Roman", 10)
        for number in range(24):
            canvas.drawString(72, 700 - 12 * number, f"left side line {number} goes on with words to its end")
            canvas.drawString(320, 700 - 12 * number, f"right side line {number} goes on with words to its end")
        canvas.save()
        document = read_pdf(held.getvalue())
        text = " ".join(block.text for block in document.blocks)
        assert document.tables == ()
        assert text.index("left side line 23") < text.index("right side line 0")


class TestProse:
    def test_headings_by_size_and_weight(self) -> None:
        body = text_pdf(
            [
                [
                    ("Annual Report", "Helvetica-Bold", 20.0),
                    ("", "Helvetica", 11.0),
                    ("Scope", "Helvetica-Bold", 14.0),
                    ("", "Helvetica", 11.0),
                    ("A detainer is a request to hold a person who would be released,", "Helvetica", 11.0),
                    ("for no longer than two days.", "Helvetica", 11.0),
                ]
            ]
        )
        document = read_pdf(body)
        assert document.headline == "Annual Report"
        (text,) = [block for block in document.blocks if block.kind == "paragraph"]
        assert text.heading == ("Annual Report", "Scope")
        assert text.text.endswith("who would be released, for no longer than two days.")

    def test_a_paragraph_cut_by_a_page_break_is_one(self) -> None:
        start = (
            "The sheriff agrees that persons arrested under this agreement will be held and",
            "Helvetica",
            11.0,
        )
        rest = ("transferred to the custody of the field office within two days.", "Helvetica", 11.0)
        (block,) = read_pdf(text_pdf([[start], [rest]])).blocks
        assert block.text == f"{start[0]} {rest[0]}"
        assert block.page == 1

    def test_links_and_metadata(self) -> None:
        held = io.BytesIO()
        canvas = Canvas(held, pagesize=letter)
        canvas.setTitle("Secure Communities")
        canvas.setProducer("a test")
        canvas.drawString(72, 700, "Interoperability Statistics")
        canvas.linkURL("https://example.gov/stats.pdf", (70, 695, 230, 712))
        canvas.save()
        document = read_pdf(held.getvalue())
        assert [(link.text, link.url) for link in document.links] == [
            ("Interoperability Statistics", "https://example.gov/stats.pdf")
        ]
        assert document.title == "Secure Communities"
        assert document.metadata["Producer"] == "a test"

    def test_dates_of_the_metadata_are_iso(self) -> None:
        assert iso_time("D:20250813111941-04'00'") == "2025-08-13T11:19:41-04:00"
        assert iso_time("D:20140414") == "2014-04-14"
        assert iso_time("D:20140414105456Z") == "2014-04-14T10:54:56Z"
        assert iso_time("last Tuesday") == "last Tuesday"


def scanned_pdf(*lines: str) -> bytes:
    """A page that is only a picture of ``lines``."""
    picture = Image.new("L", (1700, 2200), 255)
    font = ImageFont.load_default(size=44)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((150, 200 + 80 * number), line, fill=0, font=font)
    held = io.BytesIO()
    picture.save(held, format="PDF", resolution=200)
    return held.getvalue()


class TestScans:
    @pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
    def test_text_is_recognised_and_marked(self) -> None:
        document = read_pdf(scanned_pdf("Detention Operations Manual", "Access to counsel is permitted daily"))
        assert document.ocr
        assert document.pictures == ()
        assert "Detention Operations Manual" in " ".join(block.text for block in document.blocks)
        assert "recognised" in document.remarks[0]

    def test_without_tesseract_pictures_are_digested(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        before, after = read_pdf(scanned_pdf("Level 1")), read_pdf(scanned_pdf("Level 2"))
        assert not before.ocr
        assert len(before.pictures) == 1
        assert before.pictures != after.pictures
        assert before.pictures == read_pdf(scanned_pdf("Level 1")).pictures
        assert "only the picture of page 1" in before.remarks[0]

    def test_an_empty_page_is_no_scan(self) -> None:
        document = read_pdf(text_pdf([[("", "Helvetica", 11.0)]]))
        assert (document.pictures, document.remarks, document.blocks) == ((), (), ())


class TestRefusals:
    def test_what_is_no_pdf(self) -> None:
        with pytest.raises(ReadingError, match="not a PDF"):
            read_pdf(b"<html>no</html>")

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
    def test_a_truncated_file(self, share: float) -> None:
        body = county_pdf(counties(60))
        with pytest.raises(ReadingError, match="truncated"):
            read_pdf(body[: int(share * len(body))])

    def test_a_password(self) -> None:
        held = io.BytesIO()
        canvas = Canvas(held, encrypt=StandardEncryption("secret", strength=128))
        canvas.drawString(72, 700, "hidden")
        canvas.save()
        with pytest.raises(ReadingError, match="password"):
            read_pdf(held.getvalue())

    def test_an_absurd_page_size(self) -> None:
        held = io.BytesIO()
        canvas = Canvas(held, pagesize=(90_000, 90_000))
        canvas.drawString(72, 700, "far")
        canvas.save()
        with pytest.raises(ReadingError, match="points large"):
            read_pdf(held.getvalue())

    def test_an_absurd_page_count(self) -> None:
        with pytest.raises(ReadingError, match="claims 4,000 pages"):
            read_pdf(raw_pdf(zlib.compress(b""), pages=4_000))

    def test_flipped_bytes_are_read_or_refused(self) -> None:
        body = county_pdf(counties(20))
        chance = random.Random(7)
        for _ in range(60):
            mutated = bytearray(body)
            for _ in range(chance.choice((1, 5, 40))):
                mutated[chance.randrange(len(mutated))] = chance.randrange(256)
            try:
                read_pdf(bytes(mutated))
            except ReadingError as error:
                assert str(error)

    def test_a_page_of_too_many_strokes_is_read(self) -> None:
        held = io.BytesIO()
        canvas = Canvas(held, pagesize=letter)
        canvas.drawString(72, 760, "Map of field offices")
        for number in range(20_000):
            canvas.line(number % 600, number // 60, number % 600 + 7, number // 60)
        canvas.save()
        assert "Map of field offices" in read_pdf(held.getvalue()).blocks[0].text

    def test_a_stream_that_unpacks_to_much_is_read_within_bounds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "")
        packed = zlib.compress(b"0 0 m 9 9 l S\n" * 400_000, 9)
        body = raw_pdf(packed)
        assert read_pdf(body).tables == ()


def raw_pdf(packed: bytes, *, pages: int = 1) -> bytes:
    """A PDF whose page, shown ``pages`` times, has the content stream ``packed``."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * pages, pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
