"""Tables that are no table elements."""

import pytest

from diffing.readers.html.reader import read
from state.document import ReadingHints

ROWS = [("Ashby", 812), ("Brill", 97), ("Corwen", 1204), ("Dalby", 55)]


def page(body):
    return f"<!DOCTYPE html><html><body><main><h1>Wards</h1>{body}</main></body></html>".encode()


def grid(role="table", cell="cell", more=""):
    kinds = [("columnheader", "Ward", "Beds"), *((cell, *row) for row in ROWS)]
    rows = "".join(
        f"<div role=row><span role='{kind}'>{ward}</span><span role='{kind}'><b>{beds}</b></span></div>"
        for kind, ward, beds in kinds
    )
    return f"<div role='{role}' {more}><div role=rowgroup>{rows}</div></div>"


def real():
    body = "".join(f"<tr><td>{ward}</td><td>{beds}</td></tr>" for ward, beds in ROWS)
    return f"<table><tr><th>Ward</th><th>Beds</th></tr>{body}</table>"


@pytest.mark.parametrize(("role", "cell"), [("table", "cell"), ("grid", "gridcell"), ("treegrid", "gridcell")])
def test_a_grid_of_divs_reads_as_the_table_it_is(role, cell):
    (made,), (table,) = (read(page(body), hints=ReadingHints()).tables for body in (grid(role, cell), real()))
    assert (made.columns, made.rows, made.row_keys) == (table.columns, table.rows, table.row_keys)


def test_its_label_is_its_name_and_a_selector_still_finds_it():
    body = "<p>Other words stand here.</p>" + grid(more="id=beds aria-label='Beds by ward'")
    document = read(page(body), hints=ReadingHints(include=("#beds",)))
    assert document.tables[0].name == "Beds by ward"
    assert all("Other words" not in block.text for block in document.blocks)


def test_a_real_table_with_roles_is_read_as_ever():
    body = real().replace("<table>", "<table role=grid>").replace("<td>", "<td role=gridcell>")
    (table,) = read(page(body), hints=ReadingHints()).tables
    assert table.rows == tuple(ROWS)
