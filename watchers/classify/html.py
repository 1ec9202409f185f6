"""What a page says in place of the document: looked at quickly by its titles, in full where it is suspicious.

Error pages come bare, or as a short notice in the full frame of their site: menus, banner and footer as ever,
under the site's own title. So what counts as said is the main part, without the frame.
"""

from __future__ import annotations

import html
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from watchers.classify.frame import (
    BLOCKS,
    FRAME,
    is_around_all,
    is_control,
    is_headed,
    is_in_frame,
    is_menu,
    is_named_as_frame,
    is_waiting,
    leads_to_file,
    text_of,
)
from watchers.classify.machinery import LEAST, share_of_talk, speaks_of_machinery
from watchers.classify.machinery_words import HINDERS, THINGS, TRACE
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
_UNSAID: Final = re.compile(
    rb"<(script|noscript|style|template|textarea)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_HARDLY_ANY: Final = 600  # characters; the machinery also sits in ordinary pages, which say more than this


_UNSEEN: Final = ("script", "style", "noscript", "template")
_SILENT: Final = re.compile(rb"<(script|style|template|title)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_SITES: Final = re.compile(r"\s[|–—:»·-]\s")  # between the name of a page and that of its site
_LONGEST_CHOICE: Final = 40  # characters of a button
_BUTTONS: Final = "button, input[type=submit], input[type=button], [role=button], a"
_LINES: Final = frozenset((*BLOCKS, "main", "body", "center", "pre", "form", "fieldset", "article", "tr", "th"))
NOTICE: Final = 900  # characters of the main part; a wall says no more, a document does
_ROUGH_NOTICE: Final = 6_000  # characters of a page without menus that may hold such a main part and a frame
_MOST_CELLS: Final = 40  # of a page that says hardly more than that it cannot be shown
_APART: Final = re.compile(rb"<(nav|header|footer|aside|select)\b.*?</\1\s*>|<a\s.*?</a\s*>", re.DOTALL)
_INLINE: Final = re.compile(rb"</?(?:a|b|i|u|em|strong|span|code|font|small)\b[^>]*>|\s+")
_TALK: Final = (THINGS, HINDERS, TRACE)
_CODE: Final = re.compile(rb"<%.{1,200}?%>", re.DOTALL)
_MAIN: Final = re.compile(rb"<main\b.*?</main\s*>", re.DOTALL)
_MAIN_BEGINS: Final = re.compile(rb"<main\b(?=[^>]*>.*</main)", re.DOTALL)
_STILL_OPEN: Final = re.compile(rb"<(?:script|style|template|title|nav|header|footer|aside|select)\b|<a\s|<!--")
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_ENTITY: Final = re.compile(rb"&[#\w]{1,30};")
_BEGINNING: Final = 8_000  # bytes


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

    @cached_property
    def headings(self) -> list[str]:
        """The texts of title, h1 and h2 that say something, and the parts of those that name the site, too."""
        parts = (part.strip() for _, text in self._heads for part in (text, *_SITES.split(text)))
        return list(dict.fromkeys(part for part in parts if part))

    @cached_property
    def visible(self) -> str:
        """What a reader sees; parsing is slow, so only suspicious pages come here."""
        page = self._parsed()
        for tag in page(["nav", "header", "footer"]):
            tag.decompose()
        return text_of(page)

    @cached_property
    def _main(self) -> Tag:
        """What is not the frame: the element that says so of itself, or what is left without bars and menus."""
        page = self._parsed()
        mains = [each for each in page.select("main, [role=main]") if text_of(each)]
        main = mains[0] if mains else page
        for tag in main.select(FRAME):
            if not tag.decomposed and not (mains and tag.name == "header") and not is_around_all(tag):
                tag.decompose()  # the header of the main part is its title
        if not mains:
            for tag in main.find_all(True):
                if not tag.decomposed and (is_named_as_frame(tag) or is_menu(tag)):
                    tag.decompose()
        return main

    @cached_property
    def main_text(self) -> str:
        """What the main part says."""
        return text_of(self._main)

    @cached_property
    def main_lines(self) -> list[str]:
        """What the main part says, block by block, beside the names of its fields."""
        lines: list[str] = []
        block: object = None
        from bs4 import NavigableString

        for text in self._main.find_all(string=True):
            if type(text) is not NavigableString or is_control(
                text
            ):  # a comment, a doctype, the words of a button
                continue
            within = next((each for each in text.parents if each.name in _LINES), None)
            said = " ".join(text.split())
            if within is not block or not lines:
                lines.append(said)
                block = within
            else:
                lines[-1] = f"{lines[-1]} {said}".strip()
        return [line for line in lines if line]

    @cached_property
    def speaks_of_machinery(self) -> bool:
        """Whether it has little to say, no figures and no files, and all of it is of the site and its reader."""
        return len(self.main_text) < NOTICE and not self.has_figures and speaks_of_machinery(self.main_lines)

    @cached_property
    def _whole(self) -> BeautifulSoup:
        """The page as it came, with its scripts and fields."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self._body, "lxml")

    def has(self, selector: str) -> bool:
        """Whether an element of the page answers a CSS selector."""
        return self._whole.select_one(selector) is not None

    def has_in_main(self, selector: str) -> bool:
        """Whether an element answers a CSS selector that stands in no part of the frame."""
        return any(not is_in_frame(tag) for tag in self._whole.select(selector))

    @cached_property
    def has_figures(self) -> bool:
        """Whether a table with headed columns and a row, or a link to a file, stands in the main part."""
        tables = any(map(is_headed, self._main("table")))
        return tables or any(map(leads_to_file, self._main("a")))

    def choices(self, pattern: re.Pattern[str]) -> list[str]:
        """The words of buttons, and of links that look like buttons, that match."""
        return [text for text in self.buttons if pattern.search(text)]

    @cached_property
    def buttons(self) -> list[str]:
        """The words of buttons, and of links that look like buttons, outside of the frame."""
        buttons = [tag for tag in self._whole.select(_BUTTONS) if not is_in_frame(tag)]
        words = [" ".join(f"{each.get_text(' ')} {each.get('value') or ''}".split()) for each in buttons]
        return [text for text in words if 0 < len(text) < _LONGEST_CHOICE]

    def is_waiting(self, pattern: re.Pattern[str]) -> bool:
        """Whether all that a table says below its header, or a page below its heading, matches whole."""
        if any(is_waiting(table, pattern) for table in self._whole("table")):
            return True
        titles = {text for _, text in self._heads}
        rest = [line for line in self.main_lines if line not in titles]
        return bool(rest) and all(pattern.fullmatch(line) for line in rest)

    @cached_property
    def is_blank(self) -> bool:
        """Whether nothing stands in it but its frame: no word, no picture, nothing from elsewhere."""
        return not self.visible and not self.has_in_main(
            "img, iframe, object, embed, svg, canvas, video, a[href], form, frame"
        )

    @cached_property
    def sends_itself_on(self) -> bool:
        """Whether it is a form of hidden fields that a script sends on, with hardly a word beside it."""
        forms = [form for form in self._whole("form") if form.select("input[type=hidden i]")]
        if b"submit()" not in self.lowered:
            return False
        shown = "input:not([type=hidden i]):not([type=submit i]), select, textarea"
        return len(self.visible) < _HARDLY_ANY / 4 and any(not form.select(shown) for form in forms)

    @cached_property
    def code(self) -> list[bytes]:
        """The places of a server's template that were sent as they are."""
        return _CODE.findall(self._body)

    @cached_property
    def leads_only_to_folders(self) -> bool:
        """Whether it lists a server's folders and no document."""
        targets = [str(link.get("href") or "") for link in self._whole("a")]
        return all(target.startswith("?") or target.endswith("/") for target in targets)

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
        text = text_of(main)
        found = pattern.search(text) if len(text) < _HARDLY_ANY else None
        return found[0] if found and not any(map(leads_to_file, main("a"))) else ""

    @cached_property
    def _rough_main(self) -> tuple[list[str], bool]:
        """About what the main part says, in lines, without parsing the page; whether the page says which it is."""
        main = _MAIN.search(self.lowered)
        rest = _APART.sub(b" ", _SILENT.sub(b" ", main[0] if main else self.lowered))
        text = html.unescape(re.sub(rb"<[^>]*>", b"\n", _INLINE.sub(b" ", rest)).decode("utf-8", "replace"))
        return [line for each in text.splitlines() if (line := " ".join(each.split()))], main is not None

    @cached_property
    def may_be_talk(self) -> bool:
        """Whether it may say nothing but such things, looked at without parsing the page."""
        if len(self._body) > _LARGE or self.lowered.count(b"<td") > _MOST_CELLS:
            return False
        lines, is_main = self._rough_main
        said = sum(map(len, lines))
        if is_main:
            return said < 2 * NOTICE and share_of_talk(lines) >= LEAST / 3
        return said < _ROUGH_NOTICE and any(each.search(line) for each in _TALK for line in lines)

    @property
    def may_be_blank(self) -> bool:
        """Whether it may say nothing at all; mostly the beginning of the main part says that it does not."""
        if len(self._body) > _LARGE or self._begins_to_speak:
            return False
        return sum(map(len, self._rough_main[0])) < _LONGEST_CHOICE

    @cached_property
    def _begins_to_speak(self) -> bool:
        """Whether the beginning of the main part says as much as any page that says something."""
        main = _MAIN_BEGINS.search(self.lowered)
        begin = main.start() if main else 0
        start = _COMMENT.sub(b" ", self.lowered[begin : begin + _BEGINNING])
        rest = _APART.sub(b" ", _SILENT.sub(b" ", start))
        cut = _STILL_OPEN.search(rest)  # what is closed later only may be of those that say nothing
        text = re.sub(rb"<[^>]*>?", b"", rest[: cut.start()] if cut else rest)
        return len(b"".join(_ENTITY.sub(b"", text).split())) >= 2 * _LONGEST_CHOICE

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
        return self.is_small and (len(self.visible) < most or len(text_of(self._main)) < most)

    def sends_on(self) -> str | None:
        """Where a page that says hardly anything sends its readers at once (``<meta http-equiv=refresh>``).

        What scripts write later, and what only readers without scripts are sent to, is not the page's word.
        """
        if len(self._body) > _SMALL:
            return None
        asked = (_REFRESH.search(meta) for meta in _METAS.findall(_UNSAID.sub(b" ", self._body)))
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
