"""The source whose rules hold for files of the command line."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from cli.inputs import FILES, PAGES, read_bytes, series_of
from state.model import Source
from state.sniffing import sniff


def source_for(name: str | None, path: Path, *, series: str | None = None, config: Path | None = None) -> Source:
    """The source whose rules hold for files such as ``path``, with the one series that they belong to.

    ``name`` is the id of a source, or the path of a source file; without one, nothing is declared. Raises
    ConfigError where there is no such source, or several series could be meant.
    """
    if name is None:
        return FILES
    source = _named_source(name, config)
    page = sniff(read_bytes(path), media_type="", file_name=path.name) in PAGES
    return replace(source, series=(series_of(source, series, page=page, path=path),))


def _named_source(name: str, config: Path | None) -> Source:
    file = Path(name)
    if file.suffix in (".yaml", ".yml"):
        from watchers.sources.load import load_source

        return load_source(file, id=file.stem)
    from cli.configuration.settings import read_settings
    from cli.report import only_source

    return only_source(read_settings(config, only=(name,)))
