"""Titles and notes for tables: from the lines above and below them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from diffing.readers.tables.canvas import Canvas, Region
from diffing.readers.tables.lines import Line
from diffing.readers.tables.parts import (
    Lines,
    Part,
    extend,
    header_prose,
    is_time,
    read_region,
    under_header,
)
from diffing.values import tidy

_ORGANISATION: Final = re.compile(
    r"(u\.?\s?s\.?|united states|department|office|bureau) .*"
    r"|.* (department|bureau|agency|administration|office) of .*",
    re.IGNORECASE,
)
_NUMBER_AND_TITLE: Final = 2
_TITLE_NUMBER: Final = re.compile(
    r"(?:[^\W\d]{1,12}\.? ?)?[A-Z]?\d{1,3}(?:[.\-]?\d{1,2})*[a-z]?[.:]?", re.IGNORECASE
)
"""The number of a table, in a cell of its own before the title: "Table 1", "Tabell 4b", "3.2"."""

_TITLE_REACH: Final = 4
"""A title stands at most so many rows above its table (as measured on spreadsheets with blank rows between)."""
_NOTE_REACH: Final = 3
_FAR: Final = 1 << 62


class Titled(Struct, frozen=True):
    """A table with its title, and the notes above, inside and under it."""

    part: Part
    title: str
    notes: tuple[Line, ...]


class Arranged(Struct, frozen=True):
    """All tables of a grid in reading order, and the lines that none of them claimed."""

    tables: tuple[Titled, ...]
    lines: tuple[Line, ...]


def arrange(canvas: Canvas) -> Arranged:
    """Find tables and lines, join what blank rows and columns tore apart, give tables their titles and notes."""
    parts: list[Part] = []
    loose: list[Line] = []
    for region in canvas.regions():
        for piece in read_region(canvas, region):
            if isinstance(piece, Lines):
                loose.extend(piece.lines)
            else:
                parts.append(piece)
    parts = _rejoined(canvas, parts, loose)
    loose += [line for part in parts if not _is_table(canvas, part) for line in _as_lines(canvas, part)]
    loose.sort(key=lambda line: (line.row, line.column))
    parts = [_emptied(part) for part in parts if _is_table(canvas, part)]
    titled: list[Titled] = []
    claimed: set[Line] = set()
    unclaimed: list[Line] = []
    for part, floor, ceiling in zip(parts, _floors(parts), _ceilings(parts), strict=True):
        title, above = _title_of(canvas, part, floor, loose)
        below = _notes_under(part, ceiling, loose)
        claimed.update(below, above, [title] if title else [])
        own = tuple(line for line in part.above if line.is_short_note)
        unclaimed.extend(line for line in part.above if line is not title and line not in own)
        name = title.text if title else canvas.grid.title
        inside = sorted((*part.notes, *header_prose(canvas, part)), key=lambda line: line.row)
        titled.append(Titled(part, name, (*above, *own, *inside, *below)))
    unclaimed.extend(line for line in loose if line not in claimed)
    return Arranged(tuple(titled), tuple(unclaimed))


def _is_table(canvas: Canvas, part: Part) -> bool:
    """Whether a part is more than a few texts in a row, as titles side by side are."""
    rows = (*part.header, *part.body)
    if part.certain or len(rows) > 1:
        return True
    cells = canvas.in_row(rows[0], part.region).values()
    return len(cells) > 2 or any(cell.header for cell in cells)


def _emptied(part: Part) -> Part:
    """A table of which only the header is left has a header, not a row."""
    rows = (*part.header, *part.body)
    return part if part.certain or len(rows) > 1 else replace(part, header=rows, body=())


def _as_lines(canvas: Canvas, part: Part) -> list[Line]:
    """The cells of a row that heads nothing below it, and what stands around them."""
    lines = [*part.above, *part.notes]
    for row in (*part.header, *part.body):
        cells = canvas.in_row(row, part.region)
        own = [
            Line(row, column, canvas.end_of(row, column)[1], tidy(cell.text), cell.bold)
            for column, cell in cells.items()
        ]
        if len(own) == _NUMBER_AND_TITLE and _TITLE_NUMBER.fullmatch(own[0].text) and " " in own[1].text:
            own = [replace(own[1], column=own[0].column, text=f"{own[0].text} {own[1].text}")]
        lines.extend(own)
    return sorted(lines, key=lambda line: (line.row, line.column))


def _rejoined(canvas: Canvas, parts: Sequence[Part], loose: Sequence[Line]) -> list[Part]:
    joined: list[Part] = []
    for part in parts:
        at = next((i for i in range(len(joined) - 1, -1, -1) if _overlap(joined[i].region, part.region)), None)
        if at is not None and _heads(canvas, joined[at], part, loose):
            joined[at] = under_header(joined[at], part)
        elif at is not None and _continues(canvas, joined[at], part, loose):
            joined[at] = extend(joined[at], part)
        else:
            joined.append(part)
    return joined


def _continues(canvas: Canvas, upper: Part, lower: Part, loose: Sequence[Line]) -> bool:
    """Whether a part is the rest of the table above it, torn off by a blank row."""
    if lower.above or not 0 < lower.region.top - upper.region.bottom <= 3:
        return False
    if any(upper.region.bottom < line.row < lower.region.top for line in loose):
        return False
    if lower.certain and lower.header:
        return False
    before, after = _columns(canvas, upper), _columns(canvas, lower)
    if not after <= before or (min(after) != min(before) and len(after) < 2):
        return False
    if not lower.certain:
        return not upper.certain and len(after) > 1 and not _dressed_as_header(canvas, upper, lower)
    return True


def _heads(canvas: Canvas, upper: Part, lower: Part, loose: Sequence[Line]) -> bool:
    """Whether a part is nothing but header rows, torn from the table below by a blank row."""
    if lower.above or not 0 < lower.region.top - upper.region.bottom <= 3:
        return False
    if upper.certain and not _are_years(canvas, upper):
        return False
    rows = (*upper.header, *upper.body)
    if (
        len(rows) > 3
        or not lower.certain
        or any(upper.region.bottom < line.row < lower.region.top for line in loose)
    ):
        return False
    before, after = _columns(canvas, upper), _columns(canvas, lower)
    if not before <= after or len(before) < 2:
        return False
    return not lower.header or len(before) < len(after)


def _are_years(canvas: Canvas, part: Part) -> bool:
    """Whether the last row of a part holds years or dates, all different, beside texts at most."""
    rows = (*part.header, *part.body)
    cells = canvas.in_row(rows[-1], part.region)
    times = [cell.value for column, cell in cells.items() if column > min(cells) and is_time(cell)]
    figures = any(not is_time(cell) and not isinstance(cell.value, str) for cell in cells.values())
    return len(times) > 1 and len(set(times)) == len(times) and not figures and len(part.body) < 2


def _columns(canvas: Canvas, part: Part) -> set[int]:
    return {column for row in (*part.header, *part.body) for column in canvas.in_row(row, part.region)}


def _dressed_as_header(canvas: Canvas, upper: Part, lower: Part) -> bool:
    if not upper.header:
        return True
    first = (lower.header or lower.body)[0]
    cells = canvas.in_row(first, lower.region).values()
    return all(cell.bold or cell.filled or cell.header for cell in cells)


def _overlap(upper: Region, lower: Region) -> bool:
    return upper.left <= lower.right and lower.left <= upper.right


def _title_of(
    canvas: Canvas, part: Part, floor: int, loose: Sequence[Line]
) -> tuple[Line | None, tuple[Line, ...]]:
    """The title of a table, and the notes between it and the table that stand apart."""
    if (own := _choose(part.above)) is not None:
        return own, ()
    if canvas.grid.title:
        return None, ()
    notes: list[Line] = []
    run: list[Line] = []
    top = reach = min([part.region.top, *(line.row for line in part.above)])
    prose = None  # the row of the last paragraph passed: what heads that is no title
    for line in _upwards(loose, top):
        if (
            line.row <= floor
            or (run and run[-1].row - line.row > 1)
            or (not run and reach - line.row > _TITLE_REACH)
        ):
            break
        if not (line.column <= part.region.right and max(line.right, line.column) >= part.region.left):
            continue
        if line.is_note and run:
            break
        if not line.is_note and line.row + 1 == prose:
            break
        if line.is_note:
            notes += [line] if line.is_short_note else []
            prose = prose if line.is_short_note else line.row
            reach = line.row
        else:
            run.append(line)
    title = _choose(run[::-1])
    kept = notes[::-1] if title else [line for line in notes[::-1] if top - line.row <= _TITLE_REACH]
    return title, tuple(kept)


def _upwards(loose: Sequence[Line], row: int) -> Iterator[Line]:
    """Lines above a row, from it upwards; ``loose`` is in order of rows."""
    for index in range(bisect_left(loose, row, key=lambda line: line.row) - 1, -1, -1):
        yield loose[index]


def _floors(parts: Sequence[Part]) -> list[int]:
    """For each table the last row of the nearest table above it over any of its columns, else -1."""
    lowest: dict[int, int] = {}
    floors = [-1] * len(parts)
    for index in sorted(range(len(parts)), key=lambda index: parts[index].region.top):
        region = parts[index].region
        columns = range(region.left, region.right + 1)
        floors[index] = max((lowest.get(column, -1) for column in columns), default=-1)
        lowest.update(dict.fromkeys(columns, max(region.bottom, floors[index])))
    return floors


def _ceilings(parts: Sequence[Part]) -> list[int]:
    """For each table the first row of the nearest table below it under any of its columns."""
    highest: dict[int, int] = {}
    ceilings = [_FAR] * len(parts)
    for index in sorted(range(len(parts)), key=lambda index: -parts[index].region.top):
        region = parts[index].region
        columns = range(region.left, region.right + 1)
        ceilings[index] = min((highest.get(column, _FAR) for column in columns), default=_FAR)
        highest.update(dict.fromkeys(columns, region.top))
    return ceilings


def _choose(lines: Sequence[Line]) -> Line | None:
    """The first line that reads as a title; the publisher's name only where nothing else does."""
    titles = [line for line in lines if not line.is_note]
    named = [line for line in titles if not _ORGANISATION.fullmatch(line.text)]
    return next(iter(named or titles), None)


def _notes_under(part: Part, ceiling: int, loose: Sequence[Line]) -> tuple[Line, ...]:
    """Note lines that follow a table, up to the next table or other text."""
    found: list[Line] = []
    last = max([part.region.bottom, *(line.row for line in part.notes)])
    for index in range(bisect_right(loose, part.region.bottom, key=lambda line: line.row), len(loose)):
        line = loose[index]
        if line.row >= ceiling or line.row - last > _NOTE_REACH:
            break
        if not (line.column <= part.region.right and line.right >= part.region.left):
            continue
        if not line.is_note:
            break
        found.append(line)
        last = line.row
    return tuple(found)
