"""What a page holds: its tables, and the lines that are prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from diffing.readers.pdf.aligned import read_aligned
from diffing.readers.pdf.bands import find_bands
from diffing.readers.pdf.charts import find_charts, without_charts
from diffing.readers.pdf.fold import unfold
from diffing.readers.pdf.framed import read_framed
from diffing.readers.pdf.lines import is_figure, to_chunks, to_lines
from diffing.readers.pdf.prose import rejoin_markers
from diffing.readers.pdf.prosecolumns import find_prose
from diffing.readers.pdf.ruled import fill_edges, find_frames, gap_borders
from diffing.readers.pdf.shapes import Box, FoundTable, Line, PageContent, Stroke, Word
from diffing.readers.pdf.strokes import merge_strokes

_FAR = 2.2  # line heights without text that end a table
_MOST_BETWEEN = 4  # lines of one chunk in a row inside a table
_LOWER = 0.4  # of the texts that begin with a letter
_LEAST_ROWS = 4  # with the header, of a table without figures
_LEAST_DENSE = 0.3  # of all places: fewer texts are the labels of a chart
_DASHES = re.compile(r"^[-_=–—]{6,}$")
_DRAWN = re.compile(r"^(?:[-_=–—]{6,}|[.…·]{4,})$")  # typed rules and leaders
_BREAK = re.compile(r"^(?:table|figure|exhibit|chart|notes?|sources?)\b", re.IGNORECASE)
_SAME_RULE = 3.5  # points between the borders of neighbouring cells


class PageLayout(Struct, frozen=True):
    """One page read: tables from the top, all other lines, and where charts stand, of which words are read."""

    page: PageContent
    tables: tuple[FoundTable, ...]
    prose: tuple[Line, ...]
    charts: tuple[Box, ...] = ()


def lay_out(page: PageContent) -> PageLayout:
    """Find the tables of a page; what is in none is prose. Charts are pictures: their figures are in neither."""
    whole, charts = page, find_charts(page)
    page, captions = without_charts(page, charts)
    words = [word for word in page.words if not _DRAWN.match(word.text)]
    rules = _rules(page)
    tables = _framed(page, rules, words)
    words = _outside(words, tables)
    tables.extend(_between_rules(page, rules, words))
    words = _outside(words, tables)
    prose, rest = find_prose(to_lines(words))
    for lines in _regions(to_lines(word for line in rest for word in line.words)):
        found = read_aligned(lines, page=page.number, strokes=rules)
        if found is not None and _is_table(found):
            tables.append(found)
    taken = {id(word) for line in prose for word in line.words}
    left = [word for word in _outside(words, tables) if id(word) not in taken]
    chunks = [*prose, *captions, *(chunk for line in to_lines(left) for chunk in to_chunks(line))]
    lines = rejoin_markers(sorted(chunks, key=lambda line: (line.base, line.box.left)))
    in_order = sorted(tables, key=lambda table: table.box.top)
    return PageLayout(whole, tuple(unfold(table) for table in in_order), tuple(lines), tuple(charts))


def _rules(page: PageContent) -> list[Stroke]:
    """All rules: those drawn, borders of coloured cells, gaps that lying rules leave, rows of typed dashes."""
    typed = [Stroke(True, w.box.centre, w.box.left, w.box.right) for w in page.words if _DASHES.match(w.text)]
    extra = [*fill_edges(page.fills), *gap_borders(page.strokes), *typed]
    return merge_strokes([*page.strokes, *extra], along=_SAME_RULE)


def _framed(page: PageContent, rules: Sequence[Stroke], words: Sequence[Word]) -> list[FoundTable]:
    tables: list[FoundTable] = []
    for frame in find_frames(rules, words):
        if any(table.box.holds(frame.box) for table in tables):
            continue
        inside = [word for word in words if frame.box.holds(word.box)]
        table = read_framed(frame, inside, page=replace(page, strokes=tuple(rules)))
        if table is not None:
            tables.append(table)
    return tables


def _between_rules(page: PageContent, rules: Sequence[Stroke], words: Sequence[Word]) -> list[FoundTable]:
    tables: list[FoundTable] = []
    for band in find_bands(words, rules):
        found = read_aligned(band.lines, page=page.number, strokes=rules)
        if found is not None and (_is_table(found) or _has_columns(found)):
            tables.append(found)
    return tables


def _has_columns(table: FoundTable) -> bool:
    """Whether text between rules stands in columns: three rows under a header, most of several cells."""
    if _runs_on(table):
        return False
    several = sum(len(texts) > 1 for texts in table.row_texts())
    return several >= _LEAST_ROWS and several >= 0.5 * table.row_count


def _runs_on(table: FoundTable) -> bool:
    """Whether texts go on from line to line as prose does: many begin in lower case."""
    texts = [cell.text for cell in table.cells if cell.text[:1].isalpha()]
    return sum(text[0].islower() for text in texts) > _LOWER * len(texts)


def _outside(words: Iterable[Word], tables: Sequence[FoundTable]) -> list[Word]:
    if not tables:
        return list(words)
    boxes = [table.box for table in tables]
    return [word for word in words if not any(_inside(word, box) for box in boxes)]


def _inside(word: Word, box: Box) -> bool:
    return box.left - 1 <= word.box.middle <= box.right + 1 and box.top <= word.box.centre <= box.bottom


def _regions(lines: Sequence[Line]) -> list[list[Line]]:
    """Runs of lines that may be a table: they begin and end with a line of several chunks."""
    regions: list[list[Line]] = []
    run: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        last = (waiting or run or [line])[-1]
        far = line.base - last.base > (1 + _FAR) * min(line.box.height, last.box.height)
        if far or len(waiting) > _MOST_BETWEEN or _BREAK.match(line.text):
            regions.append(run)
            run, waiting = [], []
        if len(to_chunks(line)) >= 2 or (run and is_figure(line.text)):
            run.extend([*waiting, line] if run else [line])
            waiting = []
        elif run:
            waiting.append(line)
    regions.append(run)
    return [region for region in regions if len(region) >= 2]


def _is_table(table: FoundTable) -> bool:
    """Whether aligned text is a table: figures in its columns, or rows of several short texts."""
    columns = len(table.edges) - 1
    beyond = [cell.text for cell in table.cells if cell.column > 0]
    figures = sum(is_figure(text) for text in beyond)
    if not beyond or table.row_count < 2 or len(table.cells) < _LEAST_DENSE * table.row_count * columns:
        return False
    if figures >= 2 and figures >= 0.3 * len(beyond):
        return True
    words = sum(len(cell.text.split()) for cell in table.cells) / max(1, len(table.cells))
    return (
        table.row_count >= _LEAST_ROWS
        and len(table.edges) >= 4
        and words <= 6
        and len(beyond) >= 0.5 * table.row_count
    )
