"""``backup``: a whole copy of the archive, while the daemon goes on."""

from __future__ import annotations

from pathlib import Path

import click

from cli.console import DONE, complain, config_option, progress_bar, with_plain_errors
from state.errors import StoreError

GROUP = "archive"


@click.command("backup", epilog="Example: python monitor.py backup /mnt/other-disk/archive-2026-02-03.db")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@config_option
@with_plain_errors
def command(*, target: Path, config: Path | None) -> int:
    """Copy the archive to TARGET, a new file, consistent as of now, and check the copy.

    Rounds go on meanwhile. `restore` brings it back; do not copy it over the archive by hand.
    """
    from cli.configuration.settings import read_configuration
    from state.store import Store

    database = read_configuration(config).database
    if not database.exists():
        raise StoreError(f"there is no archive at {database} yet: `monitor.py check` makes one")
    with Store(database) as store, progress_bar("pages") as progress:
        store.backup(target, progress=progress)
    complain(f"{target.stat().st_size:,} bytes in {target}")
    return DONE
