"""``stale-republished``: a "new" release, or a table in it, is an older one again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.extract_history import table_fingerprint
from diffing.grounds.figures import as_of_date, is_number, tolerance, where_is
from diffing.grounds.past import Past, named, past_of
from diffing.grounds.wording import listing, number, percentage, place, plural
from diffing.identity import table_key
from state.document import Table, Where
from state.kinds import Severity
from state.model import Item, ReleaseFacts, TableFacts

KINDS = ("stale-republished",)
RANK = 4

LEAST_FIGURES = 12
"""Non-zero figures (rows, where a table has none) below which equality to an older table is chance."""

LEAST_RELEASES = 6
MOVES = 0.8
"""A table that changed in this share of at least so many releases and now stands still is stale."""

LEAST_UNKNOWN = 100
"""Non-zero figures of a table with a date of its own that cannot all stand still, little as is known of it."""

ALL_BUT = 0.8
"""Share of all cells that went back from which on the whole release is an older one under other bytes."""

UNDONE = 0.1
"""Share of cells; where no more than that differ from the release between, an edit was undone."""


class _Echo(NamedTuple):
    """A table and the older release that it equals."""

    pair: TablePair
    release: ReleaseFacts


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding where the whole release is an older one, else one for the tables of each older release."""
    comparison = evidence.comparison
    if comparison is None:
        return
    older = _same_body(evidence)
    if older is not None:
        yield _whole(evidence, older)
        return
    stale: list[_Echo] = []
    for pair in comparison.tables:
        past = past_of(evidence, pair)
        twin = _twin(pair, past)
        if twin is None:
            if _stands_still(evidence, pair, past):
                yield _still(pair, past)
        elif _undoes_an_edit(pair):
            yield _undone(pair, twin)
        else:
            stale.append(_Echo(pair, twin))
    for echoes in _by_release(stale):
        yield _tables(evidence, echoes)


def _same_body(evidence: Evidence) -> ReleaseFacts | None:
    """The newest older release with the same bytes, where another one stood between."""
    if evidence.sha256_after is None or evidence.sha256_after == evidence.sha256_before:
        return None
    same = [past for past in evidence.history.releases() if past.sha256 == evidence.sha256_after]
    return same[-1] if same else None


def _whole(evidence: Evidence, older: ReleaseFacts) -> Draft:
    assert evidence.comparison is not None
    pairs = evidence.comparison.tables
    grave = any(not pair.after.hidden and _goes_back(pair) for pair in pairs)
    left = [pair.before.row_keys[row] for pair in pairs for row in pair.rows_removed]
    lost = f"; {plural(len(left), 'row')} of the release before are gone with it" if left else ""
    return Draft(
        kind="stale-republished",
        title=f"The new release is {named(older)} again, byte for byte",
        reason=f"both have the SHA-256 {older.sha256[:16]}…; first seen {older.at:%Y-%m-%d %H:%M} UTC{lost}",
        subject=("whole release",),
        items=tuple(Item(table=pair.after.name or None, sheet=pair.after.sheet) for pair in pairs),
        count=1,
        severity=None if grave else Severity.INFO,
        explains=tuple(_everything(evidence)) if grave else (),
    )


def _goes_back(pair: TablePair) -> bool:
    """Whether a table lost what the release between had; a page that flips between two banners does not."""
    changed = bool(pair.cells or pair.rows_removed or pair.rows_added)
    return changed and _weight(pair.after) >= LEAST_FIGURES and not _undoes_an_edit(pair)


def _everything(evidence: Evidence) -> Iterator[FactKey]:
    """Every fact of the comparison: what an old release says differently is no news of its own."""
    comparison = evidence.comparison
    assert comparison is not None
    for pair in comparison.tables:
        yield pair.stale_fact()
        yield from _facts_of(pair)
    yield from (FactKey("table-removed", index) for index in comparison.tables_removed)
    yield from (FactKey("table-added", index) for index in comparison.tables_added)
    yield from (FactKey("text", change.index) for change in comparison.texts)
    yield from (FactKey("definition", change.index) for change in comparison.definitions)


def _facts_of(pair: TablePair) -> Iterator[FactKey]:
    yield from (pair.cell_fact(change) for change in pair.cells)
    yield from (FactKey("row-removed", pair.index, str(row)) for row in pair.rows_removed)
    yield from (FactKey("row-added", pair.index, str(row)) for row in pair.rows_added)
    yield from (FactKey("row-renamed", pair.index, str(rows[1])) for rows in pair.rows_renamed)
    yield from (FactKey("column-removed", pair.index, "", str(column)) for column in pair.columns_removed)
    yield from (FactKey("column-added", pair.index, "", str(column)) for column in pair.columns_added)
    yield from (FactKey("column-renamed", pair.index, "", str(both[1])) for both in pair.columns_renamed)


def _twin(pair: TablePair, past: Past) -> ReleaseFacts | None:
    """The newest older release in which the table had these very figures, the one before left out."""
    if not pair.cells and not pair.rows_removed and not pair.rows_added:
        return None
    if len(past.entries) < 2 or _weight(pair.after) < LEAST_FIGURES:
        return None
    wanted = table_fingerprint(pair.after)
    for release, facts in reversed(past.entries[:-1]):
        if _same_figures(facts, wanted):
            return release
    return None


def _same_figures(facts: TableFacts, wanted: str) -> bool:
    """Whether rows and figures agree; headers may have been dressed up."""
    return facts.fingerprint.split("-")[-1] == wanted.split("-")[-1]


def _weight(table: Table) -> int:
    figures = sum(1 for row in table.rows for value in row if is_number(value) and value)
    return figures or len(table.rows)


def _undoes_an_edit(pair: TablePair) -> bool:
    """Whether so little differs from the release between that somebody took a correction back."""
    cells = max(1, len(pair.after.rows) * len(pair.after.columns))
    few = max(2.0, UNDONE * cells)
    back = all(is_number(change.after) and not is_number(change.before) for change in pair.cells)
    return not pair.rows_removed and (len(pair.cells) <= few or back)


def _undone(pair: TablePair, older: ReleaseFacts) -> Draft:
    return Draft(
        kind="stale-republished",
        title=f"{place(pair.after)} is back to what it was in {named(older)}",
        reason=f"{plural(len(pair.cells), 'cell')} differed in between and have their former values again",
        subject=(table_key(pair.after), "undone"),
        where=where_is(pair.after),
        severity=Severity.INFO,
        explains=tuple(_facts_of(pair)),
    )


def _by_release(stale: Sequence[_Echo]) -> list[list[_Echo]]:
    """The tables of one older release together, the largest first."""
    groups: dict[str, list[_Echo]] = defaultdict(list)
    for echo in stale:
        groups[echo.release.release].append(echo)
    return [sorted(group, key=lambda echo: -_weight(echo.pair.after)) for group in groups.values()]


def _tables(evidence: Evidence, echoes: Sequence[_Echo]) -> Draft:
    assert evidence.comparison is not None
    first, older = echoes[0].pair, echoes[0].release
    figures = sum(_weight(echo.pair.after) for echo in echoes)
    back = sum(len(echo.pair.cells) for echo in echoes)
    everything = len(echoes) > 1 and back >= ALL_BUT * sum(len(pair.cells) for pair in evidence.comparison.tables)
    if everything:
        explained = tuple(_everything(evidence))
    else:
        explained = tuple(fact for echo in echoes for fact in (echo.pair.stale_fact(), *_facts_of(echo.pair)))
    return Draft(
        kind="stale-republished",
        title=_title(echoes, everything=everything),
        reason=f"all {number(figures)} figures equal those first seen on {older.at:%Y-%m-%d}; "
        f"against the release before, {plural(back, 'cell')} went back",
        subject=("whole release",) if everything else (table_key(first.after),),
        where=Where() if everything else where_is(first.after),
        items=tuple(
            Item(table=echo.pair.after.name or None, sheet=echo.pair.after.sheet, text=named(older))
            for echo in echoes
        ),
        explains=explained,
    )


def _title(echoes: Sequence[_Echo], *, everything: bool) -> str:
    older, names = named(echoes[0].release), [place(echo.pair.after) for echo in echoes]
    if everything:
        return f"The new release has the figures of {older} again, in {plural(len(echoes), 'table')}"
    if len(echoes) == 1:
        return f"{names[0]} has the figures of {older} again"
    return f"{plural(len(echoes), 'table')} have the figures of {older} again: {listing(names)}"


def _stands_still(evidence: Evidence, pair: TablePair, past: Past) -> bool:
    """Whether a table that always moves has not, although the release claims a later date."""
    comparison = evidence.comparison
    assert comparison is not None
    if pair.cells or pair.rows_removed or pair.rows_added or _weight(pair.after) < LEAST_FIGURES:
        return False
    before = as_of_date(comparison.before, pair.before)
    after = as_of_date(comparison.after, pair.after)
    if before is None or after is None or after <= before:
        return False
    changed = past.of_year(pair.before.fiscal_year).measures("cells.changed")
    if changed and sum(map(bool, changed)) / len(changed) < MOVES:
        return False
    least = tolerance(evidence, "stale-republished.releases", LEAST_RELEASES)
    return len(changed) >= least or _should_move(evidence, pair)


def _should_move(evidence: Evidence, pair: TablePair) -> bool:
    """Whether a table of which little is known says a later date of so many figures that some would have moved.

    Told only where the rest of the release did move: else the whole release was merely dated anew.
    """
    before, after = pair.before.as_of, pair.after.as_of
    own = before is not None and after is not None and before.date != after.date
    return (
        own
        and sum(is_number(value) and value != 0 for row in pair.after.rows for value in row) >= LEAST_UNKNOWN
        and evidence.comparison is not None
        and any(other.cells for other in evidence.comparison.tables)
    )


def _still(pair: TablePair, past: Past) -> Draft:
    changed = past.measures("cells.changed")
    share = percentage(100 * sum(map(bool, changed)) / len(changed)) if changed else ""
    known = f"the table changed in {share} of {plural(len(changed), 'earlier release')}"
    dates = [side.as_of.date.isoformat() for side in (pair.before, pair.after) if side.as_of and side.as_of.date]
    moved = f" ({' became '.join(dates)})" if len(dates) == len(set(dates)) == 2 else ""
    return Draft(
        kind="stale-republished",
        title=f"{place(pair.after)} is unchanged under a newer date{moved}",
        reason=f"all {number(_weight(pair.after))} figures are those of the release before; "
        + (known if changed else "other tables of the release moved on"),
        subject=(table_key(pair.after), "still"),
        where=where_is(pair.after) if pair.after.name else Where(sheet=pair.after.sheet),
        items=(Item(table=listing([pair.after.name]) or None, sheet=pair.after.sheet),),
        severity=Severity.HIGH,
    )
