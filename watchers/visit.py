"""A look at one source while it lasts: where its answers go, what it may still take, what it has seen."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from state.model import Capture, Source
from watchers.following.documents import find_next_page


class Known(Struct, frozen=True):
    """A document that the listing of a source linked at some time."""

    series: str
    url: str
    text: str


class Keeper(Protocol):
    """Where each answer goes before the next one is asked for."""

    def keep(self, capture: Capture) -> Capture:
        """Keep an answer; returns what of it stays in memory: a large body does not."""

    def note_links(self, links: Sequence[tuple[str, str, str]], *, at: dt.datetime) -> None:
        """Note the documents (series, address, words) that the pages of a listing link."""


class InMemory:
    """Keeps everything in memory, for callers who want no archive."""

    def keep(self, capture: Capture) -> Capture:
        """The capture as it came."""
        return capture

    def note_links(self, links: Sequence[tuple[str, str, str]], *, at: dt.datetime) -> None:
        """They are named by the page's capture."""


class Visit(Struct):
    """A look at one source while it lasts: what it may still take, and where its answers go."""

    source: Source
    keeper: Keeper
    end: float  # on the monotonic clock
    room: int  # bytes

    def over(self) -> str:
        """Why nothing more is asked for, "" while something is."""
        if time.monotonic() > self.end:
            return "the time for this source was over before its turn"
        return "this source had brought all the bytes of a round before its turn" if self.room <= 0 else ""

    def spend(self, capture: Capture) -> None:
        """Take note of what a capture holds in memory."""
        self.room -= len(capture.body) + len(capture.wire or b"")


class Look(NamedTuple):
    """A page and the body whose links may be followed, None where it shows nothing.

    ``link`` is the "Link" header that was sent with it.
    """

    capture: Capture
    body: bytes | None
    link: str = ""

    @property
    def following(self) -> str | None:
        """The address under which its list goes on, None where it says of none."""
        if self.body is None:
            return None
        return find_next_page(self.body, base_url=self.capture.final_url, header=self.link)
