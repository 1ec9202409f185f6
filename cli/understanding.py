"""How the monitor understands a document: what names a row, what dates and counts it, and what is not sure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from diffing.readers.tables.roles import Role, roles_of
from state.document import Document, Table

_MOST_NAMED = 3
"""Columns that a doubt lists."""


class Understanding(Struct, frozen=True):
    """The parts that columns play in one table, by name, why, and what is doubtful."""

    key: tuple[str, ...] = ()
    why: str = ""
    periods: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


def understand(table: Table) -> Understanding:
    """The part of each column: key, period, measure, or stamp (the same in every row)."""
    roles = roles_of(table.rows, len(table.columns))
    names = [column.name or "(first column)" for column in table.columns]
    rest = [index for index in range(len(names)) if index not in table.key]
    return Understanding(
        key=tuple(names[index] for index in table.key),
        why=_why(table),
        periods=tuple(
            name
            for index, name in enumerate(names)
            if roles[index] is Role.PERIOD or table.columns[index].period is not None
        ),
        measures=tuple(names[index] for index in rest if roles[index] is Role.FIGURE),
        stamps=tuple(names[index] for index in rest if roles[index] is Role.CONSTANT),
        unsure=tuple(_doubts(table)),
    )


def _why(table: Table) -> str:
    count = len(table.rows)
    if not count:
        return "it has no rows"
    if not table.key:
        return "no column tells its rows apart, they are counted"
    parts = {tuple(row[index] for index in table.key) for row in table.rows}
    if len(parts) == count:
        return f"tells all {count:,} rows apart"
    return f"tells {len(parts):,} of {count:,} rows apart, the most that any columns do"


def _doubts(table: Table) -> Iterator[str]:
    if not table.name:
        yield "it has no title"
    columns = enumerate(table.columns, start=1)
    nameless = [number for number, column in columns if column.path in ((), (f"column {number}",))]
    if nameless and len(nameless) == len(table.columns):
        yield "no row was taken for its header"
    elif [number for number in nameless if number > 1]:
        numbers = ", ".join(str(number) for number in nameless[:_MOST_NAMED])
        more = f" and {len(nameless) - _MOST_NAMED} more" if len(nameless) > _MOST_NAMED else ""
        yield f"no header stands over column {numbers}{more}"
    repeated = len(table.row_keys) - len({key.partition(" #")[0] for key in table.row_keys})
    if repeated:
        yield f"{repeated:,} rows bear the key of another and are told apart by their order"
    if any(key.startswith("(blank)") for key in table.row_keys):
        yield "some row has no label"
    for column in table.columns:
        if column.notation is not None and column.notation.ambiguous:
            yield f"{column.name}: {column.notation.ambiguous}"


def doubts_of(document: Document) -> Iterator[str]:
    """What is not sure about a document as a whole."""
    if document.ocr:
        yield "the text was recognised from a picture and may be wrong"
    yield from document.remarks
    if document.as_of is None:
        yield "no date says as of when it speaks"
    for stated in document.dates:
        if stated.flaw:
            yield f"the date “{stated.text}”: {stated.flaw}"
