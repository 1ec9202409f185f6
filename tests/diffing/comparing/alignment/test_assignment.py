"""The best pairing of two sets."""

import time
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from diffing.comparing.alignment.assignment import OPTIMAL_MOST, assign

SCORES = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(1, 9).map(float), max_size=20
)


def best_by_trying(scores):
    lefts, rights = range(6), range(6)
    return max(
        sum(scores.get(pair, 0.0) for pair in zip(lefts, order, strict=True)) for order in permutations(rights)
    )


@given(SCORES)
def test_no_other_pairing_scores_more(scores):
    pairs = assign(scores)
    assert len({left for left, _ in pairs}) == len({right for _, right in pairs}) == len(pairs)
    assert sum(scores[pair] for pair in pairs) == best_by_trying(scores)


@given(SCORES)
def test_swapping_the_sides_scores_the_same(scores):
    turned = {(right, left): score for (left, right), score in scores.items()}
    assert sum(turned[pair] for pair in assign(turned)) == sum(scores[pair] for pair in assign(scores))


def test_the_first_match_gives_way_to_the_best_whole():
    assert assign({(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.85}) == [(0, 1), (1, 0)]


def test_nothing_to_pair():
    assert assign({}) == []


def test_a_huge_group_is_paired_best_first_and_soon():
    size = 4 * OPTIMAL_MOST
    scores = {(left, right): 1.0 / (1 + abs(left - right)) for left in range(size) for right in range(size)}
    start = time.process_time()
    assert assign(scores) == [(index, index) for index in range(size)]
    assert time.process_time() - start < 5
