"""Words that changed into others: kept of each release, so that what goes to and fro between states is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from diffing.comparing.model import Comparison, DefinitionChange, Evidence, FactKey, LinkChange, TablePair
from diffing.grounds.fingerprint import figures_alone, table_fingerprint
from diffing.grounds.past import stale_releases
from diffing.grounds.phrases import essence, mask
from diffing.identity import table_key
from state.model import Item, ReleaseFacts

TURNS_KEPT: Final = 300
"""Changes of words kept of a release; one that changes more was written anew."""


class Turn(NamedTuple):
    """One change of words: ``fact`` of the comparison, told by ``item``; dates and running figures apart."""

    fact: FactKey
    item: Item
    before: str
    after: str

    @property
    def ahead(self) -> str:
        """Names the change."""
        return _digest(self.fact.subject, self.before, self.after)

    @property
    def back(self) -> str:
        """Names the change that undoes it."""
        return _digest(self.fact.subject, self.after, self.before)


def turns_of(comparison: Comparison) -> Iterator[Turn]:
    """Sentences, definitions, links and labels that came, went or read otherwise.

    What differs in figures and dates alone is data and goes on; so does what only stands elsewhere.
    """
    for turn in _turns(comparison):
        if mask(turn.before) != mask(turn.after):
            yield turn


def kept_turns(comparison: Comparison | None) -> tuple[str, ...]:
    """The names of what changed in words, for history."""
    names = dict.fromkeys(turn.ahead for turn in turns_of(comparison)) if comparison else {}
    return tuple(names) if len(names) <= TURNS_KEPT else ()


def _turns(comparison: Comparison) -> Iterator[Turn]:
    for text in comparison.texts:
        item = Item(section=text.section or None, before=text.before, after=text.after, valued=True)
        yield Turn(FactKey("text", text.index), item, essence(text.before or ""), essence(text.after or ""))
    yield from map(_of_definition, comparison.definitions)
    yield from map(_of_link, comparison.links)
    for pair in comparison.tables:
        yield from _of_labels(pair)


def _of_definition(change: DefinitionChange) -> Turn:
    term = next(each.term for each in (change.after, change.before) if each is not None)
    before, after = (None if each is None else each.wording for each in (change.before, change.after))
    item = Item(term=term, before=before, after=after, valued=True)
    named = essence(term)
    fact = FactKey("definition", change.index)
    return Turn(fact, item, f"{named}: {essence(before or '')}", f"{named}: {essence(after or '')}")


def _of_link(change: LinkChange) -> Turn:
    words = next(each.text for each in (change.after, change.before) if each is not None)
    before, after = (None if each is None else each.url for each in (change.before, change.after))
    item = Item(text=words or None, before=before, after=after, valued=True)
    named = essence(words)
    return Turn(FactKey("link", change.index), item, f"{named}: {before or ''}", f"{named}: {after or ''}")


def _of_labels(pair: TablePair) -> Iterator[Turn]:
    """Rows and columns of a table that bear another name."""
    for before, after in pair.rows_renamed:
        fact = FactKey("row-renamed", pair.index, str(after))
        yield _of_label(pair, fact, pair.before.row_keys[before], pair.after.row_keys[after])
    for before, after in pair.columns_renamed:
        fact = FactKey("column-renamed", pair.index, "", str(after))
        yield _of_label(pair, fact, pair.before.columns[before].name, pair.after.columns[after].name)


def _of_label(pair: TablePair, fact: FactKey, before: str, after: str) -> Turn:
    item = Item(table=pair.after.name or None, sheet=pair.after.sheet, before=before, after=after, valued=True)
    return Turn(fact, item, essence(before), essence(after))


def times_turned(evidence: Evidence, turn: Turn) -> tuple[list[ReleaseFacts], int]:
    """The earlier releases that made the same change, oldest first, and how often it was made or undone.

    None where it was not undone in between.
    """
    releases = evidence.history.releases()
    made = [release for release in releases if turn.ahead in release.turned]
    undone = sum(turn.back in release.turned for release in releases)
    return (made, len(made) + undone) if made and undone else ([], 0)


def same_body(evidence: Evidence) -> ReleaseFacts | None:
    """The newest older release with the same bytes, where another one stood between."""
    if evidence.sha256_after is None or evidence.sha256_after == evidence.sha256_before:
        return None
    same = [past for past in evidence.history.releases() if past.sha256 == evidence.sha256_after]
    return same[-1] if same else None


def body_returns(evidence: Evidence) -> int:
    """How often one of the two bodies came back before."""
    releases = evidence.history.releases()
    back = stale_releases(releases)
    both = {evidence.sha256_before, evidence.sha256_after}
    return sum(release.release in back and release.sha256 in both for release in releases)


def table_returns(evidence: Evidence, pair: TablePair) -> tuple[list[ReleaseFacts], int]:
    """The releases in which a table came to be what it is again, and how often it moved between the two states.

    None unless it is what it was before the release before, which had come back to an older state itself.
    """
    states: list[tuple[str, ReleaseFacts]] = []
    for release, facts in evidence.history.table(table_key(pair.before)):
        figures = figures_alone(facts.fingerprint)
        if not states or states[-1][0] != figures:
            states.append((figures, release))
    now = figures_alone(table_fingerprint(pair.after))
    seen = [state for state, _ in states]
    if len(states) < 3 or now == seen[-1] or seen[-2] != now or seen[-3] != seen[-1]:
        return [], 0
    moves = sum({one, two} == {now, seen[-1]} for one, two in pairwise(seen))
    return [release for state, release in states if state == now], moves


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "backslashreplace"), digest_size=6).hexdigest()
