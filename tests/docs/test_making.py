"""What is made from the program is what the program would make today."""

import pytest

from docs.making.__main__ import MADE, ROOT


@pytest.mark.parametrize("name", MADE)
def test_made_files_are_made_of_this_program(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == MADE[name](), f"{name} differs: run `make docs`"
