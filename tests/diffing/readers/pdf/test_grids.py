from __future__ import annotations

from diffing.readers.pdf.grids import to_grid
from tests.diffing.readers.pdf.placed import table


def test_leaders_stay_in_the_text_and_leave_the_value() -> None:
    grid = to_grid(table([("Age", "Held"), ("All ages . . . . . .", "1,204")]))
    assert grid.cells[1, 0].text == "All ages . . . . . ."
    assert grid.cells[1, 0].value == "All ages"
    assert grid.cells[1, 1].value == 1204
    assert grid.cells[0, 0].header
    assert not grid.cells[1, 0].header


def test_blank_cells_are_absent() -> None:
    assert (1, 1) not in to_grid(table([("Age", "Held"), ("18", "")])).cells
