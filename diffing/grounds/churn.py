"""What it means that rows left a list: judged by what the list says of itself and by what it lost before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from diffing.columnar.rows import column_of
from diffing.comparing.model import Evidence, TablePair
from diffing.grounds.cumulative import NO_COUNT, STATED
from diffing.grounds.figures import is_number, numbers_among, tolerance
from diffing.grounds.moment import is_of_the_moment
from diffing.grounds.past import ENOUGH, Past, median, routine
from diffing.grounds.wording import number, percentage, plural
from diffing.values import normalise
from state.document import Table
from state.kinds import Severity

NET, LEFT, WEIGHT = 10.0, 20.0, 1.0
"""Per cent: net loss of rows, rows that left, and their share of all figures, from which on a loss is grave."""

FEW, LIGHT = 10.0, 0.02
"""Amounts, and per cent of all amounts, below which rows that left counted single cases."""

SINGLE, HEAVY = 5, 10.0
"""The same in a table of few cases: amounts, and per cent of all, from which on they are no single cases."""

BEYOND = 1.5
"""How far beyond the most that ever left in a release a loss must be, once the routine is learnt."""

GROWING = 0.2
"""A list that lost at most this share of what joined it is one that grows."""

SAMPLE = 2_000
"""Rows that show what a column holds."""

PROSE = 80
"""Characters of the longest cell of the median row from which on a table without figures is text in cells."""

MOST_MEASURES = 60
"""Rows above which a table's rows are no measures."""

_UNIT = re.compile(
    r"\((?:in )?(?:pounds?|lbs?\.?|ounces?|oz\.?|kg|grams?|tonnes?|tons|lit(?:re|er)s?|rounds|value|days|hours"
    r"|minutes|weeks|months|years|usd|eur|gbp|dollars|euros?|pounds sterling|thousands?|millions?|[$€£%]|per ?cent"
    r"|tage|jahre|stunden|tsd\.?|mio\.?|jours|heures|ans|d[ií]as|horas|años)\)|%|\b(?:average|median|mean|rate) "
)
"""Words by which a row says what it is measured in."""

_ADDS_UP = re.compile(r"adp|\bdaily pop(?:ulation)?\b")
"""An average that is a number of people at a time: those of the rows make up that of the whole."""

_IDENTIFIER = re.compile(r"\bzip\b|\bphone\b|\bid\b|\bcode\b|(?<!fiscal )\byear\b(?! to[ -]date)|^fiscal year$|#")


class Grading(NamedTuple):
    """How grave a loss of rows is (None: the kind's own severity), and what is usual, in words."""

    severity: Severity | None
    words: str


def weigh_loss(evidence: Evidence, pair: TablePair, gone: Sequence[int], past: Past) -> Grading:
    """Grade the rows that left ``pair`` (indexes before) by the nature and the routine of the list."""
    if not pair.rows_added and _rows_are_measures(pair.before) and _sum(pair.before, gone, amounts(pair.before)):
        return Grading(Severity.MEDIUM, "each of its rows is a measure of its own, in a unit of its own")
    verdict = _weigh(evidence, pair, gone, past)
    if verdict.severity is Severity.INFO or _is_declared(evidence, pair):
        return verdict
    if _is_cumulative(pair.before):
        return verdict
    if _ran_out(pair, gone):
        return Grading(Severity.INFO, f"{verdict.words}; no row of it says 0, and others fell by as much")
    if _held_something(pair, gone):
        return verdict
    return Grading(Severity.INFO, f"{verdict.words}; those that left counted next to nothing")


def _weigh(evidence: Evidence, pair: TablePair, gone: Sequence[int], past: Past) -> Grading:
    if _is_declared(evidence, pair):
        return Grading(None, "the source file says that this list can only grow")
    if _lists_contents(pair.before):
        return Grading(Severity.INFO, "it is a list of what the file holds; what left the file is told by itself")
    if is_of_the_moment(pair.before):
        return Grading(Severity.INFO, "it is a list of what is going on now: what ended leaves it")
    left, joined = past.measures("rows.left"), past.measures("rows.joined")
    if len(left) >= ENOUGH:
        if not sum(left):
            return Grading(None, f"no row left it in {plural(len(left), 'release')} before")
        if sum(left) <= GROWING * sum(joined) and not has_amounts(pair.before):
            return Grading(
                None,
                f"it is a list that grows: {number(sum(joined))} rows joined and {number(sum(left))} left "
                f"in {plural(len(left), 'release')} before",
            )
        return _by_routine(evidence, pair, gone, past)
    if not has_amounts(pair.before) and not routine(left):
        once = f", but for {number(sum(left))} once" if sum(left) else ""
        return Grading(None, f"it is a list of names, and rows were never seen to leave it{once}")
    if _is_cumulative(pair.before):
        return Grading(None, "its figures are cumulative, so that no row can lose them")
    return _by_default(evidence, pair, gone)


def _rows_are_measures(table: Table) -> bool:
    """Whether the rows of a small table count in different units: pounds, ounces, days, per cent."""
    if len(table.rows) > MOST_MEASURES:
        return False
    units = Counter(match[0] for key in table.row_keys if (match := _UNIT.search(normalise(key))))
    return len(units) >= 2


def _lists_contents(table: Table) -> bool:
    """Whether the rows of a table name tables, charts and sheets."""
    rows = table.rows[:SAMPLE]
    named = sum(any(isinstance(value, str) and _PART.match(value) for value in row) for row in rows)
    return bool(rows) and 2 * named > len(rows)


_PART = re.compile(r"\s*(?:table|chart|figure|fig\.?|sheet|tab|annex|appendix) ?[\dA-Z]{1,3}\b", re.IGNORECASE)


def _is_declared(evidence: Evidence, pair: TablePair) -> bool:
    declared = {normalise(name) for name in evidence.rules.growing_lists}
    return "*" in declared or normalise(pair.after.name) in declared


def _is_cumulative(table: Table) -> bool:
    return any(
        STATED.search(name) and not NO_COUNT.search(name)
        for name in (normalise(column.name) for column in table.columns)
    )


def _by_routine(evidence: Evidence, pair: TablePair, gone: Sequence[int], past: Past) -> Grading:
    rates = past.rates("rows.left")
    most = routine([left for left, _ in rates])
    ordinary = number(median([left for left, _ in rates]))
    words = (
        f"{number(len(gone))} of {plural(len(pair.before.rows), 'row')} left, usually {ordinary} "
        f"in an ordinary release and hardly more than {number(most)}"
    )
    factor = tolerance(evidence, "rows-vanished.beyond", BEYOND)
    if len(gone) > max(factor * most * _patience(evidence, rates), 2.0):
        return Grading(None, words)
    weight = weight_of(pair, gone)
    known = routine(past.measures("rows.left.weight"))
    if weight >= tolerance(evidence, "rows-vanished.weight", WEIGHT) and weight > factor * known:
        return Grading(None, f"{words}, holding {percentage(weight)} of all figures (at most {percentage(known)})")
    return Grading(Severity.INFO, words)


def _patience(evidence: Evidence, rates: Sequence[tuple[float, float]]) -> float:
    """How many times the usual interval lay between the releases: a longer one lets more rows leave."""
    releases = evidence.history.releases()
    intervals = sorted(days for _, days in rates if days > 0)
    if not releases or not intervals:
        return 1.0
    days = (evidence.now - releases[-1].at).total_seconds() / 86_400
    return max(1.0, days / intervals[len(intervals) // 2])


def _by_default(evidence: Evidence, pair: TablePair, gone: Sequence[int]) -> Grading:
    rows = max(1, len(pair.before.rows))
    left = 100 * len(gone) / rows
    net = 100 * (len(gone) - len(pair.rows_added)) / rows
    weight = weight_of(pair, gone)
    words = (
        f"{plural(rows, 'row')} before, {number(len(pair.after.rows))} after, {number(len(pair.rows_added))} "
        f"of them new; those that left held {percentage(weight)} of all figures"
    )
    grave = (
        net >= tolerance(evidence, "rows-vanished.net", NET)
        or left >= tolerance(evidence, "rows-vanished.left", LEFT)
        or weight >= tolerance(evidence, "rows-vanished.weight", WEIGHT)
    )
    return Grading(None if grave else Severity.INFO, words)


def _held_something(pair: TablePair, gone: Sequence[int]) -> bool:
    """Whether rows that left a table of figures counted more than single cases.

    Rows are often printed only where they are not zero.
    """
    columns = amounts(pair.before)
    held, weight = _sum(pair.before, gone, columns), weight_of(pair, gone)
    return not columns or (held >= FEW and weight >= LIGHT) or (held >= SINGLE and weight >= HEAVY)


def _ran_out(pair: TablePair, gone: Sequence[int]) -> bool:
    """Whether rows fell to nothing, where a table prints none that counts nothing: each held no more than rows
    that stayed lost, while others rose and joined."""
    columns = amounts(pair.before)
    paired = [both for both in pair.columns if both[0] in columns]
    rows = [each for each in pair.rows if each[0] not in pair.before.totals]
    if len(paired) < len(columns) or not columns or not pair.rows_added or len(rows) < len(gone):
        return False
    before = [_sum(pair.before, [row], columns) for row, _ in rows]
    after = [_sum(pair.after, [row], [column for _, column in paired]) for _, row in rows]
    held = [_sum(pair.before, [row], columns) for row in gone]
    lost = [one - other for one, other in zip(before, after, strict=True)]
    fell, rose = [each for each in lost if each > 0], [each for each in lost if each < 0]
    if min([*before, *after, *held]) <= 0 or len(fell) < len(gone) / 2 or not rose:
        return False
    return max(held) <= max(fell)


def weight_of(pair: TablePair, gone: Sequence[int]) -> float:
    """Share in per cent of the table's amounts that stood in the rows that left."""
    if not gone:
        return 0.0
    columns = amounts(pair.before)
    whole = _sum(pair.before, range(len(pair.before.rows)), columns)
    return 100 * _sum(pair.before, gone, columns) / whole if whole else 0.0


def _sum(table: Table, rows: Iterable[int], columns: Sequence[int]) -> float:
    counted = [row for row in rows if row not in table.totals]
    return float(sum(sum(map(abs, _numbers_at(table, counted, column))) for column in columns))


def _numbers_at(table: Table, rows: Sequence[int], column: int) -> Sequence[int | float]:
    cells = column_of(table.rows, column)
    return numbers_among(cells if len(rows) == len(cells) else [cells[row] for row in rows])


def has_amounts(table: Table) -> bool:
    """Whether some column of ``table`` counts something: numbers that are no identifiers or lengths of time."""
    return bool(amounts(table))


def amounts(table: Table) -> list[int]:
    """Columns that hold numbers which can be added up."""
    return [
        j
        for j, column in enumerate(table.columns)
        if j not in table.key and not _is_apart(normalise(column.name)) and _is_numeric(table, j)
    ]


def _is_apart(name: str) -> bool:
    return bool(_IDENTIFIER.search(name)) or (bool(NO_COUNT.search(name)) and not _ADDS_UP.search(name))


def _is_numeric(table: Table, column: int) -> bool:
    values = [value for row in table.rows[:SAMPLE] if (value := row[column]) is not None]
    kinds = list(map(type, values))
    numbers = sum(map(is_number, values)) if float in kinds else kinds.count(int)
    return numbers * 2 > len(values)


def is_prose(table: Table) -> bool:
    """Whether a table is text set in cells (footnotes, a glossary): its sentences are told as text."""
    if table.catalogue or has_amounts(table) or not table.rows:
        return False
    texts = [max((value for value in row if isinstance(value, str)), key=len, default="") for row in table.rows]
    longest = sorted(texts, key=len)[len(texts) // 2 :]
    return len(longest[0]) >= PROSE and 2 * sum(map(_reads_as_sentence, longest)) >= len(longest)


def _reads_as_sentence(text: str) -> bool:
    """Whether a long text is a sentence; an address is one long word, or has no words that only join others."""
    if max(map(len, text.split()), default=0) >= LONGEST_WORD:
        return False
    return text.rstrip().endswith((".", "!", "?", "。")) or len(_SMALL_WORD.findall(text)) >= FEWEST_SMALL


LONGEST_WORD, FEWEST_SMALL = 40, 2
"""A longer word is an address; a sentence has so many words that only join others."""

_SMALL_WORD = re.compile(
    r"\b(?:the|an?|of|to|in|and|or|is|are|was|for|by|on|that|with|as|not|be|de|la|les|und|der|die|el|los|del|y|et)\b",
    re.IGNORECASE,
)
