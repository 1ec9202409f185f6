"""``sources``: what is watched, and when each was last looked at."""

from __future__ import annotations

from pathlib import Path

import click

from cli.console import DONE, config_option, json_option, print_json, with_plain_errors

GROUP = "look"


@click.command("sources", epilog="Example: python monitor.py sources 'ice/*'")
@click.argument("only", nargs=-1, metavar="[SOURCE…]")
@config_option
@json_option
@with_plain_errors
def command(*, only: tuple[str, ...], config: Path | None, as_json: bool) -> int:
    """List the sources, the address of each, its series and why it matters."""
    from cli.configuration.settings import read_settings

    settings = read_settings(config, only=only)
    for source in settings.sources:
        if as_json:
            print_json(
                {
                    "source": source.id,
                    "title": source.title,
                    "url": source.url,
                    "every_seconds": int(source.every.total_seconds()),
                    "series": [series.name for series in source.series],
                    "why": source.why,
                    "public": source.public,
                }
            )
            continue
        click.echo(f"{click.style(source.id, bold=True)}  {source.title}")
        click.echo(f"    {source.url}")
        click.echo(f"    series: {', '.join(series.name for series in source.series)}")
        if source.why:
            click.echo(f"    why: {source.why}")
    return DONE
