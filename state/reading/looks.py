"""Read-only questions about looks and addresses: when something was asked for, and what stood there."""

from __future__ import annotations

import datetime as dt
import json
from sqlite3 import Connection

from state.blobs.snapshots import Snapshots
from state.model import Capture, Release, Verdict
from state.reading.query_results import KnownAddress, Seen, Standing
from state.serialisation.rows import CAPTURE, capture_of
from state.times import moment, stamp


class Looks:
    """Questions to one archive; needs a connection that may be read-only."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._snapshots = Snapshots(db)

    def last_looks(self, series: str) -> dict[str, dt.datetime]:
        """When a series of each source, such as its page, was looked at last, as the clock stood then.

        The last look is that of the highest number. Where the clock was ahead, it may be still to come.
        """
        rows = self._db.execute(
            "SELECT source, (SELECT look.at FROM look JOIN answer ON answer.id = look.answer"
            " WHERE origin = origin.id AND memento = 0 ORDER BY look.id DESC LIMIT 1)"
            " FROM origin WHERE series = ?",
            [series],
        ).fetchall()
        return {source: moment(at) for source, at in rows if at is not None}

    def last_verdicts(self, series: str) -> dict[str, Verdict]:
        """What the last look at a series of each source, such as its page, showed."""
        rows = self._db.execute(
            "SELECT source, (SELECT verdict FROM look JOIN answer ON answer.id = look.answer"
            " WHERE origin = origin.id AND memento = 0 ORDER BY look.id DESC LIMIT 1)"
            " FROM origin WHERE series = ?",
            [series],
        ).fetchall()
        return {source: Verdict(verdict) for source, verdict in rows if verdict is not None}

    def last_answers(self, series: str) -> dict[str, dt.datetime]:
        """When a look at a series of each source, such as its page, last showed whether it is there."""
        marks = ", ".join(f"'{verdict.value}'" for verdict in Verdict if verdict.answers)
        rows = self._db.execute(
            "SELECT source, max(at) FROM capture"
            f" WHERE series = ? AND memento = 0 AND verdict IN ({marks}) GROUP BY source",
            [series],
        ).fetchall()
        return {source: moment(at) for source, at in rows}

    def captures_of(self, url: str, *, limit: int = 100) -> tuple[Capture, ...]:
        """The newest captures of an address, bodies left out, oldest first."""
        rows = self._db.execute(
            f"{CAPTURE} WHERE url = ? ORDER BY at DESC, id DESC LIMIT ?", [url, limit]
        ).fetchall()
        return tuple(capture_of(row) for row in reversed(rows))

    def seen(self, url: str, *, at: dt.datetime) -> Seen | None:
        """What stood at an address at a time: the newest good look up to then, None where there was none."""
        row = self._db.execute(
            f"{CAPTURE} WHERE url = ? AND at <= ? AND verdict IN ('present', 'unchanged')"
            " ORDER BY at DESC, id DESC LIMIT 1",
            [url, stamp(at)],
        ).fetchone()
        if row is None:
            return None
        capture = capture_of(row)
        digest = self._db.execute(
            "SELECT sha256 FROM capture JOIN snapshot ON snapshot.id = capture.body WHERE url = ? AND at <= ?"
            " AND verdict = 'present' ORDER BY at DESC, capture.id DESC LIMIT 1",
            [url, stamp(capture.at)],
        ).fetchone()
        return Seen(capture, None if digest is None else digest[0])

    def known_address(self, url: str) -> KnownAddress | None:
        """The newest good body of an address and what came with it; None where there never was one."""
        row = self._db.execute(
            "SELECT body.sha256, headers.id, headers.sha256,"
            " (SELECT at FROM look WHERE id = (SELECT max(id) FROM look WHERE address = seen.address)), seen.at,"
            " (SELECT count(*) FROM look WHERE address = seen.address AND id > seen.id)"
            " FROM look AS seen JOIN answer ON answer.id = seen.answer"
            " JOIN snapshot AS body ON body.id = seen.body"
            " LEFT JOIN snapshot AS headers ON headers.id = seen.headers"
            " WHERE seen.address = (SELECT id FROM address WHERE url = ?) AND seen.body IS NOT NULL"
            " AND verdict = 'present' AND memento = 0 AND seen.id NOT IN (SELECT capture FROM questioned)"
            " ORDER BY seen.id DESC LIMIT 1",
            [url],
        ).fetchone()
        if row is None:
            return None
        body, number, digest, looked, answered, since = row
        sent = [] if number is None else json.loads(self._snapshots.read(number, sha256=digest))
        headers = {name.lower(): value for name, value in sent}
        return KnownAddress(
            sha256=body,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            link=headers.get("link", ""),
            looked=moment(looked),
            answered=moment(answered),
            since=since,
        )

    def questioned(self, release: Release) -> dt.datetime | None:
        """The first look at which a release of the same document was not believed, in an earlier round.

        None where the page was seen since, or nothing was ever in question.
        """
        row = self._db.execute(
            "SELECT min(asked.at) FROM questioned JOIN look AS asked ON asked.id = questioned.capture"
            " JOIN release AS this ON this.id = ? JOIN look ON look.id = this.capture"
            " WHERE asked.address = look.address AND asked.origin = look.origin AND asked.round < look.round"
            " AND asked.id > coalesce((SELECT max(seen.id) FROM look AS seen"
            " JOIN answer ON answer.id = seen.answer"
            " WHERE seen.address = look.address AND seen.origin = look.origin AND seen.id < look.id"
            " AND verdict IN ('present', 'unchanged') AND seen.id NOT IN (SELECT capture FROM questioned)), 0)",
            [release.id],
        ).fetchone()
        return None if row[0] is None else moment(row[0])

    def captured_for(self, reason: str) -> tuple[str, ...]:
        """The addresses of all captures that bear this reason."""
        rows = self._db.execute(
            "SELECT DISTINCT url FROM look JOIN address ON address.id = look.address WHERE answer IN"
            " (SELECT id FROM answer WHERE reason = ?)",
            [reason],
        ).fetchall()
        return tuple(url for (url,) in rows)

    def standing(self, source: str, series: str) -> Standing:
        """How things stand with a series and its page, as far as a round in which nothing came must know."""
        ask = {"source": source, "series": series}
        said, linked, releases = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM finding WHERE source = :source AND series = :series AND state = 'open'),"
            " EXISTS (SELECT 1 FROM linked WHERE source = :source),"
            " (SELECT count(*) FROM release WHERE source = :source AND series = :series)",
            ask,
        ).fetchone()
        looks = self._db.execute(
            "SELECT verdict FROM look JOIN answer ON answer.id = look.answer WHERE origin ="
            " (SELECT id FROM origin WHERE source = :source AND series = 'page') AND memento = 0"
            " ORDER BY look.id DESC LIMIT 2",
            ask,
        ).fetchall()
        return Standing(
            open=bool(said),
            linked=bool(linked),
            releases=releases,
            looks=tuple(Verdict(verdict) for (verdict,) in looks),
        )

    def linked_documents(self, source: str) -> tuple[tuple[str, str, str], ...]:
        """All documents that a source ever linked: series, address and the words of the link."""
        rows = self._db.execute(
            "SELECT series, url, text FROM linked WHERE source = ? ORDER BY series, url", [source]
        ).fetchall()
        return tuple((series, url, text or "") for series, url, text in rows)
