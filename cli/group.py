"""Which commands there are, so that each is imported only when it is called."""

from __future__ import annotations

import importlib
import keyword
import pkgutil
import re
from typing import Final

import click

from cli.called import as_called

GROUPS: Final = {
    "look": "Look at publishers",
    "judge": "Judge what they published, and what was said of it",
    "archive": "Look back, prove, hand over",
    "run": "Run the monitor",
}
"""By the ``GROUP`` of a command's module: the heading under which ``--help`` lists it."""

_SENTENCE: Final = re.compile(r"(.*?[.!?])(\s|$)", re.DOTALL)


class Commands(click.Group):
    """The commands of ``commands/``: each file one ``command``, imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all command modules, sorted."""
        del ctx
        return sorted(
            module.name.rstrip("_")
            for module in pkgutil.iter_modules(importlib.import_module("commands").__path__)
        )

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, or None where there is no such module."""
        if name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(_module_of(name)).command
        assert isinstance(command, click.Command)
        _speak_as_called(command)
        return command

    def get_help(self, ctx: click.Context) -> str:
        """What ``--help`` shows."""
        return as_called(super().get_help(ctx))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in groups, each with the first sentence of what it says of itself."""
        listed: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            assert command is not None
            listed[importlib.import_module(_module_of(name)).GROUP].append((name, _first_sentence(command)))
        for group, heading in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl(listed[group])


def _module_of(name: str) -> str:
    return f"commands.{name}_" if keyword.iskeyword(name) else f"commands.{name}"  # "import" cannot name a module


def _first_sentence(command: click.Command) -> str:
    text = " ".join((command.help or "").split("\n\n")[0].split())
    found = _SENTENCE.match(text)
    return found[1] if found else text


def _speak_as_called(command: click.Command) -> None:
    """Let help and examples, of the commands under it too, name the program as it was called."""
    command.help, command.epilog = (
        None if each is None else as_called(each) for each in (command.help, command.epilog)
    )
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _speak_as_called(inner)
