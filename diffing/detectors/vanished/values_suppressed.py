"""``values-suppressed``: numbers turned into a mark, a word like "unavailable", blanks or a block of zeros."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from diffing.comparing.model import CellChange, Draft, Evidence, TablePair
from diffing.grounds.figures import as_of_date, is_number, item_of, untold_cells, where_is, year_restarted
from diffing.grounds.wording import listing, number, place, plural, shown
from diffing.identity import column_key, table_key
from diffing.values import is_suppressed, normalise
from state.kinds import Kind, Severity

KINDS = (
    Kind(
        "values-suppressed",
        Severity.CRITICAL,
        'numbers became blank, `*`, `N/A`, "unavailable", `(b)(7)(E)` or any other text that is no figure',
    ),
)
RANK = 50

LEAST_ZEROES, ALL = 4, 0.9
"""So many figures, and this share of a column's, that become zero at once are withheld, not counted."""

MANY_BLANKS = 0.5
"""Share of a column's numbers that must go before blanks without a mark count as withheld."""

MOST_MARKS = 3
"""Different texts that may come into a column at once as marks: more than these, and it holds something else."""

MOST_USUAL, USUAL = 2, 0.1
"""So many figures that get a mark which this share of their column had weigh less than figures withheld anew."""

LEAST_TEXTS = 10
"""Cells with words that must go at once, and half of their column's, before they count as withheld."""


_NOTED = re.compile(r"[-+(]?[$€£]?\d[\d,.' ]*\b((?: ?%)?(?:\W.*|[a-z]{0,2}))", re.DOTALL)
"""A figure, and what is printed behind it."""

_RANGE = re.compile(
    r"\s*(?:[-+–/<>]|\.\.)\s*\d*\s*$"
    r"|\s*(?:or|and|to|up|bis|oder|und|ou|et|a|à|o|y|e|of|en|tot|lub|i|do|and)\b.*(?:\d|fewer|less|more|under|over"
    r"|menos|más|moins|plus|weniger|mehr|meno|più|menos|mais|minder|meer|mniej|więcej)"
)
"""What follows a figure where both are a range: "1-10", "5 or fewer"."""

_NOTHING = frozenset({"null", "none", "nil", "nan", "na", "zero"})
"""Words by which a program or a clerk writes that there is nothing: of a nought, they withhold none."""

_MANY = {"number": "numbers", "entry": "entries"}


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table in which numbers were withheld."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        gone = _withheld(evidence, pair)
        if gone:
            yield _draft(pair, gone, what="number")
        words = _words_withheld(evidence, pair, told=set(gone))
        if words:
            yield _draft(pair, words, what="entry")


def _withheld(evidence: Evidence, pair: TablePair) -> list[CellChange]:
    columns: dict[int, list[CellChange]] = defaultdict(list)
    for change in untold_cells(evidence, pair):
        if is_number(change.before) and (not is_number(change.after) or change.after == 0):
            columns[change.column_after].append(change)
    restarted = year_restarted(evidence, pair)
    return [
        change
        for changes in columns.values()
        if _is_of_figures(pair, changes)
        for change in (*_marked(pair, changes), *([] if restarted else _emptied(evidence, pair, changes)))
    ]


def _is_of_figures(pair: TablePair, changes: Sequence[CellChange]) -> bool:
    """Whether a column is made of figures and marks for them: another mark in it stands for a figure too."""
    marks = {change.after for change in changes if isinstance(change.after, str)}
    values = [pair.before.rows[row][changes[0].column_before] for row, _ in pair.rows]
    words = sum(isinstance(value, str) and value not in marks and not is_suppressed(value) for value in values)
    return sum(map(is_number, values)) >= words


def _marked(pair: TablePair, changes: Sequence[CellChange]) -> list[CellChange]:
    """Figures that became a text which is none: any mark, word or range. Where many became as many different
    texts, the column holds something else now."""
    marked = [change for change in changes if isinstance(change.after, str) and _stands_for_figure(change)]
    if len({change.after for change in marked}) > max(MOST_MARKS, len(marked) / 2):
        return [change for change in marked if is_suppressed(change.after)]
    sentinels = [change for change in changes if change.after is None and _published(pair, change)]
    return marked + sentinels


def _stands_for_figure(change: CellChange) -> bool:
    """Whether the text says less than the figure did: a nought that became a dash or a word for nothing does
    not, nor does a figure with a note."""
    text = normalise(str(change.after))
    if not change.before and (not text.strip("-.– ") or text in _NOTHING):
        return False
    noted = _NOTED.fullmatch(text)
    return noted is None or bool(_RANGE.match(noted[1]))


def _published(pair: TablePair, change: CellChange) -> str:
    """What is printed in the cell now; "" in a blank one."""
    return pair.after.text_at(change.row_after, change.column_after)


def _emptied(evidence: Evidence, pair: TablePair, changes: Sequence[CellChange]) -> Iterator[CellChange]:
    """Blanks and noughts in so much of a column that they were not counted."""
    blank = [
        change
        for change in changes
        if change.after is None and not _published(pair, change) and not _is_ahead(evidence, pair, change)
    ]
    if len(blank) >= 2 and len(blank) >= MANY_BLANKS * _numbers(pair, changes[0].column_before):
        yield from blank
    zero = [change for change in changes if change.after == 0]
    if len(zero) >= LEAST_ZEROES and len(zero) >= ALL * _not_zero(pair, zero):
        yield from zero


def _words_withheld(evidence: Evidence, pair: TablePair, *, told: set[CellChange]) -> list[CellChange]:
    """Words that became blank or a mark, in columns that lost half of them at once."""
    columns: dict[int, list[CellChange]] = defaultdict(list)
    for change in untold_cells(evidence, pair):
        if change in told or not isinstance(change.before, str) or is_suppressed(change.before):
            continue
        if change.after is None or is_suppressed(change.after):
            columns[change.column_after].append(change)
    return [
        change
        for changes in columns.values()
        if len(changes) >= max(LEAST_TEXTS, MANY_BLANKS * _filled(pair, changes[0].column_before))
        for change in changes
    ]


def _filled(pair: TablePair, column: int) -> int:
    return sum(pair.before.rows[row][column] not in (None, "") for row, _ in pair.rows)


def _is_ahead(evidence: Evidence, pair: TablePair, change: CellChange) -> bool:
    """Whether the column is for a period that has not begun: a new year's months wait for their figures."""
    period = pair.after.columns[change.column_after].period
    as_of = as_of_date(evidence.comparison.after, pair.after) if evidence.comparison else None
    return period is not None and period.start is not None and as_of is not None and period.start > as_of


def _not_zero(pair: TablePair, zero: list[CellChange]) -> int:
    """Figures of a column that were not zero before."""
    column = zero[0].column_before
    return sum(is_number(value := pair.before.rows[row][column]) and value != 0 for row, _ in pair.rows)


def _numbers(pair: TablePair, column: int) -> int:
    return sum(is_number(pair.before.rows[row][column]) for row, _ in pair.rows)


def _is_usual(pair: TablePair, gone: Sequence[CellChange]) -> bool:
    """Whether a figure or two got the mark that many cells of their columns bore: small counts come and go."""
    if len(gone) > MOST_USUAL or not all(isinstance(change.after, str) for change in gone):
        return False
    return all(
        sum(pair.before.rows[row][change.column_before] == change.after for row, _ in pair.rows)
        >= USUAL * len(pair.rows)
        for change in gone
    )


def _draft(pair: TablePair, gone: list[CellChange], *, what: str) -> Draft:
    names = list(dict.fromkeys(pair.after.columns[change.column_after].name for change in gone))
    marks = Counter(_published(pair, change) or change.after for change in gone)
    mark = shown(marks.most_common(1)[0][0])
    where = f"column “{names[0]}”" if len(names) == 1 else f"columns {listing(names)}"
    return Draft(
        kind="values-suppressed",
        title=f"{plural(len(gone), what, _MANY[what])} in {where} of {place(pair.after)} became {mark}",
        reason=f"the release before gave {'a number' if len(gone) == 1 else _MANY[what]} in "
        f"{number(len({change.row_after for change in gone}))} of {plural(len(pair.rows), 'row')}",
        subject=(table_key(pair.after), column_key(names[0]) if len(names) == 1 else ""),
        where=where_is(pair.after, column=names[0] if len(names) == 1 else None),
        items=tuple(item_of(pair, change) for change in gone),
        before=gone[0].before if len(gone) == 1 else None,
        after=gone[0].after if len(gone) == 1 else None,
        severity=Severity.MEDIUM if what == "entry" or _is_usual(pair, gone) else None,
        explains=tuple(pair.cell_fact(change) for change in gone),
    )
