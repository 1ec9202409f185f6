"""``reanalyse``: the releases of the archive through today's reader and rules, after an upgrade or a new rule."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct
from msgspec.structs import replace

from cli.console import DONE, FAILED, config_option, json_option, print_json, with_plain_errors
from state.contract import finding_to_json
from state.errors import StoreError
from state.kinds import Severity
from state.model import Finding

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pipeline.executors import Pool
    from pipeline.reanalyse import Reread
    from state.store import Store

GROUP = "judge"


@click.command("reanalyse", epilog="Example: python monitor.py reanalyse 'ice/*' --since 2024-10-01")
@click.argument("names", nargs=-1, metavar="[SOURCE…]")
@click.option("--since", help="The first day whose releases are read again: 2024-10-01.")
@click.option("--dry-run", is_flag=True, help="Work on a copy of the archive, which needs as much room again.")
@click.option("--jobs", type=click.IntRange(1), help="How many to read at a time; one a core by default.")
@click.option("--cluster", help="Read on the Dask cluster with this scheduler: tcp://10.0.0.5:8786.")
@config_option
@json_option
@with_plain_errors
def command(
    *,
    names: tuple[str, ...],
    since: str | None,
    dry_run: bool,
    jobs: int | None,
    cluster: str | None,
    config: Path | None,
    as_json: bool,
) -> int:
    """Read the releases of SOURCE (of all) again, oldest first, after an upgrade or a change of a source file.

    Figures, texts for search and side-by-side views are made anew, and each release is judged as of its own
    day. What is said otherwise than before is shown, and nothing that was said goes. The next round tells those
    who were told what does not follow any more; nobody else is alerted. The daemon may go on meanwhile; a run that
    was ended is started again. Exit status: 0 done, 1 some release could not be read, 2 usage or configuration.
    """
    from cli.configuration.settings import read_settings
    from cli.report import bar, read_day
    from cli.rounds import teller
    from pipeline.reanalyse import lanes_of, read_again
    from state.times import now

    settings = read_settings(config, only=names)
    day = None if since is None else read_day(since)
    with (
        _archive(settings.configuration.database, dry_run=dry_run) as store,
        _pool(jobs, cluster) as pool,
        bar() as progress,
    ):
        tell = teller(settings, store)
        lanes = lanes_of(
            settings.sources,
            store=store,
            since=day,
            clock=now,
            tell=lambda findings, release: tell(findings, release, None),
        )
        task = progress.add_task("reading again", total=sum(lane.releases for lane in lanes))
        told = _Told()
        for each in read_again(lanes, pool):
            told = _tell(each, told, as_json=as_json)
            progress.update(task, advance=each.release is not None)
    if not as_json:
        click.echo(told.words(dry_run=dry_run))
    return FAILED if told.unread else DONE


@contextmanager
def _archive(database: Path, *, dry_run: bool) -> Iterator[Store]:
    """The archive, or a copy of it that goes again. Raises StoreError where there is none."""
    from state.store import Store

    if not database.exists():
        raise StoreError(f"there is no archive at {database} yet: `monitor.py check` makes one")
    with Store(database) as store:
        if not dry_run:
            yield store
            return
        with tempfile.TemporaryDirectory(prefix="reanalyse-", dir=database.parent) as folder:
            copy = Path(folder) / database.name
            store.backup(copy)
            with Store(copy) as copied:
                yield copied


def _pool(jobs: int | None, cluster: str | None) -> AbstractContextManager[Pool]:
    from pipeline.executors import cluster_pool, local_pool

    if cluster is not None:
        return cluster_pool(cluster, size=jobs)
    return local_pool(jobs or os.cpu_count() or 1)


class _Told(Struct, frozen=True):
    """How much was read, and what came of it; findings are those above info."""

    read: int = 0
    differing: int = 0
    now_also: int = 0
    no_longer: int = 0
    unread: int = 0
    passed_over: int = 0

    def words(self, *, dry_run: bool) -> str:
        parts = [
            f"{self.read} releases read again, {self.differing} of them say something else",
            f"{self.now_also} findings above info more, {self.no_longer} fewer",
            f"{self.unread} could not be read" if self.unread else "",
            f"{self.passed_over} passed over" if self.passed_over else "",
            "nothing was kept: a dry run" if dry_run else "",
        ]
        return "; ".join(part for part in parts if part)


def _tell(each: Reread, told: _Told, *, as_json: bool) -> _Told:
    """Print what became of a release, where there is something to say, and count."""
    more, fewer = each.difference.now_also, each.difference.no_longer
    if as_json:
        print_json(_as_json(each))
    elif each.trouble or each.passed_over or _above_info(more) or _above_info(fewer):
        _say(each)
    tried = each.release is not None and each.passed_over is None
    return replace(
        told,
        read=told.read + (tried and each.trouble is None),
        differing=told.differing + bool(more or fewer),
        now_also=told.now_also + len(_above_info(more)),
        no_longer=told.no_longer + len(_above_info(fewer)),
        unread=told.unread + (each.trouble is not None),
        passed_over=told.passed_over + (each.passed_over is not None),
    )


def _say(each: Reread) -> None:
    release = each.release
    what = f"{release.id}  " if release else ""
    name = (release.file_name or release.url) if release else "several documents"
    click.echo(f"{each.at:%Y-%m-%d %H:%M}  {what}{each.source}, {each.series}  {name}")
    for finding in _above_info(each.difference.now_also):
        click.echo(f"    now also: {finding.title}")
    for finding in _above_info(each.difference.no_longer):
        click.echo(f"    no longer: {finding.title}")
    if each.trouble:
        click.echo(f"    cannot be read: {each.trouble}")
    if each.passed_over:
        click.echo(f"    passed over: {each.passed_over}")


def _as_json(each: Reread) -> dict[str, object]:
    release = each.release
    return {
        "release": release.id if release else None,
        "source": each.source,
        "series": each.series,
        "at": each.at.isoformat(),
        "url": release.url if release else None,
        "now_also": [finding_to_json(finding) for finding in each.difference.now_also],
        "no_longer": [finding_to_json(finding) for finding in each.difference.no_longer],
        "trouble": each.trouble,
        "passed_over": each.passed_over,
    }


def _above_info(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is not Severity.INFO]
