"""One worksheet of an Office workbook as a grid of cells, with merges, hidden rows and columns, and comments."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct, field

from diffing.readers.spreadsheets.formulas import work_out
from diffing.readers.spreadsheets.number_formats import show
from diffing.readers.spreadsheets.ooxml import (
    Attributes,
    Package,
    SheetPart,
    Style,
    local,
    parse,
    read_relations,
    unescape,
)
from diffing.readers.tables.cells import Cell, Grid
from diffing.values import is_figure, read_value
from state.document import Value
from state.errors import ReadingError

MAX_CELLS: Final = 4_000_000
"""Cells holding something that a workbook may have."""
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ROWS, _COLUMNS = 1_048_576, 16_384
_PLAIN: Final = Style()


class Sheet(Struct):
    """A worksheet as read. Comments are by cell reference."""

    part: SheetPart
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    comments: dict[str, str] = field(default_factory=dict)
    protected: bool = False

    @property
    def hidden(self) -> bool:
        """Whether a reader does not see the sheet."""
        return self.part.state != "visible"

    def grid(self) -> Grid:
        """The cells as ``grid.py`` takes them."""
        return Grid(
            cells=self.cells,
            merges=tuple(self.merges),
            sheet=self.part.name.strip(),
            hidden=self.hidden,
            spreadsheet=True,
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
        )


class _Reader:
    """Handlers for the XML of one worksheet."""

    def __init__(self, package: Package, sheet: Sheet, limit: int) -> None:
        self.package, self.sheet, self.limit = package, sheet, limit
        self.row, self.column = -1, -1
        self.kind, self.number, self.style = "n", "0", _PLAIN
        self.within, self.collecting = False, False
        self.pieces: list[str] = []
        self.in_formula = False
        self.formula: list[str] = []
        self.uncomputed: dict[tuple[int, int], tuple[str, Style]] = {}  # formulas saved without their results
        self.letters: dict[str, int] = {}
        self.made: dict[tuple[str, str, str], Cell] = {}

    def start(self, element: str, attributes: Attributes) -> None:
        name = element if ":" not in element else local(element)
        if name == "c":
            self._open_cell(attributes)
        elif name == "v" or (name == "t" and self.within):
            self.collecting = self.within
        elif name == "f":
            self.in_formula = self.within
        elif name == "rPh":
            self.collecting = False
        elif name == "row":
            number = attributes.get("r")
            self.row = int(number) - 1 if number else self.row + 1
            self.column = -1
            if attributes.get("hidden") in ("1", "true"):
                self.sheet.hidden_rows.add(self.row)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.sheet.hidden_columns.update(range(first - 1, min(last, _COLUMNS)))
        elif name == "sheetProtection":
            self.sheet.protected = True

    def end(self, element: str) -> None:
        name = element if ":" not in element else local(element)
        if name in ("v", "t"):
            self.collecting = False
        elif name == "c" and self.within:
            self.within = False
            if self.pieces:
                self._close_cell("".join(self.pieces))
            elif self.formula and self.kind != "str":  # "str" was worked out: it shows no word
                self.uncomputed[self.row, self.column] = "".join(self.formula), self.style
        elif name == "f":
            self.in_formula = False

    def text(self, data: str) -> None:
        if self.collecting:
            self.pieces.append(data)
        elif self.in_formula:
            self.formula.append(data)

    def close(self) -> None:
        """Put in what the formulas give that were saved without their results."""
        formulas = {place: formula for place, (formula, _style) in self.uncomputed.items()}
        for place, result in work_out(formulas, self.sheet.cells).items():
            self.row, self.column = place
            self.kind, self.style = "n", self.uncomputed[place][1]
            self.number = f"formula {id(self.style)}"
            self._close_cell(repr(result))

    def _open_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip("0123456789")
            column = self.letters.get(letters)
            if column is None:
                column = self.letters[letters] = column_number(letters)
            self.column = column
        else:
            self.column += 1
        self.kind = attributes.get("t", "n")
        self.number = attributes.get("s", "0")
        styles = self.package.styles
        index = int(self.number)
        self.style = styles[index] if index < len(styles) else _PLAIN
        self.within = True
        self.pieces.clear()
        self.formula.clear()

    def _close_cell(self, raw: str) -> None:
        if not 0 <= self.row < _ROWS:
            raise ReadingError(f"the sheet {self.sheet.part.name!r} has a row outside of any sheet")
        key = (self.kind, raw, self.number)
        cell = self.made.get(key)
        if cell is None:
            cell = self._make(raw)
            if len(self.made) < 200_000:
                self.made[key] = cell
        if cell.value is None:
            return
        self.sheet.cells[self.row, self.column] = cell
        if len(self.sheet.cells) > self.limit:
            raise ReadingError(f"the workbook has more than {MAX_CELLS:,} cells that hold something")

    def _make(self, raw: str) -> Cell:
        style = self.style
        value, text = self._value(raw)
        return Cell(
            value, text, style.bold, style.filled, style.ruled_above, style.ruled_below, indent=style.indent
        )

    def _value(self, raw: str) -> tuple[Value, str]:
        if self.kind == "s":
            index = int(raw) if raw.strip().isdigit() else -1
            if not 0 <= index < len(self.package.strings):
                raise ReadingError(f"the sheet {self.sheet.part.name!r} refers to a text that the workbook lacks")
            text = self.package.strings[index]
            return read_value(text), text
        if self.kind in ("str", "inlineStr", "e"):
            text = unescape(raw)
            return read_value(text), text
        if self.kind == "b":
            text = "TRUE" if raw.strip() == "1" else "FALSE"
            return text, text
        if self.kind == "d":
            text = raw.strip().removesuffix("T00:00:00")
            return text, text
        return self._number(raw.strip())

    def _number(self, raw: str) -> tuple[Value, str]:
        try:
            number: int | float = int(raw) if raw.lstrip("-").isdigit() and len(raw) < 18 else float(raw)
        except ValueError:
            return raw or None, raw
        if not is_figure(number):
            return raw, raw
        if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
            number = int(number)
        return show(number, self.style.form, from_1904=self.package.from_1904)

    def _merge(self, reference: str) -> None:
        match = re.fullmatch(_REFERENCE.pattern + ":" + _REFERENCE.pattern, reference)
        if match is not None:
            left, top, right, bottom = match.groups()
            self.sheet.merges.append((int(top) - 1, column_number(left), int(bottom) - 1, column_number(right)))


def column_number(letters: str) -> int:
    """The index of a spreadsheet column counted from 0: "A" is 0, "XFD" 16383."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ReadingError(f"the sheet has a column that no sheet can have: {letters!r}")
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= _COLUMNS:
        raise ReadingError(f"the sheet has a column that no sheet can have: {letters!r}")
    return number - 1


def read_sheet(package: Package, part: SheetPart, *, limit: int = MAX_CELLS) -> Sheet:
    """Read one worksheet; ``limit`` is how many cells it may hold. Raises ``ReadingError``."""
    sheet = Sheet(part)
    reader = _Reader(package, sheet, limit)
    try:
        parse(package, part.path, start=reader.start, end=reader.end, text=reader.text, strip=True)
        reader.close()
    except ValueError as error:
        raise ReadingError(f"the sheet {part.name!r} is damaged: {error}") from error
    for kind, path in read_relations(package, part.path).values():
        if kind == "comments" and path in package.archive.NameToInfo:
            sheet.comments = _read_comments(package, path)
    return sheet


def _read_comments(package: Package, path: str) -> dict[str, str]:
    comments: dict[str, str] = {}
    reference, inside = "", False

    def start(element: str, attributes: Attributes) -> None:
        nonlocal reference, inside
        if local(element) == "comment":
            reference = attributes.get("ref", "")
        inside = local(element) == "t"

    def end(_element: str) -> None:
        nonlocal inside
        inside = False

    def text(data: str) -> None:
        if inside and reference:
            comments[reference] = comments.get(reference, "") + data

    parse(package, path, start=start, end=end, text=text)
    return {place: " ".join(words.split()) for place, words in comments.items() if words.strip()}
