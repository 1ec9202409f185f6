"""Pages that scripts put together, and what is to be made of each: read, or said to have failed.

They stand in ``browser_pages.yaml``, which says how.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from watchers.fetching.browser import Wishes

_TABLE: Final = "<table><tr><th>County</th><th>Removals</th></tr><tr><td>Webb</td><td>1,234</td></tr></table>"
READ: Final = "Webb"
"""What a page that is read has to say."""


@dataclass(frozen=True)
class Reply:
    """What a path answers; ``wait``: seconds before it does."""

    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0


@dataclass(frozen=True)
class ScriptedPage:
    """A page, what else its server has, and whether it has to be read; where not, the look must fail."""

    name: str
    body: str
    is_read: bool
    parts: Mapping[str, Reply]
    wishes: Wishes


def _text(entry: Mapping[str, Any]) -> str:
    text, times = entry.get("long", ("", 0))
    return str(entry["body"]).replace("{table}", _TABLE).replace("{long}", text * times)


def _reply(entry: Mapping[str, Any]) -> Reply:
    more = {name: entry[name] for name in ("media_type", "status", "headers", "wait") if name in entry}
    return Reply(_text(entry).encode("latin-1"), **more)


def _page(entry: Mapping[str, Any]) -> ScriptedPage:
    parts = {path: _reply(part) for path, part in entry.get("parts", {}).items()}
    wishes = Wishes(entry.get("wait_for"), tuple(entry.get("click", ())))
    return ScriptedPage(entry["name"], _text(entry), "reads" not in entry, parts, wishes)


PAGES: Final = tuple(map(_page, yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))))
