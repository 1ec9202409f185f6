"""Markdown for the documents that benchmarks write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.peers.jobs import Report
from state.model import Finding

ROOT = Path(__file__).resolve().parents[2]


_LOOPBACK = re.compile(r"http://127\.0\.0\.1:\d+")


_DIGESTS = re.compile(r"digest [0-9a-f]{12} became [0-9a-f]{12}")


def at_the_agency(text: str) -> str:
    """A document without what is another at each run: addresses of the server, digests of workbooks just made."""
    return _DIGESTS.sub("digest … became …", _LOOPBACK.sub("https://agency.example", text))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())


def finding_line(finding: Finding) -> str:
    """A finding in a line."""
    return f"{finding.severity.value} `{finding.kind}`: {finding.title}"


def reports_in_words(reports: Sequence[Report]) -> str:
    """What a peer said, in a few words."""
    if not reports:
        return "nothing"
    alike = sorted({report.in_words() for report in reports})
    if len(reports) == 1:
        return alike[0]
    return f"{len(reports)} reports: " + "; ".join(alike[:2]) + ("; …" if len(alike) > 2 else "")


def write_document(name: str, text: str) -> Path:
    """Write a document below ``docs/`` and say where."""
    path = ROOT / "docs" / name
    path.write_text(text.rstrip() + "\n", encoding="utf-8")
    return path
