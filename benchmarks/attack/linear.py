"""Documents that ask for more work than they have bytes: each shape at n, 2n and 4n, and how the time grew.

    python -m benchmarks.attack.linear [WORDS]

Each shape is examined as the next release of one that differs a little, in a worker as a round does. CPU seconds
are printed, and the ratio from n to 4n: 4 is linear. A shape that is refused before the work says so.
With WORDS, only the shapes whose names hold one of them. Exit status 1 where one grew faster.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import sys
from collections.abc import Callable
from typing import NamedTuple

import openpyxl

from benchmarks.measured_reading import examine_and_measure
from diffing.examination import ReleaseBytes, Request
from diffing.workers.pool import Workers
from state.errors import ReadingError
from state.model import Series, Source

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
SOURCE = Source("attack/shapes", "Shapes", "Attack", "https://example.gov/", (Series("page", "Shapes"),))
_LIMIT = 30.0
"""Seconds of CPU after which a shape is given up."""
_LINEAR = 6.0
"""Times the work of n that 4n may take: linear with its logarithm, and some noise."""


class Shape(NamedTuple):
    """``make(n, seed)`` is a document of size n; another seed gives one that differs a little."""

    make: Callable[[int, int], bytes]
    n: int
    file_name: str = "page.html"


class Measured(NamedTuple):
    """CPU seconds and what came of it."""

    seconds: float
    said: str


def _page(inside: str) -> bytes:
    return f"<html><head><title>T</title></head><body><h1>Report</h1>{inside}</body></html>".encode()


def _number_formats(n: int, seed: int) -> bytes:
    code = "d.m." * (n // 4) + "yyyy"
    return _workbook(code, [[f"County {row}", 45_000 + row + seed] for row in range(20)])


def _number_format_literals(n: int, seed: int) -> bytes:
    return _workbook('0"x"' * (n // 4), [[f"County {row}", 45_000 + row + seed] for row in range(20)])


def _workbook(code: str, rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in [["County", "Date"], *rows]:
        book.active.append(row)
    for cell in book.active["B"][1:]:
        cell.number_format = code
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _distinct_keys(n: int, seed: int) -> bytes:
    return json.dumps([{"name": f"N{row}", f"key {row}": row + seed} for row in range(n)]).encode()


def _keyed_records(n: int, seed: int) -> bytes:
    """Records by key that share half of their names, of as many names as records."""
    shared = {f"s{column}": column for column in range(20)}
    return json.dumps({f"k{row}": {**shared, f"own {row}": row + seed} for row in range(n)}).encode()


def _options(n: int, seed: int) -> bytes:
    return _page(
        "<select>" + "".join(f"<option value={row}>Option {row + seed}" for row in range(n)) + "</select>"
    )


def _attributes(n: int, seed: int) -> bytes:
    return _page("<p " + " ".join(f"a{row}={row + seed}" for row in range(n)) + ">text</p><p>more text</p>")


def _attributes_of_cell(n: int, seed: int) -> bytes:
    attributes = " ".join(f"a{row}={row + seed}" for row in range(n))
    return _page(f"<table><tr><th>County<th>Number</tr><tr><td {attributes}>Webb<td>4</tr></table>")


def _one_key(n: int, seed: int) -> bytes:
    return ("County,Removals\n" + "".join(f"Webb,{row * 7 + seed}\n" for row in range(n))).encode()


def _identical(n: int, seed: int) -> bytes:
    return ("County,Removals\n" + "Webb,7\n" * (n + seed)).encode()


def _zigzags(n: int, seed: int) -> bytes:
    """Cells that reach down over each other, so that each row begins where those before are still busy."""
    rows = "".join(
        f"<tr>{'<td>' + str(row + seed) if row % 2 else ''}<td rowspan={n} colspan=2>a{row}<td>b{row}</tr>"
        for row in range(n)
    )
    return _page(f"<table><tr><th>A<th>B<th>C</tr>{rows}</table>")


def _wide_zigzags(n: int, seed: int) -> bytes:
    rows = "".join(f"<tr><td rowspan=2 colspan=1000>a{row + seed}<td>b{row}</tr>" for row in range(n))
    return _page(f"<table><tr><th>A<th>B</tr>{rows}</table>")


def _definitions(n: int, seed: int) -> bytes:
    entries = "".join(
        f"<dt>Term {row}</dt><dd>A person number {row * 31} who was held on day {row + seed} of the year.</dd>"
        for row in range(n)
    )
    return _page(f"<h2>Definitions</h2><dl>{entries}</dl>")


def _definitions_of_one_term(n: int, seed: int) -> bytes:
    entries = "".join(f"<dt>Removal</dt><dd>The number {row * 31 + seed} of persons.</dd>" for row in range(n))
    return _page(f"<h2>Definitions</h2><dl>{entries}</dl>")


def _paragraphs(n: int, seed: int) -> bytes:
    return _page("".join(f"<p>In county {row} there were {row * 7 + seed} removals." for row in range(n)))


def _equal_paragraphs(n: int, seed: int) -> bytes:
    return _page("<p>There were removals." * n + f"<p>And {seed}.")


def _links(n: int, seed: int) -> bytes:
    return _page("".join(f"<a href='/f{row + seed}.pdf'>File {row + seed}</a> " for row in range(n)))


def _columns(n: int, seed: int) -> bytes:
    names = ",".join(f"c{column}" for column in range(n))
    return "\n".join(
        [names, *(",".join(str(column * row + seed) for column in range(n)) for row in range(1, 9))]
    ).encode()


def _tables(n: int, seed: int) -> bytes:
    table = "<table><tr><th>County<th>Number</tr><tr><td>Webb<td>{}</tr><tr><td>Starr<td>5</tr></table>"
    return _page("".join(table.format(number + seed) for number in range(n)))


SHAPES = {
    "number formats": Shape(_number_formats, 25_000, "a.xlsx"),
    "number formats with literals": Shape(_number_format_literals, 25_000, "a.xlsx"),
    "JSON records with distinct keys": Shape(_distinct_keys, 300, "a.json"),
    "JSON records by key": Shape(_keyed_records, 300, "a.json"),
    "options": Shape(_options, 10_000),
    "attributes": Shape(_attributes, 10_000),
    "attributes of a cell": Shape(_attributes_of_cell, 10_000),
    "rows with one key": Shape(_one_key, 2_000, "a.csv"),
    "identical rows": Shape(_identical, 2_000, "a.csv"),
    "span zigzags": Shape(_zigzags, 500),
    "wide span zigzags": Shape(_wide_zigzags, 500),
    "definitions": Shape(_definitions, 3_000),
    "definitions of one term": Shape(_definitions_of_one_term, 3_000),
    "paragraphs": Shape(_paragraphs, 2_500),
    "equal paragraphs": Shape(_equal_paragraphs, 2_500),
    "links": Shape(_links, 2_500),
    "columns": Shape(_columns, 500, "a.csv"),
    "tables": Shape(_tables, 250),
}


def measure(shape: Shape, n: int, workers: Workers, *, first: int) -> Measured:
    """One size of a shape as the release after one that differs a little."""
    before, after = (release(shape, n, seed + first) for seed in (0, 1))
    request = Request(source=SOURCE, series=SOURCE.series[0], now=NOW, after=after, before=before)
    try:
        seconds, examined = workers.run(examine_and_measure, request, timeout=_LIMIT)
    except ReadingError as error:
        return Measured(_LIMIT, str(error))
    return Measured(seconds, examined.trouble or f"{len(examined.findings)} findings")


def release(shape: Shape, n: int, seed: int) -> ReleaseBytes:
    """A document of a shape as a release."""
    body = shape.make(n, seed)
    return ReleaseBytes(body, hashlib.sha256(body).hexdigest(), str(seed), NOW, file_name=shape.file_name)


def main(words: list[str]) -> int:
    """Print a line a shape; 1 where one grew faster than its size."""
    worst = 0.0
    print(f"{'shape':32} {'4n':>8} {'bytes':>10} {'n s':>8} {'2n s':>8} {'4n s':>8} {'4n:n':>6}")
    with Workers(size=1) as workers:
        for name, shape in SHAPES.items():
            if words and not any(word in name for word in words):
                continue
            measure(shape, shape.n // 4, workers, first=100_000)  # what is loaded and made once
            measured = [measure(shape, shape.n * each, workers, first=10_000 * each) for each in (1, 2, 4)]
            ratio = measured[-1].seconds / max(measured[0].seconds, 0.05)
            worst = max(worst, ratio)
            times = " ".join(f"{each.seconds:8.2f}" for each in measured)
            size = len(shape.make(4 * shape.n, 0))
            print(
                f"{name:32} {4 * shape.n:8,} {size:10,} {times} {ratio:6.1f}  {measured[-1].said[:60]}", flush=True
            )
    return int(worst > _LINEAR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
