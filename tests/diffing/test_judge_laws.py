"""What holds for judging whatever the documents say."""

import datetime as dt

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diffing.comparing.compare import compare
from diffing.judge import judge
from diffing.values import LARGEST
from state.document import Column, Document, Period, Span
from tests.budgets import examples
from tests.diffing.tables import document_of, evidence_of, month, table_of

LABELS = st.sampled_from(
    [
        "Total",
        "North",
        "South",
        "North / Men",
        "North / Women",
        "Total / Men",
        "FY2023",
        "No Tech",
        "",
        "2024-01-02",
    ]
)
HEADERS = st.sampled_from(
    ["Removals, cumulative", "ADP", "Oct", "Total", "", "FY24 YTD", "Count", "Average stay", "Zip", "FY24 ADP / A"]
)
VALUES = st.one_of(
    st.none(),
    st.integers(-10, 10**9),
    st.floats(-LARGEST, LARGEST, exclude_min=True, exclude_max=True),
    st.sampled_from(["*", "N/A", "text", "2024-01-02", ""]),
)
PERIODS = st.sampled_from(
    [
        None,
        month(2023, 10),
        month(2024, 2),
        Period(Span.TO_DATE, None, None),
        Period(Span.DAY, dt.date(2024, 1, 2), dt.date(2024, 1, 2)),
    ]
)


@st.composite
def tables(draw):
    headers = draw(st.lists(HEADERS, min_size=1, max_size=4))
    labels = draw(st.lists(LABELS, max_size=6))
    rows = [[label, *(draw(VALUES) for _ in headers)] for label in labels]
    table = table_of(["Area", *headers], *rows, name=draw(st.sampled_from(["Removals FY2024", "Population", ""])))
    columns = tuple(
        Column(column.name, column.path if column.name else (), draw(PERIODS)) for column in table.columns
    )
    keys = tuple(f"{label} #{n}" if labels[:n].count(label) else label for n, label in enumerate(labels))
    return replace(
        table,
        columns=columns,
        row_keys=keys,
        totals=frozenset(n for n, label in enumerate(labels) if label == "Total"),
        row_periods=tuple(draw(PERIODS) for _ in labels) if draw(st.booleans()) else (),
        fiscal_year=draw(st.sampled_from([None, 2023, 2024])),
    )


@st.composite
def documents(draw) -> Document:
    as_of = draw(st.sampled_from([None, dt.date(2023, 12, 27), dt.date(2024, 2, 29)]))
    return document_of(*draw(st.lists(tables(), max_size=2)), as_of=as_of)


@settings(max_examples=examples(120), suppress_health_check=list(HealthCheck))
@given(st.lists(documents(), min_size=2, max_size=4))
def test_any_documents_are_judged_and_no_fact_is_told_twice(releases):
    evidence = evidence_of(releases[-2], releases[-1], older=releases[:-2])
    evidence = replace(evidence, comparison=compare(releases[-2], releases[-1]))
    said = judge(evidence)
    assert len({finding.id for finding in said}) == len(said)
    for finding in said:
        assert finding.title
        assert len(finding.title) <= 150
        assert finding.count >= 1


@settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
@given(documents())
def test_a_document_against_itself_says_nothing_above_info(document):
    evidence = replace(evidence_of(document, document), comparison=compare(document, document))
    assert [finding.title for finding in judge(evidence) if finding.severity.rank] == []
