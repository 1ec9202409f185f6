"""Words placed on a page without a PDF: what the parts behind the words work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diffing.readers.pdf.lines import make_line, to_lines
from diffing.readers.pdf.shapes import Box, FoundTable, Line, PageContent, PlacedCell, Stroke, Word

HEIGHT = 10.0
CHARACTER = 4.5  # points that a character is wide
SPACE = 2.5  # points between words


def words(text: str, *, left: float, base: float, bold: bool = False) -> list[Word]:
    """The words of ``text`` set from ``left`` on one baseline."""
    placed = []
    for part in text.split():
        box = Box(left, base - 0.8 * HEIGHT, left + CHARACTER * len(part), base + 0.2 * HEIGHT)
        placed.append(Word(part, box, base=base, bold=bold))
        left = box.right + SPACE
    return placed


def line(text: str, *, left: float = 72, base: float = 100, bold: bool = False) -> Line:
    """One line of ``text``."""
    return make_line(words(text, left=left, base=base, bold=bold))


def rows(cells: Sequence[Mapping[float, str]], *, base: float = 100, step: float = 12) -> list[Line]:
    """Lines whose texts begin at the given x."""
    placed = [
        word
        for number, row in enumerate(cells)
        for left, text in row.items()
        for word in words(text, left=left, base=base + step * number)
    ]
    return to_lines(placed)


def lying(at: float, start: float, end: float) -> Stroke:
    """A lying rule."""
    return Stroke(lying=True, at=at, start=start, end=end)


def standing(at: float, start: float, end: float) -> Stroke:
    """A standing rule."""
    return Stroke(lying=False, at=at, start=start, end=end)


def lattice(xs: Sequence[float], ys: Sequence[float]) -> list[Stroke]:
    """All rules of a fully ruled table."""
    return [*(lying(y, xs[0], xs[-1]) for y in ys), *(standing(x, ys[0], ys[-1]) for x in xs)]


def page(lines: Sequence[Line], *, strokes: Sequence[Stroke] = (), number: int = 1) -> PageContent:
    """A letter page that holds ``lines``."""
    held = tuple(word for each in lines for word in each.words)
    return PageContent(number, 612, 792, words=held, strokes=tuple(strokes))


def table(texts: Sequence[Sequence[str]], *, number: int = 1, top: float = 100, header: int = 1) -> FoundTable:
    """A table as found, one cell a text, columns 60 points wide."""
    cells = tuple(
        PlacedCell(row, column, row, column, text)
        for row, cells in enumerate(texts)
        for column, text in enumerate(cells)
        if text
    )
    edges = tuple(72.0 + 60 * column for column in range(len(texts[0]) + 1))
    box = Box(72, top, edges[-1], top + 12 * len(texts))
    return FoundTable(number, box, cells, edges, header_rows=header)


def texts_of(found: FoundTable | None) -> list[tuple[str, ...]]:
    """The texts of each row, wrapped lines joined by a space."""
    assert found is not None
    return [tuple(" ".join(text.split()) for text in row) for row in found.row_texts()]
