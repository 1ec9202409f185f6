"""``table-rearranged``: what left its place stands elsewhere: split, merged, turned, made long or wide."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from diffing.comparing.model import Comparison, Draft, Evidence, FactKey
from diffing.grounds.figures import is_number, percent_of, tidy, where_is
from diffing.grounds.found_again import Match, look_again
from diffing.grounds.wording import listing, number, place, plural, shown
from diffing.identity import table_key
from state.document import Table
from state.kinds import Group, Kind, Severity
from state.model import Item

KINDS = (
    Kind(
        "table-rearranged",
        Severity.LOW,
        "a table's figures stand elsewhere in the release: split, merged, turned, long or wide; says N of M",
        group=Group.NEWS,
    ),
)
RANK = 70

LEAST_FIGURES = 5
"""Figures found again below which nothing is said to have been re-arranged."""

FOUND = 0.8
"""Share of the figures of a row, column or table that must be found again for it not to have left."""

FEW = 0.1
"""Share of the figures up to which those that differ were revised; of more, the release is a new one."""

MOSTLY, PART = 0.75, 0.25
"""Share of a table's figures that are found again from which on such a part of a row's is enough."""


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all that left its place and is found again."""
    comparison = evidence.comparison
    if comparison is None:
        return
    yield from _keys_joined(comparison)
    matches = look_again(comparison)
    gone = _held(matches, (fact for match in matches for fact in match.before.facts))
    gone |= _rolled_out(comparison, matches, gone)
    found = [match for match in matches if match.after is not None and gone.intersection(match.before.facts)]
    if len(found) >= LEAST_FIGURES:
        yield _draft(comparison, matches, found, gone)


def _keys_joined(comparison: Comparison) -> Iterator[Draft]:
    """Tables whose rows are all there under a key of another number of columns: year and month became one."""
    for pair in comparison.tables:
        before = [pair.before.columns[column].name for column in pair.before.key]
        after = [pair.after.columns[column].name for column in pair.after.key]
        paired = {column for column, _ in pair.columns}
        if not before or not after or len(before) == len(after) or pair.rows_removed or not pair.rows:
            continue
        if paired.issuperset(pair.before.key):
            continue
        joined = [FactKey("column-added", pair.index, "", str(each)) for each in pair.after.key]
        yield Draft(
            kind="table-rearranged",
            title=f"Rows of {place(pair.after)} are named by {listing(after)}, by {listing(before)} before",
            reason=f"all {number(len(pair.rows))} rows are found again by their names",
            subject=(table_key(pair.after), "key"),
            where=where_is(pair.after),
            items=tuple(Item(column=name) for name in after),
            explains=tuple(joined),
        )


def _held(matches: Sequence[Match], facts: Iterable[FactKey]) -> frozenset[FactKey]:
    """Those of ``facts`` whose figures are found again, nearly all of them.

    Some are enough where the table's are: its rows are named otherwise, and its newest figures revised besides.
    """
    whole = Counter(facts)
    again = Counter(fact for match in matches if match.after is not None for fact in match.before.facts)
    tables = Counter(_place_of(fact) for match in matches for fact in match.before.facts[:1])
    of_table = Counter(_place_of(match.before.facts[0]) for match in matches if match.after is not None)
    mostly = {place for place, count in tables.items() if of_table[place] >= MOSTLY * count}
    return frozenset(
        fact
        for fact, count in whole.items()
        if again[fact] >= (PART if _place_of(fact) in mostly else FOUND) * count
    )


def _rolled_out(comparison: Comparison, matches: Sequence[Match], gone: frozenset[FactKey]) -> frozenset[FactKey]:
    """The oldest period of a window that moved on as it was set anew: one column before all that are found."""
    facts = {fact for match in matches for fact in match.before.facts if fact.subject == "column-removed"}
    found: set[FactKey] = set()
    for index in {fact.table for fact in gone & facts}:
        starts = {fact: start for fact in facts if fact.table == index and (start := _start(comparison, fact))}
        lost = [fact for fact in starts if fact not in gone]
        kept = [starts[fact] for fact in starts if fact in gone]
        if len(lost) == 1 and len(kept) > len(lost) and starts[lost[0]] < min(kept):
            found.update(lost)
    return frozenset(found)


def _start(comparison: Comparison, fact: FactKey) -> dt.date | None:
    pair = next((each for each in comparison.tables if each.index == fact.table), None)
    period = pair.before.columns[int(fact.column)].period if pair is not None and fact.column else None
    return period.start if period is not None else None


def _draft(
    comparison: Comparison, matches: Sequence[Match], found: Sequence[Match], gone: frozenset[FactKey]
) -> Draft:
    touched = {_place_of(fact) for match in found for fact in match.before.facts}
    revised = [match for match in found if match.is_revised]
    same = len(found) - len(revised)
    sought = sum(1 for match in matches if touched.intersection(map(_place_of, match.before.facts)))
    sources = _tables(comparison, (fact for match in found for fact in match.before.facts), before=True)
    targets = _tables(comparison, (fact for match in found for fact in _after(match)), before=False)
    first = sources[0]
    what = place(first) if len(sources) == 1 else plural(len(sources), "table")
    verb = "was" if len(sources) == 1 else "were"
    elsewhere = [table.name for table in targets] != [table.name for table in sources]
    where = f" in {_names(targets)}" if elsewhere else ""
    return Draft(
        kind="table-rearranged",
        title=f"{what} {verb} re-arranged: {number(same)} of {plural(sought, 'figure')} found again{where}"
        + _differing(revised),
        reason=f"{number(same)} of the {number(sought)} figures that left their place stand under the same "
        f"labels elsewhere in the release; {_shape(gone)}",
        subject=tuple(table_key(table) for table in sources[:1]),
        where=where_is(first),
        items=(
            *(_item(match) for match in revised),
            *(Item(table=place(table), sheet=table.sheet, note="figures are here now") for table in targets),
        ),
        severity=Severity.MEDIUM if 0 < len(revised) <= FEW * sought else None,
        explains=tuple(dict.fromkeys((*gone, *_joined(found), *_of_tables(comparison, found)))),
    )


def _differing(revised: Sequence[Match]) -> str:
    """The figures that stand in their place with another value, the first by its name."""
    items = [_item(match) for match in revised]
    if not items:
        return ""
    said = " to ".join(shown(value) for value in (items[0].before, items[0].after))
    return f"; {number(len(items))} differ{'s' if len(items) == 1 else ''}: {items[0].row} from {said}"


def _item(match: Match) -> Item:
    assert match.after is not None
    before, after = match.before.value, match.after.value
    if not is_number(before) or not is_number(after):
        return Item(row=match.before.name, before=before, after=after)
    return Item(
        row=match.before.name,
        before=before,
        after=after,
        difference=tidy(after - before),
        percent=percent_of(before, after),
    )


def _names(tables: Sequence[Table]) -> str:
    return listing([place(table) for table in tables], limit=2)


def _after(match: Match) -> tuple[FactKey, ...]:
    return match.after.facts if match.after is not None else ()


def _tables(comparison: Comparison, facts: Iterable[FactKey], *, before: bool) -> list[Table]:
    """The tables that the facts are about, those of most facts first."""
    counts = Counter(map(_place_of, facts))
    found = []
    for (whole, index), _ in counts.most_common():
        document = comparison.before if before else comparison.after
        pair = None if whole else comparison.tables[index]
        found.append(document.tables[index] if pair is None else pair.before if before else pair.after)
    return found


def _joined(found: Sequence[Match]) -> list[FactKey]:
    """What joined and holds the figures that were found again."""
    return list(dict.fromkeys(fact for match in found for fact in _after(match)))


def _of_tables(comparison: Comparison, found: Sequence[Match]) -> Iterator[FactKey]:
    """What goes with it: a table that was divided is titled by its part, labels stand in other columns."""
    for index in {fact.table for match in found for fact in match.before.facts if fact.subject != "table-removed"}:
        pair = comparison.tables[index]
        yield pair.title_fact()
        for way, columns, key in (
            ("removed", pair.columns_removed, pair.before.key),
            ("added", pair.columns_added, pair.after.key),
        ):
            yield from (FactKey(f"column-{way}", index, "", str(column)) for column in columns if column in key)


def _place_of(fact: FactKey) -> tuple[bool, int]:
    """The table that left, or the pair, that a fact is about."""
    return fact.subject.startswith("table-"), fact.table


def _shape(gone: frozenset[FactKey]) -> str:
    kinds = Counter(fact.subject.partition("-")[0] for fact in gone)
    parts = [plural(kinds[kind], kind) for kind in ("table", "column", "row") if kinds[kind]]
    return f"{listing(parts)} moved"
