"""WARC files, of whatever maker, read back as captures."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from state.errors import ReadingError
from state.model import Capture, Headers
from watchers.classify.verdict import judge_answer
from watchers.fetching.response import Answer

_REDIRECTS = frozenset({"301", "302", "303", "307", "308"})
_CLOCKS = dt.timedelta(days=1)  # by which another machine's clock may be ahead
_READABLE = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


Places = dict[str, tuple[Path, int]]
"""Where the answers stand to which a revisit may refer: by each of their names the file and the offset in it."""


def read_captures(
    path: Path, *, source: str, series: str = "page", memento: bool = True, places: Places | None = None
) -> Iterator[Capture]:
    """The answers in a WARC file (gzipped or not), in its order, as captures of one source and series.

    Requests, metadata and redirects are passed over; a revisit gets the body that it refers to, if that stands
    earlier in the file, or in one of those read before with the same ``places``. ``at`` is the date of the record.
    Raises ReadingError for a file that is no WARC, that breaks off, or that bears a date to come.
    """
    places = {} if places is None else places
    now = dt.datetime.now(dt.UTC) + _CLOCKS
    try:
        with path.open("rb") as file:
            refuse_what_is_no_warc(file)
            records = ArchiveIterator(file)  # type: ignore[no-untyped-call]
            for record in whole_records(records):
                found = _read(record, records, path, places)
                if found is None:
                    continue
                capture = _capture(record, *found, source=source, series=series, memento=memento)
                if capture.at > now:
                    raise ValueError(f"a record is dated {capture.at:%Y-%m-%d}, which is to come")
                yield capture
    except OSError as error:
        raise ReadingError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (ArchiveLoadFailed, EOFError, ValueError, zlib.error) as error:
        raise ReadingError(f"{path}: is no WARC, or breaks off: {error}") from error


def find_answers(path: Path, places: Places) -> None:
    """Add to ``places`` the answers of a WARC file, for revisits in other files. Raises ReadingError."""
    for _ in read_captures(path, source="", places=places):
        pass


def refuse_what_is_no_warc(file: BinaryIO) -> None:
    """Raises ValueError; warcio takes anything for an ARC file without records."""
    start = file.read(4096)
    if start.startswith(b"\x1f\x8b"):
        start = zlib.decompressobj(wbits=zlib.MAX_WBITS + 16).decompress(start, 5)
    if not start.startswith(b"WARC/"):
        raise ValueError("it does not begin with WARC/")
    file.seek(0)


def whole_records(records: Any) -> Iterator[Any]:  # noqa: ANN401
    """The records; ValueError where the header of one breaks off, at which warcio stumbles."""
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except (AttributeError, TypeError) as error:
            raise ValueError("the header of a record breaks off") from error
        yield record


def _read(record: Any, records: Any, path: Path, places: Places) -> tuple[Headers, bytes] | None:  # noqa: ANN401 - warcio is untyped
    """Headers and decoded body of a record, None for one that is no answer."""
    if record.rec_type == "resource":
        return (("Content-Type", record.content_type or ""),), _body(record)
    if record.rec_type == "revisit":
        return _read_again(record, places)
    if record.rec_type != "response" or record.http_headers is None:
        return None
    if record.http_headers.get_statuscode() in _REDIRECTS:
        return None
    headers, body = _headers(record), _body(record)
    if body:
        offset = records.get_record_offset()
        places.update(dict.fromkeys(_names(record), (path, offset)))
    return headers, body


def _read_again(record: Any, places: Places) -> tuple[Headers, bytes] | None:  # noqa: ANN401
    """A revisit with the body it refers to, and with the headers of that where it has none of its own."""
    if record.http_headers and record.http_headers.get_statuscode() in _REDIRECTS:
        return None
    place = next((places[name] for name in _refers_to(record) if name in places), None)
    if place is None:
        return None
    path, offset = place
    with path.open("rb") as file:
        file.seek(offset)
        original = next(iter(ArchiveIterator(_Started(file))))  # type: ignore[no-untyped-call]
        return _headers(record) or _headers(original), _body(original)


def _headers(record: Any) -> Headers:  # noqa: ANN401
    told = record.http_headers.headers if record.http_headers else ()
    return tuple((str(name), str(value)) for name, value in told)


def _names(record: Any) -> list[str]:  # noqa: ANN401
    """The names under which a revisit may refer to a response, the surest first."""
    told = record.rec_headers.get_header
    names = [
        told("WARC-Record-ID"),
        f"{told('WARC-Target-URI')} {told('WARC-Date')}",
        told("WARC-Payload-Digest"),
    ]
    return [name for name in names if name]


def _refers_to(record: Any) -> list[str]:  # noqa: ANN401
    told = record.rec_headers.get_header
    names = [
        told("WARC-Refers-To"),
        f"{told('WARC-Refers-To-Target-URI')} {told('WARC-Refers-To-Date')}",
        told("WARC-Payload-Digest"),
    ]
    return [name for name in names if name]


class _Started:
    """A file whose beginning is where it stands: warcio counts from there."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._start = file.tell()

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell() - self._start


def _body(record: Any) -> bytes:  # noqa: ANN401
    told = record.http_headers.get_header("Content-Encoding") if record.http_headers else None
    encoding = (told or "").strip().lower()
    stream = record.content_stream() if encoding in _READABLE else record.raw_stream
    data: bytes = stream.read()
    while record.raw_stream.read():
        pass  # what follows the last chunk
    if record.raw_stream.limit > 0:
        raise ValueError("a record breaks off")
    return data


def _capture(
    record: Any,  # noqa: ANN401
    headers: Headers,
    body: bytes,
    *,
    source: str,
    series: str,
    memento: bool,
) -> Capture:
    url = record.rec_headers.get_header("WARC-Target-URI")
    at = dt.datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(dt.UTC)
    code = record.http_headers.get_statuscode() if record.http_headers else ""
    status = int(code) if code and code != "304" else 200  # of a revisit the body that it stands for is given
    answer = Answer(url=url, final_url=url, at=at, status=status, headers=headers, body=body)
    verdict, reason = judge_answer(answer)
    return Capture(
        source=source,
        series=series,
        url=url,
        final_url=url,
        at=at,
        verdict=verdict,
        status=status,
        reason=reason,
        headers=headers,
        body=body,
        media_type=answer.media_type,
        memento=memento,
    )
