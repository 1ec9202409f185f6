"""PDF to ``Document``: prose, tables, links, dates and metadata; OCR or page pictures without a text layer.

pdfium is not thread-safe: call ``read`` from one thread of a process only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from diffing.readers.pdf.attachments import read_attachments, read_text
from diffing.readers.pdf.grids import to_grid
from diffing.readers.pdf.join import drop_running_lines, join_tables
from diffing.readers.pdf.layout import PageLayout, lay_out
from diffing.readers.pdf.pages import open_pdf, read_page
from diffing.readers.pdf.pdfium import Handle
from diffing.readers.pdf.pdfium import raw as pdfium
from diffing.readers.pdf.prose import Paragraph, join_over_pages, mark_headings, to_paragraphs
from diffing.readers.pdf.scanned import recover
from diffing.readers.pdf.shapes import PageContent
from diffing.readers.pdf.surroundings import settle
from diffing.readers.statements.dates import find_dates
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.grid import read_grid
from state.document import ATTACHMENT, LANGUAGE, Block, Document, Link, ReadingHints, StatedDate, Table, Where
from state.formats import PDF

_METADATA = ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")
_NO_TITLE = re.compile(
    r"^(?:untitled|\(?anonymous\)?|(?:document|slide|presentation|book|sheet) ?\d*)$|^microsoft \w+ ?-"
    r"|[^\s.]\.(?!\d+$)[a-z\d]{2,5}$",
    re.IGNORECASE,
)
_MOST_NAMED = 10  # pages that a remark lists
_LONGEST_HEADLINE = 200  # characters
_SENTENCE = re.compile(r"[^\W\d]{3,}[.!?](?=\s|$)")
_PDF_DATE = re.compile(r"^(?:D:)?(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)?(\d\d)?)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?")


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """What a reader sees in the PDF ``body``; ``ReadingError`` says why it cannot be read."""
    with open_pdf(body) as document:
        pages = [read_page(document, index) for index in range(len(document))]
        metadata = {**_metadata(document), **_attached(document, pages)}
        recovered = recover(document, pages)
    layouts = [lay_out(page) for page in recovered.pages]
    read_document = _to_document(layouts, metadata, hints)
    return replace(
        read_document,
        pictures=recovered.pictures,
        textless=recovered.textless,
        ocr=recovered.ocr,
        remarks=(*recovered.remarks, *_remarks(layouts)),
    )


def _to_document(layouts: Sequence[PageLayout], metadata: Mapping[str, str], hints: ReadingHints) -> Document:
    pages = drop_running_lines(layouts, keep_first=True)
    cut = [p for layout in pages for p in to_paragraphs(layout.prose, page=layout.page.number)]
    paragraphs = mark_headings(join_over_pages(cut))
    found = join_tables(drop_running_lines(layouts))
    settings = [settle(table, paragraphs, others=found) for table in found]
    noted = {number for setting in settings for number in setting.notes}
    blocks = _blocks([replace(p, note=number in noted) for number, p in enumerate(paragraphs)])
    tables: list[Table] = []
    for setting in settings:
        reading = read_grid(to_grid(setting.table), hints=hints)
        notes = tuple(paragraphs[number].text for number in setting.notes)
        tables.extend(_with_notes(reading.tables, notes))
        blocks.extend(reading.blocks)
    headline = _headline(paragraphs)
    return Document(
        media_type=PDF,
        title=_title(metadata.get("Title", "")) or headline,
        headline=headline,
        blocks=tuple(blocks),
        tables=tuple(tables),
        definitions=find_definitions(blocks=blocks, tables=tables),
        links=tuple(_links(layouts)),
        dates=tuple(_dates(blocks, tables)),
        metadata=metadata,
    )


def _remarks(layouts: Sequence[PageLayout]) -> Iterator[str]:
    """What is on the pages and was not read."""
    charted = [layout.page.number for layout in layouts if layout.charts]
    if charted:
        count = sum(len(layout.charts) for layout in layouts)
        pages = ", ".join(map(str, charted[:_MOST_NAMED])) + (" and more" if len(charted) > _MOST_NAMED else "")
        charts = "1 chart" if count == 1 else f"{count} charts"
        yield f"{charts} on page {pages}: a picture, of which only the words were read, not the figures"


def _headline(paragraphs: Sequence[Paragraph]) -> str:
    """The first heading; else what stands first, unless it is running text."""
    first = paragraphs[0].text if paragraphs else ""
    is_text = len(first) > _LONGEST_HEADLINE or len(_SENTENCE.findall(first)) > 1
    return next((p.text for p in paragraphs if p.level), "" if is_text else first)


def _metadata(document: Handle) -> dict[str, str]:
    """The document information, its dates as ISO text."""
    found = {name: document.get_metadata_value(name).strip() for name in _METADATA}
    for name in ("CreationDate", "ModDate"):
        found[name] = iso_time(found[name])
    found[LANGUAGE] = read_text(lambda buffer, size: pdfium.FPDFCatalog_GetLanguage(document.raw, buffer, size))
    return {name: text for name, text in found.items() if text}


def _attached(document: Handle, pages: Sequence[PageContent]) -> dict[str, str]:
    """Each embedded file as an entry of the metadata: its name and the SHA-256 of its bytes."""
    pinned = (entry for page in pages for entry in page.attachments)
    return {f"{ATTACHMENT}{name}": digest for name, digest in (*read_attachments(document).items(), *pinned)}


def _title(text: str) -> str:
    """The title that the file bears, "" where it is the name of the file that it was made from, or of none."""
    return "" if _NO_TITLE.search(text) else text


def iso_time(text: str) -> str:
    """A PDF date such as ``D:20250813111941-04'00'`` as ISO text, other text unchanged."""
    match = _PDF_DATE.match(text)
    if match is None:
        return text
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    date = f"{year}-{month or '01'}-{day or '01'}"
    if hour is None:
        return date
    zone = "Z" if utc else f"{sign}{hours}:{minutes or '00'}" if sign else ""
    return f"{date}T{hour}:{minute or '00'}:{second or '00'}{zone}"


def _blocks(paragraphs: Sequence[Paragraph]) -> list[Block]:
    """Blocks under their heading path."""
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    for paragraph in paragraphs:
        if paragraph.level:
            path = [entry for entry in path if entry[0] < paragraph.level]
        heading = tuple(text for _, text in path)
        blocks.append(Block(paragraph.text, heading=heading, page=paragraph.page, kind=paragraph.kind))
        if paragraph.level:
            path.append((paragraph.level, paragraph.text))
    return blocks


def _with_notes(tables: Sequence[Table], notes: tuple[str, ...]) -> list[Table]:
    """The notes under a region go to the last table read from it."""
    if not tables or not notes:
        return list(tables)
    return [*tables[:-1], replace(tables[-1], notes=(*tables[-1].notes, *notes))]


def _links(layouts: Sequence[PageLayout]) -> list[Link]:
    links: list[Link] = []
    for layout in layouts:
        for box, address in layout.page.links:
            words = [word.text for word in layout.page.words if box.holds(word.box)]
            links.append(Link(" ".join(words), address))
    return links


def _dates(blocks: Sequence[Block], tables: Sequence[Table]) -> list[StatedDate]:
    dates: list[StatedDate] = []
    for block in blocks:
        where = Where(page=block.page, section=" / ".join(block.heading) or None)
        dates.extend(find_dates(block.text, where=where))
    for table in tables:
        if table.name:
            dates.extend(find_dates(table.name, where=Where(page=table.page, table=table.name)))
    return dates
