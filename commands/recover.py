"""``recover``: what is whole of a damaged archive, or a whole archive from an export."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, complain, config_option, json_option, print_json, progress_bar, with_plain_errors
from state.errors import StoreError

if TYPE_CHECKING:
    from archive.exports.warc_recovery import TakenBack
    from state.model import Source

GROUP = "archive"
_SHOWN = 40  # lines on what is lost; the file beside the new archive has all
_SQLITE = b"SQLite format 3\x00"
INCOMPLETE = 1


@click.command("recover", epilog="Example: python monitor.py recover data/archive.db --to recovered.db")
@click.argument("damaged", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), help="The new archive; a new file."
)
@config_option
@json_option
@with_plain_errors
def command(*, damaged: Path, target: Path, config: Path | None, as_json: bool) -> int:
    """Take out of DAMAGED whatever is whole: an archive, or a WARC, WACZ or bag that `export` wrote of one.

    DAMAGED is only read. What is not whole is listed, here and in a file beside the new archive, and `verify` goes
    on saying so. `restore --faulty NEW` then puts the new archive in its place. Exit status: 0 all is whole, 1
    something is missing, 2 nothing could be recovered.
    """
    if target.exists():
        raise StoreError(f"{target} exists already; name a file that does not")
    exported = damaged.is_dir() or not _looks_like_an_archive(damaged)
    lines, said = _from_export(damaged, target, config) if exported else _from_archive(damaged, target)
    listed = target.with_name(f"{target.name}.lost.txt")
    if lines:
        _write(listed, lines)
    if as_json:
        print_json({"archive": str(target), "said": list(said), "lost": list(lines)})
        return INCOMPLETE if lines else DONE
    for line in lines[:_SHOWN]:
        click.echo(f"lost: {line}")
    if len(lines) > _SHOWN:
        click.echo(f"and {len(lines) - _SHOWN:,} more, all in {listed}")
    for line in said:
        complain(line)
    return INCOMPLETE if lines else DONE


def _looks_like_an_archive(path: Path) -> bool:
    """Whether a file is a database, also where its first bytes are what is damaged."""
    with path.open("rb") as file:
        start = file.read(4)
    return start == _SQLITE[:4] or not (start[:2] in (b"\x1f\x8b", b"PK") or start == b"WARC")


def _write(path: Path, lines: Sequence[str]) -> None:
    from state.private_files import create_for_owner

    create_for_owner(path)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _from_archive(damaged: Path, target: Path) -> tuple[list[str], list[str]]:
    from state.recovering import recover_archive
    from state.times import now

    with progress_bar("checking what was recovered") as progress:
        came = recover_archive(damaged, target, at=now(), progress=progress)
    lines = [f"{loss.table}: {loss.what}" for loss in came.losses]
    lines += [f"{fault.flaw.value}: {fault.what}" for fault in came.verified.faults]
    return lines, [
        f"{came.rows:,} rows, {came.verified.entries:,} entries of the chain are in {target}",
        f"put it in place with `monitor.py restore --faulty {target}`",
    ]


def _from_export(path: Path, target: Path, config: Path | None) -> tuple[list[str], list[str]]:
    from archive.exports.packages import warcs_of
    from archive.exports.warc_recovery import TakenBack, recover_from_warc
    from state.store import Store
    from state.times import now

    taken, numbers, part = TakenBack(), dict[int, int](), target.with_name(f"{target.name}.part")
    sources = _known_sources(config)
    _remove(part)
    try:
        with tempfile.TemporaryDirectory() as folder, Store(part) as store:
            for warc in warcs_of(path, folder=Path(folder)):
                recover_from_warc(warc, store, sources=sources, at=now(), taken=taken, numbers=numbers)
        part.replace(target)
    finally:
        _remove(part)
    return taken.losses, [*_said(taken, target), "monitor.py reanalyse makes figures, texts and findings again"]


def _remove(part: Path) -> None:
    """The file that was being made, with all that lies beside it."""
    for suffix in ("", "-wal", "-shm", ".head"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)


def _known_sources(config: Path | None) -> Mapping[str, Source]:
    from cli.configuration.settings import folders_of, read_configuration
    from watchers.sources.load import read_sources

    sources, _ = read_sources(folders_of(read_configuration(config)))
    return {source.id: source for source in sources}


def _said(taken: TakenBack, target: Path) -> list[str]:
    chain = (
        "its chain is the one that was exported, entry by entry"
        if taken.same == taken.captures
        else "its chain is a new one: the export does not begin with the first entry, or lacks some"
    )
    return [f"{taken.captures:,} captures are in {target}; {chain}"]
