"""Small documents, comparisons and evidence made by hand, for tests of rules that need no reader."""

import datetime as dt
from collections.abc import Sequence

from msgspec.structs import replace

from diffing.comparing.model import CellChange, Comparison, Evidence, TablePair
from diffing.extract_history import facts_of
from diffing.identity import table_key
from state.document import Column, DateRole, Document, Period, Span, StatedDate, Table, Value
from state.model import Rules, Series, Source
from state.series_history import PastReleases

FIRST = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)


def table_of(header: Sequence[str], *rows: Sequence[Value], name: str = "Removals by county", **fields) -> Table:
    """A table whose first column is its key."""
    return Table(
        name=name,
        columns=tuple(Column(title, tuple(title.split(" / "))) for title in header),
        rows=tuple(tuple(row) for row in rows),
        row_keys=tuple(str(row[0]) for row in rows),
        key=(0,),
        **fields,
    )


def document_of(*tables: Table, as_of: dt.date | None = None) -> Document:
    dates = () if as_of is None else (StatedDate(as_of.isoformat(), as_of, DateRole.AS_OF),)
    return Document(media_type="text/csv", tables=tables, dates=dates)


def month(year: int, number: int) -> Period:
    start = dt.date(year, number, 1)
    following = dt.date(year + number // 12, number % 12 + 1, 1)
    return Period(Span.MONTH, start, following - dt.timedelta(days=1))


def with_periods(table: Table, *periods: Period | None) -> Table:
    """The table with a period for each of its columns."""
    columns = tuple(replace(c, period=p) for c, p in zip(table.columns, periods, strict=True))
    return replace(table, columns=columns)


def compared(before: Document, after: Document) -> Comparison:
    """Tables paired in order, columns by name, rows by key: all that well-made tables need."""
    pairs = tuple(pair_of(i, *both) for i, both in enumerate(zip(before.tables, after.tables, strict=False)))
    return Comparison(before=before, after=after, tables=pairs)


def pair_of(index: int, before: Table, after: Table) -> TablePair:
    columns = matched([c.name for c in before.columns], [c.name for c in after.columns])
    rows = matched(before.row_keys, after.row_keys)
    return TablePair(
        index=index,
        key=table_key(after),
        places=(index, index),
        before=before,
        after=after,
        columns=columns,
        rows=rows,
        columns_removed=left_over(len(before.columns), [c[0] for c in columns]),
        columns_added=left_over(len(after.columns), [c[1] for c in columns]),
        rows_removed=left_over(len(before.rows), [r[0] for r in rows]),
        rows_added=left_over(len(after.rows), [r[1] for r in rows]),
        cells=tuple(
            CellChange(r[0], r[1], c[0], c[1], before.rows[r[0]][c[0]], after.rows[r[1]][c[1]])
            for r in rows
            for c in columns
            if before.rows[r[0]][c[0]] != after.rows[r[1]][c[1]]
        ),
    )


def matched(before: Sequence[str], after: Sequence[str]) -> tuple[tuple[int, int], ...]:
    return tuple((i, list(after).index(name)) for i, name in enumerate(before) if name in after)


def left_over(count: int, used: Sequence[int]) -> tuple[int, ...]:
    return tuple(i for i in range(count) if i not in used)


def evidence_of(
    before: Document,
    after: Document,
    *,
    older: Sequence[Document] = (),
    rules: Rules | None = None,
    every: dt.timedelta = dt.timedelta(days=14),
) -> Evidence:
    """Evidence for the newest of a series of releases, ``every`` so many days one."""
    series = Series(name="series", title="Series", rules=rules or Rules())
    return Evidence(
        source=Source(id="test/source", title="", publisher="", url="", series=(series,)),
        series=series,
        now=FIRST + every * (len(older) + 1),
        history=history_of([*older, before], every=every),
        document=after,
        comparison=compared(before, after),
    )


def history_of(documents: Sequence[Document], *, every: dt.timedelta = dt.timedelta(days=14)) -> PastReleases:
    history = PastReleases()
    for n, document in enumerate(documents):
        facts = facts_of(
            document,
            release=str(n + 1),
            at=FIRST + every * n,
            sha256=f"{n:064x}",
            url="https://publisher.example/series.csv",
            comparison=compared(documents[n - 1], document) if n else None,
            history=history,
        )
        history = history.followed_by(facts)
    return history
