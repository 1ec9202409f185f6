"""What reading one file takes, measured by the process that reads it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from diffing.examination import Examination, Request
from diffing.examine import examine
from diffing.extract import extract
from state.document import ReadingHints


def read_and_measure(path: Path) -> tuple[float, float, str]:
    """Seconds of CPU, megabytes held at the most, and what was read; runs in the worker."""
    document = extract(path.read_bytes(), media_type="", hints=ReadingHints(file_name=path.name))
    times, status = os.times(), Path("/proc/self/status").read_text()
    held = int(status.split("VmHWM:", 1)[1].split(None, 1)[0]) / 1024
    rows = sum(len(table.rows) for table in document.tables)
    return times.user + times.system, held, f"{len(document.tables):,} tables, {rows:,} rows"


def examine_and_measure(request: Request) -> tuple[float, Examination]:
    """An examination with its seconds of CPU."""
    begun = time.process_time()
    examined = examine(request)
    return time.process_time() - begun, examined
