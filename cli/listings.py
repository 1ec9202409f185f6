"""What a web archive listed for a backfill that was ended, kept beside the archive until one comes to its end."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from watchers.web_archive.mementos import Version


class Listing(Struct, frozen=True):
    """The versions of one address as far as they were listed; ``whole`` where that is to their end."""

    since: dt.datetime
    until: dt.datetime | None
    versions: tuple[Version, ...]
    whole: bool


class _Kept(Struct):
    listings: dict[str, Listing] = {}  # by service and address
    not_before: dt.datetime | None = None  # the web archive asked not to be asked earlier


class Listings:
    """The listings of one source. What is noted is on the disk at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError):  # none, or one that cannot be read: it is listed anew
            self._kept = _Kept()

    @classmethod
    def of(cls, source: str, *, beside: Path) -> Self:
        """The listings of a source, in the folder of the archive's database."""
        return cls(beside.parent / "backfill" / f"{source.replace('/', '--')}.json")

    @property
    def not_before(self) -> dt.datetime | None:
        """Until when the web archive asked to be left alone, UTC."""
        return self._kept.not_before

    def of_address(self, address: str, *, since: dt.datetime, until: dt.datetime | None) -> Listing | None:
        """What was listed of an address for these days, None where nothing was."""
        found = self._kept.listings.get(address)
        return found if found is not None and (found.since, found.until) == (since, until) else None

    def note(self, address: str, listing: Listing) -> None:
        """Keep what was listed of an address."""
        self._kept.listings[address] = listing
        self._write()

    def wait(self, *, until: dt.datetime | None) -> None:
        """Keep until when nothing may be asked, None for no longer."""
        self._kept.not_before = until
        self._write()

    def end(self) -> None:
        """Forget them: the run is through."""
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(self._kept))
        part.replace(self._path)
