"""Word documents (Office Open XML): headings, paragraphs, lists, tables, notes; not what is marked as deleted."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

from diffing.readers.flow import Flow, Merge
from diffing.readers.safe_xml import local, parse_xml
from state.document import Document, ReadingHints
from state.errors import ReadingError

MAX_PART: Final = 200_000_000
"""Bytes that one part of a document may unpack to."""
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_HEADING: Final = re.compile(r"(?:heading|title|subtitle)\s*([1-9]?)", re.IGNORECASE)
_BREAKS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
_UNSEEN: Final = frozenset(
    {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "drawing", "pict", "Fallback"}
)
_DEEPEST: Final = 60


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a document. Raises ``ReadingError`` where it is damaged."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except _DAMAGE as error:
        raise ReadingError(f"the document is cut short or damaged: {error}") from error
    main = _part(archive, "word/document.xml")
    if main is None:
        raise ReadingError("the document has no text part; it is damaged")
    reader = _Reader(Flow(hints), _styles(archive), _targets(archive))
    for element in main:
        if local(element.tag) == "body":
            reader.read(element, 0)
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        for note in _part(archive, part) if part in archive.namelist() else ():
            if not _attribute(note, "type"):
                reader.flow.add_text("".join(_texts(note, 0)), kind="note")
    properties = _properties(archive)
    return reader.flow.document("", title=properties.get("title", ""), metadata=properties)


class _Reader:
    """Walks the body in reading order."""

    def __init__(self, flow: Flow, styles: dict[str, int], targets: dict[str, str]) -> None:
        self.flow = flow
        self._styles = styles
        self._targets = targets

    def read(self, holder: Any, depth: int) -> None:  # noqa: ANN401
        """All paragraphs and tables of an element, those of its content controls too."""
        for element in holder:
            name = local(element.tag)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif depth < _DEEPEST and name not in _UNSEEN:
                self.read(element, depth + 1)

    def _paragraph(self, element: Any) -> None:  # noqa: ANN401
        text = "".join(_texts(element, 0))
        style, is_item = _dress(element)
        level = self._styles.get(style, 0)
        if level:
            self.flow.add_heading(level, text)
        else:
            self.flow.add_text(text, kind="item" if is_item else "paragraph")
        for link in element.iter("{*}hyperlink"):
            if url := self._targets.get(_attribute(link, "id")):
                self.flow.add_link("".join(_texts(link, 0)), url)

    def _table(self, element: Any) -> None:  # noqa: ANN401
        rows: list[list[str]] = []
        merges: list[Merge] = []
        upright: dict[int, tuple[int, int]] = {}  # column -> row and last column of a cell that goes on below
        for i, row in enumerate(element.iterchildren("{*}tr")):
            texts: list[str] = []
            for cell in row.iterchildren("{*}tc"):
                start, (span, merged) = len(texts), _spans(cell)
                end = start + span - 1
                if merged == "continue" and start in upright:
                    texts += [""] * span
                    continue
                texts += ["\n".join(_paragraphs(cell)), *[""] * (span - 1)]
                upright.pop(start, None)
                if merged == "restart":
                    upright[start] = (i, end)
                elif span > 1:
                    merges.append((i, start, i, end))
            rows.append(texts)
        self.flow.add_table(rows, merges=merges)


def _paragraphs(cell: Any) -> list[str]:  # noqa: ANN401
    return [" ".join("".join(_texts(paragraph, 0)).split()) for paragraph in cell.iter("{*}p")]


def _spans(cell: Any) -> tuple[int, str]:  # noqa: ANN401
    """Over how many columns a cell goes, and whether it begins or continues one over several rows."""
    span, merged = 1, ""
    for properties in cell.iterchildren("{*}tcPr"):
        for each in properties:
            if local(each.tag) == "gridSpan" and _attribute(each, "val").isdigit():
                span = min(max(int(_attribute(each, "val")), 1), 1_000)
            if local(each.tag) == "vMerge":
                merged = _attribute(each, "val") or "continue"
    return span, merged


def _texts(element: Any, depth: int) -> Iterator[str]:  # noqa: ANN401
    for child in element:
        name = local(child.tag)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _UNSEEN and depth < _DEEPEST:
            yield from _texts(child, depth + 1)


def _dress(paragraph: Any) -> tuple[str, bool]:  # noqa: ANN401
    """The style of a paragraph, and whether it is an item of a list."""
    style, is_item = "", False
    for properties in paragraph.iterchildren("{*}pPr"):
        for each in properties:
            style = _attribute(each, "val") if local(each.tag) == "pStyle" else style
            is_item = is_item or local(each.tag) == "numPr"
    return style, is_item


def _styles(archive: zipfile.ZipFile) -> dict[str, int]:
    """The level of each style that is of headings: by its name, which Word keeps in English, or its outline."""
    levels: dict[str, int] = {}
    part = _part(archive, "word/styles.xml")
    for style in part.iter("{*}style") if part is not None else ():
        for each in style.iter("{*}name", "{*}outlineLvl"):
            said = _attribute(each, "val")
            if local(each.tag) == "outlineLvl" and said.isdigit() and int(said) < 9:
                levels[_attribute(style, "styleId")] = int(said) + 1
            elif local(each.tag) == "name" and (found := _HEADING.fullmatch(said)):
                levels[_attribute(style, "styleId")] = int(found[1] or 1)
    return levels or {"Title": 1, **{f"Heading{level}": level for level in range(1, 10)}}


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    part = _part(archive, "word/_rels/document.xml.rels")
    if part is None:
        return {}
    return {each.get("Id", ""): each.get("Target", "") for each in part if each.get("TargetMode") == "External"}


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    part = _part(archive, "docProps/core.xml")
    said = {local(each.tag): (each.text or "").strip() for each in (part if part is not None else ())}
    return {name: text for name, text in said.items() if text}


def _part(archive: zipfile.ZipFile, name: str) -> Any:  # noqa: ANN401
    """The outermost element of a part, None where there is no such part."""
    if name not in archive.namelist():
        return None
    try:
        with archive.open(name) as member:
            content = member.read(MAX_PART + 1)
    except _DAMAGE as error:
        raise ReadingError(f"the document is damaged: {error}") from error
    if len(content) > MAX_PART:
        raise ReadingError(f"the document unpacks to more than {MAX_PART // 1_000_000} MB")
    return parse_xml(content)


def _attribute(element: Any, name: str) -> str:  # noqa: ANN401
    return next((str(value) for key, value in element.attrib.items() if local(key) == name), "")
