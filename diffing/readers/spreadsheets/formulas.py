"""Formulas that a workbook was saved without the results of: what a reader's Office shows for them.

Programs that write workbooks leave computing to the reader. Taken as blank, such totals would look withheld.
Worked out is what sums, shares and differences in one sheet need; anything else stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from diffing.readers.tables.cells import Cell
from diffing.values import is_figure

MOST_CELLS: Final = 2_000_000
"""Cells looked at for the formulas of one sheet, above which the rest stays blank."""

MOST_NESTED: Final = 40
"""Formulas that may lean on each other in a row."""

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<range>\$?[A-Z]{1,3}\$?\d+:\$?[A-Z]{1,3}\$?\d+)"
    r"|(?P<cell>\$?[A-Z]{1,3}\$?\d+)(?![\w(!])|(?P<name>[A-Z]+)\(|(?P<text>\"[^\"]*\")|(?P<sign>[-+*/(),%]))"
)
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")

Place = tuple[int, int]
Number = int | float


class _UnworkableError(Exception):
    """The formula needs something that is not worked out here."""


class _SpreadsheetError(Exception):
    """The formula shows an error such as #DIV/0!, which IFERROR and ISERROR ask for."""


def work_out(formulas: Mapping[Place, str], cells: Mapping[Place, Cell]) -> dict[Place, Number]:
    """The results of ``formulas`` by place; those that cannot be worked out are left out."""
    sheet = _Calculator(formulas, cells)
    found = {}
    for place in formulas:
        try:
            value = sheet.value_at(place)
        except (_UnworkableError, _SpreadsheetError, OverflowError):
            continue
        if value is not None and is_figure(value):
            found[place] = value
    return found


class _Calculator:
    """The cells of one sheet, and the results so far."""

    def __init__(self, formulas: Mapping[Place, str], cells: Mapping[Place, Cell]) -> None:
        self.formulas, self.cells = formulas, cells
        self.known: dict[Place, Number] = {}
        self.open: set[Place] = set()
        self.left = MOST_CELLS

    def value_at(self, place: Place) -> Number | None:
        """The number in a cell, None where it has none. Raises for a formula that gives none."""
        self.left -= 1
        if place in self.known:
            return self.known[place]
        if place not in self.formulas:
            cell = self.cells.get(place)
            return cell.value if cell is not None and isinstance(cell.value, int | float) else None
        if place in self.open or len(self.open) >= MOST_NESTED or self.left < 0:
            raise _UnworkableError
        self.open.add(place)
        try:
            result = _Formula(self.formulas[place], self).result()
        finally:
            self.open.discard(place)
        self.known[place] = result
        return result

    def values_in(self, reference: str) -> list[Number]:
        """The numbers in a rectangle of cells, row by row."""
        (top, left), (bottom, right) = map(_place_of, reference.split(":"))
        self.left -= (bottom - top + 1) * (right - left + 1)
        if self.left < 0:
            raise _UnworkableError
        places = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
        return [value for place in places if (value := self.value_at(place)) is not None]


class _Formula:
    """A formula read from left to right: terms of factors, functions, cells."""

    def __init__(self, text: str, sheet: _Calculator) -> None:
        self.sheet = sheet
        self.tokens = _tokens_of(text.upper())
        self.at = 0

    def result(self) -> Number:
        value = self._sum()
        if self.at < len(self.tokens):
            raise _UnworkableError
        return value

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _take(self, *words: str) -> str | None:
        kind, word = self._peek()
        if kind == "sign" and word in words:
            self.at += 1
            return word
        return None

    def _sum(self) -> Number:
        value = self._product()
        while sign := self._take("+", "-"):
            term = self._product()
            value = value + term if sign == "+" else value - term
        return value

    def _product(self) -> Number:
        value = self._factor()
        while sign := self._take("*", "/"):
            factor = self._factor()
            if sign == "/" and factor == 0:
                raise _SpreadsheetError
            value = value * factor if sign == "*" else value / factor
        return value

    def _factor(self) -> Number:
        if self._take("-"):
            return -self._factor()
        self._take("+")
        if self._take("("):
            value = self._sum()
            self._close()
        else:
            value = self._operand()
        return value / 100 if self._take("%") else value

    def _operand(self) -> Number:
        kind, word = self._peek()
        self.at += 1
        if kind == "number":
            return float(word) if "." in word or "E" in word else int(word)
        if kind == "cell":
            return self._cell(_place_of(word))
        if kind == "name" and word in _OVER_CELLS:
            return _OVER_CELLS[word](self._cells())
        if kind == "name" and word in ("IF", "IFERROR"):
            return self._choice(word)
        raise _UnworkableError

    def _cell(self, place: Place) -> Number:
        """The number in a cell; a blank one counts 0 in a sum, and says nothing where it is all there is."""
        value = self.sheet.value_at(place)
        if value is None and (place in self.sheet.cells or len(self.tokens) == 1):
            raise _UnworkableError
        return value or 0

    def _cells(self) -> list[Number]:
        """The numbers of an argument list, blanks left out."""
        values: list[Number] = []
        while True:
            kind, word = self._peek()
            if kind == "range":
                self.at += 1
                values += self.sheet.values_in(word)
            else:
                values.append(self._sum())
            if not self._take(","):
                break
        self._close()
        return values

    def _choice(self, name: str) -> Number:
        """``IFERROR(value, instead)`` and ``IF(ISERROR(value), instead, value)``; no other condition is read."""
        if name == "IF" and self._peek() != ("name", "ISERROR"):
            raise _UnworkableError
        start = self.at + (name == "IF")
        end = _end_of_argument(self.tokens, start)
        try:
            self.at = start
            value, failed = self._sum(), False
        except _SpreadsheetError:
            value, failed = 0, True
        self.at = end
        if name == "IF":
            self._close()
        self._separate()
        instead = self._sum()
        if name == "IF":
            self._separate()
            self.at = _end_of_argument(self.tokens, self.at)
        self._close()
        return instead if failed else value

    def _close(self) -> None:
        if not self._take(")"):
            raise _UnworkableError

    def _separate(self) -> None:
        if not self._take(","):
            raise _UnworkableError


def _mean(values: list[Number]) -> Number:
    if not values:
        raise _SpreadsheetError
    return sum(values) / len(values)


_OVER_CELLS: Final[Mapping[str, Callable[[list[Number]], Number]]] = {
    "SUM": sum,
    "AVERAGE": _mean,
    "MAX": lambda values: max(values, default=0),
    "MIN": lambda values: min(values, default=0),
    "COUNT": len,
}


def _tokens_of(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _UnworkableError
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


def _end_of_argument(tokens: list[tuple[str, str]], start: int) -> int:
    """The index of the comma or bracket that ends the argument beginning at ``start``."""
    depth = 0
    for index in range(start, len(tokens)):
        kind, word = tokens[index]
        if depth == 0 and word in (",", ")") and kind == "sign":
            return index
        depth += (kind == "name") or (kind == "sign" and word == "(")
        depth -= kind == "sign" and word == ")"
    raise _UnworkableError


def _place_of(reference: str) -> Place:
    match = _REFERENCE.fullmatch(reference)
    assert match is not None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
