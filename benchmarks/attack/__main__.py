"""What the watch withstands: rounds that are killed, hosts that are slow, bodies that explode.

    python -m benchmarks.attack [PART…] [--kills 100] [--hosts 32]

Parts: kills (what a server has sent is in the archive, or was never counted as kept), memory (hosts that serve
what explodes, and what is large), slow (a quick host beside releases that take long to judge). All, where none is
named. Everything is on loopback.
Exit status 1 where something is not as wanted.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

PARTS = ("kills", "memory", "slow")


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the parts that are wanted; return 1 where a figure is not as wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []])
    parser.add_argument("--kills", type=int, default=100, help="rounds that are killed")
    parser.add_argument("--hosts", type=int, default=32, help="hosts that serve what explodes")
    parser.add_argument("--seed", type=int, default=1, help="for whatever is drawn by chance")
    options = parser.parse_args(arguments)
    missed = 0
    for part in options.parts or PARTS:
        print(part, flush=True)
        for figure in importlib.import_module(f"benchmarks.attack.{part}").measure(options):
            print(figure, flush=True)
            missed += figure.held is False
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
