#!/usr/bin/env python3
"""Release monitor: finds what governments quietly change in the figures they publish.

The entry point of the command line. ``pipeline/round.py`` is the whole flow from a published release to an
alert; each command is imported when it is called, so that ``--help`` is quick.
"""

import gc
import os

try:
    import click
except ModuleNotFoundError:
    raise SystemExit("monitor: its packages are not installed here; use .venv/bin/python (README)") from None

from cli.group import Commands
from state.version import VERSION


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="release-monitor")
def main() -> None:
    """Find what a publisher quietly changed in its figures, pages and files.

    \b
    python monitor.py demo                             the story of 2010, lived through
    python monitor.py compare before.xlsx after.xlsx   two files, no set-up
    python monitor.py check                            one round over all sources
    """


if __name__ == "__main__":
    gc.set_threshold(20_000)  # to look for cycles among what is being loaded takes a tenth of a start
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else it looks through all that is installed
    main()
