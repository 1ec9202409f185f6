"""``search WORDS``: full text over every version of everything."""

from __future__ import annotations

from pathlib import Path

import click

from commands.console import DONE, FOUND, config_option, json_option, print_json, with_plain_errors


@click.command("search", epilog="Example: python monitor.py search segregation placement")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many passages.")
@config_option
@json_option
@with_plain_errors
def command(*, words: tuple[str, ...], limit: int, config: Path | None, as_json: bool) -> int:
    """Find passages and row labels that hold all the WORDS, in any version, and where each was first seen.

    Exit status as grep(1): 0 found, 1 not found, 2 trouble.
    """
    from commands.configuration import read_configuration
    from commands.drawing import plain
    from state.browsing import Browser

    with Browser(read_configuration(config).database) as browser:
        hits = browser.search(" ".join(words), limit=limit)
    for hit in hits:
        if as_json:
            print_json(
                {
                    "source": hit.source,
                    "release": hit.release,
                    "at": hit.at.isoformat(),
                    "section": hit.section,
                    "text": hit.text,
                }
            )
            continue
        click.echo(click.style(f"{hit.source}  {hit.release}  first seen {hit.at:%Y-%m-%d}", bold=True))
        section = f"{plain(hit.section)}: " if hit.section else ""
        click.echo(f"    {section}{plain(hit.text)}")
    return DONE if hits else FOUND
