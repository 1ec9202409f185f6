"""Definitions, stated dates and metadata of two releases."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import product, zip_longest
from typing import Final

from diffing.comparing.alignment.assignment import assign
from diffing.comparing.alignment.likeness import dice, respelt, words_of
from diffing.comparing.model import DateChange, DefinitionChange
from diffing.identity import row_key, title_key
from diffing.values import normalise
from state.document import Definition, StatedDate

PAIRS_MOST: Final = 10_000
"""Pairs of definitions of one term, or of re-spelt terms, weighed at the most; above, none is paired."""

LIKE_ENOUGH: Final = 0.55
"""Likeness (share of common words, and up to 0.2 for the same place) from which two of several definitions of one
term are one, reworded."""


def compare_definitions(before: Sequence[Definition], after: Sequence[Definition]) -> tuple[DefinitionChange, ...]:
    """Terms whose wording differs in its words, and terms that came or went.

    A re-spelt term is the same; a definition that is printed more or less often is no change.
    """
    left, right = dict(enumerate(before)), dict(enumerate(after))
    _pair_groups(left, right, _meaning)
    pairs = _pair_groups(left, right, lambda one: row_key(one.term))
    pairs += _pair_groups(left, right, _long_wording)
    pairs += _pair_respelt(left, right)
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


def _long_wording(definition: Definition) -> tuple[str, ...] | None:
    """The words of a wording that is long enough to be no other's, else None."""
    words = words_of(definition.wording)
    return words if len(words) >= 4 else None


def _differs(before: Definition, after: Definition) -> bool:
    if words_of(before.wording) != words_of(after.wording):
        return True
    return not respelt(before.term, after.term)


def _pair_groups(
    left: dict[int, Definition],
    right: dict[int, Definition],
    form: Callable[[Definition], Hashable],
) -> list[tuple[int, int]]:
    """Definitions of one form, taken out of both sides; of several, those of the likest wording and place."""
    groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, definitions in enumerate((left, right)):
        for index, definition in definitions.items():
            groups[form(definition)][side].append(index)
    scores = {}
    for mark, (lefts, rights) in groups.items():
        if mark is None or len(lefts) * len(rights) > PAIRS_MOST:
            continue
        lone = len(lefts) == len(rights) == 1
        for i, j in product(lefts, rights):
            alike = _likeness(left[i], right[j])
            if lone or alike >= LIKE_ENOUGH:
                scores[(i, j)] = alike + 0.01
    return _take(left, right, assign(scores))


def _pair_respelt(left: dict[int, Definition], right: dict[int, Definition]) -> list[tuple[int, int]]:
    """Definitions whose terms are one in two spellings, taken out of both sides."""
    if len(left) * len(right) > PAIRS_MOST:
        return []
    scores = {
        (i, j): _likeness(left[i], right[j]) + 0.01
        for i, j in product(left, right)
        if row_key(left[i].term) != row_key(right[j].term) and respelt(left[i].term, right[j].term)
    }
    return _take(left, right, assign(scores))


def _take(
    left: dict[int, Definition], right: dict[int, Definition], pairs: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    for i, j in pairs:
        del left[i], right[j]
    return pairs


def _likeness(before: Definition, after: Definition) -> float:
    place = (before.where.sheet == after.where.sheet) + (before.where.section == after.where.section)
    return dice(words_of(before.wording), words_of(after.wording)) + 0.1 * place


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
