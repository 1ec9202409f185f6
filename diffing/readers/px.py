"""PC-Axis, the file of statistical offices: a cube with its labels, title and notes."""

from __future__ import annotations

import re
from typing import Final

from diffing.readers.characters import decode
from diffing.readers.statements.dates import find_dates, mark_flaws
from diffing.readers.tables.cube import Cube, Dimension, table_of_cube
from state.document import Block, Document, ReadingHints, Where
from state.errors import ReadingError

_STRING: Final = re.compile(r'"([^"]*)"')
_ENTRY: Final = re.compile(
    r'\s*([A-Z][A-Z0-9-]*)(\[[^\]]*\])?(?:\(((?:"[^"]*"\s*(?:,\s*)?)*)\))?\s*=\s*((?:"[^"]*"|[^";])*);', re.DOTALL
)
_LISTS: Final = frozenset({"VALUES", "CODES", "STUB", "HEADING", "CONTVARIABLE"})
_NOTES: Final = ("NOTE", "NOTEX", "CONTENTS", "UNITS", "SOURCE", "LAST-UPDATED", "VALUENOTE", "VALUENOTEX")
_MARKS: Final = re.compile(r'"\.{1,6}"|"-"')
Meta = dict[str, dict[str, list[str]]]


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a cube. Raises ``ReadingError`` where it has no data, or they do not fit its labels."""
    meta, data = _parts(_decoded(body))
    stub, heading = (list(meta.get(part, {}).get("", [])) for part in ("STUB", "HEADING"))
    if not stub + heading:
        raise ReadingError("the file names no variables (STUB, HEADING)")
    if "KEYS" in meta:
        raise ReadingError("the file leaves rows out (KEYS), which is not read")
    contents = meta.get("CONTVARIABLE", {}).get("", [])
    title = " ".join(meta.get("TITLE", meta.get("DESCRIPTION", {})).get("", []))
    dimensions = tuple(Dimension(name, tuple(meta.get("VALUES", {}).get(name, ()))) for name in (*stub, *heading))
    across = tuple(each.name in contents for each in dimensions)
    table = table_of_cube(Cube(title, dimensions, across, data), hints=hints)
    blocks = [
        Block(f"{name.capitalize()}{f' ({of})' if of else ''}: {' '.join(said)}", kind="note")
        for name in _NOTES
        for of, said in meta.get(name, {}).items()
    ]
    dates = [date for block in blocks for date in find_dates(block.text, where=Where())]
    return Document(
        media_type="",
        title=title,
        headline=title,
        blocks=tuple(blocks),
        tables=(table,),
        dates=tuple(mark_flaws(dates)),
    )


def _decoded(body: bytes) -> str:
    """The text in the code page that the file names, else as it shows."""
    named = re.search(rb'CODEPAGE\s*=\s*"([\w-]{1,20})"', body[:4096])
    if named is not None:
        try:
            return body.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeError):
            pass
    return decode(body)


def _parts(text: str) -> tuple[Meta, list[str]]:
    """What the file says by keyword and by what that is about, in its main language, and its data."""
    head, _, tail = text.removeprefix("\ufeff").replace("\r\n", "\n").partition("\nDATA=")
    meta: Meta = {}
    at = 0
    while (entry := _ENTRY.match(head, at)) is not None:
        at = entry.end()
        name, language, about, said = entry.groups()
        texts = _STRING.findall(said) or [said.strip()]
        if not language:  # else a translation
            joined = texts if name in _LISTS else ["".join(texts).replace("#", " ")]
            meta.setdefault(name, {})[" / ".join(_STRING.findall(about or ""))] = joined
    if head[at:].strip():
        raise ReadingError(f"the file cannot be parsed from {head[at:].strip()[:40]!r} on")
    values = tail.partition(";")[0]
    return meta, [value.strip('"') for value in _MARKS.sub(lambda mark: mark[0], values).split()]
