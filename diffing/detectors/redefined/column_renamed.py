"""``column-renamed``: a column header changed while its data stayed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from diffing.columnar.rows import column_of
from diffing.comparing.model import Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import is_number, where_is
from diffing.grounds.names import is_unnamed
from diffing.grounds.phrases import undated
from diffing.grounds.wording import place, plural
from diffing.identity import column_key, table_key, title_key
from state.document import Value
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (Kind("column-renamed", Severity.HIGH, "a column header changed while its data stayed"),)
RANK = 42

_WORD = re.compile(r"[^\W_]+")

NEAR = 0.9
"""Likeness (0 to 1, difflib's ratio) from which on two headers are one spelt twice."""


def detect(evidence: Evidence) -> Iterator[Draft]:
    """One finding a table whose columns have other names."""
    if evidence.comparison is None:
        return
    for pair in evidence.comparison.tables:
        renamed = [names for names in pair.columns_renamed if _fact(pair, names) not in evidence.told]
        dated = [names for names in renamed if _is_dated_anew(pair, names)]
        meant = [names for names in renamed if names not in dated]
        if meant:
            yield _draft(pair, meant, severity=None)
        if dated:
            yield _draft(pair, dated, severity=Severity.INFO)


def _fact(pair: TablePair, names: tuple[int, int]) -> FactKey:
    return FactKey("column-renamed", pair.index, "", str(names[1]))


def _is_dated_anew(pair: TablePair, names: tuple[int, int]) -> bool:
    """Whether only a fiscal year, a date, a "YTD" or the spelling differs, or one side has no header at all."""
    before, after = pair.before.columns[names[0]], pair.after.columns[names[1]]
    whole = title_key(before.name), title_key(after.name)
    if whole[0] == whole[1] or not all(whole) or is_unnamed(before.name) or is_unnamed(after.name):
        return True
    if undated(before.name) == undated(after.name):
        return True
    if len(before.path) != len(after.path):
        return False
    return all(
        title_key(one) == title_key(other) or _are_near(title_key(one), title_key(other))
        for one, other in zip(before.path, after.path, strict=True)
    )


def _are_near(before: str, after: str) -> bool:
    """Whether two headers are one spelt twice: as many words, the same digits, nearly the same letters."""
    words = _WORD.findall(before), _WORD.findall(after)
    if len(words[0]) != len(words[1]) or _digits(before) != _digits(after):
        return False
    return difflib.SequenceMatcher(None, " ".join(words[0]), " ".join(words[1])).ratio() >= NEAR


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _draft(pair: TablePair, renamed: list[tuple[int, int]], *, severity: Severity | None) -> Draft:
    names = [(pair.before.columns[old].name, pair.after.columns[new].name) for old, new in renamed]
    before, after = names[0]
    if len(names) == 1:
        title = f"Column “{before}” of {place(pair.after)} is now “{_without(after, before)}”"
    else:
        title = f"{plural(len(names), 'column')} of {place(pair.after)} renamed,"
        title += f" “{_without(before, after)}” to “{_without(after, before)}” first"
    return Draft(
        kind="column-renamed",
        title=title,
        reason=_agreement(pair, renamed[0]),
        subject=(table_key(pair.after), *(column_key(name) for name, _ in names)),
        where=where_is(pair.after, column=after if len(names) == 1 else None),
        items=tuple(Item(column=new, before=old, after=new) for old, new in names),
        before=before if len(names) == 1 else None,
        after=after if len(names) == 1 else None,
        severity=severity,
        explains=tuple(_fact(pair, columns) for columns in renamed),
    )


def _without(after: str, before: str) -> str:
    """A header without the group that the other has as well."""
    group = before.rpartition(" / ")[0]
    return after.removeprefix(f"{group} / ") if group else after


def _agreement(pair: TablePair, columns: tuple[int, int]) -> str:
    changed = sum((change.column_before, change.column_after) == columns for change in pair.cells)
    same = len(pair.rows) - changed
    rows = plural(len(pair.rows), "row")
    if 2 * same >= len(pair.rows):
        return f"{same} of {rows} have the same value under the other header"
    cells_before, cells_after = column_of(pair.before.rows, columns[0]), column_of(pair.after.rows, columns[1])
    before, after = [cells_before[row] for row, _ in pair.rows], [cells_after[row] for _, row in pair.rows]
    near = sum(map(_is_near, before, after))
    return (
        f"it stands in the place of the other, and {near} of {rows} kept the value or moved by less than a quarter"
    )


def _is_near(before: Value, after: Value) -> bool:
    if not is_number(before) or not is_number(after):
        return before == after
    return abs(after - before) <= 0.25 * max(abs(before), abs(after))
