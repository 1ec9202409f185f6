"""``category-relabelled``: a row label changed while its data stayed; a mere re-spelling is ``info``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from diffing.facts import Draft, Evidence, FactKey, TablePair
from diffing.figures import where_is
from diffing.identity import row_key, table_key
from diffing.values import normalise
from diffing.wording import place, plural
from state.kinds import Severity
from state.model import Item

KINDS = ("category-relabelled",)
RANK = 44

NEAR = 0.8
"""Likeness of two labels (0 to 1, difflib's ratio) from which on they are one name spelt twice."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """At most two findings a table: labels with another meaning, and labels spelt differently."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        untold = [rows for rows in pair.rows_renamed if _fact(pair, rows) not in evidence.told]
        respelt = [rows for rows in untold if _respelt(*_labels(pair, rows))]
        meant = [rows for rows in untold if rows not in respelt]
        if meant:
            yield _draft(pair, meant, severity=None)
        if respelt:
            yield _draft(pair, respelt, severity=Severity.INFO)


def _fact(pair: TablePair, rows: tuple[int, int]) -> FactKey:
    return FactKey("row-renamed", pair.index, str(rows[1]))


def _labels(pair: TablePair, rows: tuple[int, int]) -> tuple[str, str]:
    return pair.before.row_keys[rows[0]], pair.after.row_keys[rows[1]]


def _respelt(before: str, after: str) -> bool:
    return difflib.SequenceMatcher(None, normalise(before), normalise(after)).ratio() >= NEAR


def _draft(pair: TablePair, rows: list[tuple[int, int]], *, severity: Severity | None) -> Draft:
    labels = [_labels(pair, each) for each in rows]
    before, after = labels[0]
    verb = "is spelt" if severity else "is now called"
    title = f"“{before}” {verb} “{after}” in {place(pair.after)}"
    if len(labels) > 1:
        title = f"{plural(len(labels), 'row label')} of {place(pair.after)} changed, “{before}” to “{after}” first"
    return Draft(
        kind="category-relabelled",
        title=title,
        reason="the other cells of the row stayed, or stayed near",
        subject=(
            table_key(pair.after),
            "spelling" if severity else "meaning",
            *(row_key(old) for old, _ in labels),
        ),
        where=where_is(pair.after, row=after if len(labels) == 1 else None),
        items=tuple(Item(row=new, before=old, after=new) for old, new in labels),
        before=before if len(labels) == 1 else None,
        after=after if len(labels) == 1 else None,
        severity=severity,
        explains=tuple(_fact(pair, each) for each in rows),
    )
