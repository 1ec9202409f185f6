"""Labels of groups: one text, often wrapped, beside all rows between two rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from diffing.readers.pdf.shapes import PlacedCell, Stroke
from diffing.readers.pdf.wrapping import Row

_LEAST_GROUPS = 2
_OWN = 1  # the column of the row's own label


def span_labels(
    cells: Sequence[PlacedCell],
    rows: Sequence[Row],
    *,
    first: int,
    strokes: Sequence[Stroke],
    spans: Callable[[Stroke], bool],
) -> list[PlacedCell]:
    """``cells`` with one label down each group of ``rows``, of which the topmost is row ``first`` of the table.

    Long rules part the groups. In each the first column has texts beside the first rows only, fewer than rows, and
    the second column has one in every row; else nothing is done.
    """
    ruled = sorted(stroke.at for stroke in strokes if spans(stroke))
    groups = [
        [n for n, _ in members] for _, members in groupby(enumerate(rows), lambda pair: _place(pair[1], ruled))
    ]
    several = [group for group in groups if len(group) > 1]
    if len(several) < _LEAST_GROUPS or not all(_is_labelled(group, rows) for group in several):
        return list(cells)
    spanned = list(cells)
    for group in several:
        top, end = first + group[0], first + group[-1]
        own = [cell for cell in spanned if cell.column == 0 and top <= cell.row <= end]
        text = " ".join(cell.text for cell in own)
        spanned = [cell for cell in spanned if cell not in own]
        spanned.append(PlacedCell(top, 0, end, 0, text, all(cell.bold for cell in own)))
    return sorted(spanned)


def _place(row: Row, ruled: Sequence[float]) -> int:
    return sum(at < row.base for at in ruled)


def _is_labelled(group: Sequence[int], rows: Sequence[Row]) -> bool:
    filled = [bool(rows[number].label) for number in group]
    leading = filled.index(False) if False in filled else len(filled)
    if not 0 < leading < len(filled) or any(filled[leading:]):
        return False
    return all(_OWN in rows[number].columns() and rows[number].figured for number in group)
