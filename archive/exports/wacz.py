"""WACZ 1.1.1: a WARC with its index and list of pages in one zip file, which replay tools open as it is.

Everything is stored and not compressed, so that a reader can fetch single records out of the file
(specs.webrecorder.net/wacz/1.1.1).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from archive.exports.warc import SOFTWARE, Indexed, write_warc
from state.reading.captures import Kept

_WARC = "archive/data.warc.gz"


class _Resource(Struct, frozen=True):
    """A file in the package, as its list names it."""

    path: str
    sha256: str
    size: int  # bytes


class _Member:
    """A file of the zip while it is written; counts and digests what goes in."""

    def __init__(self, archive: zipfile.ZipFile, path: str, created: dt.datetime) -> None:
        self._path, self._size, self._digest = path, 0, hashlib.sha256()
        self._file = archive.open(zipfile.ZipInfo(path, created.timetuple()[:6]), "w", force_zip64=True)

    def write(self, data: bytes, /) -> None:
        """Take bytes."""
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def close(self) -> _Resource:
        """End the file."""
        self._file.close()
        return _Resource(self._path, self._digest.hexdigest(), self._size)


def write_wacz(
    captures: Iterable[Kept],
    target: Path,
    *,
    created: dt.datetime,
    title: str = "",
    progress: Callable[[int], None] | None = None,
) -> list[Indexed]:
    """Write captures as a WACZ file; returns its index. ``progress`` hears how many captures are done."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        member = _Member(archive, _WARC, created)
        index = write_warc(captures, member, created=created, title=title, progress=progress)
        resources = [member.close()]
        for path, data in (("indexes/index.cdx", _cdxj(index)), ("pages/pages.jsonl", _pages(index))):
            resources.append(_add(archive, path, data, created))
        package = _package(resources, created=created, title=title)
        _add(archive, "datapackage.json", package, created)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
        _add(archive, "datapackage-digest.json", _json(digest), created)
    return index


def surt(url: str) -> str:
    """The address as indexes sort it: host reversed and without ``www``, query sorted, all in lower case."""
    parts = urlsplit(url)
    if not parts.hostname:
        return url
    host = re.sub(r"^www\d*\.", "", parts.hostname.lower())
    port = parts.port
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    reversed_host = ",".join(reversed(host.split("."))) + ("" if port in (None, usual) else f":{port}")
    path = parts.path.lower()
    path = path.rstrip("/") or "/"
    query = "&".join(sorted(parts.query.lower().split("&")))
    return f"{reversed_host}){path}" + (f"?{query}" if query else "")


def _add(archive: zipfile.ZipFile, path: str, data: bytes, created: dt.datetime) -> _Resource:
    member = _Member(archive, path, created)
    member.write(data)
    return member.close()


def _cdxj(index: Sequence[Indexed]) -> bytes:
    lines = []
    for each in index:
        body = {
            "url": each.url,
            "mime": each.media_type,
            "status": str(each.status),
            "digest": each.digest,
            "length": str(each.length),
            "offset": str(each.offset),
            "filename": Path(_WARC).name,
        }
        lines.append(f"{surt(each.url)} {each.at:%Y%m%d%H%M%S} {json.dumps(body)}\n".encode())
    return b"".join(sorted(lines))


def _pages(index: Sequence[Indexed]) -> bytes:
    """Every document that was served, each time that it was another one."""
    lines = [_json({"format": "json-pages-1.0", "id": "pages", "title": "All pages"})]
    for each in index:
        if each.status == 200 and each.media_type != "warc/revisit":
            identity = hashlib.sha256(f"{each.url} {each.at}".encode()).hexdigest()[:22]
            lines.append(
                _json({"id": identity, "url": each.url, "ts": _date(each.at), "title": each.title or each.url})
            )
    return b"\n".join(lines) + b"\n"


def _package(resources: Sequence[_Resource], *, created: dt.datetime, title: str) -> bytes:
    body = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "software": SOFTWARE,
        "created": _date(created),
        "resources": [
            {
                "name": Path(each.path).name,
                "path": each.path,
                "hash": f"sha256:{each.sha256}",
                "bytes": each.size,
            }
            for each in resources
        ],
    }
    return json.dumps(body, indent=2, ensure_ascii=False).encode()


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _date(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
