"""``verify``: whether the archive is what it was, and what that proves."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, complain, config_option, json_option, print_json, progress_bar, with_plain_errors
from state.errors import ConfigError

if TYPE_CHECKING:
    from cli.configuration.model import Configuration
    from state.ledger.entries import Head
    from state.ledger.stamp_checks import CheckedStamp
    from state.ledger.verify import Verification

DAMAGED = 1

GROUP = "archive"


@click.command("verify", epilog="Example: python monitor.py verify --known 1284:9f2c…")
@config_option
@json_option
@click.option("--head", "only_head", is_flag=True, help="Print the head of the chain, to be mailed or printed.")
@click.option("--known", metavar="HEAD", help="A head that left this machine before, as --head printed it.")
@click.option("--stamp", is_flag=True, help="Have the head stamped now by the authorities of the configuration.")
@with_plain_errors
def command(*, config: Path | None, as_json: bool, only_head: bool, known: str | None, stamp: bool) -> int:
    """Check the chain, every byte and every time stamp of the archive, and say what that proves.

    The file is read and not written to. Exit status 0: all is as it was; 1: something is damaged, missing or was
    changed; 2: it could not be checked.
    """
    from cli.configuration.settings import read_configuration

    configuration = read_configuration(config)
    given = _read_head(known) if known else None
    if only_head:
        return _print_head(configuration, as_json=as_json)
    if stamp:
        _stamp(configuration)
    shown = _verify(configuration, known=given)
    if as_json:
        print_json(_as_json(shown))
    else:
        _print(shown, known=given)
    return DONE if shown.clean else DAMAGED


def _verify(configuration: Configuration, *, known: Head | None) -> Verification:
    from cli.timestamps import read_trust
    from state.ledger.verify import verify_file

    with progress_bar("checking bytes") as progress:
        return verify_file(configuration.database, known=known, trust=read_trust(configuration), progress=progress)


def _print_head(configuration: Configuration, *, as_json: bool) -> int:
    from state.ledger.verify import head_of

    head = head_of(configuration.database)
    if as_json:
        print_json({"seq": head.seq, "entry": head.entry})
    else:
        click.echo(f"{head.seq}:{head.entry}")
    return DONE


def _read_head(text: str) -> Head:
    from state.ledger.entries import Head

    match = re.fullmatch(r"\s*(\d+)\s*:\s*([0-9a-fA-F]{64})\s*", text)
    if match is None:
        raise ConfigError("--known takes a head as `verify --head` prints it: a number, a colon, 64 hex digits")
    return Head(int(match[1]), match[2].lower())


def _stamp(configuration: Configuration) -> None:
    from cli.timestamps import stamp_now
    from state.store import Store

    with Store(configuration.database) as store:
        for each in stamp_now(configuration, store, at=dt.datetime.now(dt.UTC)):
            complain(_stamp_line(each))


def _stamp_line(checked: CheckedStamp) -> str:
    what = f"stamp of entry {checked.stamp.seq} by {checked.stamp.authority}"
    if checked.trouble:
        said = "" if checked.time is None else f", which says {checked.time:%Y-%m-%d %H:%M:%S} UTC"
        return f"unverified {what}{said}: {checked.trouble}"
    exact = "" if checked.accuracy is None else f", give or take {checked.accuracy.total_seconds():g} seconds"
    return f"verified {what}: it stood on {checked.time:%Y-%m-%d at %H:%M:%S} UTC{exact}"


def _print(shown: Verification, *, known: Head | None) -> None:
    from state.ledger.verify import PROVES, PROVES_NOT

    click.echo(
        f"checked: {shown.entries:,} entries of the chain, {shown.snapshots:,} bodies, headers and other bytes"
    )
    click.echo(f"head: {shown.head.seq}:{shown.head.entry}")
    for each in shown.pruned:
        click.echo(
            f"pruned on {each.day} by policy “{each.policy}”: the bytes of {each.count:,}; their entries stand"
        )
    for stamp in shown.stamps:
        click.echo(_stamp_line(stamp))
    for fault in shown.faults:
        click.echo(f"{click.style(fault.flaw.value, fg='red', bold=True)}: {fault.what}")
    if not shown.clean:
        click.echo(f"{len(shown.faults):,} things are wrong: the archive is not what it was")
        return
    click.echo("all is as it was")
    click.echo(f"this proves: {PROVES}")
    if known is not None:
        click.echo(f"and that the chain up to entry {known.seq} is the one whose head you kept")
    click.echo(f"this does not prove: {PROVES_NOT}")


def _as_json(shown: Verification) -> dict[str, object]:
    from state.ledger.verify import PROVES, PROVES_NOT

    return {
        "clean": shown.clean,
        "entries": shown.entries,
        "snapshots": shown.snapshots,
        "head": {"seq": shown.head.seq, "entry": shown.head.entry},
        "faults": [{"flaw": each.flaw.value, "what": each.what, "seq": each.seq} for each in shown.faults],
        "pruned": [{"day": each.day, "policy": each.policy, "count": each.count} for each in shown.pruned],
        "stamps": [
            {
                "seq": each.stamp.seq,
                "authority": each.stamp.authority,
                "time": None if each.time is None else each.time.isoformat(),
                "accuracy": None if each.accuracy is None else each.accuracy.total_seconds(),
                "verified": not each.trouble,
                "trouble": each.trouble,
            }
            for each in shown.stamps
        ],
        "proves": PROVES,
        "proves_not": PROVES_NOT,
    }
