"""Number formats of spreadsheets: what a stored number means, and the text that a reader sees.

Format codes follow ECMA-376 Part 1, section 18.8.30 (built-in identifiers) and 18.8.31 (codes).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from msgspec import Struct

from state.document import Value

_BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0", 6: "$#,##0", 7: "$#,##0.00", 8: "$#,##0.00",
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "m/d/yyyy", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0",
    42: "$#,##0", 43: "#,##0.00", 44: "$#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
}  # fmt: skip
_LITERAL: Final = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE
)
_DATE_TOKEN: Final = re.compile(
    r"y+|m+|d+|h+|s+(?:\.0+)?|am/pm|a/p|\[h+\]|\[m+\]|\[s+\]|.", re.IGNORECASE | re.DOTALL
)
_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone
_EPOCH_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001


_LONGEST: Final = 255
"""Characters of a format code; spreadsheet programs take no more, and files that hold more are none of theirs."""


class NumberFormat(Struct, frozen=True):
    """A format code taken apart; ``kind`` is general, number, percent, money, date, elapsed, text or other."""

    kind: str
    decimals: int = 0
    grouped: bool = False
    prefix: str = ""
    code: str = ""  # of dates, literals apart


GENERAL: Final = NumberFormat("general")


@lru_cache(maxsize=1024)
def built_in(identifier: int) -> NumberFormat:
    """The format of a built-in identifier; general where there is none."""
    code = _BUILT_IN.get(identifier)
    return GENERAL if code is None else parse_format(code)


@lru_cache(maxsize=1024)
def parse_format(code: str) -> NumberFormat:
    """Take the first section of a format code apart."""
    if len(code) > _LONGEST:
        return GENERAL
    section = _first_section(code)
    money = re.search(r"[$€£]", section)
    bare = _LITERAL.sub("", section)
    if bare.strip().lower() in ("", "general"):
        return GENERAL
    if "@" in bare:
        return NumberFormat("text")
    if re.search(r"\[(h+|m+|s+)\]", bare, re.IGNORECASE):
        return NumberFormat("elapsed")
    if re.search(r"[ymdhs]", bare, re.IGNORECASE):
        return NumberFormat("date", code=_LITERAL.sub(lambda m: m[1] or m[2] or "", section))
    digits = re.search(r"[0#?][0#?,]*(?:\.([0#?]+))?", bare)
    if digits is None or "e" in bare.lower() or "/" in bare:
        return NumberFormat("other")
    decimals, grouped = len(digits[1] or ""), "," in digits[0].rstrip(",")
    if digits[0].split(".")[0].endswith(",") and "." not in digits[0]:
        return NumberFormat("other")  # scaled by thousands
    if "%" in bare:
        return NumberFormat("percent", decimals, grouped)
    if money is not None:
        return NumberFormat("money", decimals, grouped, prefix=money[0])
    return NumberFormat("number", decimals, grouped)


def _first_section(code: str) -> str:
    quoted = False
    for index, character in enumerate(code):
        if character == '"':
            quoted = not quoted
        elif character == ";" and not quoted and code[index - 1 : index] != "\\":
            return code[:index]
    return code


def show(number: int | float, form: NumberFormat, *, from_1904: bool) -> tuple[Value, str]:
    """The value and the published text of a stored number under a format; a date's value is its ISO text."""
    if form.kind == "date":
        moment = _moment(number, from_1904=from_1904)
        if moment is None:
            return number, str(number)
        return _iso(moment, form.code), _show_date(moment, form.code)
    if form.kind in ("number", "percent", "money"):
        return number, _show_number(number, form)
    return number, str(number)


def _show_number(number: int | float, form: NumberFormat) -> str:
    scaled = Decimal(repr(number)) * (100 if form.kind == "percent" else 1)
    if abs(scaled) >= Decimal(10) ** 20:
        return str(number)
    rounded = scaled.quantize(Decimal(1).scaleb(-form.decimals), rounding=ROUND_HALF_UP)
    if not rounded:
        rounded = abs(rounded)
    sign, digits = ("-", -rounded) if rounded < 0 else ("", rounded)
    text = f"{digits:,f}" if form.grouped else f"{digits:f}"
    return f"{sign}{form.prefix}{text}{'%' if form.kind == 'percent' else ''}"


def _moment(number: int | float, *, from_1904: bool) -> dt.datetime | None:
    """The moment of a serial number; None where no calendar has it."""
    if not 0 <= number < 2_958_466:
        return None
    epoch = _EPOCH_1904 if from_1904 else _EPOCH
    days = number + 1 if not from_1904 and number < 60 else number  # the 29 February 1900 that never was
    return epoch + dt.timedelta(days=int(days), seconds=round((days - int(days)) * 86400))


def _iso(moment: dt.datetime, code: str) -> str:
    if not re.search(r"[yd]|mmm", code, re.IGNORECASE):
        return moment.time().isoformat()
    at_midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date().isoformat() if at_midnight else moment.isoformat()


def _show_date(moment: dt.datetime, code: str) -> str:
    tokens = _DATE_TOKEN.findall(code)
    twelve = any(token.lower() in ("am/pm", "a/p") for token in tokens)
    minutes = _minutes(tokens)
    shown = [
        _show_token(moment, token.lower(), index in minutes, twelve=twelve) or token
        for index, token in enumerate(tokens)
    ]
    return "".join(shown).strip()


def _minutes(tokens: Sequence[str]) -> set[int]:
    """Where an "m" stands beside hours or seconds, and so means minutes."""
    letters = [(index, token[0].lower()) for index, token in enumerate(tokens) if token[0].lower() in "ymdhs"]
    around = zip([(0, ""), *letters], letters, [*letters[1:], (0, "")], strict=False)
    return {index for (_, before), (index, _), (_, after) in around if before == "h" or after == "s"}


_STRFTIME: Final = {"yy": "%y", "mmm": "%b", "mmmm": "%B", "ddd": "%a", "dddd": "%A", "dd": "%d"}


def _show_token(moment: dt.datetime, letters: str, minute: bool, *, twelve: bool) -> str:
    if letters[0] == "y":
        return f"{moment.year:04}" if len(letters) > 2 else f"{moment.year % 100:02}"
    if letters[0] == "m" and minute:
        return f"{moment.minute:02}"
    if letters in ("am/pm", "a/p"):
        return "AM" if moment.hour < 12 else "PM"
    if letters[0] == "h":
        hour = (moment.hour % 12 or 12) if twelve else moment.hour
        return f"{hour:02}" if len(letters) > 1 else str(hour)
    if letters[0] == "s":
        return f"{moment.second:02}"
    if letters in ("m", "mm"):
        return f"{moment.month:02}" if letters == "mm" else str(moment.month)
    if letters == "d":
        return str(moment.day)
    if letters == "mmmmm":
        return moment.strftime("%b")[0]
    return moment.strftime(_STRFTIME[letters]) if letters in _STRFTIME else ""
