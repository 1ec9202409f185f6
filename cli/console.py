"""How commands speak: facts to standard output, trouble and progress to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import orjson

from cli.called import as_called
from state.contract import finding_to_json
from state.errors import ConfigError, LockHeld, MonitorError
from state.kinds import Severity
from state.model import Finding
from state.vocabulary import OPERATIONS

P = ParamSpec("P")
R = TypeVar("R")

DONE = 0
FOUND = 1
FAILED = 1  # `check` and `watch`: some source failed
TROUBLE = 2
LOCKED = 75  # sysexits.h EX_TEMPFAIL: try again later
INTERRUPTED = 130  # 128 + SIGINT
READER_LEFT = 141  # 128 + SIGPIPE
TERMINATED = 143  # 128 + SIGTERM

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The configuration; monitor.yaml in this folder where none is named.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the JSON contract instead of words.")

_source_option = click.option(
    "--source",
    "source_name",
    metavar="ID|FILE",
    help="Judge by the rules of this source: its id, or its source file.",
)
_series_option = click.option("--series", "series_name", help="The series of that source, where it has several.")


def source_options(command: Callable[P, R]) -> Callable[P, R]:
    """Options that name the source whose rules hold for files of the command line."""
    return _source_option(_series_option(config_option(command)))


def with_plain_errors(function: Callable[P, int]) -> Callable[P, None]:
    """Turn the returned number into the exit status, and errors a person can act on into one line on stderr.

    2 for usage, configuration, unreadable input and what the machine refuses, 75 where another round
    holds the lock, 130 for Ctrl-C, 141 where the reader of the output has seen enough, as a shell has it.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = function(*args, **kwargs)
        except LockHeld as error:
            complain(str(error))
            status = LOCKED
        except (ConfigError, MonitorError) as error:
            complain(str(error))
            status = TROUBLE
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to complain to
            status = READER_LEFT
        except OSError as error:
            complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
            status = TROUBLE
        except KeyboardInterrupt:
            status = INTERRUPTED
        sys.exit(status)

    return run


def complain(message: str) -> None:
    """One line of trouble on standard error."""
    click.echo(f"monitor: {as_called(message)}", err=True)


def print_json(body: object) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(_dumps(body) + "\n")
    sys.stdout.flush()


def _dumps(body: object) -> str:
    try:
        return orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # a file name that is not UTF-8: JSON can hold it escaped only
        return json.dumps(body, ensure_ascii=True)


def print_findings(findings: Iterable[Finding], *, source: str, archive: str = "", as_json: bool = False) -> None:
    """What a round found in a source, under its name, each with its page in the archive.

    In words only what is above info, and no fetch trouble, which has lines of its own.
    """
    wanted = [each for each in findings if each.severity is not Severity.INFO and each.kind not in OPERATIONS]
    if as_json:
        for finding in findings:
            print_json(finding_to_json(finding))
    elif wanted:
        click.echo(click.style(source, bold=True))
        for finding in wanted:
            print_finding(finding)
            if archive:
                click.echo(f"          {archive.rstrip('/')}/findings/{finding.id}/{finding.event}")


def print_finding(finding: Finding, *, items: int = 8) -> None:
    """A finding in words: severity, kind and title, then reason and the first ``items`` items."""
    colour = {"critical": "red", "high": "yellow", "medium": "cyan"}.get(finding.severity.value)
    label = click.style(f"{finding.severity.value:>8}", fg=colour, bold=colour is not None)
    click.echo(f"{label}  {finding.kind}: {finding.title}")
    if finding.reason:
        click.echo(f"          {finding.reason}")
    for line in item_lines(finding, items):
        click.echo(f"            {line}")


def item_lines(finding: Finding, most: int) -> list[str]:
    """The first ``most`` items of a finding, a line each, and a last line for those left out."""
    lines = []
    for item in finding.items[:most]:
        parts = (item.row, item.column, item.term, item.section, item.text, item.url)
        name = " · ".join(part for part in parts if part) or item.table or item.sheet or ""
        values = ""
        if item.before is not None or item.after is not None:
            values = f"  {shown(item.before)} → {shown(item.after)}"
            if item.difference is not None:
                percent = "" if item.percent is None else f", {item.percent:+.1f} %"
                values += f"  ({item.difference:+,}{percent})"
        note = f"  [{item.note}]" if item.note else ""
        lines.append(f"{name}{values}{note}".strip())
    if finding.count > most and len(finding.items) > most:
        lines.append(f"… {finding.count - most:,} more")
    return lines


def shown(value: object) -> str:
    """A value for a person: thousands separated, a blank named."""
    if value is None:
        return "(blank)"
    if isinstance(value, int | float):
        return f"{round(value, 6):,}"  # what floating point adds is no figure
    return str(value)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, nothing anywhere else."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
