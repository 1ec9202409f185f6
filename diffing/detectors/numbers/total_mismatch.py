"""``total-mismatch``: parts no longer add up to their stated total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, TablePair
from diffing.grounds.figures import is_number, tidy, where_is
from diffing.grounds.sums import MOST_SLACK, Promise, column_promises, miss, row_promises, slack
from diffing.grounds.wording import number, place, plural, signed
from diffing.identity import column_key, row_key, table_key
from state.document import Table, Value
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "total-mismatch",
        Severity.HIGH,
        "parts no longer add up to their stated total, or tables that gave the same total no longer do",
    ),
)
RANK = 75

EXACT = 1e-6

ROUNDED = 0.5
"""Whole parts may each have been rounded by so much: a sum that misses by less tells of rounding."""

NEGLIGIBLE = 0.001
"""Share of the total below which a miss by rounding goes unsaid; a miss by one does so whatever the total."""

MEANT = 0.9
"""Share of the places where sums say something in which one must hold to be meant: others hold by chance."""

FEWEST_PLACES = 3
"""Places from which on that share is asked for."""

KEPT = 0.6
"""Share of the rows that must have a counterpart for the sums of two tables to be the same sums."""

NEAR = 0.05
"""In a first release a sum counts as meant but missed where it misses by less than this share of the total."""

FEWEST_ROUNDED, STEPS = 8, (1_000, 500, 100, 50, 10, 5)
"""Different figures of a table, all multiples of a step, for it to be rounded to it; the coarsest first."""


class _Check(NamedTuple):
    """One stated total with one guess at its parts, at one place: by how much the parts exceed it."""

    row: str
    column: str
    guess: str
    whole: float
    by: float
    holds: bool
    parts: int = 0  # how many
    promise: tuple[str, str] = ("", "")  # the total's row or column, and the guess: the same at all its places


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table whose sums held before and miss now; ``info`` for a first release that never held."""
    if evidence.comparison is not None:
        for pair in evidence.comparison.tables:
            broken = _newly_broken(pair)
            if broken:
                yield _draft(pair.after, broken, severity=None)
    elif evidence.document is not None:
        for table in evidence.document.tables:
            missed = _never_held(table)
            if missed:
                yield _draft(table, missed, severity=Severity.INFO)


def _newly_broken(pair: TablePair) -> list[_Check]:
    """The smallest miss of each total that some guess explained before and none does now.

    A table that was rebuilt keeps no promise: which of its rows are parts is then not known.
    """
    if len(pair.rows) < KEPT * max(len(pair.before.rows), len(pair.after.rows)):
        return []
    before = list(_checks(pair.before))
    meant = _meant(before)
    held: dict[tuple[str, str], set[str]] = {}
    for check in before:
        if check.holds and check.promise in meant:
            held.setdefault((check.row, check.column), set()).add(check.guess)
    firm = _firm(before)
    now: dict[tuple[str, str], list[_Check]] = {}
    for check in _checks(pair.after, kept=_kept_parts(pair)):
        if check.guess in held.get((check.row, check.column), ()) or _is_new_place(pair, check, firm):
            now.setdefault((check.row, check.column), []).append(check)
    worst = (min(checks, key=lambda check: abs(check.by)) for checks in now.values())
    broken = [check for check in worst if not check.holds and not _is_rounding(check)]
    broken = _beyond_rounding(pair, [check for check in broken if not _lost_a_part(pair, check)])
    if broken and _is_rounder(pair):
        return [check for check in broken if abs(check.by) > 2 * len(pair.after.rows)]
    return broken


def _lost_a_part(pair: TablePair, check: _Check) -> bool:
    """Whether a figure of the total's row or column is none any more: that it is withheld is told by itself."""
    return any(
        is_number(change.before)
        and not is_number(change.after)
        and check.row != pair.after.row_keys[change.row_after]
        and check.column == pair.after.columns[change.column_after].name
        for change in pair.cells
    )


def _beyond_rounding(pair: TablePair, broken: list[_Check]) -> list[_Check]:
    """Without sums that miss by no more than the rounding of a table that was rounded since the release before."""
    coarse = _coarseness(pair.after) if broken else 1
    if coarse <= 1 or coarse <= _coarseness(pair.before):
        return broken
    return [check for check in broken if abs(check.by) > coarse / 2 * (check.parts + 1)]


def _firm(checks: list[_Check]) -> set[tuple[str, str]]:
    """The promises that held at every place where they said something, and at several: those of new places too."""
    said: dict[tuple[str, str], list[bool]] = {}
    for check in checks:
        said.setdefault(check.promise, []).append(check.holds)
    return {promise for promise, held in said.items() if len(held) >= FEWEST_PLACES and all(held)}


def _is_new_place(pair: TablePair, check: _Check, firm: set[tuple[str, str]]) -> bool:
    """Whether a sum stands in a row or column that joined, of a promise that held everywhere before."""
    if check.promise not in firm:
        return False
    rows = {pair.after.row_keys[row] for row in pair.rows_added}
    columns = {pair.after.columns[column].name for column in pair.columns_added}
    return check.row in rows or check.column in columns


def _coarseness(table: Table) -> int:
    """The step to which all whole figures of a table are rounded, 1 where they are to none."""
    figures = {abs(value) for row in table.rows for value in row if is_number(value) and value}
    if len(figures) < FEWEST_ROUNDED:
        return 1
    return next((step for step in STEPS if all(figure % step == 0 for figure in figures)), 1)


def _meant(checks: list[_Check]) -> set[tuple[str, str]]:
    """The promises that hold wherever they say something: small figures add up to others here and there."""
    said: dict[tuple[str, str], list[bool]] = {}
    for check in checks:
        said.setdefault(check.promise, []).append(check.holds)
    return {
        promise for promise, held in said.items() if len(held) < FEWEST_PLACES or sum(held) >= MEANT * len(held)
    }


def _is_rounding(check: _Check) -> bool:
    """Whether a miss is no more than whole parts, each rounded, may add up to."""
    by = abs(check.by)
    return by <= 1 or (by <= ROUNDED * (check.parts + 1) and by <= NEGLIGIBLE * abs(check.whole))


class _Kept(NamedTuple):
    """Which rows and columns after stand for those that were parts before, by their place before."""

    rows: dict[int, int]
    columns: dict[int, int]
    before: Table


def _kept_parts(pair: TablePair) -> _Kept:
    return _Kept(dict(pair.rows), dict(pair.columns), pair.before)


def _is_rounder(pair: TablePair) -> bool:
    """Whether decimals went: sums then miss by rounding, which is told as that."""
    return _has_decimals(pair.before) and not _has_decimals(pair.after)


def _has_decimals(table: Table) -> bool:
    return any(is_number(value) and not float(value).is_integer() for row in table.rows for value in row)


def _never_held(table: Table) -> list[_Check]:
    """Totals that no guess explains but one nearly does."""
    at: dict[tuple[str, str], list[_Check]] = {}
    for check in _checks(table):
        at.setdefault((check.row, check.column), []).append(check)
    best = (min(checks, key=lambda check: abs(check.by)) for checks in at.values())
    return [
        check
        for check in best
        if not check.holds and not _is_rounding(check) and abs(check.by) <= NEAR * abs(check.whole)
    ]


def _checks(table: Table, *, kept: _Kept | None = None) -> Iterator[_Check]:
    """Every guess of the table at every place where it says something.

    With ``kept``, what was a part of a total before is one still, even where its figures are not figures any more.
    """
    rows_kept = _mapped(row_promises(kept.before), kept.rows) if kept else {}
    for (label, guess), promise in row_promises(table).items():
        whole = _joined(promise, rows_kept.get((label, guess)))
        for column in range(len(table.columns)):
            values = [row[column] for row in table.rows]
            yield from _check(table, whole, f"row:{guess}", values, column=column)
    columns_kept = _mapped(column_promises(kept.before), kept.columns) if kept else {}
    for (name, guess), promise in column_promises(table).items():
        whole = _joined(promise, columns_kept.get((name, guess)))
        for row in range(len(table.rows)):
            yield from _check(table, whole, f"column:{guess}", table.rows[row], row=row)


def _mapped(
    promises: Mapping[tuple[str, str], Promise], places: Mapping[int, int]
) -> dict[tuple[str, str], tuple[int, ...]]:
    """The parts of each promise before, where they stand after."""
    return {
        name: tuple(places[part] for part in promise.parts if part in places) for name, promise in promises.items()
    }


def _joined(promise: Promise, kept: tuple[int, ...] | None) -> Promise:
    return promise._replace(parts=tuple(sorted({*promise.parts, *(kept or ())} - {promise.whole})))


def _check(
    table: Table,
    promise: Promise,
    guess: str,
    values: list[Value] | tuple[Value, ...],
    *,
    row: int | None = None,
    column: int | None = None,
) -> Iterator[_Check]:
    whole, parts = values[promise.whole], [values[part] for part in promise.parts]
    by = miss(whole, parts)
    if by is None or not is_number(whole):
        return
    label = table.row_keys[promise.whole] if row is None else table.columns[promise.whole].name
    yield _Check(
        row=table.row_keys[promise.whole if row is None else row],
        column=table.columns[promise.whole if column is None else column].name,
        guess=guess,
        whole=whole,
        by=tidy(by),
        holds=abs(by) <= EXACT or (abs(by) <= MOST_SLACK and abs(by) <= slack(whole, parts)),
        parts=len(parts),
        promise=(label, guess),
    )


def _draft(table: Table, checks: list[_Check], *, severity: Severity | None) -> Draft:
    checks = sorted(checks, key=lambda check: (-abs(check.by), check.row, check.column))
    worst = checks[0]
    parts = worst.whole + worst.by
    held = "never met it in what we have" if severity else "met it in the release before"
    verb = "misses its" if len(checks) == 1 else "miss their"
    return Draft(
        kind="total-mismatch",
        title=f"{place(table)}: {worst.row}, {worst.column}: parts make {number(parts)} of {number(worst.whole)}",
        reason=f"{plural(len(checks), 'sum')} of the table {verb} stated total and {held}; "
        f"by {signed(worst.by)} at most",
        subject=(table_key(table), row_key(worst.row), column_key(worst.column)),
        where=where_is(table, column=worst.column, row=worst.row),
        items=tuple(_item(check) for check in checks),
        severity=severity,
    )


def _item(check: _Check) -> Item:
    return Item(
        row=check.row,
        column=check.column,
        difference=check.by,
        note=f"parts make {number(check.whole + check.by)}, stated {number(check.whole)}",
    )
