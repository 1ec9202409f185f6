"""The links of a page: absolute addresses with their words, whatever the page is made of.

Beautiful Soup reads an ordinary page; a page of more tags than that is read from lxml's parser as it goes, the
one that Beautiful Soup uses too. docs/decisions/0030 says why.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from state.address import stable_address
from watchers.following.feeds import read_list
from watchers.following.model import Found, ReadLink, ReadPage
from watchers.following.tucked import read_tucked

if TYPE_CHECKING:
    from bs4.element import PageElement, Tag

_READ: Final = 5_000_000  # bytes of a page that are read for links; real listings stay under 1 MB
_ORDINARY_SIZE: Final = 1_000_000  # bytes of a page that Beautiful Soup reads
_ORDINARY_TAGS: Final = 20_000  # tags of a page that Beautiful Soup reads: each costs it up to 30 microseconds
_PIECE: Final = 1 << 16  # bytes given to the parser at a time, between which it can be left
_MOST_ELEMENTS: Final = 500_000  # read of a page: more than 5 MB of a real one hold
_MOST: Final = 50_000  # links of one page; a hostile one has a million
_LONGEST: Final = 8_192  # characters of an address; servers take no longer ones
_LEADING: Final = 200  # characters of a link's words, and nodes that are looked at for them
_UNSENDABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_LINKS: Final = ("a", "area")
_SHOWN: Final = {"iframe": "src", "embed": "src", "object": "data", "frame": "src"}
"""What a page shows inside itself, and where its address stands."""
_FILE: Final = re.compile(r"[^/]\.(?!html?$|php\d?$|aspx?$|jsp$|cfm$|cgi$)\w{2,5}$", re.IGNORECASE)
_ADDRESSES: Final = re.compile(
    rb"""<base\b[^>]*|<(?:a|area|i?frame|embed|object)\b[^>]*?\s(?:href|src|data)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""",
    re.IGNORECASE,
)
_MAY_BE_FILE: Final = re.compile(
    rb"[^/]\.(?!html?\b|php\d?\b|aspx?\b|jsp\b|cfm\b|cgi\b)\w{2,5}(?:$|\W)", re.IGNORECASE
)
_SHOWN_BY_VIEWERS: Final = ("file", "url", "src", "doc", "document", "pdf", "path", "link", "f", "u", "filename")
_VIEWER: Final = re.compile(
    r"(?<![a-z])(?:g?view(?:er|doc|pdf)?|pdf-?(?:js|viewer)|(?:doc|web|file|book)-?viewer|reader|embed|flip-?book)(?![a-z])"
    r"|\.html?$",
    re.IGNORECASE,
)
"""Something of it is in the address of a page that shows what its query names."""
_NO_WORDS: Final = ("script", "style")  # nothing but text is within them
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the one of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII: Final = b"<a href='x'>"


def find_links(body: bytes, *, base_url: str) -> list[Found]:
    """Every http link of a page in order, each address once with its first words; at most 50,000."""
    return resolve_links(read_links(body), base_url=base_url)


def find_files(body: bytes, *, base_url: str) -> list[Found]:
    """The same, then the files that a page names on its buttons, in its lists and in data for scripts."""
    page = read_links(body)
    if read_list(body[:_READ]) is not None:
        return resolve_links(page, base_url=base_url)
    tucked = list(read_tucked(_as_utf8(body[:_READ])))
    return resolve_links(ReadPage(page.base, [*page.links, *tucked], page.following), base_url=base_url)


def read_links(body: bytes) -> ReadPage:
    """The links of a web page, a feed, a sitemap or a JSON catalogue, as they stand there."""
    listed = read_list(body[:_READ])
    if listed is not None:
        return listed
    markup = _as_utf8(body[:_READ])
    ordinary = len(markup) <= _ORDINARY_SIZE and markup.count(b"<") <= _ORDINARY_TAGS
    return read_with_soup(markup) if ordinary else read_as_it_goes(markup)


def resolve_links(page: ReadPage, *, base_url: str) -> list[Found]:
    """The addresses of links, each once with its first words; a viewer's link is that of what it shows, too."""
    base = absolute(page.base, base_url) or base_url
    resolved = functools.cache(functools.partial(absolute, base=base))
    found: dict[str, Found] = {}
    for link in page.links[:_MOST]:
        url = resolved(link.href)
        for address in () if url is None else (url, *viewed_in(url)):
            if address not in found or not found[address].text:
                found[address] = Found(address, link.text)
    return list(found.values())


def left_files(before: bytes, after: bytes, *, base_url: str) -> list[str]:
    """Addresses of the files that a page linked before and does not link after, in order, on its own host."""
    if not _may_have_lost_files(before, after):
        return []
    still = {stable_address(link.url) for link in find_links(after, base_url=base_url)}
    host = urlsplit(base_url).netloc
    return [
        link.url
        for link in find_links(before, base_url=base_url)
        if stable_address(link.url) not in still
        and _FILE.search(urlsplit(link.url).path)
        and urlsplit(link.url).netloc == host
    ]


def _may_have_lost_files(before: bytes, after: bytes) -> bool:
    """Whether an address of a file may have left, by what stands in attributes: to parse both pages takes long."""
    if b"\x00" in before[:_LEADING] or read_list(before[:_READ]) is not None:
        return True  # no page, or one in letters of two bytes
    left = {match[1] for match in _ADDRESSES.finditer(before)} ^ {match[1] for match in _ADDRESSES.finditer(after)}
    return any(address is None or _MAY_BE_FILE.search(address) for address in left)


def viewed_in(url: str) -> list[str]:
    """The documents that a viewer's address names in its query (``…/viewer.html?file=/a.pdf``).

    A program that hands out what its query names (``…/download.php?file=a.pdf``) is no viewer: its answer is it.
    """
    query = urlsplit(url).query
    if not _VIEWER.search(url.partition("?")[0]):
        return []
    if "=" not in query or ("." not in query and "%2e" not in query.lower()):
        return []
    named = (value for key, value in parse_qsl(query, max_num_fields=50) if key.lower() in _SHOWN_BY_VIEWERS)
    paths = (value for value in named if _FILE.search(urlsplit(value).path))
    return [address for value in paths if (address := absolute(value, url)) is not None]


def absolute(href: str, base: str) -> str | None:
    """The address a link leads to, or None where it leads to no web page (mailto:, javascript:, #)."""
    cleaned = re.sub(r"[\t\r\n]", "", href).strip()
    if not cleaned or cleaned.startswith("#") or len(cleaned) > _LONGEST:
        return None
    try:
        url, _ = urldefrag(urljoin(base, cleaned.replace("\\", "/")))
        parts = urlsplit(url)
        named = parts.hostname and parts.port != 0  # a port beyond 65535 raises; a socket would take its remainder
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not named or len(url) > _LONGEST or _UNSENDABLE.search(url):
        return None
    return url.replace(" ", "%20")


def _as_utf8(body: bytes) -> bytes:
    """The page in UTF-8: from what its byte order mark or it itself says, else as UTF-8 or Windows' Latin letters.

    Beautiful Soup would guess from the whole text where nothing is said, slowly and not always well.
    """
    from bs4.dammit import EncodingDetector  # a tenth of a second that a round without a listing saves

    marked = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)
    declared = EncodingDetector.find_declared_encoding(body, is_html=True)
    if marked is not None:
        encoding = marked
    elif isinstance(declared, str) and _leaves_ascii_alone(declared):
        encoding = declared
    else:
        encoding = "utf-8" if _is_utf8(body) else "windows-1252"
    return body.decode(encoding, "replace").replace("\0", "").encode("utf-8", "replace")


def _leaves_ascii_alone(encoding: str) -> bool:
    """Whether it is an encoding in which a page could have declared it."""
    try:
        return _ASCII.decode(encoding, "replace") == _ASCII.decode()
    except (LookupError, ValueError):
        return False


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(body) - 3  # a character that was cut
    return True


def read_with_soup(markup: bytes) -> ReadPage:
    """The links of an ordinary page in UTF-8."""
    from bs4 import BeautifulSoup, SoupStrainer

    wanted = SoupStrainer([*_LINKS, *_SHOWN, "base", "link"])
    page = BeautifulSoup(markup, "lxml", parse_only=wanted, from_encoding="utf-8")
    bases = (str(tag["href"]) for tag in page.find_all("base", href=True))
    links = [
        ReadLink(str(tag[_place_of(tag.name)]), _name_in(tag.attrs), list(_leading_texts(tag)))
        for tag in islice(page.find_all([*_LINKS, *_SHOWN]), _MOST)
        if tag.has_attr(_place_of(tag.name))
    ]
    nexts = (str(tag["href"]) for tag in page.find_all(["a", "link"], href=True) if _goes_on(tag.attrs))
    return ReadPage(next(bases, ""), links, next(nexts, ""))


def _place_of(tag: str) -> str:
    """The attribute in which an element names an address."""
    return _SHOWN.get(tag, "href")


def _goes_on(attributes: Mapping[str, Any]) -> bool:
    """Whether a link says of itself that the list goes on there."""
    rel = attributes.get("rel") or ()
    return "next" in (rel.lower().split() if isinstance(rel, str) else [str(each).lower() for each in rel])


def _leading_texts(link: Tag) -> Iterator[str]:
    """The first texts inside a link, in order. Walked by hand: bs4's ``descendants`` seeks the last one first."""
    from bs4.element import NavigableString, PreformattedString, Tag

    rest: list[PageElement] = [*reversed(link.contents[:_LEADING])]
    for _ in range(_LEADING):
        if not rest:
            return
        node = rest.pop()
        if isinstance(node, Tag):
            if node.name in _LINKS and node.has_attr("href"):
                return
            rest += reversed(() if node.name in _NO_WORDS else node.contents[:_LEADING])
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):  # no comment
            yield node


def read_as_it_goes(markup: bytes) -> ReadPage:
    """The links of any page in UTF-8: no tree is built, so that nothing costs more than its length."""
    from lxml import etree

    target = _Links()
    parser = etree.HTMLParser(target=target, encoding="utf-8")
    for start in range(0, len(markup), _PIECE):
        parser.feed(markup[start : start + _PIECE])
        if len(target.links) > _MOST or target.elements > _MOST_ELEMENTS:
            return ReadPage(target.base or "", target.links[:_MOST], target.following)
    parser.close()
    return ReadPage(target.base or "", target.links, target.following)


class _Links:
    """What lxml's parser tells its events to."""

    def __init__(self) -> None:
        self.base: str | None = None
        self.links: list[ReadLink] = []
        self.following = ""
        self.elements = 0
        self._gathering: ReadLink | None = None  # the link whose words are being read
        self._pieces: list[str] = []  # of a text that may go on
        self._within = 0  # a elements open since the link began, its own among them
        self._nodes = 0  # that began since then
        self._silent = False  # within an element whose text is no words

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.elements += 1
        self._end_text()
        if tag in ("a", "link") and "href" in attributes and not self.following and _goes_on(attributes):
            self.following = attributes["href"]
        if tag in _SHOWN and _SHOWN[tag] in attributes:
            self.links.append(ReadLink(attributes[_SHOWN[tag]], _name_in(attributes), []))
        elif tag in _LINKS and "href" in attributes:
            self.links.append(ReadLink(attributes["href"], _name_in(attributes), []))
            self._gathering = self.links[-1] if tag == "a" else None
            self._within, self._nodes, self._silent = 1, 0, False
        elif tag == "a":
            self._within += 1
        elif tag == "base" and self.base is None:
            self.base = attributes.get("href")
        elif tag in _NO_WORDS:
            self._silent = True

    def end(self, tag: str) -> None:
        """An element ends, in so many words or because another one ends."""
        self._end_text()
        if tag in _NO_WORDS:
            self._silent = False
        if tag == "a":
            self._within -= 1
            if self._within == 0:
                self._gathering = None

    def data(self, text: str) -> None:
        """Text, in pieces."""
        if self._gathering is not None and not self._silent and self._nodes < _LEADING:
            self._pieces.append(text)

    def comment(self, text: str) -> None:
        """A comment parts texts."""
        del text
        self._end_text()

    def close(self) -> None:
        """The page ends."""
        self._end_text()

    def _end_text(self) -> None:
        if self._gathering is not None:
            self._nodes += 1
            if self._pieces:
                self._gathering.words.append("".join(self._pieces))
                self._pieces.clear()


def _name_in(attributes: dict[str, Any]) -> str:
    return str(attributes.get("title") or attributes.get("aria-label") or "")
