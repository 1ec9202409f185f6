"""Texts of two releases, sentence by sentence: what came, went or changed its words; moving is no change."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from msgspec import Struct

from diffing.comparing.alignment.assignment import assign
from diffing.comparing.alignment.likeness import dice, words_of
from diffing.comparing.model import TextChange
from diffing.identity import title_key
from diffing.sentences import split_sentences
from state.document import Block

LIKE_ENOUGH: Final = 0.5
"""Share of common words from which a sentence that left and one that came are one, edited."""

PAIRS_MOST: Final = 40_000
"""Pairs of sentences weighed at the most."""

CANDIDATES_MOST: Final = 10
"""Candidates weighed for one sentence at the most."""

COMMON_MOST: Final = 40
"""Sentences that may share a word before it says nothing about which sentence is meant."""

_MASK: Final = re.compile(
    r"\b(?:eo)?fy\s?'?\d{2,4}\b|\b(?:ytd|q[1-4])\b|\d+(?:[.,:/-]\d+)*"
    r"|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_ENUMERATOR: Final = re.compile(r"^\s*(?:\[\w{1,3}\]|\(?\d{1,2}[.)](?=\s)|\d{1,2}(?=[^\W\d_]{2})|[*†‡§]+)\s*")


class TextChanges(Struct, frozen=True):
    """What differs; ``moved`` where a sentence stands elsewhere with the same words."""

    changes: tuple[TextChange, ...]
    moved: bool


class _Sentence(Struct, frozen=True):
    """A sentence with its words and the section it stands in, in comparison form."""

    text: str
    bare: str  # without the number of a footnote
    words: tuple[str, ...]
    section: str
    block: Block

    @property
    def masked(self) -> tuple[str, ...]:
        """Its words with numbers and dates masked, which only sentences that changed are asked for."""
        return _masked_words(self.bare)


def compare_texts(before: Sequence[Block], after: Sequence[Block]) -> TextChanges:
    """Sentences that came, went or changed, as multisets by section.

    A sentence that moved to another section is no change, nor is one that is printed more or less often.
    Punctuation, spacing, case and the number of a footnote ("[2]", "3.") are no change. A sentence that
    left is paired with one that came if they differ only in numbers and dates, else if they are alike in
    words; the rest vanished or was added.
    """
    sentences_before, sentences_after = _sentences(before), _sentences(after)
    left, right = dict(enumerate(sentences_before)), dict(enumerate(sentences_after))
    still = _take_equal(left, right, lambda one: (one.section, one.words))
    elsewhere = _take_equal(left, right, lambda one: one.words)
    copies = _drop_copies(left, sentences_after) + _drop_copies(right, sentences_before)
    changed = _take_equal(left, right, lambda one: (one.section, one.masked))
    changed += _take_equal(left, right, lambda one: one.masked)
    changed += _take_alike(left, right)
    return TextChanges(
        changes=_changes(sentences_before, sentences_after, changed, sorted(left), sorted(right)),
        moved=bool(elsewhere or copies) or _crosses(sorted(still)),
    )


def _sentences(blocks: Iterable[Block]) -> list[_Sentence]:
    sentences = []
    for block in blocks:
        section = title_key(" / ".join((block.sheet or "", *block.heading)))
        texts = [block.text.strip()] if block.kind == "heading" else split_sentences(block.text)
        for text in texts:
            bare = _ENUMERATOR.sub("", text)
            words = words_of(bare)
            if words:
                sentences.append(_Sentence(text, bare, words, section, block))
    return sentences


@lru_cache(maxsize=8192)
def _masked_words(sentence: str) -> tuple[str, ...]:
    """The words of a sentence with its numbers and dates masked."""
    return words_of(_MASK.sub(" # ", sentence.casefold()))


def _take_equal(
    left: dict[int, _Sentence], right: dict[int, _Sentence], form: Callable[[_Sentence], object]
) -> list[tuple[int, int]]:
    """Pairs of sentences of equal form, in the order in which they stand, taken out of both sides."""
    waiting: dict[object, list[int]] = defaultdict(list)
    for j in sorted(right, reverse=True):
        waiting[form(right[j])].append(j)
    pairs = [(i, places.pop()) for i in sorted(left) if (places := waiting.get(form(left[i])))]
    for i, j in pairs:
        del left[i], right[j]
    return pairs


def _drop_copies(lone: dict[int, _Sentence], others: Iterable[_Sentence]) -> int:
    """Drop from ``lone`` what still stands somewhere among ``others``; returns how many."""
    standing = {sentence.words for sentence in others}
    copies = [index for index, sentence in lone.items() if sentence.words in standing]
    for index in copies:
        del lone[index]
    return len(copies)


def _take_alike(left: dict[int, _Sentence], right: dict[int, _Sentence]) -> list[tuple[int, int]]:
    """Pairs that are alike in their words, by the best assignment, taken out of both sides."""
    scores = {}
    for i, j in _candidates(left, right):
        one, other = left[i], right[j]
        alike = dice(one.masked, other.masked)
        if alike >= LIKE_ENOUGH:
            scores[(i, j)] = alike + (0.2 if one.section == other.section else 0.0)
    pairs = assign(scores)
    for i, j in pairs:
        del left[i], right[j]
    return pairs


def _candidates(left: dict[int, _Sentence], right: dict[int, _Sentence]) -> Iterable[tuple[int, int]]:
    if not left or not right:
        return
    if len(left) * len(right) <= 2_500:
        yield from ((i, j) for i in left for j in right)
        return
    holders: dict[str, list[int]] = defaultdict(list)
    for j, sentence in right.items():
        for word in set(sentence.masked):
            holders[word].append(j)
    most = max(1, min(CANDIDATES_MOST, PAIRS_MOST // len(left)))
    for i, sentence in left.items():
        votes: Counter[int] = Counter()
        for word in set(sentence.masked):
            found = holders.get(word, ())
            if len(found) <= COMMON_MOST:
                votes.update(found)
        yield from ((i, j) for j, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:most])


def _changes(
    before: Sequence[_Sentence],
    after: Sequence[_Sentence],
    changed: Sequence[tuple[int, int]],
    gone: Sequence[int],
    come: Sequence[int],
) -> tuple[TextChange, ...]:
    """Changed and vanished sentences in the order of before, then added ones in the order of after."""
    sides: list[tuple[int | None, int | None]] = [*changed, *((i, None) for i in gone)]
    sides.sort(key=lambda pair: pair[0] or 0)
    sides += [(None, j) for j in come]
    changes = []
    for index, (i, j) in enumerate(sides):
        one, other = (None if i is None else before[i]), (None if j is None else after[j])
        shown = other or one
        assert shown is not None
        changes.append(
            TextChange(
                index=index,
                section=" / ".join(shown.block.heading) or shown.block.sheet or "",
                before=one.text if one else None,
                after=other.text if other else None,
                block=shown.block,
            )
        )
    return tuple(changes)


def _crosses(pairs: Sequence[tuple[int, int]]) -> bool:
    return any(earlier[1] > later[1] for earlier, later in pairwise(pairs))
