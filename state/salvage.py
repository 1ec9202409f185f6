"""Rows out of a damaged database file: table by table, whatever can be read, and a word on what cannot.

SQLite ends a query at the first page that it cannot make sense of. What lies beyond is found by its row number:
the next that can be read is searched for, first in strides that double, then between the last two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from sqlite3 import Connection
from typing import Any, Final

from msgspec import Struct

from state.errors import UNREADABLE
from state.times import moment

_FIRST: Final = -(1 << 63)
_LAST: Final = (1 << 63) - 1

_TIMES: Final = frozenset({"at", "until", "not_before", "lease"})  # and all that end in _at

Row = tuple[Any, ...]


class Loss(Struct, frozen=True):
    """Something that could not be taken over, in words."""

    table: str
    what: str


class Table(Struct, frozen=True):
    """A table of the file that rows go to."""

    name: str
    columns: tuple[str, ...]
    numbered: bool  # its rows have numbers (no WITHOUT ROWID)


def tables_of(db: Connection) -> list[Table]:
    """The tables of a database in the order in which they were made, but for virtual ones and what these keep."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    virtual = [name for name, sql in rows if sql.startswith("CREATE VIRTUAL")]
    found = []
    for name, sql in rows:
        if name in virtual or name.startswith(("sqlite_", *(f"{each}_" for each in virtual))):
            continue
        columns = tuple(row[1] for row in db.execute(f"PRAGMA table_info({name})"))
        found.append(Table(name, columns, "WITHOUT ROWID" not in sql))
    return found


class Salvage:
    """Reads a damaged file; ``losses`` grows as rows turn out not to be had."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._garbled = False
        self.losses: list[Loss] = []
        db.text_factory = self._text

    def _text(self, data: bytes) -> str:
        try:
            return data.decode()
        except UnicodeDecodeError:
            self._garbled = True
            return data.decode("utf-8", "replace")

    def lose(self, table: str, what: str) -> None:
        """Note something that is lost."""
        self.losses.append(Loss(table, what))

    def lost(self, *tables: str) -> bool:
        """Whether something of these tables is lost."""
        return any(loss.table in tables for loss in self.losses)

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table that can be read, those of numbered ones with their number first."""
        there = self._columns(table)
        if there is None:
            return
        number = "rowid" if table.numbered else "NULL"
        statement = f"SELECT {number}, {', '.join(there)} FROM {table.name}"
        if not table.numbered:
            yield from self._until_it_breaks(table, statement)
            return
        start = _FIRST
        while True:
            last = None if start == _FIRST else start - 1
            for row in self._quietly(f"{statement} WHERE rowid >= ? ORDER BY rowid", [start]):
                if last is not None and row[0] <= last:  # a page that stands in another's place
                    break
                last = row[0]
                yield self._told(table, row)
            if self._ended:
                return
            found = self._lose_some(table, statement, last)
            if found is None:
                return
            yield self._told(table, found)  # by itself: a query that goes on to a damaged row does not give it
            start = found[0] + 1

    def _columns(self, table: Table) -> tuple[str, ...] | None:
        try:
            found = {row[1] for row in self._db.execute(f"PRAGMA table_info({table.name})")}
        except UNREADABLE:
            found = set()
        if not found:
            self.lose(table.name, "the table cannot be found")
            return None
        return tuple(name if name in found else f"NULL AS {name}" for name in table.columns)

    def _until_it_breaks(self, table: Table, statement: str) -> Iterator[Row]:
        for row in self._quietly(statement, []):
            yield self._told(table, row)
        if not self._ended:
            self.lose(table.name, "it can be read to a damaged page only")

    def _quietly(self, statement: str, values: Sequence[object]) -> Iterator[Row]:
        """Rows until they end (``_ended``) or until one cannot be read."""
        self._ended = False
        try:
            cursor = self._db.execute(statement, values)
            while (row := cursor.fetchone()) is not None:
                yield row
        except UNREADABLE:
            return
        self._ended = True

    def _told(self, table: Table, row: Row) -> Row:
        if self._garbled:
            self._garbled = False
            self.lose(table.name, f"row {row[0]} has text that is no UTF-8; what cannot be read of it is marked �")
        return row

    def _lose_some(self, table: Table, statement: str, last: int | None) -> Row | None:
        """Note a gap, and return the first row after it; None where nothing comes any more."""
        after = _FIRST if last is None else last
        found = _first_that_works(lambda number: self._probe(statement, number), after)
        if not found:
            what = (
                "none of its rows can be read"
                if last is None
                else f"what may come after row {last} cannot be read"
            )
            self.lose(table.name, what)
            return None
        if last is None:
            self.lose(table.name, f"the rows before {found[0]} cannot be read")
        elif found[0] > last + 1:
            self.lose(table.name, f"rows {last + 1} to {found[0] - 1} cannot be read")
        return found

    def _probe(self, statement: str, number: int) -> Row | None:
        """The first row from ``number`` on: an empty one where there is none, None where it cannot be read."""
        try:
            row = self._db.execute(f"{statement} WHERE rowid >= ? ORDER BY rowid LIMIT 1", [number]).fetchone()
        except UNREADABLE:
            return None
        if row is None:
            return ()
        return tuple(row) if row[0] >= number else None  # else a page stands in another's place


def _first_that_works(probe: Callable[[int], Row | None], after: int) -> Row | None:
    """What is found from the least number beyond ``after`` from which rows can be read."""
    stride, found = 1, None
    while (start := after + stride) <= _LAST:
        found = probe(start)
        if found is not None:
            break
        stride *= 2
    low, high = after + stride // 2, start
    while low + 1 < high and found is not None:
        middle = (low + high) // 2
        nearer = probe(middle)
        low, high = (middle, high) if nearer is None else (low, middle)
        found = found if nearer is None else nearer
    return found


def wrong_time(table: Table, values: Sequence[object]) -> str:
    """The column of a row that has a time which is none; "" where there is none such."""
    for name, value in zip(table.columns, values, strict=True):
        if value is not None and (name in _TIMES or name.endswith("_at")):
            try:
                moment(str(value))
            except ValueError:
                return name
    return ""
