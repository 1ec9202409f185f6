"""Files named on the command line, as captures and editions."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from diffing.examination import ReleaseBytes
from state.document import ReadingHints, StatedDate
from state.errors import ConfigError, ReadingError
from state.model import Capture, Series, Source, Verdict
from state.sniffing import sniff

if TYPE_CHECKING:
    from diffing.workers.pool import Workers

FILES = Source(
    id="files",
    title="Files named on the command line",
    publisher="",
    url="",
    series=(Series(name="files", title="This series"),),
)
"""The source that files without one belong to: no rules, everything inferred."""

PAGES = ("text/html", "application/xhtml+xml")
"""Media types of what a page's own address answers with."""

_DATED = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?:[ _T-]?(am|pm))?", re.IGNORECASE)
_HALF_DAY = {"am": dt.timedelta(hours=9), "pm": dt.timedelta(hours=15)}


def series_of(source: Source, name: str | None, *, page: bool, path: Path) -> Series:
    """The series named, or the only one that such a file can belong to. Raises ConfigError."""
    if name is None:
        own = [series for series in source.series if series.pattern is None]
        fitting = [series for series in source.series if series.pattern is not None]
        fitting = own if page or not fitting else fitting  # what is watched may be a file by its own address
    else:
        fitting = [series for series in source.series if series.name == name]
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(series.name for series in source.series)
    raise ConfigError(f"{path}: say --series NAME; {source.id} has {names}")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises ReadingError in words where there are none."""
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        raise ReadingError(f"{path}: there is no such file") from None
    except OSError as error:
        raise ReadingError(f"{path}: cannot be read ({error.strerror})") from error
    if not body:
        raise ReadingError(f"{path}: the file is empty")
    return body


def edition_of(path: Path, *, release: str, at: dt.datetime) -> ReleaseBytes:
    """The file as an edition that a worker can read by itself. Raises ReadingError naming the file."""
    body = read_bytes(path)
    try:
        media_type = sniff(body, media_type="", file_name=path.name)
    except ReadingError as error:
        raise ReadingError(f"{path}: {error}") from error
    return ReleaseBytes(
        body=path.resolve(),
        sha256=hashlib.sha256(body).hexdigest(),
        release=release,
        at=at,
        media_type=media_type,
        file_name=path.name,
    )


def date_in_name(path: Path) -> dt.datetime | None:
    """The ISO date in a file's name ("2025-04-21am.xlsx": nine in the morning), UTC; None without one."""
    for match in _DATED.finditer(path.stem):
        try:
            day = dt.date.fromisoformat(match[1])
        except ValueError:
            continue
        moment = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
        return moment + _HALF_DAY.get((match[2] or "").lower(), dt.timedelta())
    return None


def stated_date(path: Path, *, workers: Workers) -> dt.datetime | None:
    """The as-of date that the document states, UTC; None without one. Raises ReadingError naming the file."""
    body = read_bytes(path)
    try:
        as_of = workers.run(_as_of, body, ReadingHints(file_name=path.name))
    except ReadingError as error:
        raise ReadingError(f"{path}: {error}") from error
    if as_of is None or as_of.date is None:
        return None
    return dt.datetime.combine(as_of.date, dt.time(), tzinfo=dt.UTC)


def _as_of(body: bytes, hints: ReadingHints) -> StatedDate | None:
    """The as-of date of a document; runs in a worker."""
    from diffing.extract import extract

    return extract(body, media_type="", hints=hints).as_of


def capture_of(path: Path, *, at: dt.datetime, source: Source = FILES) -> Capture:
    """The file as a capture of the first series of ``source``, as if it had been fetched at ``at``."""
    body = read_bytes(path)
    return Capture(
        source=source.id,
        series=source.series[0].name,
        url="",
        final_url="",
        at=at,
        verdict=Verdict.PRESENT,
        reason="taken from a file",
        body=body,
        media_type=sniff(body, media_type="", file_name=path.name),
        file_name=path.name,
    )
