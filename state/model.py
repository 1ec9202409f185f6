"""The nouns of the monitor and the ``History`` protocol.

Everything here is frozen and holds plain data, so that it can be passed between processes, stored and
compared. Times are aware and in UTC; digests are lowercase hexadecimal SHA-256.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from msgspec import Struct, field

from state.document import Definition, StatedDate, Value, Where
from state.kinds import Severity
from state.link_pattern import matches

PAGE: Final = "page"
"""The name of the series that is the page itself."""

LISTING: Final = "listing"
"""The series name of the further pages of a listing; they are remembered and are never releases."""

LINKED: Final = "linked"
"""The series name of files that a page no longer links, asked for once; they are evidence and never releases."""


class Rules(Struct, frozen=True):
    """What a source file may say about the content of a series; defaults need no source file.

    Column and row names are matched without case and after normalising spaces.
    """

    keys: tuple[str, ...] = ()  # columns that identify a row
    periods: tuple[str, ...] = ()  # columns that say which period a row is about, part of what identifies it
    measures: tuple[str, ...] = ()  # columns of figures, which identify nothing
    stamps: tuple[str, ...] = ()  # columns that bear the edition's date in every row, and are no content
    cumulative: tuple[str, ...] = ()  # columns (or table titles) that can only grow
    to_date: tuple[str, ...] = ()  # columns that are averages or counts to date in a fiscal year
    growing_lists: tuple[str, ...] = ()  # table titles whose rows may join but not leave; "*" for all
    terms: tuple[str, ...] = ()  # words whose coming and going is reported
    tolerances: Mapping[str, float] = field(default_factory=dict)  # "<kind>.<name>" -> value


class Series(Struct, frozen=True):
    """A named sequence of releases: a page itself, or the documents that a page links.

    ``pattern`` is a regular expression (RE2) searched in the absolute address of each link of the page; it
    is None for the series that is the page itself. ``except_`` is one that no document's address may match.
    """

    name: str
    title: str
    pattern: str | None = None
    except_: str | None = None
    each_file: bool = False  # True: every linked file is a document of its own, not a release of one
    cadence: dt.timedelta | None = None  # how often the publisher promises a release
    grace: dt.timedelta = dt.timedelta(days=3)
    dated: bool = False  # each file is a dated release that must never be replaced in place
    recheck: dt.timedelta | None = None  # how often a file seen before is asked for again; None: every round
    rolling: bool = False  # the page lists the newest only: leaving it is no withdrawal
    rules: Rules = Rules()

    def follows(self, address: str) -> bool:
        """Whether a link of this absolute address is a document of the series."""
        if self.pattern is None or not matches(self.pattern, address):
            return False
        return self.except_ is None or not matches(self.except_, address)


class Source(Struct, frozen=True):
    """What a watchdog follows: one page and the series found on it."""

    id: str  # "ice/detention-statistics"
    title: str
    publisher: str  # "ICE"
    url: str
    series: tuple[Series, ...]
    every: dt.timedelta = dt.timedelta(hours=1)  # how often the page is fetched
    why: str = ""  # why it matters, in a sentence
    public: bool = True  # False: never shown by anything that publishes an archive
    include: tuple[str, ...] = ()  # CSS selectors: only these parts of the page
    exclude: tuple[str, ...] = ()
    pages: int = 1  # a listing over several pages: how many to follow at the most
    render: str = "http"  # or "browser"
    wait_for: str | None = None  # CSS selector: a page shown by a browser is there when this is
    click: tuple[str, ...] = ()  # CSS selectors that the browser clicks first, where they come
    obey_robots: bool = True
    save: bool = False  # ask the Internet Archive for a copy of each new release
    catalogue: str = ""  # its page is a catalogue of datasets of this form: dcat, ckan, socrata


class Verdict(StrEnum):
    """What a fetch showed. Only PRESENT and UNCHANGED say anything about the document's content."""

    PRESENT = "present"
    UNCHANGED = "unchanged"  # 304
    GONE = "gone"  # 404, 410
    MOVED = "moved"  # redirected to a front page or another host; or a "not found" page with 200
    BLOCKED = "blocked"  # 403, 429, challenge page
    MAINTENANCE = "maintenance"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    UNREACHABLE = "unreachable"  # DNS, TLS, connection, timeout, 5xx

    @property
    def good(self) -> bool:
        """Whether the body may count as a release."""
        return self in (Verdict.PRESENT, Verdict.UNCHANGED)

    @property
    def answers(self) -> bool:
        """Whether the look showed if the document is there; after any other nothing it shows is judged."""
        return self.good or self in (Verdict.GONE, Verdict.MOVED)


Headers: TypeAlias = tuple[tuple[str, str], ...]
"""Header names and values as received, in order."""


class Capture(Struct, frozen=True):
    """One fetch, successful or not: a 404 is evidence too.

    ``body`` are the bytes after decoding of the transfer (what a reader would save); ``wire`` the bytes
    as received where they differ (a gzip body), else None.
    """

    source: str
    series: str
    url: str  # as asked
    final_url: str  # after redirects
    at: dt.datetime  # when the answer was complete, UTC
    verdict: Verdict
    status: int | None = None
    reason: str = ""  # one line, why the verdict
    headers: Headers = ()
    request: Headers = ()  # what was asked with; () where it was not kept
    body: bytes = b""
    wire: bytes | None = None
    media_type: str = ""
    redirects: tuple[tuple[int, str], ...] = ()  # status and address of each hop
    peer: str | None = None  # "address:port"
    certificate: bytes | None = None  # DER, the TLS leaf
    file_name: str | None = None
    link_text: str | None = None  # the words of the link that led here
    memento: bool = False  # from a web archive or a file saved earlier, ``at`` is the original date
    elapsed: float = 0.0  # seconds
    links: tuple[tuple[str, str, str], ...] = ()  # of a listing: series, address, words of every document linked


class Release(Struct, frozen=True):
    """The publisher's edition of a series. ``id`` is opaque and never changes; order is derived."""

    id: str
    source: str
    series: str
    url: str
    at: dt.datetime  # when we first saw it, UTC; the original date for mementos and imports
    sha256: str
    media_type: str
    size: int  # bytes
    document: str = ""  # which document of the series, where every file is one of its own
    file_name: str | None = None
    technical: bool = False  # put between two others by a backfill; judged again, alerts nobody


class TableFacts(Struct, frozen=True):
    """What history keeps of a table: its numbers by row and column, and how they moved.

    ``key`` is the normalised identity (sheet, title, fiscal year); ``formerly`` the key under which the
    previous release had it, where the two differ. ``measures`` are what comparing with the previous
    release measured ("rows.left", "rows.joined", "revised.cells", "revised.largest", …), so that routine
    can be learnt.
    """

    key: str
    name: str
    sheet: str | None
    fiscal_year: int | None
    as_of: dt.date | None
    fingerprint: str  # digest over keys, columns and values, order apart
    columns: tuple[str, ...]  # normalised names
    rows: tuple[str, ...]  # normalised keys
    values: tuple[tuple[Value, ...], ...]  # empty where the table is too large to keep
    formerly: str | None = None
    identity: tuple[str, ...] = ()  # normalised names of the columns by which the rows were compared
    measures: Mapping[str, float] = field(default_factory=dict)


class ReleaseFacts(Struct, frozen=True):
    """What history keeps of a release, written when it is judged."""

    release: str  # Release.id, or the ordinal where no archive is behind
    at: dt.datetime
    sha256: str
    url: str
    title: str = ""
    as_of: StatedDate | None = None
    dates: tuple[StatedDate, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    definitions: tuple[Definition, ...] = ()
    content: str = ""  # digest over everything a reader sees, dates and layout apart
    measures: Mapping[str, float] = field(default_factory=dict)  # of text: "sentences.gone", …
    turned: tuple[str, ...] = ()  # digests of the words that changed and into which: diffing.grounds.turns


class Reading(Struct, frozen=True):
    """The Document of a release as bytes that the reader of this version made, and only it reads again."""

    extractor: str  # version of the reader
    data: bytes


class Item(Struct, frozen=True):
    """One row, column, link, sentence or page of a finding; what does not apply is None and left out of JSON."""

    row: str | None = None
    column: str | None = None
    table: str | None = None
    sheet: str | None = None
    before: Value = None
    after: Value = None
    difference: float | int | None = None
    percent: float | None = None  # one decimal; None from zero
    text: str | None = None
    url: str | None = None
    section: str | None = None
    term: str | None = None
    note: str | None = None  # what else a person should know of this item
    valued: bool = False  # True: before and after belong in JSON even where they are None


class Finding(Struct, frozen=True):
    """One statement that a person can act on."""

    id: str  # fingerprint, see diffing.judge.fingerprint
    kind: str
    severity: Severity
    title: str
    where: Where = Where()
    items: tuple[Item, ...] = ()
    count: int = 1
    before: Value = None
    after: Value = None
    confidence: float = 1.0
    reason: str = ""
    source: str | None = None
    series: str | None = None
    url: str | None = None
    ends: tuple[str, ...] = ()  # ids of conditions, events whose end this tells; not part of the JSON
    event: str | None = None  # names this statement about this release, for good: see state.events
    cause: str | None = None  # event of the one that explains this one, which is then ``info``; its id until named
    explains: int = 0  # facts that this one explains as their cause


class ConditionState(StrEnum):
    """Where a condition stands."""

    OPEN = "open"
    CLOSED = "closed"


class PastFinding(Struct, frozen=True):
    """A finding that was reported before, with what became of it."""

    finding: Finding
    first_at: dt.datetime
    last_at: dt.datetime
    occurrences: int
    state: ConditionState
    told_at: dt.datetime | None = None  # when it was told last: first, or when it became graver or came back


class Alert(Struct, frozen=True):
    """A message about findings to one destination. ``event`` is stable: the same event is sent once."""

    event: str
    destination: str
    subject: str
    text: str  # of a message that tells of no finding; the others are made of the payload when they are sent
    payload: Mapping[str, object] = field(default_factory=dict)  # the JSON contract, for webhooks
    attachments: tuple[tuple[str, bytes], ...] = ()  # file name, content
    not_before: dt.datetime | None = None  # when it may be sent; None: at once
    finding: str = ""  # id of the finding it tells of
    said: str = ""  # the event of it
    bundled: bool = False  # True: sent with the other bundled ones of its destination, as one message
    batch: str = ""  # those of one destination with the same one are sent together, as one message
    ends: tuple[
        str, ...
    ] = ()  # ids or events of findings: sent only to a destination that was told of one of them


class Digest(StrEnum):
    """When a destination wants to hear: each finding when it is made, or gathered."""

    AT_ONCE = "at-once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class Destination(Struct, frozen=True):
    """Who is told: one address and one recipient. ``url`` is an apprise URL with its secrets filled in."""

    name: str
    url: str
    least: Severity = Severity.MEDIUM
    kinds: frozenset[str] = frozenset()  # empty: all
    sources: tuple[str, ...] = ()  # empty: all; "ice/*" matches a publisher
    terms: tuple[str, ...] = ()  # only findings in whose words one of them stands; empty: all
    operators: bool = False  # True: hears of fetch trouble, and only of it
    digest: Digest = Digest.AT_ONCE
    quiet: str | None = None  # "22:00-07:00", in ``zone``: nothing is sent then, it waits
    zone: str = "UTC"  # IANA name of the time zone of digests and quiet hours
    wake: Severity | None = None  # the least severity that is sent in quiet hours all the same
    fallback: str | None = None  # the destination that gets what this one cannot
    most_per_hour: int = 12  # messages in an hour; what is more goes together at its end
    receipt: bool = False  # True: hears once a week that all is well, and what it had
    triage: bool = False  # True: messages carry a signed link to say what became of a finding
    signing_key: str | None = None  # of a webhook: what its requests are signed with


class History(Protocol):
    """What detectors may ask of the past of one series; oldest first, the release judged left out.

    Implementations hold plain data and can be pickled, so that judging may run in a worker process.
    """

    def releases(self) -> Sequence[ReleaseFacts]:
        """The releases known, at most the newest ``limit`` of the implementation, oldest first."""
        ...

    def table(self, key: str) -> Sequence[tuple[ReleaseFacts, TableFacts]]:
        """A table through its releases, followed through renamings."""
        ...

    def captures(self) -> Sequence[Capture]:
        """The newest captures of the series and its page without their bodies, oldest first."""
        ...

    def findings(self) -> Sequence[PastFinding]:
        """Findings of the series reported before."""
        ...

    def links(self) -> Mapping[str, dt.datetime]:
        """Documents that the listing linked: address -> when it was last seen linked."""
        ...
