"""Documents as large as data desks meet, each read within a worker's limits: seconds of CPU and memory held.

    python -m benchmarks.limits [--folder FOLDER]

They are made in FOLDER where they are not there yet. Exit status 1 where one was not read.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.making.large_documents import make_csv, make_pdf, make_workbook
from benchmarks.measured_reading import read_and_measure
from diffing.workers.pool import Workers
from state.errors import ReadingError

MAKERS = {"large.csv": make_csv, "large.xlsx": make_workbook, "large.pdf": make_pdf}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "large-documents")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    refused = 0
    print(f"{'file':<12}{'MB':>6}{'CPU s':>8}{'wall s':>8}{'held MB':>9}  what was read")
    for name, make in MAKERS.items():
        path = folder / name
        if not path.exists():
            make(path)
        refused += not report(path)
    sys.exit(1 if refused else 0)


def report(path: Path) -> bool:
    """Read one file in a worker, print what it took, and say whether it was read."""
    begun = time.monotonic()
    with Workers(size=1, readable=(path,)) as workers:
        try:
            cpu, held, read = workers.run(partial(read_and_measure, path), in_files=path.stat().st_size)
        except ReadingError as error:
            print(f"{path.name:<12}{path.stat().st_size / 1e6:>6.0f}  not read: {error}")
            return False
    wall = time.monotonic() - begun
    print(f"{path.name:<12}{path.stat().st_size / 1e6:>6.0f}{cpu:>8.1f}{wall:>8.1f}{held:>9.0f}  {read}")
    return True


if __name__ == "__main__":
    main()
