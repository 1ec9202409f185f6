"""A document drawn in the terminal: tables folded to its width, long lists cut short."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from cli.console import shown
from cli.understanding import Understanding, doubts_of, understand
from state.document import Document, Notation, Role, StatedDate, Table, Where

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that could move the cursor or turn the text around; documents are not to be trusted."""

_WIDEST_CELL: Final = 28
_NARROWEST_CELL: Final = 6
_MOST_NAMES: Final = 6
"""Columns of one part that are named."""

_GAP: Final = 3
_LONGEST_CELL: Final = 120
_LONGEST_PLACE: Final = 60
"""Characters of a cell and of a place that are shown unless everything is asked for."""

_FEWEST_SHOWN: Final = 10
"""Blocks, definitions and links shown where rows are limited, for each row asked for at least this many in all."""


def draw_document(document: Document, *, rows: int | None, console: Console | None = None) -> None:
    """Draw all parts of a document. ``rows`` limits the rows of each table and the lists; None shows all."""
    screen = console or Console(highlight=False, emoji=False)
    most = None if rows is None else max(_FEWEST_SHOWN, rows)
    _draw_head(screen, document)
    _draw_dates(screen, document.dates, most)
    for table in document.tables:
        _draw_table(screen, table, rows)
    entries = [(definition.term, definition.wording) for definition in document.definitions]
    _draw_list(screen, "Definitions", entries, most)
    _draw_list(screen, "Text", [(" / ".join(block.heading), block.text) for block in document.blocks], most)
    _draw_list(screen, "Links", [(link.text, link.url) for link in document.links], most)


def plain(text: str) -> str:
    """``text`` on one line, without characters that command the terminal."""
    return _CONTROLS.sub("�", " ".join(text.split()))


def _draw_head(screen: Console, document: Document) -> None:
    screen.print(Text(plain(document.headline or document.title) or "(no title)", style="bold"))
    if document.title and plain(document.title) != plain(document.headline):
        screen.print(Text(plain(document.title)))
    counts = (
        _counted(len(document.tables), "table"),
        _counted(len(document.definitions), "definition"),
        _counted(len(document.blocks), "block of text", "blocks of text"),
        _counted(len(document.links), "link"),
    )
    screen.print(Text(f"{document.media_type}; {', '.join(counts)}", style="dim"))
    for doubt in doubts_of(document):
        screen.print(Text(f"Not sure: {plain(doubt)}", style="yellow"))


def _draw_dates(screen: Console, dates: Sequence[StatedDate], most: int | None) -> None:
    if not dates:
        return
    grid = _grid("Date", "Role", "As written", "Where", title="Dates")
    for stated in dates[:most]:
        written = plain(stated.text) + (f" ({plain(stated.flaw)})" if stated.flaw else "")
        day = stated.date.isoformat() if stated.date else "—"
        style = "yellow" if stated.flaw else ""
        row = (
            day,
            stated.role.value.replace("_", " "),
            written,
            _shorten(_place(stated.where), _LONGEST_PLACE, most),
        )
        grid.add_row(*(Text(cell) for cell in row), style=style)
    screen.print(grid)
    _draw_rest(screen, len(dates), most, "date")


def _draw_table(screen: Console, table: Table, rows: int | None) -> None:
    """One table, in as many pieces side by side under one another as the terminal's width asks for."""
    screen.print()
    screen.print(Text(plain(table.name) or "(untitled table)", style="bold"))
    screen.print(Text(_describe(table), style="dim"))
    _draw_understanding(screen, understand(table))
    shown_rows = range(len(table.rows))[:rows]
    for columns in pages_of_columns(table, shown_rows, width=screen.width):
        names = (plain(table.columns[column].name) for column in columns)
        grid = _grid(*names, widths=[_width(table, shown_rows, column) for column in columns])
        for row in shown_rows:
            cells = (Text(_shorten(_cell(table, row, column), _LONGEST_CELL, rows)) for column in columns)
            grid.add_row(*cells, style="bold" if row in table.totals else "")
        screen.print(grid)
    _draw_rest(screen, len(table.rows), rows, "row")
    for column in table.columns:
        if column.notation is not None and (words := _notation_in_words(column.notation)):
            style = "yellow" if column.notation.ambiguous else "dim"
            screen.print(Text(f"  {plain(column.name)}: {plain(words)}", style=style))
    for note in table.notes:
        screen.print(Text(f"  {plain(note)}", style="dim"))


def _notation_in_words(notation: Notation) -> str:
    """How a column is read where that is not as English has it; "" where nothing needs saying."""
    marks = ", ".join(f"“{mark}”" for mark in (*notation.sentinels, *notation.marks))
    parts = (
        {Role.CODE: "codes, no figures", Role.FLAG: "marks rows, no figures"}.get(notation.role, ""),
        "decimals after a comma" if notation.decimal == "," else "",
        _THOUSANDS.get(notation.thousands, ""),
        f"in {notation.unit}" if notation.unit else "",
        "the day stands before the month" if notation.day_first else "",
        f"no figure: {marks}" if marks and notation.role is Role.FIGURE else "",
        f"not certain: {notation.ambiguous}" if notation.ambiguous else "",
    )
    return "; ".join(part for part in parts if part)


_THOUSANDS: Final = {
    ".": "thousands parted by points",
    " ": "thousands parted by blanks",
    "'": "thousands parted by apostrophes",
}


def _draw_understanding(screen: Console, how: Understanding) -> None:
    """Which column names, dates and counts, why so, and what is doubtful."""
    parts = (
        (f"key: {_few(how.key)} ({how.why})" if how.key else f"no key: {how.why}"),
        f"periods: {_few(how.periods)}" if how.periods else "",
        f"figures: {_few(how.measures)}" if how.measures else "",
        f"the same in every row: {_few(how.stamps)}" if how.stamps else "",
    )
    screen.print(Text(" · ".join(part for part in parts if part), style="dim"))
    for doubt in how.unsure:
        screen.print(Text(f"Not sure: {plain(doubt)}", style="yellow"))


def _few(names: Sequence[str]) -> str:
    shown_names = ", ".join(plain(name) for name in names[:_MOST_NAMES])
    return shown_names if len(names) <= _MOST_NAMES else f"{shown_names} and {len(names) - _MOST_NAMES} more"


def pages_of_columns(table: Table, rows: range, *, width: int) -> Iterator[tuple[int, ...]]:
    """The columns of a table in groups that fit ``width`` characters, each led by the key columns."""
    widths = [_width(table, rows, column) + _GAP for column in range(len(table.columns))]
    key = [column for column in table.key if column < len(widths)] or [0]
    lead = tuple(key) if sum(widths[column] for column in key) <= width // 2 else tuple(key[:1])
    page, used = list(lead), sum(widths[column] for column in lead)
    for column in range(len(widths)):
        if column in lead:
            continue
        if used + widths[column] > width and len(page) > len(lead):
            yield tuple(page)
            page, used = list(lead), sum(widths[column] for column in lead)
        page.append(column)
        used += widths[column]
    if page and widths:
        yield tuple(page)


def _width(table: Table, rows: range, column: int) -> int:
    longest_word = max((len(word) for word in table.columns[column].name.split()), default=0)
    longest = max((len(_cell(table, row, column)) for row in rows), default=0)
    return max(_NARROWEST_CELL, min(_WIDEST_CELL, max(longest_word, longest)))


def _cell(table: Table, row: int, column: int) -> str:
    value = table.rows[row][column]
    if value is None:
        return ""
    if column in table.key:
        return plain(table.label_at(row, column))
    return plain(table.texts.get((row, column)) or shown(value))


def _describe(table: Table) -> str:
    parts = (
        f"sheet {plain(table.sheet)}" + (" (hidden)" if table.hidden else "") if table.sheet else "",
        f"page {table.page}" if table.page else "",
        table.range or "",
        " / ".join(plain(part) for part in table.section),
        f"fiscal year {table.fiscal_year}" if table.fiscal_year else "",
        f"as of {table.as_of.date or plain(table.as_of.text)}" if table.as_of else "",
        f"{_counted(len(table.rows), 'row')}, {_counted(len(table.columns), 'column')}",
    )
    return " · ".join(part for part in parts if part)


def _draw_list(screen: Console, title: str, entries: Sequence[tuple[str, str]], most: int | None) -> None:
    """Entries under the words that lead them; a lead that repeats is printed once."""
    if not entries:
        return
    screen.print()
    screen.print(Text(title, style="bold"))
    last = ""
    for lead, text in entries[:most]:
        if lead and lead != last:
            screen.print(Text(f"  {plain(lead)}", style="cyan"))
        last = lead
        screen.print(Text(f"    {plain(text)}"))
    _draw_rest(screen, len(entries), most, "entry", "entries")


def _draw_rest(screen: Console, count: int, most: int | None, one: str, many: str | None = None) -> None:
    if most is not None and count > most:
        left_out = _counted(count - most, f"more {one}", f"more {many}" if many else None)
        screen.print(Text(f"  … {left_out} (--all shows all)", style="dim"))


def _grid(*headers: str, title: str | None = None, widths: Sequence[int] = ()) -> Grid:
    """An empty table of rich; columns are as wide as ``widths`` says, or as their content asks for."""
    grid = Grid(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for header, width in zip_longest(headers, widths):
        grid.add_column(Text(header), overflow="fold", width=width)
    return grid


def _shorten(text: str, longest: int, most: int | None) -> str:
    """``text`` cut at ``longest`` characters, whole where ``most`` is None: everything was asked for."""
    return text if most is None or len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _place(where: Where) -> str:
    parts = (where.sheet, f"page {where.page}" if where.page else None, where.section, where.table, where.column)
    return plain(" / ".join(part for part in parts if part))


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
