"""Long delimited text -> columns of the engine, each cell read as ``read_value`` reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, Protocol

from diffing.columnar.engine import Held, ask, column_asked, load
from diffing.columnar.rows import ColumnarRows, Columns, Kind
from state.document import Value

_SAMPLE: Final = 1_000
_CHUNK: Final = 20_000  # rows

WHOLE: Final = r"0|-?[1-9][0-9]{0,17}"
DECIMAL: Final = r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]+"
WORDS: Final = r"[A-Za-z][!-#%-~]*(?: [!-#%-~]+)*|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?"
"""Texts that ``read_value`` reads as Python reads them, or leaves as they are: months and ISO dates, and what
begins with a letter, is tidy and names no dollars. Both engines of expressions read these alike."""

_PATTERNS: Final = {
    Kind.WHOLE: WHOLE,
    Kind.DECIMAL: DECIMAL,
    Kind.EITHER: rf"(?:{WHOLE})|(?:{DECIMAL})",
    Kind.WORDS: WORDS,
}


class Reader(Protocol):
    """What reads the texts of one column piece by piece."""

    identifiers: bool

    def add(self, texts: Sequence[str]) -> None:
        """Read the next texts."""
        ...

    def finish(self) -> list[Value]:
        """All values."""
        ...


def read_records(
    text: str, *, start: int, delimiter: str, readers: Sequence[Reader], texts_kept: int
) -> ColumnarRows:
    """The records of a text from a character on, one field for each of ``readers``.

    A reader gets the texts of its column where these have to be read one by one, the first ``texts_kept`` of a
    column of figures, so that it knows what is printed otherwise, and none of words.
    Raises ``NotPlain`` where only the csv module can part the fields.
    """
    table = load(text, start=start, delimiter=delimiter, width=len(readers))
    [(count,)] = ask(f"SELECT count(*) FROM {table}")
    kinds = _kinds(table, len(readers))
    read: dict[int, Sequence[Value]] = {}
    notations: dict[int, str] = {}
    for place, (kind, reader) in enumerate(zip(kinds, readers, strict=True)):
        for texts in _texts(table, place, {Kind.READ: count, Kind.WORDS: 0}.get(kind, texts_kept)):
            reader.add(texts)
        if kind is Kind.READ:
            read[place] = reader.finish()
            if not reader.identifiers:
                notations[place] = ""
    return ColumnarRows(Columns(table, count, tuple(kinds), read, notations))


def _texts(table: Held, place: int, rows: int) -> Iterator[list[str]]:
    texts = iter(column_asked(f"SELECT c{place} FROM {table} WHERE rowid < {rows}"))
    while chunk := list(islice(texts, _CHUNK)):
        yield chunk


def _kinds(table: Held, width: int) -> list[Kind]:
    """How each column is read: guessed by the first rows, then asked of all."""
    first = ask(f"SELECT * FROM {table} WHERE rowid < {_SAMPLE}")
    guessed = [_guess([row[place] for row in first]) for place in range(width)]
    kinds = [Kind.READ] * width
    for place in _proven(table, {place: kind for place, kind in enumerate(guessed) if kind is not Kind.READ}):
        kinds[place] = guessed[place]
    refuted = [place for place in range(width) if guessed[place] in _FIGURES and kinds[place] is Kind.READ]
    mixed = dict.fromkeys(refuted, Kind.EITHER)
    for place in _proven(table, mixed):
        kinds[place] = Kind.EITHER
    return kinds


_FIGURES: Final = (Kind.WHOLE, Kind.DECIMAL)


def _proven(table: Held, guessed: Mapping[int, Kind]) -> list[int]:
    """The columns of which all texts are as guessed."""
    if not guessed:
        return []
    tests = ", ".join(
        f"coalesce(bool_and(c{place} = '' OR regexp_full_match(c{place}, '{_PATTERNS[kind]}')), true)"
        for place, kind in guessed.items()
    )
    [answers] = ask(f"SELECT {tests} FROM {table}")
    return [place for place, answer in zip(guessed, answers, strict=True) if answer]


def _guess(texts: Sequence[str]) -> Kind:
    present = [text for text in texts if text]
    for kind, pattern in _PATTERNS.items():
        if present and all(re.fullmatch(pattern, text) for text in present):
            return kind
    return Kind.READ
