"""The kinds that rules declare, gathered: ``state/vocabulary.py`` and ``docs/kinds.md``."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from pkgutil import walk_packages
from types import ModuleType

from msgspec.structs import replace

import diffing
import pipeline
import state
from diffing.explain import all_causes
from diffing.judge import all_detectors
from state.kinds import Group, Kind

_DECLARING = (diffing, pipeline, state)
_MADE = "state.vocabulary"
"""Packages whose modules may declare kinds, and the module that is made of them."""

_MODULE = '''\
"""The vocabulary of findings: every kind with its severity and what it means. Public interface.

Made by `make docs` from the ``KINDS`` of the rules; not to be edited. Names are never changed, only added to.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from state.kinds import Audience, Group, Kind, Severity

_ALL: Final = (
{kinds})

KINDS: Final = MappingProxyType({{kind.name: kind for kind in _ALL}})
"""Every kind by its name."""

OPERATIONS: Final = frozenset(kind.name for kind in _ALL if kind.group is Group.OPERATIONS)
"""Kinds that go to operators and never to watchdogs."""

CONDITIONS: Final = frozenset(kind.name for kind in _ALL if kind.condition)
"""Kinds that open and close; every other kind is an event that happens."""

TOLERANCES: Final = tuple(sorted(f"{{kind.name}}.{{name}}" for kind in _ALL for name in kind.tolerances))
"""What a source file may tolerate: a kind, a dot, and the name that its rule gives to a threshold."""


def audience_of(kind: str) -> Audience:
    """Who is told of ``kind``."""
    return Audience.OPERATORS if kind in OPERATIONS else Audience.WATCHDOGS
'''

_DOCUMENT = """\
# Kinds of findings

Made by `make docs` from what the rules declare. Names are public interface: database, JSON, alerts and
documentation use them letter for letter. Severities are defaults; a finding may be graded up or down by how
large it is and by what is usual for its series, and its reason says so. Kinds under "Operations" go to
operators only. A condition opens and closes; every other kind is an event that happens.

| kind | raised when | severity |
|---|---|---|
{kinds}
## What a source file may tolerate

Under `tolerances` in a series of a source file (`watchers/README.md`): from where on a rule speaks, or loudly.

| name | number |
|---|---|
{tolerances}"""


def declared_kinds() -> list[Kind]:
    """Every kind once, by groups, then in the order of rules. Raises ValueError where one is declared twice."""
    kinds: dict[str, Kind] = {}
    for module in _modules():
        for kind in _declared_by(module):
            if kind.name in kinds:
                raise ValueError(f"{kind.name} is declared twice, the second time in {module.__name__}")
            kinds[kind.name] = kind
    groups = list(Group)
    return sorted(kinds.values(), key=lambda kind: groups.index(kind.group or groups[-1]))


def vocabulary_module() -> str:
    """The text of ``state/vocabulary.py``."""
    return _MODULE.format(kinds="".join(_as_code(kind) for kind in declared_kinds()))


def kinds_document() -> str:
    """The text of ``docs/kinds.md``."""
    kinds = declared_kinds()
    tolerances = sorted(
        f"| `{kind.name}.{name}` | {words} |\n" for kind in kinds for name, words in kind.tolerances.items()
    )
    return _DOCUMENT.format(kinds="".join(_rows(kinds)), tolerances="".join(tolerances))


def _rows(kinds: Sequence[Kind]) -> Iterator[str]:
    """The table of kinds, each group under its heading."""
    for group, members in groupby(kinds, key=lambda kind: kind.group):
        yield f"| **{group.heading if group else ''}** | | |\n"
        for kind in members:
            severity = f"{kind.severity}{', condition' if kind.condition else ''}"
            yield f"| `{kind.name}` | {kind.sentence} | {severity} |\n"


def _modules() -> Iterator[ModuleType]:
    """Causes and detectors in the order in which they run, then whatever else may declare kinds, by name."""
    rules = [*(cause.__name__ for cause in all_causes()), *(detector.__name__ for detector in all_detectors())]
    places = [place.name for root in _DECLARING for place in walk_packages(root.__path__, f"{root.__name__}.")]
    others = sorted(set(places) - {*rules, _MADE})
    yield from (importlib.import_module(name) for name in (*rules, *others))


def _declared_by(module: ModuleType) -> Iterator[Kind]:
    """The kinds that a module declares, each with its group; kinds that it only names are declared elsewhere."""
    kinds = getattr(module, "KINDS", ())
    for kind in kinds if isinstance(kinds, tuple) else ():
        if isinstance(kind, Kind):
            yield kind if kind.group is not None else replace(kind, group=_group_of(module, kind))


def _group_of(module: ModuleType, kind: Kind) -> Group:
    folder = module.__name__.split(".")[-2]
    if folder not in set(Group):
        raise ValueError(f"{kind.name} in {module.__name__} needs a group: the folder is none")
    return Group(folder)


def _as_code(kind: Kind) -> str:
    lines = [_quoted(kind.name), f"Severity.{kind.severity.name}", _quoted(kind.sentence)]
    lines += [f"group=Group.{kind.group.name}"] if kind.group else []
    lines += ["condition=True"] if kind.condition else []
    if kind.tolerances:
        inner = "".join(
            f"            {_quoted(name)}: {_quoted(words)},\n" for name, words in kind.tolerances.items()
        )
        lines.append(f"tolerances={{\n{inner}        }}")
    return "    Kind(\n" + "".join(f"        {line},\n" for line in lines) + "    ),\n"


def _quoted(text: str) -> str:
    """A literal as ruff formats it."""
    return f"'{text}'" if '"' in text and "'" not in text else '"' + text.replace('"', '\\"') + '"'
