"""References that the program knows best: commands with their options, and every key of its files."""

from __future__ import annotations

import datetime as dt
import inspect
import re
from collections.abc import Iterator
from typing import Any

import click
import msgspec
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from cli.configuration import model
from monitor import main
from watchers.sources.load import SeriesFile, SourceFile

_WIDTH = 100
_COMMENT = re.compile(r"^    (\w+): [^#\n]+#\s*(.+)$", re.MULTILINE)

_COMMANDS = """\
# Commands

Made by `make docs`: what each command says of itself with `--help`.
"""

_SETTINGS = """\
# Settings

Made by `make docs` from what the program reads. `monitor.example.yaml` shows how they are written.
"""

_TABLES = (
    ("monitor.yaml", model.Configuration),
    ("`destinations`: each entry", model.DestinationSettings),
    ("`politeness`", model.PolitenessSettings),
    ("`archive`", model.ArchiveSettings),
)


def commands_document() -> str:
    """The text of ``docs/commands.md``."""
    parts = [_COMMANDS]
    with click.Context(main, info_name="monitor.py") as top:
        for name in main.list_commands(top):
            command = main.get_command(top, name)
            assert command is not None
            parts += _sections(command, top, name, level=2)
    return "\n".join(parts)


def settings_document() -> str:
    """The text of ``docs/settings.md``."""
    parts = [_SETTINGS]
    for title, struct in _TABLES:
        parts.append(_table(title, _of_struct(struct)))
    parts.append(_table("A source file", _of_model(SourceFile)))
    parts.append(_table("A source file, each entry of `series`", _of_model(SeriesFile)))
    return "\n".join(parts)


def _sections(command: click.Command, parent: click.Context, name: str, *, level: int) -> Iterator[str]:
    """The help of a command, then of those under it."""
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    with context:
        title = context.command_path.removeprefix("monitor.py ")
        yield f"{'#' * level} {title}\n\n```\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                under = command.get_command(context, inner)
                assert under is not None
                yield from _sections(under, context, inner, level=level + 1)


def _table(title: str, rows: Iterator[tuple[str, str, str]]) -> str:
    lines = "".join(f"| `{key}` | {meaning} | {default} |\n" for key, meaning, default in rows)
    return f"## {title}\n\n| key | meaning | if left out |\n|---|---|---|\n{lines}"


def _of_struct(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str, str]]:
    """Keys with the comments that stand beside them, and their defaults."""
    meanings = dict(_COMMENT.findall(inspect.getsource(struct)))
    for field in msgspec.structs.fields(struct):
        nested = isinstance(field.default, msgspec.Struct)
        yield field.encode_name, meanings.get(field.name, ""), "" if nested else _shown(field.default)


def _of_model(file: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    """Keys with their descriptions and defaults."""
    for key, field in file.model_fields.items():
        yield field.alias or key, field.description or "", _shown(field.get_default(call_default_factory=True))


def _shown(default: Any) -> str:  # noqa: ANN401 - whatever a key may hold
    if default is msgspec.NODEFAULT or default is PydanticUndefined:
        return "needed"
    if isinstance(default, dt.timedelta):
        return (
            f"`{default // dt.timedelta(days=1)}d`" if default.days else f"`{default // dt.timedelta(hours=1)}h`"
        )
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return ", ".join(f"`{each}`" for each in default)
    return "" if default is None or default in ("", {}) else f"`{default}`"
