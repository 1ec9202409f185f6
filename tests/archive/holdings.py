"""An archive that has everything which can happen to a page, for the tests of exports."""

from __future__ import annotations

import gzip
from pathlib import Path

from state.model import Capture, Verdict
from state.store import Store
from tests.state.examples import SOURCE, capture

FILE = "https://www.example.gov/files/stats_2026.xlsx"
FIRST, SECOND = b"<p>first \xc3\xa9dition</p>" * 40, b"<p>second</p>" * 40
WORKBOOK = bytes(range(256)) * 64
MISSING = b"<p>not here</p>"

ASKED = (("Host", "www.example.gov"), ("User-Agent", "release-monitor/0.2.0"), ("Cookie", "a=b"))
_ENCODED = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
_PLAIN = (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(SECOND))), ("X-Odd", "caf\xe9"))


def captures() -> tuple[Capture, ...]:
    """A gzip answer, the same again, 304, another, a redirect, a file, trouble, a 404, the first again."""
    return (
        capture(FIRST, 0, headers=_ENCODED, wire=gzip.compress(FIRST, mtime=0), redirects=()),
        capture(FIRST, 1, headers=_ENCODED, wire=gzip.compress(FIRST, mtime=9), redirects=()),
        capture(b"", 2, verdict=Verdict.UNCHANGED, status=304, headers=(("ETag", '"1"'),), redirects=()),
        capture(SECOND, 3, headers=_PLAIN, redirects=((301, "http://www.example.gov/old"),), request=ASKED),
        capture(WORKBOOK, 4, series="statistics", url=FILE, headers=(), redirects=()),
        capture(b"", 5, verdict=Verdict.UNREACHABLE, status=None, headers=(), peer=None, redirects=()),
        capture(MISSING, 6, verdict=Verdict.GONE, status=404, redirects=()),
        capture(FIRST, 7, headers=_PLAIN[:1], redirects=()),
    )


def make_archive(path: Path) -> Path:
    """An archive of ``captures``, each a round of its own."""
    with Store(path) as store:
        for each in captures():
            store.record(SOURCE, [each])
    return path
