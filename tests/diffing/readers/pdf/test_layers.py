"""What a PDF holds beside its printed text: files, filled-in fields, bars over text, letters that are none."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdfium2
import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

from diffing.comparing.compare import compare
from diffing.readers.pdf.covered import BAR
from diffing.readers.pdf.garbled import is_garbled
from diffing.readers.pdf.reader import read
from diffing.readers.pdf.shapes import Box, Word
from state.document import ATTACHMENT, Document, ReadingHints

PROSE = (
    "The inspectorate publishes the number of places in every house of custody twice a year and says",
    "which of them were closed for repairs. Directors must report each death within two working days.",
    "Linden House held 412 people at the end of March, of whom 37 had been there for over a year.",
)


def drawn(draw: Callable[[Canvas], None], *, title: str = "") -> bytes:
    held = io.BytesIO()
    canvas = Canvas(held, pagesize=letter)
    canvas.setTitle(title)
    draw(canvas)
    canvas.save()
    return held.getvalue()


def read_drawn(draw: Callable[[Canvas], None], *, title: str = "") -> Document:
    return read(drawn(draw, title=title), hints=ReadingHints())


def write(canvas: Canvas, lines: tuple[str, ...] = PROSE) -> None:
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 16 * number, line)


def texts_of(document: Document) -> str:
    return " ".join(block.text for block in document.blocks)


def with_file(body: bytes, name: str, data: bytes) -> bytes:
    document = pypdfium2.PdfDocument(body)
    document.new_attachment(name).set_data(data)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def test_an_embedded_file_is_named_with_its_digest() -> None:
    plain = drawn(write)
    found = [
        read(with_file(plain, "houses.csv", data), hints=ReadingHints()).metadata for data in (b"a,1", b"a,2")
    ]
    digests = [metadata[f"{ATTACHMENT}houses.csv"] for metadata in found]
    assert all(len(digest) == 64 for digest in digests)
    assert digests[0] != digests[1]
    assert not any(name.startswith(ATTACHMENT) for name in read(plain, hints=ReadingHints()).metadata)


def test_what_is_filled_in_is_read_after_its_label() -> None:
    def form(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "Places agreed:")
        canvas.acroForm.textfield(name="places", value="73", x=260, y=694, width=90, height=18)
        canvas.drawString(72, 660, "Renewed without notice")
        canvas.acroForm.checkbox(name="renewed", checked=True, x=260, y=656, size=14)

    text = texts_of(read_drawn(form))
    assert "Places agreed: 73" in text
    assert "☑" in text


def test_a_box_drawn_over_text_is_a_bar() -> None:
    def redacted(canvas: Canvas) -> None:
        write(canvas)
        canvas.rect(96, 665, 160, 12, stroke=0, fill=1)

    text = texts_of(read_drawn(redacted))
    assert BAR in text
    assert "412" not in text
    assert "Directors must report" in text


@pytest.mark.parametrize("border", [0, 1])
def test_a_bar_over_a_cell_of_a_ruled_table_makes_no_column(border: int) -> None:
    def redacted(canvas: Canvas) -> None:
        for i, row in enumerate((("House", "Places", "Held"), ("Linden", "450", "412"), ("Moor", "90", "71"))):
            for j, text in enumerate(row):
                canvas.rect(72 + 110 * j, 700 - 16 * i, 110, 16, stroke=1, fill=0)
                canvas.drawString(76 + 110 * j, 704 - 16 * i, text)
        canvas.rect(294, 685, 70, 14, stroke=border, fill=1)

    (table,) = read_drawn(redacted).tables
    assert [column.name for column in table.columns] == ["House", "Places", "Held"]
    assert table.rows == (("Linden", 450, BAR), ("Moor", 90, 71))


@pytest.mark.parametrize("colour", [(0, 0, 0), (1, 1, 1)])
def test_a_background_under_text_hides_nothing(colour: tuple[float, float, float]) -> None:
    def shaded(canvas: Canvas) -> None:
        canvas.drawString(72, 740, "Places")
        canvas.setFillColorRGB(*colour)
        canvas.rect(60, 640, 500, 80, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 0, 0)
        write(canvas)

    assert "Linden House held 412 people" in texts_of(read_drawn(shaded))


def test_letters_that_are_none_are_no_text() -> None:
    def shifted(canvas: Canvas) -> None:
        write(canvas, tuple("".join(chr(ord(c) - 29) if c.isalpha() else c for c in line) for line in PROSE))

    before, after = read_drawn(write), read_drawn(shifted)
    assert before.textless == ()
    assert after.textless == (1,)
    assert after.tables == ()
    comparison = compare(before, after)
    assert comparison.lost == (1,)
    assert (comparison.texts, comparison.tables_removed, comparison.links) == ((), (), ())
    assert compare(after, before).lost == ()


@pytest.mark.parametrize(
    "text",
    [
        "Zgodnie z przepisami każdy zakład musi zgłosić liczbę osób zatrzymanych w ciągu dwóch dni roboczych",
        "Mae'r arolygiaeth yn cyhoeddi nifer y lleoedd ym mhob tŷ ddwywaith y flwyddyn ac yn dweud pa rai",
        "Każdy Prst skrz krk strč prst vlk zmrzl hrst zrn strn trh prach obyvatelstvo obce okres zastupitelstvo",
        "Комиссия публикует число мест в каждом учреждении дважды в год и сообщает о каждом закрытии дома",
        "TX LA AZ CA GA NM FL NJ DX20260004 DX20260005 4,120 812.4 1,875 390.1 (b)(7)(E) U.S.C. 8:1357(g)(1)",
        "https://example.org/files/9f8a7c?x=1&y=2#top reports@example.org SmartLINK iPhone ePub McDonald",
    ],
)
def test_other_languages_and_codes_are_text(text: str) -> None:
    words = [Word(part, Box(0, 0, 10, 10)) for part in text.split()]
    assert not is_garbled(words)


@pytest.mark.parametrize(
    "title", ["Report March.xlsx", "untitled", "Microsoft Word - draft 3", "tabelle_17.indd", "Slide 1"]
)
def test_a_file_name_is_no_title(title: str) -> None:
    assert read_drawn(write, title=title).title == read_drawn(write).headline


def test_a_title_is_a_title() -> None:
    assert read_drawn(write, title="Places in custody, part 2.1").title == "Places in custody, part 2.1"
