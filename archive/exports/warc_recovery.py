"""A whole archive out of WARC files that this program wrote: every capture with what the archive knew of it.

What HTTP does not say stands in the ``metadata`` record behind each answer: the text of the capture's entry in the
chain, its headers as they came, its redirects. Where an export holds the chain from its first entry on, the new
archive has the same chain, entry by entry.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

from msgspec import Struct
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.exports.warc import SOFTWARE
from archive.exports.warc_reading import refuse_what_is_no_warc, whole_records
from state.errors import ReadingError, StoreError
from state.model import Capture, Headers, Series, Source, Verdict
from state.store import Store
from state.times import moment
from watchers.fetching.decoding import decode_body

_KNOWLEDGE: Final = f"urn:{SOFTWARE}:ledger:"
_LARGEST: Final = 2_000_000_000  # bytes of a body


class TakenBack(Struct):
    """What came back from an export."""

    captures: int = 0
    same: int = 0  # whose entry is the one that the export names
    losses: list[str] = []


class _Told(Struct, frozen=True):
    """A capture as an export has it: what the archive knew, and the bytes of its answer."""

    known: Mapping[str, str]
    payload: bytes


def recover_from_warc(
    path: Path,
    store: Store,
    *,
    sources: Mapping[str, Source],
    at: dt.datetime,
    taken: TakenBack,
    numbers: dict[int, int],
    heard: Callable[[int], None] | None = None,
) -> None:
    """Enter the captures of a WARC file into ``store``.

    ``taken`` and ``numbers`` (by entry in the export the entry here) grow: several files go on from each other.

    ``sources`` say which series a source has; one that they lack gets its series from the export, and is not for
    the public. Raises ReadingError for a file that is no WARC of this program.
    """
    found = dict(sources)
    try:
        for told in _told(path, taken):
            _take_back(told, store, found, at=at, taken=taken, numbers=numbers)
            if heard is not None:
                heard(taken.captures)
    except OSError as error:
        raise ReadingError(f"{path}: cannot be read ({error.strerror or error})") from error
    if not taken.captures:
        raise ReadingError(
            f"{path}: holds no capture that this program exported; `import SOURCE --warc` takes in those of others"
        )


def _told(path: Path, taken: TakenBack) -> Iterator[_Told]:
    """The captures of a file; where it breaks off, that is noted, and what came before stands."""
    answer: tuple[str, bytes] = ("", b"")
    with path.open("rb") as file:
        try:
            refuse_what_is_no_warc(file)
            end, records = 0, cast("Any", ArchiveIterator)(file)
            for record in whole_records(records):
                head = record.rec_headers.get_header
                if record.rec_type in ("response", "revisit"):
                    answer = (head("WARC-Record-ID"), _all_of(record))
                elif record.rec_type == "metadata" and (head("WARC-Target-URI") or "").startswith(_KNOWLEDGE):
                    known = _fields(_all_of(record))
                    yield _Told(known, answer[1] if head("WARC-Concurrent-To") == answer[0] else b"")
                records.read_to_end()
                end = records.get_record_offset() + records.get_record_length()
            if end < path.stat().st_size:
                raise ValueError(f"what stands after {end:,} bytes is no record")
        except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
            taken.losses.append(f"{path.name} breaks off after {taken.captures:,} captures: {error}")


def _all_of(record: Any) -> bytes:  # noqa: ANN401 - warcio is untyped
    data: bytes = record.raw_stream.read()
    if record.raw_stream.limit > 0:
        raise ValueError("a record breaks off")
    return data


def _fields(block: bytes) -> dict[str, str]:
    lines = block.decode("utf-8", "replace").split("\r\n")
    return {name: value for name, _, value in (line.partition(": ") for line in lines) if name}


def _take_back(
    told: _Told,
    store: Store,
    sources: dict[str, Source],
    *,
    at: dt.datetime,
    taken: TakenBack,
    numbers: dict[int, int],
) -> None:
    known = told.known
    facts = json.loads(known["ledger-entry-text"]) if "ledger-entry-text" in known else None
    if facts is None:
        taken.losses.append(
            f"entry {known.get('ledger-entry')} was exported by an earlier version, without its text"
        )
        return
    body, wire = _bytes_of(told, facts, store)
    if facts["body_sha256"] and not body:
        taken.losses.append(f"the bytes of {facts['source']}: {facts['url']} of {facts['at'][:16]}")
    source = _source_of(facts, sources)
    revisits = numbers.get(int(known["ledger-revisits"])) if known.get("ledger-revisits") else None
    head = store.take_back(source, _capture(known, facts, body, wire), revisit_of=revisits, at=at)
    numbers[int(known["ledger-entry"])] = (
        head.seq
    )  # in an archive that is made so, looks have their entries' numbers
    taken.captures += 1
    taken.same += head.entry == known["ledger-entry-sha256"]


def _source_of(facts: Mapping[str, Any], sources: dict[str, Source]) -> Source:
    """The source of a capture; of one that nobody describes, each series seen is one document."""
    name, series = facts["source"], facts["series"]
    if name not in sources:
        sources[name] = Source(id=name, title=name, publisher="", url=facts["url"], series=(), public=False)
    source = sources[name]
    if source.publisher or any(each.name == series for each in source.series):
        return source
    pattern = None if series == "page" else ".*"
    more = Series(name=series, title=series, pattern=pattern)
    sources[name] = Source(
        id=name, title=name, publisher="", url=source.url, series=(*source.series, more), public=False
    )
    return sources[name]


def _bytes_of(told: _Told, facts: Mapping[str, Any], store: Store) -> tuple[bytes, bytes | None]:
    """Body and wire bytes, each only where it has the digest that its entry names."""
    payload, wanted = told.payload, facts["body_sha256"]
    wire = payload if facts["wire_sha256"] and _sha256(payload) == facts["wire_sha256"] else None
    if wanted is None or _sha256(payload) == wanted:
        return (payload if wanted else b""), wire
    if payload:
        headers = {name.lower(): value for name, value in json.loads(told.known.get("headers", "[]"))}
        try:
            decoded = decode_body(payload, headers.get("content-encoding", ""), _LARGEST, packed=False)
        except (ValueError, OSError):
            decoded = b""
        if _sha256(decoded) == wanted:
            return decoded, wire
    try:
        return store.archive.body(wanted), wire  # a revisit: it stands in the archive already
    except StoreError:
        return b"", wire


def _capture(known: Mapping[str, str], facts: Mapping[str, Any], body: bytes, wire: bytes | None) -> Capture:
    certificate = known.get("tls-certificate-der-base64")
    return Capture(
        source=facts["source"],
        series=facts["series"],
        url=facts["url"],
        final_url=facts["final_url"],
        at=moment(facts["at"]),
        verdict=Verdict(facts["verdict"]),
        status=facts["status"],
        reason=facts["reason"],
        headers=_pairs(known.get("headers")),
        request=_pairs(known.get("request")),
        body=body,
        wire=wire,
        media_type=facts["media_type"],
        redirects=tuple((int(status), str(url)) for status, url in json.loads(known.get("redirects", "[]"))),
        peer=facts["peer"],
        certificate=base64.b64decode(certificate) if certificate else None,
        file_name=facts["file_name"],
        link_text=facts["link_text"],
        memento=bool(facts["memento"]),
        elapsed=facts["elapsed"] or 0.0,
    )


def _pairs(text: str | None) -> Headers:
    return tuple((str(name), str(value)) for name, value in json.loads(text or "[]"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
