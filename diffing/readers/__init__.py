"""Bytes into documents, one reader a format; what a format needs more than a file for has a folder."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from state.document import Document, ReadingHints
from state.formats import Format


class Read(Protocol):
    """The function ``read`` of every reader."""

    def __call__(self, body: bytes, *, hints: ReadingHints) -> Document:
        """Read one document. Raises ``ReadingError`` with the reason where it cannot be read."""
        ...


def load_reader(format: Format) -> Read:
    """The reader of a format that has one, imported now."""
    return cast(Read, importlib.import_module(f"{__name__}.{format.reader}").read)
