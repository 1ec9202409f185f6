"""Which commands there are, so that each is imported only when it is called. Not a command."""

from __future__ import annotations

import importlib
import keyword
import pkgutil
from pathlib import Path

import click


class Commands(click.Group):
    """The commands of ``commands/``: a module that has a ``command``, imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all command modules, sorted."""
        del ctx
        folder = Path(__file__).resolve().parent
        names = (module.name for module in pkgutil.iter_modules([str(folder)]))
        return sorted(name.rstrip("_") for name in names if name not in _SHARED)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command, or None where there is no such module."""
        if name not in self.list_commands(ctx):
            return None
        module = f"{name}_" if keyword.iskeyword(name) else name  # "import" cannot name a module
        command = importlib.import_module(f"commands.{module}").command
        assert isinstance(command, click.Command)
        return command


_SHARED = frozenset(
    {
        "checkup",
        "checkup_online",
        "configuration",
        "configuration_file",
        "console",
        "copies",
        "drawing",
        "examining",
        "files",
        "listing",
        "looking",
        "past",
        "remembered",
        "rereading",
        "rounds",
        "stamping",
        "stopping",
    }
)
"""Modules of ``commands/`` that commands share; none is a command."""
