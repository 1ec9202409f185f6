"""What comparing two documents yields: facts, without opinion.

``Comparison`` holds them by subject. Every fact that a finding may explain has a ``FactKey``; a detector
says which facts its finding explains, and the judge lets each fact be told once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct, field

from diffing.values import normalise
from state.document import Block, Definition, Document, Link, StatedDate, Table, Value, Where
from state.kinds import Severity
from state.model import Capture, History, Item, Rules, Series, Source
from state.series_history import SiblingSeries


class FactKey(NamedTuple):
    """Names one fact inside a comparison. ``table`` is the index of the pair or of the single table."""

    subject: str  # "cell", "row-removed", "row-added", "column-removed", …, "text", "link", "definition"
    table: int = -1
    row: str = ""
    column: str = ""


class CellChange(Struct, frozen=True):
    """A cell whose value differs; ``row`` and ``column`` are indexes into the pair's before and after."""

    row_before: int
    row_after: int
    column_before: int
    column_after: int
    before: Value
    after: Value


class TablePair(Struct, frozen=True):
    """A table of the release before, and its counterpart after.

    ``columns`` and ``rows`` are pairs of indexes (before, after). Renamed ones are in both ``columns`` and
    ``columns_renamed``. A cell change is listed only where the values differ in meaning: number formats, blanks
    and dashes apart; the label of a row in ``rows_renamed`` is told there and not as a cell.
    ``before`` and ``after`` are the tables of the documents with their rows named by the key of the pair.
    """

    index: int  # of this pair in Comparison.tables
    key: str  # normalised identity of the after side
    before: Table
    after: Table
    columns: tuple[tuple[int, int], ...]
    rows: tuple[tuple[int, int], ...]
    columns_removed: tuple[int, ...] = ()
    columns_added: tuple[int, ...] = ()
    columns_renamed: tuple[tuple[int, int], ...] = ()
    rows_removed: tuple[int, ...] = ()
    rows_added: tuple[int, ...] = ()
    rows_renamed: tuple[tuple[int, int], ...] = ()
    cells: tuple[CellChange, ...] = ()
    coarse: str | None = None  # why the comparison was coarser than usual, in words
    places: tuple[int, int] = (-1, -1)  # of the two tables in their documents
    stamps: tuple[tuple[int, int], ...] = ()  # column pairs that bear the edition's date in every row
    repeats_removed: tuple[int, ...] = ()  # of rows_removed: what they said, another row says that goes on

    def cell_fact(self, change: CellChange) -> FactKey:
        """The name of the fact that this cell changed."""
        return FactKey("cell", self.index, str(change.row_after), str(change.column_after))

    def stale_fact(self) -> FactKey:
        """The name of the fact that the table is an older edition of itself, so that its fall back is no news."""
        return FactKey("table-stale", self.index)

    def title_fact(self) -> FactKey:
        """The name of the fact that the table stands under another title."""
        return FactKey("table-title", self.index)


class TextChange(Struct, frozen=True):
    """A sentence or paragraph that differs. One side is None where it came or went.

    ``block`` is the whole paragraph it stood in, after (before, for one that went).
    """

    index: int
    section: str
    before: str | None
    after: str | None
    block: Block

    @property
    def fact(self) -> FactKey:
        """The name of the fact that this text differs."""
        return FactKey("text", self.index)


class DefinitionChange(Struct, frozen=True):
    """A term whose wording came, went or differs in its words (not in spacing, case or punctuation)."""

    index: int
    before: Definition | None
    after: Definition | None


class LinkChange(Struct, frozen=True):
    """A link of the main content that came, went, or kept its words and points elsewhere."""

    index: int
    before: Link | None
    after: Link | None


class DateChange(Struct, frozen=True):
    """A stated date that came, went or moved."""

    index: int
    before: StatedDate | None
    after: StatedDate | None


class Comparison(Struct, frozen=True):
    """All that differs between two documents, and how their parts correspond.

    ``before`` and ``after`` hold what can be compared: pages that only one of them lets us read are left out.
    """

    before: Document
    after: Document
    tables: tuple[TablePair, ...] = ()
    tables_removed: tuple[int, ...] = ()  # indexes into before.tables
    tables_added: tuple[int, ...] = ()  # indexes into after.tables
    texts: tuple[TextChange, ...] = ()
    definitions: tuple[DefinitionChange, ...] = ()
    links: tuple[LinkChange, ...] = ()
    dates: tuple[DateChange, ...] = ()
    metadata: tuple[tuple[str, str | None, str | None], ...] = ()  # name, before, after
    lost: tuple[int, ...] = ()  # pages of ``after`` that can no longer be read as text
    moved: bool = False  # something only changed its place

    @property
    def content_changed(self) -> bool:
        """Whether anything but dates, metadata and places differs."""
        return bool(
            self.tables_removed
            or self.tables_added
            or self.texts
            or self.definitions
            or self.links
            or self.title_changed
            or self.pictures_changed
            or self.lost
            or any(
                pair.cells
                or pair.rows_removed
                or pair.rows_added
                or pair.columns_removed
                or pair.columns_added
                or pair.columns_renamed
                or pair.rows_renamed
                for pair in self.tables
            )
        )

    @property
    def title_changed(self) -> bool:
        """Whether title or main heading differ, case and typography apart."""
        before, after = self.before, self.after
        return normalise(before.title) != normalise(after.title) or normalise(before.headline) != normalise(
            after.headline
        )

    @property
    def pictures_changed(self) -> bool:
        """Whether pages of which only the picture could be compared differ."""
        return self.before.pictures != self.after.pictures


class Evidence(Struct, frozen=True):
    """All that a detector may look at.

    ``comparison`` is None in a round without a new release and for a first release; ``document`` is the
    release judged, None in a round without one. ``captures`` are those of this round for the series and its
    page, bodies left out.
    """

    source: Source
    series: Series
    now: dt.datetime
    history: History
    captures: tuple[Capture, ...] = ()
    document: Document | None = None
    comparison: Comparison | None = None
    url_before: str | None = None
    url_after: str | None = None
    sha256_before: str | None = None
    sha256_after: str | None = None
    trouble: str | None = None  # why the new release could not be read; ``document`` is None then
    question: str | None = None  # why the new release is not believed yet; ``document`` is None then
    questioned: dt.datetime | None = (
        None  # the look of an earlier round at which one was not, with no good one since
    )
    found_later: frozenset[str] = frozenset()  # releases that no look of ours found: of a web archive, of files
    is_found_later: bool = False  # the release judged is one of these: nobody looked on the days before it
    siblings: tuple[SiblingSeries, ...] = ()  # other series of the source, none where no archive is behind
    told: set[FactKey] = field(default_factory=set)

    @property
    def rules(self) -> Rules:
        """What the source file says about this series."""
        return self.series.rules

    def untold(self, keys: Iterator[FactKey]) -> Iterator[FactKey]:
        """Those of ``keys`` that no graver finding has explained yet."""
        return (key for key in keys if key not in self.told)


class Draft(Struct, frozen=True):
    """What a detector says; the judge adds identity and grade and makes it a ``Finding``.

    ``explains`` are the facts that this statement tells, so that no lesser kind repeats them.
    ``subject`` goes into the fingerprint beside source, series and kind: normalised table, column, row, never
    a value.
    """

    kind: str
    title: str
    reason: str
    subject: tuple[str, ...]
    where: Where = Where()
    items: tuple[Item, ...] = ()
    count: int | None = None  # None: the number of items, at least 1
    before: Value = None
    after: Value = None
    severity: Severity | None = None  # None: the default of the kind
    confidence: float = 1.0
    explains: tuple[FactKey, ...] = ()
    ends: tuple[str, ...] = ()  # ids of the conditions whose end this tells
