"""Whether a text speaks of the machinery that should have brought a document, and of hardly anything else.

Walls differ in their words and agree in their matter: the site, the server, the browser, the request, the session
and what the reader has to do about it. A document, however short, says something of the world: a figure, a date, a
name, a sentence in which nothing of that machinery occurs. So what counts is how much of a text is such talk, in
the languages of most publishers, and not which sentence it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from watchers.classify.machinery_words import ADDRESSES, ENDS, HINDERS, OF_THE_MACHINE, THINGS, TOUCHES, TRACE

_FIGURE: Final = re.compile(r"\d")
_END: Final = re.compile(r"(?<=[.!?…؟])\s+|(?<=[。！？])|\n+|\s[|•·]\s")
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{1,2}|\w[\w'’.-]*")  # two signs without spaces for a word

LEAST: Final = 0.6
"""Share of the words of a text from which on it speaks of nothing else."""
COURTESY: Final = 6
"""Words of a sentence that only greets, thanks or asks the reader for patience; it says nothing either way."""
TITLE: Final = 3
"""Words of a title, such as "Service unavailable", that need not speak to the reader to be talk."""
ALL: Final = 0.85
"""The same for a text that touches the machinery and does not name it."""


def speaks_of_machinery(lines: Sequence[str], *, hindered: bool = True) -> bool:
    """Whether most of a text, given in its blocks, is talk of the machinery.

    ``hindered``: and something of it stands in the reader's way; a page on its cookies has none of that.
    """
    talk = whole = traces = 0
    stands, named = not hindered, False
    for sentence in (each for line in lines for each in _END.split(line)):
        words = len(_WORD.findall(sentence))
        broken = TRACE.search(sentence) is not None
        if _is_courtesy(sentence, words):
            stands = stands or HINDERS.search(sentence) is not None
            continue
        whole += words
        traces += broken
        if broken or _is_talk(sentence):
            talk += words
            stands = stands or broken or HINDERS.search(sentence) is not None
            named = named or broken or THINGS.search(sentence) is not None
    named = named or talk >= ALL * whole
    most = (whole > 0 or stands) and (talk >= LEAST * whole or traces > 1)
    return stands and named and most and not ENDS.search(" ".join(lines))


def share_of_talk(lines: Sequence[str]) -> float:
    """Share of the words of a text that stand in such talk, from 0 to 1."""
    sentences = [each for line in lines for each in _END.split(line)]
    words = [len(_WORD.findall(sentence)) for sentence in sentences]
    pairs = zip(sentences, words, strict=True)
    talk = sum(count for sentence, count in pairs if TRACE.search(sentence) or _is_talk(sentence))
    return talk / max(1, sum(words))


def _is_courtesy(sentence: str, words: int) -> bool:
    spoken = words <= COURTESY and ADDRESSES.search(sentence) is not None
    return spoken and not _is_talk(sentence) and _FIGURE.search(sentence) is None


def holds_trace(text: str) -> bool:
    """Whether more than one line is what a program writes where it breaks down."""
    return sum(TRACE.search(line) is not None for line in text.splitlines()) > 1


def _is_talk(sentence: str) -> bool:
    """Whether a sentence names the machinery, or touches it before its reader; none with a figure of the world."""
    if _FIGURE.search(OF_THE_MACHINE.sub(" ", sentence)):
        return False
    if THINGS.search(sentence) is not None:
        return True
    touches = [found.lower() for found in TOUCHES.findall(sentence)]
    words = len(_WORD.findall(sentence))
    if touches and words <= TITLE and words - len(touches) <= 1:
        return HINDERS.search(sentence) is not None
    return len(set(touches)) > 1 and ADDRESSES.search(sentence) is not None
