"""The typed reading of published text: numbers, per cents, money, dates, suppression marks."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from state.document import Value

LARGEST: Final = 1e100
"""Figures are smaller than this."""

_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,2}(?:,[0-9]{3}){0,5}|[1-9][0-9]{3,17}")
_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})*|[1-9][0-9]{3,})\.[0-9]+")
"""What most figures look like; they need no closer reading."""

_A_LINE: Final = r"(?:[1-9][0-9]{0,2}+(?:(?:,[0-9]{3}){1,5}+|[0-9]{0,15}+)|0)"
_INTEGERS: Final = re.compile(rf"{_A_LINE}(?:\n{_A_LINE})*+")
"""Lines of which ``_INTEGER`` matches each."""

_A_WORDING: Final = r"[!-/:-~](?:[ -/:-~]{5}[ -~]*+|[ -/:-~]{0,4}+)(?<! )"
_WORDINGS: Final = re.compile(rf"{_A_WORDING}(?:\n{_A_WORDING})*+")
"""Lines without padding whose first characters (``_LEAD``) are no digits: each means itself."""

_A_POINTED: Final = r"(?:0|[1-9][0-9]{0,14}+)\.[0-9]{1,15}+"
_POINTED: Final = re.compile(rf"{_A_POINTED}(?:\n{_A_POINTED})*+")
"""Lines of which ``_DECIMAL`` matches each."""

_A_DAY: Final = r"[0-9]{1,2}+/[0-9]{1,2}+/[0-9]{4}"
_DAYS: Final = re.compile(rf"{_A_DAY}(?:\n{_A_DAY})*+")
"""Lines of which ``_DATE`` alone matches each."""

_LEAD: Final = 6
"""Characters among which the first digit of a figure stands; what begins with as many letters is a text."""

_DIGITS: Final = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d*)?"
    r"|\d{1,3}(?P<group>[ '])\d{3}(?:(?P=group)\d{3})*(?:[.,]\d+)?"
    r"|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}"
    r"|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d*)?"
    r"|0,\d+|\d+,(?:\d\d?|\d{4,})"
    r"|\d+(?:\.\d*)?|\.\d+"
)
"""Digits in every notation that can be read one way only, and "41.200" and "41,200" as English has them: what a
column, a language or the release before says against that, ``diffing/readers/tables/notation.py`` finds."""

_NUMBER: Final = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<money>US\$|[$€£])?\s*(?P<inner>[-+])?"
    rf"(?P<digits>{_DIGITS})(?P<exponent>[eE][-+]?\d{{1,3}})?"
    r"\s*(?P<percent>[%‰]|[€£$])?\s*(?P<close>\))?\s*(?P<mark>[*†‡§]{0,3})"
)
_DATE: Final = re.compile(r"(\d{1,4})([/-])(\d{1,2})\2(\d{4}|\d{2})(?:[T ]00:00(?::00)?(?:\.0+)?)?")
_MARKS: Final = re.compile(
    r"\*{1,3}|[-–—]{1,3}|\.{1,3}|…|†|:|[█■▮▇]{1,20}|\[(?:[a-z]{1,2}|low|note \d+)\]"
    r"|n\.?/?\s?a\.?|n\.?d\.?|nr|d|s|x|xx|(data )?(unavailable|not available)"
    r"|not (reported|applicable|disclosed)|redacted|withheld|suppressed|masked|confidential|no data"
    r"|\(?b\)?\s?\(\d\)(?:\s?\([a-z0-9]\))*|#(n/a|ref!|value!|div/0!|null!|name\?|num!)|<\s?\d{1,3}|<?\s?lt\s?\d{1,3}"
)
_UNSEEN: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
"""Soft hyphens, blanks without width and marks of direction: no reader sees them."""

_BLANKS: Final = "\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_AS_TYPED: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–−﹣-", "-"),
        **dict.fromkeys(_BLANKS, " "),
        **dict.fromkeys("’‛′`´", "'"),
        **dict.fromkeys(_UNSEEN),
    }
)
"""Blanks, dashes and apostrophes of figures as a keyboard has them; what cannot be seen is dropped."""

_DROPPED: Final = str.maketrans(dict.fromkeys(_UNSEEN))
_TRANSLATION: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹘﹣-", "-"),
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys(_UNSEEN),
    }
)


def read_value(text: str) -> Value:
    """What published ``text`` means: a number, an ISO date, None for blank, else the text without its padding.

    "1,234" is 1234, "12%" 0.12, "$1,234.50" 1234.5, "(12)" -12, "1,878*" 1878, "3/27/2020" "2020-03-27";
    "41'200" and "41 200" are 41200, "4.120,5" is 4120.5, "701,8" 701.8.
    Digits with a leading zero are an identifier (a zip code) and stay text.
    """
    if text[:_LEAD].isalpha() and text.isascii():
        return text.strip()
    if _INTEGER.fullmatch(text):
        return int(text.replace(",", ""))
    if "." in text and _DECIMAL.fullmatch(text) and len(text) < _LONGEST_DECIMAL:
        return float(text.replace(",", ""))
    stripped = text.strip().strip("\u00a0\u200b\ufeff")
    if not stripped:
        return None
    plain = as_typed(stripped).strip()
    if not plain:
        return None
    if not any(map(str.isdigit, plain[:_LEAD])):
        return stripped
    match = _NUMBER.fullmatch(plain)
    if match is not None:
        number = _number(match)
        return stripped if number is None else number
    return _iso_date(plain) or stripped


def as_typed(text: str) -> str:
    """``text`` with the blanks, dashes and apostrophes that a keyboard has, and without what cannot be seen."""
    return text if text.isascii() else text.translate(_AS_TYPED)


def seen(text: str) -> str:
    """``text`` without the characters that no reader sees."""
    return text if text.isascii() else text.translate(_DROPPED)


def read_column(texts: Sequence[str]) -> tuple[list[Value], Sequence[str]]:
    """``read_value`` of each text, and as what ``str`` prints these: ``texts`` itself where that is the same.

    Whole numbers, decimals, days and plain wordings alone, as in most columns, are recognised all at once.
    """
    values: list[Value]
    joined = "\n".join(texts)
    if joined.count("\n") < len(texts):
        if _INTEGERS.fullmatch(joined):
            digits = joined.replace(",", "").split("\n") if "," in joined else texts
            return list(map(int, digits)), digits
        if _WORDINGS.fullmatch(joined):
            return list(texts), texts
        if _POINTED.fullmatch(joined):
            values = list(map(float, texts))
            shown = list(map(str, values))
            return values, texts if "\n".join(shown) == joined else shown
        if _DAYS.fullmatch(joined):
            values = [_iso_date(text) or text for text in texts]
            return values, list(map(str, values))
    values = list(map(read_value, texts))
    return values, list(map(str, values))


def _number(match: re.Match[str]) -> int | float | None:
    """The number in a match, None where it is an identifier, larger than any, or its brackets do not pair."""
    open_, close, exponent = match["open"], match["close"], match["exponent"]
    if bool(open_) != bool(close) or (match["sign"] and match["inner"]):
        return None
    digits = english(match["digits"])
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return None
    if exponent and "." not in digits and exponent[1] not in "+-":
        return None  # "3E8" is a code, "3.0E8" and "3E+8" are numbers
    negative = bool(open_) != ("-" in (match["sign"], match["inner"]))
    value: int | float
    if match["percent"] in _SHARES:
        value = float(digits + (exponent or "") if exponent else digits + _SHARES[match["percent"]])
    elif exponent or "." in digits:
        value = float(digits + (exponent or ""))
    else:
        value = int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)
    if not is_figure(value):
        return None
    return -value if negative else value


def is_figure(number: float) -> bool:
    """Whether a number is one that a reader may make of a text: finite, and small enough to be reckoned with.

    What is endless, no number at all or beyond ``LARGEST`` stays the text that was published, in every format, so
    that sums, products and ratios of a document's figures are numbers.
    """
    return -LARGEST < number < LARGEST


def english(digits: str) -> str:
    """Digits of ``_DIGITS`` without thousands, with a point before the decimals."""
    digits = digits.replace(" ", "").replace("'", "")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma < 0:
        return digits.replace(".", "") if digits.count(".") > 1 else digits
    if point > comma or digits.count(",") > 1:
        return digits.replace(",", "")
    after = len(digits) - comma - 1
    if point >= 0 or after != 3 or digits.startswith("0,"):
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", "")


_SHARES: Final = {"%": "e-2", "‰": "e-3"}
_LONGEST_DECIMAL: Final = 100
"""Longer ones may be larger than any figure."""

_LONGEST_INTEGER: Final = 18
"""More digits than SQLite's 64 bits hold."""


def _iso_date(text: str) -> str | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    first, _separator, second, third = match.groups()
    if len(first) == 4 and len(third) == 2:
        year, month, day = int(first), int(second), int(third)
    elif len(first) <= 2 and match[2] == "/":
        year = int(third) + (0 if len(third) == 4 else 2000 if int(third) < 70 else 1900)
        month, day = int(first), int(second)
        if month > 12:
            month, day = day, month
    else:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def is_suppressed(value: Value) -> bool:
    """Whether ``value`` is a mark in the place of a figure (``*``, ``N/A``, ``(b)(7)(E)``). Blank is not."""
    return isinstance(value, str) and len(value) <= 40 and _is_mark(value)


@lru_cache(maxsize=4096)
def _is_mark(text: str) -> bool:
    return _MARKS.fullmatch(normalise(text)) is not None


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """The form in which texts are compared: NFKC, case-folded, spaces collapsed, dashes and quotes unified,
    soft hyphens and zero-width characters dropped."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_TRANSLATION)).translate(_TRANSLATION)
    return tidy(text).casefold()


def tidy(text: str) -> str:
    """``text`` as a reader sees it: spaces and line breaks collapsed, padding dropped."""
    return " ".join(text.split())


def is_identifier(text: str) -> bool:
    """Whether ``text`` is digits that are no number: a zip code or a number of a case with a leading zero."""
    return len(text) > 1 and text[0] == "0" and text.isdigit()


def are_identifiers(values: Sequence[Value]) -> bool:
    """Whether whole numbers of a column are identifiers: some with a leading zero are, and most are no longer.

    A code in a row of codes above figures makes no figure one.
    """
    longest = max((len(value) for value in values if isinstance(value, str) and is_identifier(value)), default=0)
    numbers = [value for value in values if type(value) is int]
    return longest > 0 and sum(len(str(value)) <= longest for value in numbers) * 2 >= len(numbers)
