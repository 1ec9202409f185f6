"""Header paths and rows of values -> a table: groups, keys, totals, periods, what title and notes state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from diffing.readers.statements.dates import find_dates, find_fiscal_year
from diffing.readers.tables.headers import Path, name_columns
from diffing.readers.tables.keys import choose_key, name_rows
from diffing.readers.tables.rows import (
    count_labels,
    dated_column,
    fill_down,
    group_rows,
    row_periods,
)
from diffing.readers.tables.totals import find_totals, repeats_total
from diffing.values import are_identifiers
from state.document import DateRole, ReadingHints, StatedDate, Table, Value, Where

_MENTIONS_YEAR: Final = re.compile(r"\bf\.?y\.?\s?'?\d|\bfiscal\s+years?\b", re.IGNORECASE)


class Body(Struct, frozen=True):
    """Rows of a table, and by row and column the published texts that say more than the values.

    A label that got its group's path, or that was filled down, differs from what is printed there.
    """

    rows: list[list[Value]]
    texts: dict[tuple[int, int], str]
    hidden: frozenset[int] = frozenset()  # rows that the sheet does not show


class Place(Struct, frozen=True):
    """Where in a document a table stands."""

    sheet: str | None = None
    page: int | None = None
    section: tuple[str, ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()


def settle(
    rows: list[list[Value]],
    texts: Sequence[dict[int, str]],
    *,
    printed: Sequence[list[Value]],
    indents: Sequence[int],
    spanning: Sequence[bool],
    hidden: Sequence[int] = (),
) -> Body:
    """Fill labels down and in, drop the rows that only head groups or say the total again.

    ``texts`` are the published texts that differ, ``printed`` the values before anything was filled in,
    ``indents`` and ``spanning`` as ``group_rows`` takes them; all have an entry a row.
    ``hidden`` are the rows that the sheet does not show.
    """
    _keep_identifiers(rows)
    labels = count_labels(rows)
    fill_down(rows, labels)
    idle = {id(rows[index]) for index in repeats_total(rows, labels=max(labels, 1))}
    grouped = group_rows(rows, indents=indents, spanning=spanning) if labels == 1 else rows
    if idle:
        grouped = [row for row in grouped if id(row) not in idle]
    origins = _places_in(rows, grouped)
    published = {
        (new, column): text for new, origin in enumerate(origins) for column, text in texts[origin].items()
    }
    filled = [
        column
        for column in range(max(labels, 1))
        if [row[column] for row in grouped] != [printed[origin][column] for origin in origins]
    ]
    if filled:
        published |= {
            (new, column): "" if (label := printed[origin][column]) is None else str(label)
            for new, (values, origin) in enumerate(zip(grouped, origins, strict=True))
            for column in filled
            if isinstance(values[column], str) and values[column] != printed[origin][column]
        }
    unseen = frozenset(new for new, origin in enumerate(origins) if origin in hidden) if hidden else frozenset()
    return Body(grouped, published, unseen)


def _places_in(rows: list[list[Value]], kept: list[list[Value]]) -> Sequence[int]:
    """Where among ``rows`` those stand that were kept, by identity: rows may be equal."""
    if kept is rows:
        return range(len(rows))
    index_of = {id(values): index for index, values in enumerate(rows)}
    return [index_of[id(values)] for values in kept]


def make_table(
    title: str,
    paths: Sequence[Path],
    body: Body,
    *,
    notes: tuple[str, ...] = (),
    place: Place,
    range_: str | None = None,
    hints: ReadingHints,
) -> Table:
    """The table under ``title`` whose columns have these header paths."""
    fiscal_year = _fiscal_year(title, place.sheet, notes)
    columns = name_columns(paths, fiscal_year=fiscal_year)
    rows = body.rows
    key = choose_key([column.name for column in columns], rows, hints=hints)
    labels = max(count_labels(rows), 1)
    return Table(
        name=title,
        columns=columns,
        rows=tuple(map(tuple, rows)),
        row_keys=name_rows(rows, key),
        key=key,
        sheet=place.sheet,
        page=place.page,
        range=range_,
        texts=body.texts,
        totals=find_totals(rows, labels=labels),
        row_periods=row_periods(_dates(rows, key), fiscal_year),
        notes=notes,
        as_of=_as_of(title, notes, place),
        fiscal_year=fiscal_year,
        hidden=place.hidden,
        hidden_rows=body.hidden,
        hidden_columns=place.hidden_columns,
        section=place.section,
    )


def _dates(rows: Sequence[Sequence[Value]], key: tuple[int, ...]) -> list[Value]:
    """What may date the rows; [] where no column does."""
    column = dated_column(rows, key)
    return [] if column is None else [row[column] for row in rows]


def _keep_identifiers(rows: list[list[Value]]) -> None:
    """Whole numbers beside identifiers in one column ("01234") are identifiers too."""
    for index, column in enumerate(zip(*rows, strict=True)):
        if not {str, int} <= set(map(type, column)):
            continue
        if are_identifiers(column):
            for row in rows:
                if isinstance(row[index], int):
                    row[index] = str(row[index])


def _fiscal_year(title: str, sheet: str | None, notes: Sequence[str]) -> int | None:
    """The fiscal year of the title; where the title names none at all, that of the sheet's name or the notes."""
    if (year := find_fiscal_year(title)) is not None:
        return year
    if _MENTIONS_YEAR.search(title):
        return None
    for text in (sheet or "", *notes):
        if (year := find_fiscal_year(text)) is not None:
            return year
    return None


def _as_of(title: str, notes: Sequence[str], place: Place) -> StatedDate | None:
    """The first date that title or notes give for the data."""
    where = Where(sheet=place.sheet, page=place.page, table=title or None)
    dates = [date for text in (title, *notes) for date in find_dates(text, where=where)]
    for role in (DateRole.AS_OF, DateRole.DATA_THROUGH):
        for stated in dates:
            if stated.role is role:
                return stated
    return None
