"""Which commands there are, so that each is imported only when it is called."""

from __future__ import annotations

import importlib
import keyword
import pkgutil

import click


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
        module = f"{name}_" if keyword.iskeyword(name) else name  # "import" cannot name a module
        command = importlib.import_module(f"commands.{module}").command
        assert isinstance(command, click.Command)
        return command
