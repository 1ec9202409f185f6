"""``as-of-date-inconsistent``: dates stated inside one release contradict each other."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.figures import moves
from diffing.grounds.passages import prose_of
from diffing.grounds.phrases import mask
from diffing.grounds.wording import shorten
from diffing.readers.statements.dates import find_dates, may_state_date
from diffing.readers.statements.periods import find_fiscal_year, fiscal_year_start
from diffing.sentences import split_sentences
from state.document import Block, DateRole, Document, StatedDate, Where
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "as-of-date-inconsistent",
        Severity.MEDIUM,
        "stated dates inside one release contradict each other or the data",
    ),
)
RANK = 70

AGREEING = 7
"""Days within which two stated dates count as one: a query is run days after the data were closed."""

MOST_DRIFT = 10
"""Days by which two stated dates that agreed may come apart."""

BEGUN = 0.6
"""Share of what it was that most figures are at most in a table that a new year began."""

MOST_WORDS = 35
"""Characters of a sentence beside its date; two of them, both dates and a count fit a title."""

_SOURCE = re.compile(r"\b(?:source|from|reports?)\b", re.IGNORECASE)
_SPEAKING = frozenset({DateRole.AS_OF, DateRole.DATA_THROUGH})


class Statement(NamedTuple):
    """A date with the sentence that states it. ``key`` is the sentence with its dates and figures masked."""

    key: str
    date: dt.date
    sentence: str
    where: Where
    heads: bool  # it speaks for what stands below it


class Contradiction(NamedTuple):
    """Two statements that cannot both hold; ``against`` is a date with its sentence, or what a year is."""

    statement: Statement
    against: Statement | str

    @property
    def told(self) -> str:
        """What stands against the statement, with as much of its sentence as a title has room for."""
        return self.against if isinstance(self.against, str) else _dated(self.against)


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement a release with every contradiction that the release before had not."""
    if evidence.document is None or _same_words(evidence.comparison):
        return
    document, statements = evidence.document, list(_statements(evidence.document))
    found = list(_impossible_years(document, statements, evidence.comparison))
    if evidence.comparison is not None:
        before = evidence.comparison.before
        statements_before = list(_statements(before))
        known = {each.statement.key for each in _impossible_years(before, statements_before)}
        found = [each for each in found if each.statement.key not in known]
        found += _drifted(_by_key(statements_before), _by_key(statements))
    if found:
        yield _draft(found, evidence.comparison)


def _same_words(comparison: Comparison | None) -> bool:
    return comparison is not None and not (comparison.dates or comparison.texts or comparison.tables)


def _impossible_years(
    document: Document, statements: Sequence[Statement], comparison: Comparison | None = None
) -> Iterator[Contradiction]:
    """Statements about a fiscal year whose data are said to end before that year began.

    A year mistyped by one is none: raised by one, it lies in its fiscal year, not after the document's own date.
    """
    for statement in statements:
        year = find_fiscal_year(statement.sentence)
        if year is None or statement.date >= fiscal_year_start(year):
            continue
        if not _year_mistyped(statement.date, year, document) and not _just_begun(comparison, year):
            yield Contradiction(
                statement, f"fiscal year {year}, which began on {fiscal_year_start(year).isoformat()}"
            )


def _just_begun(comparison: Comparison | None, year: int) -> bool:
    """Whether a table went on to that year with figures that began anew: the publisher's year starts elsewhere."""
    if comparison is None:
        return False
    for pair in comparison.tables:
        if pair.before.fiscal_year == year - 1 and pair.after.fiscal_year == year:
            lower = [move.after <= BEGUN * move.before for move in moves(pair) if move.before > 0]
            if lower and 2 * sum(lower) > len(lower):
                return True
    return False


def _year_mistyped(date: dt.date, year: int, document: Document) -> bool:
    own = document.as_of.date if document.as_of else None
    raised = date + dt.timedelta(days=365)
    return own is not None and fiscal_year_start(year) <= raised <= own + dt.timedelta(days=7)


def _statements(document: Document) -> Iterator[Statement]:
    """Every as-of and data-through date that reads, with its sentence."""
    for text, where, title in _stated(document):
        for sentence in split_sentences(text):
            for stated in find_dates(sentence, where=where):
                if stated.role in _SPEAKING and stated.date is not None and not _mistyped(stated, sentence):
                    yield Statement(f"{where.sheet} {mask(sentence)}", stated.date, sentence, where, title)


def _stated(document: Document) -> Iterator[tuple[str, Where, bool]]:
    """Paragraphs, titles of tables and cells of prose that may state a date, with their places and whether
    they head something."""
    for block in document.blocks:
        if may_state_date(block.text):
            section = " / ".join(block.heading) or None
            yield block.text, Where(sheet=block.sheet, page=block.page, section=section), _heads(block)
    for table in document.tables:
        where = Where(sheet=table.sheet, page=table.page, table=table.name or None)
        if may_state_date(table.name):
            yield table.name, where, True
        yield from ((text, where, False) for text in prose_of(table) if may_state_date(text))


def _heads(block: Block) -> bool:
    """Whether a paragraph speaks for what stands below it: a heading, or a line that says little but the date."""
    return block.kind == "heading" or len(mask(block.text).split()) <= 6


def _mistyped(stated: StatedDate, sentence: str) -> bool:
    """Whether the date is flawed by itself, other than by lying before the fiscal year of its sentence."""
    year = find_fiscal_year(sentence)
    before_year = year is not None and stated.date is not None and stated.date < fiscal_year_start(year)
    return stated.flaw is not None and not before_year


def _drifted(left: Mapping[str, Statement], right: Mapping[str, Statement]) -> Iterator[Contradiction]:
    """Statements that stood together before and are now apart, one moved and the other left behind."""
    both = [key for key in right if key in left]
    moved = [key for key in both if right[key].date > left[key].date]
    stayed = [key for key in both if right[key].date == left[key].date]
    for key in stayed:
        partner = next((other for other in moved if _left_behind(left, right, key, other)), None)
        if partner is not None:
            yield Contradiction(right[key], right[partner])


def _by_key(statements: Sequence[Statement]) -> dict[str, Statement]:
    """Statements by what they are about; those that stand in several places are left out."""
    groups: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.key].append(statement)
    return {key: group[0] for key, group in groups.items() if len({each.date for each in group}) == 1}


def _left_behind(left: Mapping[str, Statement], right: Mapping[str, Statement], key: str, other: str) -> bool:
    """Whether two statements of one sheet, a heading among them, agreed within days and no longer do.

    A source that is behind with its own date is routine, and what closes with a month waits for the next.
    """
    stays, goes = right[key], right[other]
    if stays.where.sheet != goes.where.sheet or _ends_month(stays.date):
        return False
    if _SOURCE.search(stays.sentence) or not (stays.heads or goes.heads):
        return False
    agreed = abs((left[key].date - left[other].date).days) <= AGREEING
    return agreed and (goes.date - stays.date).days > MOST_DRIFT


def _ends_month(date: dt.date) -> bool:
    return (date + dt.timedelta(days=1)).day == 1


def _dated(statement: Statement) -> str:
    """A date and the sentence that states it, so short that both dates fit a title."""
    return f"{statement.date} (“{shorten(statement.sentence, limit=MOST_WORDS)}”)"


def _draft(found: list[Contradiction], comparison: Comparison | None) -> Draft:
    first = found[0]
    stated, against = _dated(first.statement), first.told
    more = f", {len(found) - 1} more" if len(found) > 1 else ""
    dates = {each.statement.date for each in found}
    return Draft(
        kind="as-of-date-inconsistent",
        title=f"Dates contradict each other: {stated} against {against}{more}",
        reason=f"{stated} against {against}"
        + ("; the release before had no such contradiction" if comparison else ""),
        subject=(),
        where=first.statement.where,
        items=tuple(Item(text=each.statement.sentence, note=f"against {each.told}") for each in found),
        explains=tuple(
            FactKey("date", change.index)
            for change in (comparison.dates if comparison else ())
            if change.after and change.after.date in dates
        ),
    )
