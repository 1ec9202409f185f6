#!/usr/bin/env python3
"""Release monitor: finds what governments quietly change in the figures they publish.

The entry point of the command line. ``pipeline/round.py`` is the whole flow from a published release to an
alert; each command is imported when it is called, so that ``--help`` is quick.
"""

import gc
import os
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - said here in words, not by the first syntax error of a newer language
    raise SystemExit(f"monitor: needs Python 3.11 or newer, and this is Python {sys.version.split()[0]}")


def _without(package: "str | None") -> SystemExit:
    """What to do where a package is missing."""
    home = Path(__file__).parent
    if (home / "pyproject.toml").exists() and Path(sys.prefix) != home / ".venv":
        own = f"{home / '.venv' / 'bin' / 'python'} monitor.py"
        there = (home / ".venv").exists()
        remedy = f"use {own}" if there else "`make demo` installs them into .venv, or see Install in README.md"
    else:
        remedy = "install it again, see Install in README.md"
    return SystemExit(f"monitor: {package} is not installed for {sys.executable}; {remedy}")


try:
    import click

    from cli.group import Commands
    from state.version import VERSION
except ModuleNotFoundError as error:
    raise _without(error.name) from None


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="release-monitor")
def main() -> None:
    """Find what a publisher quietly changed in its figures, pages and files.

    \b
    python monitor.py demo                             the story of 2010, lived through
    python monitor.py compare before.xlsx after.xlsx   two files, no set-up
    python monitor.py check                            one round over all sources
    """


def run() -> None:
    """The command line, as a process of its own: ``python monitor.py``, or ``monitor`` where it is installed."""
    gc.set_threshold(20_000)  # to look for cycles among what is being loaded takes a tenth of a start
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through all that is installed
    try:
        main()
    except ModuleNotFoundError as error:
        raise _without(error.name) from None


if __name__ == "__main__":
    run()
