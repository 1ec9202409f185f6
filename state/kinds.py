"""The vocabulary of findings: kinds, severities, and who is told of what. Public interface.

Names are never changed, only added to; database, JSON, alerts and documentation use them letter for
letter.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


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


DEFAULT_SEVERITY: Final = MappingProxyType(
    {
        # vanished
        "page-gone": Severity.CRITICAL,
        "page-moved": Severity.HIGH,
        "file-withdrawn": Severity.CRITICAL,
        "link-vanished": Severity.MEDIUM,
        "link-retargeted": Severity.MEDIUM,
        "table-vanished": Severity.CRITICAL,
        "column-vanished": Severity.CRITICAL,
        "rows-vanished": Severity.HIGH,
        "values-suppressed": Severity.CRITICAL,
        "series-truncated": Severity.HIGH,
        "precision-reduced": Severity.MEDIUM,
        "text-vanished": Severity.MEDIUM,
        # redefined
        "definition-changed": Severity.HIGH,
        "definition-vanished": Severity.HIGH,
        "definition-added": Severity.LOW,
        "category-relabelled": Severity.HIGH,
        "column-renamed": Severity.HIGH,
        "unit-changed": Severity.HIGH,
        "headline-changed": Severity.HIGH,
        "commitment-weakened": Severity.HIGH,
        "term-dropped": Severity.MEDIUM,
        "term-added": Severity.MEDIUM,
        # impossible or rewritten numbers
        "cumulative-decreased": Severity.CRITICAL,
        "average-impossible": Severity.CRITICAL,
        "past-value-revised": Severity.HIGH,
        "total-mismatch": Severity.HIGH,
        "implausible-jump": Severity.MEDIUM,
        "stale-republished": Severity.CRITICAL,
        "wrong-edition": Severity.CRITICAL,
        # provenance
        "silent-edit": Severity.MEDIUM,
        "date-restamped": Severity.INFO,
        "file-replaced-in-place": Severity.HIGH,
        "as-of-date-inconsistent": Severity.MEDIUM,
        "release-overdue": Severity.HIGH,
        "alternates": Severity.MEDIUM,
        # news
        "table-rearranged": Severity.LOW,
        "returned": Severity.INFO,
        "new-release": Severity.INFO,
        "table-added": Severity.INFO,
        "column-added": Severity.INFO,
        "rows-added": Severity.INFO,
        "values-changed": Severity.INFO,
        "text-added": Severity.INFO,
        "text-changed": Severity.INFO,
        "metadata-changed": Severity.INFO,
        "layout-changed": Severity.INFO,
        "page-returned": Severity.INFO,
        # operations
        "source-blocked": Severity.LOW,
        "source-unreachable": Severity.LOW,
        "source-unreadable": Severity.LOW,
        "source-recovered": Severity.INFO,
    }
)
"""Every kind with its default severity."""

OPERATIONS: Final = frozenset({"source-blocked", "source-unreachable", "source-unreadable", "source-recovered"})
"""Kinds that go to operators and never to watchdogs."""

CONDITIONS: Final = frozenset(
    {
        "page-gone",
        "page-moved",
        "file-withdrawn",
        "release-overdue",
        "source-blocked",
        "source-unreachable",
        "source-unreadable",
    }
)
"""Kinds that open and close; every other kind is an event that happens."""

TOLERANCES: Final = (
    "average-impossible.percent",
    "average-impossible.rows",
    "average-impossible.share",
    "average-impossible.stays",
    "cumulative-decreased.percent",
    "cumulative-decreased.size",
    "implausible-jump.figure",
    "implausible-jump.swap",
    "implausible-jump.times",
    "past-value-revised.beyond",
    "past-value-revised.percent",
    "past-value-revised.size",
    "precision-reduced.figures",
    "rows-vanished.beyond",
    "rows-vanished.left",
    "rows-vanished.net",
    "rows-vanished.weight",
    "stale-republished.releases",
    "stale-republished.share",
    "term-dropped.fewest",
    "term-dropped.share",
)
"""What a source file may tolerate: a kind, a dot, and the name that its rule gives to a threshold."""


def audience_of(kind: str) -> Audience:
    """Who is told of ``kind``."""
    return Audience.OPERATORS if kind in OPERATIONS else Audience.WATCHDOGS
