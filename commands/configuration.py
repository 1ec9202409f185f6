"""The user's ``monitor.yaml``: every key has a default, and every error names the key and the remedy.

This is not a command; it is what the commands share to find their data, sources and destinations.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, field_validator

from state.errors import ConfigError
from state.kinds import DEFAULT_SEVERITY, Severity
from state.model import Destination, Digest, Source

DEFAULT_NAME = "monitor.yaml"
SHIPPED = Path(__file__).resolve().parent.parent / "watchers"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DestinationSettings(_Strict):
    """Where alerts go: one apprise URL, one recipient."""

    name: str
    url: str  # an apprise URL; ${NAME} is taken from the environment
    least: Severity | None = None  # medium; for operators low, since fetch trouble begins there
    kinds: tuple[str, ...] = ()  # empty: all
    sources: tuple[str, ...] = ()  # empty: all; "ice/*" matches a publisher
    operators: bool = False  # True: hears of fetch trouble, and only of it
    digest: Literal["at-once", "daily", "weekly"] = "at-once"
    quiet: Annotated[str, Field(pattern=r"^\d\d:\d\d-\d\d:\d\d$")] | None = None  # "22:00-07:00", UTC


class Politeness(_Strict):
    """How gently publishers are asked."""

    seconds_between_requests: float = Field(default=1.0, ge=0)  # to one host
    timeout: float = Field(default=60.0, gt=0)  # seconds in all for one address
    retries: int = Field(default=3, ge=1)  # tries of what may be transient
    proxy: str | None = None  # http://host:port, for machines that reach the web through one


class ArchiveSettings(_Strict):
    """The pages that ``browse`` serves."""

    address: str = "http://127.0.0.1:8717"  # how links in alerts begin
    host: str = "127.0.0.1"
    port: int = Field(default=8717, ge=0, le=65535)


class Configuration(_Strict):
    """All settings. Relative paths are taken from the folder of the file."""

    data: Path = Path("data")
    contact: str = ""  # an address or page for the User-Agent, so that publishers can reach you
    sources: tuple[str, ...] = ()  # ids or patterns such as "ice/*"; empty: all
    source_folders: tuple[Path, ...] = (Path("sources"),)  # extend and override the shipped ones
    shipped_sources: bool = True
    destinations: tuple[DestinationSettings, ...] = ()
    politeness: Politeness = Politeness()
    archive: ArchiveSettings = ArchiveSettings()
    allow_hosts: tuple[str, ...] = ()  # private or loopback hosts that you mean to watch
    every: str = "15m"  # how often the daemon looks for what is due
    health_ping: str | None = None  # asked after each complete round
    stamps: tuple[str, ...] = ()  # addresses of time stamp authorities (RFC 3161); two are better than one
    stamp_roots: tuple[Path, ...] = ()  # their certificates (PEM), to verify stamps with
    web_archive: str = "https://web.archive.org"  # where `backfill` looks and copies are saved

    @field_validator("every")
    @classmethod
    def _every_is_a_duration(cls, text: str) -> str:
        from watchers.sources import read_duration

        read_duration(text)
        return text

    @property
    def interval(self) -> dt.timedelta:
        """``every`` as a duration."""
        from watchers.sources import read_duration

        return read_duration(self.every)

    @property
    def database(self) -> Path:
        """The archive's file."""
        return self.data / "archive.db"


class Settings(Struct, frozen=True):
    """A configuration with what was read beside it."""

    configuration: Configuration
    sources: tuple[Source, ...]
    destinations: tuple[Destination, ...]
    mistakes: tuple[str, ...] = ()  # what is wrong with the files of other sources that are wanted, a line each


def read_configuration(path: Path | None) -> Configuration:
    """The configuration in ``path``, or in ``monitor.yaml`` here, or the defaults where there is none.

    Raises ConfigError naming file and key.
    """
    from watchers.checked_yaml import read_model

    if path is None:
        path = Path(DEFAULT_NAME)
        if not path.exists():
            return Configuration()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; name the configuration with --config FILE") from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path}: cannot be read ({why}); name another one with --config FILE") from error
    settings = (
        read_model(text, Configuration, name=str(path), what="configuration") if text.strip() else Configuration()
    )
    home = path.parent
    missing = [folder for folder in settings.source_folders if not (home / folder).is_dir()]
    if missing and "source_folders" in settings.model_fields_set:
        raise ConfigError(
            f"{path}: source_folders: there is no folder {home / missing[0]}; make it or leave it out"
        )
    return settings.model_copy(
        update={
            "data": home / settings.data,
            "source_folders": tuple(home / folder for folder in settings.source_folders),
            "stamp_roots": tuple(home / file for file in settings.stamp_roots),
        }
    )


def read_settings(path: Path | None, *, only: tuple[str, ...] = (), strict: bool = True) -> Settings:
    """Configuration, the sources wanted (``only`` narrows them by id or pattern) and the destinations.

    Raises ConfigError for a wrong file, an unknown source, an unset secret or an unknown kind. Where it is not
    ``strict``, a wrong source file costs its own source only, unless nothing else is wanted.
    """
    from watchers.sources import read_sources

    configuration = read_configuration(path)
    sources, mistakes = read_sources(folders_of(configuration))
    for wanted in (configuration.sources, only):
        sources, mistakes = _narrow(sources, mistakes, wanted)
    if mistakes and (strict or not sources):
        raise next(iter(mistakes.values()))
    if not sources:
        raise ConfigError("there is nothing to watch: write a source file, or set shipped_sources: true")
    return Settings(
        configuration=configuration,
        sources=sources,
        destinations=tuple(destination_of(wanted) for wanted in configuration.destinations),
        mistakes=tuple(map(str, mistakes.values())),
    )


def _narrow(
    sources: tuple[Source, ...], mistakes: dict[str, ConfigError], wanted: tuple[str, ...]
) -> tuple[tuple[Source, ...], dict[str, ConfigError]]:
    """The sources, and the mistakes in files of others, that the patterns name; all where none is given."""
    for pattern in wanted:
        meant = [error for id, error in mistakes.items() if fnmatchcase(id, pattern)]
        if meant and not any(fnmatchcase(source.id, pattern) for source in sources):
            raise meant[0]
    named = {
        id: error
        for id, error in mistakes.items()
        if not wanted or any(fnmatchcase(id, pattern) for pattern in wanted)
    }
    return select(sources, wanted), named


def folders_of(configuration: Configuration) -> list[Path]:
    """The folders of source files, those that ship first."""
    shipped = [SHIPPED] if configuration.shipped_sources else []
    return shipped + [folder for folder in configuration.source_folders if folder.is_dir()]


def select(sources: tuple[Source, ...], wanted: tuple[str, ...]) -> tuple[Source, ...]:
    """The sources that the patterns name; all where none is given. Raises ConfigError for a pattern in vain."""
    for pattern in wanted:
        if not any(fnmatchcase(source.id, pattern) for source in sources):
            raise ConfigError(f"no source is called {pattern!r}; `monitor.py sources` lists them")
    if not wanted:
        return sources
    return tuple(source for source in sources if any(fnmatchcase(source.id, pattern) for pattern in wanted))


def destination_of(wanted: DestinationSettings) -> Destination:
    """The destination, its secrets filled in. Raises ConfigError for an unset secret or an unknown kind."""
    unknown = [kind for kind in wanted.kinds if kind not in DEFAULT_SEVERITY]
    if unknown:
        raise ConfigError(f"destination {wanted.name}: no kind is called {unknown[0]!r}; see docs/kinds.md")
    return Destination(
        name=wanted.name,
        url=_with_secrets(wanted.url, wanted.name),
        least=wanted.least or (Severity.LOW if wanted.operators else Severity.MEDIUM),
        kinds=frozenset(wanted.kinds),
        sources=wanted.sources,
        operators=wanted.operators,
        digest=Digest(wanted.digest),
        quiet=wanted.quiet,
    )


_SECRET = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _with_secrets(url: str, name: str) -> str:
    def secret(match: re.Match[str]) -> str:
        value = os.environ.get(match[1])
        if value is None:
            raise ConfigError(f"destination {name}: set the environment variable {match[1]}")
        return value

    return _SECRET.sub(secret, url)
