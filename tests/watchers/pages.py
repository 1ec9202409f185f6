"""What the tests of watchers fetch, and how."""

from __future__ import annotations

import io
import zipfile

from state.model import Capture, Series, Source
from watchers.fetch import Fetcher

PAGE = (
    b"<!DOCTYPE html><html><head><title>Statistics</title></head>"
    b"<body><h1>Statistics</h1><p>Text.</p></body></html>"
)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


def page_source(url: str, **more: object) -> Source:
    settings = {
        "id": "x/page",
        "title": "T",
        "publisher": "P",
        "series": (Series("page", "T"),),
        "obey_robots": False,
    }
    return Source(url=url, **(settings | more))


def fetch_page(fetcher: Fetcher, url: str, **more: object) -> Capture:
    captures = fetcher.fetch(page_source(url, **more))
    assert len(captures) == 1
    return captures[0]


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>" * 50)
    return target.getvalue()
