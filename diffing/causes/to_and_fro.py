"""``alternates``: what changed goes to and fro between states, as where two servers or two templates answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from diffing.comparing.model import Comparison, Draft, Evidence, TablePair
from diffing.grounds.explained import all_of, explained_by, weight_of_table
from diffing.grounds.figures import where_is
from diffing.grounds.past import named
from diffing.grounds.returns import told_of, told_of_words
from diffing.grounds.turns import Turn, body_returns, same_body, table_returns, times_turned, turns_of
from diffing.grounds.wording import listing, place, plural
from state.document import Where
from state.kinds import Group, Kind, Severity
from state.model import Item, ReleaseFacts

KINDS = (
    Kind(
        "alternates",
        Severity.MEDIUM,
        "what changed goes to and fro between states: one finding with its states, instead of one a round",
        group=Group.PROVENANCE,
    ),
)
RANK = 9

LEAST_FIGURES: Final = 12
"""Non-zero figures (rows, where a table has none) below which a table is what it was by chance."""


class _Back(NamedTuple):
    """Something that is again what it was: how often it became so, and how often it moved at all."""

    item: Item
    since: Sequence[ReleaseFacts]
    moves: int
    told: bool  # above info, when it changed before


def find(evidence: Evidence) -> Iterator[Draft]:
    """One finding where the whole release goes to and fro, else one for the tables and words that do."""
    comparison = evidence.comparison
    if comparison is None:
        return
    older, returns = same_body(evidence), body_returns(evidence)
    if older is not None:
        if returns:
            yield _whole(evidence, comparison, older, returns)
        return
    tables = [(pair, back) for pair in comparison.tables if (back := _table(evidence, pair))]
    turns = [(turn, back) for turn in turns_of(comparison) if (back := _words(evidence, turn))]
    if tables or turns:
        yield _parts(evidence, comparison, tables, turns)


def _whole(evidence: Evidence, comparison: Comparison, older: ReleaseFacts, returns: int) -> Draft:
    """A body that comes and goes: told when it is back for the second time, kept from then on."""
    times = [release.at for release in evidence.history.releases() if release.sha256 == older.sha256]
    again = (
        f"it is {named(older, among=evidence.history.releases())} again, back for the {_ordinal(returns + 1)} time"
    )
    return Draft(
        kind="alternates",
        title=f"The release goes to and fro: {again}",
        reason=f"releases of before came back {plural(returns + 1, 'time')}, byte for byte; this one was there "
        f"on {listing([f'{at:%Y-%m-%d %H:%M}' for at in times], limit=6)} UTC",
        subject=("whole release",),
        items=tuple(Item(note=f"seen {at:%Y-%m-%d %H:%M} UTC") for at in times),
        count=1,
        severity=None if returns == 1 else Severity.INFO,
        explains=tuple(all_of(comparison)),
    )


def _table(evidence: Evidence, pair: TablePair) -> _Back | None:
    """A table that has the figures again that it had before the release before, and not for the first time."""
    if not (pair.cells or pair.rows_removed or pair.rows_added) or weight_of_table(pair.after) < LEAST_FIGURES:
        return None
    since, moves = table_returns(evidence, pair)
    if not since:
        return None
    item = Item(table=pair.after.name or None, sheet=pair.after.sheet)
    return _Back(item, since, moves, bool(told_of(evidence, [pair.before, pair.after], ever=True)))


def _words(evidence: Evidence, turn: Turn) -> _Back | None:
    since, moves = times_turned(evidence, turn)
    if not since:
        return None
    return _Back(turn.item, since, moves, told_of_words(evidence, (turn.item.before, turn.item.after)))


def _parts(
    evidence: Evidence,
    comparison: Comparison,
    tables: Sequence[tuple[TablePair, _Back]],
    turns: Sequence[tuple[Turn, _Back]],
) -> Draft:
    """What goes to and fro in a release that otherwise goes on; of medium weight where it begins to."""
    found = [*(back for _, back in tables), *(back for _, back in turns)]
    news = [back for back in found if back.moves == 2 and back.told]
    first = (news or found)[0]
    pairs = [pair for pair, _ in tables]
    since = named(first.since[-1], among=evidence.history.releases())
    times = [f"{release.at:%Y-%m-%d %H:%M}" for release in first.since]
    return Draft(
        kind="alternates",
        title=f"{_subject(pairs, [turn for turn, _ in turns])}: as from {since} on, again",
        reason=f"it became so on {listing(times, limit=6)} UTC as well, and was otherwise in between: "
        f"it has moved {plural(first.moves + 1, 'time')} between the same states",
        subject=("to and fro",),
        where=_where(pairs, turns),
        items=tuple(_dated(back) for back in (*news, *(each for each in found if each not in news))),
        severity=None if news else Severity.INFO,
        explains=(*explained_by(comparison, pairs), *(turn.fact for turn, _ in turns)),
    )


def _subject(pairs: Sequence[TablePair], turns: Sequence[Turn]) -> str:
    if len(pairs) == 1 and not turns:
        return f"{place(pairs[0].after)} goes to and fro"
    if len(turns) == 1 and not pairs:
        before, after = turns[0].item.before, turns[0].item.after
        if before and after:
            return f"“{after}” and “{before}” take turns"
        return f"“{after or before}” comes and goes"
    parts = [plural(len(pairs), "table")] * bool(pairs) + [plural(len(turns), "passage")] * bool(turns)
    return f"{' and '.join(parts)} go to and fro"


def _where(pairs: Sequence[TablePair], turns: Sequence[tuple[Turn, _Back]]) -> Where:
    if len(pairs) == 1 and not turns:
        return where_is(pairs[0].after)
    sections = {turn.item.section for turn, _ in turns}
    return Where(section=sections.pop()) if not pairs and len(sections) == 1 else Where()


def _dated(back: _Back) -> Item:
    times = listing([f"{release.at:%Y-%m-%d %H:%M}" for release in back.since], limit=6)
    return replace(back.item, note=f"became so on {times} UTC as well")


def _ordinal(count: int) -> str:
    return {2: "second", 3: "third"}.get(count, f"{count}th")
