"""Tables in typed text: columns set with blanks, as printers, mainframes and READMEs have them.

Columns are found by the places of their letters, never by counting gaps: a cell that is blank must not move those
behind it to the left.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.lines import PROSE_LENGTH, states_date
from diffing.values import is_suppressed, read_value

_FIELD: Final = re.compile(r"\S+(?: \S+)*")
_WORD: Final = re.compile(r"\S+")
_RULE: Final = re.compile(r"[\s=_~+|*-]*[=_~+|*-]{3,}[\s=_~+|*-]*")
_FEWEST: Final = 3
"""Rows of figures that make a table."""
_APART: Final = 1
"""Blank lines, rules apart, that may stand between two rows of one table."""
_HEADS: Final = 3
"""Lines over the first row that may name its columns."""
_SHARED: Final = 0.1
"""Share of rows that may have two fields in one column."""
_TAB: Final = 8

Span = tuple[int, int]


class Typed(Struct, frozen=True):
    """A table found in lines of text: the first and the last line that it takes, and its cells."""

    first: int
    last: int
    grid: Grid


class _Field(Struct, frozen=True):
    start: int
    end: int
    text: str


def find_typed(lines: Sequence[str]) -> list[Typed]:
    """The tables among lines of text, from top to bottom."""
    fields = [_fields_of(line) for line in lines]
    found: list[Typed] = []
    floor = 0
    for rows in _runs(lines, fields):
        heads = _heads(lines, fields, rows[0], floor)
        table = _table(fields, heads, rows)
        if table is not None:
            found.append(table)
            floor = table.last + 1
    return found


def title_over(lines: Sequence[str], first: int) -> str:
    """The last line over a table that says no date, where it is near and short enough to be its title."""
    above = (" ".join(line.split()) for line in lines[max(0, first - _TITLE_REACH) : first][::-1])
    titles = (line for line in above if line.strip("=-_ ") and not states_date(line))
    title = next(titles, "")
    return title if len(title) <= PROSE_LENGTH and not title.endswith(".") else ""


_TITLE_REACH: Final = 4


def _fields_of(line: str) -> list[_Field]:
    if not line.strip() or _RULE.fullmatch(line):
        return []
    return [field for match in _FIELD.finditer(line.expandtabs(_TAB)) for field in _parted(match)]


def _parted(match: re.Match[str]) -> list[_Field]:
    """A stretch of text as it is; figures with one blank between them, which make no figure, each by itself."""
    words = list(_WORD.finditer(match[0]))
    apart = len(words) > 1 and all(_is_figure(word[0]) for word in words)
    if not apart or not isinstance(read_value(match[0]), str):
        return [_Field(*match.span(), match[0])]
    return [_Field(match.start() + word.start(), match.start() + word.end(), word[0]) for word in words]


def _is_row(fields: Sequence[_Field]) -> bool:
    """Whether a line has two fields or more, of which one behind the first is a figure or a mark for one."""
    return len(fields) > 1 and any(_is_figure(field.text) for field in fields[1:])


def _is_figure(text: str) -> bool:
    value = read_value(text)
    return isinstance(value, int | float) or is_suppressed(value)


def _runs(lines: Sequence[str], fields: Sequence[Sequence[_Field]]) -> Iterator[list[int]]:
    """Rows of figures that follow each other, blank lines and rules between them; lone labels are rows of them."""
    run: list[int] = []
    blank = 0
    for index, line in enumerate(lines):
        if _is_row(fields[index]):
            run.append(index)
            blank = 0
            continue
        blank += not line.strip()
        prose = len(fields[index]) == 1 and len(fields[index][0].text.split()) > _MOST_WORDS
        if run and (blank > _APART or prose or len(fields[index]) > 1):
            yield from [run] if len(run) >= _FEWEST else []
            run, blank = [], 0
    if len(run) >= _FEWEST:
        yield run


_MOST_WORDS: Final = 6
"""A line of more words between rows is prose."""


def _heads(lines: Sequence[str], fields: Sequence[Sequence[_Field]], first: int, floor: int) -> list[int]:
    """The lines of several fields over the first row, up to a blank line above them."""
    heads: list[int] = []
    for index in range(first - 1, max(floor, first - 2 * _HEADS) - 1, -1):
        if len(fields[index]) > 1:
            heads.append(index)
        elif _is_end(lines[index], headed=bool(heads)):
            break
    return heads[:_HEADS][::-1]


def _is_end(line: str, *, headed: bool) -> bool:
    """Whether a line above a table is none of its head: a blank one over a head, or one of words."""
    return headed if not line.strip() else _RULE.fullmatch(line) is None


def _table(fields: Sequence[Sequence[_Field]], heads: Sequence[int], rows: Sequence[int]) -> Typed | None:
    columns = _columns([field for row in rows for field in fields[row]])
    if len(columns) < 2 or _collide(fields, rows, columns):
        return None
    cells: dict[tuple[int, int], Cell] = {}
    every = [*heads, *range(rows[0], rows[-1] + 1)]
    for place, line in enumerate(every):
        named = _one_each(fields[line], columns) if line in heads else []
        for field in named or fields[line]:
            at = (place, _column_of(field, columns))
            text = f"{cells[at].text} {field.text}" if at in cells else field.text
            value = read_value(text)
            if value is not None:
                cells[at] = Cell(value, text, header=line in heads)
    return Typed(every[0], rows[-1], Grid(cells))


def _one_each(head: Sequence[_Field], columns: Sequence[Span]) -> list[_Field]:
    """The words of a head in the columns, one in each, where they are as many; none otherwise."""
    words = [word for field in head for word in field.text.split() if word.strip("#%;|")]
    if len(words) != len(columns) or len(head) == len(columns):
        return []
    return [_Field(start, end, word.lstrip("#%;")) for (start, end), word in zip(columns, words, strict=True)]


def _columns(fields: Sequence[_Field]) -> list[Span]:
    """Stretches of places that some row has letters at, with places between them that none has."""
    columns: list[Span] = []
    for start, end in sorted((field.start, field.end) for field in fields):
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return columns


def _collide(fields: Sequence[Sequence[_Field]], rows: Sequence[int], columns: Sequence[Span]) -> bool:
    """Whether many rows have two fields where one column is."""
    shared = sum(len({_column_of(field, columns) for field in fields[row]}) < len(fields[row]) for row in rows)
    return shared > _SHARED * len(rows)


def _column_of(field: _Field, columns: Sequence[Span]) -> int:
    """The column that a field shares most places with, else the nearest one to its middle."""
    shared = [min(field.end, end) - max(field.start, start) for start, end in columns]
    most = max(shared)
    if most > 0:
        return shared.index(most)
    middle = (field.start + field.end) // 2
    return max(0, bisect_right([start for start, _ in columns], middle) - 1)
