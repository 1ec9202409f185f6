"""Links as they stand in a page or a list, and as addresses."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

_LEADING: Final = 200  # characters of a link's words


class Found(Struct, frozen=True):
    """A document that a page links: its absolute address without fragment, and the words of the link."""

    url: str
    text: str


class ReadLink(Struct):
    """A link as it stands in a page. Its words end where another link begins, as in a browser."""

    href: str
    name: str  # its title or label, for a link without words
    words: list[str]

    @property
    def text(self) -> str:
        """Its words, else its name."""
        return (" ".join(" ".join(self.words).split()) or self.name.strip())[:_LEADING]


class ReadPage(Struct, frozen=True):
    """What a page says of links: its base address, "" where it names none, and the links in order.

    ``following`` is where it says that its list goes on (``rel=next``), "" where it does not.
    """

    base: str
    links: list[ReadLink]
    following: str = ""
