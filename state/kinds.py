"""What a kind of finding is, and how grave findings are. Public interface.

Each kind is declared by the rule that raises it; ``state/vocabulary.py`` lists all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msgspec import Struct


class Severity(StrEnum):
    """How grave a finding is. Ordered: info < low < medium < high < critical, see ``rank``."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Position in the order, 0 for info to 4 for critical."""
        return _ORDER[self]

    def raised(self, steps: int = 1) -> Severity:
        """The severity ``steps`` above (below, if negative), held inside the scale."""
        return _SCALE[max(0, min(len(_SCALE) - 1, self.rank + steps))]


_SCALE: Final = tuple(Severity)
_ORDER: Final = MappingProxyType({severity: rank for rank, severity in enumerate(_SCALE)})


class Audience(StrEnum):
    """Who hears of a kind: the public that watches the publisher, or those who run the monitor."""

    WATCHDOGS = "watchdogs"
    OPERATORS = "operators"


class Group(StrEnum):
    """What a kind is about; kinds are listed under these."""

    VANISHED = "vanished"
    REDEFINED = "redefined"
    NUMBERS = "numbers"
    PROVENANCE = "provenance"
    NEWS = "news"
    OPERATIONS = "operations"

    @property
    def heading(self) -> str:
        """The group as a heading."""
        return "Impossible or rewritten numbers" if self is Group.NUMBERS else self.value.capitalize()


class Kind(Struct, frozen=True):
    """A kind of finding, as the rule that raises it declares it in its ``KINDS``.

    ``state/vocabulary.py`` has all of them; `make docs` makes it.
    """

    name: str  # never changed: database, JSON, alerts and documentation use it letter for letter
    severity: Severity  # the default; a finding may be graded otherwise, and its reason says why
    sentence: str  # when it is raised; no full stop
    group: Group | None = None  # None: that of the folder which the rule is in
    condition: bool = False  # opens and closes, where others happen once
    tolerances: Mapping[str, str] = {}  # the thresholds that a source file may set, and what each means


def names_of(kinds: Iterable[Kind | str]) -> tuple[str, ...]:
    """The names of kinds, be they declared here or only named."""
    return tuple(kind if isinstance(kind, str) else kind.name for kind in kinds)
