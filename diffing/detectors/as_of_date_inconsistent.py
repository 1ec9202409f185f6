"""``as-of-date-inconsistent``: dates stated inside one release contradict each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from diffing.dates import find_dates, find_fiscal_year
from diffing.facts import Draft, Evidence
from diffing.phrases import mask
from diffing.wording import shorten
from state.document import DateRole, Document, StatedDate, Where
from state.model import Item

KINDS = ("as-of-date-inconsistent",)
RANK = 76

MOST_DRIFT = 10
"""Days by which the distance between two stated dates may differ from what it was before."""

_SPEAKING = frozenset({DateRole.AS_OF, DateRole.DATA_THROUGH})


class Contradiction(NamedTuple):
    """Two statements that cannot both hold."""

    key: str  # what is stated, figures and dates masked: the same next time
    stated: str
    against: str
    where: Where


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release with every contradiction that the release before had not."""
    if evidence.document is None:
        return
    before = evidence.comparison.before if evidence.comparison else None
    known = {found.key for found in _impossible_years(before)} if before else set()
    found = [each for each in _impossible_years(evidence.document) if each.key not in known]
    if before:
        found += _drifted(before, evidence.document)
    if found:
        yield _draft(found)


def _impossible_years(document: Document) -> Iterator[Contradiction]:
    """Statements about a fiscal year whose data are said to end before that year began."""
    for block in document.blocks:
        year = find_fiscal_year(block.text)
        if year is None:
            continue
        where = Where(sheet=block.sheet, page=block.page, section=" / ".join(block.heading) or None)
        begins = dt.date(year - 1, 10, 1)
        for stated in find_dates(block.text, where=where):
            if stated.role in _SPEAKING and stated.date and not stated.flaw and stated.date < begins:
                yield Contradiction(
                    key=f"{year} {mask(block.text)}",
                    stated=shorten(block.text, limit=160),
                    against=f"fiscal year {year} began on {begins.isoformat()}",
                    where=where,
                )


def _drifted(before: Document, after: Document) -> Iterator[Contradiction]:
    """Statements whose distance to the document's own as-of date is not what it was."""
    main_before, main_after = before.as_of, after.as_of
    if not main_before or not main_after or not main_before.date or not main_after.date:
        return
    earlier = dict(_lags(before, main_before.date))
    for key, (stated, lag) in _lags(after, main_after.date):
        if key not in earlier or stated is main_after:
            continue
        if abs(lag - earlier[key][1]) > MOST_DRIFT and lag > MOST_DRIFT:
            yield Contradiction(
                key=key,
                stated=f"{shorten(stated.text, limit=80)} ({stated.date})",
                against=f"{shorten(main_after.text, limit=80)} ({main_after.date})",
                where=stated.where,
            )


def _lags(document: Document, main: dt.date) -> list[tuple[str, tuple[StatedDate, int]]]:
    """Days from the main date to every other readable statement, by what it is about."""
    return [
        (
            f"{stated.role} {stated.where.sheet} {stated.where.table} {mask(stated.text)}",
            (stated, (stated.date - main).days),
        )
        for stated in document.dates
        if stated.role in _SPEAKING and stated.date is not None and stated.flaw is None
    ]


def _draft(found: list[Contradiction]) -> Draft:
    first = found[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return Draft(
        kind="as-of-date-inconsistent",
        title=f"Dates contradict each other: “{shorten(first.stated, limit=60)}” against {first.against}{more}",
        reason=f"{first.stated}, against {first.against}; the release before did not say so",
        subject=(first.key,),
        where=first.where,
        items=tuple(Item(text=each.stated, note=f"against {each.against}") for each in found),
    )
