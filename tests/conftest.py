"""What all tests share: how laws are tried, and the demonstration, which is lived through once."""

from __future__ import annotations

import pytest

from demo.story import Story, live_through
from tests.budgets import load_profile

load_profile()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Story, list[str]]:
    """The story and the lines that it told; its archive is only read."""
    lines: list[str] = []
    return live_through(tmp_path_factory.mktemp("story") / "output", echo=lines.append), lines
