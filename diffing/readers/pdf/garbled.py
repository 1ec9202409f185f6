"""Text that is none: a font that no longer says which character each of its shapes is.

Such a page looks as ever, and what programs find on it are other letters, marks and controls. It is told by what
no language does: words with marks in their middle or capitals after small letters, words without a vowel,
characters that stand for nothing. Figures and codes say neither, and another script is never suspected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from diffing.readers.pdf.shapes import Word

_LEAST_CHARACTERS = 60  # of words that tell; fewer prove nothing
_MOSTLY = 0.6  # of the characters of words that tell
_FEW_VOWELS = 0.2  # of the Latin letters: no language that is written in them has so few (Czech: 0.36)
_LEAST_LETTERS = 120
_NOTHING = 0.3  # of all characters: controls, replacements, private use
_LEAST_WORD = 4
_SAMPLE = 150  # words, spread over the page
_VOWELS = frozenset("aeiouy")
_INSIDE = re.compile(
    r"(?<=[^\W_])(?:[^\w\s]*[!#$?;<>^~{}|\\\"=][^\w\s]*|(?=[^\w\s]*[/,:&@+*%'])[^\w\s]{3,})(?=[^\W_])"
)
_CAPITAL_AFTER_SMALL = re.compile(r"[a-zà-ÿ](?=[A-ZÀ-Þ])")
_ADDRESS = re.compile(r"://|www\.|@|\.\w{2,4}/|_")


def is_garbled(words: Sequence[Word]) -> bool:
    """Whether the words of a page make no sense as text of any language."""
    texts = [word.text for word in words[:: max(1, len(words) // _SAMPLE)]]
    characters = sum(map(len, texts))
    if characters >= _LEAST_CHARACTERS and sum(map(_stand_for_nothing, texts)) >= _NOTHING * characters:
        return True
    odd = sound = latin = vowels = 0
    for text in texts:
        if len(text) < _LEAST_WORD or _ADDRESS.search(text):
            continue
        letters = _latin_letters(text)
        if 2 * len(letters) <= sum(map(str.isalpha, text)):
            sound += len(text) if any(map(str.isalpha, text)) else 0
            continue
        count = sum(letter in _VOWELS for letter in letters)
        latin, vowels = latin + len(letters), vowels + count
        if _is_odd(text, len(letters), count):
            odd += len(text)
        elif count:
            sound += len(text)
    if latin >= _LEAST_LETTERS and vowels < _FEW_VOWELS * latin and sound < 2 * latin:
        return True
    return odd + sound >= _LEAST_CHARACTERS and odd >= _MOSTLY * (odd + sound)


def _is_odd(text: str, letters: int, vowels: int) -> bool:
    if letters >= 5 and not vowels:
        return True
    return bool(_INSIDE.search(text)) or len(_CAPITAL_AFTER_SMALL.findall(text)) >= 2


def _latin_letters(text: str) -> str:
    """The letters of the Latin alphabet in ``text``, without what stands above and below them."""
    if text.isascii():
        return "".join(filter(str.isalpha, text.lower()))
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def _stand_for_nothing(text: str) -> int:
    return 0 if text.isascii() else sum(unicodedata.category(c) in ("Co", "Cn", "Cc") or c == "�" for c in text)
