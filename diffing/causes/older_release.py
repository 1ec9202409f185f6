"""``stale-republished``: a "new" release, or a table in it, is an older one again, whole or nearly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from diffing.comparing.model import CellChange, Draft, Evidence, TablePair
from diffing.grounds.explained import everything, explained_by, facts_of, weight_of_table
from diffing.grounds.figures import is_number, tolerance, where_is
from diffing.grounds.fingerprint import figures_alone, table_fingerprint
from diffing.grounds.past import Past, named, past_of
from diffing.grounds.returns import told_of
from diffing.grounds.turns import body_returns, same_body, table_returns
from diffing.grounds.wording import listing, number, percentage, place, plural
from diffing.identity import column_key, row_key, table_key
from state.document import Table, Value, Where
from state.kinds import Group, Kind, Severity
from state.model import Item, ReleaseFacts, TableFacts

KINDS = (
    Kind(
        "stale-republished",
        Severity.CRITICAL,
        "a table of a new release equals that of an older one, or stands still under its own later date",
        group=Group.NUMBERS,
        tolerances={
            "releases": "releases that must be known before standing still is told",
            "share": "share (0 to 1) of the figures that moved which may be an older release's",
        },
    ),
    "returned",
)
RANK = 10

LEAST_FIGURES = 12
"""Non-zero figures (rows, where a table has none) below which equality to an older table is chance."""

LEAST_BACK = 8
"""Figures that moved and went back, below which an older release is not told by them."""

BACK = 0.8
"""Share of the figures that moved that must be the older release's in a table that went back nearly whole."""

SAMPLE = 200
"""Changed figures looked up in each older release before one is looked at as a whole."""

ALL_BUT = 0.8
"""Share of all cells that went back from which on the whole release is an older one under other bytes."""

UNDONE = 0.1
"""Share of cells; where no more than that differ from the release between, an edit was undone."""


class _Echo(NamedTuple):
    """A table and the older release that it equals: ``equal`` of its ``figures``."""

    pair: TablePair
    release: ReleaseFacts
    equal: int
    figures: int


def find(evidence: Evidence) -> Iterator[Draft]:
    """One finding where the whole release is an older one, else one for the tables of each older release."""
    comparison = evidence.comparison
    if comparison is None:
        return
    older = same_body(evidence)
    if older is not None:
        if not body_returns(evidence):
            yield _whole(evidence, older)
        return
    stale: list[_Echo] = []
    for pair in comparison.tables:
        if table_returns(evidence, pair)[0]:
            continue  # it goes to and fro
        echo = _echo(evidence, pair, past_of(evidence, pair))
        if echo is not None and (_undoes_an_edit(pair) or _has_more(evidence, echo)):
            yield _undone(evidence, pair, echo.release)
        elif echo is not None:
            stale.append(echo)
    for echoes in _by_release(stale):
        yield _tables(evidence, echoes)


def _whole(evidence: Evidence, older: ReleaseFacts) -> Draft:
    assert evidence.comparison is not None
    pairs = evidence.comparison.tables
    grave = any(not pair.after.hidden and _goes_back(pair) for pair in pairs)
    left = [pair.before.row_keys[row] for pair in pairs for row in pair.rows_removed]
    lost = f"; {plural(len(left), 'row')} of the release before are gone with it" if left else ""
    return Draft(
        kind="stale-republished" if grave else "returned",
        title=f"The new release is {named(older, among=evidence.history.releases())} again, byte for byte",
        reason=f"both have the SHA-256 {older.sha256[:16]}…; first seen {older.at:%Y-%m-%d %H:%M} UTC{lost}",
        subject=("whole release",),
        items=tuple(Item(table=pair.after.name or None, sheet=pair.after.sheet) for pair in pairs),
        count=1,
        severity=None if grave else Severity.INFO,
        explains=tuple(everything(evidence.comparison)) if grave else (),
        ends=() if grave else told_of(evidence, ()),
    )


def _goes_back(pair: TablePair) -> bool:
    """Whether a table lost what the release between had; a page that flips between two banners does not."""
    changed = bool(pair.cells or pair.rows_removed or pair.rows_added)
    return changed and weight_of_table(pair.after) >= LEAST_FIGURES and not _undoes_an_edit(pair)


def _echo(evidence: Evidence, pair: TablePair, past: Past) -> _Echo | None:
    """The newest older release in which the table had these figures, the one before left out."""
    if not pair.cells and not pair.rows_removed and not pair.rows_added:
        return None
    if len(past.entries) < 2:
        return None
    weight = weight_of_table(pair.after)
    if weight < LEAST_FIGURES:
        return None
    wanted = table_fingerprint(pair.after)
    for release, facts in reversed(past.entries[:-1]):
        if _same_figures(facts, wanted):
            return _Echo(pair, release, weight, weight)
    return _nearly(evidence, pair, past)


def _nearly(evidence: Evidence, pair: TablePair, past: Past) -> _Echo | None:
    """The older release to which most figures that moved went back; text columns are left apart."""
    moved = [change for change in pair.cells if is_number(change.before) and is_number(change.after)]
    share = tolerance(evidence, "stale-republished.share", BACK)
    if len(moved) < LEAST_BACK or len({change.after for change in moved}) < LEAST_BACK // 2:
        return None
    best: _Echo | None = None
    for release, facts in reversed(past.entries[:-1]):
        cells = _Cells(facts)
        sample = moved[:SAMPLE]
        if _returned(pair, sample, cells) < share * len(sample):
            continue
        equal, figures = cells.equal_to(pair.after)
        if equal >= share * figures and (best is None or equal > best.equal):
            best = _Echo(pair, release, equal, figures)
    return best


def _returned(pair: TablePair, moved: Sequence[CellChange], cells: _Cells) -> int:
    rows, columns = pair.after.row_keys, pair.after.columns
    return sum(
        cells.at(row_key(rows[change.row_after]), column_key(columns[change.column_after].name)) == change.after
        for change in moved
    )


class _Cells:
    """The cells of a table in an older release by the normalised names of row and column."""

    def __init__(self, facts: TableFacts) -> None:
        self._values = facts.values
        self._rows: Mapping[str, int] = {name: i for i, name in enumerate(facts.rows)} if facts.values else {}
        self._columns: Mapping[str, int] = {name: j for j, name in enumerate(facts.columns)}

    def at(self, row: str, column: str) -> Value:
        """The value of a cell, None where the release had no such cell."""
        i, j = self._rows.get(row), self._columns.get(column)
        return None if i is None or j is None else self._values[i][j]

    def equal_to(self, table: Table) -> tuple[int, int]:
        """How many figures of ``table`` are these, and of how many; zeros and key columns left out."""
        equal = figures = 0
        names = [column_key(column.name) for column in table.columns]
        for label, row in zip(map(row_key, table.row_keys), table.rows, strict=True):
            for place_, value in enumerate(row):
                if is_number(value) and value and place_ not in table.key:
                    figures += 1
                    equal += self.at(label, names[place_]) == value
        return equal, figures


def _same_figures(facts: TableFacts, wanted: str) -> bool:
    """Whether rows and figures agree; headers may have been dressed up."""
    return figures_alone(facts.fingerprint) == figures_alone(wanted)


def _undoes_an_edit(pair: TablePair) -> bool:
    """Whether so little differs from the release between that somebody took a correction back."""
    cells = max(1, len(pair.after.rows) * len(pair.after.columns))
    few = max(2.0, UNDONE * cells)
    back = all(is_number(change.after) and not is_number(change.before) for change in pair.cells)
    return not pair.rows_removed and (len(pair.cells) <= few or back)


def _undone(evidence: Evidence, pair: TablePair, older: ReleaseFacts) -> Draft:
    return Draft(
        kind="stale-republished",
        title=f"{place(pair.after)} is back to what it was in {named(older, among=evidence.history.releases())}",
        reason=f"{plural(len(pair.cells), 'cell')} differed in between and have their former values again",
        subject=(table_key(pair.after), "undone"),
        where=where_is(pair.after),
        severity=Severity.INFO,
        explains=tuple(facts_of(pair)),
    )


def _has_more(evidence: Evidence, echo: _Echo) -> bool:
    """Whether one broken release lay between: the table has lost no row and has some that the older had not."""
    release, facts = past_of(evidence, echo.pair).entries[-2]
    if release != echo.release or echo.pair.rows_removed:
        return False
    return any(row_key(echo.pair.after.row_keys[row]) not in facts.rows for row in echo.pair.rows_added)


def _by_release(stale: Sequence[_Echo]) -> list[list[_Echo]]:
    """The tables of one older release together, the largest first."""
    groups: dict[str, list[_Echo]] = defaultdict(list)
    for echo in stale:
        groups[echo.release.release].append(echo)
    return [sorted(group, key=lambda echo: -weight_of_table(echo.pair.after)) for group in groups.values()]


def _tables(evidence: Evidence, echoes: Sequence[_Echo]) -> Draft:
    assert evidence.comparison is not None
    first, older = echoes[0].pair, echoes[0].release
    back = sum(len(echo.pair.cells) for echo in echoes)
    comparison = evidence.comparison
    name = named(older, among=evidence.history.releases())
    whole = len(echoes) > 1 and back >= ALL_BUT * sum(len(pair.cells) for pair in comparison.tables)
    return Draft(
        kind="stale-republished",
        title=_title(echoes, name, everything=whole),
        reason=f"{_share(echoes)} those first seen on {older.at:%Y-%m-%d}; "
        f"against the release before, {plural(back, 'cell')} went back",
        subject=("whole release",) if whole else (table_key(first.after),),
        where=Where() if whole else where_is(first.after),
        items=tuple(
            Item(table=echo.pair.after.name or None, sheet=echo.pair.after.sheet, text=name) for echo in echoes
        ),
        explains=tuple(everything(comparison)) if whole else explained_by(comparison, [e.pair for e in echoes]),
    )


def _share(echoes: Sequence[_Echo]) -> str:
    equal, figures = sum(echo.equal for echo in echoes), sum(echo.figures for echo in echoes)
    if equal == figures:
        return f"all {number(figures)} figures equal"
    return f"{number(equal)} of {number(figures)} figures ({percentage(100 * equal / figures)}) equal"


def _title(echoes: Sequence[_Echo], older: str, *, everything: bool) -> str:
    names = [place(echo.pair.after) for echo in echoes]
    if everything:
        return f"The new release has the figures of {older} again, in {plural(len(echoes), 'table')}"
    if len(echoes) == 1:
        return f"{names[0]} has the figures of {older} again"
    return f"{plural(len(echoes), 'table')} have the figures of {older} again: {listing(names)}"
