"""A document as bytes and back."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diffing.workers.codec import decode, encode
from state.document import (
    Block,
    Column,
    DateRole,
    Definition,
    Document,
    Link,
    Period,
    Span,
    StatedDate,
    Table,
    Where,
)

WORDS = st.text(st.characters(), max_size=6)  # with lone surrogates, which broken documents have
MAYBE = st.none() | WORDS
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.integers(-5, 5)
VALUES = st.none() | WORDS | NUMBERS
DAYS = st.none() | st.dates()
PLACES = st.builds(
    Where, sheet=MAYBE, page=st.none() | st.integers(1, 9), table=MAYBE, column=MAYBE, row=MAYBE, section=MAYBE
)
DATES = st.builds(StatedDate, WORDS, DAYS, st.sampled_from(DateRole), PLACES, MAYBE)
PERIODS = st.none() | st.builds(Period, st.sampled_from(Span), DAYS, DAYS)


def few(strategy):
    return st.lists(strategy, max_size=3).map(tuple)


PATHS = few(WORDS)
TABLES = st.builds(
    Table,
    name=WORDS,
    columns=few(st.builds(Column, WORDS, PATHS, PERIODS)),
    rows=few(few(VALUES)),
    row_keys=PATHS,
    key=few(st.integers(0, 9)),
    sheet=MAYBE,
    page=st.none() | st.integers(1, 9),
    range=MAYBE,
    texts=st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), WORDS, max_size=3),
    totals=st.frozensets(st.integers(0, 9), max_size=3),
    row_periods=few(PERIODS),
    notes=PATHS,
    as_of=st.none() | DATES,
    fiscal_year=st.none() | st.integers(1990, 2030),
    hidden=st.booleans(),
    section=PATHS,
)
DOCUMENTS = st.builds(
    Document,
    media_type=WORDS,
    title=WORDS,
    headline=WORDS,
    blocks=few(st.builds(Block, WORDS, PATHS, MAYBE, st.none() | st.integers(1, 9), WORDS)),
    tables=few(TABLES),
    definitions=few(st.builds(Definition, WORDS, WORDS, PLACES)),
    links=few(st.builds(Link, WORDS, WORDS, PATHS)),
    dates=few(DATES),
    metadata=st.dictionaries(WORDS, WORDS, max_size=3),
    base_url=MAYBE,
    pictures=PATHS,
    ocr=st.booleans(),
    remarks=PATHS,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda each: st.lists(each, max_size=16) | st.dictionaries(st.text(max_size=2), each, max_size=2),
    max_leaves=40,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS)
def test_every_document_comes_back_exactly_or_is_not_kept(document: Document) -> None:
    data = encode(document)
    if data is not None:
        back = decode(data)
        assert back == document
        assert [repr(table.rows) for table in back.tables] == [repr(table.rows) for table in document.tables]
        assert list(back.metadata) == list(document.metadata)
        hash(back.tables and back.tables[0].columns)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), 2**64, "\ud800"])
def test_what_json_cannot_hold_is_not_kept(value: object) -> None:
    table = Table("", columns=(Column("A", ("A",)),), rows=((value,),), row_keys=("1",))
    assert encode(Document("text/csv", tables=(table,))) is None


def test_whole_numbers_and_fractions_stay_what_they_were() -> None:
    row = (1, 1.0, -0.0, 1e300, 0.1 + 0.2, 2**63 - 1, None, "")
    table = Table("", columns=(), rows=(row,), row_keys=("1",))
    data = encode(Document("text/csv", tables=(table,)))
    assert data is not None
    assert repr(decode(data).tables[0].rows) == repr((row,))


@given(JSON)
def test_other_json_is_refused_in_one_way(body: object) -> None:
    try:
        decode(orjson.dumps(body))
    except ValueError:
        return


@given(st.binary(max_size=40))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode(data)
