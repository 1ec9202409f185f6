"""Where redirects led, told by addresses alone: to the same page, or to what is another one."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from state.model import Verdict
from watchers.fetching.response import Answer

_FRONTS: Final = frozenset(("", "/", "/home", "/index", "/default", "/en", "/en-us", "/welcome"))

_LOST_PATH: Final = re.compile(
    r"(?:^|[/_-])(?:404|(?:page-?)?not-?found|error(?:-?404)?)(?:[/._-]|$)", re.IGNORECASE
)
_GATE_PATH: Final = re.compile(
    r"(?:^|/)(?:consent(?:-?page|-?wall)?|cookie-?(?:consent|wall|check)|captcha|challenge)(?:\.\w+)?/?$",
    re.IGNORECASE,
)
_MOBILE: Final = re.compile(r"^(?:m|mobile?|wap|amp|touch|handy|pda)\.")
_LOGIN_PATH: Final = re.compile(r"(?:^|/)(?:log-?in|sign-?in|sso|saml2?|oauth2?|auth)(?:[/._-]|$)", re.IGNORECASE)


def led_elsewhere(answer: Answer) -> tuple[Verdict, str] | None:
    """Whether redirects led from the page asked for to what is another one."""
    if not answer.redirects:
        return None
    asked, landed = urlsplit(answer.url), urlsplit(answer.final_url)
    if _LOGIN_PATH.search(landed.path) and not _LOGIN_PATH.search(asked.path):
        return Verdict.BLOCKED, f"redirected to a login page, {answer.final_url}"
    if _GATE_PATH.search(landed.path) and not _GATE_PATH.search(asked.path):
        return Verdict.BLOCKED, f"redirected to a page that asks for something first, {answer.final_url}"
    if _is_mobile_edition(asked.hostname, landed.hostname):
        return Verdict.BLOCKED, f"redirected to the edition for telephones, {answer.final_url}"
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


def _is_mobile_edition(asked: str | None, landed: str | None) -> bool:
    """Whether a host is another one's edition for telephones: what the server makes of whoever asks."""
    bare = _MOBILE.sub("", _site(landed))
    return bare != _site(landed) and bare == _MOBILE.sub("", _site(asked)) and _site(asked) == bare


def _site(host: str | None) -> str:
    return (host or "").lower().rstrip(".").removeprefix("www.")


def _path(path: str) -> str:
    """A path for comparing: without the slash at its end, index files and case."""
    cleaned = re.sub(r"/(?:index|default|home)\.\w+$", "", unquote(path).lower())
    return cleaned.rstrip("/")
