"""Document × Document -> Comparison: facts, no opinion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from diffing.comparing.align import align_table
from diffing.comparing.alignment.choice import Known
from diffing.comparing.alignment.tables import pair_tables
from diffing.comparing.emptied import with_heads
from diffing.comparing.links import compare_links
from diffing.comparing.model import Comparison, TablePair
from diffing.comparing.statements import compare_dates, compare_definitions, compare_metadata
from diffing.comparing.text import compare_texts
from diffing.comparing.textless import comparable, pages_lost
from diffing.readers.statements.dates import read_period
from diffing.readers.tables.settle import settle_together
from state.document import DateRole, Document, Notation, StatedDate, Table, Where
from state.model import Rules

NO_RULES: Final = Rules()


def compare(
    before: Document,
    after: Document,
    *,
    rules: Rules = NO_RULES,
    learnt: Callable[[Table], tuple[str, ...]] = lambda _table: (),
    noted: Callable[[Table], Mapping[str, Notation]] = lambda _table: {},
) -> Comparison:
    """All that differs between two releases of a document, and how their parts correspond.

    ``rules`` are what the source file declares of columns; ``learnt`` says by which ones the rows of a table
    before were compared, ``noted`` how columns were written that these two leave open. Pure and
    deterministic. Order never matters: what only changed its place sets ``moved``. Pages that only one of both
    lets us read are left out of both, and are ``lost`` where they could be read before.
    """
    lost = pages_lost(before, after)
    before, after = comparable(before, after)
    before, after = with_heads(before, after), with_heads(after, before)
    before, after = settle_together(before, after, noted=noted)
    paired = pair_tables(before.tables, after.tables)
    tables = tuple(
        align_table(
            before.tables[i],
            after.tables[j],
            index=index,
            places=(i, j),
            known=Known(rules, learnt(before.tables[i])),
        )
        for index, (i, j) in enumerate(paired)
    )
    taken_before, taken_after = {i for i, _ in paired}, {j for _, j in paired}
    texts = compare_texts(before.blocks, after.blocks)
    return Comparison(
        before=before,
        after=after,
        tables=tables,
        tables_removed=tuple(i for i in range(len(before.tables)) if i not in taken_before),
        tables_added=tuple(j for j in range(len(after.tables)) if j not in taken_after),
        texts=texts.changes,
        definitions=compare_definitions(before.definitions, after.definitions),
        links=compare_links(before, after),
        dates=compare_dates((*before.dates, *_stamped(tables, 0)), (*after.dates, *_stamped(tables, 1))),
        metadata=compare_metadata(before.metadata, after.metadata),
        lost=lost,
        moved=texts.moved or _any_moved(paired, tables),
    )


def _stamped(tables: tuple[TablePair, ...], side: int) -> Iterator[StatedDate]:
    """The dates that tables bear in every row, on one side (0 before, 1 after)."""
    for pair in tables:
        table = pair.after if side else pair.before
        for column in (columns[side] for columns in pair.stamps):
            period = read_period(str(table.rows[0][column]), fiscal_year=None) if table.rows else None
            where = Where(
                sheet=table.sheet, page=table.page, table=table.name or None, column=table.columns[column].name
            )
            if period is not None:
                yield StatedDate(table.text_at(0, column), period.end or period.start, DateRole.AS_OF, where)


def _any_moved(paired: list[tuple[int, int]], tables: tuple[TablePair, ...]) -> bool:
    return _crosses(paired) or any(_crosses(pair.columns) or _crosses(pair.rows) for pair in tables)


def _crosses(pairs: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> bool:
    """Whether pairs, ascending by before, do not ascend by after."""
    last = -1
    for _, after in pairs:
        if after < last:
            return True
        last = after
    return False
