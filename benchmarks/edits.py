"""Edits that a press office makes on a page and on a memo in PDF: which are told, and which harmless ones are not.

    python -m benchmarks.edits [-v] [--least-page 50] [--least-memo 23]

Each edit is judged with the "updated" stamp moved and unmoved, and is right where both are: what it changed is in
a finding above ``info``, with at most two such findings; a harmless edit has none. Exit status 1 below the least.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sys
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.making import press_office_memo, press_office_page
from diffing.examination import ReleaseBytes, Request
from diffing.examine import examine
from state.contract import finding_to_json
from state.kinds import Severity
from state.model import Finding, Series, Source

MOST_LOUD = 2
"""Findings above ``info`` that one edit may raise."""

NOW = dt.datetime(2031, 5, 27, 12, tzinfo=dt.UTC)


class Verdict(NamedTuple):
    """What one edit came to; ``faults`` is empty where it is right."""

    name: str
    faults: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tally; return 1 below what was asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true", help="say what is wrong")
    parser.add_argument("--least-page", type=int, default=50)
    parser.add_argument("--least-memo", type=int, default=23)
    options = parser.parse_args(arguments)
    enough = True
    for name, verdicts, least in (
        ("page", of_page(), options.least_page),
        ("memo", of_memo(), options.least_memo),
    ):
        right = sum(not verdict.faults for verdict in verdicts)
        print(f"{name}: {right} of {len(verdicts)} edits right")
        for verdict in verdicts if options.v else ():
            for fault in verdict.faults:
                print(f"   {verdict.name}, {fault}")
        enough = enough and right >= least
    return 0 if enough else 1


def of_page() -> list[Verdict]:
    """The verdicts on all edits of the page."""
    page = press_office_page
    verdicts = []
    for edit in page.EDITS:
        after = edit.change(page.PAGE)
        if after == page.PAGE:
            raise ValueError(f"{edit.name} changes nothing")
        sides = {"stamp unmoved": after, "stamp moved": after.replace(*page.STAMP)}
        said = {
            stamp: judge(page.PAGE.encode(), side.encode(), "text/html", "page.html")
            for stamp, side in sides.items()
        }
        verdicts.append(_verdict(edit.name, edit.told, said))
    return verdicts


def of_memo() -> list[Verdict]:
    """The verdicts on all edits of the memo."""
    memo = press_office_memo
    before = memo.memo()
    verdicts = []
    for edit in memo.EDITS:
        said = {
            stamp: judge(before, memo.memo(edit, moved=moved), "application/pdf", "memo.pdf")
            for stamp, moved in (("stamp unmoved", False), ("stamp moved", True))
        }
        verdicts.append(_verdict(edit.name, edit.told, said))
    return verdicts


def judge(before: bytes, after: bytes, media_type: str, name: str) -> tuple[Finding, ...]:
    """What is said of ``after`` when it follows ``before``."""
    series = Series(name="page", title="Page")
    source = Source(id="edits", title="Edits", publisher="", url="https://wardens.example/", series=(series,))
    sides = [
        ReleaseBytes(
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            release=str(number),
            at=NOW - dt.timedelta(days=14 * (1 - number)),
            url=f"https://wardens.example/{name}",
            media_type=media_type,
        )
        for number, body in enumerate((before, after))
    ]
    return examine(
        Request(source=source, series=series, now=NOW, before=sides[0], after=sides[1], remember=False)
    ).findings


def _verdict(name: str, told: str, said: dict[str, tuple[Finding, ...]]) -> Verdict:
    faults = [(stamp, _fault(told, findings)) for stamp, findings in said.items()]
    return Verdict(name, tuple(f"{stamp}: {fault}" for stamp, fault in faults if fault))


def _fault(told: str, findings: Sequence[Finding]) -> str | None:
    loud = [each for each in findings if each.severity is not Severity.INFO]
    words = "; ".join(f"{each.severity} {each.kind}: {each.title}" for each in loud or findings)
    if not told:
        return f"said {words}" if loud else None
    held = [each for each in loud if any(part.lower() in _text(each) for part in told.split("|"))]
    if not held:
        return f"not told ({words})"
    return f"told {len(loud)} times ({words})" if len(loud) > MOST_LOUD else None


def _text(finding: Finding) -> str:
    return str(finding_to_json(finding)).lower()


if __name__ == "__main__":
    sys.exit(main())
