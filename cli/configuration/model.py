"""What settings are: plain data, with the default of every key."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec import Struct

from state.kinds import Severity
from state.model import Destination, Digest, Source
from watchers.sources.durations import read_duration


class DestinationSettings(Struct, frozen=True):
    """Where alerts go: one apprise URL, one recipient."""

    name: str  # what you call it
    url: str  # an apprise URL; ${NAME} is taken from the environment
    least: Severity | None = None  # the least severity it hears of: medium; for operators low
    kinds: tuple[str, ...] = ()  # the kinds of findings it hears of; empty: all
    sources: tuple[str, ...] = ()  # the sources it hears of; empty: all; "ice/*" matches a publisher
    terms: tuple[str, ...] = ()  # only findings in whose words one of these stands; empty: all
    operators: bool = False  # true: hears of fetch trouble, and only of it
    digest: Digest = Digest.AT_ONCE  # or hourly, daily, weekly: many findings in one message
    quiet: str | None = None  # hours in which nothing is sent: "22:00-07:00"
    zone: str = "UTC"  # the time zone of `quiet` and of digests, such as America/New_York
    wake: Severity | None = None  # the least severity that is sent in quiet hours all the same: critical
    fallback: str | None = None  # the destination that gets what this one cannot, after an hour or a refusal
    most_per_hour: int = 12  # messages in an hour; what is more is gathered into one at its end
    receipt: bool = False  # true: a message a week that all is well, so that silence can be told from failure
    triage: bool = False  # true: messages carry a signed link by which their readers say what became of a finding
    signing_key: str | None = None  # json:// only: requests are signed with it; ${NAME} as in `url`


class PolitenessSettings(Struct, frozen=True):
    """How gently publishers are asked."""

    seconds_between_requests: float = 1.0  # to one host
    timeout: float = 60.0  # seconds in all for one address
    retries: int = 3  # tries of what may be transient
    proxy: str | None = None  # http://host:port, for machines that reach the web through one


class ArchiveSettings(Struct, frozen=True):
    """The pages that ``browse`` serves."""

    address: str = "http://127.0.0.1:8717"  # how links in alerts begin
    here_only: bool = False  # true: readers sit at this machine, links that open here only are meant
    host: str = "127.0.0.1"  # where it listens; 0.0.0.0: on every network
    port: int = 8717  # its port
    token: str | None = None  # who knows it may see everything; write ${NAME} and keep it in the environment


class Configuration(Struct, frozen=True):
    """All settings. Relative paths are taken from the folder of the file."""

    data: Path = Path("data")  # where the archive lives
    contact: str = ""  # an address or page for the User-Agent, so that publishers can reach you
    sources: tuple[str, ...] = ()  # ids or patterns such as "ice/*"; empty: all
    source_folders: tuple[Path, ...] = (Path("sources"),)  # extend and override the shipped ones
    shipped_sources: bool = True  # false: only those of your own folders
    destinations: tuple[DestinationSettings, ...] = ()  # who is told; see below
    politeness: PolitenessSettings = PolitenessSettings()  # how gently publishers are asked; see below
    archive: ArchiveSettings = ArchiveSettings()  # the pages that `browse` serves; see below
    allow_hosts: tuple[str, ...] = ()  # private or loopback hosts (host or host:port) that you mean to watch
    every: str = "15m"  # how often the daemon looks for what is due
    health_ping: str | None = (
        None  # asked after a good round; `/start` behind it before each, `/fail` after one that is not
    )
    local_mail: str | None = None  # a mailbox here (root), told by `sendmail` of what stays undelivered
    stamps: tuple[str, ...] = ()  # addresses of time stamp authorities (RFC 3161); two are better than one
    stamp_roots: tuple[Path, ...] = ()  # root certificates (PEM) that stamps may lead to, beside those that ship
    stamp_policies: tuple[str, ...] = ()  # policies (OIDs) under which a stamp counts; empty: any
    web_archive: str = "https://web.archive.org"  # where `backfill` looks and copies are saved

    @property
    def interval(self) -> dt.timedelta:
        """``every`` as a duration."""
        return read_duration(self.every)

    @property
    def database(self) -> Path:
        """The archive's file."""
        return self.data / "archive.db"


class Settings(Struct, frozen=True):
    """A configuration with what was read beside it."""

    configuration: Configuration
    sources: tuple[Source, ...]
    destinations: tuple[Destination, ...]
    watched: tuple[Source, ...] = ()  # all that the configuration wants, where ``sources`` are some of them
    mistakes: tuple[str, ...] = ()  # what is wrong with the files of other sources that are wanted, a line each
