"""How fast and how completely two large CSV files are compared, beside other programs.

``python -m benchmarks.comparing [--rows N …] [--peers VENV] [--pair BEFORE AFTER]``

The files are made here: eight columns, 1 % of the rows changed, 0.2 % gone, 0.2 % new, all rows shuffled
and a column renamed, with edits inside the renamed column too. Each program runs as a process of its own;
CPU time and memory are those of the whole process and its children, start and reading included.

Needs nothing besides; ``--peers`` names an environment in which csv-diff and daff are installed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HEADERS = ("Id", "Facility", "State", "Month", "ADP", "Count", "Cost", "Last Inspection")
RENAMED = (*HEADERS[:7], "Final Report Date")
STATES = ("TX", "CA", "LA", "GA", "AZ")


@dataclass(frozen=True)
class Truth:
    """What differs between the two files that were made."""

    removed: int
    added: int
    cells: int
    inside_renamed: int


@dataclass(frozen=True)
class Run:
    """One process: CPU seconds of it and its children, its memory at the most, what it printed."""

    cpu: float
    wall: float
    megabytes: float
    status: int
    output: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each program and size; return 1 where ours missed anything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 200_000])
    parser.add_argument("--peers", type=Path, help="environment that holds csv-diff and daff")
    parser.add_argument("--pair", type=Path, nargs=2, help="two files of your own, compared too")
    parser.add_argument("--child", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        print(json.dumps(_compare(*options.child)))
        return 0
    missed = False
    print(f"{'rows':>9}  {'program':<10} {'CPU s':>7} {'wall s':>7} {'MB':>6}  found")
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            before, after = Path(folder) / "before.csv", Path(folder) / "after.csv"
            truth = make_files(before, after, rows)
            found = _ours(before, after, label=f"{rows:,}")
            missed |= not _complete(found, truth)
            print(f"{'':>9}  {'truth':<10} {'':>22}  {_told(_expected(truth))}")
            if options.peers:
                _peers(options.peers, before, after)
    if options.pair:
        _ours(*options.pair, label="pair")
    return int(missed)


def make_files(before: Path, after: Path, rows: int) -> Truth:
    """Write the two files and say what differs between them."""
    chance = random.Random(20230526)
    earlier = [_row(chance, index) for index in range(rows)]
    later, cells, inside = [], 0, 0
    for row in earlier:
        draw = chance.random()
        if draw < 0.002:
            continue
        if draw < 0.012:
            column = chance.randrange(4, 8)
            row = [*row[:column], _edited(row[column], column), *row[column + 1 :]]
            cells += 1
            inside += column == 7
        later.append(row)
    added = max(1, rows // 500)
    removed = len(earlier) - len(later)
    later += [_row(chance, rows + index) for index in range(added)]
    chance.shuffle(later)
    _write(before, HEADERS, earlier)
    _write(after, RENAMED, later)
    return Truth(removed=removed, added=added, cells=cells, inside_renamed=inside)


def _row(chance: random.Random, index: int) -> list[str]:
    return [
        f"F-{index:07d}",
        f"Facility {index % 997}",
        STATES[index % 5],
        f"2022-{index % 12 + 1:02d}",
        f"{chance.random() * 1000:.2f}",
        str(chance.randrange(10_000)),
        str(chance.randrange(1_000_000)),
        f"{2010 + chance.randrange(13)}-{chance.randrange(12) + 1:02d}-{chance.randrange(28) + 1:02d}",
    ]


def _edited(text: str, column: int) -> str:
    return "2023-11-30" if column == 7 else f"{float(text) + 1:g}"


def _write(path: Path, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows(rows)


def _compare(before: Path, after: Path) -> dict[str, Any]:
    """Read and compare in this process; what was found, and the seconds of each step."""
    from diffing.comparing.compare import compare
    from diffing.extract import extract
    from state.document import ReadingHints

    documents = [
        extract(path.read_bytes(), media_type="", hints=ReadingHints(file_name=path.name))
        for path in (before, after)
    ]
    start = time.process_time()
    comparison = compare(*documents)
    seconds = time.process_time() - start
    pairs = comparison.tables
    renamed = {(pair.index, after) for pair in pairs for _, after in pair.columns_renamed}
    return {
        "comparing": round(seconds, 2),
        "renamed": [
            (pair.before.columns[i].name, pair.after.columns[j].name)
            for pair in pairs
            for i, j in pair.columns_renamed
        ],
        "removed": sum(len(pair.rows_removed) for pair in pairs),
        "added": sum(len(pair.rows_added) for pair in pairs),
        "cells": sum(len(pair.cells) for pair in pairs),
        "inside": sum((pair.index, one.column_after) in renamed for pair in pairs for one in pair.cells),
    }


def _ours(before: Path, after: Path, *, label: str) -> dict[str, Any]:
    run = _run([sys.executable, "-m", "benchmarks.comparing", "--child", str(before), str(after)])
    found: dict[str, Any] = json.loads(run.output) if run.status == 0 else {}
    print(f"{label:>9}  {'ours':<10} {_cost(run)}  {_told(found)}")
    return found


def _expected(truth: Truth) -> dict[str, Any]:
    return {
        "renamed": [(HEADERS[7], RENAMED[7])],
        "removed": truth.removed,
        "added": truth.added,
        "cells": truth.cells,
        "inside": truth.inside_renamed,
    }


def _complete(found: dict[str, Any], truth: Truth) -> bool:
    expected = _expected(truth)
    expected["renamed"] = [list(names) for names in expected["renamed"]]
    return all(found.get(name) == value for name, value in expected.items())


def _told(found: dict[str, Any]) -> str:
    if not found:
        return "nothing: it failed"
    told = (
        f"{len(found['renamed'])} renamed, {found['removed']:,} removed, {found['added']:,} added, "
        f"{found['cells']:,} cells, {found['inside']:,} of them in the renamed column"
    )
    return told + (f" (comparing alone {found['comparing']} s)" if "comparing" in found else "")


def _peers(environment: Path, before: Path, after: Path) -> None:
    """Run csv-diff and daff; what they say of renamed columns is read from their own output."""
    csv_diff = [str(environment / "bin" / "csv-diff"), str(before), str(after), "--key=Id", "--json"]
    run = _run(csv_diff)
    print(f"{'':>9}  {'csv-diff':<10} {_cost(run)}  {_csv_diff_found(run)}")
    daff = [str(environment / "bin" / "daff.py"), "--id", "Id", str(before), str(after)]
    run = _run(daff)
    print(f"{'':>9}  {'daff':<10} {_cost(run)}  {_daff_found(run)}")


def _csv_diff_found(run: Run) -> str:
    if run.status != 0:
        return "failed"
    found = json.loads(run.output)
    return (
        f"0 renamed ({', '.join(found['columns_removed'])} removed, {', '.join(found['columns_added'])} added), "
        f"{len(found['removed']):,} removed, {len(found['added']):,} added, "
        f"{sum(len(change['changes']) for change in found['changed']):,} cells"
    )


def _daff_found(run: Run) -> str:
    """Count daff's highlighter rows; ``!`` rows tell of columns."""
    if run.status != 0:
        return "failed"
    rows = list(csv.reader(run.output.splitlines()))
    marks = [row[0] for row in rows if row]
    columns = next((row[1:] for row in rows if row and row[0] == "!"), [])
    renames = sum(mark.startswith("(") for mark in columns)
    return (
        f"{renames} renamed ({columns.count('---')} columns removed, {columns.count('+++')} added), "
        f"{marks.count('---'):,} removed, {marks.count('+++'):,} added, "
        f"{sum('->' in mark for mark in marks):,} rows changed"
    )


def _run(command: Sequence[str]) -> Run:
    """Run a command to its end, with the CPU and memory of it and its children."""
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / scale, process.returncode, text)


def _cost(run: Run) -> str:
    return f"{run.cpu:7.2f} {run.wall:7.2f} {run.megabytes:6.0f}"


if __name__ == "__main__":
    sys.exit(main())
