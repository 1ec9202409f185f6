"""The columnar engine: one database in memory a process, in which long tables live as long as their rows do."""

from __future__ import annotations

import os
import re
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import duckdb

_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": 1,  # what counts is CPU time, and one order of rows
    "preserve_insertion_order": True,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}
_LONGEST_LINE: Final = 4 << 20
_ROWS: Final = 50_000
_PIECE: Final = 1 << 20  # characters
_NO_NULL: Final = "\x01no text is this\x01"
"""Every field is a text, also an empty one: what the reader calls a control character stands in none."""

_NUMBERS: Final = count(1)


class NotPlain(Exception):
    """A text that the engine might part otherwise than the csv module: rows of several lengths, odd quotes."""


def ask(statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows of an answer."""
    return _database().cursor().execute(statement, list(parameters)).fetchall()


def column_asked(statement: str) -> list[Any]:
    """The only column of an answer, piece by piece: its rows one by one take twelve times as much."""
    answer = _database().cursor().execute(statement)
    values: list[Any] = []
    while piece := answer.fetchmany(_ROWS):
        values += [value for (value,) in piece]
    return values


class Held:
    """A table of the engine, by its name; it goes when nobody holds it any more."""

    def __init__(self, name: str) -> None:
        self._name = name
        weakref.finalize(self, drop, name)

    def __str__(self) -> str:
        return self._name


def load(text: str, *, start: int, delimiter: str, width: int) -> Held:
    """The records of ``text`` from the character ``start`` on, as a table of texts ``c0``, ``c1`` ….

    Raises ``NotPlain`` where they are not all of ``width`` fields, or can be parted in two ways.
    """
    import duckdb

    if _is_quoted_oddly(text, start=start, delimiter=delimiter):
        raise NotPlain("a quote stands inside a field that is not quoted")
    name = f"t{next(_NUMBERS)}"
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    options = (
        f"columns={{{columns}}}, auto_detect=false, header=false, delim={_quoted(delimiter)}, "
        f"quote='\"', escape='\"', "
        f"new_line='\\n', nullstr={_quoted(_NO_NULL)}, strict_mode=true, null_padding=false, parallel=false, "
        f"max_line_size={_LONGEST_LINE}"
    )
    with _as_file(text, start) as path:
        try:
            _database().cursor().execute(f"CREATE TABLE {name} AS FROM read_csv({_quoted(path)}, {options})")
        except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.InvalidTypeException) as error:
            raise NotPlain(str(error)) from error
        except duckdb.OutOfMemoryException as error:
            raise MemoryError from error
    held = Held(name)
    if not _is_whole(name, text, start=start, width=width):
        raise NotPlain("characters were left out")
    return held


def _is_quoted_oddly(text: str, *, start: int, delimiter: str) -> bool:
    """Whether a quote is left open, or stands where it neither opens, closes nor doubles another one."""
    if '"' not in text:
        return False
    if text[-_PIECE:].rstrip("\n").endswith((f'{delimiter}"', '\n"')):
        return True
    inside = f'[^"\n{re.escape(delimiter)}]'
    alone = re.compile(f'{inside}"{inside}|(?:^|[\n{re.escape(delimiter)}])""{inside}')
    return text.count('"', start) % 2 == 1 or alone.search(text, start) is not None


def _is_whole(name: str, text: str, *, start: int, width: int) -> bool:
    """Whether every character of the text is one of a field, or parts or quotes fields.

    The engine leaves out a last record whose quotes are not closed, and says nothing.
    """
    marks = text.count('"', start)
    fields = [f"c{i}" for i in range(width)]
    lengths = " + ".join(f"length({field})" for field in fields)
    broken = " + ".join(f"length({field}) - length(replace({field}, chr(10), ''))" for field in fields)
    inner = " + ".join(f"length({field}) - length(replace({field}, '\"', ''))" for field in fields)
    if not marks:
        broken = inner = "0"
    [(rows, inside, lines, quotes)] = ask(
        f"SELECT count(*), coalesce(sum({lengths}), 0), coalesce(sum({broken}), 0), coalesce(sum({inner}), 0)"
        f" FROM {name}"
    )
    outside = text.count("\n", start) - lines + rows * (width - 1)
    return bool(len(text) - start == inside + outside + marks - quotes)


def drop(name: str) -> None:
    """Forget a table."""
    with suppress(Exception):  # at the end of the process there may be no engine any more
        ask(f"DROP TABLE IF EXISTS {name}")


def with_rows(rows: Iterable[int]) -> str:
    """A list of row numbers as the engine writes one."""
    return f"[{','.join(map(str, rows))}]::BIGINT[]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _as_file(text: str, start: int) -> Iterator[str]:
    """The path of a file in memory, or on disk where the system has none, that holds the rest of a text."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("records")
        try:
            _write(descriptor, text, start)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
        return
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        _write(file.fileno(), text, start)
        yield file.name


def _write(descriptor: int, text: str, start: int) -> None:
    for place in range(start, len(text), _PIECE):
        rest = memoryview(text[place : place + _PIECE].encode("utf-8", "surrogatepass"))
        while rest:
            rest = rest[os.write(descriptor, rest) :]


@cache
def _database() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config=_SETTINGS)
