"""The archive as a round writes it: captures first, then what was read from them and said of them.

``record`` makes the bytes safe before anyone reads them; ``report`` keeps findings and pending alerts in one
transaction, so that nothing is said twice and nothing said is lost.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlite_utils import Database

from state import ledger
from state.bodies import Bodies
from state.document import Block
from state.errors import StoreError
from state.history import Archive
from state.kinds import CONDITIONS, OPERATIONS
from state.model import (
    Alert,
    Capture,
    ConditionState,
    Finding,
    Release,
    ReleaseFacts,
    Series,
    Source,
    TableFacts,
    Verdict,
)
from state.outbox import Outbox, enqueue
from state.records import (
    pack,
    pack_bytes,
    pack_finding,
    pack_head,
    pack_table_head,
    table_content,
    unpack_bytes,
)
from state.schema import open_archive, transaction
from state.times import stamp

_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: none is taken for another
_ID_LENGTH = 10

_LOOKED = frozenset({Verdict.PRESENT, Verdict.UNCHANGED, Verdict.GONE, Verdict.MOVED})
"""Verdicts of a fetch that saw whether the page is there; after any other nothing it shows is judged."""


class Store:
    """The archive at ``path``, opened for writing and made if need be; one thread at a time.

    ``archive`` answers questions and ``outbox`` sends, both over the same connection.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db: Database = open_archive(path)
        self._bodies = Bodies(self._db)
        self.archive = Archive(self._db)
        self.outbox = Outbox(self._db)

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def record(self, source: Source, captures: Sequence[Capture]) -> list[Release]:
        """Keep the captures of a round, with their ledger entries; return the releases they bring.

        A capture is a revisit, and no release, where its body equals the good capture before it, of the
        same address or of the whole series. A body equal to an older one only is a new release.
        """
        with transaction(self._db):
            releases = [self._record(source, capture) for capture in captures]
        return [release for release in releases if release is not None]

    def report(
        self,
        *,
        source: str,
        series: str,
        document: str = "",
        release: Release | None = None,
        facts: ReleaseFacts | None = None,
        document_json: bytes | None = None,
        extractor: str = "",
        blocks: Sequence[Block] = (),
        view: Mapping[str, object] | None = None,
        findings: Sequence[Finding] = (),
        alerts: Sequence[Alert] = (),
        at: dt.datetime,
    ) -> None:
        """Keep what a judged round said of a series, all or nothing.

        ``release`` is None in a round without a new one, ``facts`` where the release could not be read.
        ``document_json`` is the newest Document of the series in any form the caller can read again, kept
        under ``extractor``; ``blocks`` are its texts, for search; ``view`` is what differs from the release
        before, as a page shows it. Conditions of the series that were judged and
        not raised again are closed.
        """
        with transaction(self._db):
            number = None if release is None else self._release_number(release)
            if release is not None and number is not None:
                document = release.document
                if facts is not None:
                    self._keep_facts(number, facts)
                if document_json is not None:
                    self._keep_reading(release, number, extractor=extractor, data=document_json)
                self._keep_texts(release, number, blocks)
                if view is not None:
                    self._db.execute(
                        "INSERT OR REPLACE INTO view (release, data) VALUES (?, ?)", [number, pack(view)]
                    )
            for finding in findings:
                self._keep_finding(finding, source=source, series=series, document=document, release=number, at=at)
            self._close_conditions(source, series, document, raised=findings, readable=facts is not None, at=at)
            enqueue(self._db, alerts, at=at)

    def body(self, sha256: str) -> bytes:
        """The bytes with this digest. Raises StoreError where they are missing or damaged."""
        return self._bodies.get(sha256)

    def reading(self, release: Release, *, extractor: str) -> bytes | None:
        """The cached ``document_json`` of a release, if it is the newest and this extractor wrote it."""
        row = self._db.execute(
            "SELECT data FROM reading JOIN release ON release.no = reading.release"
            " WHERE release.id = ? AND extractor = ?",
            [release.id, extractor],
        ).fetchone()
        return None if row is None else unpack_bytes(row[0])

    def last_release(self, source: str, series: str, *, document: str = "") -> Release | None:
        """The newest release of a series (of one document of it), by time."""
        return self.archive.last_release(source, series, document=document)

    def previous(self, release: Release) -> Release | None:
        """The release of the same series (and document) before this one."""
        return self.archive.previous(release)

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """ETag and Last-Modified for a conditional request."""
        return self.archive.validators(url)

    def _record(self, source: Source, capture: Capture) -> Release | None:
        series = next((each for each in source.series if each.name == capture.series), None)
        document = _document_of(source, series, capture)
        good = capture.verdict.good and bool(capture.body)
        twin = self._revisited(capture)
        number = self._insert_capture(capture, document, good=good, revisit_of=twin)
        ledger.append(self._db, number)
        self._note_link(capture)
        return self._insert_release(capture, document, number) if good and twin is None else None

    def _insert_capture(self, capture: Capture, document: str, *, good: bool, revisit_of: int | None) -> int:
        chain = f"{capture.source}\n{capture.series}\n{document}\n{'' if good else 'failed'}"
        row = {
            "source": capture.source,
            "series": capture.series,
            "url": capture.url,
            "final_url": capture.final_url,
            "at": stamp(capture.at),
            "elapsed": round(capture.elapsed, 6),
            "verdict": capture.verdict.value,
            "status": capture.status,
            "reason": capture.reason,
            "media_type": capture.media_type,
            "file_name": capture.file_name,
            "link_text": capture.link_text,
            "memento": int(capture.memento),
            "peer": capture.peer,
            "headers": self._put_json(capture.headers, chain=f"headers\n{chain}"),
            "body": self._put(capture.body, chain=chain),
            "wire": self._put(capture.wire, chain=f"wire\n{chain}") if revisit_of is None else None,
            "certificate": self._put(capture.certificate, chain="certificates"),
            "redirects": self._put_json(capture.redirects, chain="redirects"),
            "revisit_of": revisit_of,
        }
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        cursor = self._db.execute(f"INSERT INTO capture ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608
        return int(cursor.lastrowid or 0)

    def _put(self, data: bytes | None, *, chain: str) -> int | None:
        return self._bodies.put(data, chain=chain) if data else None

    def _put_json(self, pairs: Sequence[tuple[object, ...]], *, chain: str) -> int | None:
        if not pairs:
            return None
        text = json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
        return self._bodies.put(text.encode("utf-8", "surrogatepass"), chain=chain)

    def _revisited(self, capture: Capture) -> int | None:
        """The good capture that this one only repeats."""
        if not capture.verdict.good:
            return None
        digest = hashlib.sha256(capture.body).hexdigest() if capture.body else None
        for condition, value in (("url = ?", capture.url), ("? <> ''", capture.series)):
            row = self._db.execute(
                "SELECT capture.id, snapshot.sha256 FROM capture JOIN snapshot ON snapshot.id = capture.body"  # noqa: S608
                f" WHERE source = ? AND series = ? AND verdict = 'present' AND {condition} AND at <= ?"
                " ORDER BY at DESC, capture.id DESC LIMIT 1",
                [capture.source, capture.series, value, stamp(capture.at)],
            ).fetchone()
            if row is not None and (digest is None or row[1] == digest):
                return int(row[0])
        return None

    def _note_link(self, capture: Capture) -> None:
        if capture.link_text is None:
            return
        self._db.execute(
            "INSERT INTO linked (source, series, url, text, first_at, last_at)"
            " VALUES (:source, :series, :url, :text, :at, :at) ON CONFLICT (source, series, url) DO UPDATE SET text = :text, last_at = max(last_at, :at),"
            " first_at = min(first_at, :at)",
            {
                "source": capture.source,
                "series": capture.series,
                "url": capture.url,
                "text": capture.link_text,
                "at": stamp(capture.at),
            },
        )

    def _insert_release(self, capture: Capture, document: str, number: int) -> Release:
        later = self._db.execute(
            "SELECT 1 FROM release WHERE source = ? AND series = ? AND document = ? AND at > ? LIMIT 1",
            [capture.source, capture.series, document, stamp(capture.at)],
        ).fetchone()
        release = Release(
            id="".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH)),
            source=capture.source,
            series=capture.series,
            url=capture.url,
            at=capture.at,
            sha256=hashlib.sha256(capture.body).hexdigest(),
            media_type=capture.media_type,
            size=len(capture.body),
            document=document,
            file_name=capture.file_name,
            technical=later is not None,
        )
        self._db.execute(
            "INSERT INTO release (id, source, series, document, capture, at, technical)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                release.id,
                release.source,
                release.series,
                document,
                number,
                stamp(release.at),
                int(release.technical),
            ],
        )
        return release

    def _release_number(self, release: Release) -> int:
        row = self._db.execute("SELECT no FROM release WHERE id = ?", [release.id]).fetchone()
        if row is None:
            raise StoreError(f"the archive has no release {release.id}")
        return int(row[0])

    def _keep_facts(self, number: int, facts: ReleaseFacts) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts (release, head) VALUES (?, ?)", [number, pack_head(facts)])
        self._db.execute("DELETE FROM table_facts WHERE release = ?", [number])
        for position, table in enumerate(facts.tables):
            self._db.execute(
                "INSERT INTO table_facts (release, position, key, head, content) VALUES (?, ?, ?, ?, ?)",
                [number, position, table.key, pack_table_head(table), self._table_content(table)],
            )

    def _table_content(self, table: TableFacts) -> int:
        """Columns, rows and values, kept once however many releases repeat them."""
        text = json.dumps(table_content(table), ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data).hexdigest()
        row = self._db.execute("SELECT id FROM table_content WHERE digest = ?", [digest]).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._db.execute(
            "INSERT INTO table_content (digest, data) VALUES (?, ?)", [digest, pack_bytes(data)]
        )
        return int(cursor.lastrowid or 0)

    def _keep_reading(self, release: Release, number: int, *, extractor: str, data: bytes) -> None:
        newest = self.last_release(release.source, release.series, document=release.document)
        if newest is not None and newest.id != release.id:
            return
        self._db.execute(
            "INSERT OR REPLACE INTO reading (source, series, document, release, extractor, data)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [release.source, release.series, release.document, number, extractor, pack_bytes(data)],
        )

    def _keep_texts(self, release: Release, number: int, blocks: Sequence[Block]) -> None:
        """Note from which release to which each text was there; only what came or went is written."""
        if not blocks:
            return
        present = {self._text(block) for block in blocks}
        stream = [release.source, release.series, release.document]
        rows = self._db.execute(
            "SELECT id, text FROM text_seen WHERE source = ? AND series = ? AND document = ? AND last IS NULL",
            stream,
        ).fetchall()
        standing = {text: id for id, text in rows}
        before, after = self.previous(release), self.archive.next(release)
        self._db.conn.executemany(
            "INSERT INTO text_seen (source, series, document, text, first, last) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (*stream, text, number, None if after is None else number)
                for text in sorted(present - set(standing))
            ],
        )
        if before is not None and after is None:
            self._db.conn.executemany(
                "UPDATE text_seen SET last = ? WHERE id = ?",
                [(self._release_number(before), standing[text]) for text in set(standing) - present],
            )

    def _text(self, block: Block) -> int:
        heading = " / ".join(block.heading)
        digest = hashlib.sha256(f"{heading}\n{block.text}".encode("utf-8", "surrogatepass")).digest()
        row = self._db.execute("SELECT id FROM text WHERE digest = ?", [digest]).fetchone()
        if row is not None:
            return int(row[0])
        cursor = self._db.execute(
            "INSERT INTO text (digest, heading, words) VALUES (?, ?, ?)", [digest, heading, block.text]
        )
        number = int(cursor.lastrowid or 0)
        self._db.execute(
            "INSERT INTO text_search (rowid, heading, words) VALUES (?, ?, ?)", [number, heading, block.text]
        )
        return number

    def _keep_finding(
        self, finding: Finding, *, source: str, series: str, document: str, release: int | None, at: dt.datetime
    ) -> None:
        state = ConditionState.OPEN if finding.kind in CONDITIONS else ConditionState.CLOSED
        row = self._db.execute(
            "SELECT id, state, severity, title FROM finding WHERE fingerprint = ?", [finding.id]
        ).fetchone()
        if row is None:
            cursor = self._db.execute(
                "INSERT INTO finding (fingerprint, source, series, document, kind, severity, title,"
                " first_at, last_at, occurrences, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
                [
                    finding.id,
                    source,
                    series,
                    document,
                    finding.kind,
                    finding.severity,
                    finding.title,
                    stamp(at),
                    stamp(at),
                    state,
                ],
            )
            number = int(cursor.lastrowid or 0)
        else:
            number = int(row[0])
            self._db.execute(
                "UPDATE finding SET severity = ?, title = ?, last_at = max(last_at, ?),"
                " occurrences = occurrences + 1, state = ?, document = ?, closed_at = NULL WHERE id = ?",
                [finding.severity, finding.title, stamp(at), state, document, number],
            )
        if row is None or tuple(row[1:]) != (ConditionState.OPEN, finding.severity, finding.title):
            self._keep_occurrence(finding, number, release=release, at=at)

    def _keep_occurrence(self, finding: Finding, number: int, *, release: int | None, at: dt.datetime) -> None:
        cursor = self._db.execute(
            "INSERT INTO occurrence (finding, at, release, severity, body) VALUES (?, ?, ?, ?, ?)",
            [number, stamp(at), release, finding.severity, pack_finding(finding)],
        )
        self._db.execute("UPDATE finding SET latest = ? WHERE id = ?", [cursor.lastrowid, number])

    def _close_conditions(
        self,
        source: str,
        series: str,
        document: str,
        *,
        raised: Sequence[Finding],
        readable: bool,
        at: dt.datetime,
    ) -> None:
        judged = _judged_conditions(readable=readable, looked=self._looked(source, series))
        still = {finding.id for finding in raised}
        rows = self._db.execute(
            "SELECT id, fingerprint, kind FROM finding WHERE source = ? AND series = ? AND document = ?"
            " AND state = 'open'",
            [source, series, document],
        ).fetchall()
        for number, fingerprint, kind in rows:
            if kind in judged and fingerprint not in still:
                self._db.execute(
                    "UPDATE finding SET state = 'closed', closed_at = ? WHERE id = ?",
                    [stamp(at), number],
                )

    def _looked(self, source: str, series: str) -> bool:
        """Whether the newest capture of a series saw if the page is there."""
        row = self._db.execute(
            "SELECT verdict FROM capture WHERE source = ? AND series = ? ORDER BY at DESC, id DESC LIMIT 1",
            [source, series],
        ).fetchone()
        return row is None or Verdict(row[0]) in _LOOKED


def _document_of(source: Source, series: Series | None, capture: Capture) -> str:
    """Which document of the series this is: "" where the series is one document through its releases."""
    if series is None:
        return ""
    if series.each_file or (series.pattern is None and capture.url != source.url):
        return capture.url
    return ""


def _judged_conditions(*, readable: bool, looked: bool) -> frozenset[str]:
    """The conditions on which a round could form an opinion.

    Whether a document can be read only a readable release shows; whether something is gone only a round
    that could look.
    """
    unreadable = frozenset({"source-unreadable"})
    judged = CONDITIONS if looked else CONDITIONS & OPERATIONS
    return judged if readable else judged - unreadable
