"""The date in the name of a file or in the words of its link: days, months, quarters, halves, weeks, fiscal years.

A name that can be read two ways ("03-04-2026", "2011-12") has two readings, and says which of two names is later
only where both agree.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final
from urllib.parse import unquote, urlsplit

from state.month_names import MONTH_NUMBERS

OR: Final = "|"
"""Between the two readings of a name."""

_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "æ": "ae"})


def _plain(name: str) -> str:
    """In lower case, without accents."""
    apart = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_MONTHS: Final = {_plain(name): number for name, number in MONTH_NUMBERS.items()}
_OTHER_WORDS: Final = {"set", "out", "gen", "mag"}
"""Short names of months that are words of file names too ("data-set-2026"): they count beside a day only."""

_QUARTER: Final = "quarter|quartal|quartals|trimestre|trimester|trim|kwartal|kwartaal|kvartal|ctvrtleti|cetrtletje"
_HALF: Final = "half|halbjahr|semestre|semester|semestral|halfjaar|halvar|polrocze|pololeti|polletje"
_WEEK: Final = "w|wk|week|kw|woche|kalenderwoche|semaine|semana|settimana|vecka|uge|tydzien|tyden|teden"
_FISCAL: Final = r"(?:fy|fiscal[-_. ]?year|exercice|ejercicio|exercicio|esercizio|geschaftsjahr|boekjaar)"
_ORDINALS: Final = {
    word: number
    for words in (
        "first second third fourth",
        "premier deuxieme troisieme quatrieme",
        "primer segundo tercer cuarto",
        "primeiro segundo terceiro quarto",
        "primo secondo terzo quarto",
        "erstes zweites drittes viertes",
        "eerste tweede derde vierde",
        "pierwszy drugi trzeci czwarty",
        "forsta andra tredje fjarde",
        "i ii iii iv",
    )
    for number, word in enumerate(words.split(), start=1)
}

_S: Final = r"[-_. ,/]?"
_SS: Final = r"[-_. ,/]*"
_OF: Final = rf"{_SS}(?:(?:de|del|di|of)[-_. ])?"
_Y: Final = r"(?P<year>(?:19|20)\d\d)"
_YY: Final = r"(?P<year>(?:19|20)\d\d|\d\d)"
_M: Final = r"(?P<month>0[1-9]|1[0-2])"
_D: Final = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_NTH: Final = rf"(?:(?P<nth>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})[-_. ]+|"


def _words(names: set[str]) -> str:
    return rf"(?P<word>{'|'.join(sorted(names, key=lambda name: (-len(name), name)))})(?![a-z])"


_WORD: Final = _words(set(_MONTHS) - _OTHER_WORDS)
_ANY_WORD: Final = _words(set(_MONTHS))


def _part(group: str, numbers: str, letters: str, words: str) -> tuple[str, ...]:
    """The ways to write the n-th part of a year, the year in front of it and behind it."""
    counted = rf"(?P<{group}>{numbers})(?:st|nd|rd|th|er|eme|e|o|a)?"
    named = rf"{_NTH}{counted}{_SS})(?:{words})(?![a-z])"
    behind = rf"(?:{words}){_SS}(?P<{group}>{numbers})"
    years = rf"(?:{_FISCAL}{_S})?"
    return (
        rf"{years}{_Y}{_SS}(?:{letters})(?P<{group}>{numbers})",
        rf"{_FISCAL}{_S}{_YY}{_SS}(?:{letters})(?P<{group}>{numbers})",
        rf"(?:{letters})(?P<{group}>{numbers}){_SS}{years}{_YY}",
        rf"(?P<{group}>{numbers})(?:{letters}){_SS}{years}{_YY}",
        rf"{_Y}{_SS}(?P<{group}>{numbers})(?:{letters})(?![a-z])",
        rf"{named}{_OF}{years}{_Y}",
        rf"{_Y}{_SS}{named}",
        rf"{behind}{_OF}{years}{_Y}",
        rf"{_Y}{_SS}{behind}",
    )


_WEEKS: Final = (
    rf"{_Y}{_SS}(?:{_WEEK}){_SS}(?P<week>[0-5]\d|[1-9])(?:-(?P<weekday>[1-7]))?",
    rf"(?:{_WEEK}){_SS}(?P<week>[0-5]\d|[1-9]){_SS}{_Y}",
    rf"(?:s|v){_S}(?P<week>[0-5]\d)[-_. /]{_Y}",
    rf"{_Y}[-_. /]?(?:s|v)(?P<week>[0-5]\d)",
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """How dates stand in names, compiled when the first name is asked: most rounds have none."""
    return tuple(
        re.compile(rf"(?<![a-z0-9]){pattern}(?!\d)" if glued else rf"(?<!\d){pattern}(?!\d)")
        for glued, patterns in (
            (
                False,
                (
                    rf"{_Y}{_S}{_M}{_S}(?P<day>0[1-9]|[12]\d|3[01])",
                    rf"(?P<one>0?[1-9]|[12]\d|3[01])[-_. /](?P<two>0?[1-9]|[12]\d|3[01])[-_. /]{_Y}",
                    rf"(?P<one>0[1-9]|[12]\d|3[01])(?P<two>0[1-9]|[12]\d|3[01]){_Y}",
                    rf"(?<![a-z]){_WORD}{_S}{_D}[-_. ,]+{_Y}",
                    rf"{_D}[-_. ]*(?:(?:de|di|of)[-_. ])?{_ANY_WORD}{_OF}{_Y}",
                    rf"(?<![a-z]){_WORD}{_OF}{_Y}",
                    rf"{_Y}{_SS}{_WORD}",
                ),
            ),
            (
                True,
                (
                    *_part("quarter", "[1-4]", "q|t|k|kv", _QUARTER),
                    *_part("half", "[12]", "h|s|hj", _HALF),
                    *_WEEKS,
                    rf"{_FISCAL}{_S}(?:(?:19|20)?\d\d)[-_/](?P<end>(?:19|20)\d\d|\d\d)",
                    rf"{_FISCAL}{_S}{_YY}",
                ),
            ),
            (
                False,
                (
                    r"(?P<start>(?:19|20)\d\d)[-_/](?P<end>(?:19|20)\d\d|\d\d)",
                    rf"{_Y}{_S}{_M}",
                    rf"{_M}[-_. /]{_Y}",
                    _Y,
                ),
            ),
        )
        for pattern in patterns
    )


def date_in_names(url: str, *others: str | None) -> str | None:
    """The first date in the file name of an address, else in the other names (of the file, of its link).

    As ISO 8601, as exact as the name is: "2026-06-15", "2026-06" or "2026"; two readings with ``OR`` between them.
    None where none names one. A quarter, half or week is named by its first day or month, those of a fiscal year
    as if it were the calendar's, a year that spans two by its end: such dates are for telling an order.
    """
    for name in (unquote(urlsplit(url).path.rpartition("/")[2]), *others):
        found = next(_dates_in(_plain(name or "")), None)
        if found is not None:
            return found
    return None


def later(one: str | None, two: str | None) -> int:
    """1 where the first date is later, -1 where the second is; 0 where neither is, or the readings disagree.

    Compared as far as the less exact one tells. Names with two readings are written in one notation.
    """
    if one is None or two is None:
        return 0
    ones, twos = one.split(OR), two.split(OR)
    if len(ones) == len(twos):
        told = {_later(*pair) for pair in zip(ones, twos, strict=True)}
    else:
        told = {_later(a, b) for a in ones for b in twos}
    return told.pop() if len(told) == 1 else 0


def _later(one: str, two: str) -> int:
    exact = min(len(one), len(two))
    return (one[:exact] > two[:exact]) - (one[:exact] < two[:exact])


def _dates_in(name: str) -> Iterator[str]:
    for pattern in _patterns():
        for match in pattern.finditer(name):
            readings = list(dict.fromkeys(_readings(match.groupdict())))
            if readings:
                yield OR.join(readings)


def _readings(parts: dict[str, str | None]) -> Iterator[str]:
    """The ways to read what a pattern found, those that are no date left out."""
    one, two, start = parts.get("one"), parts.get("two"), parts.get("start")
    if one and two:
        yield from _day(parts["year"], one, two)
        yield from _day(parts["year"], two, one)
    elif start:
        yield from _span(start, parts["end"] or "")
    elif parts.get("end"):
        yield _year(parts["end"] or "")
    elif week := parts.get("week"):
        yield from _week(_year(parts["year"] or ""), week, parts.get("weekday") or "1")
    else:
        yield from _month_or_day(parts)


def _month_or_day(parts: dict[str, str | None]) -> Iterator[str]:
    year, nth = _year(parts["year"] or ""), _ORDINALS.get(parts.get("nth") or "")
    if "quarter" in parts:
        yield f"{year}-{3 * (nth or int(parts['quarter'] or 1)) - 2:02}"
    elif "half" in parts:
        yield f"{year}-{6 * (nth or int(parts['half'] or 1)) - 5:02}"
    elif word := parts.get("word"):
        yield from _in_month(year, _MONTHS[word], parts.get("day"))
    elif month := parts.get("month"):
        yield from _in_month(year, int(month), parts.get("day"))
    else:
        yield year


def _in_month(year: str, month: int, day: str | None) -> Iterator[str]:
    if day is None:
        yield f"{year}-{month:02}"
    else:
        yield from _day(year, str(month), day)


def _day(year: str | None, month: str, day: str) -> Iterator[str]:
    try:
        yield dt.date(int(year or 0), int(month), int(day)).isoformat()
    except ValueError:  # the 31st of a short month, a thirteenth month
        return


def _week(year: str, week: str, weekday: str) -> Iterator[str]:
    try:
        yield dt.date.fromisocalendar(int(year), int(week), int(weekday)).isoformat()
    except ValueError:  # week 54
        return


def _span(start: str, end: str) -> Iterator[str]:
    """A year that runs over two ("2025-26"), or a month ("2011-12" may be either)."""
    if len(end) == 2 and 1 <= int(end) <= 12:
        yield f"{start}-{end}"
    if int(_year(end, century=start[:2])) - int(start) == 1:
        yield _year(end, century=start[:2])


def _year(written: str, *, century: str = "20") -> str:
    return written if len(written) == 4 else f"{century}{written}"
