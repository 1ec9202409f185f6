"""Document × Document -> Comparison: facts, no opinion."""

from __future__ import annotations

from diffing.comparing.align import align_table
from diffing.comparing.alignment.tables import pair_tables
from diffing.comparing.links import compare_links
from diffing.comparing.model import Comparison, TablePair
from diffing.comparing.statements import compare_dates, compare_definitions, compare_metadata
from diffing.comparing.text import compare_texts
from diffing.comparing.textless import comparable, pages_lost
from state.document import Document


def compare(before: Document, after: Document) -> Comparison:
    """All that differs between two releases of a document, and how their parts correspond.

    Pure and deterministic. Order never matters: what only changed its place sets ``moved``. Pages that only one of
    both lets us read are left out of both, and are ``lost`` where they could be read before.
    """
    lost = pages_lost(before, after)
    before, after = comparable(before, after)
    paired = pair_tables(before.tables, after.tables)
    tables = tuple(
        align_table(before.tables[i], after.tables[j], index=index, places=(i, j))
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
        dates=compare_dates(before.dates, after.dates),
        metadata=compare_metadata(before.metadata, after.metadata),
        lost=lost,
        moved=texts.moved or _any_moved(paired, tables),
    )


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
