"""WARC and WACZ of the scenario pages, served by pywb and compared byte for byte."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.archiving.figures import Figure, Skipped, counted
from benchmarks.making.scenario_archive import live_through_scenarios
from tests.archive.replaying import CannotInstall, exported, installed_pywb, replayed, served


def measure(options: argparse.Namespace) -> Iterator[Figure]:
    """Every capture that got an answer, asked for at its own time."""
    del options
    try:
        pywb = installed_pywb()
    except CannotInstall as reason:
        raise Skipped(str(reason)) from reason
    with tempfile.TemporaryDirectory() as folder:
        database = live_through_scenarios(Path(folder))
        for name in ("out.warc.gz", "out.wacz"):
            home = Path(folder) / name.partition(".")[2]
            home.mkdir()
            target = exported(database, home / name)
            with served(pywb, home, [target]) as address:
                captures, wrong = replayed(database, address)
            kinds = len({each.capture.verdict for each in captures})
            yield Figure(f"{name}: captures, kinds of verdict", f"{len(captures)}, {kinds}")
            yield counted(f"{name}: that come back otherwise", len(wrong))
            for line in wrong:
                yield Figure(line, "")
