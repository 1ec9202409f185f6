"""``read FILE``: what the monitor sees in a document, and so what a finding's words rest on."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, json_option, print_json, with_plain_errors

if TYPE_CHECKING:
    from state.document import Document


@click.command("read", epilog="Example: python monitor.py read FY24_detentionStats.xlsx --rows 3")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.option("--rows", type=click.IntRange(0), default=10, show_default=True, help="Rows of each table to show.")
@click.option("--all", "show_all", is_flag=True, help="Show every row, block, definition and link.")
@click.option("--include", multiple=True, help="CSS selector: only these parts of a page; may be repeated.")
@click.option("--exclude", multiple=True, help="CSS selector: never these parts of a page; may be repeated.")
@with_plain_errors
def command(
    *, file: Path, as_json: bool, rows: int, show_all: bool, include: tuple[str, ...], exclude: tuple[str, ...]
) -> int:
    """Show what the monitor sees in FILE: title, dates, tables, definitions, text and links.

    It reads HTML, PDF, XLSX, XLS, CSV, TSV, JSON, plain text and ZIP of these. Exit status 2 where it
    cannot, with the reason.
    """
    document, sha256 = read_file(file, include=include, exclude=exclude)
    if as_json:
        from state.contract import document_to_json

        print_json(document_to_json(document, path=str(file), sha256=sha256))
        return DONE
    from cli.render import draw_document

    draw_document(document, rows=None if show_all else rows)
    return DONE


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
