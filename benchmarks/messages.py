"""How many messages real sources bring: each release taken in on its day, counted by what is gravest in it.

    python -m benchmarks.messages [--write]

Needs the real releases beside the project. ``--write`` writes docs/messages.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.making.real_releases import RELEASES, alerts_of, dated
from benchmarks.peers.report import write_document
from state.kinds import Severity
from state.model import Alert

SERIES = (
    ("ice/detention-statistics", "ice-detention-stats-fy23", "ICE detention statistics, 2023"),
    ("ice/287g", "ice-287g-participating-2025-03-to-06", "ICE 287(g) participating agencies, 2025"),
)
"""The source that judges, the folder of its releases, what they are."""

_GRAVE = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
_INTRODUCTION = """\
# How many messages a week

Made by `python -m benchmarks.messages --write` from real releases, each taken in on its day by the source that
ships, for a destination that hears of everything from `medium` on. Findings of one release are one message; it
counts as what is gravest in it. With `least: high`, or a daily digest, there are fewer.

| source | releases | weeks | messages | critical | high | medium | a week | most in a week |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


class Told(Struct, frozen=True):
    """What one source brought."""

    name: str
    releases: int
    weeks: float
    messages: Counter[Severity]
    most: int  # in one week

    def row(self) -> str:
        """A row of the table."""
        whole = self.messages.total()
        counts = " | ".join(str(self.messages[severity]) for severity in _GRAVE)
        return (
            f"| {self.name} | {self.releases} | {self.weeks:.0f} | {whole} | {counts} | {whole / self.weeks:.2f}"
            f" | {self.most} |"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 2 where there are no releases."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/messages.md")
    options = parser.parse_args(arguments)
    if not RELEASES.is_dir():
        print(f"the real releases are not there ({RELEASES})", file=sys.stderr)
        return 2
    text = _INTRODUCTION + "\n".join(_told(*each).row() for each in SERIES) + "\n"
    if options.write:
        write_document("messages.md", text)
    print(text)
    return 0


def _told(source: str, folder: str, name: str) -> Told:
    days = [at for _, at in dated(RELEASES / folder)]
    with tempfile.TemporaryDirectory() as place:
        alerts = alerts_of(source, folder, Path(place) / "archive.db")
    messages: dict[str, list[Alert]] = {}
    for alert in alerts:
        messages.setdefault(alert.batch, []).append(alert)
    gravest = {
        batch: max((Severity(str(each.payload["severity"])) for each in together), key=lambda each: each.rank)
        for batch, together in messages.items()
    }
    weeks = Counter(
        each[0].not_before.isocalendar()[:2] for each in messages.values() if each[0].not_before is not None
    )
    return Told(
        name=name,
        releases=len(days),
        weeks=max(1.0, (days[-1] - days[0]).days / 7),
        messages=Counter(gravest.values()),
        most=max(weeks.values(), default=0),
    )


if __name__ == "__main__":
    sys.exit(main())
