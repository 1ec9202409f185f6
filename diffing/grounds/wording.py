"""Numbers, lists and plurals for titles and reasons: plain words that stand alone in a mail subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from state.document import Table, Value


def number(value: float, *, places: int = 2) -> str:
    """``1234567`` as "1,234,567", ``12.50`` as "12.5"; at most so many decimals."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.{places}f}".rstrip("0").rstrip(".")


def figures(before: float, after: float, texts: tuple[str, str] = ("", "")) -> tuple[str, str]:
    """Two figures as they are published: "26.5%" and "25.6%" for 0.265 and 0.256; small ones keep what tells them
    apart, where two decimals would not.
    """
    for sign, times in _SHARES:
        if all(text.rstrip(" )").endswith(sign) for text in texts):
            return _fine(before * times, after * times, sign)
    return _fine(before, after, "")


def _fine(before: float, after: float, sign: str) -> tuple[str, str]:
    smallest = min((abs(value) for value in (before, after, after - before) if value), default=1)
    places = next((places for places in range(2, _PLACES) if smallest * 10**places >= 1), _PLACES)
    said = (number(value, places=places) + sign for value in (before, after))
    return next(said), next(said)


_SHARES: Final = (("%", 100), ("‰", 1_000))
_PLACES: Final = 8


def signed(value: float) -> str:
    """A difference with its sign: "+12", "−1,731"."""
    return ("+" if value > 0 else "−" if value < 0 else "") + number(abs(value))


def percentage(value: float) -> str:
    """A per cent with one decimal where it needs one: "40 %", "2.6 %"."""
    return f"{round(abs(value), 1):g} %"


def shown(value: Value) -> str:
    """A cell as a reader would say it: numbers with separators, a blank as "blank", text in quotes."""
    if value is None or value == "":
        return "blank"
    if isinstance(value, str):
        return f"“{value}”"
    return number(value)


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 row", "2 rows"; ``many`` where adding an s is wrong."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def row_noun(table: Table) -> tuple[str, str]:
    """What a row of ``table`` is called, singular and plural: its key column's header where that is a noun."""
    if table.catalogue:
        return "dataset", "datasets"
    if len(table.key) == 1:
        column = table.columns[table.key[0]]
        words = (column.path[-1] if column.path else column.name).lower().split()
        if 1 <= len(words) <= 3 and words[-1] in _NOUNS:
            return " ".join(words), " ".join((*words[:-1], _many(words[-1])))
    return "row", "rows"


_NOUNS = frozenset(
    (
        "agency",
        "area",
        "center",
        "city",
        "contractor",
        "country",
        "county",
        "court",
        "department",
        "district",
        "facility",
        "institution",
        "jail",
        "jurisdiction",
        "location",
        "municipality",
        "nationality",
        "office",
        "prison",
        "province",
        "region",
        "school",
        "site",
        "state",
        "town",
    )
)
"""Headers that name what a row is; others ("Technology", "Name") do not count well."""


def _many(word: str) -> str:
    if word.endswith("s"):
        return word
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("x", "ch", "sh")) else "s")


FEW_NAMES, ROOM = 3, 64
"""Names that a title lists, and their characters: of longer ones it lists fewer, each whole."""


def listing(names: Sequence[str], *, limit: int = 3) -> str:
    """ "Maricopa, AZ; San Diego, CA and 3 more"; semicolons where a name has a comma."""
    shown_names = [squeeze(name, limit=60) for name in names[:limit]]
    while limit <= FEW_NAMES and len(shown_names) > 1 and sum(map(len, shown_names)) > ROOM:
        shown_names.pop()
        limit = len(shown_names)
    joint = "; " if any("," in name for name in shown_names) else ", "
    if len(names) > limit:
        return joint.join(shown_names) + f" and {number(len(names) - limit)} more"
    if len(shown_names) < 2:
        return "".join(shown_names)
    return joint.join(shown_names[:-1]) + f" and {shown_names[-1]}"


def shorten(text: str, *, limit: int) -> str:
    """``text`` on one line, cut at a word and ended by an ellipsis where longer than ``limit``.

    A quotation that was cut is closed.
    """
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[: limit - 1].rsplit(" ", 1)[0].rstrip(",;: “") + "…"
    return f"{cut}”" if cut.count("“") > cut.count("”") and len(cut) < limit else cut


def place(table: Table) -> str:
    """The table as a reader would name it: its title, else its sheet, section, page or first header."""
    if table.name:
        return f"“{squeeze(table.name, limit=70)}”"
    if table.sheet:
        return f"the table on sheet “{table.sheet}”"
    if table.section:
        return f"the table under “{shorten(table.section[-1], limit=60)}”"
    if table.page:
        return f"the table on page {table.page}"
    named = [table.columns[column].name for column in table.key] + [column.name for column in table.columns]
    header = next((name for name in named if name.strip()), "")
    return f"the table by “{squeeze(header, limit=40)}”" if header else "the table"


def usual(values: Sequence[float]) -> str:
    """The ordinary range of a measure: "6 to 14", or "6" where it never varied."""
    low, high = min(values), max(values)
    return number(low) if low == high else f"{number(low)} to {number(high)}"


TITLE: Final = 110
"""Characters that a telephone shows of a title."""


def cut_title(text: str, *, limit: int = TITLE) -> str:
    """A title that can be read alone on a telephone: at most ``limit`` characters, begun with a capital.

    What is quoted gives way first, the longest most, in its middle: names that share their beginning differ at
    their end, and the figures of a title are what it is for. Then goes the header by which an unnamed table is
    told apart, then names that are not quoted are cut as quoted ones are; verbs, figures and counts stay.
    """
    flat = " ".join(text.split())
    if flat.startswith("the "):
        flat = f"The {flat[4:]}"
    flat = _cut(flat, _QUOTED, least=LEAST_QUOTED, limit=limit)
    if len(flat) > limit:
        flat = _UNNAMED.sub("", flat)
    if len(flat) > limit:
        flat = _cut(flat, _NAMES, least=LEAST_NAME, limit=limit)
    return flat if len(flat) <= limit else squeeze(flat, limit=limit)


def _cut(flat: str, pattern: re.Pattern[str], *, least: int, limit: int) -> str:
    """``flat`` with what ``pattern`` finds squeezed, the longest first, to no less than ``least`` characters."""
    while len(flat) > limit:
        spans = [_without_blanks(flat, *match.span(1)) for match in pattern.finditer(flat) if match[1]]
        start, end = max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
        if end - start <= least:
            break
        second = max((stop - begin for begin, stop in spans if begin != start), default=0)
        room = max(least, end - start - (len(flat) - limit), min(second, end - start - 1))
        flat = f"{flat[:start]}{squeeze(flat[start:end], limit=room)}{flat[end:]}"
    return flat


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())


def squeeze(text: str, *, limit: int) -> str:
    """``text`` on one line, its middle left out where it is longer than ``limit``: both its ends tell it apart."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    words, behind = flat.split(" "), ""
    while len(words) > 2 and len(words[-1]) + 1 + len(behind) <= limit // 3 + 1:
        behind = f" {words.pop()}{behind}"
    if not behind and " " in flat:
        return shorten(flat, limit=limit)
    before = flat[: limit - 1 - len(behind)]
    if " " in before and len(before.rsplit(" ", 1)[0]) > len(before) // 2:
        before = before.rsplit(" ", 1)[0]
    return f"{before.rstrip(',;:/… “')}…{behind.replace(' …', ' ').replace('… ', ' ')}"


_QUOTED = re.compile(r"“([^“”]*)”")
_UNNAMED = re.compile(r" in the table by “[^“”]*”")
_KEPT = (
    r"“[^“”]*”|^\d[\d,.]* \w+(?: of)?"
    r"|\b(?:jumped |fell |falls |rose |grew )?from \S+ (?:on \S+ )?to \S+(?: on \S+)?"
    r"|\b(?:and )?\d[\d,]* (?:\w+ )?more\b|\bthe (?:table|page|document)(?: by| on sheet| under| on page)?\b"
    r"|\b(?:left|joined|became|(?:is|are) (?:now called|now defined|no longer \w+|hidden now|gone|new)"
    r"|(?:is|are) defined differently|reads? differently"
    r"|fell in \d+ of \d+ rows|was|were|looks? \w+"
    r"|no longer agree|contradict each other|against|which began on"
    r"|(?:numbers?|entry|entries) in columns?|columns|renamed)\b"
    r"|,? ?\b(?:but can only grow|among them)\b|\b(?:in|of) (?=“|the )|[:,(] "
)
_NAMES = re.compile(rf"(?:{_KEPT})|((?:(?!{_KEPT}).)+)")
"""What a title says beside names; what stands between is one."""
LEAST_NAME: Final = 16
"""Characters that a name keeps which is not quoted."""
LEAST_QUOTED: Final = 24
"""Characters that what is quoted keeps: less tells nothing apart."""
