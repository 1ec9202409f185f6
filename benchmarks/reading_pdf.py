"""Tables read from real PDFs: how exactly, in what time, with peers beside.

    python -m benchmarks.reading_pdf [--releases FOLDER] [--camelot PYTHON]

FOLDER holds ``tables-icdar2013-us`` (PDFs with the truth of every cell, NAME-str.xml) and ``pdf-single``; it is
kept beside the project and not part of it. PYTHON is an interpreter in whose environment camelot is installed.
Cells and rows are compared as text without white space, as multisets, averaged over files, the best of
alternative truths. Times are CPU of this process (camelot: of its own process, import included).
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from diffing.readers.pdf.layout import lay_out
from diffing.readers.pdf.pages import open_pdf, read_page
from diffing.readers.pdf.reader import read
from state.document import ReadingHints

REPO = Path(__file__).resolve().parents[1]
Rows = list[list[str]]
LEAST_CELLS, LEAST_ROWS, MOST_SECONDS = 0.92, 0.80, 4.0
LEAST_AGREEING, MOST_PAGE_SECONDS = 0.99, 0.025
CAMELOT = """
import sys, json, warnings, logging
warnings.simplefilter("ignore"); logging.disable(logging.CRITICAL)
import camelot
rows = []
for table in camelot.read_pdf(sys.argv[1], pages="all", flavor="hybrid"):
    rows.extend(table.df.values.tolist())
json.dump(rows, sys.stdout)
"""


def bare(text: object) -> str:
    return re.sub(r"\s+", "", str(text if text is not None else ""))


def truth(path: Path) -> tuple[Counter[str], Counter[tuple[str, ...]]]:
    """Cells and rows of one truth file."""
    cells: Counter[str] = Counter()
    rows: Counter[tuple[str, ...]] = Counter()
    for region in ET.parse(path).getroot().iter("region"):
        by_row: dict[str, list[tuple[int, str]]] = {}
        for cell in region.iter("cell"):
            content = cell.find("content")
            text = bare("".join(content.itertext())) if content is not None else ""
            if text:
                cells[text] += 1
                by_row.setdefault(cell.get("start-row", ""), []).append((int(cell.get("start-col", "0")), text))
        rows.update(tuple(text for _, text in sorted(row)) for row in by_row.values())
    return cells, rows


def counted(rows: Rows) -> tuple[Counter[str], Counter[tuple[str, ...]]]:
    filled = [[bare(cell) for cell in row if bare(cell)] for row in rows]
    return Counter(cell for row in filled for cell in row), Counter(tuple(row) for row in filled)


def share(wanted: Counter, got: Counter) -> float:
    return sum((wanted & got).values()) / max(1, sum(wanted.values()))


def as_documents(path: Path) -> Rows:
    """What the monitor compares: tables of the document, heads and rows."""
    rows: Rows = []
    for table in read(path.read_bytes(), hints=ReadingHints()).tables:
        rows.append([head for column in table.columns for head in column.name.split(" / ")])
        for number in range(len(table.rows)):
            rows.append([table.text_at(number, column) for column in range(len(table.columns))])
    return rows


def as_grids(path: Path) -> Rows:
    """What the PDF reader finds before titles, heads and groups are told apart."""
    rows: Rows = []
    with open_pdf(path.read_bytes()) as document:
        for index in range(len(document)):
            for table in lay_out(read_page(document, index)).tables:
                rows.extend(list(texts) for texts in table.row_texts())
    return rows


def as_pdfplumber(path: Path) -> Rows:
    import pdfplumber

    with pdfplumber.open(path) as document:
        tables = [table for page in document.pages for table in page.extract_tables()]
    return [[cell or "" for cell in row] for table in tables for row in table]


def as_camelot(python: str) -> Callable[[Path], Rows]:
    import json

    def rows_of(path: Path) -> Rows:
        done = subprocess.run([python, "-c", CAMELOT, str(path)], capture_output=True, text=True, check=False)
        return json.loads(done.stdout) if done.returncode == 0 else []

    return rows_of


def cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def score_icdar(folder: Path, reader: Callable[[Path], Rows]) -> tuple[int, float, float, float]:
    """Files, share of cells found, share of rows exactly right, CPU seconds."""
    cell_shares, row_shares, spent = [], [], 0.0
    for pdf in sorted(folder.glob("*.pdf")):
        truths = [truth(found) for found in truth_files(pdf)]
        if not truths:
            continue
        start = cpu()
        cells, rows = counted(reader(pdf))
        spent += cpu() - start
        cell_shares.append(max(share(wanted, cells) for wanted, _ in truths))
        row_shares.append(max(share(wanted, rows) for _, wanted in truths))
    count = max(1, len(cell_shares))
    return len(cell_shares), sum(cell_shares) / count, sum(row_shares) / count, spent


def truth_files(pdf: Path) -> Iterable[Path]:
    return [*pdf.parent.glob(f"{pdf.stem}-str.xml"), *pdf.parent.glob(f"{pdf.stem}[a-z]-str.xml")]


def oracle_share(pdf: Path) -> tuple[int, float]:
    """Rows that pdfplumber reads, repeated heads once, and the share that the monitor has as rows or titles."""
    seen: set[tuple[str, ...]] = set()
    wanted: Counter[tuple[str, ...]] = Counter()
    for row in as_pdfplumber(pdf):
        key = tuple(bare(cell) for cell in row if bare(cell))
        if key and not (key in seen and not any(char.isdigit() for char in "".join(key))):
            wanted[key] += 1
            seen.add(key)
    titles = [[table.name] for table in read(pdf.read_bytes(), hints=ReadingHints()).tables]
    _, got = counted([*as_documents(pdf), *titles])
    return sum(wanted.values()), share(wanted, got)


def page_seconds(pdf: Path) -> tuple[int, float]:
    """Pages, and CPU seconds a page for the whole document, best of three."""
    import pypdfium2

    body = pdf.read_bytes()
    document = pypdfium2.PdfDocument(body)
    pages = len(document)
    document.close()
    times = []
    for _ in range(3):
        start = time.process_time()
        read(body, hints=ReadingHints())
        times.append(time.process_time() - start)
    return pages, min(times) / pages


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--releases", type=Path, default=REPO.parent / "shared" / "releases")
    parser.add_argument("--camelot", help="python with camelot installed")
    asked = parser.parse_args(arguments)
    if not asked.releases.is_dir():
        print(f"skipped: needs releases at {asked.releases}, which is not there")
        return 0
    readers: dict[str, Callable[[Path], Rows]] = {
        "monitor, documents": as_documents,
        "monitor, grids": as_grids,
        "pdfplumber": as_pdfplumber,
    }
    if asked.camelot:
        readers["camelot hybrid"] = as_camelot(asked.camelot)
    good = True
    print(
        f"{'ICDAR-2013':<20} {'files':>5} {'cells':>6} {'rows':>6} {'CPU s':>6}   to reach: "
        f"{LEAST_CELLS} {LEAST_ROWS} {MOST_SECONDS}"
    )
    for name, reader in readers.items():
        files, cells, rows, spent = score_icdar(asked.releases / "tables-icdar2013-us", reader)
        print(f"{name:<20} {files:>5} {cells:>6.3f} {rows:>6.3f} {spent:>6.2f}")
        if name == "monitor, documents":
            good = cells >= LEAST_CELLS and rows >= LEAST_ROWS and spent <= MOST_SECONDS
    print(
        f"{'':<20} {'pages':>5} {'rows':>6} {'agree':>6} {'ms/page':>7} to reach: "
        f"{LEAST_AGREEING} {1000 * MOST_PAGE_SECONDS:.0f}"
    )
    for pdf in sorted((asked.releases / "pdf-single").glob("*.pdf")):
        rows_wanted, agreeing = oracle_share(pdf)
        pages, seconds = page_seconds(pdf)
        print(f"{pdf.stem:<20} {pages:>5} {rows_wanted:>6} {agreeing:>6.3f} {1000 * seconds:>7.1f}")
        good = good and agreeing >= LEAST_AGREEING and seconds <= MOST_PAGE_SECONDS
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
