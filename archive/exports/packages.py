"""The WARC files of a package: of a WACZ, or of a bag (BagIt), each checked against the digest in the package."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, Final

from state.errors import ReadingError

_WARCS: Final = (".warc", ".warc.gz")
_ALGORITHMS: Final = ("sha512", "sha256", "sha1", "md5")  # of a bag's manifests, the surest first
_BLOCK: Final = 1 << 20
_LARGEST: Final = 50_000_000_000  # bytes of one member


def warcs_of(path: Path, *, folder: Path) -> list[Path]:
    """The WARC files that a path stands for: itself, or those of a WACZ (unpacked into ``folder``) or of a bag.

    Raises ReadingError for a package without any, and for one whose files are not what it says.
    """
    if path.is_dir():
        return _of_bag(path)
    try:
        if zipfile.is_zipfile(path):
            return _of_wacz(path, folder)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise ReadingError(f"{path}: cannot be read ({error})") from error
    return [path]


def _of_bag(path: Path) -> list[Path]:
    if not (path / "bagit.txt").is_file():
        raise ReadingError(f"{path}: is a folder and no bag (it has no bagit.txt); name its WARC files one by one")
    algorithm = next((each for each in _ALGORITHMS if (path / f"manifest-{each}.txt").is_file()), None)
    if algorithm is None:
        raise ReadingError(f"{path}: the bag has no manifest")
    stated = dict(_manifest(path / f"manifest-{algorithm}.txt"))
    found = []
    for name, digest in sorted(stated.items()):
        parts = PurePosixPath(name).parts
        if name.endswith(_WARCS) and parts[:1] == ("data",) and ".." not in parts:
            file = path / name
            if not file.is_file():
                raise ReadingError(f"{path}: {name}, which its manifest names, is not there")
            with file.open("rb") as opened:
                _check(opened, algorithm, digest, what=f"{path}: {name}")
            found.append(file)
    if not found:
        raise ReadingError(f"{path}: no WARC is in the bag")
    return found


def _manifest(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.strip().partition(" ")
        if name:
            yield (
                name.strip().lstrip("*").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%"),
                digest.lower(),
            )


def _of_wacz(path: Path, folder: Path) -> list[Path]:
    with zipfile.ZipFile(path) as package:
        members = [each for each in package.infolist() if each.filename.endswith(_WARCS)]
        if not members:
            raise ReadingError(f"{path}: no WARC is in the package")
        stated = _digests(package)
        found = []
        for number, member in enumerate(sorted(members, key=lambda each: each.filename)):
            if member.file_size > _LARGEST:
                raise ReadingError(f"{path}: {member.filename} is too large")
            file = folder / f"{path.stem}-{number}-{PurePosixPath(member.filename).name}"
            with package.open(member) as opened, file.open("wb") as out:
                shutil.copyfileobj(opened, out, _BLOCK)
            if member.filename in stated:
                algorithm, _, digest = stated[member.filename].partition(":")
                with file.open("rb") as written:
                    _check(written, algorithm, digest.lower(), what=f"{path}: {member.filename}")
            found.append(file)
    return found


def _digests(package: zipfile.ZipFile) -> Mapping[str, str]:
    """The digests that the package has of its files, by their paths; none where it does not say."""
    try:
        listed = json.loads(package.read("datapackage.json"))["resources"]
        return {str(each["path"]): str(each["hash"]) for each in listed if "hash" in each}
    except (KeyError, ValueError, TypeError):
        return {}


def _check(file: IO[bytes], algorithm: str, digest: str, *, what: str) -> None:
    """Raise ReadingError where a file is not what its package says."""
    if algorithm not in _ALGORITHMS:
        return
    counted = hashlib.new(algorithm, usedforsecurity=False)
    while block := file.read(_BLOCK):
        counted.update(block)
    if counted.hexdigest() != digest:
        raise ReadingError(f"{what} is not what the package says of it ({algorithm} differs)")
