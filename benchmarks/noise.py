"""What must not alert: the monitor, urlwatch and webchanges on pages in which nothing that matters is different.

    python -m benchmarks.noise [--no-peers] [--write]

Needs a package registry for the peers, installed outside the repository; their columns say so where it
cannot be reached. ``--write`` writes docs/noise.md. Exit status 1 where the monitor alerted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.peers.jobs import Program
from benchmarks.peers.monitor_rounds import for_operators, for_watchdogs
from benchmarks.peers.programs import installed_peers
from benchmarks.peers.report import finding_line, reports_in_words, table, write_document
from benchmarks.peers.serving import good
from benchmarks.peers.side_by_side import Heard, hear, held
from tests.incidents.making import CSV, HTML, PDF, XLSX, Reply, csv, media_type, page
from tests.incidents.traps import HEADER, REFUSALS, TRAPS, rows

_SUFFIX = {XLSX: ".xlsx", CSV: ".csv", HTML: ".html", PDF: ".pdf"}
_INTRODUCTION = """\
# What must not alert

Made by `make docs`; what others say by `python -m benchmarks.noise --write`.
Each line is an address whose content is different in nothing
that matters, or that cannot be had for one round. All programs fetch the same answers from the same
server, round after round; the monitor goes the whole way from the fetch to what it would say, without any
rule for the page. Counted is what would reach a person who watches: for the monitor, findings above `info`
(trouble with fetching goes to those who run it, and is in a column of its own); for the others, every
message; changedetection.io sends none of an address that it could not check, that stands on its own pages alone.
"""


@dataclass(frozen=True)
class Trap:
    """A trap as it was played, and what was heard."""

    name: str
    refusal: bool
    heard: Heard


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where the monitor alerted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-peers", action="store_true", help="the monitor alone")
    parser.add_argument("--write", action="store_true", help="write docs/noise.md")
    options = parser.parse_args(arguments)
    programs, absent = ([], []) if options.no_peers else installed_peers()
    traps = play(programs)
    text = document(traps, programs, absent)
    if options.write:
        write_document("noise.md", text)
    print(text)
    return int(any(for_watchdogs(trap.heard.findings()) for trap in traps))


def play(programs: Sequence[Program]) -> list[Trap]:
    """All traps in one go: what each program said to each."""
    steps: dict[str, list[Reply]] = {}
    names: dict[str, tuple[str, bool]] = {}
    for number, (name, make) in enumerate(TRAPS.items()):
        bodies = make()
        path = f"/trap{number:02d}{_SUFFIX[media_type(bodies[0])]}"
        names[path], steps[path] = (name, False), [good(body) for body in bodies]
    document = {
        ".html": good(page("Statistics", "Figures are published monthly.")),
        ".csv": good(csv(HEADER, rows())),
    }
    for number, (name, refusal) in enumerate(REFUSALS.items()):
        for suffix, reply in document.items():
            path = f"/refusal{number:02d}{suffix}"
            what = "a page" if suffix == ".html" else "a list"
            names[path], steps[path] = (f"{name}, {what}", True), [reply, refusal, reply]
    heard = hear(held(steps), programs, watched=list(steps))
    return [Trap(*names[path], heard=heard[path]) for path in steps]


def document(traps: Sequence[Trap], programs: Sequence[Program], absent: Sequence[str]) -> str:
    """The table as Markdown, with what the monitor said wherever it alerted."""
    header = ["trap", "monitor", "to its operators", *(f"{one.name} {one.version}" for one in programs)]
    lines = [_row(trap, programs) for trap in traps]
    alerted = [
        sum(any(report.sent for report in trap.heard.reports(program.name)) for trap in traps)
        for program in programs
    ]
    ours = sum(bool(for_watchdogs(trap.heard.findings())) for trap in traps)
    tally = f"**Of {len(traps)} traps alerted: the monitor {ours}" + "".join(
        f", {program.name} {count}" for program, count in zip(programs, alerted, strict=True)
    )
    wrong = [
        f"- {trap.name}: {finding_line(finding)}"
        for trap in traps
        for finding in for_watchdogs(trap.heard.findings())
    ]
    return "\n".join([_INTRODUCTION, tally + ".**\n", *absent, table(header, lines), *wrong])


def _row(trap: Trap, programs: Sequence[Program]) -> list[str]:
    findings = trap.heard.findings()
    operators = sorted({finding.kind for finding in for_operators(findings)})
    return [
        trap.name,
        "; ".join(finding.kind for finding in for_watchdogs(findings)) or "nothing",
        ", ".join(f"`{kind}`" for kind in operators) or "–",
        *(reports_in_words(trap.heard.reports(program.name)) for program in programs),
    ]


if __name__ == "__main__":
    sys.exit(main())
