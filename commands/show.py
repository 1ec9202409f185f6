"""``show RELEASE``: what a release is, what was said of it, and its tables as history keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, config_option, json_option, print_finding, print_json, shown, with_plain_errors
from state.errors import StoreError

if TYPE_CHECKING:
    from state.model import Release, ReleaseFacts, TableFacts
    from state.notes import Note
    from state.reading.timeline import Browser

GROUP = "judge"


@click.command("show", epilog="Example: python monitor.py show acm0e9hdj2 --rows 5")
@click.argument("id", metavar="RELEASE|FINDING")
@click.option("--rows", type=click.IntRange(0), default=3, show_default=True, help="Rows of each table to show.")
@config_option
@json_option
@with_plain_errors
def command(*, id: str, rows: int, config: Path | None, as_json: bool) -> int:
    """Show a release by its id: where it came from, its findings, tables, notes and copies; or one finding.

    Rows and columns of tables are named as history compares them: in lower case, with spaces evened out.
    """
    from cli.configuration.settings import read_configuration
    from state.reading.timeline import Browser

    with Browser(read_configuration(config).database) as browser:
        if browser.finding(id) is not None:
            return _show_finding(browser, id, as_json=as_json)
        try:
            release = browser.archive.release(id)
        except StoreError:
            raise StoreError(f"the archive has no release and no finding {id}") from None
        if as_json:
            print_json(_release_json(browser, release))
        else:
            _tell_release(browser, release, rows=rows)
    return DONE


def _tell_release(browser: Browser, release: Release, *, rows: int) -> None:
    facts = browser.archive.facts(release)
    title = facts.title if facts else ""
    click.echo(click.style(title or release.file_name or release.url, bold=True))
    for name, value in _lines(browser, release, facts):
        if value:
            click.echo(f"  {name:<10} {value}")
    for past in browser.findings_of(release.id):
        print_finding(past.finding)
        click.echo(f"          finding {past.finding.id}")
    for table in facts.tables if facts else ():
        _tell_table(table, rows=rows)
    _tell_notes(browser.notes.of(release.id))


def _lines(browser: Browser, release: Release, facts: ReleaseFacts | None) -> tuple[tuple[str, str], ...]:
    before = browser.archive.previous(release)
    copy = browser.copies.of(release.id)
    put_in = " (put in later; it alerted nobody)" if release.technical else ""
    return (
        ("release", f"{release.id} of {release.source}, {release.series}{put_in}"),
        ("seen", f"{release.at:%Y-%m-%d %H:%M} UTC"),
        ("as of", str(facts.as_of.date or facts.as_of.text) if facts and facts.as_of else ""),
        ("address", release.url),
        ("file", f"{release.file_name or '(no name)'}, {release.media_type}, {release.size:,} bytes"),
        ("sha256", release.sha256),
        ("follows", f"{before.id} of {before.at:%Y-%m-%d}" if before else "nothing: it is the first"),
        ("copy", (copy.address or f"{copy.state.value}: {copy.trouble or 'asked for'}") if copy else ""),
        ("", "" if facts else "it could not be read"),
    )


def _tell_table(table: TableFacts, *, rows: int) -> None:
    place = " · ".join(part for part in (table.sheet, str(table.as_of) if table.as_of else None) if part)
    click.echo()
    click.echo(click.style(table.name or "(untitled table)", bold=True) + (f"  {place}" if place else ""))
    click.echo(f"  {len(table.rows):,} rows; columns: {', '.join(table.columns)}")
    for key, values in list(zip(table.rows, table.values, strict=False))[:rows]:
        click.echo(f"    {key}: {' | '.join(shown(value) for value in values)}")


def _tell_notes(notes: Sequence[Note]) -> None:
    for note in notes:
        click.echo(f"note of {note.at:%Y-%m-%d %H:%M} by {note.author}: {note.words}")


def _show_finding(browser: Browser, id: str, *, as_json: bool) -> int:
    from state.contract import finding_to_json
    from state.triage import decision_to_json

    told = browser.finding(id)
    assert told is not None
    decided = browser.triage.of(told.past.finding.event or "")
    said = browser.archive.occurrences(id)
    if as_json:
        print_json(
            {
                **finding_to_json(told.past.finding),
                **decision_to_json(decided[-1] if decided else None),
                "state": told.past.state.value,
                "said_at": [at.isoformat() for at, _ in said],
                "release": told.after.id if told.after else None,
                "release_before": told.before.id if told.before else None,
                "notes": _notes_json(browser.notes.of(id)),
            }
        )
        return DONE
    print_finding(told.past.finding, items=50)
    click.echo(f"  of {told.past.finding.source}, {told.past.finding.series}")
    for at, finding in said:
        other_words = f": {finding.title}" if finding.title != told.past.finding.title else ""
        click.echo(f"  said {at:%Y-%m-%d %H:%M}{other_words}")
    if told.after:
        click.echo(f"  release {told.after.id}" + (f" after {told.before.id}" if told.before else ""))
    for each in decided:
        click.echo(f"{each.standing.value}, {each.at:%Y-%m-%d %H:%M}, by {each.author}: {each.note}".rstrip(": "))
    _tell_notes(browser.notes.of(id))
    return DONE


def _release_json(browser: Browser, release: Release) -> dict[str, object]:
    from state.contract import finding_to_json
    from state.triage import decision_to_json

    facts = browser.archive.facts(release)
    before = browser.archive.previous(release)
    copy = browser.copies.of(release.id)
    standings = browser.triage.standings()
    return {
        "release": release.id,
        "source": release.source,
        "series": release.series,
        "at": release.at.isoformat(),
        "as_of": str(facts.as_of.date) if facts and facts.as_of and facts.as_of.date else None,
        "title": facts.title if facts else None,
        "url": release.url,
        "file_name": release.file_name,
        "media_type": release.media_type,
        "size": release.size,
        "sha256": release.sha256,
        "put_in_later": release.technical,
        "before": before.id if before else None,
        "copy": copy.address if copy else None,
        "readable": facts is not None,
        "findings": [
            {
                **finding_to_json(past.finding),
                **decision_to_json(standings.get(past.finding.event or "")),
            }
            for past in browser.findings_of(release.id)
        ],
        "tables": [
            {
                "name": table.name,
                "sheet": table.sheet,
                "as_of": str(table.as_of) if table.as_of else None,
                "columns": list(table.columns),
                "rows": [[key, *values] for key, values in zip(table.rows, table.values, strict=False)],
            }
            for table in (facts.tables if facts else ())
        ],
        "notes": _notes_json(browser.notes.of(release.id)),
    }


def _notes_json(notes: Sequence[Note]) -> list[dict[str, str]]:
    return [{"at": note.at.isoformat(), "author": note.author, "words": note.words} for note in notes]
