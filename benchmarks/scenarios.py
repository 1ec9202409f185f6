"""What pages and files meet with, each told as what it is: the monitor, and its peers beside.

    python -m benchmarks.scenarios [--no-peers] [--write]

Needs a package registry for the peers, installed outside the repository; their columns say so where it
cannot be reached. ``--write`` writes docs/scenarios.md. Exit status 1 where the monitor said something else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.making.scenario_pages import HOME, SCENARIOS, Scenario
from benchmarks.making.scenario_situations import SITUATIONS
from benchmarks.peers.jobs import Program
from benchmarks.peers.monitor_rounds import for_operators, for_watchdogs
from benchmarks.peers.programs import installed_peers
from benchmarks.peers.report import at_the_agency, finding_line, reports_in_words, table, write_document
from benchmarks.peers.side_by_side import Heard, hear, held
from cli.console import item_lines

_INTRODUCTION = """\
# What pages meet with

Made by `make docs`; what others say by `python -m benchmarks.scenarios --write`.
Each line is an address that meets with something, in three
rounds: before, when it happens, and once more. All programs fetch the same answers from the same server. PASS:
the monitor told those who watch the publisher what it is, under that kind and no other, told operators alone of
what only shows that nobody could look, and wrote an ordinary figure into the history without waking anybody.
changedetection.io sends messages of changes; that an address could not be checked stands on its own pages alone.
"""


@dataclass(frozen=True)
class Played:
    """A scenario and what was heard of it."""

    scenario: Scenario
    heard: Heard

    @property
    def wrong(self) -> str:
        """What is not as it should be, "" where all is."""
        findings, wanted = self.heard.findings(), self.scenario
        said = {finding.kind for finding in for_watchdogs(findings)}
        if said - wanted.may != wanted.watchdogs:
            return f"watchdogs heard {', '.join(sorted(said)) or 'nothing'}"
        operators = {finding.kind for finding in for_operators(findings)}
        if operators != wanted.operators:
            return f"operators heard {', '.join(sorted(operators)) or 'nothing'}"
        kinds = [finding.kind for finding in for_watchdogs(findings)]
        if len(kinds) != len(set(kinds)):
            return "the same was said twice"
        text = "\n".join(line for each in findings for line in (each.title, each.reason, *item_lines(each, 100)))
        absent = [words for words in wanted.words if words not in text]
        return f"nothing of {absent[0]}" if absent else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where the monitor was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-peers", action="store_true", help="the monitor alone")
    parser.add_argument("--write", action="store_true", help="write docs/scenarios.md")
    options = parser.parse_args(arguments)
    programs, absent = ([], []) if options.no_peers else installed_peers()
    played = play(programs)
    text = document(played, programs, absent)
    if options.write:
        write_document("scenarios.md", text)
    print(text)
    return int(any(each.wrong for each in played))


def play(programs: Sequence[Program]) -> list[Played]:
    """All scenarios in one go."""
    paths = {f"/scenario{number:02d}{each.suffix}": each for number, each in enumerate((*SCENARIOS, *SITUATIONS))}
    steps = {path: each.steps for path, each in paths.items()} | {"/": (HOME,)}
    phases = held(steps | {path: replies for each in SITUATIONS for path, replies in each.beside.items()})
    lists = {path: each.follows for path, each in paths.items() if each.follows}
    shown = {path for path, each in paths.items() if each.shown}
    heard = hear(phases, programs, watched=list(paths), lists=lists, shown=shown)
    return [Played(scenario, heard[path]) for path, scenario in paths.items()]


def document(played: Sequence[Played], programs: Sequence[Program], absent: Sequence[str]) -> str:
    """The table, and what the monitor said in its own words."""
    header = ["what happens", "to be told", "monitor", *(f"{one.name} {one.version}" for one in programs)]
    rows = [
        [
            each.scenario.name,
            _wanted(each.scenario),
            f"MISS: {each.wrong}" if each.wrong else "PASS",
            *(reports_in_words(each.heard.reports(program.name)) for program in programs),
        ]
        for each in played
    ]
    passed = sum(not each.wrong for each in played)
    words = [at_the_agency(f"- {each.scenario.name}: {line}") for each in played for line in _lines(each)]
    tally = f"**{passed} of {len(played)} pass.**\n"
    return "\n".join([_INTRODUCTION, tally, *absent, table(header, rows), "## In the monitor's words", "", *words])


def _wanted(scenario: Scenario) -> str:
    told = [f"`{kind}`" for kind in sorted(scenario.watchdogs)]
    told += [f"to operators `{kind}`" for kind in sorted(scenario.operators)]
    return ", ".join(told) or "nobody"


def _lines(played: Played) -> list[str]:
    findings = [each for each in played.heard.findings() if each.kind != "new-release"]
    return [finding_line(each) for each in findings] or ["nothing"]


if __name__ == "__main__":
    sys.exit(main())
