"""How well and how fast workbooks and lists are read, on releases kept beside the project.

    python -m benchmarks.reading [PYTHON]

Prints, for every series: tables found, titles, stability between neighbours, figures found at their label
against the ground truth, keys, time and memory; peers beside it where they can do the same work. Then
the series of other publishers, by publisher and format, beside the peers that the interpreter PYTHON has.

Needs releases kept beside the project in ../shared/releases; skips where they are not.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from benchmarks import reading_series
from diffing.identity import title_key
from diffing.readers import csv
from diffing.readers.spreadsheets import reader
from state.document import Document, ReadingHints

REPO = Path(__file__).resolve().parents[1]
RELEASES = REPO.parent / "shared" / "releases"


def main() -> None:
    if not RELEASES.is_dir():
        print(f"skipped: needs releases at {RELEASES}, which is not there")
        return
    for series in ("ice-detention-stats-fy23", "ice-detention-stats-fy26"):
        documents = {path.stem: read(path) for path in sorted((RELEASES / series).glob("*.xlsx"))}
        report_tables(series, documents)
        report_stability(documents)
        report_figures(series, documents)
    for series in ("ice-287g-participating-2025-03-to-06", "ice-287g-pending-2025-03-to-06"):
        report_lists(series)
    report_cost()
    report_large_csv()
    print("\nseries of other publishers")
    reading_series.main(sys.argv[1:])


def read(path: Path) -> Document:
    return reader.read(path.read_bytes(), hints=ReadingHints(file_name=path.name))


def report_tables(series: str, documents: dict[str, Document]) -> None:
    counts = [len(document.tables) for document in documents.values()]
    tables = [table for document in documents.values() for table in document.tables]
    untitled = [table for table in tables if not table.name]
    headless = [table for table in tables if not any(column.path for column in table.columns)]
    print(f"\n{series}: {len(documents)} workbooks, {min(counts)} to {max(counts)} tables each")
    print(f"  without a title: {len(untitled)}; without a header: {len(headless)}")
    for table in untitled + headless:
        print(f"    {table.sheet!r} {table.range} {table.name!r}")


def report_stability(documents: dict[str, Document]) -> None:
    """Share of tables that the next release has under the same name with the same columns.

    Periods are masked in names and rolling columns, since publishers move them on. What is left is told apart
    by the cells of the next release: a title or a header that no cell of it holds is the publisher's change.
    """
    names = list(documents)
    kept = total = theirs = 0
    for before, after in pairwise(names):
        later = dict(identities(documents[after]))
        words = words_of(documents[after])
        for key, columns in identities(documents[before]):
            total += 1
            if later.get(key) == columns:
                kept += 1
                continue
            gone = [text for text in (key[0], key[1], *columns) if text and text not in words]
            new = sorted(set(later.get(key, ())) - set(columns) - words_of(documents[before]))
            theirs += bool(gone or new)
            owner = "publisher" if gone or new else "READER"
            print(f"    {owner}: {before} -> {after} {key}: gone {gone[:3]}, new {new[:3]}")
    print(f"  same name and columns in the next release: {kept} of {total} ({kept / max(total, 1):.2%}); ", end="")
    print(f"changed by the publisher: {theirs}; of the rest {kept / max(total - theirs, 1):.2%}")


def words_of(document: Document) -> set[str]:
    """Every title, column and line of a document, as compared."""
    texts = [title_key(block.text, bare_years=False) for block in document.blocks]
    texts += [f"{title_key(table.sheet or '')} {table.fiscal_year or ''}" for table in document.tables]
    for table in document.tables:
        texts += [masked(table.name), *(masked(column.name) for column in table.columns)]
        texts += [masked(part) for column in table.columns for part in column.path]
        texts += [masked(str(value)) for row in table.rows for value in row[:2] if isinstance(value, str)]
    return set(texts)


def identities(document: Document) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each table's sheet, title (with its number among equals), and columns that are no periods."""
    seen: Counter[tuple[str, str]] = Counter()
    for table in document.tables:
        name = f"{title_key(table.sheet or '')} {table.fiscal_year or ''}", masked(table.name)
        seen[name] += 1
        columns = tuple(masked(column.name) for column in table.columns if column.period is None)
        yield (*name, str(seen[name])), columns


def masked(text: str) -> str:
    """A title without dates, months and years; one that is nothing else stays ("December 2025")."""
    months = "january|february|march|april|may|june|july|august|september|october|november|december"
    return re.sub(rf"\b(through|thru)\s+({months})\b", "through", title_key(text, bare_years=False)) or text


def report_figures(series: str, documents: dict[str, Document]) -> None:
    """Figures that were established by opening the files, looked up by table and label."""
    truth = ground_truth("FY 23" if series.endswith("23") else "FY 26")
    found = missed = 0
    for (name, document), facts in zip(documents.items(), truth, strict=True):
        seen = figures_of(document)
        for fact, expected in facts.items():
            if seen.get(fact) is not None and abs(float(seen[fact]) - expected) <= 0.0005 * expected:
                found += 1
            else:
                missed += 1
                print(f"    {name} {fact}: expected {expected}, read {seen.get(fact)}")
    print(f"  figures of the ground truth at their label: {found} of {found + missed}")


def ground_truth(section: str) -> list[dict[str, float]]:
    text = (RELEASES / "ground_truth" / "detention_stats_fy23_fy26_pairs.txt").read_text()
    part = text.split(f"########## {section}")[1].split("##########")[0]
    releases: list[dict[str, float]] = [{}]
    for pair in part.split("\n== ")[1:]:
        releases.append({})
        for name, before, after in re.findall(
            r"^\s+(detained|bookins|removals|fac_n|fac_sum): (\S+) -> (\S+)", pair, re.M
        ):
            for release, number in ((releases[-2], before), (releases[-1], after)):
                if number != "None":
                    release[name] = float(number)
    return releases


def figures_of(document: Document) -> dict[str, float]:
    tables = [table for table in document.tables if not table.hidden]
    facts: dict[str, float] = {}
    wanted = {
        "detained": (r"currently detained by processing disposition", "Total", "Total"),
        "bookins": (r"initial book-?ins by arresting agency and month", "Total", "Total"),
        "removals": (r"ice removals", "Total", None),
    }
    for fact, (title, row, column) in wanted.items():
        table = next((t for t in tables if re.search(title, t.name, re.I) and row in t.row_keys), None)
        if table is not None:
            names = [c.path[-1] if c.path else "" for c in table.columns]
            at = names.index(column) if column in names else len(names) - 1
            value = table.rows[table.row_keys.index(row)][at]
            if isinstance(value, int | float):
                facts[fact] = value
    facilities = next((t for t in tables if (t.sheet or "").startswith("Facilities") and len(t.rows) > 50), None)
    if facilities is not None:
        levels = [
            i
            for i, c in enumerate(facilities.columns)
            if c.path and re.fullmatch(r"(Fem|M)ale (Non-)?Crim", c.path[-1])
        ]
        numbers = [row[i] for row in facilities.rows for i in levels]
        facts["fac_n"] = len(facilities.rows)
        facts["fac_sum"] = round(sum(n for n in numbers if isinstance(n, int | float)), 1)
    return facts


def report_lists(series: str) -> None:
    duplicate = wrong = 0
    keys: Counter[tuple[str, ...]] = Counter()
    paths = sorted((RELEASES / series).glob("*.xlsx"))
    for path in paths:
        table = max(read(path).tables, key=lambda table: len(table.rows))
        duplicate += any(re.search(r" #\d+$", key) for key in table.row_keys)
        wrong += not any("STATE" in column.name.upper() for column in table.columns)
        keys[tuple(table.columns[i].name for i in table.key)] += 1
    print(f"\n{series}: {len(paths)} files; header row wrong in {wrong}, keys not unique in {duplicate}")
    for key, count in keys.items():
        print(f"  key {key}: {count}")


def report_cost() -> None:
    """CPU and memory of one workbook in a process of its own, beyond what starting it costs."""
    path = max((RELEASES / "ice-detention-stats-fy23").glob("*.xlsx"), key=lambda path: path.stat().st_size)
    script = (
        "import sys, time; from pathlib import Path; from diffing.readers.spreadsheets import reader\n"
        "from state.document import ReadingHints; body = Path(sys.argv[1]).read_bytes()\n"
        "peak = lambda: Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0]\n"
        "base = peak(); start = time.process_time()\n"
        "reader.read(body, hints=ReadingHints()); spent = time.process_time() - start\n"
        "print(f'{spent:.3f} {int(base) // 1024} {int(peak()) // 1024}')"
    )
    output = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, cwd=REPO
    )
    spent, base, peak = output.stdout.split()
    size = path.stat().st_size
    print(f"\none workbook ({path.name}, {size:,} bytes): {spent} s CPU; {peak} MB ({base} at start-up)")

    report_peers(path)


def report_peers(path: Path) -> None:
    """What others take for the cells of the same workbook alone, without finding any table in them."""
    start = time.process_time()
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
    calamine = time.process_time() - start
    start = time.process_time()
    for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:  # type: ignore
        for _row in sheet.iter_rows(values_only=True):
            pass
    print(f"  cells alone: calamine {calamine:.3f} s, openpyxl read-only {time.process_time() - start:.3f} s")


def report_large_csv() -> None:
    for rows in (200_000, 1_000_000):
        script = "from benchmarks.reading import read_large_csv; read_large_csv({})"
        subprocess.run([sys.executable, "-c", script.format(rows)], check=True, cwd=REPO)


def read_large_csv(rows: int) -> None:
    lines = ["id,state,facility,type,book_ins,adp,date,status"]
    lines += [
        f"{i},TX,Facility {i % 900},IGSA,{i % 5000},{i % 700 / 4},2025-03-{i % 28 + 1:02},open"
        for i in range(rows)
    ]
    body = "\n".join(lines).encode()
    start = time.process_time()
    table = csv.read(body, hints=ReadingHints()).tables[0]
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nCSV of {len(table.rows):,} rows x {len(table.columns)}: {spent:.2f} s CPU, {peak} MB in all")


if __name__ == "__main__":
    main()
