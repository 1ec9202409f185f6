"""The rows of a long table, held by columns: each row is made when somebody asks for it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice
from typing import Final, TypeAlias, cast, overload

from msgspec import Struct
from msgspec.structs import replace

from diffing.columnar.engine import Held, ask, column_asked, with_rows
from state.document import Value

Row: TypeAlias = tuple[Value, ...]

_FIRST: Final = 2_000
"""Rows after which whoever goes through all of them is believed to want all of them."""
_SLICES_KEPT: Final = 8
_SAMPLE: Final = 1_000
_ASKED_MOST: Final = 200_000
"""Rows that are asked for together; where more are wanted, whole columns are."""


class Kind(StrEnum):
    """How the texts of a column are read."""

    WHOLE = "whole"  # all are whole numbers as Python writes them, or blank
    DECIMAL = "decimal"  # all have a point before their decimals, or are blank
    EITHER = "either"  # all are one of both, or blank
    WORDS = "words"  # all mean themselves, or are blank
    READ = "read"  # read one by one


class Columns(Struct, frozen=True):
    """The columns of a table of the engine: how each is read, and the values of those read one by one."""

    table: Held
    count: int  # rows
    kinds: tuple[Kind, ...]
    read: Mapping[int, Sequence[Value]]  # of every column that is ``READ``
    notations: Mapping[int, str]  # of these: equal texts mean the same where they are read in one notation

    def expression(self, column: int, *, of: str = "") -> str:
        """A column's value in the words of the engine, NULL for a blank one; of ``EITHER`` as text still."""
        text = f"nullif({of}c{column}, '')"
        match self.kinds[column]:
            case Kind.WHOLE:
                return f"CAST({text} AS BIGINT)"
            case Kind.DECIMAL:
                return f"CAST({text} AS DOUBLE)"
            case _:
                return text


class ColumnarRows(Sequence[Row]):
    """Rows of a table of the engine. What is asked for often is kept; the table goes when the rows go."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._kept: dict[int, Row] = {}
        self._distinct: dict[tuple[int, ...], int] = {}
        self._slices: dict[tuple[int, int, int], tuple[Row, ...]] = {}
        self._loaded: dict[int, Sequence[Value]] = dict(columns.read)
        self._whole: list[Sequence[Value]] = []  # all columns, once all are loaded

    def __len__(self) -> int:
        return self.columns.count

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, place: int | slice) -> Row | tuple[Row, ...]:
        if isinstance(place, slice):
            return self._slice(place.indices(len(self)))
        if place < 0:
            place += len(self)
        row = self._kept.get(place)
        if row is None:
            if not 0 <= place < len(self):
                raise IndexError(place)
            row = tuple([column[place] for column in self._every()])
        return row

    def __iter__(self) -> Iterator[Row]:
        yield from self[:_FIRST]
        if len(self) > _FIRST:
            yield from islice(zip(*self._every(), strict=True), _FIRST, None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash((str(self.columns.table), len(self)))

    def __reduce__(self) -> tuple[type[tuple[Row, ...]], tuple[tuple[Row, ...]]]:
        return tuple, (tuple(self),)

    def column(self, place: int) -> Sequence[Value]:
        """The values of a column, a row each."""
        found = self._loaded.get(place)
        if found is None:
            found = self._loaded[place] = self._load(place)
        return found

    def prefetch(self, places: Iterable[int]) -> None:
        """Ask for some rows at once, before each of them is looked at by itself."""
        missing = sorted({place for place in places if place not in self._kept})
        if not missing or len(self._loaded) == len(self.columns.kinds) or len(missing) > _ASKED_MOST:
            return
        self._kept.update(self._asked(f"rowid IN (SELECT unnest({with_rows(missing)}))"))

    def distinct(self, places: Sequence[int]) -> int:
        """How many different cells, or combinations of cells, stand in some columns."""
        key = tuple(places)
        if key not in self._distinct:
            self._distinct[key] = self._count_distinct(key)
        return self._distinct[key]

    def names_rows(self, place: int) -> bool:
        """Whether the texts of a column, as they are printed, each stand in one row only."""
        return self.columns.kinds[place] in (Kind.WORDS, Kind.WHOLE) and self.distinct((place,)) == len(self)

    def _count_distinct(self, places: tuple[int, ...]) -> int:
        if any(self.columns.kinds[place] in (Kind.READ, Kind.EITHER) for place in places):
            return len(set(zip(*map(self.column, places), strict=True)))
        fields = ", ".join(self.columns.expression(place) for place in places)
        [(found,)] = ask(f"SELECT count(*) FROM (SELECT DISTINCT {fields} FROM {self.columns.table})")
        return int(found)

    def texts(self, place: int) -> list[str]:
        """The published texts of a column, a row each."""
        return column_asked(f"SELECT c{place} FROM {self.columns.table}")

    def sample_texts(self, step: int) -> list[tuple[str, ...]]:
        """The published texts of every so many rows, the first among them."""
        fields = ", ".join(f"c{place}" for place in range(len(self.columns.kinds)))
        return ask(f"SELECT {fields} FROM {self.columns.table} WHERE rowid % {step} = 0 ORDER BY rowid")

    def with_column(self, place: int, values: Sequence[Value], *, notation: str) -> ColumnarRows:
        """The same rows with a column read otherwise."""
        kinds = [Kind.READ if at == place else kind for at, kind in enumerate(self.columns.kinds)]
        return ColumnarRows(
            replace(
                self.columns,
                kinds=tuple(kinds),
                read={**self.columns.read, place: values},
                notations={**self.columns.notations, place: notation},
            )
        )

    def containing(self, place: int, word: str) -> Mapping[int, Value]:
        """Rows whose text in a column contains a word of small letters, whatever its case, with their values."""
        if self.columns.kinds[place] in (Kind.WHOLE, Kind.DECIMAL, Kind.EITHER):
            return {}
        held = f"contains(lower(c{place}), ?)"
        found = ask(f"SELECT rowid FROM {self.columns.table} WHERE {held} ORDER BY rowid", [word])
        self.prefetch(row for (row,) in found)
        return {row: self[row][place] for (row,) in found}

    def _every(self) -> list[Sequence[Value]]:
        if not self._whole:
            self._whole = [self.column(place) for place in range(len(self.columns.kinds))]
        return self._whole

    def _slice(self, bounds: tuple[int, int, int]) -> tuple[Row, ...]:
        if bounds not in self._slices:
            start, stop, step = bounds
            if step < 0 or len(range(*bounds)) > _ASKED_MOST:
                return tuple([self[place] for place in range(*bounds)])
            found = self._asked(f"rowid >= {start} AND rowid < {stop} AND (rowid - {start}) % {step} = 0")
            if len(self._slices) >= _SLICES_KEPT:
                self._slices.pop(next(iter(self._slices)))
            self._slices[bounds] = tuple(found.values())
        return self._slices[bounds]

    def _asked(self, condition: str) -> dict[int, Row]:
        """Rows by their places, in their order."""
        width = range(len(self.columns.kinds))
        read = self.columns.read
        fields = ", ".join("NULL" if place in read else self.columns.expression(place) for place in width)
        found = ask(f"SELECT rowid, {fields} FROM {self.columns.table} WHERE {condition} ORDER BY rowid")
        asked = [row for row, *_cells in found]
        columns = [[each[place + 1] for each in found] for place in width]
        for place in width:
            if self.columns.kinds[place] is Kind.READ:
                values = read[place]
                columns[place] = [values[row] for row in asked]
            elif self.columns.kinds[place] is Kind.EITHER:
                columns[place] = list(map(_figure, columns[place]))
        return dict(zip(asked, zip(*columns, strict=True), strict=True))

    def _load(self, place: int) -> Sequence[Value]:
        kind = self.columns.kinds[place]
        values: list[Value] = column_asked(f"SELECT {self.columns.expression(place)} FROM {self.columns.table}")
        if kind is Kind.EITHER:
            return list(map(_figure, values))
        if kind is Kind.WORDS and len(set(values[:_SAMPLE])) < _SAMPLE // 2:
            known: dict[Value, Value] = {}
            return [known.setdefault(value, value) for value in values]
        if kind is Kind.WORDS or None in values:
            return values
        return cast("Sequence[Value]", array("q" if kind is Kind.WHOLE else "d", values))


def _figure(text: Value) -> Value:
    return None if text is None else float(text) if "." in str(text) else int(text)


def column_of(rows: Sequence[Sequence[Value]], place: int) -> Sequence[Value]:
    """The values of one column of rows, whichever way these are held."""
    return rows.column(place) if isinstance(rows, ColumnarRows) else [row[place] for row in rows]


def prefetch(rows: Sequence[Sequence[Value]], places: Iterable[int]) -> None:
    """Say which rows are going to be looked at; nothing where they are there already."""
    if isinstance(rows, ColumnarRows):
        rows.prefetch(places)
