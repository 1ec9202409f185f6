"""What differs between two releases, as a page can show it side by side: bounded, made once at release time.

A viewer that compared on request would be slow and could be attacked, so the view is stored with the release.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diffing.comparing.model import Comparison, DefinitionChange, TablePair
from state.document import Table
from state.kinds import Severity
from state.model import Finding

MOST_TABLES = 60
MOST_ROWS = 60  # of one table: those that a finding names, then removed, changed, added, in table order
MOST_COLUMNS = 10
MOST_TEXTS = 200


def view_of(comparison: Comparison, findings: Sequence[Finding] = ()) -> dict[str, object]:
    """The differences as plain JSON: ``title``, ``tables``, ``texts``, ``definitions``, ``links``.

    Each has a ``before`` and an ``after``; None stands for what one side lacks. Tables hold changed rows
    only, with the columns that identify them and those that changed, first the rows that ``findings`` above
    info name; ``left_out`` counts rows not shown.
    """
    graver = (finding for finding in findings if finding.severity is not Severity.INFO)
    named = frozenset(item.row for finding in graver for item in finding.items if item.row)
    return {
        "title": {
            "before": comparison.before.headline or comparison.before.title,
            "after": comparison.after.headline or comparison.after.title,
        },
        "tables": _tables(comparison, named)[:MOST_TABLES],
        "texts": [
            {"section": change.section, "before": change.before, "after": change.after}
            for change in comparison.texts[:MOST_TEXTS]
        ],
        "definitions": [_definition(change) for change in comparison.definitions[:MOST_TEXTS]],
        "links": [
            {
                "before": {"text": change.before.text, "url": change.before.url} if change.before else None,
                "after": {"text": change.after.text, "url": change.after.url} if change.after else None,
            }
            for change in comparison.links[:MOST_TEXTS]
        ],
    }


def _definition(change: DefinitionChange) -> dict[str, object]:
    known = change.after or change.before
    return {
        "term": "" if known is None else known.term,
        "before": change.before.wording if change.before else None,
        "after": change.after.wording if change.after else None,
    }


def _tables(comparison: Comparison, named: frozenset[str]) -> list[dict[str, object]]:
    views = [_pair(pair, named) for pair in comparison.tables if _differs(pair)]
    views += [_single(comparison.before.tables[index], "removed") for index in comparison.tables_removed]
    views += [_single(comparison.after.tables[index], "added") for index in comparison.tables_added]
    return views


def _differs(pair: TablePair) -> bool:
    return bool(
        pair.cells
        or pair.rows_removed
        or pair.rows_added
        or pair.columns_removed
        or pair.columns_added
        or pair.columns_renamed
        or pair.rows_renamed
    )


def _pair(pair: TablePair, named: frozenset[str]) -> dict[str, object]:
    columns = _columns(pair)
    changed: dict[int, set[int]] = {}
    for cell in pair.cells:
        changed.setdefault(cell.row_after, set()).add(cell.column_after)
    renamed = {after for _, after in pair.rows_renamed}
    before_of = {after: before for before, after in pair.rows}
    rows = [_removed(pair, row, columns) for row in pair.rows_removed[:MOST_ROWS]]
    touched = sorted(changed.keys() | renamed, key=lambda row: (pair.after.row_keys[row] not in named, row))
    rows += [_kept(pair, (before_of[row], row), columns, changed.get(row, set())) for row in touched[:MOST_ROWS]]
    rows += [_added(pair, row, columns) for row in pair.rows_added[:MOST_ROWS]]
    rows.sort(key=lambda row: row["key"] not in named)
    total = len(pair.rows_removed) + len(touched) + len(pair.rows_added)
    return {
        "name": pair.after.name or pair.before.name,
        "sheet": pair.after.sheet,
        "page": pair.after.page,
        "columns": [
            {
                "before": None if before is None else pair.before.columns[before].name,
                "after": None if after is None else pair.after.columns[after].name,
            }
            for before, after in columns
        ],
        "rows": rows[:MOST_ROWS],
        "left_out": max(0, total - MOST_ROWS),
        "unchanged": len(pair.rows) - len(touched),
    }


_Columns = list[tuple[int | None, int | None]]


def _columns(pair: TablePair) -> _Columns:
    """Columns worth showing: those that identify a row, then what came, went, was renamed or changed most.

    Where rows left, the others too: what the rows said is seen nowhere else any more.
    """
    before_of = {after: before for before, after in pair.columns}
    counts: dict[int, int] = {}
    for cell in pair.cells:
        counts[cell.column_after] = counts.get(cell.column_after, 0) + 1
    by_change = sorted(counts, key=lambda column: (-counts[column], column))
    shown: list[int] = list(pair.after.key)
    shown += [*pair.columns_added, *(after for _, after in pair.columns_renamed), *by_change]
    if pair.rows_removed:
        shown += range(len(pair.after.columns))
    picked = sorted(_first_distinct(shown, MOST_COLUMNS))
    columns: _Columns = [(before_of.get(after), after) for after in picked]
    columns += [(before, None) for before in pair.columns_removed[:MOST_COLUMNS]]
    return columns


def _first_distinct(numbers: Iterable[int], most: int) -> list[int]:
    return list(dict.fromkeys(numbers))[:most]


def _texts(table: Table, row: int, columns: Iterable[int | None]) -> list[str | None]:
    return [None if column is None else _shown(table, row, column) for column in columns]


def _shown(table: Table, row: int, column: int) -> str:
    """A label with its group, everything else as published."""
    return table.label_at(row, column) if column in table.key else table.text_at(row, column)


def _removed(pair: TablePair, row: int, columns: _Columns) -> dict[str, object]:
    cells = _texts(pair.before, row, (before for before, _ in columns))
    return {"key": pair.before.row_keys[row], "state": "removed", "before": cells, "after": None, "changed": []}


def _added(pair: TablePair, row: int, columns: _Columns) -> dict[str, object]:
    cells = _texts(pair.after, row, (after for _, after in columns))
    return {"key": pair.after.row_keys[row], "state": "added", "before": None, "after": cells, "changed": []}


def _kept(pair: TablePair, rows: tuple[int, int], columns: _Columns, changed: set[int]) -> dict[str, object]:
    row_before, row_after = rows
    renamed = pair.before.row_keys[row_before] != pair.after.row_keys[row_after]
    return {
        "key": pair.after.row_keys[row_after],
        "state": "renamed" if renamed and not changed else "changed",
        "before": _texts(pair.before, row_before, (before for before, _ in columns)),
        "after": _texts(pair.after, row_after, (after for _, after in columns)),
        "changed": [index for index, (_, after) in enumerate(columns) if after in changed],
    }


def _single(table: Table, state: str) -> dict[str, object]:
    columns: _Columns = [
        (index, None) if state == "removed" else (None, index)
        for index in range(min(len(table.columns), MOST_COLUMNS))
    ]
    rows = [
        {
            "key": table.row_keys[row],
            "state": state,
            "before": _texts(table, row, (before for before, _ in columns)) if state == "removed" else None,
            "after": _texts(table, row, (after for _, after in columns)) if state == "added" else None,
            "changed": [],
        }
        for row in range(min(len(table.rows), MOST_ROWS))
    ]
    return {
        "name": table.name,
        "sheet": table.sheet,
        "page": table.page,
        "columns": [
            {
                "before": None if before is None else table.columns[before].name,
                "after": None if after is None else table.columns[after].name,
            }
            for before, after in columns
        ],
        "rows": rows,
        "left_out": max(0, len(table.rows) - MOST_ROWS),
        "unchanged": 0,
    }
