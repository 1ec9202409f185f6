"""Texts that flow: headings, paragraphs, items and tables in their order, as letters and Markdown have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diffing.readers.statements.dates import dates_in_cells, find_dates, mark_flaws
from diffing.readers.statements.definitions import find_definitions
from diffing.readers.tables.cells import Cell, Grid
from diffing.readers.tables.grid import read_grid
from diffing.values import read_value
from state.document import Block, Document, Link, ReadingHints, StatedDate, Table, Where

Merge = tuple[int, int, int, int]


class Flow:
    """Collects what a document says from its first line to its last."""

    def __init__(self, hints: ReadingHints) -> None:
        self._hints = hints
        self._headings: list[tuple[int, str]] = []
        self._headline = ""
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._links: list[Link] = []

    @property
    def heading(self) -> tuple[str, ...]:
        """The headings that stand above what comes next."""
        return tuple(text for _level, text in self._headings)

    def add_heading(self, level: int, text: str) -> None:
        """A heading; ``level`` 1 is the highest."""
        if text := " ".join(text.split()):
            self._headings = [(above, words) for above, words in self._headings if above < level]
            self._blocks.append(Block(text, self.heading, kind="heading"))
            self._headings.append((level, text))
            self._headline = self._headline or text

    def add_text(self, text: str, *, kind: str = "paragraph") -> None:
        """A paragraph, an item of a list or a note."""
        if text := " ".join(text.split()):
            self._blocks.append(Block(text, self.heading, kind=kind))

    def add_link(self, text: str, url: str) -> None:
        """A link of the text."""
        self._links.append(Link(" ".join(text.split()), url, self.heading))

    def add_table(self, rows: Sequence[Sequence[str]], *, merges: Sequence[Merge] = (), heads: int = 0) -> None:
        """A table, by the texts of its cells; the first ``heads`` rows are marked as its head."""
        cells = {
            (i, j): Cell(value, text.strip(), header=i < heads)
            for i, row in enumerate(rows)
            for j, text in enumerate(row)
            if (value := read_value(text.strip())) is not None
        }
        reading = read_grid(Grid(cells, tuple(merges), section=self.heading), hints=self._hints)
        self._tables += reading.tables
        self._blocks += [
            Block(block.text, (*self.heading, *block.heading), kind=block.kind) for block in reading.blocks
        ]

    def document(self, media_type: str, *, title: str = "", metadata: Mapping[str, str] | None = None) -> Document:
        """All of it as a document."""
        return Document(
            media_type=media_type,
            title=title or self._headline,
            headline=self._headline or title,
            blocks=tuple(self._blocks),
            tables=tuple(self._tables),
            definitions=find_definitions(blocks=self._blocks, tables=self._tables),
            links=tuple(self._links),
            dates=tuple(mark_flaws(self._dates())),
            metadata=dict(metadata or {}),
        )

    def _dates(self) -> list[StatedDate]:
        dates: list[StatedDate] = []
        for table in self._tables:
            for text in (table.name, *table.notes):
                dates += find_dates(text, where=Where(table=table.name or None))
            dates += dates_in_cells(table)
        told = {note for table in self._tables for note in (table.name, *table.notes)}
        for block in self._blocks:
            if block.text not in told:
                dates += find_dates(block.text, where=Where(section=" / ".join(block.heading) or None))
        return dates
