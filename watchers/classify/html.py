"""What a page says in place of the document: looked at quickly by its titles, in full where it is suspicious.

Error pages come bare, or as a short notice in the full frame of their site: menus, banner and footer as ever,
under the site's own title. So what counts as said is the main part, without the frame.
"""

from __future__ import annotations

import html
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from state.formats import names_file
from watchers.classify.phrases import CHALLENGE, NOTICE_MARKS, REFUSAL, phrase_in
from watchers.fetching.response import Answer

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_SHORT: Final = 3_000  # characters of visible text; an error page is shorter, a document longer
_SMALL: Final = 20_000  # bytes; a bare page without any title
_LARGE: Final = 400_000  # bytes; no error page is that large
_MOST_TAGS: Final = 5_000  # of a page that is parsed for its words; no error page has that many
_MOST_TAGS_OF_MACHINERY: Final = 1_000  # of a page that says hardly anything; a site's frame has fewer
_TITLES: Final = re.compile(
    rb"<([tT][iI][tT][lL][eE]|[hH][12])\b[^>]{0,500}>(.{0,500}?)</(?i:\1)\b", re.DOTALL
)  # spelt out, since a search that ignores case everywhere cannot leap from one "<" to the next
_CHALLENGE_HEADERS: Final = (
    ("cf-mitigated", ("challenge",)),
    ("x-amzn-waf-action", ("challenge", "captcha")),
)
_MACHINERY: Final = (
    b"_incapsula_resource",
    b"_cf_chl_opt",
    b"captcha-delivery.com",
    b"/_sec/cp_challenge",
    b"awswafcookiedomainlist",
    b"px-captcha",
    b"/_sec/verify",
    b"bm-verify=",
)
_METAS: Final = re.compile(rb"<meta\b([^>]{1,2000})>", re.IGNORECASE)
_REFRESH: Final = re.compile(
    rb"""http-equiv\s{0,9}=\s{0,9}["']?refresh\b[^>]*?content\s{0,9}=\s{0,9}["']?\s{0,9}[0-5]\s{0,9}[;,]"""
    rb"""\s{0,9}url\s{0,9}=\s{0,9}['"]?([^"'>\s]+)""",
    re.IGNORECASE,
)
_HARDLY_ANY: Final = 600  # characters; the machinery also sits in ordinary pages, which say more than this


_UNSEEN: Final = ("script", "style", "noscript", "template")
_FRAME: Final = (
    "nav, header, footer, aside, form, [role=navigation], [role=banner], [role=contentinfo], [role=search]"
)
_FRAME_NAME: Final = re.compile(
    r"(?:site|page|usa|global|main|primary|top|bottom|skip)?[-_]?"
    r"(?:banner|header|masthead|footer|menu|nav|navbar|navigation|breadcrumbs?|sidebar|cookies?|cookie-bar|search)"
)
"""Names of classes and ids of what stands around the main part on every page of a site."""
_BLOCKS: Final = [
    "address", "blockquote", "dd", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "section",
    "table", "td", "ul",
]  # fmt: skip
_MOST_LINKED: Final = 0.8  # share of a block's text that stands in links, from which on it is of a menu
_SILENT: Final = re.compile(rb"<(script|style|template|title)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SITES: Final = re.compile(r"\s[|–—:»·-]\s")  # between the name of a page and that of its site
_LONGEST_CHOICE: Final = 40  # characters of a button
_FEWEST_LINKS: Final = 3  # of such a block that is no entry of a list


class Page:
    """A page looked at quickly by its titles, and in full only where they are suspicious."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._body = answer.body

    @cached_property
    def _heads(self) -> list[tuple[str, str]]:
        """The texts of title, h1 and h2 that say something, with their tags, read without parsing the page."""
        texts = (
            (name.lower().decode(), re.sub(rb"<[^>]*>", b" ", text).decode("utf-8", "replace"))
            for name, text in _TITLES.findall(self._body[:_LARGE])
        )
        words = ((name, " ".join(html.unescape(text).split())) for name, text in texts)
        return [each for each in words if each[1]]

    @cached_property
    def rough_text(self) -> str:
        """About all that a reader sees, in lower case, without parsing the page."""
        text = re.sub(rb"<[^>]*>", b" ", _SILENT.sub(b" ", self._body)).decode("utf-8", "replace")
        return " ".join(html.unescape(text).lower().split())

    @property
    def headings(self) -> list[str]:
        """The texts of title, h1 and h2 that say something, and the parts of those that name the site, too."""
        return [part.strip() for _, text in self._heads for part in (text, *_SITES.split(text)) if part.strip()]

    @cached_property
    def visible(self) -> str:
        """What a reader sees; parsing is slow, so only suspicious pages come here."""
        page = self._parsed()
        for tag in page(["nav", "header", "footer"]):
            tag.decompose()
        return _text_of(page)

    @cached_property
    def _main(self) -> Tag:
        """What is not the frame: the element that says so of itself, or what is left without bars and menus."""
        page = self._parsed()
        mains = [each for each in page.select("main, [role=main]") if _text_of(each)]
        main = mains[0] if mains else page
        for tag in main.select(_FRAME):
            if not tag.decomposed and not (mains and tag.name == "header"):  # that of the main part is its title
                tag.decompose()
        if not mains:
            for tag in main.find_all(True):
                if not tag.decomposed and (_is_named_as_frame(tag) or _is_menu(tag)):
                    tag.decompose()
        return main

    @cached_property
    def main_text(self) -> str:
        """What the main part says."""
        return _text_of(self._main)

    @cached_property
    def _whole(self) -> BeautifulSoup:
        """The page as it came, with its scripts and fields."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self._body, "lxml")

    def has(self, selector: str) -> bool:
        """Whether an element of the page answers a CSS selector."""
        return self._whole.select_one(selector) is not None

    @cached_property
    def has_figures(self) -> bool:
        """Whether a table with two rows or more, or a link to a file, stands in the main part."""
        tables = any(len(table.find_all("tr")) > 2 and table.find("th") for table in self._main("table"))
        return tables or any(map(_leads_to_file, self._main("a")))

    def choices(self, pattern: re.Pattern[str]) -> list[str]:
        """The words of buttons, and of links that look like buttons, that match."""
        buttons = self._whole.select("button, input[type=submit], input[type=button], [role=button], a")
        words = [" ".join(f"{each.get_text(' ')} {each.get('value') or ''}".split()) for each in buttons]
        return [text for text in words if len(text) < _LONGEST_CHOICE and pattern.search(text)]

    def has_row_in_waiting(self, pattern: re.Pattern[str]) -> bool:
        """Whether all that a table says below its header is one cell, which matches whole."""
        return any(_is_waiting(table, pattern) for table in self._whole("table"))

    def is_about(self, pattern: re.Pattern[str]) -> str:
        """The words that match where they are what a short page is about, "" where it is about anything else.

        A title or first heading is of the whole page; a second one may be of a part, unless there is hardly more.
        """
        if words := phrase_in((text for name, text in self._heads if name != "h2"), pattern):
            return words if self.is_short(_SHORT) else ""
        words = phrase_in((text for name, text in self._heads if name == "h2"), pattern)
        return words if words and self.is_short(_HARDLY_ANY) else ""

    def says(self, pattern: re.Pattern[str]) -> str:
        """The words that match in a title of an error page, "" if none do."""
        return phrase_in((text for _, text in self._heads), pattern)

    def says_hardly_more_than(self, pattern: re.Pattern[str]) -> str:
        """The words that match in the text of a page that is hardly any, "" if none do.

        The bytes are looked at first, since to see the text means to parse the page.
        """
        if len(self._body) > _SMALL or not pattern.search(self._body.decode("utf-8", "replace")):
            return ""
        found = pattern.search(self.visible) if len(self.visible) < _HARDLY_ANY else None
        return found[0] if found else ""

    def notice(self, pattern: re.Pattern[str]) -> str:
        """The words of a sentence that matches where the main part is that notice and hardly more, "" elsewhere.

        A page with headed columns, or a link to a file, has something to say beside it. The bytes are looked at
        first, by what such a notice is never with or without: to see the text means to parse the page.
        """
        if not (self.is_small and self._may_be_notice and pattern.search(self._roughly)):
            return ""
        main = self._main
        text = _text_of(main)
        found = pattern.search(text) if len(text) < _HARDLY_ANY else None
        return found[0] if found and not any(map(_leads_to_file, main("a"))) else ""

    @cached_property
    def lowered(self) -> bytes:
        """The bytes in lower case."""
        return self._body.lower()

    @cached_property
    def _may_be_notice(self) -> bool:
        lowered = self.lowered
        headed = b"<th>" in lowered or b"<th " in lowered
        return not headed and any(mark in lowered for mark in NOTICE_MARKS)

    @cached_property
    def _roughly(self) -> str:
        """All text of the page, that of scripts included, without parsing it."""
        text = re.sub(rb"<[^>]*>", b" ", self._body).decode("utf-8", "replace")
        return " ".join(html.unescape(text).split())

    @cached_property
    def _tags(self) -> int:
        return self._body.count(b"<")

    @property
    def is_small(self) -> bool:
        """Whether it is small enough to be parsed: what stands in for a document is."""
        return len(self._body) <= _LARGE and self._tags <= _MOST_TAGS

    def is_short(self, most: int = _SHORT) -> bool:
        """Whether its main part has less than so many characters."""
        return self.is_small and (len(self.visible) < most or len(_text_of(self._main)) < most)

    def sends_on(self) -> str | None:
        """Where a page that says hardly anything sends its readers at once (``<meta http-equiv=refresh>``)."""
        if len(self._body) > _SMALL:
            return None
        asked = (_REFRESH.search(meta) for meta in _METAS.findall(self._body))
        found = next((each for each in asked if each is not None), None)
        if found is None or len(self.visible) > _HARDLY_ANY:
            return None
        return found[1].decode("utf-8", "replace")[:200]

    def is_challenge(self) -> bool:
        """Whether it asks for proof of a human instead of showing the document."""
        if any(self._answer.header(name).lower() in values for name, values in _CHALLENGE_HEADERS):
            return True
        if self.says(CHALLENGE):
            return bool(self.is_about(CHALLENGE))
        if not self.is_small:
            return False
        if self._tags <= _MOST_TAGS_OF_MACHINERY and any(mark in self.lowered for mark in _MACHINERY):
            return len(self.visible) < _HARDLY_ANY
        if self.says_hardly_more_than(REFUSAL):
            return True
        bare = len(self._body) < _SMALL and not self._heads
        return bare and self.is_short() and CHALLENGE.search(self.visible) is not None

    def _parsed(self) -> BeautifulSoup:
        from bs4 import BeautifulSoup  # a tenth of a second that a round of plain answers saves

        page = BeautifulSoup(self._body, "lxml")
        for tag in page([*_UNSEEN, "title"]):
            tag.decompose()
        return page


def _is_waiting(table: Tag, pattern: re.Pattern[str]) -> bool:
    cells = [text for cell in table("td") if (text := _text_of(cell))]
    return len(cells) == 1 and pattern.fullmatch(cells[0]) is not None


def _text_of(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _is_named_as_frame(tag: Tag) -> bool:
    """Whether its class or id is that of a part of the frame, and it does not hold the page's heading."""
    if tag.name in ("html", "body"):
        return False
    names = [*tag.get_attribute_list("class"), *tag.get_attribute_list("id")]
    return any(name and _FRAME_NAME.fullmatch(name.lower()) for name in names) and tag.find("h1") is None


def _is_menu(tag: Tag) -> bool:
    """Whether it is a block without blocks inside and hardly more than links."""
    if tag.name not in _BLOCKS or tag.find(_BLOCKS) is not None:
        return False
    links = tag("a")
    enough = len(links) >= (1 if tag.name in ("li", "dd") else _FEWEST_LINKS)
    return enough and sum(len(_text_of(link)) for link in links) >= _MOST_LINKED * len(_text_of(tag))


def _leads_to_file(link: Tag) -> bool:
    return names_file(str(link.get("href") or ""))
