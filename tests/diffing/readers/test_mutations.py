"""Documents of every format, broken at random, through a worker: each is read or refused with a reason."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.making.broken_documents import mutate, seeds
from diffing.extract import extract
from diffing.workers.pool import Workers
from state.document import Document, ReadingHints
from state.errors import ReadingError
from tests.budgets import examples

SEEDS = tuple(seeds())


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(size=1, timeout=30) as pool:
        yield pool


@settings(max_examples=examples(10 * len(SEEDS)))
@given(place=st.integers(0, len(SEEDS) - 1), chance=st.integers(0, 2**32))
def test_what_is_broken_is_read_or_refused(workers: Workers, place: int, chance: int) -> None:
    sample = mutate(SEEDS[place], random.Random(chance))
    hints = ReadingHints(file_name=f"sample.{sample.format}")
    try:
        document = workers.run(partial(extract, media_type="", hints=hints), sample.body)
    except ReadingError as error:
        assert str(error).strip()
        assert "the reader failed" not in str(error)
    else:
        assert isinstance(document, Document)
