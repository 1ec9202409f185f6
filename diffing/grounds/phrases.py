"""Sentences as a careful reader compares them: which words moved, once dates and running figures are set aside."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from diffing.comparing.model import Comparison
from diffing.grounds.passages import prose_of
from diffing.values import normalise
from state.document import Document

LONGEST_DIFF = 1500
"""Words a side above which words are compared as a bag, so that no text makes the comparison quadratic."""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATES = re.compile(
    r"(?<![\d/.-])[\dx]{1,3}[/.\-][\dx]{1,3}[/.\-][\dx]{2,4}(?![\d/-])|"
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    rf"(?:{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:of )?\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}\.?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th) (?:of )?{_MONTH}"
    rf"|\d{{1,2}} (?!may\b|mar\b){_MONTH}"
    rf"|{_MONTH}\.? \d{{4}}|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?"
    r"|\d{4}-\d{2}-\d{2}(?:t[\d:.]+z?)?"
    r"|eo?fy ?'?\d{2,4}|fy ?'?\d{2,4}|fiscal years? \d{4}|f?ytd|\d{4} ?q[1-4]|q[1-4](?: \d{4})?"
    r"|(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter|quarter [1-4]|(?:19|20)\d{2}"
    r"|\d{1,2}:\d{2}(?: ?[ap]\.?m\b\.?)?(?: e[ds]?t)?)(?!\w)"
)
_PERHAPS_DATED = re.compile(r"\d|x[/.\-]|ytd|quarter")
"""Some of it is in everything that ``_DATES`` matches."""

_DATES_AS_PUBLISHED = re.compile(_DATES.pattern, re.IGNORECASE)
_BARE_MONTH = re.compile(rf"\b(?!may\b|mar\b){_MONTH}\b")
_RUNNING = re.compile(r"\$? ?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?|\$? ?\d+\.\d+%?|\$ ?\d+|\d{4,}|\d+ ?%")
_NUMBER = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_SMALL_WORDS = "a an the of in on at to by as is are was were be been that which this these its it their"
_SMALL = frozenset(_SMALL_WORDS.split())
_PUNCTUATION = re.compile(r"[^\w\s#@'-]|(?<!\w)['-]|['-](?!\w)|_")
_REPEATED = re.compile(r"([#@])(?: \1)+")
_STAMP = re.compile(
    r"^(?:page |content |site )?(?:last |date )?"
    r"(?:updated|reviewed|modified|published|posted|revised|generated|refreshed|retrieved|edited)\b"
    r"|^(?:current )?as of\b"
)
_COOKIES = re.compile(
    r"\b(?:uses? (?:of )?cookies|cookie (?:policy|settings|preferences|notice)|accept (?:all )?cookies)\b"
)
_CHROME = re.compile(
    r"^(?:archived|print|share|tweet|email|back to top|skip to|read more|learn more|home|menu|search|close"
    r"|next|previous|page|download)\b|\b(?:views|visitors|visits|shares|likes|hits|downloads|comments|followers)$"
    r"|^(?:this (?:page|site) (?:has been |was )?)?(?:viewed|visited|downloaded|read|shared|seen) .{0,12}times?$"
    r"|^(?:viewed|visited|downloaded|read|shared|seen) (?:times?|by)\b"
    r"|^(?:viewed|visited|downloaded|shared|liked|read)(?: times)?$"
)


class Moves(NamedTuple):
    """Runs of words that left and came, as published."""

    left: tuple[str, ...]
    came: tuple[str, ...]

    @property
    def told(self) -> str:
        """The moves in words: “a”, “b” became “c”."""
        left, came = (", ".join(f"“{_bare(run)}”" for run in side[:6]) for side in (self.left, self.came))
        if left and came:
            return f"{left} became {came}"
        return f"without {left}" if left else f"now with {came}"


def _bare(run: str) -> str:
    """A run of words without the punctuation that it happened to stand before."""
    return run.strip(" .,;:") or run


@lru_cache(maxsize=20_000)
def essence(text: str) -> str:
    """``text`` in comparison form with dates (``@``) and running figures (``#``) masked, punctuation dropped.

    Small whole numbers stay, since "two or more" and "within 90 days" are what a text says.
    """
    plain = _BARE_MONTH.sub(" @ ", _without_dates(normalise(text)))
    return _tidy(_RUNNING.sub(" # ", plain) if _DIGIT.search(plain) else plain)


@lru_cache(maxsize=20_000)
def mask(text: str) -> str:
    """``essence`` with every number masked: texts with the same mask differ in figures and dates alone."""
    return _tidy(_NUMBER.sub(" # ", essence(text)))


def _without_dates(plain: str) -> str:
    """A text in comparison form with every date replaced by ``@``; most have none to look for."""
    return _DATES.sub(" @ ", plain) if _PERHAPS_DATED.search(plain) else plain


def _tidy(text: str) -> str:
    flat = " ".join(_PUNCTUATION.sub(" ", text).split())
    return _REPEATED.sub(r"\1", flat)


def is_stamp(text: str) -> bool:
    """Whether a text is the line in which a page says when it was updated, reviewed or published."""
    return _STAMP.search(" ".join(content_words(text))) is not None


def mended(before: str, after: str) -> bool:
    """Whether two texts differ in typing errors alone: long words one letter apart, each for another.

    Words of which one denies the other (legal, illegal) begin otherwise, and numbers are no words.
    """
    moved = moves(before, after)
    left, came = (" ".join(side).split() for side in moved)
    pairs = [(_word_key(one), _word_key(other)) for one, other in zip(left, came, strict=False)]
    return bool(pairs) and len(left) == len(came) and all(_is_slip(one, other) for one, other in pairs)


def _is_slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST_MENDED or one[0] != other[0] or not (one + other).isalpha():
        return False
    if one.rstrip("s") == other.rstrip("s") or sorted(one) == sorted(other):
        return True
    short, long = sorted((one, other), key=len)
    same = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(long) == len(short):
        return False  # another letter makes another word as often
    return len(long) - len(short) == 1 and short[same:] == long[same + 1 :]


SHORTEST_MENDED = 6
"""Letters of a word from which on one letter more or less is a slip of the pen."""


def content_words(text: str) -> list[str]:
    """The words of ``text`` in comparison form, masked figures and dates left out."""
    return [word for word in mask(text).split() if word not in "#@"]


def gist(text: str) -> Counter[str]:
    """The words of weight in ``text`` with their counts: small words and plural endings apart."""
    return Counter(
        word.removesuffix("s") if len(word) > 3 else word
        for word in essence(text).split()
        if word not in _SMALL and word not in "#@"
    )


def is_trivial(text: str) -> bool:
    """Whether losing or gaining ``text`` means nothing: a date, a counter of views, navigation, a stray label."""
    words = content_words(text)
    if words and "#" in essence(text) and not _CHROME.search(" ".join(words)):
        return False  # it gives a figure
    if len(words) < 3:
        return True
    line = " ".join(words)
    if len(words) <= 30 and _COOKIES.search(line):
        return True
    if len(words) <= 4 and _CHROME.search(line):
        return True
    return len(words) <= 8 and _STAMP.search(line) is not None


def moves(before: str, after: str) -> Moves:
    """The runs of words that differ between two texts; case, punctuation and spacing apart."""
    left, right = before.split(), after.split()
    keys_left, keys_right = ([_word_key(word) for word in side] for side in (left, right))
    if max(len(left), len(right)) > LONGEST_DIFF:
        return _bag_moves(left, right)
    gone, come = [], []
    matcher = difflib.SequenceMatcher(None, keys_left, keys_right, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal" and keys_left[i1:i2] != keys_right[j1:j2]:
            gone.append(" ".join(left[i1:i2]))
            come.append(" ".join(right[j1:j2]))
    return _without_moved(list(filter(None, gone)), list(filter(None, come)))


def _without_moved(gone: list[str], come: list[str]) -> Moves:
    """The runs without those that left one place and came to another."""
    left, right = ([_run_key(run) for run in side] for side in (gone, come))
    return Moves(
        tuple(run for run, key in zip(gone, left, strict=True) if key not in right),
        tuple(run for run, key in zip(come, right, strict=True) if key not in left),
    )


def _run_key(run: str) -> str:
    return " ".join(_word_key(word) for word in run.split())


def _word_key(word: str) -> str:
    key = normalise(word).strip(".,;:!?()[]\"'“”’*")
    return key or word


def _bag_moves(left: list[str], right: list[str]) -> Moves:
    counts_left, counts_right = Counter(map(_word_key, left)), Counter(map(_word_key, right))
    return Moves(
        tuple(sorted((counts_left - counts_right).elements())),
        tuple(sorted((counts_right - counts_left).elements())),
    )


def likeness(before: str, after: str) -> float:
    """Share of words that two texts have in common, 0 to 1, figures and dates apart."""
    left, right = Counter(content_words(before)), Counter(content_words(after))
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 1.0


def texts_of(document: Document, *, definitions: bool = True) -> Iterator[str]:
    """Every stretch of prose that a reader sees: headings, blocks, definitions, and what tables say in words.

    Notes of tables and definitions may stand among the blocks as well; ``definitions=False`` leaves out what does.
    """
    yield document.title
    yield document.headline
    for block in document.blocks:
        yield block.text
    for table in document.tables:
        yield table.name
        if definitions:
            yield from table.notes
            yield from prose_of(table)
    if definitions:
        for definition in document.definitions:
            yield f"{definition.term} {definition.wording}"


def stands_in(text: str, *, masked: str) -> bool:
    """Whether ``text`` is found in ``masked``, the joined masks of a document; spaces apart."""
    return mask(text).replace(" ", "") in masked


def joined_mask(document: Document) -> str:
    """All prose of a document masked, for ``stands_in``."""
    return "|".join(mask(text).replace(" ", "") for text in texts_of(document) if text)


def without_dates(text: str) -> str:
    """``text`` as published with every date replaced by ``@``."""
    return _DATES_AS_PUBLISHED.sub("@", text)


def undated(text: str) -> str:
    """``text`` in comparison form with dates masked and figures kept."""
    return _tidy(_BARE_MONTH.sub(" @ ", _without_dates(normalise(text))))


def said_differently(comparison: Comparison) -> bool:
    """Whether anything that a reader takes away differs: not dates, counters, places or navigation words."""
    return bool(tables_differ(comparison) or comparison.links or _prose_differs(comparison))


def tables_differ(comparison: Comparison) -> bool:
    """Whether tables or definitions differ, in what they hold or in how that is called."""
    tables = comparison.tables_removed or comparison.tables_added or comparison.definitions
    pairs = any(
        (pair.cells, pair.rows_removed, pair.rows_added, pair.columns_removed, pair.columns_added)
        != ((), (), (), (), ())
        or pair.columns_renamed
        or pair.rows_renamed
        for pair in comparison.tables
    )
    return bool(tables or pairs)


def _prose_differs(comparison: Comparison) -> bool:
    before, after = comparison.before, comparison.after
    sides = [
        (before.headline, after.headline),
        (before.title, after.title),
        *((change.before or "", change.after or "") for change in comparison.texts),
    ]
    return any(
        undated(left) != undated(right)
        and (_is_count(left, right) or not (is_trivial(left or right) and is_trivial(right or left)))
        for left, right in sides
    )


def _is_count(before: str, after: str) -> bool:
    """Whether a text is nothing but a figure, and one of three digits or more: cards of a page show such."""
    return all(_COUNT.fullmatch(text.strip()) is not None for text in (before, after))


_COUNT = re.compile(r"[-+$€£]?\s?(?!(?:19|20)\d\d$)\d[\d,. ]*\d\d\s?%?|\d+(?:[.,]\d+)?\s?%")
