"""``search WORDS``: full text over every version of everything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, FOUND, config_option, json_option, print_json, with_plain_errors

if TYPE_CHECKING:
    from state.search.query import Hit

GROUP = "archive"


@click.command("search", epilog="Example: python monitor.py search segregation placement")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many passages.")
@config_option
@json_option
@with_plain_errors
def command(*, words: tuple[str, ...], limit: int, config: Path | None, as_json: bool) -> int:
    """Find passages and row labels that hold all the WORDS, in any version, and when each was seen first and last.

    Exit status as grep(1): 0 found, 1 not found, 2 trouble.
    """
    from cli.configuration.settings import read_configuration
    from cli.render import plain
    from state.reading.timeline import Browser

    with Browser(read_configuration(config).database) as browser:
        hits = browser.search(" ".join(words), limit=limit)
    for hit in hits:
        if as_json:
            print_json(
                {
                    "source": hit.source,
                    "release": hit.release,
                    "at": hit.at.isoformat(),
                    "last_at": hit.last_at.isoformat(),
                    "gone_from": hit.gone_from.id if hit.gone_from else None,
                    "section": hit.section,
                    "text": hit.text,
                }
            )
            continue
        click.echo(click.style(f"{hit.source}  {hit.release}  {_seen(hit)}", bold=True))
        section = f"{plain(hit.section)}: " if hit.section else ""
        click.echo(f"    {section}{plain(hit.text)}")
    return DONE if hits else FOUND


def _seen(hit: Hit) -> str:
    """From when to when, and in which release it is missing."""
    seen = f"first seen {hit.at:%Y-%m-%d}, last seen {hit.last_at:%Y-%m-%d}"
    return f"{seen}, not in release {hit.gone_from.id}" if hit.gone_from else f"{seen}, in the newest release"
