"""What an examination is given and what comes of it, without the machinery that reads and judges."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from state.document import StatedDate, Text
from state.model import Capture, Finding, History, Reading, ReleaseFacts, Series, Source
from state.series_history import PastReleases, SiblingSeries

_MEGABYTE: Final = 1_000_000
_SAMPLE: Final = 4096


class ReleaseBytes(Struct, frozen=True):
    """One release as the publisher served it. ``body`` are its bytes, or a file that holds them."""

    body: bytes | Path
    sha256: str
    release: str  # Release.id, or the ordinal where no archive is behind
    at: dt.datetime
    url: str = ""
    media_type: str = ""
    file_name: str | None = None
    reading: Reading | None = None  # what was read of it before, where that was kept

    def size_in_words(self) -> str:
        """How large it is, which can be told of what cannot be read: "194.1 MB in 3,000,001 lines"."""
        body = self.body if isinstance(self.body, bytes) else self.body.read_bytes()
        size = f"{len(body) / 1e6:,.1f} MB" if len(body) >= _MEGABYTE else f"{len(body):,} bytes"
        binary = b"\x00" in body[:_SAMPLE]
        lines = body.count(b"\n") + (not body.endswith(b"\n"))
        return size if binary else f"{size} in {lines:,} lines"


class Request(Struct, frozen=True):
    """What one examination needs; holds plain data and can be pickled.

    ``after`` is None in a round without a new release, ``before`` for the first release of a series.
    """

    source: Source
    series: Series
    now: dt.datetime
    after: ReleaseBytes | None = None
    before: ReleaseBytes | None = None
    captures: tuple[Capture, ...] = ()  # of the round, without their bytes
    history: History = field(default_factory=PastReleases)
    questioned: dt.datetime | None = None  # the look of an earlier round whose release was not believed
    found_later: frozenset[str] = frozenset()  # releases from web archives and files, which no look of ours found
    siblings: tuple[SiblingSeries, ...] = ()  # other series of the source
    remember: bool = True  # False: no later release will be judged by this one

    @property
    def bytes_in_files(self) -> int:
        """How many bytes of both releases stand in files."""
        bodies = [each.body for each in (self.before, self.after) if each is not None]
        return sum(body.stat().st_size for body in bodies if isinstance(body, Path))


class Examination(Struct, frozen=True):
    """What became of a ``Request``. Documents stay where they were read."""

    findings: tuple[Finding, ...]
    facts: ReleaseFacts | None = None
    trouble: str | None = None  # why ``after`` could not be read
    partial: bool = False  # ``after`` says that it is only a part, and was therefore not compared
    hindrance: str | None = None  # why ``before`` could not be read; ``after`` was judged as a first release
    as_of: StatedDate | None = None  # of which ``after`` speaks
    as_of_before: StatedDate | None = None
    texts: tuple[Text, ...] = ()  # of ``after``, for full-text search
    view: dict[str, object] | None = None  # the differences side by side, see diffing.comparing.side_by_side
    reading: Reading | None = None  # of ``after``, for the comparison with the next release
    question: str | None = None  # why ``after`` is not believed yet: it is no release before a later look says so
