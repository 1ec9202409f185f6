"""What stands on a page: boxes, words, strokes. Points, x to the right, y downwards, as displayed.

What exists by the thousand on a page is a named tuple, which is made in a third of a dataclass's time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct


class Box(NamedTuple):
    """A rectangle; ``top`` is less than ``bottom``."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Extent in x."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent in y."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Centre in x."""
        return (self.left + self.right) / 2

    @property
    def centre(self) -> float:
        """Centre in y."""
        return (self.top + self.bottom) / 2

    def overlap_x(self, other: Box) -> float:
        """Length that both cover in x; negative is the gap between them."""
        return min(self.right, other.right) - max(self.left, other.left)

    def overlap_y(self, other: Box) -> float:
        """Length that both cover in y; negative is the gap between them."""
        return min(self.bottom, other.bottom) - max(self.top, other.top)

    def holds(self, other: Box) -> bool:
        """Whether the centre of ``other`` lies inside."""
        return self.left <= other.middle <= self.right and self.top <= other.centre <= self.bottom


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all ``boxes``, of which there must be one at least."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


class Word(NamedTuple):
    """Characters without white space between them; ``height`` of its box follows the font size."""

    text: str
    box: Box
    base: float = 0.0  # y of the baseline; fonts differ in height, words of one line share this
    bold: bool = False
    turned: bool = False  # runs up or down while the page's other text runs across


class Stroke(Struct, frozen=True):
    """A straight line, drawn as such or as a thin filled rectangle.

    ``at`` is its y (lying) or x (standing), ``start`` and ``end`` its extent along the other axis.
    """

    lying: bool
    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """Extent along its own axis."""
        return self.end - self.start


class PageContent(Struct, frozen=True):
    """Everything of a page that the reader works with."""

    number: int  # counted from 1
    width: float
    height: float
    words: tuple[Word, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    fills: tuple[Box, ...] = ()  # coloured backgrounds
    pies: tuple[Box, ...] = ()  # circles that are cut into slices
    links: tuple[tuple[Box, str], ...] = ()
    drawn: bool = False  # holds an image or a drawing
    image_share: float = 0.0  # of the page that its largest image covers
    attachments: tuple[tuple[str, str], ...] = ()  # files pinned to the page: name and SHA-256


class Line(NamedTuple):
    """Words on one baseline, from left to right."""

    words: tuple[Word, ...]
    box: Box
    base: float  # the baseline of its tallest word

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(word.text for word in self.words)

    @property
    def bold(self) -> bool:
        """Whether most of its words are bold."""
        return 2 * sum(word.bold for word in self.words) > len(self.words)


class PlacedCell(NamedTuple):
    """A cell of a found table; inclusive rows and columns, counted from 0."""

    row: int
    column: int
    last_row: int
    last_column: int
    text: str
    bold: bool = False
    filled: bool = False
    ruled_above: bool = False
    ruled_below: bool = False


class FoundTable(Struct, frozen=True):
    """A table found on one page, before it is a ``Grid``."""

    page: int
    box: Box
    cells: tuple[PlacedCell, ...]
    edges: tuple[float, ...]  # x of the column borders, one more than columns
    header_rows: int = 0  # rows that are surely header, 0 where unknown
    ruled: bool = False
    title: str = ""
    section: tuple[str, ...] = ()
    last_page: int | None = None  # where it goes on over pages: the last of them
    last_box: Box | None = None  # and its box there

    @property
    def ending(self) -> tuple[int, Box]:
        """The page on which it ends, and its box there."""
        return self.last_page or self.page, self.last_box or self.box

    @property
    def row_count(self) -> int:
        """Rows, blank ones included."""
        return 1 + max((cell.last_row for cell in self.cells), default=-1)

    def row_texts(self) -> list[tuple[str, ...]]:
        """The texts of each row's own cells, from left to right, blank ones left out."""
        rows: list[list[tuple[int, str]]] = [[] for _ in range(self.row_count)]
        for cell in self.cells:
            if cell.text:
                rows[cell.row].append((cell.column, cell.text))
        return [tuple(text for _, text in sorted(row)) for row in rows]
