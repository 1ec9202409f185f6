"""What each figure of a column means: which mark parts thousands, which decimals; codes, units, stand-ins.

``read_value`` reads a cell by itself; what it cannot know is decided here, from all cells of the column, from
the other columns and from the language: "41.200" beside "812" and "3.310" is a count, beside "0.5" it is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct, field

from diffing.readers.tables.units import unit_of
from diffing.values import as_typed
from state.document import Column, Notation, Role, Table, Value

_FIGURE: Final = re.compile(r"[^\d.,]*(\d[\d.,' ]*\d|\d)[^\d.,]*")
"""A figure with what stands around it: signs, money, per cent, a mark of a note."""

_SHAPES: Final = (
    ("plain", r"\d+"),
    ("point three", r"[1-9]\d{0,2}\.\d{3}"),
    ("comma three", r"[1-9]\d{0,2},\d{3}"),
    ("point thousands", r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:\.\d{3})+,\d+"),
    ("comma thousands", r"\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:,\d{3})+\.\d+"),
    ("blank thousands", r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?"),
    ("apostrophe thousands", r"\d{1,3}(?:'\d{3})+(?:[.,]\d+)?"),
    ("point decimal", r"\d+\.\d+"),
    ("comma decimal", r"\d+,\d+"),
    ("list", r"[\d., ']+"),
)
"""The first that a figure has; "point three" and "comma three" may be read in two ways."""

_SHAPE: Final = re.compile("|".join(f"({pattern})" for _, pattern in _SHAPES))

_ENOUGH: Final = 3
"""Figures that must show a habit before it decides without the help of a language."""

_STAND_IN: Final = re.compile(r"-9{2,6}(?:\.0*|\.9{1,2}0*)?|-9(?:\.9{1,2})?")
"""Numbers of nines below zero, which stand for a missing figure where no other is below zero."""

_NINES: Final = re.compile(r"9{3,9}(?:\.9{1,3})?")
"""Numbers of nines above zero, which stand for a missing figure where all others are far below."""

_FAR: Final = ((9_999, 3), (999, 10))
"""From which number of nines on how many times the largest other figure it must be."""

_LEAST_COUNT: Final = 10
"""Where no other figure of a column is less than this, one of -1 counts nothing."""

_DIFFERENCES: Final = re.compile(
    r"(?i)\b(?:net|change[sd]?|diff\w*|delta|balance|growth|gain|loss|variation|variación|variação|variazione"
    r"|veränderung|verschil|saldo|zmiana|temp\w*)\b|[%‰°]"
)
"""Headers of columns in which -1 is a figure like any other."""

_CODE: Final = re.compile(
    r"(?i)(?:.*[\s_./-])?(?:(?:fips|county|geo|state|area|gss|iso|naics|ward|district|post(?:al)?|zip)?[\s_-]?code"
    r"|fips|geo_?id|zip|plz|code postal|insee|kod[\s_]teryt|teryt|ags|(?:gemeinde|kreis|regional)?schlüssel"
    r"|c[oó]d(?:e|igo|ice)[\s_](?:insee|commune|ine|istat|nuts|municipio|comune|geo)|kennziffer|siren|siret"
    r"|telephone|tel[eé]fono|phone|tel\.?|fax|phone (?:no\.?|number)|ein|duns|uei|cusip|isbn|issn|npi|ori|ssn|cik"
    r"|(?:case|docket|registration|licen[cs]e|permit|account|invoice|contract|file|record|serial|badge)"
    r"[\s_-]*(?:no\.?|num|number|id|#))"
)
"""Headers of columns whose digits count nothing."""


class Cells(Struct):
    """The figures of one column as published, by shape, and what else stands in it."""

    column: int
    shapes: Counter[str] = field(default_factory=Counter)
    rounds: bool = False  # a "point three" or "comma three" ends in 0, which no decimals would that others drop
    small: bool = True  # no figure without a mark is above 999
    open_: list[tuple[int, str]] = field(default_factory=list)  # rows with "point three" or "comma three"
    figures: int = 0
    texts: Counter[str] = field(default_factory=Counter)  # what is no figure, as published
    lowest: float = 0  # figure
    highest: float = 0  # figure
    dates: int = 0

    @property
    def is_figures(self) -> bool:
        """Whether the column is one of figures, marks and blanks apart."""
        return self.figures > 0 and self.figures >= sum(self.texts.values()) + self.dates


def published_by_column(table: Table) -> dict[int, dict[int, str]]:
    """What is published of cells that were read as something else, by column and row."""
    columns: dict[int, dict[int, str]] = {}
    for (row, column), text in table.texts.items():
        columns.setdefault(column, {})[row] = text
    return columns


def cells_of(table: Table, column: int, published: Mapping[int, str]) -> Cells:
    """What the cells of a column show; ``published`` has those that were read as something else, by row."""
    cells = Cells(column)
    values = [row[column] for row in table.rows]
    kinds = Counter(map(type, values))
    cells.figures = len(values) - kinds[type(None)] - kinds[str]
    if not cells.figures:
        return cells  # of words and dates nothing is counted: their notation is asked of them alone
    numbers = [value for value in values if isinstance(value, int | float)]
    cells.lowest, cells.highest = min(numbers), max(numbers)
    if kinds[str]:
        cells.texts = Counter(value for value in values if isinstance(value, str))
        for text in [text for text in cells.texts if is_iso_date(text)]:
            cells.dates += cells.texts.pop(text)
    if kinds[int] == cells.figures and not published:
        cells.shapes["plain"] += cells.figures
        cells.small = cells.lowest > -1000 and cells.highest < 1000
        return cells
    _count_shapes(cells, values, published)
    return cells


def _count_shapes(cells: Cells, values: Sequence[Value], published: Mapping[int, str]) -> None:
    """Count the figures by the places of their noughts and other digits: a column has few such masks."""
    rows = [row for row, value in enumerate(values) if value is not None and not isinstance(value, str)]
    written = [published.get(row) or values[row] for row in rows]
    whole = [value for value in written if type(value) is int]
    if whole:
        cells.shapes["plain"] += len(whole)
        cells.small = cells.small and min(whole) > -1000 and max(whole) < 1000
    others = [(row, str(value)) for row, value in zip(rows, written, strict=True) if type(value) is not int]
    if others:
        _count_masks(cells, others)


def _count_masks(cells: Cells, texts: Sequence[tuple[int, str]]) -> None:
    masks = as_typed("\n".join([text for _, text in texts])).translate(_ONES).split("\n")
    if len(masks) != len(texts):  # some have several lines
        masks = [as_typed(text).translate(_ONES) for _, text in texts]
    opened: dict[str, str] = {}
    for mask, times in Counter(masks).items():
        shape, start, end = _shape_of_mask(mask)
        cells.shapes[shape] += times
        if shape == "plain":
            cells.small = cells.small and end - start <= _ENOUGH
        elif shape in _OPEN:
            opened[mask] = shape
            cells.rounds = cells.rounds or mask[end - 1] == "0"
    if opened:
        cells.open_ = [(row, opened[mask]) for (row, _), mask in zip(texts, masks, strict=True) if mask in opened]


def counted_cells(table: Table, column: int, published: Mapping[int, str], counts: Sequence[int]) -> Cells:
    """``cells_of`` a table that has each cell of the column once, with how often it stands in the whole."""
    cells = Cells(column)
    for row, (values, times) in enumerate(zip(table.rows, counts, strict=True)):
        value = values[column]
        if isinstance(value, str) and not is_iso_date(value):
            cells.texts[value] += times
        elif isinstance(value, str):
            cells.dates += times
        elif value is not None:
            cells.figures += times
            cells.lowest = min(cells.lowest, value) if cells.figures > times else value
            cells.highest = max(cells.highest, value) if cells.figures > times else value
            _count(cells, row, published.get(row) or value, times)
    return cells


def is_iso_date(value: str) -> bool:
    """Whether a text is a date as every reader leaves it."""
    return len(value) == 10 and value[4] == "-" == value[7] and value[:4].isdigit()


def _count(cells: Cells, row: int, written: Value, times: int = 1) -> None:
    if type(written) is int:
        cells.shapes["plain"] += times
        cells.small = cells.small and -1000 < written < 1000
        return
    shape, digits = shape_of(written if isinstance(written, str) else str(written))
    cells.shapes[shape] += times
    if shape == "plain":
        cells.small = cells.small and len(digits) <= _ENOUGH
    elif shape in _OPEN:
        cells.open_.append((row, shape))
        cells.rounds = cells.rounds or digits.endswith("0")


_OPEN: Final = ("point three", "comma three")


def shape_of(text: str) -> tuple[str, str]:
    """The shape of a published figure ("" for none) and its digits with their marks."""
    typed = as_typed(text)
    shape, start, end = _shape_of_mask(typed.translate(_ONES))
    return shape, typed[start:end]


_ONES: Final = str.maketrans("23456789", "11111111")


@lru_cache(maxsize=16_384)
def _shape_of_mask(mask: str) -> tuple[str, int, int]:
    """The shape of all figures that have noughts and other digits in the same places, and where it stands."""
    match = _FIGURE.fullmatch(mask)
    if match is None:
        return "", 0, 0
    shaped = _SHAPE.fullmatch(match[1])
    return "" if shaped is None else _SHAPES[(shaped.lastindex or 1) - 1][0], *match.span(1)


class Habits(Struct):
    """How decimals and thousands are written in a table or a document, where figures show it surely."""

    comma_decimals: bool
    point_decimals: bool
    point_thousands: bool
    comma_thousands: bool


def habits_of(columns: Iterable[Cells]) -> Habits:
    """What the columns show together."""
    shapes: Counter[str] = Counter()
    for cells in columns:
        shapes += cells.shapes
    return Habits(
        comma_decimals=shapes["comma decimal"] > 0,
        point_decimals=shapes["point decimal"] + shapes["comma thousands"] > 0,
        point_thousands=shapes["point thousands"] > 0,
        comma_thousands=shapes["comma thousands"] > 0,
    )


def means_thousands(cells: Cells, table: Habits, *, comma_language: bool, native: bool) -> bool | None:
    """Whether "41.200" is 41,200 in this column; None where it is not known (it is then read as 41.2).

    ``native``: the format holds numbers by itself, so that texts rarely are figures; then only the column decides.
    """
    shapes = cells.shapes
    if shapes["point decimal"] or shapes["comma thousands"] or shapes["comma three"] > shapes["point three"]:
        return False
    if shapes["point thousands"] or shapes["comma decimal"]:
        return True
    if native:
        return None
    if table.comma_decimals and not table.point_decimals:
        return True
    if _as_counts(cells):
        return True
    if table.point_decimals or table.comma_thousands:
        return None if comma_language else False
    return True if comma_language else None


def _as_counts(cells: Cells) -> bool:
    """Whether all figures below 1,000 are whole and the others have three digits after the point, some of them 0.

    Decimals of which others drop their noughts do not end in one.
    """
    shapes = cells.shapes
    return shapes["plain"] > 0 and shapes["point three"] >= _ENOUGH and cells.rounds and cells.small


def means_decimals(cells: Cells, table: Habits) -> bool | None:
    """Whether "4,120" is 4.12 in this column; None where it is not known (it is then read as 4120)."""
    shapes = cells.shapes
    if shapes["comma thousands"] or shapes["point decimal"]:
        return False
    if shapes["comma decimal"] or shapes["point thousands"]:
        return True
    if table.comma_decimals or table.point_thousands:
        return None if table.comma_thousands or table.point_decimals else True
    return False


def is_list(cells: Cells) -> bool:
    """Whether digits in the column are lists or numbers of telephones, of which some look like figures."""
    odd = sum(count for text, count in cells.texts.items() if shape_of(text)[0] == "list")
    return odd > 0 and odd * _ENOUGH >= cells.shapes["comma decimal"] + cells.shapes["blank thousands"]


def is_code(column: Column, cells: Cells) -> bool:
    """Whether the header says that digits of the column count nothing."""
    last = column.path[-1] if column.path else column.name
    return cells.figures > 0 and not cells.shapes["point decimal"] and _CODE.fullmatch(last.strip()) is not None


def is_flag(column: Column, values: Sequence[Value]) -> bool:
    """Whether a column's numbers only mark rows: one above 9 again and again, or what its header calls a mark."""
    value, count = _only_number(values)
    if value is None or len(values) < _FEWEST_ROWS or count == len(values):
        return False
    named = _FLAG.search(column.path[-1] if column.path else column.name) is not None
    return named or (count >= _ENOUGH and value > _LARGEST_CHANCE)


def _only_number(values: Sequence[Value]) -> tuple[float | None, int]:
    """The only number but nought among values, and how often it stands there; None for none and for several."""
    only, count = None, 0
    for value in values:
        if value and not isinstance(value, str):
            if only is not None and value != only:
                return None, 0
            only, count = value, count + 1
    return only, count


_FLAG: Final = re.compile(
    r"(?i)(?:\b|_)(?:flag|incomplete|provisional|preliminary|status|indicator|is|has)(?:\b|_)"
)
_FEWEST_ROWS: Final = 8
_LARGEST_CHANCE: Final = 9
"""Counts up to this may well be all alike where they are not nought."""


def may_stand_in(cells: Cells) -> bool:
    """Whether the least or the largest figure of a column may stand for a missing one."""
    if not cells.is_figures:
        return False
    lowest, highest = cells.lowest, cells.highest
    return lowest == -1 or lowest <= -9 or (highest >= 999 and _NINES.fullmatch(f"{highest:.10g}") is not None)


def stand_ins(column: Column, values: Sequence[Value]) -> frozenset[float]:
    """The numbers in a column that stand for missing figures: nines far from all others, and -1 of a count."""
    numbers = {value for value in set(values) if isinstance(value, int | float)}
    return _nines_below(numbers) or _nines_above(numbers) or _minus_one(column, numbers)


def _nines_below(numbers: set[float]) -> frozenset[float]:
    below = {value for value in numbers if value <= -9}
    found = {value for value in below if _STAND_IN.fullmatch(f"{value:g}")}
    others = numbers - found
    if not found or not others or (min(others) < 0 and max(found) > 3 * -max(map(abs, others))):
        return frozenset()
    return frozenset(found)


def _nines_above(numbers: set[float]) -> frozenset[float]:
    largest = max(numbers, default=0)
    times = next((times for least, times in _FAR if largest >= least), 0)
    others = numbers - {largest}
    if not times or len(others) < _ENOUGH or _NINES.fullmatch(f"{largest:.10g}") is None:
        return frozenset()
    return frozenset({largest}) if largest >= times * max(map(abs, others)) else frozenset()


def _minus_one(column: Column, numbers: set[float]) -> frozenset[float]:
    others = numbers - {-1}
    if -1 not in numbers or len(others) < _ENOUGH or min(others) < _LEAST_COUNT:
        return frozenset()
    return frozenset() if _DIFFERENCES.search(column.name) else frozenset({-1})


def notation_of(
    column: Column, cells: Cells, *, role: Role, sentinels: Sequence[str], doubt: str | None
) -> Notation:
    """What is kept of a column's notation, after its figures were read."""
    shapes = cells.shapes
    decimal = "," if shapes["comma decimal"] else "." if shapes["point decimal"] else ""
    thousands = next((mark for name, mark in _THOUSANDS if shapes[name]), "")
    marks = [text for text, _count in cells.texts.most_common(_MOST_MARKS)] if cells.is_figures else []
    return Notation(
        role=role,
        decimal=decimal,
        thousands=thousands,
        unit=unit_of(column.path or (column.name,)),
        marks=tuple(marks),
        sentinels=tuple(sentinels),
        ambiguous=doubt,
    )


_MOST_MARKS: Final = 6
_THOUSANDS: Final = (
    ("point thousands", "."),
    ("comma thousands", ","),
    ("blank thousands", " "),
    ("apostrophe thousands", "'"),
)
