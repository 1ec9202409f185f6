"""Disks that are full or read-only. Real file systems where this user may mount them, else limits and rights."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.commands.running import ROOT


class CannotMount(Exception):
    """This user may not mount a file system here; the message is what the system said."""


@contextmanager
def small_disk(folder: Path, *, size: int) -> Iterator[None]:
    """A file system of ``size`` bytes at ``folder``. Raises CannotMount."""
    folder.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """``folder`` and all in it not to be written: by a mount for root, by rights for anyone else."""
    if os.geteuid() == 0:
        _mount("--bind", folder, folder)
        try:
            _mount("-o", "remount,bind,ro", folder)
            yield
        finally:
            subprocess.run(["umount", "-l", folder], check=True)
        return
    rights = {path: path.stat().st_mode for path in (*folder.iterdir(), folder)}
    for path, mode in rights.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in reversed(rights.items()):
            path.chmod(mode)


def fill(folder: Path, *, leaving: int) -> Path:
    """Fill the disk at ``folder`` but for so many bytes; removing the file that is returned makes room again."""
    ballast = folder / "ballast"
    ballast.unlink(missing_ok=True)
    ballast.write_bytes(bytes(max(0, shutil.disk_usage(folder).free - leaving)))
    return ballast


def run_limited(*words: str, cwd: Path, file_size: int) -> subprocess.CompletedProcess[str]:
    """``python monitor.py WORDS``, for which every file ends at ``file_size`` bytes as on a full disk."""
    return subprocess.run(
        [sys.executable, str(ROOT / "monitor.py"), *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size)),
    )


def _mount(*words: str | Path) -> None:
    try:
        subprocess.run(["mount", *words], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotMount(str(getattr(error, "stderr", "") or error).strip()) from error
