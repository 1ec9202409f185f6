"""``restore``: a backup in the archive's place."""

from __future__ import annotations

from pathlib import Path

import click

from cli.console import DONE, complain, config_option, progress_bar, with_plain_errors

GROUP = "archive"


@click.command("restore", epilog="Example: python monitor.py restore /mnt/other-disk/archive-2026-02-03.db")
@click.argument("backup", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--faulty", is_flag=True, help="Also where something is wrong with it, as with one that `recover` made."
)
@config_option
@with_plain_errors
def command(*, backup: Path, faulty: bool, config: Path | None) -> int:
    """Put BACKUP in the archive's place, after every entry and byte of it was checked.

    The former archive is kept beside it, with its journals. Never copy a backup over the file by hand: what a
    crash left beside it would be played into it. Exit status 75: a round is at work; stop the daemon first.
    """
    from cli.configuration.settings import read_configuration
    from state.lock import round_lock
    from state.restoring import restore
    from state.times import now

    archive = read_configuration(config).database
    archive.parent.mkdir(parents=True, exist_ok=True)
    with round_lock(archive), progress_bar("checking bytes") as progress:
        restored = restore(backup, archive, at=now(), faulty=faulty, progress=progress)
    complain(f"{archive} holds {restored.head.seq} entries now, as {backup} does")
    if restored.missing:
        complain(f"{restored.missing} entries that were written here after that backup are not in it")
    if restored.aside is not None:
        complain(f"what stood there before is in {restored.aside}; remove it when you are sure")
    return DONE
