"""``read FILE``: what the monitor sees in a document, and so what a finding's words rest on."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.console import DONE, json_option, print_json, with_plain_errors

if TYPE_CHECKING:
    from state.document import Document

GROUP = "judge"


@click.command("read", epilog="Example: python monitor.py read FY24_detentionStats.xlsx --rows 3")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.option("--rows", type=click.IntRange(0), default=10, show_default=True, help="Rows of each table to show.")
@click.option("--all", "show_all", is_flag=True, help="Show every row, block, definition and link.")
@click.option("--include", multiple=True, help="CSS selector: only these parts of a page; may be repeated.")
@click.option("--exclude", multiple=True, help="CSS selector: never these parts of a page; may be repeated.")
@click.option("--page-image", type=click.IntRange(1), metavar="PAGE", help="Write a page of a PDF as PNG instead.")
@click.option(
    "--to", type=click.Path(path_type=Path), help="Where the PNG goes (default: NAME-page-PAGE.png, here)."
)
@with_plain_errors
def command(
    *,
    file: Path,
    as_json: bool,
    rows: int,
    show_all: bool,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    page_image: int | None,
    to: Path | None,
) -> int:
    """Show what the monitor sees in FILE, how it understands it, and what it is not sure of.

    Title, dates, tables (which columns name, date and count their rows, and why), definitions, text and links.
    --page-image draws boxes on a page of a PDF: tables in blue, cells in red, charts in orange.

    It reads HTML, PDF, XLSX, XLS, CSV, TSV, JSON, plain text and ZIP of these. Exit status 2 where it
    cannot, with the reason.
    """
    if page_image is not None:
        path = to or Path(f"{file.stem}-page-{page_image}.png")
        path.write_bytes(draw_page(file, number=page_image))
        click.echo(path)
        return DONE
    document, sha256 = read_file(file, include=include, exclude=exclude)
    if as_json:
        from state.contract import document_to_json

        print_json(_with_understanding(document_to_json(document, path=str(file), sha256=sha256), document))
        return DONE
    from cli.render import draw_document

    draw_document(document, rows=None if show_all else rows)
    return DONE


def _with_understanding(body: dict[str, Any], document: Document) -> dict[str, Any]:
    """What is seen, with how it is understood beside it: ``understood`` of each table, ``unsure`` of the whole."""
    from msgspec import to_builtins

    from cli.understanding import doubts_of, understand

    for shown, table in zip(body["tables"], document.tables, strict=True):
        shown["understood"] = to_builtins(understand(table))
    return body | {"unsure": list(doubts_of(document))}


def draw_page(file: Path, *, number: int) -> bytes:
    """Page ``number`` of the PDF ``file`` as PNG, drawn in a worker process.

    Raises ReadingError with the file's name and the reason where it cannot be drawn.
    """
    from cli.inputs import read_bytes
    from diffing.readers.pdf.picture import page_picture
    from diffing.workers.pool import Workers
    from state.errors import ReadingError

    with Workers(size=1, timeout=_PATIENCE) as workers:
        try:
            return workers.run(partial(page_picture, number=number), read_bytes(file))
        except ReadingError as error:
            raise ReadingError(f"{file}: {error}") from error


def read_file(file: Path, *, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> tuple[Document, str]:
    """The document in ``file``, read in a worker process, and the digest of its bytes.

    Raises ReadingError with the file's name and the reason where it cannot be read.
    """
    from cli.inputs import read_bytes
    from diffing.extract import extract
    from diffing.workers.pool import Workers
    from state.document import ReadingHints
    from state.errors import ReadingError

    body = read_bytes(file)
    hints = ReadingHints(include=include, exclude=exclude, file_name=file.name)
    with Workers(size=1, timeout=_PATIENCE) as workers:
        try:
            document = workers.run(partial(extract, media_type="", hints=hints), body)
        except ReadingError as error:
            raise ReadingError(f"{file}: {error}") from error
    return document, hashlib.sha256(body).hexdigest()


_PATIENCE = 120.0
"""Seconds that a person may wait for one file."""
