"""What workers answer: exactly what their functions return, and nothing that is more than data."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import msgpack

from diffing.examination import Examination
from diffing.workers.answers import decode_answer, decode_result, encode_answer, encode_result
from diffing.workers.pool import Workers
from state.document import Block, Column, Document, Table, Value
from state.errors import ReadingError
from state.kinds import Severity
from state.model import Finding, Item, ReleaseFacts, TableFacts
from tests.diffing import jobs

TEXTS = st.text(alphabet=st.characters(codec=None), max_size=8)
VALUES = st.one_of(st.none(), TEXTS, st.integers(), st.integers(10**18, 10**60), st.floats(allow_nan=False))
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def examined() -> Examination:
    raise NotImplementedError


def read() -> Document:
    raise NotImplementedError


def passed(result: object, function: Callable[..., object]) -> object:
    return decode_result(decode_answer(encode_answer(encode_result(result, memory=1))), function)


@given(st.lists(st.tuples(VALUES, VALUES), max_size=3), TEXTS, st.dictionaries(TEXTS, st.floats(allow_nan=False)))
def test_an_examination_arrives_as_it_was(rows: list[tuple[Value, Value]], text: str, measures: dict) -> None:
    names = tuple(map(str, range(len(rows))))
    table = TableFacts(text, text, None, 2026, NOW.date(), "f", ("a", "b"), names, tuple(rows), measures=measures)
    item = Item(row=text, before=rows[0][0] if rows else None, valued=True)
    finding = Finding("id", "kind", Severity.HIGH, text, items=(item,))
    facts = ReleaseFacts("r", NOW, "0" * 64, "u", title=text, tables=(table,))
    view: dict[str, object] = {"tables": [[list(row) for row in rows]], text: text}
    result = Examination(findings=(finding,), facts=facts, texts=((text, "b"),), view=view)
    assert passed(result, examined) == result


@given(st.lists(st.tuples(VALUES, VALUES), max_size=3), TEXTS)
def test_a_document_arrives_as_it_was(rows: list[tuple[Value, Value]], text: str) -> None:
    columns = (Column("a", ("a",)), Column("b", ("b",)))
    table = Table(
        text, columns, tuple(rows), tuple(map(str, range(len(rows)))), texts={(0, 1): text}, totals=frozenset({0})
    )
    document = Document("text/html", title=text, blocks=(Block(text, (text,)),), tables=(table,))
    assert passed(document, read) == document


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_data_or_refused(message: bytes) -> None:
    with contextlib.suppress(ValueError):
        decode_result(decode_answer(message), examined)


@pytest.mark.parametrize("code", [1, 2, 3, 4])
def test_an_extension_that_is_none_is_refused(code: int) -> None:
    for data in (b"", b"\xff", b"9" * 5_000, b"\x93\x01\x02\x03"):
        message = msgpack.encode({"done": True, "spelt_out": True, "result": msgpack.Ext(code, data)})
        with pytest.raises(ValueError):
            decode_result(decode_answer(message), jobs.process_id)


def test_extensions_within_each_other_are_refused() -> None:
    nested: object = 1
    for _ in range(3_000):
        nested = msgpack.Ext(3, msgpack.encode([[1, nested]]))
    message = msgpack.encode({"done": True, "spelt_out": True, "result": nested})
    with pytest.raises(ValueError):
        decode_result(decode_answer(message), jobs.process_id)


class _Bomb:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.mark),)


def test_what_a_worker_forges_runs_nothing_here(tmp_path: Path) -> None:
    mark = tmp_path / "was-here"
    with Workers(size=1, timeout=10) as workers:
        with pytest.raises(ReadingError, match="the reader's answer is none"):
            workers.run(jobs.forge, pickle.dumps(_Bomb(mark)))
        assert workers.run(jobs.add, 1, 1) == 2
    assert not mark.exists()


def test_an_answer_of_another_type_than_promised_is_refused() -> None:
    with Workers(size=1, timeout=10) as workers, pytest.raises(ReadingError, match="Expected `int`, got `str`"):
        workers.run(jobs.lie)
