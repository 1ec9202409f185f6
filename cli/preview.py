"""What a document that was just fetched shows, in words for somebody who wants to watch it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cli.console import shown
from cli.render import plain
from state.errors import ReadingError

if TYPE_CHECKING:
    from diffing.workers.pool import Workers
    from state.document import Document, Table
    from state.model import Capture, Source

_COLUMNS = 6
_LONGEST = 60


def read_capture(capture: Capture, source: Source, *, workers: Workers) -> Document:
    """The document of a capture, read in a worker. Raises ReadingError with the reason."""
    from diffing.extract import extract
    from state.document import ReadingHints

    is_page = capture.url == source.url
    hints = ReadingHints(
        include=source.include if is_page else (),
        exclude=source.exclude if is_page else (),
        url=capture.final_url or None,
        file_name=capture.file_name,
        catalogue=source.catalogue if is_page else "",
    )
    return workers.run(partial(extract, media_type=capture.media_type, hints=hints), capture.body)


def summary(document: Document) -> str:
    """One line: how much there is to compare, and as of when."""
    figures = sum(
        isinstance(value, int | float) for table in document.tables for row in table.rows for value in row
    )
    parts = [
        _counted(len(document.tables), "table") + (f" with {_counted(figures, 'figure')}" if figures else ""),
        _counted(len(document.definitions), "definition") if document.definitions else "",
        _counted(len(document.blocks), "paragraph"),
        f"as of {document.as_of.date or plain(document.as_of.text)}" if document.as_of else "",
    ]
    return ", ".join(part for part in parts if part)


def table_lines(document: Document, *, most: int) -> list[str]:
    """A line for each of the first ``most`` tables: name, size, columns, and one figure to recognise it by."""
    lines = [_table_line(table) for table in document.tables[:most]]
    left = len(document.tables) - most
    return [*lines, f"… {_counted(left, 'more table')}"] if left > 0 else lines


def why_unread(error: ReadingError) -> str:
    """The reason, on one line."""
    return plain(str(error))


def _table_line(table: Table) -> str:
    names = [plain(column.name) for column in table.columns]
    columns = ", ".join(_short(name) for name in names[:_COLUMNS]) + (", …" if len(names) > _COLUMNS else "")
    example = next(
        (
            f"; {_short(plain(table.row_keys[at]))}: {_short(names[column])} {shown(value)}"
            for at, row in enumerate(table.rows)
            for column, value in enumerate(row)
            if isinstance(value, int | float) and at < len(table.row_keys)
        ),
        "",
    )
    sheet = f" (sheet {plain(table.sheet)})" if table.sheet else ""
    name = _short(plain(table.name)) or "without a title"
    return f"table “{name}”{sheet}: {_counted(len(table.rows), 'row')}; columns {columns}{example}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
