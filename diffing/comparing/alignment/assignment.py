"""The best pairing of two sets, given scores: optimal where that is cheap, best-first where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

Scores: TypeAlias = Mapping[tuple[int, int], float]
"""Score of pairing a left with a right item, above 0; pairs that must not be are absent."""

OPTIMAL_MOST: Final = 150
"""Items on the larger side of a connected group above which pairing is best-first (cost grows as n³)."""


def assign(scores: Scores) -> list[tuple[int, int]]:
    """Pairs (left, right), each item at most once, whose scores add up to the most. Ascending by left.

    Groups that share no item are solved apart; a group larger than ``OPTIMAL_MOST`` is paired best score
    first. The result mirrors when left and right are swapped.
    """
    pairs: list[tuple[int, int]] = []
    for group in _connected(scores):
        lefts = sorted({left for left, _ in group})
        rights = sorted({right for _, right in group})
        if len(lefts) == 1 or len(rights) == 1 or max(len(lefts), len(rights)) > OPTIMAL_MOST:
            pairs += _best_first(group)
        else:
            pairs += _optimal(group, lefts, rights)
    return sorted(pairs)


def _connected(scores: Scores) -> list[dict[tuple[int, int], float]]:
    """The scores split into groups that share no item."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(item: tuple[str, int]) -> tuple[str, int]:
        parent.setdefault(item, item)
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for left, right in scores:
        parent[root(("left", left))] = root(("right", right))
    groups: dict[tuple[str, int], dict[tuple[int, int], float]] = {}
    for (left, right), score in scores.items():
        groups.setdefault(root(("left", left)), {})[(left, right)] = score
    return list(groups.values())


def _best_first(scores: Scores) -> list[tuple[int, int]]:
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    pairs = []
    order = sorted(scores, key=lambda pair: (-scores[pair], sum(pair), min(pair), pair))
    for left, right in order:
        if left not in taken_left and right not in taken_right:
            taken_left.add(left)
            taken_right.add(right)
            pairs.append((left, right))
    return pairs


def _optimal(scores: Scores, lefts: list[int], rights: list[int]) -> list[tuple[int, int]]:
    """The Hungarian method on a matrix with the smaller side as rows; absent pairs score 0 and are dropped."""
    if _wide_first(scores, lefts, rights):
        turned = {(right, left): score for (left, right), score in scores.items()}
        return [(left, right) for right, left in _optimal(turned, rights, lefts)]
    costs = [[-scores.get((left, right), 0.0) for right in rights] for left in lefts]
    chosen = _least_cost(costs)
    pairs = [(lefts[row], rights[column]) for row, column in enumerate(chosen)]
    return [pair for pair in pairs if pair in scores]


def _wide_first(scores: Scores, lefts: list[int], rights: list[int]) -> bool:
    """Whether to turn the matrix, so that a problem and its mirror image are solved the same way."""
    if len(lefts) != len(rights):
        return len(lefts) > len(rights)
    straight = [scores.get((left, right), 0.0) for left in lefts for right in rights]
    turned = [scores.get((left, right), 0.0) for right in rights for left in lefts]
    return turned < straight


def _least_cost(costs: list[list[float]]) -> list[int]:
    """The column of each row in the assignment of least cost; no more rows than columns.

    Shortest augmenting paths with potentials (Kuhn 1955, Jonker and Volgenant 1987), rows²·columns steps.
    """
    width = len(costs[0])
    row_potential = [0.0] * (len(costs) + 1)
    column_potential = [0.0] * (width + 1)
    row_of = [0] * (width + 1)  # counted from 1; 0 is free
    for row in range(1, len(costs) + 1):
        row_of[0] = row
        came_from = _augment(costs, row_potential, column_potential, row_of)
        column = came_from.pop()
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    chosen = [0] * len(costs)
    for column in range(1, width + 1):
        if row_of[column]:
            chosen[row_of[column] - 1] = column - 1
    return chosen


def _augment(
    costs: list[list[float]],
    row_potential: list[float],
    column_potential: list[float],
    row_of: list[int],
) -> list[int]:
    """The shortest path to a free column: the column before each, and at the end the free one."""
    width = len(column_potential) - 1
    least = [float("inf")] * (width + 1)
    came_from = [0] * (width + 1)
    seen = [False] * (width + 1)
    column = 0
    while row_of[column]:
        seen[column] = True
        row = row_of[column]
        line, base = costs[row - 1], row_potential[row]
        nearest, step = 0, float("inf")
        for other in range(1, width + 1):
            if seen[other]:
                continue
            reduced = line[other - 1] - base - column_potential[other]
            if reduced < least[other]:
                least[other], came_from[other] = reduced, column
            if least[other] < step:
                nearest, step = other, least[other]
        for other in range(width + 1):
            if seen[other]:
                row_potential[row_of[other]] += step
                column_potential[other] -= step
            else:
                least[other] -= step
        column = nearest
    return [*came_from, column]
