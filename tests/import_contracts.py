"""Contracts of our own for import-linter: every module stands under one, and no imports go round in a circle."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
PLACED_BY = ("layers", "independence")


class EveryModulePlaced(Contract):
    """Fails where a module is named by no contract of layers or independence, nor the folder that it is in."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """The modules that nothing places."""
        roots = {name for name in graph.modules if "." not in name}
        named = placed(PYPROJECT.read_text(encoding="utf-8"))
        files = {name for name in graph.modules - roots if not graph.find_children(name)}
        loose = [name for name in sorted(files) if not any(map(named.fullmatch, set(lineage(name)) - roots))]
        return ContractCheck(kept=not loose, metadata={"loose": loose})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name them."""
        for name in check.metadata["loose"]:
            output.print_error(f"{name} stands under no contract: give it its layer in pyproject.toml")


class NoCircles(Contract):
    """Fails where modules import each other in a circle, whatever their folders."""

    ignore_modules = fields.SetField(subfield=fields.StringField(), required=False, default=frozenset())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """The first circle that is met."""
        left = graph.modules - set(self.ignore_modules)
        imports = {name: graph.find_modules_directly_imported_by(name) & left for name in sorted(left)}
        try:
            TopologicalSorter(imports).prepare()
        except CycleError as error:
            return ContractCheck(kept=False, metadata={"circle": error.args[1]})
        return ContractCheck(kept=True, metadata={"circle": []})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Show it."""
        output.print_error("a circle of imports: " + " -> ".join(reversed(check.metadata["circle"])))


def placed(pyproject: str) -> re.Pattern[str]:
    """Matches the modules and folders that contracts of layers or independence name.

    A container stands before each of its layers; ``*`` is one name.
    """
    found: list[str] = []
    for contract in tomllib.loads(pyproject)["tool"]["importlinter"]["contracts"]:
        if contract["type"] in PLACED_BY:
            names = re.findall(r"[\w.*]+", " ".join(contract.get("layers", []) + contract.get("modules", [])))
            found += [f"{box}.{name}".lstrip(".") for box in contract.get("containers", [""]) for name in names]
    return re.compile("|".join(re.escape(name).replace(r"\*", "[^.]+") for name in found))


def lineage(name: str) -> Iterator[str]:
    """A module and the folders that it is in.

    >>> list(lineage("a.b.c"))
    ['a', 'a.b', 'a.b.c']
    """
    parts = name.split(".")
    yield from (".".join(parts[: end + 1]) for end in range(len(parts)))
