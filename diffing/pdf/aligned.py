"""A table whose cells are given by where its texts stand: rows, columns, header."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from diffing.pdf.columns import Corridor, column_span, find_corridors, split_at
from diffing.pdf.lines import is_figure, to_chunks
from diffing.pdf.shapes import FoundTable, Line, PlacedCell, Stroke, around

_CONNECTIVE = re.compile(r"(?:[,/&\-–—(]|\b(?:and|or|of|the|for|in|to|by|with|from|a|an))$", re.IGNORECASE)
_WORD_GAP = 0.36  # of the line height: a gap this wide may part two heads that nearly touch


@dataclass(slots=True)
class _Row:
    """A row that is being put together: chunks by the columns that they span."""

    cells: dict[tuple[int, int], list[Line]] = field(default_factory=dict)
    top: float = 0.0
    bottom: float = 0.0
    header: bool = False

    def texts(self) -> list[str]:
        """The text of each cell."""
        return [_text(lines) for lines in self.cells.values()]


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)


def read_aligned(lines: Sequence[Line], *, page: int, strokes: Sequence[Stroke]) -> FoundTable | None:
    """The table that ``lines`` amount to, or None where they share no columns."""
    chunked = [to_chunks(line) for line in lines]
    corridors = find_corridors(_typical(chunked))
    if not corridors:
        return None
    rows = [_place(chunks, corridors) for chunks in chunked]
    header = _header_length(rows)
    for row in rows[:header]:
        row.header = True
    box = around(line.box for line in lines)
    merged = [*_merge_header(rows[:header], strokes), *_merge_wrapped(rows[header:])]
    edges = (box.left, *(c.middle for c in corridors), box.right)
    return FoundTable(page, box, tuple(_cells(merged)), edges, header_rows=header)


def _typical(chunked: Sequence[Sequence[Line]]) -> list[Sequence[Line]]:
    """The lines that show the columns: those with figures, else those with the most chunks."""
    figures = [row for row in chunked if sum(is_figure(chunk.text) for chunk in row) >= 1 and len(row) >= 2]
    if len(figures) >= 2:
        return list(figures)
    most = max((len(row) for row in chunked), default=0)
    return [row for row in chunked if len(row) >= max(2, most - 1)]


def _place(chunks: Sequence[Line], corridors: Sequence[Corridor]) -> _Row:
    row = _Row(top=min(c.box.top for c in chunks), bottom=max(c.box.bottom for c in chunks))
    figured = sum(is_figure(chunk.text) for chunk in chunks)
    for chunk in chunks:
        least = (0.1 if figured >= 2 else _WORD_GAP) * chunk.box.height
        alone = len(chunks) == 1
        parts = [chunk] if alone else split_at(chunk, corridors, least_gap=least)
        for part in parts:
            row.cells.setdefault(column_span(part, corridors), []).append(part)
    return _joined(row)


def _joined(row: _Row) -> _Row:
    """Chunks that share a column become one cell."""
    spans = sorted(row.cells)
    cells: dict[tuple[int, int], list[Line]] = {}
    last: tuple[int, int] | None = None
    for span in spans:
        if last is not None and span[0] <= last[1]:
            held = cells.pop(last)
            span, lines = (last[0], max(last[1], span[1])), [*held, *row.cells[span]]
        else:
            lines = row.cells[span]
        words = sorted((w for line in lines for w in line.words), key=lambda w: w.box.left)
        cells[span] = [Line(tuple(words), around(w.box for w in words))]
        last = span
    row.cells = cells
    return row


def _header_length(rows: Sequence[_Row]) -> int:
    """Rows above the first with a figure that is no year; at most half of all."""
    for number, row in enumerate(rows):
        figures = [text for text in row.texts()[1:] if is_figure(text)]
        if any(not _is_year(text) for text in figures):
            return number if number <= max(6, len(rows) // 2) else 0
    return 1 if len(rows) > 1 else 0


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:FY ?)?(?:19|20)\d\d[*†‡\d]?", text))


def _merge_header(rows: Sequence[_Row], strokes: Sequence[Stroke]) -> list[_Row]:
    """Header lines that wrap become one: a line whose cells all continue the cells above it."""
    merged: list[_Row] = []
    for row in rows:
        if merged and _continues_header(merged[-1], row, strokes):
            _append(merged[-1], row)
        else:
            merged.append(row)
    return merged


def _continues_header(above: _Row, row: _Row, strokes: Sequence[Stroke]) -> bool:
    height = min(line.box.height for lines in row.cells.values() for line in lines)
    if row.top - above.bottom > 0.6 * height or _ruled_between(above, row, strokes):
        return False
    return all(first == last for first, last in above.cells) or all(span in above.cells for span in row.cells)


def _ruled_between(above: _Row, row: _Row, strokes: Sequence[Stroke]) -> bool:
    upper = (above.top + above.bottom) / 2
    lower = (row.top + row.bottom) / 2
    left = min(line.box.left for lines in row.cells.values() for line in lines)
    right = max(line.box.right for lines in row.cells.values() for line in lines)
    return any(s.lying and upper < s.at < lower and s.start < right and s.end > left for s in strokes)


def _append(above: _Row, row: _Row) -> None:
    for span, lines in row.cells.items():
        home = next((s for s in above.cells if s[0] <= span[0] and span[1] <= s[1]), None)
        if home is None:
            inside = [s for s in above.cells if span[0] <= s[0] and s[1] <= span[1]]
            held = [line for s in inside for line in above.cells.pop(s)]
            above.cells[span] = [*held, *lines]
        else:
            above.cells[home].extend(lines)
    above.bottom = max(above.bottom, row.bottom)


def _merge_wrapped(rows: Sequence[_Row]) -> list[_Row]:
    """Body rows whose text goes on in the next line become one row."""
    pitch = _pitch(rows)
    merged: list[_Row] = []
    for row in rows:
        if merged and _continues(merged[-1], row, pitch):
            _append(merged[-1], row)
        else:
            merged.append(row)
    return merged


def _pitch(rows: Sequence[_Row]) -> float:
    figured = [row for row in rows if any(is_figure(text) for text in row.texts()[1:])]
    steps = [b.bottom - a.bottom for a, b in pairwise(figured)]
    return statistics.median(steps) if steps else 0.0


def _continues(above: _Row, row: _Row, pitch: float) -> bool:
    """Whether ``row`` goes on with the texts of ``above``: no figure of its own in a column that has one."""
    if not all(any(s[0] <= span[0] <= s[1] for s in above.cells) for span in row.cells):
        return False
    step = row.bottom - above.bottom
    figures = any(is_figure(text) for text in row.texts())
    held = any(is_figure(text) for text in above.texts()[1:])
    label_above, label = above.texts()[0], row.texts()[0]
    text_goes_on = bool(_CONNECTIVE.search(label_above)) or label[:1].islower() or _is_open(label_above)
    if not figures and text_goes_on:
        return step < 1.5 * max(pitch, row.bottom - row.top)
    if not held and text_goes_on and len(above.cells) == 1 and (0, 0) in above.cells:
        return step < 1.3 * max(pitch, row.bottom - row.top)
    return not figures and held and pitch > 0 and step < 0.8 * pitch


def _is_open(text: str) -> bool:
    return text.count("(") > text.count(")")


def _cells(rows: Sequence[_Row]) -> list[PlacedCell]:
    cells: list[PlacedCell] = []
    for number, row in enumerate(rows):
        for (first, last), lines in row.cells.items():
            bold = all(line.bold for line in lines)
            cells.append(PlacedCell(number, first, number, last, _text(lines), bold=bold))
    return cells
