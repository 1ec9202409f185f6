"""What stands in a region of a grid: lines of text, header rows, body rows, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from diffing.readers.tables.canvas import Canvas, Region
from diffing.readers.tables.cells import Cell
from diffing.readers.tables.lines import PROSE_LENGTH, Line, is_note, states_date
from diffing.values import is_suppressed, tidy

_SHORT_TITLE: Final = 60
"""A first line no longer than this, over a sentence in the same cell, is its title."""
_MOST_PIECES: Final = 200
"""Tables that may follow each other without a blank row; more are no layout but chance."""
_HEADER_ROWS: Final = 6
"""No header is deeper."""


class Part(Struct, frozen=True):
    """A table as it lies in the grid, before its columns and rows are named.

    ``certain`` is False where the header row was guessed in a table without any figures.
    """

    region: Region
    above: tuple[Line, ...] = ()
    header: tuple[int, ...] = ()
    body: tuple[int, ...] = ()
    notes: tuple[Line, ...] = ()
    certain: bool = True


class Lines(Struct, frozen=True):
    """A region that holds nothing but lines of text."""

    region: Region
    lines: tuple[Line, ...]


class _Rows(Struct):
    """The rows of a region and what is counted about its columns."""

    canvas: Canvas
    region: Region
    rows: list[int]
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    figures: dict[int, list[int]] = field(default_factory=dict)  # columns by row, where no year or date stands
    dates: dict[int, list[int]] = field(default_factory=dict)  # columns by row, of years and dates
    plain: Counter[int] = field(default_factory=Counter)  # column -> number of figures
    times: Counter[int] = field(default_factory=Counter)  # column -> number of years and dates

    def __post_init__(self) -> None:
        self.cells = {row: self.canvas.in_row(row, self.region) for row in self.rows}
        for row, cells in self.cells.items():
            figures, dates = self.figures[row], self.dates[row] = [], list[int]()
            for column, cell in cells.items():
                if is_time(cell):
                    dates.append(column)
                elif is_figure(cell):
                    figures.append(column)
        self.plain = Counter(chain.from_iterable(self.figures.values()))
        self.times = Counter(chain.from_iterable(self.dates.values()))

    def lone(self, row: int) -> bool:
        return len(self.cells[row]) == 1

    def line(self, row: int) -> Line:
        ((column, cell),) = self.cells[row].items()
        right = self.canvas.end_of(row, column)[1]
        return Line(row, column, right, tidy(cell.text), cell.bold)

    def lines(self, row: int) -> tuple[Line, ...]:
        """The line of a row; two where a cell holds a title and, on lines of their own, what explains it."""
        whole = self.line(row)
        first, _, rest = self.cells[row][whole.column].text.strip().partition("\n")
        title, note = tidy(first), tidy(rest)
        if not note or not whole.is_note or is_note(title) or not is_note(note):
            return (whole,)
        apart = rest.lstrip(" \t\r").startswith("\n") or (len(title) <= _SHORT_TITLE and note[0].isupper())
        if not apart:
            return (whole,)  # the note itself runs on over the line
        return replace(whole, text=title), replace(whole, text=note)


def is_time(cell: Cell) -> bool:
    """Whether a cell holds a year or a date."""
    value = cell.value
    if isinstance(value, str):
        return len(value) == 10 and value[4] == "-" == value[7] and value[:4].isdigit()
    return isinstance(value, int) and 1900 <= value <= 2100 and "," not in cell.text


def is_figure(cell: Cell) -> bool:
    """Whether a cell holds a number, or a mark that stands for one."""
    return not isinstance(cell.value, str) or is_suppressed(cell.value)


def read_region(canvas: Canvas, region: Region) -> list[Part | Lines]:
    """Tables and lines of a region, from top to bottom."""
    inside = [row for row in range(region.top, region.bottom + 1) if canvas.in_row(row, region)]
    found: list[Part | Lines] = []
    while inside:
        rows = _Rows(canvas, region, inside)
        piece, used = _read_piece(rows, split=len(found) < _MOST_PIECES)
        found.append(piece)
        inside = inside[used:]
    return found


def _read_piece(rows: _Rows, *, split: bool) -> tuple[Part | Lines, int]:
    """The first table (with the lines above it) or run of lines, and how many rows it takes.

    Without ``split`` the table takes all rows that are left.
    """
    order = rows.rows
    start = next((i for i, row in enumerate(order) if _opens_table(rows, i, row)), None)
    if start is None:
        return Lines(rows.region, _lines(rows, order)), len(order)
    above = _lines(rows, order[:start])
    header, inner, first, certain = _read_header(rows, start)
    repeated = _repeated(rows, header, above)
    last = _end_of_body(rows, first, repeated) if split else len(order)
    body, below = _split_notes(rows, [row for row in order[first:last] if not repeated(row)])
    part = Part(
        region=Region(
            order[start], rows.region.left, (body or header or (order[last - 1],))[-1], rows.region.right
        ),
        above=above,
        header=header,
        body=body,
        notes=(*inner, *below),
        certain=certain,
    )
    return part, last


def _lines(rows: _Rows, order: Sequence[int]) -> tuple[Line, ...]:
    return tuple(line for row in order if rows.lone(row) for line in rows.lines(row))


def _opens_table(rows: _Rows, index: int, row: int) -> bool:
    """Whether a table starts here: a row of several cells, a column of figures, or a lone heading over columns."""
    if not rows.lone(row):
        return True
    ((column, cell),) = rows.cells[row].items()
    if isinstance(cell.value, int | float) and sum(rows.plain.values()) >= 2:
        return True
    following = rows.rows[index + 1 : index + 2]
    over_columns = column > rows.region.left and not rows.line(row).is_note
    return (
        over_columns and bool(following) and not rows.lone(following[0]) and min(rows.cells[following[0]]) < column
    )


def _read_header(rows: _Rows, start: int) -> tuple[tuple[int, ...], tuple[Line, ...], int, bool]:
    """Header rows, notes between them, the index of the first body row, and whether all this is certain."""
    order = rows.rows
    first_data = next((i for i in range(start, len(order)) if _is_data(rows, order[i])), None)
    stop = len(order) if first_data is None else first_data
    crowded = [i for i in range(start, stop) if i == start or not rows.lone(order[i])]
    certain = first_data is not None
    kept = _marked_header(rows, start)
    if not kept:
        kept = _header_prefix(rows, crowded, first_data) if certain else _textual_header(rows, crowded)
    if not kept:
        return (), (), start, certain
    end = kept[-1] + 1
    between = [order[i] for i in range(start, end) if rows.lone(order[i])]
    inner = tuple(line for row in between if (line := rows.line(row)).is_note)
    noted = {line.row for line in inner}
    header = tuple(order[i] for i in range(start, end) if order[i] not in noted)
    return header, inner, end, certain


def _marked_header(rows: _Rows, start: int) -> list[int]:
    """The first rows whose every cell the publisher marked as a header; none where all rows are marked."""
    kept: list[int] = []
    for index in range(start, min(len(rows.rows), start + _HEADER_ROWS + 1)):
        if not all(cell.header for cell in rows.cells[rows.rows[index]].values()):
            return kept
        kept.append(index)
    return []


def _is_data(rows: _Rows, row: int) -> bool:
    """Whether a row holds figures of its own, rather than years or dates that head columns of figures."""
    if any(rows.plain[column] <= rows.times[column] for column in rows.dates[row]):
        return True
    cells, left = rows.cells[row], rows.region.left
    return any(column > left or isinstance(cells[column].value, int | float) for column in rows.figures[row])


def _header_prefix(rows: _Rows, crowded: Sequence[int], first_data: int | None) -> list[int]:
    """Those of the text rows above the figures that are the header; the rest are body rows without figures."""
    kept: list[int] = []
    for index in crowded[:_HEADER_ROWS]:
        row = rows.rows[index]
        if (
            kept
            and _is_complete(rows, rows.rows[kept[-1]])
            and not _same_style(rows, rows.rows[kept[-1]], row, first_data)
        ):
            break
        kept.append(index)
    return kept


def _is_complete(rows: _Rows, row: int) -> bool:
    """Whether a header row names every column by itself, so that the next row cannot belong to it."""
    cells = rows.cells[row]
    used = {column for other in rows.cells.values() for column in other}
    if set(cells) < used or any(rows.canvas.end_of(row, column)[1] > column for column in cells):
        return False
    return len({cell.text for cell in cells.values()}) == len(cells)


def _same_style(rows: _Rows, header: int, row: int, first_data: int | None) -> bool:
    """Whether a row is dressed like the header above it and unlike the figures below."""
    if first_data is None:
        return False
    dress = _dress(rows, header)
    return dress != (False, False, False) and dress == _dress(rows, row) != _dress(rows, rows.rows[first_data])


def _dress(rows: _Rows, row: int) -> tuple[bool, bool, bool]:
    cells = rows.cells[row].values()
    return all(c.bold for c in cells), all(c.filled for c in cells), all(c.header for c in cells)


def _textual_header(rows: _Rows, crowded: Sequence[int]) -> list[int]:
    """The header rows of a table without figures: those dressed apart, else a full first row of short texts."""
    if len(crowded) < 2:
        return (
            list(crowded[:1]) if crowded and _dress(rows, rows.rows[crowded[0]]) != (False, False, False) else []
        )
    first, second = rows.rows[crowded[0]], rows.rows[crowded[1]]
    dress = _dress(rows, first)
    if any(dress) and dress != _dress(rows, second):
        return [crowded[0]]
    cells = rows.cells[first]
    used = {column for row in rows.rows for column in rows.cells[row]}
    texts = [tidy(cell.text) for cell in cells.values()]
    if len(set(texts)) < len(texts) or max(map(len, texts)) > 60 or len(cells) < 0.8 * len(used):
        return []
    if len(cells) > 2:
        return [crowded[0]]
    longer = sum(len(cell.text) for i in crowded[1:] for cell in rows.cells[rows.rows[i]].values())
    return [crowded[0]] if longer / (len(crowded) - 1) > 2 * sum(map(len, texts)) else []


def _repeated(rows: _Rows, header: Sequence[int], above: Sequence[Line]) -> Callable[[int], bool]:
    """Tells rows that print the table's own title or header again, as the head of a further page."""
    titles = {line.text for line in above}
    heads = {_texts(rows, row) for row in header if not rows.lone(row)}
    firsts = {texts[0] for texts in heads}

    def is_repeated(row: int) -> bool:
        if rows.lone(row):
            return rows.line(row).text in titles
        first = next(iter(rows.cells[row].values()))
        return first.text in firsts and _texts(rows, row) in heads

    return is_repeated


def _texts(rows: _Rows, row: int) -> tuple[str, ...]:
    return tuple(cell.text for cell in rows.cells[row].values())


def _end_of_body(rows: _Rows, first: int, repeated: Callable[[int], bool]) -> int:
    """The index after the last row of the table: where a new header follows, with the lines above it."""
    order = rows.rows
    figures = {column for column, count in rows.plain.items() if count >= 2}
    seen = False
    for index in range(first, len(order)):
        row = order[index]
        if _is_data(rows, row):
            seen = True
        elif seen and figures and _is_new_header(rows, index, figures):
            start = index
            while start > first + 1 and _is_title(rows, order[start - 1]):
                start -= 1
            if start > first and not all(map(repeated, order[start : index + 1])):
                return start
    return len(order)


def _is_title(rows: _Rows, row: int) -> bool:
    """Whether a row holds nothing but a line that may be the title of what follows."""
    if not rows.lone(row) or rows.line(row).is_note:
        return False
    return not any(is_figure(cell) or is_time(cell) for cell in rows.cells[row].values())


def _is_new_header(rows: _Rows, index: int, figures: set[int]) -> bool:
    """Whether a row of texts stands where figures stood, and figures follow."""
    cells = rows.cells[rows.rows[index]]
    texts = [column for column in cells if column > min(cells)]
    if len(texts) < 1 or any(is_figure(cells[column]) for column in texts):
        return False
    if len(figures.intersection(texts)) * 2 < len(texts):
        return False
    after_lines = index > 0 and rows.lone(rows.rows[index - 1])
    enough = len(texts) >= 2 or (after_lines and len(cells) >= 2)
    following = rows.rows[index + 1 : index + 1 + _HEADER_ROWS]
    return enough and any(_is_data(rows, row) for row in following)


def _split_notes(rows: _Rows, body: Sequence[int]) -> tuple[tuple[int, ...], tuple[Line, ...]]:
    """Body rows without the notes that stand under or between them."""
    kept, notes = list(body), []
    left = min((next(iter(rows.cells[row])) for row in body), default=0)
    while kept and rows.lone(kept[-1]) and _is_trailing_note(rows, kept[-1], left):
        notes.append(rows.line(kept.pop()))
    inner = [row for row in kept if rows.lone(row) and _is_inner_note(rows.line(row), left)]
    lines = [rows.line(row) for row in inner] + notes[::-1]
    return tuple(row for row in kept if row not in inner), tuple(lines)


def _is_trailing_note(rows: _Rows, row: int, left: int) -> bool:
    line = rows.line(row)
    cell = rows.cells[row][line.column]
    if line.column != left or isinstance(cell.value, int | float) or is_suppressed(cell.value):
        return False
    across = line.right > line.column and line.right >= rows.region.right and " " in line.text
    return line.is_note or across or states_date(line.text)


def _is_inner_note(line: Line, left: int) -> bool:
    return line.column == left and line.is_note


def header_prose(canvas: Canvas, part: Part) -> tuple[Line, ...]:
    """Prose that a publisher put into the upper rows of a header; it names no column."""
    found = []
    for row in part.header[:-1]:
        for column, cell in canvas.in_row(row, part.region).items():
            text = tidy(cell.text)
            if len(text) > PROSE_LENGTH:
                found.append(Line(row, column, canvas.end_of(row, column)[1], text, cell.bold))
    return tuple(found)


def extend(part: Part, other: Part) -> Part:
    """A table and its continuation below a blank row."""
    region = Region(
        part.region.top,
        min(part.region.left, other.region.left),
        other.region.bottom,
        max(part.region.right, other.region.right),
    )
    return replace(
        part, region=region, body=(*part.body, *other.header, *other.body), notes=(*part.notes, *other.notes)
    )


def under_header(upper: Part, lower: Part) -> Part:
    """A table and the header rows that a blank row tore from it."""
    return replace(
        lower,
        region=Region(
            upper.region.top,
            min(upper.region.left, lower.region.left),
            lower.region.bottom,
            max(upper.region.right, lower.region.right),
        ),
        above=upper.above,
        header=(*upper.header, *upper.body, *lower.header),
        notes=(*upper.notes, *lower.notes),
    )
