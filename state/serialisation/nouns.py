"""Nouns to stored bytes and back: facts of releases, findings, captures, releases."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
import zstandard

from state.blobs.compression import MARK, SKELETON
from state.contract import finding_from_json, finding_to_json
from state.document import DateRole, Definition, StatedDate, Value, Where
from state.model import Finding, ReleaseFacts, TableFacts

_PLACES = Where.__struct_fields__

_LEVEL = 3  # small JSON written once a release: speed counts more than the last byte


class _Local(threading.local):
    """A compressor and decompressors for each thread: costly to make, and not to be shared."""

    def __init__(self) -> None:
        skeleton = zstandard.ZstdCompressionDict(SKELETON, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
        self.compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=skeleton, write_checksum=True)
        self.decompressor = zstandard.ZstdDecompressor(dict_data=skeleton)
        self.plain = zstandard.ZstdDecompressor()


_zstandard = _Local()


def storable(text: str) -> str:
    """``text`` as SQLite can hold it: lone surrogates, which broken documents may have, are spelt out."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def digest_of(values: Sequence[object]) -> bytes:
    """SHA-256 by which a row of plain values is known again."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def pack(body: object) -> bytes:
    """Plain data as compressed JSON."""
    return pack_bytes(to_json(body))


def pack_bytes(data: bytes) -> bytes:
    """Bytes that are already JSON, compressed."""
    return MARK + _zstandard.compressor.compress(data)


def unpack_bytes(data: bytes) -> bytes:
    """What ``pack_bytes`` was given."""
    if data.startswith(MARK):
        return _zstandard.decompressor.decompress(memoryview(data)[1:])
    return _zstandard.plain.decompress(data)


def unpack(data: bytes) -> Any:  # noqa: ANN401 - JSON is what it is
    """What ``pack`` was given, tuples as lists."""
    return json.loads(unpack_bytes(data).decode("utf-8", "surrogatepass"))


def to_json(body: object) -> bytes:
    """Plain data as JSON. What the quick way does not take (lone surrogates, huge numbers) goes the slow one."""
    try:
        return orjson.dumps(body, option=orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME)
    except orjson.JSONEncodeError:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def pack_finding(finding: Finding) -> bytes:
    """A finding in the contract's JSON, compressed."""
    return pack(finding_to_json(finding))


def unpack_finding(data: bytes) -> Finding:
    """What ``pack_finding`` was given."""
    return finding_from_json(unpack(data))


def pack_head(facts: ReleaseFacts) -> bytes:
    """Everything of a release's facts but its tables and definitions."""
    return pack(
        {
            "sha256": facts.sha256,
            "url": facts.url,
            "title": facts.title,
            "as_of": None if facts.as_of is None else _date(facts.as_of),
            "dates": [_date(stated) for stated in facts.dates],
            "content": facts.content,
            "measures": dict(facts.measures),
            **({"turned": facts.turned} if facts.turned else {}),
        }
    )


def pack_definitions(facts: ReleaseFacts) -> bytes:
    """The definitions of a release: apart, because they are long and a round without a release needs none."""
    return pack(
        [{"term": each.term, "wording": each.wording, "where": _where(each.where)} for each in facts.definitions]
    )


def unpack_definitions(data: bytes | None) -> tuple[Definition, ...]:
    """What ``pack_definitions`` was given; none for None."""
    found = [] if data is None else unpack(data)
    return tuple(Definition(each["term"], each["wording"], Where(**each["where"])) for each in found)


def unpack_head(
    data: bytes,
    *,
    release: str,
    at: dt.datetime,
    tables: Sequence[TableFacts] = (),
    definitions: bytes | None = None,
) -> ReleaseFacts:
    """The facts that ``pack_head`` wrote, with tables and packed definitions as given."""
    body = unpack(data)
    return ReleaseFacts(
        release=release,
        at=at,
        sha256=body["sha256"],
        url=body["url"],
        title=body["title"],
        as_of=None if body["as_of"] is None else _read_date(body["as_of"]),
        dates=tuple(_read_date(each) for each in body["dates"]),
        tables=tuple(tables),
        definitions=unpack_definitions(definitions),
        content=body["content"],
        measures=body["measures"],
        turned=tuple(body.get("turned", ())),
    )


def unpack_as_of(data: bytes) -> str | None:
    """The date (ISO 8601) of which a release speaks, in what ``pack_head`` wrote."""
    stated: Mapping[str, str | None] | None = unpack(data)["as_of"]
    return None if stated is None else stated["date"]


def pack_table_head(table: TableFacts) -> bytes:
    """Everything of a table's facts but its columns, rows and values."""
    return pack(
        {
            "name": table.name,
            "sheet": table.sheet,
            "fiscal_year": table.fiscal_year,
            "as_of": None if table.as_of is None else table.as_of.isoformat(),
            "fingerprint": table.fingerprint,
            "formerly": table.formerly,
            "identity": table.identity,
            "measures": dict(table.measures),
        }
    )


def table_content(table: TableFacts) -> dict[str, object]:
    """Columns, rows and values of a table as plain data."""
    return {"columns": table.columns, "rows": table.rows, "values": table.values}


def unpack_table(key: str, *, head: bytes, content: Mapping[str, Any]) -> TableFacts:
    """The table whose head and content were packed apart."""
    body = unpack(head)
    return TableFacts(
        key=key,
        name=body["name"],
        sheet=body["sheet"],
        fiscal_year=body["fiscal_year"],
        as_of=None if body["as_of"] is None else dt.date.fromisoformat(body["as_of"]),
        fingerprint=body["fingerprint"],
        columns=tuple(content["columns"]),
        rows=tuple(content["rows"]),
        values=tuple(tuple(cast("list[Value]", row)) for row in content["values"]),
        formerly=body["formerly"],
        identity=tuple(body.get("identity", ())),
        measures=body["measures"],
    )


def _where(where: Where) -> dict[str, object]:
    return {name: value for name in _PLACES if (value := getattr(where, name)) is not None}


def _date(stated: StatedDate) -> dict[str, object]:
    return {
        "text": stated.text,
        "date": None if stated.date is None else stated.date.isoformat(),
        "role": stated.role.value,
        "where": _where(stated.where),
        "flaw": stated.flaw,
    }


def _read_date(body: Mapping[str, Any]) -> StatedDate:
    return StatedDate(
        text=body["text"],
        date=None if body["date"] is None else dt.date.fromisoformat(body["date"]),
        role=DateRole(body["role"]),
        where=Where(**body["where"]),
        flaw=body["flaw"],
    )
