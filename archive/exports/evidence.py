"""An evidence package for one finding: what was served, what we say about it, and how anyone can check both.

The recipe in it needs ``sha256sum``, ``openssl`` and a shell, and nothing of this program. The declaration follows
28 U.S.C. § 1746 (unsworn declarations under penalty of perjury) and Federal Rules of Evidence 902(13) and (14)
(certified records of an electronic process, and data copied from an electronic device); it is a form to be filled
in, and no legal advice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import mimetypes
import zipfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from msgspec import Struct

from archive.exports.chain import chain_files, head_file, stamp_files
from state.contract import finding_to_json
from state.ledger.entries import Head
from state.ledger.stamp_checks import Stamp
from state.model import Finding, Item
from state.reading.captures import Holdings, Kept
from state.reading.visibility import Origin, origin_of

_FOLDER = "evidence"


class _Shown(Struct, frozen=True):
    """A capture in the package: what it shows and the folder that it stands in."""

    kept: Kept
    words: str
    folder: str


def write_evidence(holdings: Holdings, id: str, target: Path, *, created: dt.datetime) -> tuple[str, ...]:
    """Write the package for an event (or the last of a statement) as a zip file; returns the names of its files.

    Raises StoreError where there is no such finding or the chain is broken. The chain goes from the first capture
    that the finding rests on to the head.
    """
    finding, rest = holdings.finding(id), holdings.rests_on(id)
    numbers = [number for number, _ in rest.captures]
    words = dict(rest.captures)
    shown = [
        _Shown(kept, words[kept.seq], f"captures/{place}-entry-{kept.seq}")
        for place, kept in enumerate(holdings.kept(numbers), start=1)
    ]
    head, stamps = holdings.head(), holdings.stamps(since=numbers[0])
    content: dict[str, bytes] = {
        "FINDING.txt": finding_in_words(finding, rest.at, shown=shown).encode(),
        "finding.json": _json(finding_to_json(finding)),
    }
    for each in shown:
        content |= {f"{each.folder}/{name}": data for name, data in _capture_files(each.kept).items()}
    content["chain/entries.jsonl"], content["chain/entries.sha256"] = chain_files(holdings.links(numbers[0]))
    content["chain/head.txt"] = head_file(head)
    content |= {f"chain/stamps/{name}": data for name, data in stamp_files(stamps).items()}
    content["VERIFY.txt"] = _recipe(shown, head, stamps).encode()
    content["verify.sh"] = _template("verify.sh").encode()
    content["DECLARATION.txt"] = _declaration(finding, shown, head, created).encode()
    content["SHA256SUMS"] = _sums(content)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(f"{_FOLDER}/{name}", created.timetuple()[:6]), data)
    return tuple(content)


def finding_in_words(finding: Finding, at: dt.datetime, *, shown: Sequence[_Shown] = ()) -> str:
    """The finding as plain text: what, where, each item, and what it rests on."""
    where = "; ".join(
        f"{name}: {value}"
        for name, value in finding_to_json(finding)["where"].items()  # type: ignore[attr-defined]
        if value is not None
    )
    lines = [
        finding.title,
        "",
        f"Kind: {finding.kind}, severity {finding.severity.value}, confidence {finding.confidence:.2f}",
        f"Finding: {finding.id}",
        *([f"Event: {finding.event}"] if finding.event else []),
        f"Source: {finding.source or 'unnamed'}, series {finding.series or 'unnamed'}",
        *([f"Address: {finding.url}"] if finding.url else []),
        f"Stated: {_utc(at)}",
        *([f"Where: {where}"] if where else []),
        *([f"Reason: {finding.reason}"] if finding.reason else []),
        *([f"Before: {_value(finding.before)}"] if finding.before is not None else []),
        *([f"After: {_value(finding.after)}"] if finding.after is not None else []),
        "",
        *_items_in_words(finding),
        "It rests on these captures, oldest first:",
    ]
    for each in shown:
        capture = each.kept.capture
        status = "no answer" if capture.status is None else f"status {capture.status}"
        lines += [
            "",
            f"  Entry {each.kept.seq}: {each.words}",
            f"    {capture.url}",
            f"    asked and answered {_utc(capture.at)}; {status}; {capture.verdict.value}: {capture.reason}",
            f"    sha256 of the body: {each.kept.sha256 or 'there was none'}",
            *([f"    missing here: {each.kept.missing}"] if each.kept.missing else []),
        ]
    return "\n".join(lines) + "\n"


def _items_in_words(finding: Finding) -> list[str]:
    if not finding.items:
        return []
    first = f"Items ({len(finding.items):,} of {finding.count:,}):"
    return [first, *(f"  - {_item_in_words(item)}" for item in finding.items), ""]


def _item_in_words(item: Item) -> str:
    place = " · ".join(
        part for part in (item.sheet, item.table, item.row, item.column, item.term, item.section) if part
    )
    values = f"{_value(item.before)} before, {_value(item.after)} after" if item.valued else ""
    if item.difference is not None:
        values += f" ({item.difference:+,})"
    return ": ".join(part for part in (place, values, item.text, item.url, item.note) if part)


def _value(value: object) -> str:
    return "blank" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)


def _capture_files(kept: Kept) -> dict[str, bytes]:
    """Body, bytes as received, headers sent and received, certificate, redirects: what the entry names."""
    capture = kept.capture
    found: dict[str, bytes] = {"headers.txt": _headers_text(kept)}
    if capture.headers:
        found["headers.json"] = _stored_json(capture.headers)
    if capture.request:
        found["request.json"] = _stored_json(capture.request)
    if capture.redirects:
        found["redirects.json"] = _stored_json(capture.redirects)
    if capture.body:
        found[f"body{_suffix(kept)}"] = capture.body
    if capture.wire is not None:
        found["body-as-received.bin"] = capture.wire
    if capture.certificate is not None:
        found["certificate.der"] = capture.certificate
    return found


def _headers_text(kept: Kept) -> bytes:
    capture = kept.capture
    first = "no answer" if capture.status is None else f"HTTP status {capture.status}"
    lines = [first, *(f"{name}: {value}" for name, value in capture.headers)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _stored_json(pairs: object) -> bytes:
    """The very bytes that the entry has the digest of."""
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _suffix(kept: Kept) -> str:
    path = kept.capture.file_name or urlsplit(kept.capture.final_url).path
    suffix = PurePosixPath(path).suffix.lower()
    if suffix[1:].isalnum() and len(suffix) <= 6:
        return suffix
    return mimetypes.guess_extension(kept.capture.media_type) or ".bin"


def _recipe(shown: Sequence[_Shown], head: Head, stamps: Sequence[Stamp]) -> str:
    bodies = [
        f"    sha256sum {each.folder}/body{_suffix(each.kept)}\n"
        f'    grep \'"seq":{each.kept.seq},\' chain/entries.jsonl | grep -o \'"body_sha256":"[0-9a-f]*"\''
        for each in shown
        if each.kept.capture.body
    ]
    stamped = [
        f"    openssl ts -verify -digest {stamp.entry} -in chain/stamps/{name} -CAfile AUTHORITY.pem"
        for name, stamp in zip(stamp_files(stamps), stamps, strict=True)
    ]
    return _template("VERIFY.txt").format(
        bodies="\n".join(bodies) or "    (no capture here has a body)",
        first=shown[0].kept.seq,
        head=f"{head.seq}:{head.entry}",
        stamps="\n".join(stamped) or "    (none was asked for)",
    )


def _declaration(finding: Finding, shown: Sequence[_Shown], head: Head, created: dt.datetime) -> str:
    captures = "\n".join(
        f"       {each.kept.sha256 or '(no body)':<64}  entry {each.kept.seq}, {_utc(each.kept.capture.at)},\n"
        f"       {each.kept.capture.url}\n       {_origin(each.kept)}"
        for each in shown
    )
    return _template("DECLARATION.txt").format(
        title=finding.title,
        id=finding.event or finding.id,
        captures=captures,
        head=f"{head.seq}:{head.entry}",
        created=_utc(created),
    )


def _origin(kept: Kept) -> str:
    """How the program came to the bytes: only what it received itself did it see at that time."""
    capture = kept.capture
    match origin_of(memento=capture.memento, reason=capture.reason):
        case Origin.LOOKED:
            return "received by the program from that address at that time"
        case Origin.FILE:
            return f"NOT received from that address: {capture.reason}; the time is the one stated with the file"
        case Origin.WEB_ARCHIVE:
            return f"NOT received from that address: taken from a web archive, whose time it is ({capture.reason})"


def _template(name: str) -> str:
    return files("archive.exports").joinpath("forms", name).read_text("utf-8")


def _sums(content: Mapping[str, bytes]) -> bytes:
    return "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(content.items())
    ).encode()


def _json(body: object) -> bytes:
    return json.dumps(body, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
