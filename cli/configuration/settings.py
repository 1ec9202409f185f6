"""The user's ``monitor.yaml``: every key has a default, and every error names the key and the remedy.

What the commands share to find their data, sources and destinations.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec.structs import replace

from cli.configuration.environment import from_environment
from cli.configuration.model import Configuration, DestinationSettings, Settings
from state.errors import ConfigError
from state.kinds import Severity
from state.model import Destination, Source
from state.vocabulary import KINDS

DEFAULT_NAME = "monitor.yaml"
SHIPPED = Path(__file__).resolve().parents[2] / "watchers"


def default_path(path: Path | None) -> Path:
    """The file of the configuration: the one that was named, or ``monitor.yaml`` here."""
    return Path(DEFAULT_NAME) if path is None else path


def read_configuration(path: Path | None) -> Configuration:
    """The configuration in ``path``, or in ``monitor.yaml`` here, or the defaults where there is none.

    Raises ConfigError naming file and key.
    """
    from cli.configuration.file import read_file

    if path is None and not default_path(path).exists():
        return Configuration()
    path = default_path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; name the configuration with --config FILE") from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path}: cannot be read ({why}); name another one with --config FILE") from error
    configuration, written = read_file(text, name=str(path))
    home = path.parent
    missing = [folder for folder in configuration.source_folders if not (home / folder).is_dir()]
    if missing and "source_folders" in written:
        raise ConfigError(
            f"{path}: source_folders: there is no folder {home / missing[0]}; make it or leave it out"
        )
    return replace(
        configuration,
        data=home / configuration.data,
        source_folders=tuple(home / folder for folder in configuration.source_folders),
        stamp_roots=tuple(home / file for file in configuration.stamp_roots),
    )


def read_settings(path: Path | None, *, only: tuple[str, ...] = (), strict: bool = True) -> Settings:
    """Configuration, the sources wanted (``only`` narrows them by id or pattern) and the destinations.

    Raises ConfigError for a wrong file, an unknown source, an unset secret or an unknown kind. Where it is not
    ``strict``, a wrong source file costs its own source only, unless nothing else is wanted.
    """
    configuration, sources, mistakes = _read_all(path)
    watched, mistakes = _narrow(sources, mistakes, configuration.sources)
    sources, mistakes = _narrow(watched, mistakes, only)
    if mistakes and (strict or not sources):
        raise next(iter(mistakes.values()))
    if not sources:
        raise ConfigError("there is nothing to watch: write a source file, or set shipped_sources: true")
    destinations = tuple(destination_of(wanted) for wanted in configuration.destinations)
    check_names(destinations)
    return Settings(
        configuration=configuration,
        sources=sources,
        destinations=destinations,
        watched=watched,
        mistakes=tuple(map(str, mistakes.values())),
    )


def _read_all(path: Path | None) -> tuple[Configuration, tuple[Source, ...], dict[str, ConfigError]]:
    """Configuration and all sources from their files, with what is wrong with those of others."""
    from watchers.sources.load import read_sources

    configuration = read_configuration(path)
    return configuration, *read_sources(folders_of(configuration))


def _narrow(
    sources: tuple[Source, ...], mistakes: dict[str, ConfigError], wanted: tuple[str, ...]
) -> tuple[tuple[Source, ...], dict[str, ConfigError]]:
    """The sources, and the mistakes in files of others, that the patterns name; all where none is given."""
    for pattern in wanted:
        meant = [error for id, error in mistakes.items() if fnmatchcase(id, pattern)]
        if meant and not any(fnmatchcase(source.id, pattern) for source in sources):
            raise meant[0]
    named = {id: error for id, error in mistakes.items() if is_wanted(id, wanted)}
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
    return tuple(source for source in sources if is_wanted(source.id, wanted))


def is_wanted(source: str, wanted: Sequence[str]) -> bool:
    """Whether one of the patterns names the source, or none is given."""
    return not wanted or any(fnmatchcase(source, pattern) for pattern in wanted)


def destination_of(wanted: DestinationSettings) -> Destination:
    """The destination, its secrets filled in. Raises ConfigError for an unset secret or an unknown kind."""
    unknown = [kind for kind in wanted.kinds if kind not in KINDS]
    if unknown:
        raise ConfigError(f"destination {wanted.name}: no kind is called {unknown[0]!r}; see docs/kinds.md")
    return Destination(
        name=wanted.name,
        url=_with_secrets(wanted.url, wanted.name),
        least=wanted.least or (Severity.LOW if wanted.operators else Severity.MEDIUM),
        kinds=frozenset(wanted.kinds),
        sources=wanted.sources,
        terms=wanted.terms,
        operators=wanted.operators,
        digest=wanted.digest,
        quiet=wanted.quiet,
        zone=wanted.zone,
        wake=wanted.wake,
        fallback=wanted.fallback,
        most_per_hour=wanted.most_per_hour,
        receipt=wanted.receipt,
        triage=wanted.triage,
        signing_key=None if wanted.signing_key is None else _with_secrets(wanted.signing_key, wanted.name),
    )


def check_names(destinations: Sequence[Destination]) -> None:
    """Raises ConfigError where two destinations have one name, or a fallback is none or ends in itself."""
    known = {destination.name: destination for destination in destinations}
    for name in known:
        if sum(destination.name == name for destination in destinations) > 1:
            raise ConfigError(f"destinations: two are called {name!r}; give each a name of its own")
    for destination in destinations:
        seen = [destination.name]
        while (following := known[seen[-1]].fallback) is not None:
            if following not in known:
                raise ConfigError(f"destination {seen[-1]}: fallback: no destination is called {following!r}")
            if following in seen:
                raise ConfigError(f"destination {destination.name}: fallback: {following!r} leads back to itself")
            seen.append(following)


def _with_secrets(url: str, name: str) -> str:
    try:
        return from_environment(url, address=True)
    except ConfigError as error:
        raise ConfigError(f"destination {name}: {error}") from error
