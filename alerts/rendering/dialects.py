"""How each family of services takes text: what it makes of marks, how much it takes, what it does with files.

A new service needs a line in ``DIALECTS`` only where it gives a meaning to what a publisher wrote; what is not
listed gets plain text within the limits that apprise knows of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

_CALL = re.compile(r"(?<!\w)@(?=\w)|<(?=[!@#&:/])")
_MARKDOWN = re.compile(r"([\\`*_~|\[\]()!<>])")
_LINE_MARK = re.compile(r"^(\s*)([#>+-]|\d+[.)])(?=\s)", re.MULTILINE)
_JOINER = "\u2060"


def without_calls(text: str) -> str:
    """``text`` in which a publisher's words call nobody: no ``@everyone``, no ``<!channel>``, no ``<@U123>``.

    A word joiner, which nobody sees, stands after the mark. Not every service escapes what it is given as text.
    """
    return _CALL.sub(lambda mark: mark[0] + _JOINER, text)


def _plain(text: str) -> str:
    return without_calls(text)


def _markdown(text: str) -> str:
    """Words in which Markdown sees no mark: no link under other words, no picture that is fetched, no heading."""
    escaped = _MARKDOWN.sub(r"\\\1", without_calls(text))
    return _LINE_MARK.sub(lambda line: f"{line[1]}\\{line[2]}", escaped)


def _slack(text: str) -> str:
    """apprise reads CommonMark's escapes and writes Slack's; a star or a stroke only makes a word bold."""
    return re.sub(r"([\\\[\]<>])", r"\\\1", without_calls(text))


def _in_slack(text: str) -> int:
    """Characters that Slack counts, in which ``&``, ``<`` and ``>`` are spelt out."""
    return len(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def _in_bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _separated(text: str) -> str:
    """For services with marks and no escapes: a joiner stands after each, so that it is none."""
    return re.sub(r"([*_~`<\[\]!])", r"\1" + _JOINER, without_calls(text))


class Dialect(Struct, frozen=True):
    """What a family of services does with a body."""

    name: str
    escape: Callable[[str], str] = _plain
    markdown: bool = False  # True: apprise is told that the body is Markdown, and leaves it as it is
    limit: int = 32_000  # characters of a body, below what the service refuses
    size: Callable[[str], int] = len  # of a body, as the service counts it
    title_limit: int = 250  # 0: the subject stands in the body, where its marks are escaped
    files: bool = True  # False: the service takes none, or a body with one is refused by many of its servers
    settings: tuple[tuple[str, str], ...] = ()  # of apprise's address, where it does not say otherwise


PLAIN: Final = Dialect("plain text")

DIALECTS: Final[dict[str, Dialect]] = {
    "slack": Dialect(
        "Slack",
        _slack,
        markdown=True,
        limit=2_950,
        size=_in_slack,
        title_limit=150,
        files=False,
        settings=(("blocks", "yes"), ("footer", "no"), ("format", "markdown")),
    ),
    "discord": Dialect(
        "Discord", _markdown, limit=1_900, title_limit=0, settings=(("avatar", "no"), ("footer", "no"))
    ),
    "mattermost": Dialect("Mattermost", _markdown, limit=3_900, files=False),
    "rocketchat": Dialect("Rocket.Chat", _markdown, markdown=True, limit=950, files=False),
    "workflows": Dialect("Teams", _markdown, markdown=True, limit=980, files=False),
    "google_chat": Dialect("Google Chat", _separated, markdown=True, limit=3_900, files=False),
    "telegram": Dialect("Telegram", limit=4_000),
    "matrix": Dialect("Matrix", limit=30_000, title_limit=0),
    "ntfy": Dialect("ntfy", limit=4_000, size=_in_bytes, title_limit=200, files=False),
    "pushover": Dialect("Pushover", limit=1_000, files=False),
}
"""By the name of apprise's module."""


def dialect_of(plugin: object) -> Dialect:
    """The dialect of one of apprise's services, its limit lowered to what apprise knows."""
    names = type(plugin).__module__.split(".")
    found = next((DIALECTS[name] for name in reversed(names) if name in DIALECTS), PLAIN)
    known = int(getattr(plugin, "body_maxlen", found.limit))
    title = int(getattr(plugin, "title_maxlen", found.title_limit))
    from msgspec.structs import replace

    return replace(found, limit=min(found.limit, known), title_limit=min(found.title_limit, title))
