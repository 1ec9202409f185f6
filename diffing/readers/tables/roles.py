"""What each column of a table is for: naming rows, dating them, counting them, or saying something of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from diffing.readers.statements.dates import read_period
from diffing.values import is_suppressed
from state.document import Value

SAMPLE: Final = 2_000
"""Rows that show what kind of column a column is."""

DISTINCT_MOST: Final = 200
"""Different values of a column that are read as periods."""

LONG: Final = 120
"""A column with a longer text is prose and identifies no row."""

COUNTED_LEAST: Final = 3
"""Rows from which a column of 1, 2, 3 … may be a mere count."""

MOSTLY: Final = 0.9
"""Share of a column's values that must be periods or addresses for the column to hold these."""

_DAY: Final = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])")
"""Days that are surely days, as every reader leaves them."""

_ADDRESS: Final = re.compile(r"(?:https?|ftp)://|www\.|mailto:", re.IGNORECASE)


class Role(StrEnum):
    """What a column is for."""

    BLANK = "blank"
    CONSTANT = "constant"  # one value in every row: the edition's date, a level that all rows have
    COUNTER = "counter"  # numbers the rows from 0 or 1
    PERIOD = "period"  # days, weeks, months, quarters or years
    LABEL = "label"  # short texts
    ADDRESS = "address"  # of a page
    PROSE = "prose"
    CODE = "code"  # whole numbers of which each stands in several rows: an age, a week, a district
    FIGURE = "figure"


NAMING: Final = (Role.LABEL, Role.PERIOD, Role.CODE)
"""Roles of columns that may identify a row."""


def roles_of(rows: Sequence[Sequence[Value]], width: int) -> list[Role]:
    """The role of each of ``width`` columns, by rows spread over the table."""
    step = max(1, len(rows) // SAMPLE)
    columns = list(zip(*rows[::step], strict=True)) or [()] * width
    return [role_of(column, first=[row[index] for row in rows[:SAMPLE]]) for index, column in enumerate(columns)]


def role_of(values: Sequence[Value], *, first: Sequence[Value]) -> Role:
    """The role of a column, by ``values`` from all over it and the ``first`` ones as they follow each other."""
    present = [value for value in values if value is not None]
    if not present:
        return Role.BLANK
    kinds = Counter(map(type, present))
    if len(values) > 1 and len(present) == len(values) and len(set(present)) == 1:
        return Role.CONSTANT
    figures = len(present) - kinds[str]
    if not figures:
        return _role_of_texts(present)
    words = sum(isinstance(value, str) and not is_suppressed(value) for value in present) if kinds[str] else 0
    if kinds[str] * 2 >= len(present) and words >= figures:
        return _role_of_texts(present)
    if kinds[float] or words < kinds[str]:
        return Role.FIGURE
    if counts_rows(first):
        return Role.COUNTER
    if is_dated(present):
        return Role.PERIOD
    return Role.CODE if _classifies(present, len(values)) else Role.FIGURE


def _role_of_texts(present: Sequence[Value]) -> Role:
    texts = [value for value in present if isinstance(value, str)]
    if max(map(len, texts)) > LONG:
        addresses = sum(_ADDRESS.match(text) is not None for text in texts)
        return Role.ADDRESS if addresses > MOSTLY * len(texts) else Role.PROSE
    if texts[0][:8].casefold().startswith(("http", "www.", "mailto", "ftp")):
        addresses = sum(_ADDRESS.match(text) is not None for text in texts)
        if addresses > MOSTLY * len(texts):
            return Role.ADDRESS
    return Role.PERIOD if is_dated(present) else Role.LABEL


def is_dated(present: Sequence[Value]) -> bool:
    """Whether nearly all of a column's values name periods."""
    if not _names_period(str(present[0])) and not _names_period(str(present[-1])):
        return False
    distinct = list(dict.fromkeys(present))
    sample = distinct[:: max(1, len(distinct) // DISTINCT_MOST)]
    dated = sum(_names_period(str(value)) for value in sample)
    return dated >= MOSTLY * len(sample)


def _names_period(text: str) -> bool:
    return _DAY.fullmatch(text) is not None or read_period(text, fiscal_year=None) is not None


def counts_rows(first: Sequence[Value]) -> bool:
    """Whether whole numbers go up by one from row to row, from 0 or 1."""
    if len(first) < COUNTED_LEAST or first[0] not in (0, 1) or type(first[0]) is not int:
        return False
    return list(first) == list(range(first[0], first[0] + len(first)))


def _classifies(present: Sequence[Value], rows: int) -> bool:
    """Whether whole numbers stand for classes: none is negative, and each comes again, about as often."""
    counts = Counter(present)
    if (
        len(present) < rows
        or len(counts) * 2 > rows
        or min(value for value in counts if isinstance(value, int)) < 0
    ):
        return False
    often = sorted(counts.values())
    return often[0] * 2 >= often[-1]
