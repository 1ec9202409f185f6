"""The law of the columnar engine: both paths say the same of the same file."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diffing.columnar.rows import ColumnarRows
from diffing.comparing.compare import compare
from diffing.comparing.model import Evidence
from diffing.extract_history import facts_of
from diffing.judge import judge
from diffing.readers.characters import decode
from diffing.readers.csv import read_large, sniff_delimiter
from diffing.readers.tables.reread import settle_notation
from state.document import Document, ReadingHints, Table
from state.model import Series, Source
from state.series_history import PastReleases
from tests.budgets import examples

RELEASES = Path(__file__).parents[2] / "releases"
CASES = sorted({path.parent for path in RELEASES.glob("*/*/*.csv") if path.stem in ("before", "after")})
NOW = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
NO_HINTS = ReadingHints()

FIGURES = st.one_of(
    st.integers(-5, 2000).map(str),
    st.floats(0, 5000).map(lambda figure: f"{figure:.2f}"),
    st.sampled_from(["", "1,204", "12%", "0", "-0", "1.50", "1.5", "41.200", "9.310", "*", "[c]", "$4.10"]),
)
EUROPEAN = st.sampled_from(["41.200", "9.310", "812", "1.204.000", "4.120,5", "701,8", "0,5", "-999", "k. A.", ""])
DATES = st.sampled_from(["13/02/2024", "03/04/2024", "2/28/2024", "13.02.2024", "03.04.2024", "2024-02-13", ""])
LABELS = st.sampled_from(
    ["Adams", "Adams County", "São Paulo", "Total", "2024-01", "2024-01-02", "3/4/2024", "01234", "a  b", ""]
)
CELLS = st.one_of(FIGURES, LABELS)


@st.composite
def tables(draw) -> list[list[str]]:
    """A table of records: a column that mostly names the rows, then columns of one sort or a mixture."""
    rows = draw(st.integers(3, 14))
    name = draw(st.sampled_from(["Unit {}", "U-{:03d}", "{}"]))
    columns = [[name.format(row) for row in range(rows)]]
    for _column in range(draw(st.integers(1, 3))):
        sort = draw(st.sampled_from([FIGURES, LABELS, CELLS, EUROPEAN, DATES, st.integers(0, 99999).map(str)]))
        columns.append(draw(st.lists(sort, min_size=rows, max_size=rows)))
    return [list(row) for row in zip(*columns, strict=True)]


@st.composite
def pairs(draw) -> tuple[str, str]:
    """A table as delimited text, and what became of it."""
    before = draw(tables())
    after = [row[:] for row in before]
    for _edit in range(draw(st.integers(0, 5))):
        row = draw(st.integers(0, len(after) - 1))
        match draw(st.sampled_from(["cell", "drop", "add", "label"])):
            case "cell":
                after[row][draw(st.integers(1, len(after[0]) - 1))] = draw(CELLS)
            case "drop" if len(after) > 2:
                del after[row]
            case "add":
                after.insert(row, [f"New {row}", *draw(st.lists(CELLS, min_size=len(after[0]) - 1, max_size=9))])
                after[row] = (after[row] + ["7"] * 9)[: len(before[0])]
            case _:
                after[row][0] = draw(LABELS)
    header = ["Unit", "Deaths", "Kind", "Rate"][: len(before[0])]
    if draw(st.booleans()):
        after = draw(st.permutations(after))
    renamed = [*header[:-1], "Renamed"] if draw(st.booleans()) else header
    return written([header, *before]), written([renamed, *after])


def written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def document(text: str, *, columnar: bool) -> Document:
    delimiter = sniff_delimiter(text)
    table, remarks = read_large(text, delimiter, NO_HINTS, columnar=columnar)
    return settle_notation(Document(media_type="text/csv", tables=(table,), remarks=remarks))


def said(before: Document, after: Document) -> tuple[object, ...]:
    """All that is found between two documents, and what history keeps of the later one."""
    comparison = compare(before, after)
    series = Series(name="law", title="Law")
    evidence = Evidence(
        source=Source(id="law", title="Law", publisher="", url="", series=(series,)),
        series=series,
        now=NOW,
        history=PastReleases(),
        document=after,
        comparison=comparison,
        sha256_before="0" * 64,
        sha256_after="1" * 64,
    )
    facts = facts_of(
        after, release="2", at=NOW, sha256="1" * 64, url="", comparison=comparison, history=PastReleases()
    )
    return judge(evidence), facts


def plain(table: Table) -> Table:
    return replace(table, rows=tuple(table.rows))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_golden_tables_are_read_and_judged_alike(case: Path):
    texts = [
        decode(path.read_bytes()).replace("\r\n", "\n")
        for side in ("before", "after")
        for path in sorted(case.glob(f"{side}.csv"))
    ]
    by_rows = [document(text, columnar=False) for text in texts]
    by_columns = [document(text, columnar=True) for text in texts]
    for one, other in zip(by_rows, by_columns, strict=True):
        assert [plain(table) for table in one.tables] == [plain(table) for table in other.tables]
        assert one.remarks == other.remarks
    if len(texts) == 2:
        assert said(*by_rows) == said(*by_columns)


@settings(max_examples=examples(60))
@given(pairs())
def test_both_paths_say_the_same(pair: tuple[str, str]):
    by_rows = [document(text, columnar=False) for text in pair]
    by_columns = [document(text, columnar=True) for text in pair]
    for one, other in zip(by_rows, by_columns, strict=True):
        assert plain(one.tables[0]) == plain(other.tables[0])
        assert isinstance(other.tables[0].rows, ColumnarRows)
    assert said(*by_rows) == said(*by_columns) == said(by_rows[0], by_columns[1])


def test_notation_belongs_to_the_column_of_any_size():
    rows = [
        f"Gemeinde {row};{row % 899 + 1}.{row % 10}00;{row % 28 + 1:02d}.{row % 12 + 1:02d}.2024"
        for row in range(60_000)
    ]
    rows[41_777] = "Gemeinde 41777;812;31.01.2024"
    table = document("Gemeinde;Personen;Stand\n" + "\n".join(rows) + "\n", columnar=True).tables[0]
    assert isinstance(table.rows, ColumnarRows)
    assert table.rows[29_345] == ("Gemeinde 29345", 578_500, "2024-06-02")
    assert table.rows[41_777] == ("Gemeinde 41777", 812, "2024-01-31")
    assert table.columns[1].notation.thousands == "."


@settings(max_examples=examples(300))
@given(st.text(alphabet='ab1,;\n" é\r', min_size=1, max_size=24))
def test_whatever_parts_the_fields_they_are_the_same(text: str):
    text = "name,figure\n" + text.replace("\r\n", "\n")
    one, remarks = read_large(text, ",", NO_HINTS, columnar=False)
    other, remarks_too = read_large(text, ",", NO_HINTS)
    assert plain(one) == plain(other)
    assert remarks == remarks_too
