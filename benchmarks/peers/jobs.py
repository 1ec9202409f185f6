"""What a program that watches pages is given and what it says: the same for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_SUFFIX = {".pdf": "pdf", ".xlsx": "workbook", ".csv": "list"}


@dataclass(frozen=True)
class Job:
    """An address to watch, under a name without spaces; its suffix says the format."""

    name: str
    url: str
    follows: str = ""
    """What of the links of a list is to be followed, as a pattern; other programs are given the list alone."""
    shown: bool = False
    """Whether a browser is to show it."""

    @property
    def format(self) -> str:
        """pdf, workbook, list, or page."""
        return _SUFFIX.get(Path(self.url).suffix, "page")


@dataclass(frozen=True)
class Report:
    """What a program says of one job: CHANGED or ERROR, the job, and the diff or the error."""

    word: str
    job: str
    text: str
    sent: bool = True  # whether it reaches a person who does not go and look

    @property
    def lines(self) -> list[str]:
        """The lines that a diff takes away or brings."""
        body = self.text.split("\n@@", 1)[-1].splitlines()
        return [line for line in body if line[:1] in ("-", "+")]

    @property
    def is_checksum(self) -> bool:
        """Whether all that is said is that one checksum became another."""
        return len(self.lines) == 2 and all(re.fullmatch(r"[-+][0-9a-f]{40}", line) for line in self.lines)

    @property
    def is_garbled(self) -> bool:
        """Whether bytes of a file were taken for text."""
        return "\N{REPLACEMENT CHARACTER}" in self.text

    def in_words(self) -> str:
        """In a few words, as a reader of the message sees it."""
        if "ERROR" in self.word:
            lines = self.text.strip().splitlines()
            said = lines[-1] if lines[0].startswith("Traceback") else lines[0]
            return f"error: {said.partition(' for url')[0][:80]}"
        lines = self.lines
        if self.is_checksum:
            return "a checksum differs"
        if self.is_garbled:
            return "a diff of bytes taken for text"
        return f"a diff of {len(lines):,} line{'s' * (len(lines) != 1)}"


class Watch(Protocol):
    """A program with its jobs and what it remembers, from the start until it is closed."""

    @property
    def name(self) -> str:
        """The program's name."""

    def look(self) -> list[Report]:
        """Check all jobs once: what it reports."""

    def spent(self) -> float:
        """CPU seconds of all its processes so far."""

    def stored(self) -> int:
        """Bytes of what it remembers."""

    def close(self) -> None:
        """End what still runs of it."""


class Program(Protocol):
    """A peer that is installed."""

    @property
    def name(self) -> str:
        """As it is called."""

    @property
    def version(self) -> str:
        """As its registry calls it."""

    def start(self, jobs: Sequence[Job], folder: Path) -> Watch:
        """Write its configuration for these jobs into an empty folder."""
