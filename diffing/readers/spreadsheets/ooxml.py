"""The zip package of an Office workbook: sheets, styles, strings, comments, read as a bounded stream of XML.

Only cells that hold something are kept, so a used range to the last column costs nothing. XML with a document
type (and so any entity) is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

from msgspec import Struct, field

from diffing.readers.spreadsheets.number_formats import GENERAL, NumberFormat, built_in, parse_format
from state.errors import ReadingError

MAX_XML: Final = 600_000_000
"""Bytes of XML that a workbook may unpack to, all parts together."""
_CHUNK: Final = 1 << 18
_EMPTY_CELL: Final = re.compile(rb"<c\s[^<>]*/>")
Attributes = dict[str, str]


class Style(Struct, frozen=True):
    """How cells are dressed, and what their numbers mean."""

    form: NumberFormat = GENERAL
    bold: bool = False
    filled: bool = False
    ruled_above: bool = False
    ruled_below: bool = False
    indent: int = 0


class SheetPart(Struct, frozen=True):
    """A worksheet of the package, unread; ``state`` is visible, hidden or veryHidden."""

    name: str
    state: str
    path: str


class Package(Struct):
    """A workbook's parts that concern all sheets."""

    archive: zipfile.ZipFile
    sheets: list[SheetPart] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False
    protected: bool = False
    macros: bool = False
    other_sheets: list[str] = field(default_factory=list)  # charts and dialogs
    left: int = MAX_XML  # bytes of XML that may still be unpacked

    def size_of(self, path: str) -> int:
        """How many bytes of XML a part says it unpacks to; 0 for one that is missing."""
        info = self.archive.NameToInfo.get(path)
        return 0 if info is None else info.file_size


def open_package(body: bytes) -> Package:
    """Open a workbook and read what its sheets share.

    Raises ``ReadingError`` where the archive is broken, no workbook, or unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
        raise ReadingError(f"the workbook is cut short or damaged: {error}") from error
    package = Package(archive)
    names = set(archive.namelist())
    workbook = _workbook_path(package, names)
    relations = read_relations(package, workbook)
    package.macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    _read_workbook(package, workbook, relations)
    for kind, path in relations.values():
        if kind == "sharedStrings" and path in names:
            _read_strings(package, path)
        elif kind == "styles" and path in names:
            _read_styles(package, path)
    for path in ("docProps/core.xml", "docProps/app.xml"):
        if path in names:
            _read_properties(package, path)
    return package


def _workbook_path(package: Package, names: set[str]) -> str:
    if "[Content_Types].xml" not in names:
        raise ReadingError("the archive is no Office workbook")
    for kind, path in read_relations(package, "").values():
        if kind == "officeDocument" and path in names:
            if path.endswith(".bin"):
                raise ReadingError("a binary workbook (xlsb) is not read; convert it to xlsx")
            return path
    raise ReadingError("the archive holds no workbook")


def stream(package: Package, path: str, *, strip: bool = False) -> Iterator[bytes]:
    """The bytes of a part in pieces, bounded; ``strip`` leaves out cells that hold nothing."""
    try:
        with package.archive.open(path) as part:
            rest = b""
            while chunk := part.read(_CHUNK):
                package.left -= len(chunk)
                if package.left < 0:
                    raise ReadingError(f"the workbook unpacks to more than {MAX_XML // 1_000_000} MB")
                if not strip:
                    yield chunk
                    continue
                chunk = rest + chunk
                cut = chunk.rfind(b">") + 1
                rest = chunk[cut:]
                if len(rest) > 1 << 22:
                    raise ReadingError("the workbook holds an element of more than 4 MB")
                yield _EMPTY_CELL.sub(b"", chunk[:cut])
            yield rest
    except KeyError as error:
        raise ReadingError(f"the workbook lacks its part {path}") from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ReadingError(f"the part {path} of the workbook is damaged: {error}") from error


def parse(
    package: Package,
    path: str,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    strip: bool = False,
) -> None:
    """Feed a part to handlers; element names come without their prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for chunk in stream(package, path, strip=strip):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ReadingError(f"the part {path} of the workbook is damaged: {error}") from error


def _refuse_doctype(*_details: object) -> None:
    raise ReadingError("the workbook's XML declares a document type, which no Office program writes")


def local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rsplit(":", 1)[-1]


def read_relations(package: Package, path: str) -> dict[str, tuple[str, str]]:
    """Relations of a part: identifier -> (kind, path of the target inside the package)."""
    folder, name = posixpath.split(path)
    relations: dict[str, tuple[str, str]] = {}
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    if source not in package.archive.NameToInfo:
        return relations

    def start(element: str, attributes: Attributes) -> None:
        if local(element) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        relations[attributes.get("Id", "")] = (attributes.get("Type", "").rsplit("/", 1)[-1], full)

    parse(package, source, start=start)
    return relations


def _read_workbook(package: Package, path: str, relations: dict[str, tuple[str, str]]) -> None:
    def start(element: str, attributes: Attributes) -> None:
        name = local(element)
        if name == "sheet":
            identifier = next((v for k, v in attributes.items() if local(k) == "id" and ":" in k), "")
            kind, target = relations.get(identifier, ("", ""))
            title = attributes.get("name", "")
            if kind == "worksheet":
                package.sheets.append(SheetPart(title, attributes.get("state", "visible"), target))
            else:
                package.other_sheets.append(title)
        elif name == "workbookPr":
            package.from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "workbookProtection":
            package.protected = True

    parse(package, path, start=start)


def _read_strings(package: Package, path: str) -> None:
    pieces: list[str] = []
    inside, phonetic = False, False

    def start(element: str, _attributes: Attributes) -> None:
        nonlocal inside, phonetic
        name = local(element)
        if name == "si":
            pieces.clear()
        elif name == "t":
            inside = not phonetic
        elif name == "rPh":
            phonetic = True

    def end(element: str) -> None:
        nonlocal inside, phonetic
        name = local(element)
        if name == "t":
            inside = False
        elif name == "rPh":
            phonetic = False
        elif name == "si":
            package.strings.append(unescape("".join(pieces)))

    def text(data: str) -> None:
        if inside:
            pieces.append(data)

    parse(package, path, start=start, end=end, text=text)


def unescape(text: str) -> str:
    """Office's own escapes of control characters ("_x000D_"), as the characters."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def _read_properties(package: Package, path: str) -> None:
    wanted = {"title", "creator", "lastModifiedBy", "created", "modified", "Application", "AppVersion", "Company"}
    current = ""

    def start(element: str, _attributes: Attributes) -> None:
        nonlocal current
        current = local(element)

    def text(data: str) -> None:
        if current in wanted and data.strip():
            package.properties[current] = package.properties.get(current, "") + data.strip()

    parse(package, path, start=start, end=lambda _element: None, text=text)


def _read_styles(package: Package, path: str) -> None:
    fonts: list[bool] = []
    fills: list[bool] = []
    borders: list[list[bool]] = []
    codes: dict[int, NumberFormat] = {}
    stack: list[str] = []

    def start(element: str, attributes: Attributes) -> None:
        name, parent = local(element), stack[-1] if stack else ""
        stack.append(name)
        if name == "numFmt" and parent == "numFmts":
            codes[_integer(attributes.get("numFmtId"))] = parse_format(attributes.get("formatCode", ""))
        elif name == "font" and parent == "fonts":
            fonts.append(False)
        elif name == "b" and "fonts" in stack and fonts:
            fonts[-1] = attributes.get("val", "1") not in ("0", "false")
        elif name == "fill" and parent == "fills":
            fills.append(False)
        elif name == "patternFill" and "fills" in stack and fills:
            fills[-1] = attributes.get("patternType", "none") not in ("none", "gray125")
        elif name == "fgColor" and "fills" in stack and fills and _is_white(attributes):
            fills[-1] = False
        elif name == "border" and parent == "borders":
            borders.append([False, False])
        elif name in ("top", "bottom") and parent == "border" and "borders" in stack and borders:
            borders[-1][name == "bottom"] = attributes.get("style", "none") != "none"
        elif name == "xf" and parent == "cellXfs":
            package.styles.append(_style(attributes, fonts, fills, borders, codes))
        elif name == "alignment" and "cellXfs" in stack and package.styles:
            package.styles[-1] = _indented(package.styles[-1], _integer(attributes.get("indent")))

    def end(_element: str) -> None:
        stack.pop()

    parse(package, path, start=start, end=end)


def _style(
    attributes: Attributes,
    fonts: list[bool],
    fills: list[bool],
    borders: list[list[bool]],
    codes: dict[int, NumberFormat],
) -> Style:
    number = _integer(attributes.get("numFmtId"))
    font, fill, border = (_integer(attributes.get(key)) for key in ("fontId", "fillId", "borderId"))
    above, below = borders[border] if border < len(borders) else (False, False)
    return Style(
        form=codes.get(number) or built_in(number),
        bold=font < len(fonts) and fonts[font],
        filled=fill < len(fills) and fills[fill],
        ruled_above=above,
        ruled_below=below,
    )


def _indented(style: Style, indent: int) -> Style:
    return Style(style.form, style.bold, style.filled, style.ruled_above, style.ruled_below, indent)


def _is_white(attributes: Attributes) -> bool:
    return attributes.get("rgb", "").upper() in ("FFFFFFFF", "00FFFFFF", "FFFFFF") or (
        attributes.get("theme") == "0" and float(attributes.get("tint", "0") or 0) == 0
    )


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
