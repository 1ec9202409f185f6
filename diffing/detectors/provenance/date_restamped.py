"""``date-restamped``: the stated date moved, the content did not."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Comparison, DateChange, Draft, Evidence, FactKey
from diffing.grounds.accounting import losses_of
from diffing.grounds.phrases import said_differently, undated
from state.document import DateRole
from state.kinds import Kind, Severity

KINDS = (
    Kind(
        "date-restamped",
        Severity.INFO,
        "the stated date moved, the content did not; medium for the date that figures are said to be of",
    ),
)
RANK = 74

_ROLES = {
    DateRole.AS_OF: "as-of date",
    DateRole.DATA_THROUGH: "date of the data",
    DateRole.PUBLISHED: "date of publication",
    DateRole.LAST_UPDATED: "last-updated date",
}


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release, for its weightiest date: an as-of date is graver than a last-updated line."""
    comparison = evidence.comparison
    if comparison is None or said_differently(comparison):
        return
    moved = [change for change in comparison.dates if _moved(change, evidence)]
    order = list(_ROLES)
    for change in sorted(moved, key=lambda change: order.index(_role(change)))[:1]:
        before, after = change.before, change.after
        assert before is not None and after is not None
        speaks_of_data = after.role in (DateRole.AS_OF, DateRole.DATA_THROUGH)
        same = next(losses_of(comparison), None) is None
        moved_from = f"the {_ROLES[after.role]} moved from {before.date} to {after.date}"
        rest = "every figure, text and link is as it was" if same else "what else differs is furniture of the page"
        yield Draft(
            kind="date-restamped",
            title=f"{'New date, same content' if same else 'New date'}: {moved_from}",
            reason=f"“{before.text}” became “{after.text}”; {rest}",
            subject=(after.role.value,),
            where=after.where,
            before=str(before.date),
            after=str(after.date),
            severity=Severity.MEDIUM if speaks_of_data else None,
            explains=(*(FactKey("date", each.index) for each in moved), *_dated_texts(comparison)),
        )


def _dated_texts(comparison: Comparison) -> Iterator[FactKey]:
    """Sentences in which nothing but a date moved."""
    for change in comparison.texts:
        if change.before and change.after and undated(change.before) == undated(change.after):
            yield FactKey("text", change.index)


def _role(change: DateChange) -> DateRole:
    assert change.after is not None
    return change.after.role


def _moved(change: DateChange, evidence: Evidence) -> bool:
    before, after = change.before, change.after
    if before is None or after is None or FactKey("date", change.index) in evidence.told:
        return False
    return after.role in _ROLES and None not in (before.date, after.date) and before.date != after.date
