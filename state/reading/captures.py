"""What an archive holds, whole: captures with all their bytes, in the order of the chain, for export."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any, Final, Self

from msgspec import Struct
from msgspec.structs import replace

from state.blobs.snapshots import Snapshots
from state.database import open_archive
from state.errors import StoreError
from state.ledger import entries
from state.ledger.entries import GENESIS, Head
from state.ledger.stamp_checks import Stamp
from state.ledger.stamps import stamps
from state.model import Capture, Finding, Headers
from state.reading.history import Archive
from state.serialisation.nouns import unpack_finding
from state.serialisation.rows import capture_of
from state.times import moment, stamp


class Kept(Struct, frozen=True):
    """A capture with everything that was kept of it, under its number in the chain.

    ``missing`` says in words why bytes that its entry names are not there any more, "" where all are.
    """

    seq: int
    entry: str  # sha256
    capture: Capture  # with headers, those that were sent, body, wire, redirects and certificate
    sha256: str | None  # of the body; None where nothing came
    revisits: int | None = None  # the entry whose body this capture found again
    missing: str = ""
    text: bytes = b""  # canonical JSON, of which ``entry`` is the digest


class ChainLink(Struct, frozen=True):
    """One entry of the chain with the text that it is the digest of."""

    seq: int
    entry: str
    text: bytes  # canonical JSON


class Rest(Struct, frozen=True):
    """What a finding rests on, as numbers in the chain, oldest first: each with what it shows, in words."""

    at: dt.datetime
    captures: tuple[tuple[int, str], ...]


class Wanted(Struct, frozen=True):
    """Which captures: of these sources and addresses (empty: all), from ``since`` on and before ``until``."""

    sources: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None


_KEPT: Final = """
    SELECT capture.source, capture.series, capture.url, capture.final_url, capture.at, verdict, status, reason,
        media_type, peer, file_name, link_text, memento, elapsed,
        ledger.seq, ledger.entry, revisited.seq, headers, body, wire, certificate, redirects, request
    FROM ledger JOIN capture ON capture.id = ledger.capture
    LEFT JOIN ledger AS revisited ON revisited.capture = capture.revisit_of
"""
_NOUN_COLUMNS: Final = 14

_EVENT: Final = """
    FROM occurrence JOIN finding ON finding.id = occurrence.finding
    WHERE occurrence.event = ?1 OR (fingerprint = ?1 AND occurrence.id = finding.latest)
"""
"""What was said, by the name of an event or by the id of a statement."""


class Holdings:
    """An archive opened to be read whole. Raises StoreError where there is none at ``path``."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise StoreError(f"there is no archive at {path} yet: `monitor.py check` makes one")
        self._db: Connection = open_archive(path, read_only=True)
        self._snapshots = Snapshots(self._db)
        self.archive = Archive(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._db.close()

    def private(self) -> frozenset[str]:
        """Sources whose file said, when they were fetched last, that they are not for the public."""
        rows = self._db.execute("SELECT source FROM publication WHERE public = 0").fetchall()
        return frozenset(row[0] for row in rows)

    def source_of_finding(self, id: str) -> str:
        """The source that a finding is about."""
        row = self._db.execute(
            "SELECT source FROM finding JOIN occurrence ON occurrence.finding = finding.id"
            " WHERE fingerprint = ?1 OR event = ?1 LIMIT 1",
            [id],
        ).fetchone()
        if row is None:
            raise StoreError(f"the archive has no finding {id}; `monitor.py browse` lists them")
        return str(row[0])

    def sources_since(self, number: int) -> frozenset[str]:
        """Sources with captures among the entries from ``number`` on."""
        rows = self._db.execute(
            "SELECT DISTINCT source FROM ledger JOIN capture ON capture.id = ledger.capture WHERE seq >= ?",
            [number],
        ).fetchall()
        return frozenset(row[0] for row in rows)

    def head(self) -> Head:
        """The newest entry of the chain."""
        return entries.head(self._db)

    def numbers(self, wanted: Wanted) -> tuple[int, ...]:
        """The entries of the captures that are wanted and of those that they found again, in order."""
        rows = self._db.execute(
            "SELECT ledger.seq, revisited.seq FROM ledger JOIN capture ON capture.id = ledger.capture"
            " LEFT JOIN ledger AS revisited ON revisited.capture = capture.revisit_of"
            " WHERE (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)"
            f" AND {_among('source', wanted.sources)} AND {_among('url', wanted.urls)}",
            {
                "since": None if wanted.since is None else stamp(wanted.since),
                "until": None if wanted.until is None else stamp(wanted.until),
            }
            | {f"source{place}": source for place, source in enumerate(wanted.sources)}
            | {f"url{place}": url for place, url in enumerate(wanted.urls)},
        ).fetchall()
        return tuple(sorted({number for row in rows for number in row if number is not None}))

    def kept(self, numbers: Sequence[int]) -> Iterator[Kept]:
        """The captures under these numbers, one after the other, each with its bytes."""
        for number in numbers:
            row = self._db.execute(f"{_KEPT} WHERE ledger.seq = ?", [number]).fetchone()
            if row is None:
                raise StoreError(f"the chain has no entry {number}")
            yield self._whole(row)

    def links(self, first: int = 1, last: int | None = None) -> Iterator[ChainLink]:
        """The chain from entry ``first`` to ``last``, both included. Raises StoreError where it is broken."""
        before = GENESIS
        for each in entries.entries(self._db):
            if last is not None and each.seq > last:
                return
            if each.seq >= first:
                if each.facts is None:
                    raise StoreError(f"the capture of entry {each.seq} is gone: run `monitor.py verify`")
                yield ChainLink(
                    each.seq, each.entry, entries.entry_text(seq=each.seq, prev=before, facts=each.facts)
                )
            before = each.entry

    def rests_on(self, id: str) -> Rest:
        """The captures that an event rests on, or what was said last of a statement, by its id.

        Raises StoreError where there is none.

        These are the capture that showed the state before, the last look that still found it, and the capture
        that showed the state after; for a condition the last good look and the looks that followed it.
        """
        row = self._db.execute(
            "SELECT occurrence.at, occurrence.body, occurrence.capture, occurrence.release, occurrence.before"
            f" {_EVENT}",
            [id],
        ).fetchone()
        if row is None:
            raise StoreError(f"the archive has no finding {id}; `monitor.py browse` lists them")
        at, body, capture, release, before = row
        if capture is None:
            raise StoreError(f"finding {id} rests on no capture")
        said = unpack_finding(body)
        shown = self._shown_by_release(before, capture) if release else self._shown_by_looks(said.url, capture)
        return Rest(moment(at), shown)

    def finding(self, id: str) -> Finding:
        """The event, or what was said last of a statement. Raises StoreError where there is none."""
        row = self._db.execute(f"SELECT occurrence.body {_EVENT}", [id]).fetchone()
        if row is None:
            raise StoreError(f"the archive has no finding {id}; `monitor.py browse` lists them")
        return unpack_finding(row[0])

    def findings(self, sources: Sequence[str]) -> Iterator[tuple[dt.datetime, Finding]]:
        """Everything that was ever said of these sources (of all, where none is named), oldest first."""
        rows = self._db.execute(
            "SELECT occurrence.at, occurrence.body FROM occurrence JOIN finding ON finding.id = occurrence.finding"
            f" WHERE {_among('source', sources)} ORDER BY occurrence.at, occurrence.id",
            {f"source{place}": source for place, source in enumerate(sources)},
        )
        for at, body in rows:
            yield moment(at), unpack_finding(body)

    def stamps(self, *, since: int = 1) -> tuple[Stamp, ...]:
        """Time stamps of entry ``since`` and of those after it, oldest first."""
        return tuple(each for each in stamps(self._db) if each.seq >= since)

    def _shown_by_release(self, before: int | None, capture: int) -> tuple[tuple[int, str], ...]:
        found = {self._seq(capture): "the state after: the capture that brought the new release"}
        if before is not None:
            first, url = self._db.execute(
                "SELECT capture, url FROM release JOIN capture ON capture.id = release.capture WHERE no = ?",
                [before],
            ).fetchone()
            again = self._db.execute(
                "SELECT max(id) FROM capture WHERE id < ? AND revisit_of IS NOT NULL AND url = ? AND id > ?",
                [capture, url, first],
            ).fetchone()[0]
            if again is not None:
                found[self._seq(again)] = "the last look that still found the state before"
            found[self._seq(first)] = "the state before: the capture that brought the release before"
        return tuple(sorted(found.items()))

    def _shown_by_looks(self, url: str | None, capture: int) -> tuple[tuple[int, str], ...]:
        """The last time that the document was shown, the last good look, the first bad one, and ``capture``."""
        own, until = self._db.execute(
            "SELECT url, (SELECT max(id) FROM capture AS other WHERE other.id = this.id"
            " OR (other.round = this.round AND this.round > 0)) FROM capture AS this WHERE id = ?",
            [capture],
        ).fetchone()
        found = {self._seq(capture): "the look that the finding rests on"}
        body = self._newest(url or own, until, "verdict = 'present' AND body IS NOT NULL")
        good = self._newest(url or own, until, "verdict IN ('present', 'unchanged')")
        if body is not None and good is not None:
            first_bad = self._db.execute(
                "SELECT min(id) FROM capture WHERE url = ? AND id > ? AND id <= ?", [url or own, good, until]
            ).fetchone()[0]
            found.setdefault(self._seq(good), "the last look that found it as it was")
            found[self._seq(body)] = "the last capture that showed the document"
            if first_bad is not None:
                found.setdefault(self._seq(first_bad), "the first look that did not find it")
        return tuple(sorted(found.items()))

    def _newest(self, url: str, until: int, condition: str) -> int | None:
        row = self._db.execute(
            f"SELECT max(id) FROM capture WHERE url = ? AND id <= ? AND {condition}", [url, until]
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def _seq(self, capture: int) -> int:
        return int(self._db.execute("SELECT seq FROM ledger WHERE capture = ?", [capture]).fetchone()[0])

    def _whole(self, row: tuple[Any, ...]) -> Kept:
        nouns, (seq, entry, revisits, *parts) = row[:_NOUN_COLUMNS], row[_NOUN_COLUMNS:]
        missing: list[str] = []
        headers, body, wire, certificate, redirects, sent = (self._bytes(number, missing) for number in parts)
        capture = replace(
            capture_of(nouns),
            headers=_pairs(headers),
            request=_pairs(sent),
            body=body or b"",
            wire=wire,
            certificate=certificate,
            redirects=tuple((int(status), str(url)) for status, url in json.loads(redirects or b"[]")),
        )
        sha256 = None if parts[1] is None else self._digest(parts[1])
        text = entries.text_of(self._db, seq)
        return Kept(seq, entries.entry_of(entry), capture, sha256, revisits, "; ".join(missing), text)

    def _bytes(self, number: int | None, missing: list[str]) -> bytes | None:
        if number is None:
            return None
        try:
            return self._snapshots.read(number, sha256=self._digest(number))
        except StoreError as error:
            missing.append(str(error))
            return None

    def _digest(self, number: int) -> str:
        return str(self._db.execute("SELECT sha256 FROM snapshot WHERE id = ?", [number]).fetchone()[0])


def _among(column: str, values: Sequence[str]) -> str:
    marks = ", ".join(f":{column}{place}" for place in range(len(values)))
    return f"{column} IN ({marks})" if values else "1"


def _pairs(data: bytes | None) -> Headers:
    if data is None:
        return ()
    return tuple((str(name), str(value)) for name, value in json.loads(data.decode("utf-8", "surrogatepass")))
