"""What the archive holds to: what survives, what it costs, how quickly it answers, what leaves it.

    python -m benchmarks.archive [PART…] [--kills 200] [--minutes 1] [--captures 100000] [--releases FOLDER…]

Parts: kill (rounds killed at any moment), disk (full and read-only), snapshots (size and speed of bytes), chain
(its check, and flipped bytes), history (questions over many captures), overhead (what a page of a round costs),
together (rounds, command line and browser at once), replay (WARC and WACZ in pywb),
forge (every table altered by SQL, and flipped bytes). All, where none is named.
Times are CPU milliseconds of this process, median / 95th percentile. Exit status 1 where something is not as
wanted; a part that cannot be shown here says why.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.archiving.figures import Skipped

PARTS = ("kill", "disk", "snapshots", "chain", "history", "overhead", "together", "replay", "forge")


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the parts that are wanted; return 1 where a figure is not as wanted."""
    options = _options(arguments)
    missed = 0
    for part in options.parts or PARTS:
        print(part, flush=True)
        try:
            for figure in importlib.import_module(f"benchmarks.archiving.{part}").measure(options):
                print(figure, flush=True)
                missed += figure.held is False
        except Skipped as reason:
            print(f"  skipped: {reason}", flush=True)
    return int(missed > 0)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=PARTS)
    parser.add_argument("--kills", type=int, default=200, help="rounds that are killed")
    parser.add_argument("--minutes", type=float, default=1, help="how long everything runs together")
    parser.add_argument("--releases", type=Path, nargs="+", default=[], help="folders of workbooks as published")
    parser.add_argument("--captures", type=int, default=100_000, help="how many the questions are asked over")
    parser.add_argument("--tries", type=int, default=1_000, help="bytes that are flipped")
    parser.add_argument("--seed", type=int, default=1, help="for whatever is drawn by chance")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
