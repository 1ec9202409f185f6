"""A ``Document`` as bytes and back, exactly: JSON of plain lists, so that nothing but data can come out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from operator import attrgetter
from typing import Any, Final

import orjson

from state.document import (
    Block,
    Column,
    DateRole,
    Definition,
    Document,
    Link,
    Notation,
    Period,
    Role,
    Span,
    StatedDate,
    Table,
    Value,
    Where,
)

_NOWHERE: Final = Where()
_WHERE: Final = attrgetter("sheet", "page", "table", "column", "row", "section")


def encode(document: Document) -> bytes | None:
    """The document as bytes; None where JSON cannot hold it: lone surrogates, infinities, huge integers."""
    if not all(_representable(table.rows) for table in document.tables):
        return None
    try:
        return orjson.dumps(_document(document))
    except (orjson.JSONEncodeError, RecursionError):
        return None


def decode(data: bytes) -> Document:
    """What ``encode`` was given. Raises ValueError for bytes that it did not make."""
    try:
        return _read_document(orjson.loads(data))
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"not a document: {error}") from error


def _representable(rows: Iterable[Sequence[Value]]) -> bool:
    """Whether JSON gives every number back: it has no infinities."""
    return all(isfinite(value) for row in rows for value in row if type(value) is float)


def _document(document: Document) -> list[object]:
    return [
        document.media_type,
        document.title,
        document.headline,
        [[each.text, each.heading, each.sheet, each.page, each.kind] for each in document.blocks],
        [_table(each) for each in document.tables],
        [[each.term, each.wording, _where(each.where)] for each in document.definitions],
        [[each.text, each.url, each.heading] for each in document.links],
        [_date(each) for each in document.dates],
        dict(document.metadata),
        document.base_url,
        document.pictures,
        document.textless,
        document.ocr,
        document.remarks,
        document.language,
    ]


def _read_document(body: list[Any]) -> Document:
    media_type, title, headline, blocks, tables, definitions, links, dates, metadata, *more = body
    base_url, pictures, textless, ocr, remarks, language = more
    return Document(
        media_type=media_type,
        title=title,
        headline=headline,
        blocks=tuple(
            Block(text, tuple(heading), sheet, page, kind) for text, heading, sheet, page, kind in blocks
        ),
        tables=tuple(map(_read_table, tables)),
        definitions=tuple(Definition(term, wording, _read_where(where)) for term, wording, where in definitions),
        links=tuple(Link(text, url, tuple(heading)) for text, url, heading in links),
        dates=tuple(map(_read_date, dates)),
        metadata=metadata,
        base_url=base_url,
        pictures=tuple(pictures),
        textless=tuple(textless),
        ocr=ocr,
        remarks=tuple(remarks),
        language=language,
    )


def _table(table: Table) -> list[object]:
    return [
        table.name,
        [[each.name, each.path, _period(each.period), _notation(each.notation)] for each in table.columns],
        table.rows if isinstance(table.rows, tuple) else tuple(table.rows),
        table.row_keys,
        table.key,
        table.sheet,
        table.page,
        table.range,
        [[row, column, text] for (row, column), text in table.texts.items()],
        sorted(table.totals),
        [_period(each) for each in table.row_periods],
        table.notes,
        None if table.as_of is None else _date(table.as_of),
        table.fiscal_year,
        table.hidden,
        sorted(table.hidden_rows),
        sorted(table.hidden_columns),
        table.section,
    ]


def _read_table(body: list[Any]) -> Table:
    name, columns, rows, row_keys, key, sheet, page, range_, texts, totals, row_periods, *more = body
    notes, as_of, fiscal_year, hidden, hidden_rows, hidden_columns, section = more
    return Table(
        name=name,
        columns=tuple(
            Column(each, tuple(path), _read_period(period), _read_notation(notation))
            for each, path, period, notation in columns
        ),
        rows=tuple(map(tuple, rows)),
        row_keys=tuple(row_keys),
        key=tuple(key),
        sheet=sheet,
        page=page,
        range=range_,
        texts=_read_texts(texts),
        totals=frozenset(totals),
        row_periods=tuple(map(_read_period, row_periods)),
        notes=tuple(notes),
        as_of=None if as_of is None else _read_date(as_of),
        fiscal_year=fiscal_year,
        hidden=hidden,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        section=tuple(section),
    )


def _read_texts(texts: list[tuple[int, int, str]]) -> Mapping[tuple[int, int], str]:
    return {(row, column): text for row, column, text in texts}


def _where(where: Where) -> Sequence[object] | None:
    return None if where == _NOWHERE else _WHERE(where)


def _read_where(body: list[Any] | None) -> Where:
    return _NOWHERE if body is None else Where(*body)


def _date(stated: StatedDate) -> list[object]:
    return [stated.text, stated.date, stated.role, _where(stated.where), stated.flaw]


def _read_date(body: list[Any]) -> StatedDate:
    text, date, role, where, flaw = body
    return StatedDate(text, _read_day(date), DateRole(role), _read_where(where), flaw)


def _period(period: Period | None) -> list[object] | None:
    return None if period is None else [period.span, period.start, period.end]


def _read_period(body: list[Any] | None) -> Period | None:
    return None if body is None else Period(Span(body[0]), _read_day(body[1]), _read_day(body[2]))


_NOTATION: Final = attrgetter(*Notation.__struct_fields__)


def _notation(notation: Notation | None) -> Sequence[object] | None:
    return None if notation is None else _NOTATION(notation)


def _read_notation(body: list[Any] | None) -> Notation | None:
    if body is None:
        return None
    role, decimal, thousands, unit, marks, sentinels, *more = body
    return Notation(Role(role), decimal, thousands, unit, tuple(marks), tuple(sentinels), *more)


def _read_day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
