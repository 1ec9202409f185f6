"""What may stand in ``monitor.yaml``, checked by pydantic, which is slow to load."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from cli.configuration.environment import from_environment
from cli.configuration.model import ArchiveSettings, Configuration, DestinationSettings, PolitenessSettings
from state.kinds import Severity
from state.model import Digest
from watchers.sources.checked_yaml import read_model
from watchers.sources.durations import read_duration

_USUAL: Final = Configuration()
_WHEN_SENT: Final = frozenset({"url", "signing_key"})
"""Keys of destinations that are filled in where something is sent: pages open without the secrets of mail."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Destination(_Strict):
    name: str
    url: str
    least: Severity | None = None
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    operators: bool = False
    terms: tuple[str, ...] = ()
    digest: Literal["at-once", "hourly", "daily", "weekly"] = "at-once"
    quiet: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")] | None = None
    zone: str = "UTC"
    wake: Severity | None = None
    fallback: str | None = None
    most_per_hour: int = Field(default=12, ge=1)
    receipt: bool = False
    triage: bool = False
    signing_key: str | None = None

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"no time zone is called {name!r}; write it as America/New_York") from None
        return name

    def settings(self) -> DestinationSettings:
        return DestinationSettings(**dict(self) | {"digest": Digest(self.digest)})


class _Politeness(_Strict):
    seconds_between_requests: float = Field(default=_USUAL.politeness.seconds_between_requests, ge=0)
    timeout: float = Field(default=_USUAL.politeness.timeout, gt=0)
    retries: int = Field(default=_USUAL.politeness.retries, ge=1)
    proxy: str | None = None


class _Archive(_Strict):
    address: str = _USUAL.archive.address
    here_only: bool = False
    host: str = _USUAL.archive.host
    port: int = Field(default=_USUAL.archive.port, ge=0, le=65535)
    token: str | None = Field(default=None, min_length=16)


class _File(_Strict):
    data: Path = _USUAL.data
    contact: str = _USUAL.contact
    sources: tuple[str, ...] = _USUAL.sources
    source_folders: tuple[Path, ...] = _USUAL.source_folders
    shipped_sources: bool = _USUAL.shipped_sources
    destinations: tuple[_Destination, ...] = ()
    politeness: _Politeness = _Politeness()
    archive: _Archive = _Archive()
    allow_hosts: tuple[str, ...] = _USUAL.allow_hosts
    every: str = _USUAL.every
    health_ping: str | None = None
    local_mail: Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+][A-Za-z0-9._%+@-]*$")] | None = None
    stamps: tuple[str, ...] = _USUAL.stamps
    stamp_roots: tuple[Path, ...] = _USUAL.stamp_roots
    stamp_policies: tuple[str, ...] = _USUAL.stamp_policies
    web_archive: str = _USUAL.web_archive

    @field_validator("every")
    @classmethod
    def _every_is_a_duration(cls, text: str) -> str:
        read_duration(text)
        return text

    def configuration(self) -> Configuration:
        parts = {
            "destinations": tuple(each.settings() for each in self.destinations),
            "politeness": PolitenessSettings(**dict(self.politeness)),
            "archive": ArchiveSettings(**dict(self.archive)),
        }
        return Configuration(**dict(self) | parts)


def read_file(text: str, *, name: str) -> tuple[Configuration, frozenset[str]]:
    """The configuration that ``text`` describes, and which keys stand in it; ``name`` is for error messages.

    Raises ConfigError with line and remedy.
    """
    if not text.strip():
        return _USUAL, frozenset()
    file = read_model(text, _File, name=name, what="configuration", fill=from_environment, unfilled=_WHEN_SENT)
    return file.configuration(), frozenset(file.model_fields_set)
