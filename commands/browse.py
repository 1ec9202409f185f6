"""``browse``: the archive in a web browser, read-only, on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import DONE, config_option, with_plain_errors
from state.errors import ConfigError

if TYPE_CHECKING:
    from cli.configuration.model import Configuration
    from state.model import Source

GROUP = "archive"


@click.command("browse", epilog="Example: python monitor.py browse --port 8717")
@config_option
@click.option("--host", help="Where to listen; 127.0.0.1 unless the configuration says otherwise.")
@click.option("--public", is_flag=True, help="For everyone: without the sources whose file says `public: false`.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes any free port.")
@with_plain_errors
def command(*, config: Path | None, host: str | None, port: int | None, public: bool) -> int:
    """Serve the archive: timelines, findings, both releases side by side, search, a feed.

    `/health` answers 503 where a source was not looked at for too long, `/metrics` as Prometheus reads it.
    It reads only, but for what the signed link of a message says of its finding (`triage: true`), and listens on
    loopback unless told otherwise. Where others can reach it, it opens with `--public`, with a token that the
    configuration names (`archive: token: ${NAME}`) and its readers sign in with, or with both. End it with Ctrl-C.
    """
    from cli.configuration.settings import is_wanted, read_configuration

    settings = read_configuration(config)
    where = host or settings.archive.host
    if not (public or settings.archive.token or _is_here(where)):
        raise ConfigError(
            f"everyone who reaches {where} would see all of the archive: say `--public` to show what is for the"
            " public, or write `archive: token: ${NAME}` into the configuration for readers who sign in"
        )
    sources = _sources(settings)
    serve(
        settings.database,
        host=where,
        port=settings.archive.port if port is None else port,
        address=settings.archive.address,
        sources=sources,
        watched=frozenset(id for id in sources if is_wanted(id, settings.sources)),
        public=public,
        token=settings.archive.token,
    )
    return DONE


def _is_here(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    import ipaddress

    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _sources(configuration: Configuration) -> Mapping[str, Source]:
    """What the source files tell of each source; a wrong file closes no archive, it is only said."""
    from cli.configuration.settings import folders_of
    from watchers.sources.load import load_sources

    try:
        return {source.id: source for source in load_sources(folders_of(configuration))}
    except ConfigError as error:
        click.echo(f"Without titles of sources: {error}", err=True)
        return {}


def serve(
    database: Path,
    *,
    host: str,
    port: int,
    demo: bool = False,
    address: str = "",
    sources: Mapping[str, Source] | None = None,
    watched: frozenset[str] | None = None,
    public: bool = False,
    token: str | None = None,
) -> None:
    """Serve the archive in ``database`` until interrupted; prints the address once it listens.

    Beside localhost and bare addresses it answers to the names in ``host`` and in ``address``, as links begin.
    ``sources``, by id, tell what each source is; ``watched`` are those of them that are to be looked at.
    ``public`` and ``token``: see ``archive.visitors``.

    Raises StoreError where there is no archive yet.
    """
    import socket
    from urllib.parse import urlsplit

    import uvicorn

    from archive.visitors import Visitors
    from archive.web import make_app
    from state.reading.timeline import Browser

    with Browser(database) as archive, socket.create_server((host, port)) as listener:
        click.echo(f"The archive is open at http://{host}:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
        names = frozenset(filter(None, (host, urlsplit(address).hostname)))
        writable = None if demo else database
        visitors = Visitors(private=archive.private, public=public, token=token)
        app = make_app(
            archive,
            demo=demo,
            names=names,
            sources=sources,
            watched=watched,
            desk=writable,
            visitors=visitors,
        )
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        with suppress(KeyboardInterrupt):  # the announced way to end it
            server.run(sockets=[listener])
