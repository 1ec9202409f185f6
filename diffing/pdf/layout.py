"""What a page holds: its tables, and the lines that are prose, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diffing.pdf.aligned import read_aligned
from diffing.pdf.framed import read_framed
from diffing.pdf.lines import is_figure, to_chunks, to_lines
from diffing.pdf.prosecolumns import find_prose
from diffing.pdf.ruled import fill_edges, find_frames
from diffing.pdf.shapes import FoundTable, Line, PageContent, Stroke, Word
from diffing.pdf.strokes import merge_strokes

_FAR = 1.9  # line heights without text that end a table
_MOST_BETWEEN = 4  # lines of one chunk in a row inside a table
_SAME_RULE = 3.0  # points between the borders of neighbouring coloured cells
_DASHES = re.compile(r"^[-_=–—]{6,}$")


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One page read: tables top to bottom, prose lines in reading order."""

    page: PageContent
    tables: tuple[FoundTable, ...]
    prose: tuple[Line, ...]


def lay_out(page: PageContent) -> PageLayout:
    """Find the tables of a page; what is in none is prose."""
    words = [word for word in page.words if not _DASHES.match(word.text)]
    tables: list[FoundTable] = []
    for frame in find_frames(_rules(page), words):
        inside = [word for word in words if frame.box.holds(word.box)]
        table = read_framed(frame, inside, page=page)
        if table is not None:
            tables.append(table)
            held = set(map(id, inside))
            words = [word for word in words if id(word) not in held]
    prose, rest = find_prose(to_lines(words))
    for lines in _regions(to_lines(word for line in rest for word in line.words)):
        found = read_aligned(lines, page=page.number, strokes=[*page.strokes, *_dash_rules(page.words)])
        if found is not None and _is_table(found):
            tables.append(found)
        else:
            prose.extend(lines)
    held_lines = {id(w) for line in prose for w in line.words}
    held_tables = [table.box for table in tables]
    for line in rest:
        if not any(id(w) in held_lines for w in line.words) and not any(b.holds(line.box) for b in held_tables):
            prose.append(line)
    tables.sort(key=lambda table: table.box.top)
    return PageLayout(page, tuple(tables), tuple(sorted(prose, key=lambda line: line.box.centre)))


def _rules(page: PageContent) -> list[Stroke]:
    edges = fill_edges(page.fills)
    return merge_strokes([*page.strokes, *edges], apart=_SAME_RULE) if edges else list(page.strokes)


def _dash_rules(words: Sequence[Word]) -> list[Stroke]:
    """Rows of typed dashes serve as rules."""
    return [Stroke(True, w.box.centre, w.box.left, w.box.right) for w in words if _DASHES.match(w.text)]


def _regions(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of lines that may be a table: they begin and end with a line of several chunks."""
    regions: list[list[Line]] = []
    run: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        last = (waiting or run or [line])[-1]
        far = line.box.top - last.box.bottom > _FAR * min(line.box.height, last.box.height)
        if far or len(waiting) > _MOST_BETWEEN:
            regions.append(run)
            run, waiting = [], []
        if len(to_chunks(line)) >= 2:
            run.extend([*waiting, line] if run else [line])
            waiting = []
        elif run:
            waiting.append(line)
    regions.append(run)
    return [region for region in regions if len(region) >= 2]


def _is_table(table: FoundTable) -> bool:
    """Whether aligned text is a table: figures in its columns, or three rows and more of short texts."""
    beyond = [cell.text for cell in table.cells if cell.column > 0]
    figures = sum(is_figure(text) for text in beyond)
    if not beyond or table.row_count < 2:
        return False
    if figures >= 2 and figures >= 0.3 * len(beyond):
        return True
    words = sum(len(cell.text.split()) for cell in table.cells) / max(1, len(table.cells))
    return table.row_count >= 4 and len(table.edges) >= 4 and words <= 6 and len(beyond) >= 0.5 * table.row_count
