"""Which release a release is to be compared with.

Usually that is the one before it in time. But a listing may keep several files of one series side by side: last
year's workbook stays up, under its own address, beside this year's. When such an older file is replaced in
place, its counterpart is the older version of the same file, and the next edition of the series is not to be
compared with it.
"""

from __future__ import annotations

from sqlite3 import Connection

from msgspec import Struct

_STREAM = """
    SELECT release.no, release.id, capture.url, capture.round, capture.id FROM release
    JOIN capture ON capture.id = release.capture
    JOIN release AS this ON this.no = :number AND this.source = release.source
        AND this.series = release.series AND this.document = release.document
    WHERE (release.at, release.no) < (this.at, this.no)
"""


class _Edition(Struct, frozen=True):
    """A release with what its place in the series is told by."""

    number: int
    id: str
    url: str
    round: int  # all captures that were recorded together have one number, and later ones a greater
    capture: int


def predecessor(db: Connection, id: str) -> str | None:
    """The id of the release to compare release ``id`` with; None where it is the baseline.

    All files that the first round of a series finds are its baseline: they stand side by side and none
    follows another.
    """
    edition = _edition(db, id)
    if edition is None:
        return None
    own = _standing_version(db, edition)
    if own is not None:
        return own.id
    before = _before(db, edition)
    while before is not None and _standing_version(db, before) is not None:
        before = _before(db, before)
    if before is None or (before.round == edition.round and _first_round(db, edition) == edition.round):
        return None
    return before.id


def _edition(db: Connection, id: str) -> _Edition | None:
    row = db.execute(
        "SELECT release.no, release.id, capture.url, capture.round, capture.id FROM release"
        " JOIN capture ON capture.id = release.capture WHERE release.id = ?",
        [id],
    ).fetchone()
    return None if row is None else _Edition(*row)


def _before(db: Connection, edition: _Edition) -> _Edition | None:
    row = db.execute(
        f"{_STREAM} ORDER BY release.at DESC, release.no DESC LIMIT 1", {"number": edition.number}
    ).fetchone()
    return None if row is None else _Edition(*row)


def _standing_version(db: Connection, edition: _Edition) -> _Edition | None:
    """The version of the same file before, if another file came in between and did not take its place."""
    before = _before(db, edition)
    if before is None or before.url == edition.url:
        return None
    own = db.execute(
        f"{_STREAM} AND capture.url = :url ORDER BY release.at DESC, release.no DESC LIMIT 1",
        {"number": edition.number, "url": edition.url},
    ).fetchone()
    if own is None:
        return None
    stood = db.execute(
        "SELECT 1 FROM capture JOIN release ON release.no = :number WHERE capture.url = :url"
        " AND capture.source = release.source AND capture.series = release.series"
        " AND verdict IN ('present', 'unchanged') AND round >= :round AND capture.id < :capture LIMIT 1",
        {"number": edition.number, "url": edition.url, "round": before.round, "capture": edition.capture},
    ).fetchone()
    return None if stood is None else _Edition(*own)


def _first_round(db: Connection, edition: _Edition) -> int:
    row = db.execute(f"SELECT min(round) FROM ({_STREAM})", {"number": edition.number}).fetchone()
    return int(row[0])
