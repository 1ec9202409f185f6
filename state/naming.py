"""Gives findings the names of their events, and finds what a later judging no longer yields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sqlite3 import Connection
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from state.events import event_of_looks, event_of_release, retraction_of
from state.kinds import Severity
from state.model import Finding, Release
from state.reading.as_of import OF_LOOKS
from state.release_order import predecessor
from state.serialisation.nouns import pack_finding, unpack_finding
from state.vocabulary import CONDITIONS

_OF_STATEMENT: Final = """
    SELECT occurrence.event, occurrence.body FROM occurrence JOIN finding ON finding.id = occurrence.finding
    WHERE fingerprint = ?
"""
_SAYING: Final = ("severity", "count", "items", "before", "after")


class Named(Struct, frozen=True):
    """Findings under the names of their events, and what no longer follows: its events, and what tells of it."""

    findings: tuple[Finding, ...]
    newly: tuple[Finding, ...] = ()  # of these, what was not said of the release before
    retracted: tuple[str, ...] = ()
    retractions: tuple[Finding, ...] = ()  # of what was said above info and does not hold in any words


class Naming:
    """Questions to one archive."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def name(self, findings: Sequence[Finding], *, source: str, series: str, release: Release | None) -> Named:
        """Name what was found of a release, or in a round without one.

        What stands said of the release after it was judged before, and is not found again, is retracted.
        """
        capture = self._capture(source, series, release)
        pair = pair_of(self._db, release.id) if findings and release is not None else None
        named = self._all_named(findings, pair=pair, capture=capture)
        if release is None:
            return Named(named, newly=named)
        left = tuple(self._no_longer(named, release))
        stood = {said.id: said for said in left}
        newly = tuple(
            each
            for each in named
            if self._said(each.event) is None and not (each.id in stood and _same(stood[each.id], each))
        )
        retracted = tuple(said.event for said in left if said.event)
        return Named(named, newly, retracted, self._retractions(left, named, capture))

    def retractions(
        self,
        left: Sequence[Finding],
        named: Sequence[Finding],
        *,
        source: str,
        series: str,
        release: Release | None,
    ) -> tuple[Finding, ...]:
        """What tells that statements do not follow any more; ``named`` is what is said in their place."""
        return self._retractions(left, named, self._capture(source, series, release))

    def _retractions(self, left: Sequence[Finding], named: Sequence[Finding], capture: int) -> tuple[Finding, ...]:
        """Of what was said above info; what is said as it was, after another release, still holds."""
        otherwise = {finding.id: finding for finding in named}
        loud = [said for said in left if said.severity is not Severity.INFO]
        gone = [said for said in loud if said.id not in otherwise or not _same(said, otherwise[said.id])]
        return tuple(_retraction(said, otherwise.get(said.id), capture) for said in gone)

    def _all_named(
        self, findings: Sequence[Finding], *, pair: tuple[str, int, str | None] | None, capture: int
    ) -> tuple[Finding, ...]:
        """The findings with their events; causes first, for what they explain names the event of its cause."""
        events: dict[str, str | None] = {}
        named: dict[int, Finding] = {}
        for place, finding in sorted(enumerate(findings), key=lambda each: each[1].cause is not None):
            if finding.cause is not None:
                finding = replace(finding, cause=events.get(finding.cause, finding.cause))
            named[place] = self._named(finding, pair=pair, capture=capture)
            events[finding.id] = named[place].event
        return tuple(named[place] for place in range(len(findings)))

    def _named(self, finding: Finding, *, pair: tuple[str, int, str | None] | None, capture: int) -> Finding:
        if finding.kind in CONDITIONS:
            return replace(finding, event=self._standing(finding) or self._of_looks(finding, capture))
        if pair is None:
            return replace(finding, event=self._of_looks(finding, capture))
        after, appearance, before = pair
        n = 0
        while True:
            event = event_of_release(finding.id, after=after, appearance=appearance, before=before, n=n)
            said = self._said(event)
            if said is None or (_same(said, finding) and said.cause == finding.cause):
                return replace(finding, event=event)
            n += 1

    def _of_looks(self, finding: Finding, capture: int) -> str:
        n = 0
        while True:
            event = event_of_looks(finding.id, capture=capture, n=n)
            said = self._said(event)
            if said is None or _same(said, finding):
                return event
            n += 1

    def _standing(self, finding: Finding) -> str | None:
        """The event of a condition that stands open and is said in the same words."""
        row = self._db.execute(
            f"{_OF_STATEMENT} AND occurrence.id = finding.latest AND finding.state = 'open'", [finding.id]
        ).fetchone()
        return str(row[0]) if row is not None and _same_words(unpack_finding(row[1]), finding) else None

    def _said(self, event: str | None) -> Finding | None:
        row = self._db.execute("SELECT body FROM occurrence WHERE event = ?", [event]).fetchone()
        return None if row is None else unpack_finding(row[0])

    def _capture(self, source: str, series: str, release: Release | None) -> int:
        """The capture that a statement rests on: the release's own, else the newest of the series."""
        if release is not None:
            row = self._db.execute("SELECT capture FROM release WHERE id = ?", [release.id]).fetchone()
        else:
            row = self._db.execute(
                "SELECT max(look.id) FROM look JOIN origin ON origin.id = look.origin"
                " WHERE source = ? AND series = ?",
                [source, series],
            ).fetchone()
        return 0 if row is None or row[0] is None else int(row[0])

    def _no_longer(self, named: Sequence[Finding], release: Release) -> Iterator[Finding]:
        """What stands said of a release and is not among what is said of it now."""
        rows = self._db.execute(
            "SELECT occurrence.body FROM occurrence JOIN release ON release.no = occurrence.release"
            " WHERE release.id = ? AND occurrence.retracted_at IS NULL ORDER BY occurrence.id",
            [release.id],
        ).fetchall()
        yielded = {finding.event for finding in named}
        for (body,) in rows:
            said = unpack_finding(body)
            if said.kind not in OF_LOOKS and said.event not in yielded:
                yield said


def pair_of(db: Connection, release: str) -> tuple[str, int, str | None]:
    """The digest of a release's body, how often that has come (from 1), and the digest of the release before."""
    digest, appearance = db.execute(
        "SELECT snapshot.sha256, (SELECT count(*) FROM look AS other"
        " JOIN release AS same ON same.capture = other.id WHERE other.body = own.body AND same.no <= this.no"
        " AND same.source = this.source AND same.series = this.series AND same.document = this.document)"
        " FROM release AS this JOIN look AS own ON own.id = this.capture JOIN snapshot ON snapshot.id = own.body"
        " WHERE this.id = ?",
        [release],
    ).fetchone()
    row = db.execute(
        "SELECT sha256 FROM release JOIN look ON look.id = release.capture"
        " JOIN snapshot ON snapshot.id = look.body WHERE release.id = ?",
        [predecessor(db, release)],
    ).fetchone()
    return str(digest), int(appearance), None if row is None else str(row[0])


def _retraction(said: Finding, otherwise: Finding | None, capture: int) -> Finding:
    """The finding that tells that what was said no longer follows."""
    event = said.event or ""
    now = f"; it is said otherwise now: “{otherwise.title}”" if otherwise else ""
    id_ = retraction_of(event, source=said.source or "", series=said.series or "")
    return Finding(
        id=id_,
        kind="retracted",
        severity=Severity.INFO,
        title=f"No longer: {said.title}",
        where=said.where,
        before=event,
        reason=f"judged again by what stands before it now and by today's rules, it does not follow{now}",
        source=said.source,
        series=said.series,
        url=said.url,
        ends=(event,),
        event=event_of_looks(id_, capture=capture),
    )


def _same(said: Finding, finding: Finding) -> bool:
    """Whether two findings say the same, be it in other words; ``said`` has been through JSON."""
    finding = unpack_finding(pack_finding(finding))
    return all(getattr(said, part) == getattr(finding, part) for part in _SAYING)


def _same_words(said: Finding, finding: Finding) -> bool:
    return (said.severity, said.title) == (finding.severity, finding.title)
