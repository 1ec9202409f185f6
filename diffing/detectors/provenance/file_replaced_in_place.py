"""``file-replaced-in-place``: the same address, other bytes and other content, for a dated release."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.looks import carries_date, file_name, same_address
from diffing.grounds.phrases import said_differently
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (Kind("file-replaced-in-place", Severity.HIGH, "another content under the address of a dated release"),)
RANK = 70


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release whose address stood for one edition and now serves another."""
    comparison = evidence.comparison
    before, after = evidence.url_before, evidence.url_after
    if comparison is None or not before or not after or not same_address(before, after):
        return
    if evidence.sha256_before == evidence.sha256_after or not said_differently(comparison):
        return
    why = _why(evidence, comparison, after)
    if why is None:
        return
    yield Draft(
        kind="file-replaced-in-place",
        title=f"{file_name(after)} was replaced under the same address by a file with other content",
        reason=f"{why}; digest {(evidence.sha256_before or '')[:12]} became {(evidence.sha256_after or '')[:12]}",
        subject=(),
        items=(Item(url=after),),
        before=evidence.sha256_before,
        after=evidence.sha256_after,
        explains=(FactKey("silent-edit"),),
    )


def _why(evidence: Evidence, comparison: Comparison, url: str) -> str | None:
    """Why the file must not change in place; None where nothing says so."""
    if evidence.series.dated:
        return "each file of this series is a release of its own date"
    if carries_date(file_name(url)):
        return "the file name carries a date"
    if "html" in comparison.after.media_type:
        return None
    before, after = comparison.before.as_of, comparison.after.as_of
    if before and after and before.date == after.date:
        return f"both files speak as of {after.date}"
    return None
