"""The one list of formats: how each shows in bytes, names and media types, what it is, and which module reads it.

A format is read where ``reader`` names a module below ``diffing/readers``: a new one is that module and a line
here. What is listed without a reader is named when it is refused, and told apart from a web page.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from msgspec import Struct


class Stands(StrEnum):
    """What an address whose name has the suffix of a format leads to."""

    PAGE = "page"  # a web page
    FILE = "file"  # a published document; a web page at its address stands in its place
    EITHER = "either"  # servers show such files as they are or as web pages
    PART = "part"  # what pages are made of


class Format(Struct, frozen=True):
    """One format. It shows by ``magic``, ``members``, ``streams`` or ``roots``, in this order; a text without
    any of these is what the server or its name calls it. A binary format is told by its bytes alone, never by its
    name: without any of these its files are unknown binary data.
    """

    name: str  # as people write it
    media_types: tuple[str, ...]  # its own, then what else servers call it
    suffixes: tuple[str, ...] = ()  # of file names, in lower case
    reader: str = ""  # a module below diffing.readers, "" where nothing reads it
    stands: Stands = Stands.FILE
    text: bool = False  # it is written in characters
    magic: tuple[bytes, ...] = ()  # how its bytes begin
    members: tuple[str, ...] = ()  # how the name of a member begins, of a ZIP archive
    streams: tuple[str, ...] = ()  # names in the directory of an OLE file
    roots: tuple[str, ...] = ()  # names of the outermost element of an XML document, without prefix

    rolls: bool = False  # it keeps the newest of its entries only
    numbers: bool = False  # it holds numbers as numbers: what marks part their thousands need not be asked

    @property
    def media_type(self) -> str:
        """Its own media type, by which it is called everywhere."""
        return self.media_types[0]


_ODF: Final = "application/vnd.oasis.opendocument"
_OOXML: Final = "application/vnd.openxmlformats-officedocument"
HTML: Final = "text/html"
PDF: Final = "application/pdf"
XLSX: Final = f"{_OOXML}.spreadsheetml.sheet"
XLSM: Final = "application/vnd.ms-excel.sheet.macroEnabled.12"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
XLS: Final = "application/vnd.ms-excel"
CSV: Final = "text/csv"
TSV: Final = "text/tab-separated-values"
JSON: Final = "application/json"
TEXT: Final = "text/plain"
XML: Final = "application/xml"
ODS: Final = f"{_ODF}.spreadsheet"
ZIP: Final = "application/zip"
ENCRYPTED: Final = "application/encrypted"
UNKNOWN: Final = "application/octet-stream"

_PARQUET: Final = "application/vnd.apache.parquet"
_XHTML: Final = "application/xhtml+xml"
_SPREADSHEETML: Final = "spreadsheets.spreadsheetml"
_XML_2003: Final = "application/x-spreadsheetml"
_PX: Final = (b"CHARSET=", b"AXIS-VERSION=", b"\xef\xbb\xbfCHARSET=", b"\xef\xbb\xbfAXIS-VERSION=")
_SDMX: Final = "application/vnd.sdmx.genericdata+xml"
_MESSAGES: Final = (
    "GenericData", "GenericTimeSeriesData", "StructureSpecificData", "StructureSpecificTimeSeriesData",
    "CompactData",
)  # fmt: skip
_LINES: Final = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines")
_JSON: Final = ("text/json", "application/geo+json", "application/ld+json")

# fmt: off
FORMATS: Final = (
    Format("HTML", (HTML, _XHTML), (".html", ".htm", ".xhtml"), "html.reader", Stands.PAGE, text=True),
    Format("PDF", (PDF, "application/x-pdf"), (".pdf",), "pdf.reader"),
    Format("password-protected Office file", (ENCRYPTED,), streams=("EncryptedPackage",)),
    Format("XLSB", (XLSB,), (".xlsb",), "spreadsheets.reader", members=("xl/workbook.bin",), numbers=True),
    Format("XLSM", (XLSM,), (".xlsm",), "spreadsheets.reader", members=("xl/vbaProject.bin",), numbers=True),
    Format("XLSX", (XLSX,), (".xlsx", ".xltx"), "spreadsheets.reader", members=("xl/",), numbers=True),
    Format("XLS", (XLS,), (".xls",), "spreadsheets.reader", streams=("Workbook", "Book"), numbers=True),
    Format("CSV", (CSV, "application/csv"), (".csv",), "csv", text=True),
    Format("TSV", (TSV,), (".tsv", ".tab"), "csv", text=True),
    Format("JSON", (JSON, *_JSON), (".json", ".geojson"), "json.reader", text=True, numbers=True),
    Format("JSON Lines", _LINES, (".jsonl", ".ndjson"), "json.reader", text=True, numbers=True),
    Format("plain text", (TEXT,), (".txt", ".text"), "text", text=True),
    Format("Markdown", ("text/markdown",), (".md", ".markdown"), "markdown", Stands.EITHER, text=True),
    Format("SpreadsheetML", (_XML_2003,), (), _SPREADSHEETML, text=True, roots=("Workbook",), numbers=True),
    Format("Atom", ("application/atom+xml",), (".atom",), "xml", text=True, roots=("feed",), rolls=True),
    Format("RSS", ("application/rss+xml",), (".rss",), "xml", text=True, roots=("rss", "RDF"), rolls=True),
    Format("SDMX-ML", (_SDMX,), (), "sdmx", text=True, roots=_MESSAGES),
    Format("XML", (XML, "text/xml"), (".xml",), "xml", text=True),
    Format("PC-Axis", ("text/x-pcaxis", "text/pcaxis"), (".px",), "px", text=True, magic=_PX),
    Format("ZIP", (ZIP, "application/x-zip-compressed"), (".zip",), "zip"),
    Format("ODS", (ODS,), (".ods",), "spreadsheets.reader", numbers=True),
    Format("ODT", (f"{_ODF}.text",), (".odt",)),
    Format("ODP", (f"{_ODF}.presentation",), (".odp",)),
    Format("DOCX", (f"{_OOXML}.wordprocessingml.document",), (".docx",), "docx", members=("word/",)),
    Format("DOC", ("application/msword",), (".doc",), streams=("WordDocument",)),
    Format("PPTX", (f"{_OOXML}.presentationml.presentation",), (".pptx",), members=("ppt/",)),
    Format("PPT", ("application/vnd.ms-powerpoint",), (".ppt",), streams=("PowerPoint Document",)),
    Format("RTF", ("application/rtf", "text/rtf"), (".rtf",), "rtf", magic=(b"{\\rtf",)),
    Format("gzip", ("application/gzip", "application/x-gzip"), (".gz",), "gzip", magic=(b"\x1f\x8b",)),
    Format("bzip2", ("application/x-bzip2",), (".bz2",), magic=(b"BZh",)),
    Format("xz", ("application/x-xz",), (".xz",), magic=(b"\xfd7zXZ\x00",)),
    Format("7z", ("application/x-7z-compressed",), (".7z",), magic=(b"7z\xbc\xaf\x27\x1c",)),
    Format("RAR", ("application/vnd.rar",), (".rar",), magic=(b"Rar!",)),
    Format("PostScript", ("application/postscript",), (".ps",), magic=(b"%!PS",)),
    Format("SQLite", ("application/vnd.sqlite3",), (".sqlite",), magic=(b"SQLite format 3\x00",)),
    Format("Parquet", (_PARQUET,), (".parquet",), "parquet", magic=(b"PAR1",), numbers=True),
    Format("MP3", ("audio/mpeg",), (".mp3",), magic=(b"ID3",)),
    Format("MP4", ("video/mp4",), (".mp4",)),
    Format("PNG", ("image/png",), (".png",), stands=Stands.PART, magic=(b"\x89PNG\r\n",)),
    Format("JPEG", ("image/jpeg",), (".jpg", ".jpeg"), stands=Stands.PART, magic=(b"\xff\xd8\xff",)),
    Format("GIF", ("image/gif",), (".gif",), stands=Stands.PART, magic=(b"GIF8",)),
    Format("WebP", ("image/webp",), (".webp",), stands=Stands.PART, magic=(b"RIFF",)),
    Format("TIFF", ("image/tiff",), (".tif", ".tiff"), stands=Stands.PART, magic=(b"II*\x00", b"MM\x00*")),
    Format("BMP", ("image/bmp",), (".bmp",), stands=Stands.PART, magic=(b"BM",)),
    Format("a Windows program", ("application/x-msdownload",), (".exe",), stands=Stands.PART, magic=(b"MZ",)),
    Format("a program", ("application/x-executable",), stands=Stands.PART, magic=(b"\x7fELF",)),
)
# fmt: on
"""Where several would fit, the first."""

_BY_MEDIA_TYPE: Final = {called.lower(): each for each in reversed(FORMATS) for called in each.media_types}
_BY_SUFFIX: Final = {suffix: each for each in reversed(FORMATS) for suffix in each.suffixes}
READ: Final = tuple(each.name for each in FORMATS if each.reader)
"""The names of the formats that are read."""


def format_called(media_type: str) -> Format | None:
    """The format of a media type, with or without parameters; None where nobody knows it."""
    return _BY_MEDIA_TYPE.get(media_type.partition(";")[0].strip().lower())


def format_named(file_name: str) -> Format | None:
    """The format that a file name says by its suffix; None where it says none that is known."""
    return _BY_SUFFIX.get(PurePosixPath(file_name.lower()).suffix)


@lru_cache(maxsize=8_192)
def format_at(address: str) -> Format | None:
    """The format that an address, or a link, says by its path; None where it says none that is known."""
    try:
        return format_named(unquote(urlsplit(address).path))
    except ValueError:  # an address in pieces
        return None


def names_file(address: str) -> bool:
    """Whether an address is of a document that is no web page."""
    found = format_at(address)
    return found is not None and found.stands is Stands.FILE
