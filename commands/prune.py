"""``prune``: let bytes go by a policy, first as a plan, then for good."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from cli.console import DONE, config_option, json_option, print_json, progress_bar, with_plain_errors
from state.errors import ConfigError, StoreError
from state.pruning import Policy

GROUP = "archive"


@click.command("prune", epilog="Example: python monitor.py prune wire --older-than 52w")
@click.argument("policy", type=click.Choice([policy.value for policy in Policy]))
@click.argument("sources", nargs=-1, metavar="[SOURCE…]")
@click.option("--older-than", required=True, metavar="AGE", help='How old bytes must be, such as "90d" or "52w".')
@click.option("--for-good", is_flag=True, help="Let them go. Without it the plan is shown and nothing changes.")
@click.option("--shrink", is_flag=True, help="Give the room back to the file system afterwards; takes a while.")
@config_option
@json_option
@with_plain_errors
def command(
    *,
    policy: str,
    sources: tuple[str, ...],
    older_than: str,
    for_good: bool,
    shrink: bool,
    config: Path | None,
    as_json: bool,
) -> int:
    """Let old bytes go: `wire` (as received, where the decoded body is kept), `failures` (bodies that showed no
    document) or `uneventful` (bodies of releases of which nothing above info was said).

    Entries, digests, headers, figures and findings stay, and so do the bytes that a finding rests on and the
    newest of every page. `verify` goes on to find everything else, and tells what was pruned, when and why.
    """
    from cli.configuration.settings import read_configuration
    from state.store import Store
    from watchers.sources.durations import read_duration

    try:
        age = read_duration(older_than)
    except ValueError as error:
        raise ConfigError(f"--older-than: {error}") from error
    database = read_configuration(config).database
    if not database.exists():
        raise StoreError(f"there is no archive at {database} yet: `monitor.py check` makes one")
    now = dt.datetime.now(dt.UTC)
    with Store(database) as store, progress_bar("pruning") as progress:
        planned = store.plan_pruning(Policy(policy), before=now - age, sources=sources)
        if for_good and planned.snapshots:
            store.prune(planned, at=now, progress=progress)
        if for_good and shrink:
            store.shrink()
    _tell(planned.words, len(planned.snapshots), planned.size, done=for_good, as_json=as_json)
    return DONE


def _tell(words: str, count: int, size: int, *, done: bool, as_json: bool) -> None:
    if as_json:
        print_json({"policy": words, "bodies": count, "bytes": size, "pruned": done})
        return
    verb = "pruned" if done else "would go"
    click.echo(f"{words}: {count:,} {verb}, {size:,} bytes in the archive")
    if count and not done:
        click.echo("nothing has changed yet; add --for-good to let them go")
