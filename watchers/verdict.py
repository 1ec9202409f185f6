"""What an answer shows: there, gone, moved, blocked, broken. Said with a reason that a person can check.

The rule behind all of it: data has vanished only where the publisher's own server says so. A server that
refuses, stumbles or breaks off shows nothing about the document.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from state.model import Verdict
from watchers.answer import Answer
from watchers.page import FILES, Page
from watchers.phrases import (
    CHALLENGE,
    LOST_NOTICE,
    MAINTENANCE,
    NOT_FOUND,
    REFUSAL_NOTICE,
    UPKEEP_NOTICE,
    phrase_in,
)
from watchers.remark import remark_in
from watchers.wholeness import flaw_of, format_of

_FRONTS: Final = frozenset(("", "/", "/home", "/index", "/default", "/en", "/en-us", "/welcome"))

_LOST_PATH: Final = re.compile(
    r"(?:^|[/_-])(?:404|(?:page-?)?not-?found|error(?:-?404)?)(?:[/._-]|$)", re.IGNORECASE
)
_GATE_PATH: Final = re.compile(
    r"(?:^|/)(?:consent(?:-?page|-?wall)?|cookie-?(?:consent|wall|check)|captcha|challenge)(?:\.\w+)?/?$",
    re.IGNORECASE,
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
        if (elsewhere := _led_elsewhere(answer)) is not None and not _names_file(answer.url):
            return elsewhere
        return Verdict.UNCHANGED, "the server says that nothing changed"
    if 200 <= status < 300:
        return _judge_success(answer)
    return _judge_failure(answer, status)


def _judge_failure(answer: Answer, status: int) -> tuple[Verdict, str]:
    said = f"the server answered {status}"
    if status in (401, 403, 407, 429, 451, 999):
        return Verdict.BLOCKED, said
    page = Page(answer)
    if page.is_challenge():
        return Verdict.BLOCKED, f"{said} with a challenge page"
    if status in (404, 410):
        return Verdict.GONE, said
    words = page.says(MAINTENANCE) or page.notice(UPKEEP_NOTICE)
    if status >= 500 and words and words.lower() != "service unavailable":
        return Verdict.MAINTENANCE, f"{said}: “{words}”"
    return Verdict.UNREACHABLE, said


def _judge_success(answer: Answer) -> tuple[Verdict, str]:
    if answer.status == 206:
        return Verdict.TRUNCATED, "the server sent a part of the document"
    if not answer.body.strip():
        return Verdict.EMPTY, f"the server answered {answer.status} without content"
    is_page = format_of(answer.body, answer.media_type) == "html"
    if is_page and (found := _judge_page(Page(answer), answer.status)) is not None:
        return found
    if not is_page and (found := _judge_remark(answer)) is not None:
        return found
    if (flaw := flaw_of(answer.body, answer.media_type)) is not None:
        return Verdict.TRUNCATED, flaw
    if (moved := _moved(answer, is_page=is_page)) is not None:
        return moved
    return Verdict.PRESENT, f"the server answered {answer.status}"


def _judge_page(page: Page, status: int | None) -> tuple[Verdict, str] | None:
    """A second look at a page whose titles or machinery are suspicious; None for an ordinary one."""
    if page.is_challenge():
        return Verdict.BLOCKED, f"a challenge page with status {status}"
    if words := page.is_about(MAINTENANCE) or page.notice(UPKEEP_NOTICE):
        return Verdict.MAINTENANCE, f"the page says “{words}”"
    if words := page.is_about(NOT_FOUND) or page.notice(LOST_NOTICE):
        return Verdict.MOVED, f"the page answers {status} and says “{words}”"
    if words := page.notice(REFUSAL_NOTICE):
        return Verdict.BLOCKED, f"the page answers {status} and says “{words}”"
    if (elsewhere := page.sends_on()) is not None:
        return Verdict.MOVED, f"the page only sends its readers on, to {elsewhere}"
    return None


def _judge_remark(answer: Answer) -> tuple[Verdict, str] | None:
    """What is said in place of a file ("Access Denied"); None where it may be the file."""
    remark = remark_in(answer.body)
    for pattern, verdict in (
        (CHALLENGE, Verdict.BLOCKED),
        (MAINTENANCE, Verdict.MAINTENANCE),
        (NOT_FOUND, Verdict.MOVED),
    ):
        if words := phrase_in(remark, pattern):
            return verdict, f"the server answered {answer.status} and says “{words}”"
    return None


def _moved(answer: Answer, *, is_page: bool) -> tuple[Verdict, str] | None:
    """Whether the answer is of another place than the one asked for."""
    if not is_page:
        return None
    if _names_file(answer.url):
        return Verdict.MOVED, "a web page stands where the file was"
    return _led_elsewhere(answer)


def _names_file(url: str) -> bool:
    return PurePosixPath(unquote(urlsplit(url).path)).suffix.lower() in FILES


def _led_elsewhere(answer: Answer) -> tuple[Verdict, str] | None:
    """Whether redirects led from the page asked for to what is another one."""
    if not answer.redirects:
        return None
    asked, landed = urlsplit(answer.url), urlsplit(answer.final_url)
    if _LOGIN_PATH.search(landed.path) and not _LOGIN_PATH.search(asked.path):
        return Verdict.BLOCKED, f"redirected to a login page, {answer.final_url}"
    if _GATE_PATH.search(landed.path) and not _GATE_PATH.search(asked.path):
        return Verdict.BLOCKED, f"redirected to a page that asks for something first, {answer.final_url}"
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
