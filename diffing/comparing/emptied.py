"""Lists that hold nothing now, or held nothing before: their place is there, so they are empty, not gone."""

from __future__ import annotations

from msgspec.structs import replace

from state.document import Document, Table


def with_heads(document: Document, other: Document) -> Document:
    """The document whose empty lists have the columns that they have in ``other``, the release beside it.

    A list of records that is empty says nothing of its columns. One that says nothing in either release is none.
    """
    if all(table.columns for table in document.tables):
        return document
    named = {_place(table): table for table in reversed(other.tables) if table.columns}
    tables = (table if table.columns else _headed(table, named.get(_place(table))) for table in document.tables)
    return replace(document, tables=tuple([table for table in tables if table is not None]))


def _headed(table: Table, like: Table | None) -> Table | None:
    return None if like is None else replace(table, columns=like.columns, key=like.key)


def _place(table: Table) -> tuple[str, str | None, int | None]:
    return table.name, table.sheet, table.page
