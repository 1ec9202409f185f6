"""The 22 documented incidents: what the monitor says of each, what it has to say, and what its peers say.

    python -m benchmarks.incidents [--no-peers] [--write]

Needs a package registry for urlwatch and webchanges, installed outside the repository; their columns say so
where it cannot be reached. ``--write`` writes docs/incidents.md. Exit status 1 where anything was missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.making.documented import INCIDENTS, Incident, Must
from benchmarks.making.incident_pages import steps_of
from benchmarks.peers.jobs import Program, Report
from benchmarks.peers.programs import installed_peers
from benchmarks.peers.report import at_the_agency, finding_line, reports_in_words, table, write_document
from benchmarks.peers.side_by_side import hear, held
from cli.console import item_lines
from demo.rounds import ROUNDS
from demo.story import live_through
from state.kinds import Severity
from state.model import Finding
from state.vocabulary import OPERATIONS
from tests.incidents.cases import CASES
from tests.incidents.living import live

_INTRODUCTION = """\
# The documented incidents

Made by `make docs`; what others say by `python -m benchmarks.incidents --write`.
Each incident was reported in public and is re-created from
the figures that were reported; what no report gives is invented. Incidents 1 to 7 are played by the
demonstration from fetch to alert, 8 to 22 pass through the archive and the judge round by round. PASS: all that
has to be said was said with its figures, and nothing else above `info`. The peers watch the same documents,
before and after, each with the filter that its manual recommends; a series whose files bear new names is given
to them under one address, since neither can follow such a series.
"""


@dataclass(frozen=True)
class Told:
    """What was said of an incident, and what was not."""

    incident: Incident
    findings: tuple[Finding, ...]  # above info, to watchdogs, once the incident had happened
    missed: tuple[str, ...]
    besides: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether all was said and nothing else."""
        return not self.missed and not self.besides


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the document; return 1 where anything was missed or said besides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-peers", action="store_true", help="the monitor alone")
    parser.add_argument("--write", action="store_true", help="write docs/incidents.md")
    options = parser.parse_args(arguments)
    programs, absent = ([], []) if options.no_peers else installed_peers()
    told = [_hold(incident, findings) for incident, findings in zip(INCIDENTS, _said(), strict=True)]
    text = document(told, peers_say(programs), programs, absent)
    if options.write:
        write_document("incidents.md", text)
    print(text)
    return int(not all(each.passed for each in told))


def alone() -> str:
    """The document without peers."""
    told = [_hold(incident, findings) for incident, findings in zip(INCIDENTS, _said(), strict=True)]
    return document(told, {}, [], [])


def _said() -> list[list[Finding]]:
    """The findings of every incident, by number."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = live_through(Path(folder) / "demo", echo=lambda _line: None).said
    return [
        _of_the_demo(incident.number, rounds) if incident.number not in CASES else _of_the_cases(incident.number)
        for incident in INCIDENTS
    ]


def _of_the_demo(number: int, rounds: Sequence[Sequence[Finding]]) -> list[Finding]:
    """What the demo said of the sources of an incident in the rounds in which it happened."""
    found = []
    for chapter, findings in zip(ROUNDS, rounds, strict=True):
        sources = {said.source for said in chapter.says if said.incident == number}
        elsewhere = {said.kind for said in chapter.says if said.source in sources and said.incident != number}
        found += [each for each in findings if each.source in sources and each.kind not in elsewhere]
    return found


def _of_the_cases(number: int) -> list[Finding]:
    stories = [make() for make in CASES[number]]
    return [
        finding
        for story in stories
        for findings in live(story.source, story.rounds)[story.tells :]
        for finding in findings
    ]


def _hold(incident: Incident, said: Sequence[Finding]) -> Told:
    """What was said against what must be."""
    findings = tuple(each for each in said if each.severity is not Severity.INFO and each.kind not in OPERATIONS)
    missed = tuple(reason for must in incident.musts if (reason := _missing(must, findings)))
    wanted = incident.may | {kind for must in incident.musts for kind in must.kinds}
    return Told(incident, findings, missed, tuple(each for each in findings if each.kind not in wanted))


def _missing(must: Must, findings: Sequence[Finding]) -> str | None:
    """Why a demand is not met, None where it is."""
    fitting = [each for each in findings if each.kind in must.kinds and each.severity.rank >= must.least.rank]
    if not fitting:
        return f"{must}: not said"
    count = sum(each.count for each in fitting)
    if must.count is not None and count != must.count:
        return f"{must}: {count} were named"
    lines = [line for each in fitting for line in (each.title, each.reason, *item_lines(each, 10_000))]
    absent = [words for words in must.figures if not any(all(word in line for word in words) for line in lines)]
    return f"{must}: nothing of {' '.join(absent[0])}" if absent else None


def peers_say(programs: Sequence[Program]) -> dict[tuple[int, str], list[Report]]:
    """Incident and program -> what it reported once the incident had happened."""
    if not programs:
        return {}
    steps = {incident.number: steps_of(incident.number) for incident in INCIDENTS}
    merged = {path: replies for paths in steps.values() for path, replies in paths.items()}
    heard = hear(held(merged), programs, watched=list(merged), ours=False)
    return {
        (number, program.name): [report for path in paths for report in heard[path].reports(program.name)]
        for number, paths in steps.items()
        for program in programs
    }


def document(
    told: Sequence[Told],
    peers: dict[tuple[int, str], list[Report]],
    programs: Sequence[Program],
    absent: Sequence[str],
) -> str:
    """The table and, incident by incident, what was said."""
    header = ["#", "what happened", "must be said", "monitor", *(f"{one.name} {one.version}" for one in programs)]
    rows = [
        [
            each.incident.number,
            f"{each.incident.when}: {each.incident.what}",
            "; ".join(map(str, each.incident.musts)),
            "PASS" if each.passed else "MISS",
            *(reports_in_words(peers[each.incident.number, program.name]) for program in programs),
        ]
        for each in told
    ]
    passed = sum(each.passed for each in told)
    sections = (_section(each, peers, programs) for each in told)
    tally = f"**{passed} of {len(told)} pass.**\n"
    return "\n".join([_INTRODUCTION, tally, *absent, table(header, rows), *sections])


def _section(told: Told, peers: dict[tuple[int, str], list[Report]], programs: Sequence[Program]) -> str:
    incident = told.incident
    lines = [
        f"## {incident.number}. {incident.what}",
        "",
        f"{incident.when}. Reported by: {incident.reported}.",
        "",
    ]
    for finding in told.findings:
        lines += [f"- {finding_line(finding)}", f"  <br>{finding.reason}"]
        lines += [f"  - {line}" for line in item_lines(finding, 3)]
    lines += [f"- **MISSED** {line}" for line in told.missed]
    lines += [f"- **BESIDES** {finding_line(finding)}" for finding in told.besides]
    for program in programs:
        reports = peers[incident.number, program.name]
        lines += ["", f"{program.name}: {reports_in_words(reports)}"]
        if reports and reports[0].lines and not (reports[0].is_checksum or reports[0].is_garbled):
            lines += ["```diff", *(line[:100] for line in reports[0].lines[:4]), "```"]
    return at_the_agency("\n".join([*lines, ""]))


if __name__ == "__main__":
    sys.exit(main())
