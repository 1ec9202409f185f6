"""Definitions, stated dates and metadata of two releases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Final

from diffing.assignment import assign
from diffing.facts import DateChange, DefinitionChange
from diffing.identity import row_key, title_key
from diffing.likeness import dice, respelt, words_of
from diffing.values import normalise
from state.document import Definition, StatedDate

PAIRS_MOST: Final = 10_000
"""Pairs of definitions, or of dates of one role, weighed at the most; above, they are paired in order."""


def compare_definitions(before: Sequence[Definition], after: Sequence[Definition]) -> tuple[DefinitionChange, ...]:
    """Terms whose wording differs in its words, and terms that came or went.

    A re-spelt term is the same; a definition that is printed more or less often is no change.
    """
    left, right = dict(enumerate(before)), dict(enumerate(after))
    pairs: list[tuple[int, int]] = []
    for same in (_same_term, _re_spelt_term, _same_wording):
        found = _pair_definitions(left, right, same)
        pairs += found
        for i, j in found:
            del left[i], right[j]
    changes: list[tuple[Definition | None, Definition | None]] = [
        (before[i], after[j]) for i, j in sorted(pairs) if _differs(before[i], after[j])
    ]
    standing_before, standing_after = _standing(before), _standing(after)
    changes += [(one, None) for one in left.values() if _meaning(one) not in standing_after]
    changes += [(None, one) for one in right.values() if _meaning(one) not in standing_before]
    return tuple(DefinitionChange(index, *sides) for index, sides in enumerate(changes))


def compare_dates(before: Sequence[StatedDate], after: Sequence[StatedDate]) -> tuple[DateChange, ...]:
    """Stated dates that came, went or moved, by their role and place."""
    left, right = _dates_by_place(before), _dates_by_place(after)
    changes: list[tuple[StatedDate | None, StatedDate | None]] = []
    for place in [*left, *(place for place in right if place not in left)]:
        changes += _changed_dates(left.get(place, []), right.get(place, []))
    return tuple(DateChange(index, *sides) for index, sides in enumerate(changes))


def compare_metadata(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[tuple[str, str | None, str | None], ...]:
    """Metadata that differ: name, before, after. Ascending by name."""
    return tuple(
        (name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if normalise(before.get(name, "")) != normalise(after.get(name, ""))
    )


def _standing(definitions: Sequence[Definition]) -> frozenset[tuple[str, tuple[str, ...]]]:
    return frozenset(map(_meaning, definitions))


def _meaning(definition: Definition) -> tuple[str, tuple[str, ...]]:
    return row_key(definition.term), words_of(definition.wording)


def _same_term(before: Definition, after: Definition) -> bool:
    return row_key(before.term) == row_key(after.term)


def _re_spelt_term(before: Definition, after: Definition) -> bool:
    return respelt(before.term, after.term)


def _same_wording(before: Definition, after: Definition) -> bool:
    words = words_of(before.wording)
    return len(words) >= 4 and words == words_of(after.wording)


def _differs(before: Definition, after: Definition) -> bool:
    if words_of(before.wording) != words_of(after.wording):
        return True
    return not respelt(before.term, after.term)


def _pair_definitions(
    left: Mapping[int, Definition],
    right: Mapping[int, Definition],
    same: Callable[[Definition, Definition], bool],
) -> list[tuple[int, int]]:
    """Definitions that ``same`` takes for one; of several, those of the likest wording and place."""
    if len(left) * len(right) > PAIRS_MOST:
        return _pair_in_order(left, right)
    scores = {}
    for i, one in left.items():
        for j, other in right.items():
            if same(one, other):
                place = (one.where.sheet == other.where.sheet) + (one.where.section == other.where.section)
                scores[(i, j)] = 1 + dice(words_of(one.wording), words_of(other.wording)) + 0.1 * place
    return assign(scores)


def _pair_in_order(left: Mapping[int, Definition], right: Mapping[int, Definition]) -> list[tuple[int, int]]:
    """Definitions of the same term, in the order in which they stand."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for j in sorted(right, reverse=True):
        waiting[row_key(right[j].term)].append(j)
    return [(i, places.pop()) for i, one in sorted(left.items()) if (places := waiting.get(row_key(one.term)))]


def _dates_by_place(dates: Sequence[StatedDate]) -> dict[tuple[str, ...], list[StatedDate]]:
    places: dict[tuple[str, ...], list[StatedDate]] = defaultdict(list)
    for stated in dates:
        where = stated.where
        names = (where.sheet, where.table, where.column, where.row, where.section)
        places[(stated.role, *(title_key(name or "") for name in names))].append(stated)
    return places


def _changed_dates(
    before: list[StatedDate], after: list[StatedDate]
) -> list[tuple[StatedDate | None, StatedDate | None]]:
    """The dates of one place that differ, those that stayed left out, the rest in order."""
    stayed = Counter(map(_date_mark, before)) & Counter(map(_date_mark, after))
    left, right = _all_but(before, stayed), _all_but(after, stayed)
    return list(zip_longest(left, right))


def _all_but(dates: list[StatedDate], stayed: Counter[tuple[object, bool]]) -> list[StatedDate]:
    to_skip = Counter(stayed)
    rest = []
    for stated in dates:
        if to_skip[_date_mark(stated)] > 0:
            to_skip[_date_mark(stated)] -= 1
        else:
            rest.append(stated)
    return rest


def _date_mark(stated: StatedDate) -> tuple[object, bool]:
    """What makes two stated dates of one place the same: the day, else the words; and whether it is flawed."""
    return (stated.date or normalise(stated.text), stated.flaw is not None)
