"""Captures into the archive: their bytes, their entries in the chain, and the releases that they bring."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Sequence
from sqlite3 import Connection

from state.blobs.snapshots import Snapshots, body_digest
from state.captures import Captures
from state.database import transaction
from state.incoming import Brought, Link, Look, document_of, portions_of, with_storable_texts
from state.ledger import entries
from state.model import Capture, Release, Source
from state.reading.history import Archive
from state.release_order import Order
from state.search.texts import Texts
from state.serialisation.nouns import storable
from state.times import stamp

_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: none is taken for another
_ID_LENGTH = 10

_SAME_ADDRESS = "+source = ? AND +series = ? AND url = ?"  # the plus: by address, not through all of a long series
_SAME_SERIES = "source = ? AND series = ? AND ? = 0"
_NEWEST = (
    "SELECT capture.id, snapshot.sha256 FROM capture JOIN snapshot ON snapshot.id = capture.body"
    " WHERE capture.id NOT IN (SELECT capture FROM questioned) AND"
)


class Intake:
    """Records what looks brought, in transactions of its own."""

    def __init__(self, db: Connection, snapshots: Snapshots, archive: Archive, texts: Texts, order: Order) -> None:
        self._db = db
        self._snapshots = snapshots
        self._captures = Captures(db)
        self._archive = archive
        self._texts = texts
        self._order = order

    def record(self, source: Source, captures: Sequence[Capture]) -> list[Release]:
        """Keep the captures of a round, with their ledger entries; return the releases they bring.

        A capture is a revisit, and no release, where its body equals the good capture before it, of the
        same address or of the whole series. A body equal to an older one only is a new release.
        """
        (recorded,) = self.record_together([Brought(Look(source), captures)])
        if isinstance(recorded, Exception):
            raise recorded
        return recorded

    def record_together(self, brought: Sequence[Brought]) -> list[list[Release] | Exception]:
        """``record`` for several looks at the cost of one transaction, some ``TOGETHER`` bytes at a time.

        Where that fails each is recorded by itself, so that what cannot be kept is the error of its own source.
        """
        recorded: list[list[Release] | Exception] = []
        for portion in portions_of(brought):
            try:
                recorded += self._record_portion(portion)
            except Exception as error:  # noqa: BLE001 - the boundary between sources: one by one shows whose it is
                recorded += [self._record_alone(each) for each in portion] if len(portion) > 1 else [error]
        return recorded

    def take_back(self, source: Source, capture: Capture, *, revisit_of: int | None, at: dt.datetime) -> int:
        """Enter a capture of an export again, inside a transaction of the caller; returns its number.

        What it revisits is as it was said then. A release that it brings counts as judged: what follows from it
        was said long ago, and is made again by reading the archive again.
        """
        capture = with_storable_texts(capture)
        series = next((each for each in source.series if each.name == capture.series), None)
        document = document_of(source, series, capture)
        good = capture.verdict.good and bool(capture.body)
        self._note_publication(source)
        number = self._insert_capture(capture, document, good=good, revisit_of=revisit_of, together=0)
        entries.append(self._db, number)
        if good and revisit_of is None and series is not None:
            self._insert_release(capture, document, number, listed=None)
            self._db.execute("UPDATE judged SET at = ? WHERE at IS NULL", [stamp(at)])
        return number

    def _record_alone(self, brought: Brought) -> list[Release] | Exception:
        try:
            return self._record_portion([brought])[0]
        except Exception as error:  # noqa: BLE001 - the boundary between sources
            return error

    def _record_portion(self, portion: Sequence[Brought]) -> list[list[Release]]:
        """All of it or nothing, also of what the looks know of themselves."""
        numbers = [each.look.number for each in portion]
        fresh = any(self._brings_bytes(each.captures) for each in portion)
        try:
            with transaction(self._db, durable=fresh):
                return [self._record_all(each) for each in portion]
        except BaseException:
            for each, number in zip(portion, numbers, strict=True):
                each.look.number = number
            raise

    def _brings_bytes(self, captures: Sequence[Capture]) -> bool:
        return any(capture.body and not self._snapshots.known(capture.body) for capture in captures)

    def _record_all(self, brought: Brought) -> list[Release]:
        look = brought.look
        if not look.number:
            self._note_publication(look.source)
            newest = self._db.execute("SELECT max(id) FROM look").fetchone()[0]
            look.number = (newest or 0) + 1  # one number for all captures of a look
        for links in (brought.links, *(capture.links for capture in brought.captures)):
            look.note_listed(links)
        self._note_links(look.source, brought.links, at=brought.at)
        releases = [self._record(look, capture) for capture in brought.captures]
        return [release for release in releases if release is not None]

    def _record(self, look: Look, capture: Capture) -> Release | None:
        source = look.source
        capture = with_storable_texts(capture)
        series = next((each for each in source.series if each.name == capture.series), None)
        document = document_of(source, series, capture)
        good = capture.verdict.good and bool(capture.body)
        alone = series is not None and series.each_file
        twin = self._revisited(capture, alone=alone) or (
            self._revisited_document(capture, document) if alone else None
        )
        number = self._insert_capture(capture, document, good=good, revisit_of=twin, together=look.number)
        entries.append(self._db, number)
        named = () if capture.link_text is None else ((capture.series, capture.url, capture.link_text),)
        self._note_links(source, (*named, *capture.links), at=capture.at, past=capture.memento)
        if not good or twin is not None or series is None:
            return None  # what belongs to no series, such as the further pages of a listing, has no releases
        listed = look.listed.get((capture.series, capture.url))
        return self._insert_release(capture, document, number, listed=listed)

    def _insert_capture(
        self, capture: Capture, document: str, *, good: bool, revisit_of: int | None, together: int
    ) -> int:
        chain = f"{capture.source}\n{capture.series}\n{document}\n{'' if good else 'failed'}"
        parts = {
            "headers": self._put_json(capture.headers, chain=f"headers\n{chain}"),
            "request": self._put_json(capture.request, chain=f"request\n{chain}"),
            "body": self._put(capture.body, chain=chain),
            "wire": self._put(capture.wire, chain=f"wire\n{chain}") if revisit_of is None else None,
            "certificate": self._put(capture.certificate, chain="certificates"),
            "redirects": self._put_json(capture.redirects, chain="redirects"),
            "revisit_of": revisit_of,
        }
        return self._captures.insert(capture, parts=parts, together=together)

    def _note_publication(self, source: Source) -> None:
        """Remember whether the source is for the public: an export must know when its file is gone."""
        row = self._db.execute("SELECT public FROM publication WHERE source = ?", [source.id]).fetchone()
        if row is None or bool(row[0]) is not source.public:
            self._db.execute(
                "INSERT OR REPLACE INTO publication (source, public) VALUES (?, ?)", [source.id, source.public]
            )

    def _put(self, data: bytes | None, *, chain: str) -> int | None:
        return self._snapshots.put(data, chain=chain) if data else None

    def _put_json(self, pairs: Sequence[tuple[object, ...]], *, chain: str) -> int | None:
        if not pairs:
            return None
        text = json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
        return self._snapshots.put(text.encode("utf-8", "surrogatepass"), chain=chain)

    def _revisited(self, capture: Capture, *, alone: bool) -> int | None:
        """The good capture that this one only repeats: of its address, or of its series.

        ``alone``: each file is a document of its own, however alike two of them begin.
        """
        if not capture.verdict.good:
            return None
        digest = body_digest(capture.body) if capture.body else None
        own = self._good_before(capture, _SAME_ADDRESS, capture.url)
        if own is not None and (digest is None or own[1] == digest):
            return own[0]
        if digest is not None and not capture.memento:
            return None if alone else self._newest_again(capture, digest)
        row = self._good_before(capture, _SAME_SERIES, int(alone))
        return row[0] if row is not None and (digest is None or row[1] == digest) else None

    def _newest_again(self, capture: Capture, digest: str) -> int | None:
        """The capture of the newest release, where it is here again under an address without a release of its own.

        The newest in the one order: which file of a list was asked for last says nothing. A file that had other
        bytes of its own and has those of the newest now was replaced.
        """
        row = self._db.execute(
            "SELECT release.capture, snapshot.sha256 FROM release_order AS release"
            " JOIN look ON look.id = release.capture JOIN snapshot ON snapshot.id = look.body"
            " WHERE release.source = ? AND release.series = ? AND release.document = ''"
            " AND NOT EXISTS (SELECT 1 FROM address JOIN look AS had ON had.address = address.id"
            " JOIN release AS own ON own.capture = had.id"
            " WHERE address.url = ? AND had.body IS NOT NULL AND own.source = ? AND own.series = ?)"
            " ORDER BY release.place DESC LIMIT 1",
            [capture.source, capture.series, capture.url, capture.source, capture.series],
        ).fetchone()
        return int(row[0]) if row is not None and row[1] == digest else None

    def _good_before(self, capture: Capture, condition: str, value: str | int) -> tuple[int, str] | None:
        """The good capture before one, with its digest: by their numbers, for mementos by their dates."""
        place: list[object] = [capture.source, capture.series, value]
        if not capture.memento:
            row = self._db.execute(
                f"{_NEWEST} {condition} AND verdict = 'present' AND +memento = 0 ORDER BY capture.id DESC LIMIT 1",
                place,
            ).fetchone()
            if row is not None:
                return int(row[0]), str(row[1])
        row = self._db.execute(
            f"{_NEWEST} {condition} AND verdict = 'present' AND at <= ? ORDER BY at DESC, capture.id DESC LIMIT 1",
            [*place, stamp(capture.at)],
        ).fetchone()
        return None if row is None else (int(row[0]), str(row[1]))

    def _revisited_document(self, capture: Capture, document: str) -> int | None:
        """The capture of the same document under another token that this one only repeats."""
        newest = self._archive.last_release(capture.source, capture.series, document=document)
        if newest is None or not capture.verdict.good or newest.sha256 != body_digest(capture.body):
            return None
        row = self._db.execute("SELECT capture FROM release WHERE id = ?", [newest.id]).fetchone()
        return int(row[0])

    def _note_links(
        self, source: Source, links: Sequence[Link], *, at: dt.datetime | None, past: bool = False
    ) -> None:
        """Remember what was linked: the document captured, and all that a listing names."""
        if not links or at is None:
            return
        self._db.executemany(
            "INSERT INTO linked (source, series, url, text, first_at, last_at)"
            " VALUES (:source, :series, :url, :text, :at, :at)"
            " ON CONFLICT (source, series, url) DO UPDATE SET text = :text,"
            " last_at = CASE WHEN :past THEN max(last_at, :at) ELSE :at END,"
            " first_at = min(first_at, :at)",
            [
                {
                    "source": source.id,
                    "series": series,
                    "url": storable(url),
                    "text": storable(text),
                    "at": stamp(at),
                    "past": past,
                }
                for series, url, text in links
            ],
        )

    def _insert_release(self, capture: Capture, document: str, number: int, *, listed: int | None) -> Release:
        later = (
            capture.memento
            and self._db.execute(
                "SELECT 1 FROM release WHERE source = ? AND series = ? AND document = ? AND at > ? LIMIT 1",
                [capture.source, capture.series, document, stamp(capture.at)],
            ).fetchone()
        )
        release = Release(
            id="".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH)),
            source=capture.source,
            series=capture.series,
            url=capture.url,
            at=capture.at,
            sha256=body_digest(capture.body),
            media_type=capture.media_type,
            size=len(capture.body),
            document=document,
            file_name=capture.file_name,
            technical=bool(later),
        )
        inserted = self._db.execute(
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
        release_number = int(inserted.lastrowid or 0)
        # Who records a release judges it next: that is the first try.
        self._db.execute("INSERT INTO judged (release, attempts) VALUES (?, 1)", [release_number])
        stream = self._texts.stream_of(release)
        self._order.enter(release_number, number, capture, stream=stream, listed=listed)
        return release
