"""Patterns that a user writes and that are searched in publishers' links, in time that grows with length alone.

Python's ``re`` tries possibilities one by one and holds the interpreter meanwhile: a nested quantifier and one
long link stop the whole process, signals too. RE2 (https://github.com/google/re2/wiki/Syntax) has neither
look-around nor back-references for that reason; ``except:`` in a source file stands for the former.
"""

from __future__ import annotations

import functools
import re
from typing import Final, Protocol, cast

_MOST_MEMORY: Final = 1 << 20
"""Bytes that a compiled pattern may take: one that counts to millions is refused, not searched slowly."""

_LOOKS_AROUND: Final = re.compile(r"(?<!\\)\(\?<?[!=]")
_REFERS_BACK: Final = re.compile(r"(?<!\\)(?:\\[1-9]|\(\?P=)")
_ENDS: Final = re.compile(r"(?<!\\)\\Z")


class _Searcher(Protocol):
    def search(self, text: bytes) -> object | None:
        """The first place that matches."""


@functools.cache
def compile_pattern(text: str) -> _Searcher:
    """The compiled pattern. Raises ValueError in words for what is none."""
    import re2  # 5 ms, for sources that follow links only

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MOST_MEMORY
    try:
        return cast(_Searcher, re2.compile(text, options))
    except (re2.error, UnicodeEncodeError) as error:
        raise ValueError(_explain(text, error)) from error


def matches(pattern: str, address: str) -> bool:
    """Whether a pattern is found anywhere in an address; linear in the length of both."""
    return compile_pattern(pattern).search(address.encode("utf-8", "replace")) is not None


def looks_around(pattern: str) -> bool:
    """Whether a pattern asks what stands before or after a place, which RE2 cannot."""
    return _LOOKS_AROUND.search(pattern) is not None


def _explain(text: str, error: Exception) -> str:
    if looks_around(text):
        return (
            "look-around, (?!…) (?=…) (?<!…) (?<=…), is not understood; write what the addresses hold here,"
            " and what they must not match below it as “except:”"
        )
    if _REFERS_BACK.search(text):
        return "back-references are not understood; write what may stand there once more"
    if _ENDS.search(text):
        return r"write $ in place of \Z"
    said = error.args[0] if error.args else error
    said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    hint = "; for any name that ends in .xlsx write '\\.xlsx$'" if text.startswith(("*", "?")) else ""
    return f"not a regular expression: {said}{hint}"
