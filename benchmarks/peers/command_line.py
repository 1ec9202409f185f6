"""urlwatch and webchanges: given jobs, run once a round, and what they print taken apart.

Each gets the filter that its manual recommends for the format: text of pages, text of PDFs (urlwatch by way of
``pdftotext`` where that program is installed), a checksum for workbooks, which neither reads.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.jobs import Job, Report

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


@dataclass(frozen=True)
class CommandLine:
    """urlwatch or webchanges, installed."""

    name: str
    version: str
    binary: Path

    def start(self, jobs: Sequence[Job], folder: Path) -> Runs:
        """Write its configuration for these jobs into an empty folder."""
        folder.mkdir(parents=True)
        (folder / "config.yaml").write_text(_CONFIGURATION)
        (folder / "hooks.py").write_text("")
        (folder / "jobs.yaml").write_text("---\n".join(self._job(job) for job in jobs))
        return Runs(self, folder)

    def _job(self, job: Job) -> str:
        key = "filter" if self.name == "urlwatch" else "filters"
        filters = {"page": "html2text", "workbook": "sha1sum", "pdf": "sha1sum", "list": ""}[job.format]
        if job.format == "pdf" and self.name == "webchanges":
            filters = "pypdf: {}"
        if job.format == "pdf" and self.name == "urlwatch" and shutil.which("pdftotext") and shutil.which("curl"):
            return f"name: {job.name}\ncommand: curl -s {job.url} | pdftotext -layout - -\n"
        return f"name: {job.name}\nurl: {job.url}\n" + (f"{key}:\n  - {filters}\n" if filters else "")


@dataclass(frozen=True)
class Runs:
    """A program with its jobs and what it remembers."""

    program: CommandLine
    folder: Path

    @property
    def name(self) -> str:
        """The program's name."""
        return self.program.name

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

    def spent(self) -> float:
        """CPU seconds of what this process ever started and waited for: differences are those of a look."""
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def stored(self) -> int:
        """Bytes of its database."""
        return sum(path.stat().st_size for path in self.folder.rglob("seen.db*") if path.is_file())

    def close(self) -> None:
        """Nothing runs between two looks."""
