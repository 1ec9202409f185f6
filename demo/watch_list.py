"""The demo's sources, pointed at wherever its site listens."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from state.model import Source
from watchers.sources.load import load_sources

FOLDER = Path(__file__).parent / "sources"


def demo_sources(base_url: str) -> tuple[Source, ...]:
    """The sources of ``demo/sources`` with ``http://<host>/…`` turned into ``<base_url>/<host>/…``."""
    return tuple(
        replace(source, url=f"{base_url}/{source.url.removeprefix('http://')}")
        for source in load_sources([FOLDER])
    )
