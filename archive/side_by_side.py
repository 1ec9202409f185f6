"""The part of a stored side-by-side view that a page shows, with what was reworded side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

from state.model import Finding

View = Mapping[str, Any]
"""What ``diffing.comparing.side_by_side`` made: ``tables``, ``texts``, ``definitions``, ``links``."""

ALIKE: Final = 0.25
"""Share of words that two texts must have in common to be shown as one text reworded."""


def whole(view: View) -> View:
    """All of a view; texts that its definitions show already are left out."""
    definitions = _paired(view["definitions"], "term")
    shown = {side: {change[side] for change in definitions} - {None} for side in ("before", "after")}
    texts = [
        change
        for change in view["texts"]
        if not all(change[side] is None or change[side] in shown[side] for side in ("before", "after"))
    ]
    return {**view, "definitions": definitions, "texts": _paired(texts, "section")}


def part_of(view: View, finding: Finding) -> View:
    """The part of a view that a finding is about, without what the finding itself quotes whole."""
    quoted = {(finding.before, finding.after), *((item.before, item.after) for item in finding.items)}
    told = whole(view)
    definitions = [change for change in told["definitions"] if change["term"] in _terms(finding)]
    texts = [change for change in told["texts"] if _about(change, finding)]
    return {
        "tables": _tables(view, finding),
        "definitions": [change for change in definitions if (change["before"], change["after"]) not in quoted],
        "texts": [change for change in texts if (change["before"], change["after"]) not in quoted],
        "links": [change for change in view["links"] if _linked(change) & _named(finding)],
    }


def _tables(view: View, finding: Finding) -> list[View]:
    where = finding.where
    if not where.table:
        return []
    named = {item.row for item in finding.items if item.row}
    wanted = [table for table in view["tables"] if table["name"] == where.table and table["sheet"] == where.sheet]
    return [_rows_of(table, named) for table in wanted]


def _rows_of(table: View, named: Set[str]) -> View:
    """A table of a view with the rows that a finding names; with all of them where it names none."""
    rows = [row for row in table["rows"] if row["key"] in named]
    if not rows:
        return table
    others = len(table["rows"]) - len(rows) + table["left_out"]
    return {**table, "rows": rows, "left_out": others}


def _terms(finding: Finding) -> set[str]:
    return {item.term for item in finding.items if item.term}


def _about(change: View, finding: Finding) -> bool:
    """Whether a finding quotes one of the two texts, or one of its items does."""
    quotes = {finding.before, finding.after}
    for item in finding.items:
        quotes |= {item.before, item.after, item.text}
    return bool(({change["before"], change["after"]} & quotes) - {None, ""})


def _linked(change: View) -> set[str]:
    return {change[side]["url"] for side in ("before", "after") if change[side]}


def _named(finding: Finding) -> set[str]:
    found: set[str] = set()
    for item in finding.items:
        found |= {value for value in (item.url, item.before, item.after) if isinstance(value, str)}
    return found


def _paired(changes: Sequence[View], key: str) -> list[View]:
    """Changes in their order; a text that left and one that came under the same ``key``, and alike, are one."""
    came = [change for change in changes if change["before"] is None]
    pairs: list[View] = []
    for change in changes:
        if change["before"] is None:
            continue
        twin = _most_alike(change, came, key) if change["after"] is None else None
        if twin is not None:
            came.remove(twin)
        pairs.append(change if twin is None else {**change, "after": twin["after"]})
    return pairs + came


def _most_alike(gone: View, came: Sequence[View], key: str) -> View | None:
    own = [change for change in came if change[key] == gone[key]]
    if key == "term" and len(own) == 1:
        return own[0]  # the same term, once on each side, is reworded however different the words are
    rated = {place: _alike(gone["before"], change["after"]) for place, change in enumerate(own)}
    best = max(rated, key=lambda place: rated[place], default=None)
    return own[best] if best is not None and rated[best] >= ALIKE else None


def _alike(before: str, after: str) -> float:
    """Words in common, as a share of the words of both."""
    words, others = (set(re.findall(r"\w+", text.casefold())) for text in (before, after))
    return len(words & others) / max(1, len(words | others))
