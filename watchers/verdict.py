"""What an answer shows: there, gone, moved, blocked, broken. Said with a reason that a person can check.

The rule behind all of it: data has vanished only where the publisher's own server says so. A server that
refuses, stumbles or breaks off shows nothing about the document.
"""

from __future__ import annotations

import html
import re
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from state.model import Verdict
from watchers.answer import Answer
from watchers.phrases import CHALLENGE, MAINTENANCE, NOT_FOUND, REFUSAL, UPKEEP, phrase_in
from watchers.wholeness import flaw_of, format_of

_SHORT: Final = 3_000  # characters of visible text; an error page is shorter, a document longer
_SMALL: Final = 20_000  # bytes; a bare page without any title
_LARGE: Final = 400_000  # bytes; no error page is that large
_MOST_TAGS: Final = 5_000  # of a page that is parsed for its words; no error page has that many
_TITLES: Final = re.compile(rb"<(title|h1|h2)\b[^>]{0,500}>(.{0,500}?)</\1\b", re.IGNORECASE | re.DOTALL)
_FILES: Final = frozenset((".pdf", ".xlsx", ".xls", ".xlsm", ".csv", ".zip", ".docx", ".doc", ".json", ".xml"))
_FRONTS: Final = frozenset(("", "/", "/home", "/index", "/default", "/en", "/en-us", "/welcome"))

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


_LOST_PATH: Final = re.compile(
    r"(?:^|[/_-])(?:404|(?:page-?)?not-?found|error(?:-?404)?)(?:[/._-]|$)", re.IGNORECASE
)
_LOGIN_PATH: Final = re.compile(r"(?:^|/)(?:log-?in|sign-?in|sso|saml2?|oauth2?|auth)(?:[/._-]|$)", re.IGNORECASE)


def judge_answer(answer: Answer) -> tuple[Verdict, str]:
    """The verdict on an answer and its reason in a line."""
    if answer.refused:
        return Verdict.BLOCKED, answer.trouble
    if answer.trouble:
        return (Verdict.TRUNCATED if answer.cut else Verdict.UNREACHABLE), answer.trouble
    status = answer.status or 0
    if status == 304:
        return Verdict.UNCHANGED, "the server says that nothing changed"
    if 200 <= status < 300:
        return _judge_success(answer)
    return _judge_failure(answer, status)


def _judge_failure(answer: Answer, status: int) -> tuple[Verdict, str]:
    said = f"the server answered {status}"
    if status in (401, 403, 407, 429, 451, 999):
        return Verdict.BLOCKED, said
    page = _Page(answer)
    if page.is_challenge():
        return Verdict.BLOCKED, f"{said} with a challenge page"
    if status in (404, 410):
        return Verdict.GONE, said
    words = page.says(MAINTENANCE)
    if status >= 500 and words and words.lower() != "service unavailable":
        return Verdict.MAINTENANCE, f"{said}: “{words}”"
    return Verdict.UNREACHABLE, said


def _judge_success(answer: Answer) -> tuple[Verdict, str]:
    if answer.status == 206:
        return Verdict.TRUNCATED, "the server sent a part of the document"
    if not answer.body.strip():
        return Verdict.EMPTY, f"the server answered {answer.status} without content"
    is_page = format_of(answer.body, answer.media_type) == "html"
    if is_page and (found := _judge_page(_Page(answer), answer.status)) is not None:
        return found
    if (flaw := flaw_of(answer.body, answer.media_type)) is not None:
        return Verdict.TRUNCATED, flaw
    if (moved := _moved(answer, is_page=is_page)) is not None:
        return moved
    return Verdict.PRESENT, f"the server answered {answer.status}"


def _judge_page(page: _Page, status: int | None) -> tuple[Verdict, str] | None:
    """A second look at a page whose titles or machinery are suspicious; None for an ordinary one."""
    if page.is_challenge():
        return Verdict.BLOCKED, f"a challenge page with status {status}"
    if ((words := page.says(MAINTENANCE)) and page.is_short()) or (words := page.says_hardly_more_than(UPKEEP)):
        return Verdict.MAINTENANCE, f"the page says “{words}”"
    if (words := page.says(NOT_FOUND)) and page.is_short():
        return Verdict.MOVED, f"the page answers {status} and says “{words}”"
    if (elsewhere := page.sends_on()) is not None:
        return Verdict.MOVED, f"the page only sends its readers on, to {elsewhere}"
    return None


class _Page:
    """A page looked at quickly by its titles, and in full only where they are suspicious."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._body = answer.body

    @cached_property
    def titles(self) -> list[str]:
        """The texts of title, h1 and h2 that say something, read without parsing the page."""
        texts = (re.sub(rb"<[^>]*>", b" ", match[1]) for match in _TITLES.findall(self._body[:_LARGE]))
        words = (" ".join(html.unescape(text.decode("utf-8", "replace")).split()) for text in texts)
        return [each for each in words if each]

    @cached_property
    def visible(self) -> str:
        """What a reader sees; parsing is slow, so only suspicious pages come here."""
        from bs4 import BeautifulSoup  # a tenth of a second that a round of plain answers saves

        page = BeautifulSoup(self._body, "lxml")
        for tag in page(["script", "style", "noscript", "template", "nav", "header", "footer"]):
            tag.decompose()
        return " ".join(page.get_text(" ").split())

    def says(self, pattern: re.Pattern[str]) -> str:
        """The words that match in a title of an error page, "" if none do."""
        return phrase_in(self.titles, pattern)

    def says_hardly_more_than(self, pattern: re.Pattern[str]) -> str:
        """The words that match in the text of a page that is hardly any, "" if none do.

        The bytes are looked at first, since to see the text means to parse the page.
        """
        if len(self._body) > _SMALL or not pattern.search(self._body.decode("utf-8", "replace")):
            return ""
        found = pattern.search(self.visible) if len(self.visible) < _HARDLY_ANY else None
        return found[0] if found else ""

    @property
    def is_small(self) -> bool:
        """Whether it is small enough to be parsed: what stands in for a document is."""
        return len(self._body) <= _LARGE and self._body.count(b"<") <= _MOST_TAGS

    def is_short(self) -> bool:
        return self.is_small and len(self.visible) < _SHORT

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
            return self.is_short()
        if not self.is_small:
            return False
        lowered = self._body.lower()
        if any(mark in lowered for mark in _MACHINERY):
            return len(self.visible) < _HARDLY_ANY
        if self.says_hardly_more_than(REFUSAL):
            return True
        bare = len(self._body) < _SMALL and not self.titles
        return bare and self.is_short() and CHALLENGE.search(self.visible) is not None


def _moved(answer: Answer, *, is_page: bool) -> tuple[Verdict, str] | None:
    """Whether the answer is of another place than the one asked for."""
    asked, landed = urlsplit(answer.url), urlsplit(answer.final_url)
    expects_file = PurePosixPath(unquote(asked.path)).suffix.lower() in _FILES
    if expects_file and is_page:
        return Verdict.MOVED, "a web page stands where the file was"
    if not answer.redirects or not is_page:
        return None
    if _LOGIN_PATH.search(landed.path) and not _LOGIN_PATH.search(asked.path):
        return Verdict.BLOCKED, f"redirected to a login page, {answer.final_url}"
    if _site(asked.hostname) != _site(landed.hostname):
        return Verdict.MOVED, f"redirected to another host, {answer.final_url}"
    before, after = _path(asked.path), _path(landed.path)
    if _LOST_PATH.search(landed.path) and not _LOST_PATH.search(asked.path):
        return Verdict.MOVED, f"redirected to an error page, {answer.final_url}"
    if before not in _FRONTS and after in _FRONTS:
        return Verdict.MOVED, f"redirected to the front page, {answer.final_url}"
    if before != after and before.startswith(f"{after}/"):
        return Verdict.MOVED, f"redirected to the front of its section, {answer.final_url}"
    return None


def _site(host: str | None) -> str:
    return (host or "").lower().rstrip(".").removeprefix("www.")


def _path(path: str) -> str:
    """A path for comparing: without the slash at its end, index files and case."""
    cleaned = re.sub(r"/(?:index|default|home)\.\w+$", "", unquote(path).lower())
    return cleaned.rstrip("/")
