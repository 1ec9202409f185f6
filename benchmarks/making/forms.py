"""One table of records in every form that is read: ``FORMS[name](header, rows)`` are the bytes of such a file.

A record is a name, a state, figures; names are unique.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable, Sequence
from html import escape
from typing import Final

Rows = Sequence[Sequence[str | int | float]]
Writer = Callable[[Sequence[str], Rows], bytes]


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def _csv(header: Sequence[str], rows: Rows) -> bytes:
    return "".join(",".join(map(str, row)) + "\n" for row in (header, *rows)).encode()


def _records(header: Sequence[str], rows: Rows) -> list[dict[str, object]]:
    return [dict(zip(header, row, strict=True)) for row in rows]


def _jsonl(header: Sequence[str], rows: Rows) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in _records(header, rows)).encode()


def _socrata(header: Sequence[str], rows: Rows) -> bytes:
    columns = [{"id": -1, "name": "sid", "fieldName": ":sid"}, *({"name": name} for name in header)]
    data = [[f"row-{row[0]}", *row] for row in rows]
    return json.dumps({"meta": {"view": {"id": "ab12", "columns": columns}}, "data": data}).encode()


def _json_stat(header: Sequence[str], rows: Rows) -> bytes:
    names = [str(row[0]) for row in rows]
    dimension = {
        "Facility": {"category": {"index": names}},
        "measure": {"label": "Measure", "category": {"index": {name: i for i, name in enumerate(header[2:])}}},
    }
    return json.dumps({
        "version": "2.0", "class": "dataset", "label": "Population", "id": ["Facility", "measure"],
        "size": [len(names), len(header) - 2], "role": {"metric": ["measure"]}, "dimension": dimension,
        "value": [value for row in rows for value in row[2:]],
    }).encode()  # fmt: skip


def _geojson(header: Sequence[str], rows: Rows) -> bytes:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-99.5, 31.5]}, "properties": record}
        for record in _records(header, rows)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _px(header: Sequence[str], rows: Rows) -> bytes:
    names = ",\n".join(f'"{row[0]}"' for row in rows)
    measures = ",".join(f'"{name}"' for name in header[2:])
    data = "\n".join(" ".join(map(str, row[2:])) for row in rows)
    return (
        'CHARSET="ANSI";\nAXIS-VERSION="2010";\nCODEPAGE="utf-8";\nTITLE="Population "\n"by facility";\n'
        'CONTENTS="Population";\nUNITS="people";\nSTUB="Facility";\nHEADING="Measure";\nCONTVARIABLE="Measure";\n'
        f'VALUES("Facility")={names};\nVALUES("Measure")={measures};\nVALUES[es]("Measure")="x";\nDATA=\n{data};\n'
    ).encode()


def _px_keyed(header: Sequence[str], rows: Rows) -> bytes:
    """PC-Axis whose rows bear their keys, without those that hold noughts only."""
    names, codes = (",".join(f'"{text}"' for text in texts) for texts in ([r[0] for r in rows], range(len(rows))))
    data = "\n".join(f'"{i}",{" ".join(map(str, row[2:]))}' for i, row in enumerate(rows) if any(row[2:]))
    measures = ",".join(f'"{name}"' for name in header[2:])
    return (
        'CHARSET="ANSI";\nCODEPAGE="utf-8";\nTITLE="Population";\nSTUB="Facility";\nHEADING="Measure";\n'
        f'CONTVARIABLE="Measure";\nVALUES("Facility")={names};\nVALUES("Measure")={measures};\n'
        f'CODES("Facility")={codes};\nKEYS("Facility")=CODES;\nDATA=\n{data};\n'
    ).encode()


def _spreadsheetml(header: Sequence[str], rows: Rows) -> bytes:
    def cell(value: object) -> str:
        kind = "String" if isinstance(value, str) else "Number"
        return f'<Cell><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'

    body = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in (header, *rows))
    return (
        "<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>"
        "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'"
        " xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"
        f"<Worksheet ss:Name='Facilities'><Table>{body}</Table></Worksheet></Workbook>"
    ).encode()


def _ods(header: Sequence[str], rows: Rows) -> bytes:
    def cell(value: object) -> str:
        if isinstance(value, str):
            return (
                f"<table:table-cell office:value-type='string'><text:p>{escape(value)}</text:p></table:table-cell>"
            )
        return f"<table:table-cell office:value-type='float' office:value='{value}'/>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in (header, *rows))
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f"<?xml version='1.0'?><office:document-content xmlns:office='{space}:office:1.0'"
        f" xmlns:table='{space}:table:1.0' xmlns:text='{space}:text:1.0'><office:body><office:spreadsheet>"
        f"<table:table table:name='Facilities'>{body}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = f"<manifest:manifest xmlns:manifest='{space}:manifest:1.0'/>"
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": manifest, "content.xml": content,
    })  # fmt: skip


def _xlsb(header: Sequence[str], rows: Rows) -> bytes:
    def record(kind: int, data: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        size, length = b"", len(data)
        while True:
            size += bytes([length & 127 | (128 if length > 127 else 0)])
            length >>= 7
            if not length:
                return head + size + data

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(column: int, value: str | int | float) -> bytes:
        at = struct.pack("<II", column, 0)
        return record(6, at + wide(value)) if isinstance(value, str) else record(5, at + struct.pack("<d", value))

    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Facilities"))
    book += record(144) + record(132)
    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows), 0, len(header) - 1)) + record(145)
    for number, row in enumerate((header, *rows)):
        sheet += record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        sheet += b"".join(cell(column, value) for column, value in enumerate(row))
    sheet += record(146) + record(130)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        "<?xml version='1.0'?><Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        "<Relationship Id='rId1' Type='{}' Target='{}'/></Relationships>"
    )
    return zipped({
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": relations.format(f"{kind}/officeDocument", "xl/workbook.bin"),
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": relations.format(f"{kind}/worksheet", "worksheets/sheet1.bin"),
        "xl/worksheets/sheet1.bin": sheet,
    })  # fmt: skip


def docx(body: str) -> bytes:
    """A Word document with this body."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return zipped({
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "word/document.xml": f"<w:document xmlns:w='{space}'><w:body>{body}</w:body></w:document>",
    })  # fmt: skip


def _docx(header: Sequence[str], rows: Rows) -> bytes:
    def cell(value: object) -> str:
        return f"<w:tc><w:p><w:r><w:t>{escape(str(value))}</w:t></w:r></w:p></w:tc>"

    table = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in (header, *rows))
    head = "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Population by facility</w:t></w:r></w:p>"
    return docx(f"{head}<w:tbl>{table}</w:tbl><w:p><w:r><w:t>Figures are final.</w:t></w:r></w:p>")


def _rtf(header: Sequence[str], rows: Rows) -> bytes:
    def row(values: Sequence[object]) -> str:
        edges = "".join(f"\\cellx{2000 * (i + 1)}" for i in range(len(values)))
        return f"\\trowd{edges} " + "".join(f"\\intbl {value}\\cell " for value in values) + "\\row\n"

    table = "".join(map(row, (header, *rows)))
    return f"{{\\rtf1\\ansi\\deff0 Population by facility\\par\n{table}\\pard Figures are final.\\par}}".encode(
        "cp1252"
    )


def _markdown(header: Sequence[str], rows: Rows) -> bytes:
    lines = [header, ["---"] * len(header), *rows]
    table = "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
    return f"# Population by facility\n\nSee *below*.\n\n{table}\n\n- Figures are final.\n".encode()


def _xml(header: Sequence[str], rows: Rows) -> bytes:
    body = "".join(
        "<facility>"
        + "".join(f"<{n}>{escape(str(v))}</{n}>" for n, v in zip(header, row, strict=True))
        + "</facility>"
        for row in rows
    )
    return f"<?xml version='1.0'?><facilities><note>Figures are final.</note>{body}</facilities>".encode()


def _sdmx(header: Sequence[str], rows: Rows) -> bytes:
    """Structure-specific SDMX-ML: a series a name and measure, of one period."""
    series = "".join(
        f'<Series AREA="{escape(str(row[0]))}" MEASURE="{name}">'
        f'<Obs TIME_PERIOD="2031" OBS_VALUE="{value}"/></Series>'
        for row in rows
        for name, value in zip(header[2:], row[2:], strict=True)
    )
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
    name = "StructureSpecificData"
    return f"<m:{name} xmlns:m='{space}'><m:DataSet>{series}</m:DataSet></m:{name}>".encode()


def _rss(header: Sequence[str], rows: Rows) -> bytes:
    items = "".join(
        f"<item><title>{escape(str(row[0]))}</title><guid>https://x.example/{i}</guid>"
        f"<description>&lt;p&gt;{header[2]}: {row[2]}&lt;/p&gt;</description></item>"
        for i, row in enumerate(rows)
    )
    return f"<rss version='2.0'><channel><title>Notices</title>{items}</channel></rss>".encode()


def _atom(header: Sequence[str], rows: Rows) -> bytes:
    items = "".join(
        f"<entry><title>{escape(str(row[0]))}</title><id>urn:x:{i}</id><link href='https://x.example/{i}'/>"
        f"<summary>{header[2]}: {row[2]}</summary></entry>"
        for i, row in enumerate(rows)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Notices</title>{items}</feed>".encode()


def _sitemap(_header: Sequence[str], rows: Rows) -> bytes:
    urls = "".join(
        f"<url><loc>https://x.example/{str(row[0]).replace(' ', '-')}</loc><priority>{row[2]}</priority></url>"
        for row in rows
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


def _parquet(header: Sequence[str], rows: Rows) -> bytes:
    import pyarrow
    from pyarrow import parquet

    out = io.BytesIO()
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    parquet.write_table(pyarrow.table(columns), out)  # type: ignore[no-untyped-call]
    return out.getvalue()


FORMS: Final[dict[str, Writer]] = {
    "ods": _ods, "xlsb": _xlsb, "docx": _docx, "rtf": _rtf, "md": _markdown, "px": _px, "parquet": _parquet,
    "keys.px": _px_keyed, "jsonl": _jsonl, "geojson": _geojson, "rows.json": _socrata, "stat.json": _json_stat,
    "2003.xls": _spreadsheetml, "xml": _xml, "sdmx.xml": _sdmx, "rss": _rss, "atom": _atom,
    "sitemap.xml": _sitemap,
    "csv.gz": lambda header, rows: gzip.compress(_csv(header, rows), mtime=0),
    "ods.gz": lambda header, rows: gzip.compress(_ods(header, rows), mtime=0),
    "docx.zip": lambda header, rows: zipped({"a/memo.docx": _docx(header, rows)}),
    "jsonl.zip": lambda header, rows: zipped({"a/data.jsonl": _jsonl(header, rows)}),
    "px.zip": lambda header, rows: zipped({"a/data.px": _px(header, rows)}),
}  # fmt: skip
"""By file suffix."""
