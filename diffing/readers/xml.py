"""XML of records: repeated elements as tables (feeds, sitemaps, exports), single ones as texts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from diffing.readers.safe_xml import local, parse_xml
from diffing.readers.statements.dates import find_dates, mark_flaws
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.rectangles import ColumnReader, table_of
from state.document import Block, Document, ReadingHints, Table, Where
from state.errors import ReadingError

_DEEPEST: Final = 12
"""Levels of elements that are read; what lies deeper is one text."""
MAX_COLUMNS: Final = 2_000
_TAG: Final = re.compile(r"<[^<>]{1,2000}>")
_RECORDS: Final = frozenset({"item", "entry", "row", "record", "url", "sitemap"})
"""Elements that are records even where there is one alone."""
_TITLES: Final = frozenset({"title", "name", "label"})


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read an XML document. Raises ``ReadingError`` where it is none, is empty, or defines entities."""
    root = parse_xml(body)
    reading = _Reading(hints)
    reading.read(root, ())
    if not reading.tables and not reading.blocks:
        raise ReadingError("the XML holds neither records nor texts")
    title = next((block.text.partition(": ")[2] for block in reading.blocks if _is_title(block)), "")
    return Document(
        media_type="",
        title=title,
        headline=title,
        blocks=tuple(reading.blocks),
        tables=tuple(reading.tables),
        definitions=find_definitions(blocks=reading.blocks, tables=reading.tables),
        dates=tuple(
            mark_flaws([date for block in reading.blocks for date in find_dates(block.text, where=Where())])
        ),
    )


def _is_title(block: Block) -> bool:
    return len(block.heading) < 2 and block.text.partition(": ")[0] in _TITLES


class _Reading:
    """Collects tables and texts, in reading order."""

    def __init__(self, hints: ReadingHints) -> None:
        self.tables: list[Table] = []
        self.blocks: list[Block] = []
        self._hints = hints

    def read(self, element: Any, path: tuple[str, ...]) -> None:  # noqa: ANN401
        """An element that is no record: what repeats in it are records, what does not is a text or holds more."""
        for name, said in _attributes(element):
            self.blocks.append(Block(f"{name}: {said}", path))
        groups: dict[str, list[Any]] = {}
        for child in element:
            if name := local(child.tag):
                groups.setdefault(name, []).append(child)
        for name, children in groups.items():
            if _are_records(element, children, groups):
                self._add_table([dict(_fields(child, "", 0)) for child in children], (*path, name))
            else:
                for child in children:
                    self._read_single(child, name, path)

    def _read_single(self, child: Any, name: str, path: tuple[str, ...]) -> None:  # noqa: ANN401
        if len(child) and len(path) < _DEEPEST:
            self.read(child, (*path, name))
        elif text := _text(child):
            self.blocks.append(Block(f"{name}: {text}", path))
        elif attributes := _attributes(child):
            said = ", ".join(f"{key} {value}" for key, value in attributes)
            self.blocks.append(Block(f"{name}: {said}", path))

    def _add_table(self, records: list[dict[str, str]], path: tuple[str, ...]) -> None:
        names = list(dict.fromkeys(name for record in records for name in record))
        if len(names) > MAX_COLUMNS:
            raise ReadingError(f"the records have {len(names):,} different fields")
        readers = [ColumnReader() for _name in names]
        for reader, name in zip(readers, names, strict=True):
            reader.add([record.get(name, "") for record in records])
        paths = [tuple(name.split(" / ")) for name in names]
        self.tables.append(table_of(names, readers, hints=self._hints, title=" / ".join(path), paths=paths))


def _are_records(parent: Any, children: list[Any], groups: dict[str, list[Any]]) -> bool:  # noqa: ANN401
    """Whether elements of one name are records: several of them that hold something, or all that a list holds."""
    holding = sum(bool(len(child) or child.attrib) for child in children)
    if len(children) > 1:
        return 2 * holding >= len(children)
    if local(children[0].tag).lower() in _RECORDS:
        return holding > 0
    alone = len(groups) == 1 and len(children[0]) > 1 and not any(len(part) for part in children[0])
    return alone and (parent.getparent() is not None or local(parent.tag).startswith(local(children[0].tag)))


def _fields(element: Any, prefix: str, depth: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """The fields of a record, by the path of their names; what repeats inside it is joined."""
    for name, said in _attributes(element):
        yield f"{prefix}{name}", said
    if not len(element) or depth >= _DEEPEST:
        if text := _text(element):
            yield prefix.removesuffix(" / ") or local(element.tag), text
        return
    found: dict[str, list[str]] = {}
    for child in element:
        if name := local(child.tag):
            for field, said in _fields(child, f"{prefix}{name} / ", depth + 1):
                found.setdefault(field, []).append(said)
    for field, texts in found.items():
        yield field, "; ".join(texts)


def _attributes(element: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Attributes that say something; where a schema lies is none of it."""
    return [
        (local(name), str(value).strip())
        for name, value in element.attrib.items()
        if local(name) not in ("schemaLocation", "noNamespaceSchemaLocation") and str(value).strip()
    ]


def _text(element: Any) -> str:  # noqa: ANN401
    """The text of an element; HTML that is written out in it without its tags."""
    text = " ".join("".join(element.itertext()).split())
    return " ".join(html.unescape(_TAG.sub(" ", text)).split()) if "<" in text or "&" in text else text
