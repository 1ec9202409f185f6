"""``rows-vanished``: rows of the release before have no counterpart, listed by name."""

from __future__ import annotations

from collections.abc import Iterator

from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.churn import Grading, amounts, is_prose, weigh_loss
from diffing.grounds.figures import numbers_in, where_is
from diffing.grounds.past import past_of
from diffing.grounds.row_names import called, items_of_rows
from diffing.grounds.wording import listing, number, place, plural, row_noun
from diffing.identity import table_key
from diffing.readers.statements.dates import find_fiscal_year
from state.formats import format_called
from state.kinds import Kind, Severity

KINDS = (
    Kind(
        "rows-vanished",
        Severity.HIGH,
        "rows are gone, listed by name; info where as many leave in ordinary releases",
        tolerances={
            "beyond": "how many times what usually leaves a table may leave it",
            "left": "per cent of a table's rows that may leave it, where no routine is known",
            "net": "per cent of its rows by which a table may shrink, where no routine is known",
            "weight": "per cent of a table's figures that the rows which leave may hold",
        },
    ),
)
RANK = 90


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table that lost rows."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        gone = [row for row in pair.rows_removed if _fact(pair, row) not in evidence.told]
        repeats = [row for row in gone if row in pair.repeats_removed]
        if repeats:
            yield _draft(pair, repeats, Grading(Severity.INFO, "they stood twice, and one of each still does"))
            gone = [row for row in gone if row not in pair.repeats_removed]
        if gone and is_prose(pair.before):
            yield _draft(
                pair, gone, Grading(Severity.INFO, "it is text set in cells; what it said is told as text")
            )
        elif gone and _moved_on(pair, gone):
            yield _draft(pair, gone, Grading(Severity.INFO, "its oldest years made room for as many newer ones"))
        elif gone and _rolled_off(evidence, pair, gone):
            yield _draft(pair, gone, Grading(Severity.INFO, "a feed keeps its newest entries only"))
        elif gone:
            yield _draft(pair, gone, weigh_loss(evidence, pair, gone, past_of(evidence, pair)))
        yield from _hidden(pair)


def _hidden(pair: TablePair) -> Iterator[Draft]:
    """Rows that the sheet showed and hides now: gone for whoever opens it, and still in the file."""
    hidden, unseen = pair.after.hidden_rows, pair.before.hidden_rows
    rows = [after for before, after in pair.rows if after in hidden and before not in unseen] if hidden else []
    if not rows or pair.after.hidden:
        return
    names = [pair.after.row_keys[row] for row in rows]
    who = f"{plural(len(names), *row_noun(pair.after))} of {place(pair.after)}"
    yield Draft(
        kind="rows-vanished",
        title=f"{who} {'is' if len(names) == 1 else 'are'} hidden now: {listing(names)}",
        reason="the sheet showed them before; what they hold is still in the file",
        subject=(table_key(pair.after), "hidden"),
        where=where_is(pair.after),
        items=items_of_rows(pair.after, rows),
        severity=Severity.MEDIUM,
    )


def _fact(pair: TablePair, row: int) -> FactKey:
    return FactKey("row-removed", pair.index, str(row))


def _rolled_off(evidence: Evidence, pair: TablePair, gone: list[int]) -> bool:
    """Whether the rows stood at an end of a feed, where the oldest leave; amid others one was taken out."""
    found = format_called(evidence.document.media_type) if evidence.document else None
    count, rows = len(gone), sorted(gone)
    ends = (list(range(count)), list(range(len(pair.before.rows) - count, len(pair.before.rows))))
    return found is not None and found.rolls and count < len(pair.before.rows) and rows in ends


def _moved_on(pair: TablePair, gone: list[int]) -> bool:
    """Whether the rows that left are the oldest fiscal years of a table, and as many newer ones joined."""
    left = [find_fiscal_year(pair.before.row_keys[row]) for row in gone]
    oldest = [year for year in left if year is not None]
    if len(oldest) < len(left):
        return False
    stayed = [find_fiscal_year(pair.before.row_keys[row]) for row, _ in pair.rows]
    joined = [find_fiscal_year(pair.after.row_keys[row]) for row in pair.rows_added]
    newest = max([*oldest, *(year for year in stayed if year)])
    return all(year is None or year > max(oldest) for year in stayed) and len(left) <= sum(
        year is not None and year > newest for year in joined
    )


def _largest_first(pair: TablePair, gone: list[int]) -> list[int]:
    """The rows that held most before those that held little; a list without figures keeps its order."""
    columns, rows = amounts(pair.before), pair.before.rows
    held = {row: sum(sum(numbers_in([rows[row]], column)) for column in columns) for row in gone}
    return sorted(gone, key=lambda row: -held[row])


def _reason(pair: TablePair, words: str) -> str:
    counts = f"{plural(len(pair.before.rows), 'row')} before, {number(len(pair.after.rows))} after"
    return words if counts in words else f"{words}; {counts}"


def _draft(pair: TablePair, gone: list[int], verdict: Grading) -> Draft:
    gone = _largest_first(pair, gone)
    names = [called(pair.before, row) for row in gone]
    return Draft(
        kind="rows-vanished",
        title=f"{plural(len(names), *row_noun(pair.before))} left {place(pair.before)}: {listing(names)}",
        reason=_reason(pair, verdict.words),
        subject=(table_key(pair.after),),
        where=where_is(pair.before),
        items=items_of_rows(pair.before, gone),
        severity=verdict.severity,
        explains=tuple(_fact(pair, row) for row in gone),
    )
