"""PC-Axis, the file of statistical offices: a cube with its labels, title and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Final

from diffing.readers.characters import decode
from diffing.readers.statements.dates import find_dates, mark_flaws
from diffing.readers.tables.cube import MAX_VALUES, Cube, Dimension, table_of_cube
from state.document import Block, Document, ReadingHints, Where
from state.errors import ReadingError

_STRING: Final = re.compile(r'"([^"]*)"')
_ENTRY: Final = re.compile(
    r'\s*([A-Z][A-Z0-9-]*)(\[[^\]]*\])?(?:\(((?:"[^"]*"\s*(?:,\s*)?)*)\))?\s*=\s*((?:"[^"]*"|[^";])*);', re.DOTALL
)
_LISTS: Final = frozenset({"VALUES", "CODES", "STUB", "HEADING", "CONTVARIABLE"})
_NOTES: Final = ("NOTE", "NOTEX", "CONTENTS", "UNITS", "SOURCE", "LAST-UPDATED", "VALUENOTE", "VALUENOTEX")
_CELL: Final = re.compile(r'"([^"]*)"|([^\s,;"]+)')
"""A cell or a key: blanks, commas, semicolons and tabs part them alike."""
Meta = dict[str, dict[str, list[str]]]


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a cube. Raises ``ReadingError`` where it has no data, or they do not fit its labels."""
    meta, data = _parts(_decoded(body))
    stub, heading = (list(meta.get(part, {}).get("", [])) for part in ("STUB", "HEADING"))
    if not stub + heading:
        raise ReadingError("the file names no variables (STUB, HEADING)")
    contents = meta.get("CONTVARIABLE", {}).get("", [])
    title = " ".join(meta.get("TITLE", meta.get("DESCRIPTION", {})).get("", []))
    dimensions = tuple(Dimension(name, tuple(meta.get("VALUES", {}).get(name, ()))) for name in (*stub, *heading))
    if "KEYS" in meta:
        data = _filled(data, dimensions[: len(stub)], dimensions[len(stub) :], meta)
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
    cells = tail[: _end_of(tail)]
    if '"' in cells or "," in cells:
        return meta, [quoted or plain for quoted, plain in _CELL.findall(cells)]
    return meta, cells.replace(";", " ").split()


def _end_of(data: str) -> int:
    """Where the data end: at the semicolon that ends the last line of cells, since one may also part cells."""
    end = data.rstrip().rfind(";")
    return end if end >= 0 else len(data)


def _filled(cells: list[str], down: Sequence[Dimension], over: Sequence[Dimension], meta: Meta) -> list[str]:
    """All cells of a file whose rows bear their keys: a row that is left out holds noughts.

    Statistics Sweden, "Data in the PX-file": rows that contain only zeros are excluded from the file. Raises
    ``ReadingError`` where a row bears a key that the file does not name.
    """
    keyed = [_keys_of(each, meta) for each in down]
    width = prod(len(each.labels) for each in over)
    step = len(down) + width
    if not width or len(cells) % step or prod(map(len, keyed)) * width > MAX_VALUES:
        raise ReadingError(f"the file has {len(cells):,} cells for rows of {len(down)} keys and {width:,} values")
    rows: dict[tuple[int, ...], list[str]] = {}
    for start in range(0, len(cells), step):
        keys = cells[start : start + len(down)]
        try:
            place = tuple(named[key] for named, key in zip(keyed, keys, strict=True))
        except KeyError as error:
            raise ReadingError(f"a row bears the key {error}, which the file does not name") from error
        rows[place] = cells[start + len(down) : start + step]
    noughts = ["0"] * width
    return [cell for place in product(*(range(len(each)) for each in keyed)) for cell in rows.get(place, noughts)]


def _keys_of(dimension: Dimension, meta: Meta) -> dict[str, int]:
    """The place of each key of a variable, which is its code or its label as the file says."""
    said = meta["KEYS"].get(dimension.name, meta["KEYS"].get("", ["VALUES"]))
    codes = meta.get("CODES", {}).get(dimension.name, list(dimension.labels))
    return {key: place for place, key in enumerate(codes if said == ["CODES"] else dimension.labels)}
