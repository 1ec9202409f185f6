"""``cumulative-decreased`` in prose: the figure of a sentence that counts to date became smaller."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diffing.comparing.model import Comparison, Draft, Evidence
from diffing.grounds.cumulative import NO_COUNT, STOCK, YEARLY
from diffing.grounds.figures import percent_of
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import mask, without_dates
from diffing.grounds.wording import number, percentage, shorten
from diffing.readers.statements.dates import find_fiscal_year
from diffing.readers.statements.periods import fiscal_year_of
from diffing.values import normalise
from state.document import Document, Where
from state.kinds import Severity
from state.model import Item

KINDS = ("cumulative-decreased",)
RANK = 61

LEAST_SIZE, LEAST_PERCENT = 10.0, 1.0
"""A fall counts where it is both; of less, one of this share may still be a small counter."""

LEAST_STATED = 100.0
"""So large a fall counts whatever its share, since the sentence itself says that the figure is cumulative."""

_SAYS_SO = re.compile(r"\bcumulative\w*|\bto[ -]date\b|\bso far\b|\bf?ytd\b|\btotal\b.*\bsince\b")
_OF_A_YEAR = re.compile(rf"{YEARLY.pattern}|\byear\b|\bfy ?'?\d|\bthis (?:month|quarter)\b")
_FIGURE = re.compile(r"(?<![\w.,$])(\d{1,3}(?:,\d{3})+|\d+)(?![\d%]|,\d|\.\d| ?(?:%|percent))")


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a sentence that is the same but for its one figure, and says that it can only grow."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for passage in passages_of(comparison):
        if passage.key in evidence.told or not passage.before or not passage.after:
            continue
        said = _ground(passage.before, passage.after)
        if said is None or _year_turned(comparison, passage.before, passage.after):
            continue
        figures = _figure(passage.before), _figure(passage.after)
        if figures[0] is not None and figures[1] is not None and figures[1] < figures[0]:
            yield _draft(passage, said, figures[0], figures[1])


def _ground(before: str, after: str) -> str | None:
    """The words by which both sides say that the figure only grows; None for averages and stocks."""
    if mask(before) != mask(after):
        return None
    text = normalise(after)
    found = _SAYS_SO.search(text)
    if found is None or NO_COUNT.search(text) or STOCK.search(text):
        return None
    return found.group()


def _figure(text: str) -> int | None:
    """The figure of a sentence that has exactly one, dates apart."""
    found = _FIGURE.findall(without_dates(text))
    return int(found[0].replace(",", "")) if len(found) == 1 else None


def _year_turned(comparison: Comparison, before: str, after: str) -> bool:
    """Whether a count of a year began again: another year is named, or may have begun by the stated dates."""
    if not _OF_A_YEAR.search(normalise(after)):
        return False
    named = find_fiscal_year(before), find_fiscal_year(after)
    if named[0] is not None and named[1] is not None:
        return named[0] != named[1]
    years = _years(comparison.before), _years(comparison.after)
    return years[0] is not None and years[1] is not None and years[0] != years[1]


def _years(document: Document) -> tuple[int, int] | None:
    """The fiscal and the calendar year of the newest date that the document states; None where it states none."""
    dates = [stated.date for stated in document.dates if stated.date is not None]
    return (fiscal_year_of(max(dates)), max(dates).year) if dates else None


def _draft(passage: Passage, said: str, before: int, after: int) -> Draft:
    text = passage.after or ""
    fall = before - after
    share = 100 * fall / before
    return Draft(
        kind="cumulative-decreased",
        title=f"A figure to date fell from {number(before)} to {number(after)}: “{shorten(text, limit=90)}”",
        reason=f"the sentence says “{said}” and is otherwise the same; a figure to date can only grow, "
        f"this one lost {number(fall)} ({percentage(share)})",
        subject=("text", mask(text)),
        where=Where(section=passage.section or None),
        items=(
            Item(
                section=passage.section or None,
                text=text,
                before=before,
                after=after,
                difference=after - before,
                percent=percent_of(before, after),
            ),
        ),
        before=before,
        after=after,
        severity=_severity(fall, share),
        confidence=0.9,
        explains=passage.facts,
    )


def _severity(fall: int, share: float) -> Severity | None:
    if fall >= LEAST_STATED or (fall >= LEAST_SIZE and share >= LEAST_PERCENT):
        return None
    return Severity.HIGH if share >= LEAST_PERCENT else Severity.INFO
