"""Rich Text Format, by striprtf: paragraphs, and rows of tables."""

from __future__ import annotations

from typing import Final

from diffing.readers.flow import Flow
from state.document import Document, ReadingHints
from state.errors import ReadingError

MAX_BYTES: Final = 30_000_000
"""Larger ones hold pictures, and take minutes."""


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a document. Raises ``ReadingError`` where it cannot be parsed, or is too large."""
    from striprtf.striprtf import rtf_to_text

    if len(body) > MAX_BYTES:
        raise ReadingError(f"the document has more than {MAX_BYTES // 1_000_000} MB")
    try:
        raw = body.decode("latin-1").replace("\x00", "")
        text: str = rtf_to_text(raw, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, KeyError, UnicodeError) as error:
        raise ReadingError(f"the document cannot be parsed: {error}") from error
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    flow = Flow(hints)
    rows: list[list[str]] = []
    for line in (*text.splitlines(), ""):
        if line.rstrip().endswith("|"):  # cells, as striprtf parts them
            rows.append(line.rstrip().removesuffix("|").split("|"))
            continue
        if rows:
            flow.add_table(rows)
            rows = []
        flow.add_text(line)
    return flow.document("")
