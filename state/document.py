"""What a reader sees in a published document, free of any source's rules.

All classes are frozen. Text is exactly as published unless a field says otherwise; dates are ISO
dates, numbers are Python numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct, field

Value: TypeAlias = int | float | str | None
"""A cell: a number, text (a suppression mark such as ``*`` is text, a date is its ISO text), or None for blank."""


ATTACHMENT: Final = "Attachment: "
"""Before the name of a file inside a document, in its metadata; the value is the SHA-256 of its bytes."""

LANGUAGE: Final = "Language"
"""The entry of the metadata in which a document says its language, as a BCP 47 tag."""


class Where(Struct, frozen=True):
    """A place as a reader of the document would find it; what does not apply is None."""

    sheet: str | None = None
    page: int | None = None  # counted from 1
    table: str | None = None
    column: str | None = None
    row: str | None = None
    section: str | None = None  # heading path joined by " / "


class DateRole(StrEnum):
    """What a stated date is the date of."""

    AS_OF = "as_of"
    DATA_THROUGH = "data_through"
    PUBLISHED = "published"
    LAST_UPDATED = "last_updated"
    PERIOD = "period"
    RUN = "run"  # when the publisher queried its own systems


class StatedDate(Struct, frozen=True):
    """A date that the document states about itself.

    ``date`` is None where the text is no date (``xx/xx/2022``); ``flaw`` then says why. A date that
    reads but cannot be meant (last year in January) keeps its reading and has a ``flaw`` too.
    """

    text: str
    date: dt.date | None
    role: DateRole
    where: Where = Where()
    flaw: str | None = None


class Span(StrEnum):
    """The kind of period that a column or row is about."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    FISCAL_YEAR = "fiscal_year"  # United States federal: starts on 1 October of the year before
    CALENDAR_YEAR = "calendar_year"
    TO_DATE = "to_date"  # from the start of a fiscal year up to the as-of date


class Period(Struct, frozen=True):
    """A stretch of time, both ends included; ``end`` is None while only the as-of date bounds it."""

    span: Span
    start: dt.date | None
    end: dt.date | None


class Role(StrEnum):
    """What the cells of a column are."""

    FIGURE = "figure"
    CODE = "code"  # digits that count nothing: FIPS and zip codes, numbers of cases, telephones
    FLAG = "flag"  # a number that marks rows and counts nothing
    DATE = "date"
    TEXT = "text"


class Notation(Struct, frozen=True):
    """How the figures of a column are written, decided from all its cells and from its document.

    ``decimal`` and ``thousands`` are the marks before decimals and between thousands, "" where no cell has one;
    ``unit`` is what the header says the figures are in. ``marks`` are the texts that stand where figures are
    missing or withheld, the commonest first; ``sentinels`` numbers that do.
    """

    role: Role
    decimal: str = ""
    thousands: str = ""
    unit: str = ""  # "thousands", "millions", "per cent", …
    marks: tuple[str, ...] = ()
    sentinels: tuple[str, ...] = ()  # as published: "-99.99"
    day_first: bool | None = None  # of a column of dates with slashes
    ambiguous: str | None = None  # what could be read in two ways, in words


class Column(Struct, frozen=True):
    """A column. ``path`` are its header texts from the top; ``name`` is the path joined by " / "."""

    name: str
    path: tuple[str, ...]
    period: Period | None = None
    notation: Notation | None = None  # None: not looked at


class Table(Struct, frozen=True):
    """A table: one title, one header, one body.

    ``rows[i][j]`` is the value under ``columns[j]``; all rows have ``len(columns)`` cells.
    ``row_keys[i]`` identifies row ``i`` uniquely inside the table (values of the ``key`` columns and the
    group labels above, joined by " / "; a repeated key gets " #2", " #3"). The label cell of a grouped row
    holds the path too ("Total / Convicted Criminal"). ``texts`` keeps the published text of cells where
    it differs from ``str(value)``. Titles, footnotes and totals are not lost: ``totals`` are the indexes
    of rows labelled as totals, ``notes`` the texts printed under the table.
    """

    name: str  # title as published; "" where there is none
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]]
    row_keys: tuple[str, ...]
    key: tuple[int, ...] = ()  # indexes of the columns that identify a row
    sheet: str | None = None
    page: int | None = None
    range: str | None = None  # "A30:O34" in a spreadsheet
    texts: Mapping[tuple[int, int], str] = field(default_factory=dict)
    totals: frozenset[int] = frozenset()
    row_periods: tuple[Period | None, ...] = ()  # empty, or one a row
    notes: tuple[str, ...] = ()
    as_of: StatedDate | None = None
    fiscal_year: int | None = None
    hidden: bool = False  # on a hidden sheet
    hidden_rows: frozenset[int] = frozenset()  # of a sheet that shows its other rows
    hidden_columns: frozenset[int] = frozenset()
    section: tuple[str, ...] = ()  # headings above it, in pages
    catalogue: bool = False  # each row is an entry of a catalogue, and its texts are what that entry says

    def label_at(self, row: int, column: int) -> str:
        """What identifies a row in a key column: text with the path of its group, else as published."""
        value = self.rows[row][column]
        return value if isinstance(value, str) else self.text_at(row, column)

    def text_at(self, row: int, column: int) -> str:
        """The published text of a cell; "" for a blank one."""
        text = self.texts.get((row, column))
        if text is not None:
            return text
        value = self.rows[row][column]
        return "" if value is None else str(value)


Text = tuple[str, str]
"""The headings above a text, " / " between them, and its words: what a search finds of a release."""


class Block(Struct, frozen=True):
    """A paragraph, list item or note, under the headings that stand above it."""

    text: str
    heading: tuple[str, ...] = ()
    sheet: str | None = None
    page: int | None = None
    kind: str = "paragraph"  # paragraph, item, note, heading, caption, definition (term, then wording, on lines)


class Link(Struct, frozen=True):
    """A link of the main content. ``url`` is as written in the document, ``Document.base_url`` apart."""

    text: str
    url: str
    heading: tuple[str, ...] = ()


class Definition(Struct, frozen=True):
    """The words that define a term; ``where`` may name the table or column that it explains."""

    term: str
    wording: str
    where: Where = Where()


class Document(Struct, frozen=True):
    """What a reader sees in one published file or page."""

    media_type: str
    title: str = ""  # <title>, workbook or PDF title as shown
    headline: str = ""  # the main heading that a reader sees first
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    definitions: tuple[Definition, ...] = ()
    links: tuple[Link, ...] = ()
    dates: tuple[StatedDate, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    base_url: str | None = None
    pictures: tuple[str, ...] = ()  # a digest a page, where only the picture could be compared
    textless: tuple[
        int, ...
    ] = ()  # pages, from 1, that show more than their text says: pictures, senseless letters
    ocr: bool = False  # text was recognised from a picture and may be wrong
    remarks: tuple[str, ...] = ()  # what the reader could not do, in words
    language: str = ""  # ISO 639-1, by its words or as it says itself

    @property
    def as_of(self) -> StatedDate | None:
        """The date as of which the document speaks: its first as-of, else data-through date."""
        for role in (DateRole.AS_OF, DateRole.DATA_THROUGH):
            for stated in self.dates:
                if stated.role is role and stated.date is not None:
                    return stated
        return None


class ReadingHints(Struct, frozen=True):
    """What a source file may tell a reader; every field has a default that needs no source file."""

    key_columns: tuple[str, ...] = ()  # header names that identify a row
    period_columns: tuple[str, ...] = ()  # header names that say which period a row is about
    other_columns: tuple[str, ...] = ()  # header names that identify nothing: figures, the edition's date
    include: tuple[str, ...] = ()  # CSS selectors: only these parts of a page
    exclude: tuple[str, ...] = ()  # CSS selectors: never these parts of a page
    url: str | None = None
    file_name: str | None = None
    catalogue: str = ""  # the form of a catalogue of datasets, see ``readers.json.catalogues``
