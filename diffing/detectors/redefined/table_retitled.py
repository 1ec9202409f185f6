"""``headline-changed`` for tables: the same rows and columns stand under a title that says something else."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from diffing.comparing.alignment.likeness import respelt
from diffing.comparing.model import Comparison, Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import where_is
from diffing.grounds.phrases import essence, gist, moves
from diffing.grounds.wording import plural, shorten
from diffing.identity import title_key
from diffing.values import normalise
from state.document import Document, Table
from state.kinds import Severity
from state.model import Item

KINDS = ("headline-changed",)
RANK = 13

LEAST_SHARED = 0.5
"""Share of its rows that a table must have kept for its title to be the same table's."""

_PERIOD = re.compile(
    r"\b(?:thr(?:u|ough)|as of|since|until|from|to|(?:year|month|quarter)[ -](?:end|to[ -]date)"
    r"|end of(?: the)? year|f?ytd ?\d{0,4}|partial|preliminary|final|prior|may)\b"
)
"""Words by which a title says how far its figures reach, which differ as a year goes on."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One statement an edit: the same words may be put for others in the titles of many tables."""
    comparison = evidence.comparison
    if comparison is None:
        return
    edits: dict[tuple[tuple[str, ...], tuple[str, ...]], list[TablePair]] = defaultdict(list)
    for pair in comparison.tables:
        if pair.title_fact() not in evidence.told and _is_retitled(comparison, pair):
            left, came = moves(pair.before.name, pair.after.name)
            edits[tuple(map(essence, left)), tuple(map(essence, came))].append(pair)
    for pairs in edits.values():
        yield _draft(comparison, pairs)


def _is_retitled(comparison: Comparison, pair: TablePair) -> bool:
    """Whether words of weight differ in the title of a table that is still the same; dates and spelling apart."""
    before, after = pair.before, pair.after
    if not before.name or not after.name or before.hidden or after.hidden:
        return False
    if title_key(before.name) == title_key(after.name) or _says(before.name) == _says(after.name):
        return False
    if {before.name, after.name} & {comparison.before.headline, comparison.after.headline}:
        return False
    if _is_still_printed(before, comparison.after) or _is_still_printed(after, comparison.before):
        return False
    kept = len(pair.rows) >= LEAST_SHARED * max(len(before.rows), len(after.rows), 1)
    return kept and not respelt(title_key(before.name), title_key(after.name))


def _is_still_printed(table: Table, other: Document) -> bool:
    """Whether a table's title stands in the other release too, as a line of its sheet or page beside another one.

    A banner over all tables is not the title of the one that is left below it.
    """
    title = essence(table.name)
    return any(essence(block.text) == title for block in other.blocks if block.sheet == table.sheet)


def _says(title: str) -> Counter[str]:
    """The words of weight in a title, without those about its period."""
    return gist(_PERIOD.sub(" ", normalise(title)))


def _draft(comparison: Comparison, pairs: Sequence[TablePair]) -> Draft:
    first = pairs[0]
    before, after = (shorten(name, limit=55) for name in (first.before.name, first.after.name))
    title = f"The table “{before}” is now called “{after}”"
    if len(pairs) > 1:
        title = f"{plural(len(pairs), 'table')} have other titles, “{before}” became “{after}” first"
    return Draft(
        kind="headline-changed",
        title=title,
        reason=f"the words that moved: {moves(first.before.name, first.after.name).told};"
        f" {plural(len(first.rows), 'row')} of the table stayed",
        subject=("table", title_key(first.before.name)),
        where=where_is(first.after),
        items=tuple(
            Item(table=pair.after.name, sheet=pair.after.sheet, before=pair.before.name, after=pair.after.name)
            for pair in pairs
        ),
        before=first.before.name if len(pairs) == 1 else None,
        after=first.after.name if len(pairs) == 1 else None,
        severity=Severity.MEDIUM,
        explains=(*(pair.title_fact() for pair in pairs), *_as_text(comparison, pairs)),
    )


def _as_text(comparison: Comparison, pairs: Sequence[TablePair]) -> Iterator[FactKey]:
    """The titles where they count as changed texts as well."""
    titles = {essence(side.name) for pair in pairs for side in (pair.before, pair.after)}
    for change in comparison.texts:
        if all(side is None or essence(side) in titles for side in (change.before, change.after)):
            yield FactKey("text", change.index)
