"""WARC 1.1 (ISO 28500:2017): captures as records that replay byte for byte, and such files read back as captures.

What replay tools were found to need: a status line ``HTTP/1.1`` whatever was spoken; no ``Transfer-Encoding`` on
bodies that are stored de-chunked; no ``metadata`` record under the address of a capture, which would hide it; and
no 304 in a revisit, which would be shown as an empty page. Every digest is SHA-256. Records of what the archive
knows beyond HTTP have addresses of their own.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from state.model import Headers, Verdict
from state.reading.captures import Kept

SOFTWARE: Final = "release-monitor"
_IDENTICAL: Final = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_TYPES: Final = {
    "request": "application/http; msgtype=request",
    "response": "application/http; msgtype=response",
    "revisit": "application/http; msgtype=response",
}
"""By the type of a record; all others are lists of fields."""
_ORIGINAL: Final = "X-Archive-Orig-"
_NAMESPACE: Final = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 4122, for addresses


class SupportsWrite(Protocol):
    """Anything that takes bytes: a file, or a member of a zip file."""

    def write(self, data: bytes, /) -> object:
        """Take bytes."""
        ...


class Indexed(Struct, frozen=True):
    """Where a record that can be replayed stands in the file, as indexes need it."""

    url: str
    at: dt.datetime
    media_type: str  # "warc/revisit" for a revisit
    status: int
    digest: str  # "sha256:…" of the payload
    offset: int  # bytes
    length: int  # bytes, compressed
    title: str = ""


class _Payload(Struct, frozen=True):
    """A body already written, to which later records refer."""

    record: str
    url: str
    at: dt.datetime
    digest: str
    length: int
    encoding: str | None  # Content-Encoding of what was written


class WarcWriter:
    """Writes captures to ``out``, each record a gzip member of its own; ``index`` grows with every response."""

    def __init__(self, out: SupportsWrite, *, created: dt.datetime, title: str = "") -> None:
        self._out = out
        self._written = 0
        self._by_body: dict[str, _Payload] = {}
        self._by_entry: dict[int, _Payload] = {}
        self.index: list[Indexed] = []
        information = {"software": SOFTWARE, "format": "WARC File Format 1.1", "description": title}
        self._record("warcinfo", _identity("warcinfo", created.isoformat()), created, _fields(information), {})

    def write(self, kept: Kept) -> None:
        """All records of one capture: a hop a redirect, the answer or a revisit, and what the archive knows."""
        capture = kept.capture
        targets = [*(url for _, url in capture.redirects), capture.final_url][1:]
        for place, ((status, url), target) in enumerate(zip(capture.redirects, targets, strict=True)):
            self._write_hop(kept, place, status=status, url=url, target=target)
        record = None
        if capture.status is not None and not (kept.missing and not capture.body):
            record = self._write_answer(kept, capture.status)
            self._write_request(kept, record)
        self._write_knowledge(kept, record)

    def _write_hop(self, kept: Kept, place: int, *, status: int, url: str, target: str) -> None:
        """A redirect. Only its status and address were kept; the record says so."""
        headers = (
            ("Location", target),
            ("X-Release-Monitor", "of this redirect only status and address were kept"),
        )
        self._write_response(
            kept, _identity("hop", kept.entry, str(place)), url=url, status=status, headers=headers, payload=b""
        )

    def _write_answer(self, kept: Kept, status: int) -> str:
        capture = kept.capture
        record = _identity("response", kept.entry)
        found = self._by_entry.get(kept.revisits or 0) if status == 304 else self._by_body.get(kept.sha256 or "")
        if found is not None:
            self._write_revisit(kept, record, status, found)
            return record
        payload = capture.body if capture.wire is None else capture.wire
        encoded = capture.wire is not None or (capture.verdict is Verdict.TRUNCATED and not capture.memento)
        headers = _replayable(capture.headers, length=len(payload), keep_encoding=encoded)
        if status == 304:
            headers = capture.headers
        digest = self._write_response(
            kept, record, url=capture.final_url, status=status, headers=headers, payload=payload
        )
        if payload and kept.sha256 is not None:
            encoding = _value(headers, "content-encoding")
            written = _Payload(record, capture.final_url, capture.at, digest, len(payload), encoding)
            self._by_entry[kept.seq] = self._by_body[kept.sha256] = written
        return record

    def _write_response(
        self, kept: Kept, record: str, *, url: str, status: int, headers: Headers, payload: bytes
    ) -> str:
        digest = _digest(payload)
        more = {"WARC-Target-URI": url, "WARC-Payload-Digest": digest} | _peer(kept.capture.peer)
        declared = _value(kept.capture.headers, "content-length") or ""
        if kept.capture.verdict is Verdict.TRUNCATED and declared.isdecimal() and len(payload) < int(declared):
            more["WARC-Truncated"] = "disconnect"
        block = _head(status, headers) + payload
        offset, length = self._record("response", record, kept.capture.at, block, more)
        media_type = (_value(headers, "content-type") or "unk").partition(";")[0].strip() or "unk"
        title = kept.capture.link_text or kept.capture.file_name or ""
        self.index.append(Indexed(url, kept.capture.at, media_type, status, digest, offset, length, title))
        return digest

    def _write_revisit(self, kept: Kept, record: str, status: int, found: _Payload) -> None:
        capture = kept.capture
        self._by_entry[kept.seq] = found
        headers = _replayable(capture.headers, length=found.length, keep_encoding=False)
        if found.encoding is not None:
            headers = (*headers, ("Content-Encoding", found.encoding))
        more = {
            "WARC-Target-URI": capture.final_url,
            "WARC-Payload-Digest": found.digest,
            "WARC-Profile": _NOT_MODIFIED if status == 304 else _IDENTICAL,
            "WARC-Refers-To": found.record,
            "WARC-Refers-To-Target-URI": found.url,
            "WARC-Refers-To-Date": _date(found.at),
            "WARC-Truncated": "length",
        } | _peer(capture.peer)
        block = b"" if status == 304 else _head(status, headers)  # with a 304 in it, replay tools show nothing
        offset, length = self._record("revisit", record, capture.at, block, more)
        shown = 200 if status == 304 else status
        self.index.append(
            Indexed(capture.final_url, capture.at, "warc/revisit", shown, found.digest, offset, length)
        )

    def _write_request(self, kept: Kept, record: str) -> None:
        """What was asked for an answer, where that was kept."""
        capture = kept.capture
        if not capture.request:
            return
        target = urlsplit(capture.final_url)._replace(scheme="", netloc="", fragment="").geturl() or "/"
        more = {"WARC-Target-URI": capture.final_url, "WARC-Concurrent-To": record} | _peer(capture.peer)
        block = _fields_of(f"GET {target} HTTP/1.1", capture.request)
        self._record("request", _identity("request", kept.entry), capture.at, block, more)

    def _write_knowledge(self, kept: Kept, record: str | None) -> None:
        """What the archive knows of a capture beyond HTTP, under an address of its own."""
        capture = kept.capture
        known = {
            "ledger-entry": str(kept.seq),
            "ledger-entry-sha256": kept.entry,
            "source": capture.source,
            "series": capture.series,
            "url-asked": capture.url,
            "verdict": capture.verdict.value,
            "reason": capture.reason,
            "replayed-from-a-web-archive": "yes" if capture.memento else "no",
            "body-sha256": kept.sha256 or "",
            "missing": kept.missing,
            "status": str(capture.status or ""),
            "ledger-entry-text": _in_ascii(kept.text),
            "ledger-revisits": str(kept.revisits or ""),
            "headers": json.dumps(capture.headers) if capture.headers else "",
            "request": json.dumps(capture.request) if capture.request else "",
            "redirects": json.dumps(capture.redirects) if capture.redirects else "",
        }
        if capture.certificate is not None:
            known["tls-certificate-der-base64"] = base64.b64encode(capture.certificate).decode()
        more = {"WARC-Target-URI": f"urn:{SOFTWARE}:ledger:{kept.seq}"}
        if record is not None:
            more["WARC-Concurrent-To"] = record
        block = _fields({name: value for name, value in known.items() if value})
        self._record("metadata", _identity("metadata", kept.entry), capture.at, block, more)

    def _record(
        self, kind: str, record: str, at: dt.datetime, block: bytes, more: Mapping[str, str]
    ) -> tuple[int, int]:
        """Write a record; returns where it begins and its compressed length."""
        fields = {
            "WARC-Type": kind,
            "WARC-Record-ID": record,
            "WARC-Date": _date(at),
            **more,
            "WARC-Block-Digest": _digest(block),
            "Content-Type": _TYPES.get(kind, "application/warc-fields"),
            "Content-Length": str(len(block)),
        }
        head = "WARC/1.1\r\n" + "".join(f"{name}: {_line(value)}\r\n" for name, value in fields.items())
        member = gzip.compress(head.encode("utf-8", "replace") + b"\r\n" + block + b"\r\n\r\n", 9, mtime=0)
        offset = self._written
        self._out.write(member)
        self._written += len(member)
        return offset, len(member)


def write_warc(
    captures: Iterable[Kept],
    out: SupportsWrite,
    *,
    created: dt.datetime,
    title: str = "",
    progress: Callable[[int], None] | None = None,
) -> list[Indexed]:
    """Write captures as one gzipped WARC 1.1 file; returns what an index needs.

    A capture is a ``response``, or a ``revisit`` where its body stands in the file already; one that got no
    answer has only its record of what the archive knows. ``progress`` hears how many are done.
    """
    writer = WarcWriter(out, created=created, title=title)
    for done, kept in enumerate(captures, start=1):
        writer.write(kept)
        if progress is not None:
            progress(done)
    return writer.index


def _replayable(headers: Headers, *, length: int, keep_encoding: bool) -> Headers:
    """The headers as they came, but for those that would speak of other bytes than are stored."""
    told: list[tuple[str, str]] = []
    for name, value in headers:
        lower = name.lower()
        speaks_of_others = (
            lower == "transfer-encoding"
            or (lower == "content-encoding" and not keep_encoding)
            or (lower == "content-length" and value.strip() != str(length))
        )
        told.append((f"{_ORIGINAL}{name}" if speaks_of_others else name, value))
    if _value(tuple(told), "content-length") is None:
        told.append(("Content-Length", str(length)))
    return tuple(told)


def _head(status: int, headers: Headers) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return _fields_of(f"HTTP/1.1 {status} {phrase}", headers)


def _fields_of(first: str, headers: Headers) -> bytes:
    lines = [_line(first), *(f"{_line(name)}: {_line(value)}" for name, value in headers)]
    return b"".join(_raw(line) + b"\r\n" for line in lines) + b"\r\n"


def _raw(line: str) -> bytes:
    """Header bytes as they came: they were read as Latin-1."""
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")


def _line(value: str) -> str:
    return " ".join(value.splitlines())


def _fields(values: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {_line(value)}\r\n" for name, value in values.items()).encode("utf-8", "replace")


def _in_ascii(text: bytes) -> str:
    """JSON without a sign that ends a line somewhere or that UTF-8 does not have."""
    return json.dumps(json.loads(text.decode("utf-8", "surrogatepass"))) if text else ""


def _value(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _date(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _peer(peer: str | None) -> dict[str, str]:
    address = (peer or "").rpartition(":")[0].strip("[]")
    return {"WARC-IP-Address": address} if address else {}


def _identity(*parts: str) -> str:
    """A record's id: the same capture has the same one in every export."""
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, ' '.join((SOFTWARE, *parts)))}>"
