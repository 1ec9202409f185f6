"""A rectangle of records -> a table, without an object for each cell: the fast path of CSV and JSON."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct, field

from diffing.columnar.rows import ColumnarRows, column_of
from diffing.readers.statements.dates import find_fiscal_year, read_period
from diffing.readers.tables.keys import choose_key, name_rows
from diffing.readers.tables.rows import count_labels, dated_column, is_total, row_periods
from diffing.values import are_identifiers, is_identifier, normalise, read_value, tidy
from state.document import Column, ReadingHints, Table, Value

_SAMPLE: Final = 1_000
"""Rows that are looked at where all rows of a table will be alike."""
LARGE: Final = 50_000
"""From so many rows on, the published text of numbers is not kept: it would take more memory than the table."""
_REMEMBERED: Final = 200_000
_MANY: Final = 100
"""From so many texts on it pays to ask whether all are plain words."""
_FIGURES: Final = re.compile(r"(?:(?:-?+(?:0|[1-9][0-9]{0,17}+)(?:\.[0-9]++)?+)?+\n)*+")
"""Lines that ``read_value`` reads as the numbers that Python reads; blank ones too."""
_WORDS: Final = re.compile(r"(?:[A-Za-z][!-#%-~]*+(?: [!-#%-~]++)*+\n)*+")
"""Lines that ``read_value`` leaves as they are: they begin with a letter, are tidy and name no dollars."""


class ColumnReader(Struct):
    """Reads the texts of one column piece by piece. Texts that repeat become one object."""

    values: list[Value] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)  # row, published text where it says more
    identifiers: bool = False  # holds digits that are no number: "01234"
    known: dict[str, Value] = field(default_factory=dict)
    differing: dict[str, str] = field(
        default_factory=dict
    )  # text -> the same tidied, where the value prints otherwise

    def add(self, texts: Sequence[str]) -> None:
        """Read the next texts. Plain figures and words that do not repeat are recognised all at once."""
        joined = "\n".join(texts) + "\n"
        if joined.count("\n") > len(texts):
            self._add_any(texts)  # line breaks inside texts
        elif _FIGURES.fullmatch(joined):
            self._add_figures(texts, joined)
        elif len(texts) >= _MANY and len(set(texts)) == len(texts) and _WORDS.fullmatch(joined):
            self.values += texts
        else:
            self._add_any(texts)

    def _add_figures(self, texts: Sequence[str], joined: str) -> None:
        start = len(self.values)
        values = _figures(texts, points=joined.count("."))
        self.values += values
        if start < LARGE:
            early = texts[: LARGE - start]
            shown = enumerate(zip(early, map(str, values[: LARGE - start]), strict=True), start=start)
            self.texts += [(row, text) for row, (text, plain) in shown if text != plain and text]

    def _add_any(self, texts: Sequence[str]) -> None:
        if len(self.known) > _REMEMBERED:
            self.known, self.differing = {}, {}
        distinct = set(texts)
        for text in distinct.difference(self.known):
            self._read(text)
        start = len(self.values)
        self.values += map(self.known.__getitem__, texts)
        shown = {
            text: self.differing[text]
            for text in distinct.intersection(self.differing)
            if start < LARGE or isinstance(self.known[text], str)
        }
        if shown:
            self.texts += [
                (row, shown[text])
                for row, text in enumerate(texts, start=start)
                if text in shown and (row < LARGE or isinstance(self.known[text], str))
            ]

    def _read(self, text: str) -> None:
        value, clean = read_value(text), tidy(text)
        if isinstance(value, str):
            value = tidy(value)
            self.identifiers = self.identifiers or is_identifier(value)
        self.known[text] = value
        if value is not None and clean != str(value):
            self.differing[text] = clean

    def finish(self) -> list[Value]:
        """All values; where some are identifiers, whole numbers are identifiers too."""
        if self.identifiers and are_identifiers(self.values):
            return [str(value) if isinstance(value, int) else value for value in self.values]
        return self.values


def _figures(texts: Sequence[str], *, points: int) -> list[Value]:
    if points == len(texts):
        return list(map(float, texts))
    if not points and all(texts):
        return list(map(int, texts))
    return [(float(text) if "." in text else int(text)) if text else None for text in texts]


def table_of(
    names: Sequence[str],
    readers: Sequence[ColumnReader],
    *,
    hints: ReadingHints,
    title: str = "",
    paths: Sequence[tuple[str, ...]] = (),
) -> Table:
    """A table from columns that were read; all have as many values as there are rows."""
    rows = tuple(zip(*[reader.finish() for reader in readers], strict=True))
    return table_over(names, rows, readers, hints=hints, title=title, paths=paths)


def table_over(
    names: Sequence[str],
    rows: Sequence[tuple[Value, ...]],
    readers: Sequence[ColumnReader],
    *,
    hints: ReadingHints,
    title: str = "",
    paths: Sequence[tuple[str, ...]] = (),
) -> Table:
    """A table of these rows; ``readers`` know what of them was published otherwise."""
    year = find_fiscal_year(title)
    headed = name_columns(names, paths, fiscal_year=year)
    key = choose_key([column.name for column in headed], rows, hints=hints)
    labels = max(count_labels(rows[:_SAMPLE]), 1)
    dated = dated_column(rows, key)
    return Table(
        name=title,
        columns=headed,
        rows=rows,
        row_keys=name_rows(rows, key),
        key=key,
        texts={(row, index): text for index, reader in enumerate(readers) for row, text in reader.texts},
        totals=_totals(rows, min(labels, len(headed))),
        row_periods=row_periods([] if dated is None else column_of(rows, dated), year),
        fiscal_year=year,
    )


def name_columns(
    names: Sequence[str], paths: Sequence[tuple[str, ...]] = (), *, fiscal_year: int | None
) -> tuple[Column, ...]:
    """Columns under unique names: a repeated one gets " #2", a nameless one but the first its number."""
    seen: dict[str, int] = {}
    columns = []
    for index, raw in enumerate(names):
        name = tidy(raw) or (f"column {index + 1}" if index else "")
        count = seen[normalise(name)] = seen.get(normalise(name), 0) + 1
        unique = name if count == 1 else f"{name} #{count}"
        path = paths[index] if paths else (name,) if name else ()
        columns.append(Column(unique, path, read_period(path[-1], fiscal_year=fiscal_year) if path else None))
    return tuple(columns)


def _totals(rows: Sequence[tuple[Value, ...]], labels: int) -> frozenset[int]:
    found: set[int] = set()
    for place in range(labels):
        if isinstance(rows, ColumnarRows):
            found.update(row for row, value in rows.containing(place, "otal").items() if _names_total(value))
            continue
        column = column_of(rows, place)
        if "otal" in _joined({*column}).lower():
            found.update(row for row, value in enumerate(column) if _names_total(value))
    return frozenset(found)


def _joined(values: Collection[Value]) -> str:
    """The texts among ``values``, on lines."""
    try:
        return "\n".join(values)  # type: ignore[arg-type]
    except TypeError:
        return "\n".join(value for value in values if isinstance(value, str))


def _names_total(value: Value) -> bool:
    return isinstance(value, str) and "otal" in value.lower() and len(value) < 80 and is_total(value)
