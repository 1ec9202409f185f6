"""``definition-changed``: what the entries of a catalogue of datasets say of their data was altered.

Each altered entry is one member, and an edit that was made in many entries at once is named with their number. In
2025 "gender" became "sex" in the entries of 106 health datasets whose logs of changes stayed empty (The Lancet,
July 2025); so it counts whether an entry's own date of change moved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from diffing.comparing.model import CellChange, Draft, Evidence, FactKey, TablePair
from diffing.grounds.figures import where_is
from diffing.grounds.phrases import moves
from diffing.grounds.row_names import called
from diffing.grounds.wording import listing, number, plural, row_noun, shorten
from diffing.readers.json.catalogues import MODIFIED, TITLE
from diffing.values import normalise
from state.kinds import Severity
from state.model import Item

KINDS = ("definition-changed",)
RANK = 15

LEAST_TOGETHER = 3
"""Entries in which the same edit was made, from which on it is one deed and told with their number."""

WEIGHTY = frozenset({"Title", "Description", "License", "Access", "Columns", "Period", "Place"})
"""The columns that say what the data are and who may have them; others are housekeeping."""

Edit = tuple[str, str]


class _Altered(Struct, frozen=True):
    """An entry that says something else than before."""

    row: int  # after
    changes: tuple[CellChange, ...]  # dates of change apart
    edits: tuple[Edit, ...]  # as published
    dated: bool  # its own date of change moved

    def has(self, edit: Edit | None) -> bool:
        """Whether this edit was made in it."""
        return edit is not None and _same(edit) in map(_same, self.edits)


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all altered entries of a catalogue."""
    comparison = evidence.comparison
    if comparison is None:
        return
    for pair in comparison.tables:
        if pair.before.catalogue and pair.after.catalogue:
            altered = list(_altered(pair))
            if altered:
                yield _draft(pair, altered)


def _altered(pair: TablePair) -> Iterator[_Altered]:
    """Entries that say something else; one of which only the date of change moved says nothing else."""
    by_row: dict[int, list[CellChange]] = defaultdict(list)
    for change in pair.cells:
        by_row[change.row_after].append(change)
    for row, changes in sorted(by_row.items()):
        said = tuple(change for change in changes if _column(pair, change) not in MODIFIED)
        if said:
            edits = tuple(chain.from_iterable(map(_edits_of, said)))
            yield _Altered(row, said, edits, dated=len(said) < len(changes))


def _column(pair: TablePair, change: CellChange) -> str:
    return pair.after.columns[change.column_after].name


def _edits_of(change: CellChange) -> Iterator[Edit]:
    """Words that gave way to others: as many runs came as left, or one word left out or put in."""
    words = moves(str(change.before or ""), str(change.after or ""))
    left, came = (tuple(run.strip(".,;:()“”\"'") for run in side) for side in words)
    if len(left) == len(came):
        yield from zip(left, came, strict=True)
    elif not left or not came:
        yield from ((each, "") for each in left)
        yield from (("", each) for each in came)
    elif len(set(map(normalise, left))) == len(set(map(normalise, came))) == 1:
        yield left[0], came[0]


def _same(edit: Edit) -> Edit:
    """The edit in comparison form: "Gender" and "gender" are one word."""
    return normalise(edit[0]), normalise(edit[1])


def _draft(pair: TablePair, altered: Sequence[_Altered]) -> Draft:
    together = _common(altered)
    members = sorted(altered, key=lambda each: (not each.has(together), each.row))
    silent = [each for each in altered if not each.dated] if _states_dates(pair) else []
    return Draft(
        kind="definition-changed",
        title=_title(pair, altered, together),
        reason=_reason(pair, altered, silent),
        subject=("entries",),
        where=where_is(pair.after),
        items=tuple(_item(pair, each) for each in members),
        count=len(members),
        severity=_severity(pair, altered, together, silent),
        explains=tuple(_facts(pair, altered)),
    )


def _common(altered: Sequence[_Altered]) -> Edit | None:
    """The edit that was made in most entries, None where it was made in a few only."""
    counts = Counter(edit for each in altered for edit in set(map(_same, each.edits)))
    if not counts:
        return None
    found, count = min(counts.items(), key=lambda each: (-each[1], each[0]))
    written = Counter(edit for each in altered for edit in each.edits if _same(edit) == found)
    if count < LEAST_TOGETHER:
        return None
    return min(written, key=lambda each: (each[0] != each[0].lower(), -written[each], each))  # as amid a sentence


def _states_dates(pair: TablePair) -> bool:
    return any(column.name in MODIFIED for column in pair.after.columns)


def _title(pair: TablePair, altered: Sequence[_Altered], together: Edit | None) -> str:
    one, many = row_noun(pair.after)
    if together is None:
        names = listing([called(pair.after, each.row) for each in altered])
        return f"{plural(len(altered), one, many)} of the catalogue {_are(altered)} described otherwise: {names}"
    count = sum(each.has(together) for each in altered)
    rest = f", and {number(len(altered) - count)} more were altered" if count < len(altered) else ""
    return f"{_told(together)} in {plural(count, one, many)} of the catalogue{rest}"


def _are(altered: Sequence[_Altered]) -> str:
    return "is" if len(altered) == 1 else "are"


def _told(edit: Edit) -> str:
    gone, come = (shorten(side, limit=30) for side in edit)
    if gone and come:
        return f"“{gone}” became “{come}”"
    return f"“{gone}” left" if gone else f"“{come}” came"


def _reason(pair: TablePair, altered: Sequence[_Altered], silent: Sequence[_Altered]) -> str:
    whole = plural(len(pair.after.rows), *row_noun(pair.after))
    fields = Counter(_column(pair, change) for each in altered for change in each.changes)
    told = listing([f"{name} {number(count)}" for name, count in fields.most_common()], limit=6)
    said = f"{number(len(altered))} of {whole} say something else ({told})"
    if not _states_dates(pair):
        return said
    if len(silent) == len(altered):
        return f"{said}; " + ("no date of change moved" if len(altered) > 1 else "its date of change did not move")
    return f"{said}; {number(len(silent))} of them without a new date of change" if silent else said


def _item(pair: TablePair, entry: _Altered) -> Item:
    """One member: what changed first of what says most, with the other columns named."""
    changes = sorted(entry.changes, key=lambda each: _weight(_column(pair, each)))
    first, names = changes[0], [_column(pair, each) for each in changes]
    others = f"also {listing(names[1:], limit=6)}" if len(names) > 1 else None
    return Item(
        row=called(pair.after, entry.row),
        column=names[0],
        table=pair.after.name or None,
        before=_value(first.before),
        after=_value(first.after),
        note="; ".join(filter(None, (others, "" if entry.dated else "its date of change did not move"))) or None,
        valued=True,
    )


def _value(value: object) -> str | None:
    return None if value is None else str(value)


_ORDER: Mapping[str, int] = {"Description": 0, TITLE: 1, "Columns": 2, "License": 3, "Access": 4}


def _weight(column: str) -> int:
    return _ORDER.get(column, len(_ORDER) + (column not in WEIGHTY))


def _severity(
    pair: TablePair, altered: Sequence[_Altered], together: Edit | None, silent: Sequence[_Altered]
) -> Severity:
    """Grave where one edit was made in many entries, or in silence; housekeeping is news to nobody."""
    weighty = [each for each in altered if any(_column(pair, change) in WEIGHTY for change in each.changes)]
    if not weighty:
        return Severity.INFO
    if together is not None:
        return Severity.HIGH
    return Severity.MEDIUM if any(each in silent for each in weighty) else Severity.LOW


def _facts(pair: TablePair, altered: Sequence[_Altered]) -> Iterator[FactKey]:
    rows = {each.row for each in altered}
    yield from (pair.cell_fact(change) for change in pair.cells if change.row_after in rows)
    yield FactKey("silent-edit")
