"""urlwatch and webchanges: installed outside the repository, given jobs, and what they print taken apart.

Each gets the filter that its manual recommends for the format: text of pages, text of PDFs (urlwatch by way of
``pdftotext`` where that program is installed), a checksum for workbooks, which neither reads.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENTS = Path(tempfile.gettempdir()) / "release-monitor-peers"
"""Where the programs are installed, each in an environment of its own."""

_REQUIREMENTS = {
    "urlwatch": ("urlwatch==2.29",),
    "webchanges": ("webchanges==3.37", "pypdf", "html2text"),
}
_CONFIGURATION = """\
display: {new: false, error: true, unchanged: false}
report:
  stdout: {enabled: true, color: false}
  text: {details: true, footer: true, line_length: 75}
"""
_SECTION = re.compile(
    r"^-{75}\n(?P<word>[A-Z][A-Z ,]*): (?P<job>\S+) \([^\n]*\)\n-{75}\n(?P<text>.*?)\n-{75}\n",
    re.MULTILINE | re.DOTALL,
)
_SUFFIX = {".pdf": "pdf", ".xlsx": "workbook", ".csv": "list"}


@dataclass(frozen=True)
class Job:
    """An address to watch, under a name without spaces; its suffix says the format."""

    name: str
    url: str

    @property
    def format(self) -> str:
        """pdf, workbook, list, or page."""
        return _SUFFIX.get(Path(self.url).suffix, "page")


@dataclass(frozen=True)
class Report:
    """One section of what a program printed: CHANGED or ERROR, the job, and the diff or the error."""

    word: str
    job: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines that a diff takes away or brings."""
        body = self.text.split("\n@@", 1)[-1].splitlines()
        return [line for line in body if line[:1] in ("-", "+")]

    @property
    def is_checksum(self) -> bool:
        """Whether all that is said is that one checksum became another."""
        return len(self.lines) == 2 and all(re.fullmatch(r"[-+][0-9a-f]{40}", line) for line in self.lines)

    def in_words(self) -> str:
        """In a few words, as a reader of the message sees it."""
        if "ERROR" in self.word:
            lines = self.text.strip().splitlines()
            said = lines[-1] if lines[0].startswith("Traceback") else lines[0]
            return f"error: {said.partition(' for url')[0][:80]}"
        lines = self.lines
        if self.is_checksum:
            return "a checksum differs"
        return f"a diff of {len(lines):,} line{'s' * (len(lines) != 1)}"


@dataclass(frozen=True)
class Program:
    """A peer that is installed."""

    name: str
    version: str
    binary: Path

    def start(self, jobs: Sequence[Job], folder: Path) -> Watch:
        """Write its configuration for these jobs into an empty folder."""
        folder.mkdir(parents=True)
        (folder / "config.yaml").write_text(_CONFIGURATION)
        (folder / "hooks.py").write_text("")
        (folder / "jobs.yaml").write_text("---\n".join(self._job(job) for job in jobs))
        return Watch(self, folder)

    def _job(self, job: Job) -> str:
        key = "filter" if self.name == "urlwatch" else "filters"
        filters = {"page": "html2text", "workbook": "sha1sum", "pdf": "sha1sum", "list": ""}[job.format]
        if job.format == "pdf" and self.name == "webchanges":
            filters = "pypdf: {}"
        if job.format == "pdf" and self.name == "urlwatch" and shutil.which("pdftotext") and shutil.which("curl"):
            return f"name: {job.name}\ncommand: curl -s {job.url} | pdftotext -layout - -\n"
        return f"name: {job.name}\nurl: {job.url}\n" + (f"{key}:\n  - {filters}\n" if filters else "")


@dataclass(frozen=True)
class Watch:
    """A program with its jobs and what it remembers."""

    program: Program
    folder: Path

    def look(self) -> list[Report]:
        """One run over all jobs: what it reports."""
        database = "--cache" if self.program.name == "urlwatch" else "--database"
        jobs = "--urls" if self.program.name == "urlwatch" else "--jobs"
        arguments = [jobs, "jobs.yaml", "--config", "config.yaml", database, "seen.db", "--hooks", "hooks.py"]
        run = subprocess.run(
            [self.program.binary, *arguments], cwd=self.folder, capture_output=True, text=True, timeout=600
        )
        if run.returncode != 0 or "Traceback" in run.stderr:
            raise RuntimeError(f"{self.program.name} failed: {run.stderr[-2_000:]}")
        return [Report(each["word"], each["job"], each["text"]) for each in _SECTION.finditer(run.stdout)]


def installed_peers() -> tuple[list[Program], list[str]]:
    """The programs, installed where they are not yet; and a line for each that cannot be had."""
    programs, absent = [], []
    for name, requirements in _REQUIREMENTS.items():
        binary = ENVIRONMENTS / name / "bin" / name
        trouble = None if binary.exists() else _install(name, requirements)
        if trouble is None:
            programs.append(Program(name=name, version=requirements[0].partition("==")[2], binary=binary))
        else:
            absent.append(f"{name} could not be installed: {trouble}")
    return programs, absent


def _install(name: str, requirements: Sequence[str]) -> str | None:
    folder = ENVIRONMENTS / name
    for command in (
        [sys.executable, "-m", "venv", str(folder)],
        [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements],
    ):
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            return (run.stderr.strip().splitlines() or ["no reason given"])[-1]
    return None
