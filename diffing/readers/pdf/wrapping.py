"""Body rows from lines: a text that wraps goes on in the row that it belongs to."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from diffing.readers.pdf.columns import Piece, join_shared
from diffing.readers.pdf.lines import is_figure
from diffing.readers.pdf.shapes import Stroke

_CONNECTIVE = re.compile(
    r"(?:[,/&\-–—(]|\b(?:and|or|of|the|for|in|to|by|with|from|at|on|a|an|than|per|as))$", re.IGNORECASE
)
_JUMP = 1.3  # times: steps between rows are longer than steps inside one by this at least
_TIGHT = 0.84  # of the row pitch: lines nearer than this are lines of one row


class Row(Struct, frozen=True):
    """A body row: one or more lines, each with its pieces."""

    lines: tuple[tuple[Piece, ...], ...]

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(piece.line.box.top for piece in self.lines[0])

    @property
    def bottom(self) -> float:
        """Lower edge of the last line."""
        return max(piece.line.box.bottom for piece in self.lines[-1])

    @property
    def base(self) -> float:
        """Centre of the last line, from which steps are measured."""
        return statistics.median(piece.line.box.centre for piece in self.lines[-1])

    @property
    def height(self) -> float:
        """Height of a line of its last text."""
        return min(piece.line.box.height for piece in self.lines[-1])

    @property
    def figured(self) -> bool:
        """Whether a column beyond the first holds a figure."""
        return any(piece.first > 0 and is_figure(piece.text) for line in self.lines for piece in line)

    @property
    def label(self) -> str:
        """Text of the first column."""
        return " ".join(piece.text for line in self.lines for piece in line if piece.first == 0)

    @property
    def label_only(self) -> bool:
        """Whether nothing stands beyond the first column."""
        return all(piece.first == 0 for line in self.lines for piece in line)

    @property
    def bold(self) -> bool:
        """Whether its label, or all of it where there is none, is bold."""
        label = [piece.line.bold for line in self.lines for piece in line if piece.first == 0]
        return all(label or [piece.line.bold for line in self.lines for piece in line])

    def columns(self) -> set[int]:
        """Columns in which it has text."""
        return {c for line in self.lines for piece in line for c in range(piece.first, piece.last + 1)}


def merge_wrapped(rows: Sequence[Row], *, strokes: Sequence[Stroke]) -> list[Row]:
    """Rows as a reader counts them."""
    clustered = _cluster(rows, strokes)
    if clustered is not None:
        return clustered
    pitch = _pitch(rows)
    merged: list[Row] = []
    for row in rows:
        if merged and not _ruled_between(merged[-1], row, strokes) and _continues(merged[-1], row, pitch):
            merged[-1] = Row((*merged[-1].lines, *row.lines))
        else:
            merged.append(row)
    return _merge_above(merged, pitch, strokes)


def _cluster(rows: Sequence[Row], strokes: Sequence[Stroke]) -> list[Row] | None:
    """Rows told by space: lines of one row stand nearer to each other than rows do, wherever the figures stand.

    None where spaces do not tell, or where lines that stand near each other have figures of their own.
    """
    steps = [b.base - a.base for a, b in pairwise(rows)]
    ordered = sorted(steps)
    jumps = [(wide / max(near, 0.1), (near + wide) / 2) for near, wide in pairwise(ordered)]
    for ratio, limit in sorted(jumps, reverse=True):
        if ratio < _JUMP:
            return None
        clusters = _split_by_step(rows, steps, limit, strokes)
        if max(len(cluster) for cluster in clusters) > 1 and all(_is_one_row(c) for c in clusters):
            return [Row(tuple(line for row in cluster for line in row.lines)) for cluster in clusters]
    return None


def _split_by_step(
    rows: Sequence[Row], steps: Sequence[float], limit: float, strokes: Sequence[Stroke]
) -> list[list[Row]]:
    clusters = [[rows[0]]]
    for step, row in zip(steps, rows[1:], strict=True):
        if step > limit or _ruled_between(clusters[-1][-1], row, strokes):
            clusters.append([row])
        else:
            clusters[-1].append(row)
    return clusters


def _is_one_row(cluster: Sequence[Row]) -> bool:
    """One line with figures at the most, and where there is none, no more than one line."""
    figured = sum(row.figured for row in cluster)
    return len(cluster) == 1 or (figured == 1 and len({row.bold for row in cluster if row.label}) <= 1)


def _pitch(rows: Sequence[Row]) -> float:
    """The usual step from one row with figures to the next right under it, in points; 0 where there is none."""
    steps = [b.base - a.base for a, b in pairwise(rows) if a.figured and b.figured]
    return statistics.median(steps) if steps else 0.0


def _continues(above: Row, row: Row, pitch: float) -> bool:
    """Whether ``row`` goes on with the texts of ``above``."""
    if row.figured or not row.columns() <= above.columns() or row.bold != above.bold:
        return False
    step = row.base - above.base
    if above.figured or not above.label_only:
        if pitch and step < _TIGHT * pitch:
            return True
        return step < 1.4 * row.height and _text_goes_on(above, row)
    return step < 1.4 * row.height and _text_goes_on(above, row)


def _text_goes_on(above: Row, row: Row) -> bool:
    """Whether the words say so: a lower-case start, an open bracket, an ending that asks for more."""
    text, more = above.label, row.label
    if not more:
        return not row.label_only and not row.figured
    return more[:1].islower() or more[:1] in ")]" or bool(_CONNECTIVE.search(text)) or _is_open(text)


def _is_open(text: str) -> bool:
    return text.count("(") > text.count(")")


def _merge_above(rows: Sequence[Row], pitch: float, strokes: Sequence[Stroke]) -> list[Row]:
    """Labels that begin on the line above their figures join the row below."""
    merged: list[Row] = []
    for row in rows:
        last = merged[-1] if merged else None
        if last is not None and _begins(last, row, pitch) and not _ruled_between(last, row, strokes):
            merged[-1] = Row((*last.lines, *row.lines))
        else:
            merged.append(row)
    return merged


def _begins(above: Row, row: Row, pitch: float) -> bool:
    """Whether ``above`` is the beginning of the label of ``row``."""
    if not above.label_only or not row.figured:
        return False
    step = row.lines[0][0].line.box.centre - above.base
    tight = bool(pitch) and step < _TIGHT * pitch
    if not row.label:
        return tight
    if row.bold != above.bold:
        return False
    return (tight or step < 1.4 * row.height) and _text_goes_on(above, row)


def _ruled_between(above: Row, row: Row, strokes: Sequence[Stroke]) -> bool:
    left = min(piece.line.box.left for piece in row.lines[0])
    right = max(piece.line.box.right for piece in row.lines[0])
    upper = statistics.median(piece.line.box.centre for piece in above.lines[-1])
    lower = statistics.median(piece.line.box.centre for piece in row.lines[0])
    return any(s.lying and upper < s.at < lower and s.start < right and s.end > left for s in strokes)


def cell_lines(row: Row) -> list[tuple[Piece, ...]]:
    """The pieces of each cell of a row, in lines from the top; cells that share a column are one."""
    spans = join_shared([piece for line in row.lines for piece in line])
    cells = []
    for span in spans:
        inside = [p for line in row.lines for p in line if span.first <= p.first and p.last <= span.last]
        cells.append(tuple(sorted(inside, key=lambda p: (p.line.box.centre, p.line.box.left))))
    return cells
