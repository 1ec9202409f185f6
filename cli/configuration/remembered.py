"""Settings as they were read last: to read and check all their files takes as long as to ask two hundred pages.

They are taken again only where every file and folder that they came from is as it was: by inode, size and the
time of its last change, which the file system notes and nobody can set. Whatever is wrong with the file that
remembers them, they are read anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from cli.configuration.settings import SHIPPED, Configuration, default_path
from state.model import Source

_SETTLED: Final = (
    2_000_000_000  # nanoseconds; what changed so shortly before it was read may have changed once more
)
_DIGEST: Final = 32  # bytes of SHA-256 that stand before what is remembered
_CODE: Final = (
    "cli/configuration/settings.py",
    "cli/configuration/file.py",
    "cli/configuration/remembered.py",
    "state/kinds.py",
    "state/model.py",
    "watchers/sources/checked_yaml.py",
    "watchers/sources/durations.py",
    "watchers/sources/load.py",
)
"""What decides how files are understood."""

Stamp = tuple[int, int, int] | None
"""Inode, size and last change in nanoseconds; None where there is nothing."""


class Remembered(Struct, frozen=True):
    """A configuration and all its sources, with what they came from."""

    python: str
    came_from: dict[str, Stamp]
    configuration: Configuration
    sources: tuple[Source, ...]


def recall(path: Path | None) -> Remembered | None:
    """What was read of the configuration in ``path`` before; None where anything may read otherwise now."""
    try:
        found = _place(path).read_bytes()
        data = found[_DIGEST:]
        if hashlib.sha256(data).digest() != found[:_DIGEST]:
            return None
        kept = msgspec.msgpack.decode(data, type=Remembered, dec_hook=lambda kind, value: kind(value))
    except (OSError, RuntimeError, msgspec.MsgspecError):
        return None
    fresh = kept.python == sys.version and all(_stamp(file) == stamp for file, stamp in kept.came_from.items())
    return kept if fresh else None


def remember(path: Path | None, configuration: Configuration, sources: tuple[Source, ...], *, began: int) -> None:
    """Remember what was read of ``path``; reading ``began`` at that time, in nanoseconds.

    Nothing is, where the address of a destination names no variable: no second file is to hold its secret.
    """
    if any("${" not in destination.url for destination in configuration.destinations):
        return
    came_from = {str(file): _stamp(file) for file in _origins(path, configuration)}
    if any(stamp is not None and stamp[2] > began - _SETTLED for stamp in came_from.values()):
        return
    kept = Remembered(sys.version, came_from, configuration, sources)
    with contextlib.suppress(OSError, RuntimeError, UnicodeError):  # names of files need not be text
        data = msgspec.msgpack.encode(kept, enc_hook=str)
        _write(_place(path), hashlib.sha256(data).digest() + data)


def _origins(path: Path | None, configuration: Configuration) -> Iterator[Path]:
    """All that settings depend on: the program, the configuration, each folder of sources with what it holds."""
    home = Path(__file__).resolve().parents[2]
    yield from (home / part for part in _CODE)
    yield default_path(path)
    folders = [SHIPPED] if configuration.shipped_sources else []
    for folder in (*folders, *configuration.source_folders):
        yield folder
        yield from _within(folder)


def _within(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(place, name) for name in (*folders, *_yaml(files)))


def _yaml(files: Iterable[str]) -> list[str]:
    return [name for name in files if name.endswith((".yaml", ".yml"))]


def _stamp(file: str | Path) -> Stamp:
    try:
        found = os.stat(file)  # noqa: PTH116 - for hundreds of files; half of the time would go into paths
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_ctime_ns


def _place(path: Path | None) -> Path:
    """Where the settings of a configuration are remembered; relative paths mean another thing in each folder."""
    told = os.environ.get("CACHE_DIRECTORY") or os.environ.get("XDG_CACHE_HOME")
    folder = Path(told) if told else Path.home() / ".cache"
    place = f"{Path.cwd()}\n{default_path(path)}".encode("utf-8", "surrogateescape")
    return folder / "release-monitor" / f"{hashlib.sha256(place).hexdigest()[:32]}.settings"


def _write(place: Path, data: bytes) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:  # for the user's eyes only
        part = Path(file.name)
        try:
            file.write(data)
            file.flush()
            part.replace(place)
        except OSError:  # a full disk; nothing must gather there
            part.unlink()
            raise
