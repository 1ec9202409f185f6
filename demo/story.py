"""Runs the monitor through the rounds of 2009 and 2010 against the re-created site, and tells what came of it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import yaml
from msgspec import Struct
from msgspec.structs import replace

from cli.configuration.model import ArchiveSettings, Configuration, PolitenessSettings, Settings
from cli.console import item_lines
from cli.rounds import run_round
from demo.rounds import ROUNDS, Round, watched_in
from demo.sinks import MailSink, WebhookSink
from demo.site import Site
from state.errors import ConfigError
from state.kinds import Severity
from state.model import Destination, Finding
from state.vocabulary import OPERATIONS
from watchers.sources.load import load_sources

Echo = Callable[[str], object]

SOURCES = Path(__file__).resolve().parent / "sources"
_MARK = "demo-of-release-monitor"  # a folder with this file in it is ours to make anew
_OPENING = """\
The documents of this demonstration are RE-CREATIONS, made from figures that were reported in public.
What was published in 2009 and 2010 is played again by a small web server on this machine, round after
round; the monitor fetches, stores, compares and alerts as it would have then.
"""


class Story(Struct, frozen=True):
    """What came of the demonstration."""

    database: Path
    mails: tuple[Path, ...]
    messages: tuple[Path, ...]
    missed: tuple[str, ...]  # what should have been said and was not
    surplus: tuple[str, ...]  # what was said above info and should not have been
    said: tuple[tuple[Finding, ...], ...] = ()  # by round, what it had to say that was not said before

    @property
    def as_told(self) -> bool:
        """Whether everything was said that had to be, and nothing else."""
        return not self.missed and not self.surplus


def live_through(folder: Path, *, echo: Echo, port: int = 8717) -> Story:
    """Play every round and judge it; mails, messages and the archive are kept in ``folder``.

    Raises ConfigError where ``folder`` holds something that is not an earlier demonstration.
    """
    _make_anew(folder)
    echo(_OPENING)
    missed: list[str] = []
    surplus: list[str] = []
    said: list[tuple[Finding, ...]] = []
    with (
        Site() as site,
        MailSink(folder / "mails") as mails,
        WebhookSink(folder / "messages") as messages,
    ):
        settings = _settings(folder, port=port, site=site, mails=mails, messages=messages)
        for number, chapter in enumerate(ROUNDS, start=1):
            site.play(number)
            findings = _play(settings, number, chapter)
            said.append(findings)
            _tell(chapter, findings, echo)
            missing, unasked = _held_against(chapter, findings)
            missed += missing
            surplus += unasked
        story = Story(
            database=settings.configuration.database,
            mails=mails.files,
            messages=messages.files,
            missed=tuple(missed),
            surplus=tuple(surplus),
            said=tuple(said),
        )
    _tell_end(story, folder, echo)
    return story


def _make_anew(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise ConfigError(f"{folder} holds other things; name an empty folder with --output")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARK).write_text("Made by `monitor.py demo`; made anew at each run.\n")


def _settings(folder: Path, *, port: int, site: Site, mails: MailSink, messages: WebhookSink) -> Settings:
    address = f"http://127.0.0.1:{port}"
    configuration = Configuration(
        data=folder / "archive",
        contact="demo@example.org",
        shipped_sources=False,
        allow_hosts=("127.0.0.1",),
        politeness=PolitenessSettings(seconds_between_requests=0, timeout=10, retries=1),
        archive=ArchiveSettings(address=address, port=port),
    )
    keys = {
        "data": "archive",
        "contact": configuration.contact,
        "shipped_sources": False,
        "allow_hosts": [*configuration.allow_hosts],
        "archive": {"address": address, "port": port},
    }
    (folder / "monitor.yaml").write_text(yaml.safe_dump(keys))
    mail = f"mailto://127.0.0.1:{mails.port}?mode=insecure&from=monitor@example.org&to="
    return Settings(
        configuration=configuration,
        sources=load_sources([_write_sources(folder / "sources", site)]),
        destinations=(
            Destination(name="mail", url=f"{mail}watchdog@example.org", least=Severity.LOW),
            Destination(
                name="chat",
                url=f"mmost://127.0.0.1:{messages.port}/3ccdd113474722377935511fc85d3dd4?image=no",
                least=Severity.MEDIUM,
            ),
            Destination(name="operators", url=f"{mail}operator@example.org", least=Severity.LOW, operators=True),
        ),
    )


def _write_sources(folder: Path, site: Site) -> Path:
    """The source files with addresses at the small server, where the configuration looks for them.

    The host becomes the first part of the path. So `status` and `reanalyse` know the sources afterwards, and a
    round that somebody runs then asks a server that has gone, not the publishers of today.
    """
    for path in sorted(SOURCES.rglob("*.yaml")):
        target = folder / path.relative_to(SOURCES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(re.sub(r"^url: http://", f"url: {site.base_url}/", path.read_text(), flags=re.MULTILINE))
    return folder


def _play(settings: Settings, number: int, chapter: Round) -> tuple[Finding, ...]:
    wanted = watched_in(number)
    followed = tuple(source for source in settings.sources if source.id in wanted)
    outcome = run_round(replace(settings, sources=followed), past=_clock_at(chapter.at))
    return tuple(finding for result in outcome.results for finding in result.findings)


def _clock_at(at: dt.datetime) -> Callable[[], dt.datetime]:
    """A clock that stands at the time of the round."""
    return lambda: at


def _tell(chapter: Round, findings: Sequence[Finding], echo: Echo) -> None:
    echo(f"\n{chapter.at:%-d %B %Y, %H:%M} UTC   {chapter.happened}")
    for finding in findings:
        if finding.severity is Severity.INFO:
            continue
        whom = "to operators: " if finding.kind in OPERATIONS else ""
        echo(f"  {finding.severity.value.upper():<8} {whom}{finding.kind}: {finding.title}")
        for line in item_lines(finding, 8):
            echo(f"             {line}")
    if not any(finding.severity is not Severity.INFO for finding in findings):
        echo("  nothing said")
    for line in chapter.quiet:
        echo(f"  (quiet)  {line}")


def _held_against(chapter: Round, findings: Iterable[Finding]) -> tuple[list[str], list[str]]:
    """What the round had to bring and did not, and what it brought unasked or twice, a line each."""
    wanted = Counter({(said.source, said.kind): said.times for said in (*chapter.says, *chapter.operators)})
    told = Counter(
        (finding.source or "", finding.kind) for finding in findings if finding.severity is not Severity.INFO
    )
    when = f"{chapter.at:%-d %B %Y}"
    missing = [f"{when}: {source}: {kind}" for source, kind in sorted((wanted - told).elements())]
    return missing, [f"{when}: {source}: {kind}" for source, kind in sorted((told - wanted).elements())]


def _tell_end(story: Story, folder: Path, echo: Echo) -> None:
    wanted = sum(said.times for chapter in ROUNDS for said in chapter.says)
    quiet = sum(len(chapter.quiet) for chapter in ROUNDS)
    echo(f"\n{wanted} things had to be said to watchdogs, {quiet} had to be passed over in silence.")
    for line in story.missed:
        echo(f"  MISSED   {line}")
    for line in story.surplus:
        echo(f"  UNASKED  {line}")
    if story.as_told:
        echo("All of it was said, each once, and nothing else.")
    echo(f"\n{len(story.mails)} mails: {folder / 'mails'}")
    echo(f"{len(story.messages)} chat messages: {folder / 'messages'}")
