"""How series of other publishers are read, by publisher and format, beside other programs on the same files.

    python -m benchmarks.reading_series [PYTHON]

PYTHON is an interpreter that has the peers (pandas with openpyxl, xlrd and lxml; pdfplumber; camelot-py); without
it only this project is measured. A peer that is not there, or fails on a file, says so. Seconds are CPU of reading
alone, imports apart; ratios are the peer's to ours. pandas takes a sheet or file for one table with the first
row as its header: it finds no titles, no second table of a sheet, and no header that stands lower.

Needs series kept beside the project in ../shared/series; skips where they are not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[1]
SERIES = REPO.parent / "shared" / "series"
PATIENCE = 600.0
"""Seconds that one program may take for the files of one series."""

OURS = """
import json, sys, time
from pathlib import Path
from diffing.extract import extract
from state.document import ReadingHints
tables = rows = unsure = 0
spent = 0.0
for name in sys.argv[1:]:
    body = Path(name).read_bytes()
    start = time.process_time()
    document = extract(body, media_type="", hints=ReadingHints(file_name=Path(name).name))
    spent += time.process_time() - start
    tables += len(document.tables)
    rows += sum(len(table.rows) for table in document.tables)
    unsure += sum(not table.name for table in document.tables)
print(json.dumps({"tables": tables, "rows": rows, "untitled": unsure, "seconds": spent}))
"""

PANDAS = """
import json, sys, time, warnings
import pandas
warnings.simplefilter("ignore")
tables = rows = 0
start = time.process_time()
for name in sys.argv[1:]:
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in ("xlsx", "xls"):
        found = list(pandas.read_excel(name, sheet_name=None).values())
    elif ending in ("html", "htm"):
        found = pandas.read_html(name)
    elif ending == "json":
        found = [pandas.json_normalize(json.load(open(name, encoding="utf-8-sig")))]
    else:
        found = [pandas.read_csv(name, low_memory=False)]
    tables += len(found)
    rows += sum(len(frame) for frame in found)
print(json.dumps({"tables": tables, "rows": rows, "seconds": time.process_time() - start}))
"""

PDFPLUMBER = """
import json, sys, time
import pdfplumber
tables = rows = 0
start = time.process_time()
for name in sys.argv[1:]:
    with pdfplumber.open(name) as document:
        for page in document.pages:
            for table in page.extract_tables():
                tables += 1
                rows += len(table)
print(json.dumps({"tables": tables, "rows": rows, "seconds": time.process_time() - start}))
"""

CAMELOT = """
import json, sys, time
import camelot
tables = rows = 0
start = time.process_time()
for name in sys.argv[1:]:
    for table in camelot.read_pdf(name, pages="all", flavor="stream"):
        tables += 1
        rows += len(table.df)
print(json.dumps({"tables": tables, "rows": rows, "seconds": time.process_time() - start}))
"""


def main(arguments: Sequence[str] = ()) -> None:
    if not (SERIES / "truth.json").is_file():
        print(f"skipped: needs series at {SERIES}, which are not there")
        return
    peers = next(iter(arguments), None)
    heads = f"{'publisher':34} {'format':6} {'files':>5} {'MB':>6}"
    print(f"{heads} {'tables':>6} {'untitled':>8} {'rows':>9} {'CPU s':>7}")
    every = json.loads((SERIES / "truth.json").read_text())
    for series in sorted(every, key=lambda each: _format(each["files"])):
        paths = [str(SERIES / series["id"] / name) for name in series["files"]]
        ours = run(sys.executable, OURS, paths)
        report(series, paths, ours)
        if peers is not None and "trouble" not in ours:
            for name, script in _peers_of(_format(paths)):
                print(f"    {name:20} {compared(ours, run(peers, script, paths))}")


def report(series: dict[str, Any], paths: Sequence[str], ours: dict[str, Any]) -> None:
    size = sum(Path(path).stat().st_size for path in paths) / 1e6
    head = f"{series['publisher'][:34]:34} {_format(paths):6} {len(paths):>5} {size:>6.1f}"
    if "trouble" in ours:
        print(f"{head} {ours['trouble']}")
        return
    counts = f"{ours['tables']:>6} {ours['untitled']:>8} {ours['rows']:>9,} {ours['seconds']:>7.2f}"
    print(f"{head} {counts}", flush=True)


def compared(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """A peer's figures with their ratio to ours."""
    if "trouble" in theirs:
        return str(theirs["trouble"])
    seconds = f"{theirs['seconds']:7.2f} s = {theirs['seconds'] / max(ours['seconds'], 1e-6):6.2f} ×"
    tables = f"{theirs['tables']:5} tables = {theirs['tables'] / max(ours['tables'], 1):5.2f} ×"
    return f"{seconds}   {tables}   {theirs['rows']:9,} rows = {theirs['rows'] / max(ours['rows'], 1):5.2f} ×"


def _format(names: Sequence[str]) -> str:
    return Path(names[0]).suffix.lstrip(".").lower()


def _peers_of(ending: str) -> Iterator[tuple[str, str]]:
    if ending == "pdf":
        yield "pdfplumber", PDFPLUMBER
        yield "camelot (stream)", CAMELOT
    else:
        yield "pandas", PANDAS


def run(python: str, script: str, paths: Sequence[str]) -> dict[str, Any]:
    """What ``script`` prints of the files, or ``{"trouble": why}``."""
    try:
        done = subprocess.run(
            [python, "-c", script, *paths], capture_output=True, text=True, timeout=PATIENCE, cwd=REPO, check=False
        )
    except subprocess.TimeoutExpired:
        return {"trouble": f"took longer than {PATIENCE:.0f} s"}
    if done.returncode != 0:
        return {"trouble": (done.stderr.strip().splitlines() or ["failed"])[-1][:110]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
