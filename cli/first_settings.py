"""A first ``monitor.yaml``, from what somebody says who has never seen one."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from state.errors import ConfigError

PASSWORD: Final = "MAIL_PASSWORD"  # noqa: S105 - the name of a variable of the environment
_ADDRESS: Final = re.compile(r"[^@\s,;/?#&]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
_WEBHOOK: Final = re.compile(r"https://hooks\.slack\.com/services/(\w+)/(\w+)/(\w+)/?")
_SERVER: Final = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?")


class FirstSettings(Struct, frozen=True):
    """What was said: ``told`` is a mail address, the address of a Slack webhook, or empty for nobody."""

    contact: str
    told: str
    server: str  # host or host:port of the mail server, empty where no mail is sent
    sources: tuple[str, ...]  # patterns; empty: all
    data: str

    @property
    def needs_password(self) -> bool:
        """Whether the mail server is one that asks who sends: any but this machine."""
        return bool(self.server) and self.server.partition(":")[0] not in ("localhost", "127.0.0.1")


def as_contact(answer: str) -> str:
    """An address or a page. Raises ConfigError for neither."""
    if _ADDRESS.fullmatch(answer) or re.fullmatch(r"https?://\S+", answer):
        return answer
    raise ConfigError("contact: write a mail address, or the address of a page with https://")


def as_told(answer: str) -> str:
    """A mail address, a webhook, or nothing. Raises ConfigError for anything else."""
    if not answer or _ADDRESS.fullmatch(answer) or _WEBHOOK.fullmatch(answer):
        return answer
    raise ConfigError("told: write one mail address, or https://hooks.slack.com/services/…, or nothing")


def server_of(address: str) -> str:
    """The mail server that an address suggests."""
    return f"smtp.{address.rpartition('@')[2]}"


def as_server(answer: str) -> str:
    """A host, with its port where that is not the usual one. Raises ConfigError for anything else."""
    if _SERVER.fullmatch(answer):
        return answer
    raise ConfigError("mail server: write a host such as smtp.newsroom.example, or localhost")


def publishers() -> str:
    """Whose pages are shipped."""
    from cli.configuration.settings import SHIPPED

    return ", ".join(sorted({file.parent.name for file in SHIPPED.glob("*/*.yaml")}))


def as_patterns(answer: str) -> tuple[str, ...]:
    """Patterns of sources; none for all. Raises ConfigError for what names no source that is shipped."""
    from cli.configuration.settings import SHIPPED, select
    from watchers.sources.load import load_sources

    words = [word for word in re.split(r"[,\s]+", answer) if word]
    if words in ([], ["all"]):
        return ()
    patterns = tuple(word if "/" in word else f"{word}/*" for word in words)
    select(load_sources([SHIPPED]), patterns)
    return patterns


def write(settings: FirstSettings, path: Path) -> None:
    """Write the file, readable by its owner alone. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        path.chmod(0o600)
        file.write(_text(settings))


def _text(settings: FirstSettings) -> str:
    watched = f"sources: {json.dumps(settings.sources)}" if settings.sources else '# sources: ["ice/*"]   # all'
    parts = [
        "# monitor.example.yaml beside the program, and docs/settings.md, say what else may stand here.\n",
        f"data: {_quoted(settings.data)}\n",
        f"contact: {_quoted(settings.contact)}\n",
        f"{watched}\n",
        "archive:\n  here_only: true   # readers sit at this machine; else: address: https://…\n",
    ]
    if settings.told:
        address = _quoted(_destination(settings))
        parts += [
            "destinations:\n",
            f"  - {{name: desk, url: {address}}}\n",
            "  # Fetch trouble, for those who run the monitor.\n",
            f"  - {{name: operators, operators: true, url: {address}}}\n",
        ]
    return "".join(parts)


def _destination(settings: FirstSettings) -> str:
    """The apprise URL; the password of a mail account comes from the environment."""
    hook = _WEBHOOK.fullmatch(settings.told)
    if hook is not None:
        return f"slack://{hook[1]}/{hook[2]}/{hook[3]}"
    whose = quote(settings.told, safe="")
    query = f"from={whose}&to={whose}"
    if settings.needs_password:
        return f"mailtos://{whose}:${{{PASSWORD}}}@{settings.server}?{query}"
    return f"mailto://{settings.server}?{query}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
