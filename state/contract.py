"""The JSON contract: findings and documents as database, command line, HTTP API and webhooks write them.

Public interface, letter for letter; ``docs/findings.schema.json`` describes it to machines. Numbers are
numbers, dates are ISO 8601, text is exactly as published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from msgspec import Struct, to_builtins

from state.document import Column, Definition, Document, Notation, StatedDate, Table, Value, Where
from state.kinds import Severity
from state.model import Finding, Item

Json: TypeAlias = Mapping[str, object]


class Side(Struct, frozen=True):
    """One of the two releases that were compared."""

    path: str | None
    sha256: str
    media_type: str
    url: str | None = None
    as_of: StatedDate | None = None
    at: dt.datetime | None = None  # when it was captured, UTC


def side_to_json(side: Side) -> dict[str, object]:
    """A release as the ``before`` or ``after`` object of the contract."""
    return {
        "path": side.path,
        "url": side.url,
        "sha256": side.sha256,
        "media_type": side.media_type,
        "as_of": None if side.as_of is None else {"text": side.as_of.text, "date": _iso(side.as_of.date)},
    }


def release_to_json(
    *, before: Side | None, after: Side, findings: Sequence[Finding], release: int | None = None
) -> dict[str, object]:
    """One line of ``replay`` or the object of ``compare``; ``release`` counts from 1, None leaves it out."""
    body: dict[str, object] = {} if release is None else {"release": release}
    body["before"] = None if before is None else side_to_json(before)
    body["after"] = side_to_json(after)
    body["findings"] = [finding_to_json(finding) for finding in findings]
    return body


def finding_to_json(finding: Finding) -> dict[str, object]:
    """A finding as an object of the contract."""
    return {
        "id": finding.id,
        "event": finding.event,
        "source": finding.source,
        "series": finding.series,
        "url": finding.url,
        "kind": finding.kind,
        "severity": finding.severity.value,
        "title": finding.title,
        "where": where_to_json(finding.where),
        "items": [item_to_json(item) for item in finding.items],
        "count": finding.count,
        "before": finding.before,
        "after": finding.after,
        "confidence": round(finding.confidence, 2),
        "reason": finding.reason,
        "cause": finding.cause,
        "explains": finding.explains,
    }


def finding_from_json(body: Json) -> Finding:
    """The finding that ``finding_to_json`` wrote. Raises KeyError or ValueError for anything else."""
    items = cast("Sequence[Json]", body["items"])
    return Finding(
        id=str(body["id"]),
        kind=str(body["kind"]),
        severity=Severity(str(body["severity"])),
        title=str(body["title"]),
        where=Where(**cast("dict[str, str | None]", body["where"])),  # type: ignore[arg-type]
        items=tuple(item_from_json(item) for item in items),
        count=cast("int", body["count"]),
        before=cast("Value", body["before"]),
        after=cast("Value", body["after"]),
        confidence=cast("float", body["confidence"]),
        reason=str(body["reason"]),
        source=cast("str | None", body["source"]),
        series=cast("str | None", body.get("series")),
        url=cast("str | None", body["url"]),
        event=cast("str | None", body.get("event")),
        cause=cast("str | None", body.get("cause")),
        explains=cast("int", body.get("explains", 0)),
    )


_ITEM_FIELDS = tuple(name for name in Item.__struct_fields__ if name != "valued")
_VALUE_FIELDS = ("before", "after", "difference", "percent")


def item_to_json(item: Item) -> dict[str, object]:
    """An item; fields that do not apply are left out, a valued item keeps its nulls."""
    body = {name: getattr(item, name) for name in _ITEM_FIELDS}
    return {
        name: value for name, value in body.items() if value is not None or (item.valued and name in _VALUE_FIELDS)
    }


def item_from_json(body: Json) -> Item:
    """The item that ``item_to_json`` wrote."""
    known = {name: value for name, value in body.items() if name in _ITEM_FIELDS}
    valued = all(name in body for name in _VALUE_FIELDS)
    return Item(**known, valued=valued)  # type: ignore[arg-type]


def where_to_json(where: Where) -> dict[str, object]:
    """A place with all six keys; those that do not apply are null."""
    return {
        "sheet": where.sheet,
        "page": where.page,
        "table": where.table,
        "column": where.column,
        "row": where.row,
        "section": where.section,
    }


def document_to_json(document: Document, *, path: str | None, sha256: str) -> dict[str, object]:
    """What the monitor sees in a document, without opinion: the object that ``read --json`` prints."""
    return {
        "path": path,
        "sha256": sha256,
        "media_type": document.media_type,
        "title": document.title,
        "headline": document.headline,
        "dates": [_date_to_json(stated) for stated in document.dates],
        "tables": [_table_to_json(table) for table in document.tables],
        "definitions": [_definition_to_json(definition) for definition in document.definitions],
        "blocks": [
            {"heading": list(block.heading), "text": block.text} | _present(sheet=block.sheet, page=block.page)
            for block in document.blocks
        ],
        "links": [{"text": link.text, "url": link.url, "heading": list(link.heading)} for link in document.links],
        "metadata": dict(document.metadata),
        "language": document.language or None,
        "remarks": list(document.remarks),
    }


def _table_to_json(table: Table) -> dict[str, object]:
    body: dict[str, object] = {
        "name": table.name,
        "sheet": table.sheet,
        "page": table.page,
        "range": table.range,
        "columns": [column.name for column in table.columns],
        "key": [table.columns[index].name for index in table.key],
        "rows": [
            [_cell_to_json(value, table.texts.get((index, column))) for column, value in enumerate(row)]
            for index, row in enumerate(table.rows)
        ],
        "row_keys": list(table.row_keys),
        "totals": sorted(table.totals),
        "notes": list(table.notes),
        "as_of": None if table.as_of is None else _date_to_json(table.as_of),
        "fiscal_year": table.fiscal_year,
        "hidden": table.hidden,
    }
    notations = {column.name: _notation(column.notation) for column in table.columns if column.notation}
    if notations:
        body["notation"] = notations
    periods = {column.name: _period(column) for column in table.columns if column.period}
    if periods:
        body["periods"] = periods
    return body


def _cell_to_json(value: Value, text: str | None) -> object:
    """The value; with the published text beside it where the two differ."""
    return value if text is None else {"value": value, "text": text}


def _notation(notation: Notation) -> dict[str, object]:
    """How a column is to be read, what does not apply left out."""
    return {name: value for name, value in to_builtins(notation).items() if value not in ("", (), [], None)}


def _period(column: Column) -> dict[str, object] | None:
    if column.period is None:
        return None
    period = column.period
    return {"span": period.span.value, "start": _iso(period.start), "end": _iso(period.end)}


def _date_to_json(stated: StatedDate) -> dict[str, object]:
    body: dict[str, object] = {
        "text": stated.text,
        "date": _iso(stated.date),
        "role": stated.role.value,
        "where": {key: value for key, value in where_to_json(stated.where).items() if value is not None},
    }
    if stated.flaw:
        body["flaw"] = stated.flaw
    return body


def _definition_to_json(definition: Definition) -> dict[str, object]:
    where = where_to_json(definition.where)
    return {
        "term": definition.term,
        "wording": definition.wording,
        "where": {key: value for key, value in where.items() if value is not None},
    }


def _iso(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()


def _present(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
