"""Pages and files that stand in place of a document, and documents that speak of the same things.

What lies in ``walls/walls`` is no document, what lies in ``walls/documents`` is one: made by us after what guards,
servers, consent tools, logins and networks send, and after what publishers write.
"""

import datetime as dt
from pathlib import Path

import pytest

from state.model import Verdict
from watchers.classify.verdict import judge_answer
from watchers.fetching.response import Answer

KEPT = Path(__file__).parent / "walls"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".gif": "image/gif",
}
PAGES = (".html", ".gif")  # what is asked for at an address without a suffix


def verdict_on(path: Path) -> tuple[Verdict, str]:
    url = f"https://agency.example/data{'' if path.suffix in PAGES else path.suffix}"
    headers = (("Content-Type", TYPES[path.suffix]),)
    at = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)
    return judge_answer(Answer(url, url, at, status=200, headers=headers, body=path.read_bytes()))


@pytest.mark.parametrize("path", sorted((KEPT / "walls").iterdir()), ids=lambda path: path.name)
def test_a_wall_is_no_document(path: Path) -> None:
    verdict, reason = verdict_on(path)
    assert not verdict.good
    assert verdict is not Verdict.GONE
    assert reason


@pytest.mark.parametrize("path", sorted((KEPT / "documents").iterdir()), ids=lambda path: path.name)
def test_a_document_is_no_wall(path: Path) -> None:
    assert verdict_on(path)[0] is Verdict.PRESENT
