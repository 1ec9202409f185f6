"""BagIt (RFC 8493): a folder to be handed over, with digests of everything in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from archive.exports.chain import chain_files, head_file, stamp_files
from archive.exports.warc import SOFTWARE, write_warc
from state.contract import finding_to_json
from state.errors import MonitorError
from state.reading.captures import Holdings, Wanted

_BLOCK = 1 << 20

_README = """\
captures.warc.gz      what was captured, as WARC 1.1
findings.jsonl        what was said of it, one statement a line, oldest first
chain/entries.jsonl   the chain, an entry a line; the SHA-256 of a line without its end is the entry's digest
chain/entries.sha256  these digests, in the same order
chain/head.txt        the number and digest of the last one
chain/stamps/         time stamps (RFC 3161) of entries, as the authorities sent them
"""


def write_bag(
    holdings: Holdings,
    wanted: Wanted,
    target: Path,
    *,
    created: dt.datetime,
    title: str = "",
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write captures, chain, stamps and findings as a bag, the new folder ``target``; returns how many captures.

    Raises MonitorError where the folder is there already or cannot be written; no half bag is left.
    """
    if target.exists():
        raise MonitorError(f"{target} exists already; name a folder that does not")
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        (part / "data" / "chain" / "stamps").mkdir(parents=True)
        count = _fill(part / "data", holdings, wanted, created=created, title=title, progress=progress)
        _close_bag(part, created=created, title=title)
        part.replace(target)
    except OSError as error:
        raise MonitorError(f"{target} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count


def _fill(
    data: Path,
    holdings: Holdings,
    wanted: Wanted,
    *,
    created: dt.datetime,
    title: str,
    progress: Callable[[int], None] | None,
) -> int:
    """Write the payload; returns how many captures."""
    numbers = holdings.numbers(wanted)
    with (data / "captures.warc.gz").open("wb") as out:
        write_warc(holdings.kept(numbers), out, created=created, title=title, progress=progress)
    texts, digests = chain_files(holdings.links())
    (data / "chain" / "entries.jsonl").write_bytes(texts)
    (data / "chain" / "entries.sha256").write_bytes(digests)
    (data / "chain" / "head.txt").write_bytes(head_file(holdings.head()))
    for name, reply in stamp_files(holdings.stamps()).items():
        (data / "chain" / "stamps" / name).write_bytes(reply)
    with (data / "findings.jsonl").open("wb") as file:
        for at, finding in holdings.findings(wanted.sources):
            line = {"at": at.isoformat(), **finding_to_json(finding)}
            file.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    (data / "README.txt").write_text(_README, encoding="utf-8")
    return len(numbers)


def _close_bag(target: Path, *, created: dt.datetime, title: str = "") -> None:
    """Write the tag files over ``data``. The names in it are ours and need none of RFC 8493's escapes."""
    payload = sorted(path for path in (target / "data").rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in payload)
    information = {
        "Bag-Software-Agent": SOFTWARE,
        "Bagging-Date": f"{created:%Y-%m-%d}",
        "External-Description": " ".join(title.split()),
        "Payload-Oxum": f"{size}.{len(payload)}",
    }
    (target / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", encoding="utf-8")
    lines = (f"{name}: {value}\n" for name, value in information.items() if value)
    (target / "bag-info.txt").write_text("".join(lines), encoding="utf-8")
    _write_manifest(target / "manifest-sha256.txt", payload)
    tags = [target / name for name in ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")]
    _write_manifest(target / "tagmanifest-sha256.txt", tags)


def _write_manifest(manifest: Path, files: Sequence[Path]) -> None:
    lines = (f"{_digest(path)}  {path.relative_to(manifest.parent).as_posix()}\n" for path in files)
    manifest.write_text("".join(lines), encoding="utf-8")


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
