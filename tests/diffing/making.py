"""Documents made by hand, and what a comparison says should turn one into the other."""

from collections import Counter

from state.document import Column, Document, Table


def make_table(columns, rows, *, key=(0,), name="", **more):
    """A table from header names and rows; row keys are made as readers make them."""
    seen = Counter()
    keys = []
    for row in rows:
        label = " / ".join("" if row[index] is None else str(row[index]) for index in key)
        seen[label] += 1
        keys.append(label if seen[label] == 1 else f"{label} #{seen[label]}")
    return Table(
        name=name,
        columns=tuple(Column(name=text, path=tuple(text.split(" / "))) for text in columns),
        rows=tuple(tuple(row) for row in rows),
        row_keys=tuple(keys),
        key=tuple(key),
        **more,
    )


def make_document(*tables, **more):
    """A document of these tables."""
    return Document(media_type="text/csv", tables=tuple(tables), **more)


def applied(pair):
    """The rows of ``pair.before`` with the changes of the pair made to them, in the order of after."""
    columns = {after: before for before, after in pair.columns}
    cells = {(one.row_after, one.column_after): one.after for one in pair.cells}
    sources = {after: before for before, after in pair.rows}
    relabelled = {after for _, after in pair.rows_renamed}
    made = []
    for row in range(len(pair.after.rows)):
        if row not in sources:
            assert row in pair.rows_added
            made.append(pair.after.rows[row])
            continue
        values = []
        for column in range(len(pair.after.columns)):
            kept = column in columns and not (row in relabelled and column in pair.after.key)
            if (row, column) in cells:
                values.append(cells[(row, column)])
            elif kept:
                values.append(pair.before.rows[sources[row]][columns[column]])
            else:
                assert column in pair.columns_added or row in relabelled
                values.append(pair.after.rows[row][column])
        made.append(tuple(values))
    return made
