"""Documents of every format, and ways to break them: for ``benchmarks.mutations`` and the tests."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks.making.forms import FORMS


class Sample(NamedTuple):
    """A document: its format (a file suffix), what it is, its bytes."""

    format: str
    what: str
    body: bytes


_HEADER = ("Facility", "State", "Population", "Share", "As of")
_ROWS = [(f"Facility {number}", "TX", number * 37, number / 100, "2023-05-06") for number in range(40)]


def seeds() -> Iterator[Sample]:
    """A sound document of each format."""
    yield Sample("html", "page", html())
    yield Sample("csv", "list", _delimited(","))
    yield Sample("tsv", "list", _delimited("\t"))
    yield Sample("json", "records", json.dumps([dict(zip(_HEADER, row, strict=True)) for row in _ROWS]).encode())
    yield Sample(
        "txt", "notes", b"Level 1 offenders: aliens convicted of felonies.\n\nData as of 05/06/2023.\n" * 20
    )
    yield Sample("xlsx", "workbook", xlsx())
    yield Sample("xls", "workbook", xls())
    yield Sample("pdf", "report", pdf())
    for form, write in FORMS.items():
        yield Sample(form, "records", write(_HEADER[:4], [row[:4] for row in _ROWS]))
    yield Sample("zip", "archive", zipped({"list.csv": _delimited(","), "page.html": html()}))


def html(*, inside: str = "") -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _ROWS)
    head = "".join(f"<th scope=col>{name}</th>" for name in _HEADER)
    return (
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Detention | Agency</title></head><body>"
        "<nav><ul><li><a href=/>Home</a></ul></nav><main><h1>Detention statistics</h1>"
        "<p>Last updated: 05/06/2023</p><dl><dt>ADP</dt><dd>The number of people held on an average day.</dd></dl>"
        f"<table><caption>By facility</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p>* Data are subject to change.</p>{inside}</main><footer>Contact</footer></body></html>"
    ).encode()


def xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Population by facility, FY2023"])
    for row in (_HEADER, *_ROWS):
        sheet.append(list(row))
    sheet.merge_cells("A1:E1")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls() -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Facilities")
    for index, row in enumerate((_HEADER, *_ROWS)):
        for column, value in enumerate(row):
            sheet.write(index, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pdf() -> bytes:
    from reportlab.lib.pagesizes import letter
    from reportlab.platypus import SimpleDocTemplate, Table

    buffer = io.BytesIO()
    rows = [list(_HEADER), *([str(cell) for cell in row] for row in _ROWS)]
    SimpleDocTemplate(buffer, pagesize=letter).build([Table(rows, style=[("GRID", (0, 0), (-1, -1), 1, "black")])])
    return buffer.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _delimited(delimiter: str) -> bytes:
    lines = [delimiter.join(str(cell) for cell in row) for row in (_HEADER, *_ROWS)]
    return "\r\n".join(lines).encode()


def mutate(seed: Sample, chance: random.Random) -> Sample:
    """One of the ways to break a document, chosen by ``chance``."""
    ways: list[Callable[[bytes, random.Random], bytes]] = [cut, flip, zero, double, swap, drop, stuff]
    if seed.format in ("xlsx", "zip"):
        ways += [repack] * 3
    if seed.format == "html":
        ways += [nest, nest]
    way = chance.choice(ways)
    return Sample(seed.format, f"{seed.what}, {way.__name__}", way(seed.body, chance))


def cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body))]


def flip(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 3, 10, 100))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def zero(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    return body[:start] + bytes(end - start) + body[end:]


def double(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    return body[:end] + body[start:end] * chance.randrange(1, 5) + body[end:]


def swap(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    return body[end:] + body[start:end] + body[:start]


def drop(body: bytes, chance: random.Random) -> bytes:
    start, end = _span(body, chance)
    return body[:start] + body[end:]


def stuff(body: bytes, chance: random.Random) -> bytes:
    start, _ = _span(body, chance)
    return body[:start] + chance.randbytes(chance.randrange(1, 2_000)) + body[start:]


def nest(body: bytes, chance: random.Random) -> bytes:
    tag = chance.choice(("div", "table><tr><td", "ul><li", "b", "dl><dd", "section", "details", "sup", "h2"))
    start, _ = _span(body, chance)
    return body[:start] + f"<{tag}>".encode() * chance.choice((100, 10_000)) + body[start:]


def repack(body: bytes, chance: random.Random) -> bytes:
    """Break one member of a zip and pack it soundly again, so that the damage gets past the unpacking."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(name for name, content in members.items() if content))
    way = chance.choice((cut, flip, zero, double, swap, drop, stuff))
    return zipped(members | {name: way(members[name], chance)})


def _span(body: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(body))
    return start, min(len(body), start + chance.randrange(1, max(2, len(body) // 4)))


def bombs() -> Iterator[Sample]:
    """Documents made to exhaust a reader."""
    yield from _page_bombs()
    yield from _workbook_bombs()
    yield from _pdf_bombs()
    yield Sample("json", "100,000 deep", b"[" * 100_000 + b"]" * 100_000)
    yield Sample("json", "wide", b"[" + b'{"a":1},' * 300_000 + b"{}]")
    yield Sample("csv", "a million columns", b",".join([b"1"] * 1_000_000) + b"\n" + b",".join([b"2"] * 1_000_000))
    yield Sample("csv", "an open quote", b'a,b\n1,"' + b"x\n" * 3_000_000)
    yield Sample("txt", "no blank", b"as of " * 500_000)
    yield Sample("txt", "colons", b"A: b " * 200_000)
    yield Sample(
        "zip",
        "2 GB of blanks",
        zipped(
            {"list.csv": bytes(1 << 20) * 64} | {f"part{number}.csv": b" " * (64 << 20) for number in range(30)}
        ),
    )
    yield Sample("zip", "zip in zip", _nested_zip(40))
    yield Sample("exe", "a program", b"MZ" + bytes(4_000))
    yield Sample("png", "a picture", b"\x89PNG\r\n\x1a\n" + bytes(4_000))
    yield Sample("xlsx", "protected by a password", _encrypted())


def _page_bombs() -> Iterator[Sample]:
    for tag in (
        "div",
        "b",
        "table><tr><td",
        "ul><li",
        "dl><dt>a<dd",
        "blockquote",
        "a href=x",
        "sup",
        "details",
        "svg",
    ):
        yield Sample("html", f"{tag} 10,000 deep", html(inside=f"<{tag}>" * 10_000))
    yield Sample("html", "div 1,000,000 deep", b"<main>" + b"<div>" * 1_000_000)
    wide = '<tr><td colspan="100000" rowspan="100000">1</td><td colspan=1000>2</td></tr>' * 3_000
    yield Sample("html", "spans of 100,000", html(inside=f"<table>{wide}</table>"))
    yield Sample(
        "html", "100,000 columns", html(inside=f"<table><tr>{'<td>1' * 100_000}<tr>{'<td>2' * 100_000}</table>")
    )
    yield Sample("html", "a million attributes", b"<html><body " + b"a=1 " * 1_000_000 + b"><p>text</p>")
    yield Sample("html", "80 MB", b"<html><body>" + b"<p>words words</p>" * 5_000_000)
    yield Sample("html", "one long word", html(inside=f"<p>{'x' * 5_000_000}</p>"))
    yield Sample("html", "dates without end", html(inside=f"<p>{'as of 01/01/2020 ' * 100_000}</p>"))
    yield Sample(
        "html", "definitions without end", html(inside=f"<p class=footnote>{'Term A means b c. ' * 50_000}</p>")
    )


def _workbook_bombs() -> Iterator[Sample]:
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    end = b"</sheetData></worksheet>"
    entities = b"".join(b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10) for level in range(1, 10))
    sheets = {
        "entities": b'<!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]>" + start + b"&e9;" + end,
        "a value at XFC5000": start + b'<row r="5000"><c r="XFC5000"><v>1</v></c></row>' + end,
        "a value at the last cell": start + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + end,
        "beyond the last cell": start + b'<row r="99999999"><c r="ZZZZ99999999"><v>1</v></c></row>' + end,
        "100,000 columns": start + b'<row r="1">' + b"<c><v>1</v></c>" * 100_000 + b"</row>" + end,
        "1,000,000 merges": start + b"</sheetData><mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 1_000_000
        + b"</mergeCells></worksheet>",
        "1 GB of blanks": start + b" " * (1 << 30) + end,
        "deep": start + b"<a>" * 1_000_000 + end,
    }  # fmt: skip
    for what, content in sheets.items():
        yield Sample("xlsx", what, zipped(members | {sheet: content}))
    yield Sample("xlsm", "macros", zipped(members | {"xl/vbaProject.bin": bytes(1_000)}))
    yield Sample(
        "xlsx", "no sheets", zipped({name: body for name, body in members.items() if "sheet1" not in name})
    )


def _pdf_bombs() -> Iterator[Sample]:
    packed = zlib.compress(b" " * (1 << 30), 9)
    stream = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
    tree = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n"
    end = b"trailer<</Root 1 0 R>>\n%%EOF\n"
    yield Sample("pdf", "1 GB of blanks", b"%PDF-1.7\n" + tree % (b"3 0 R", 1) + page + stream + end)
    yield Sample("pdf", "a page tree that holds itself", b"%PDF-1.7\n" + tree % (b"2 0 R", 1) + end)
    yield Sample("pdf", "100,000 pages", b"%PDF-1.7\n" + tree % (b"3 0 R " * 100_000, 100_000) + page + end)
    words = b"BT /F1 9 Tf " + b"1 0 0 1 50 50 Tm (word) Tj " * 200_000 + b"ET"
    many = b"4 0 obj<</Length %d>>stream\n" % len(words) + words + b"\nendstream endobj\n"
    yield Sample("pdf", "200,000 words on a page", b"%PDF-1.7\n" + tree % (b"3 0 R", 1) + page + many + end)
    lines = b"".join(b"%d 0 m %d 800 l S " % (x % 600, x % 600) for x in range(100_000))
    ruled = b"4 0 obj<</Length %d>>stream\n" % len(lines) + lines + b"\nendstream endobj\n"
    yield Sample("pdf", "100,000 rules on a page", b"%PDF-1.7\n" + tree % (b"3 0 R", 1) + page + ruled + end)


def _nested_zip(depth: int) -> bytes:
    body = _delimited(",")
    for _ in range(depth):
        body = zipped({"inner.zip": body})
    return body


def _encrypted() -> bytes:
    """What an encrypted workbook begins with: an OLE file with a stream of that name in its directory."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\x00")
