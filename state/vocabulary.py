"""The vocabulary of findings: every kind with its severity and what it means. Public interface.

Made by `make docs` from the ``KINDS`` of the rules; not to be edited. Names are never changed, only added to.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from state.kinds import Audience, Group, Kind, Severity

_ALL: Final = (
    Kind(
        "page-replaced",
        Severity.HIGH,
        "the address answers 200 with something else: title, tables and nearly all blocks are gone, at two looks",
        group=Group.VANISHED,
    ),
    Kind(
        "page-gone",
        Severity.CRITICAL,
        "the page answers 404 or 410, confirmed by a second look in a later round",
        group=Group.VANISHED,
        condition=True,
    ),
    Kind(
        "page-returned",
        Severity.INFO,
        "a page that was gone or moved is at its address again; told to those who were told of that",
        group=Group.VANISHED,
    ),
    Kind(
        "page-moved",
        Severity.HIGH,
        'the page lands somewhere else, or answers 200 with a "not found" page',
        group=Group.VANISHED,
        condition=True,
    ),
    Kind(
        "file-withdrawn",
        Severity.CRITICAL,
        "a listing no longer links a document it linked, or its address is gone; high where still served",
        group=Group.VANISHED,
        condition=True,
    ),
    Kind(
        "table-vanished",
        Severity.CRITICAL,
        "a table or sheet has no counterpart in the new release; high where its sheet was only hidden",
        group=Group.VANISHED,
    ),
    Kind(
        "link-vanished",
        Severity.MEDIUM,
        "another outward link of the main content left",
        group=Group.VANISHED,
    ),
    Kind(
        "link-retargeted",
        Severity.MEDIUM,
        "another outward link of the main content points elsewhere",
        group=Group.VANISHED,
    ),
    Kind(
        "text-vanished",
        Severity.MEDIUM,
        "a sentence, paragraph or section left and did not move elsewhere",
        group=Group.VANISHED,
    ),
    Kind(
        "precision-reduced",
        Severity.MEDIUM,
        "columns lost their decimals or were rounded, or finer categories were merged",
        group=Group.VANISHED,
        tolerances={
            "figures": "how many figures a block must have to be judged",
        },
    ),
    Kind(
        "series-truncated",
        Severity.HIGH,
        "a table's time range lost its start, its end or a span in between",
        group=Group.VANISHED,
    ),
    Kind(
        "column-vanished",
        Severity.CRITICAL,
        "a column has no counterpart, by name or by content",
        group=Group.VANISHED,
    ),
    Kind(
        "values-suppressed",
        Severity.CRITICAL,
        'numbers became blank, `*`, `N/A`, "unavailable", `(b)(7)(E)` or any other text that is no figure',
        group=Group.VANISHED,
    ),
    Kind(
        "rows-vanished",
        Severity.HIGH,
        "rows are gone, listed by name; info where as many leave in ordinary releases",
        group=Group.VANISHED,
        tolerances={
            "beyond": "how many times what usually leaves a table may leave it",
            "left": "per cent of a table's rows that may leave it, where no routine is known",
            "net": "per cent of its rows by which a table may shrink, where no routine is known",
            "weight": "per cent of a table's figures that the rows which leave may hold",
        },
    ),
    Kind(
        "unit-changed",
        Severity.HIGH,
        "nearly all figures of a column or table changed by one constant ratio, whatever the header says",
        group=Group.REDEFINED,
    ),
    Kind(
        "definition-changed",
        Severity.HIGH,
        'the words that define a term, or a threshold that says what counts ("more than 100 beds"), changed',
        group=Group.REDEFINED,
    ),
    Kind(
        "definition-vanished",
        Severity.HIGH,
        "the words that define a term left",
        group=Group.REDEFINED,
    ),
    Kind(
        "definition-added",
        Severity.LOW,
        "words that define a term came",
        group=Group.REDEFINED,
    ),
    Kind(
        "commitment-weakened",
        Severity.HIGH,
        'a promise turned into less: "must" became "may", "voluntary" became "mandatory", or it left',
        group=Group.REDEFINED,
    ),
    Kind(
        "headline-changed",
        Severity.HIGH,
        "title or main heading of a published document changed; medium for the title of a table in it",
        group=Group.REDEFINED,
    ),
    Kind(
        "term-dropped",
        Severity.MEDIUM,
        "a watched term is no longer used, or far less; low where it left with a sentence that is told",
        group=Group.REDEFINED,
        tolerances={
            "fewest": "uses from which on a share means something",
            "share": "share of its uses (0 to 1) by which a count may move",
        },
    ),
    Kind(
        "term-added",
        Severity.MEDIUM,
        "a watched term is used for the first time, or far more; low where it came with a sentence that is told",
        group=Group.REDEFINED,
    ),
    Kind(
        "column-renamed",
        Severity.HIGH,
        "a column header changed while its data stayed",
        group=Group.REDEFINED,
    ),
    Kind(
        "category-relabelled",
        Severity.HIGH,
        "a category got another meaning while its data stayed; info where it is only spelt differently",
        group=Group.REDEFINED,
    ),
    Kind(
        "stale-republished",
        Severity.CRITICAL,
        "a table of a new release equals that of an older one, or stands still under its own later date",
        group=Group.NUMBERS,
        tolerances={
            "releases": "releases that must be known before standing still is told",
            "share": "share (0 to 1) of the figures that moved which may be an older release's",
        },
    ),
    Kind(
        "wrong-edition",
        Severity.CRITICAL,
        "it holds another edition than its release says: another year or language, another series' file",
        group=Group.NUMBERS,
    ),
    Kind(
        "cumulative-decreased",
        Severity.CRITICAL,
        "a figure that can only grow fell; high for a small counter, info for a correction of a few",
        group=Group.NUMBERS,
        tolerances={
            "percent": "per cent by which a counter may fall",
            "size": "figure by which a counter may fall",
        },
    ),
    Kind(
        "average-impossible",
        Severity.CRITICAL,
        "a to-date average times the days elapsed fell; high for a single large row, info for rounding",
        group=Group.NUMBERS,
        tolerances={
            "percent": "per cent of its days that one row may lose",
            "rows": "rows that may fall together",
            "share": "per cent of a table's rows that may fall together",
            "stays": "days that one row may lose",
        },
    ),
    Kind(
        "past-value-revised",
        Severity.HIGH,
        "a figure for a period that was already closed changed",
        group=Group.NUMBERS,
        tolerances={
            "beyond": "how many times the usual revision a revision may be",
            "percent": "per cent by which a closed figure may be revised",
            "size": "figure by which a closed figure may be revised",
        },
    ),
    Kind(
        "total-mismatch",
        Severity.HIGH,
        "parts no longer add up to their stated total, or tables that gave the same total no longer do",
        group=Group.NUMBERS,
    ),
    Kind(
        "implausible-jump",
        Severity.MEDIUM,
        "a figure left its own history's range by far, or two labels look swapped",
        group=Group.NUMBERS,
        tolerances={
            "figure": "figures below this may jump",
            "swap": "share of their distance (0 to 1) that two lines may keep when they are swapped back",
            "times": "how many times its size before a figure may become",
        },
    ),
    Kind(
        "alternates",
        Severity.MEDIUM,
        "what changed goes to and fro between states: one finding with its states, instead of one a round",
        group=Group.PROVENANCE,
    ),
    Kind(
        "as-of-date-inconsistent",
        Severity.MEDIUM,
        "stated dates inside one release contradict each other or the data",
        group=Group.PROVENANCE,
    ),
    Kind(
        "file-replaced-in-place",
        Severity.HIGH,
        "another content under the address of a dated release",
        group=Group.PROVENANCE,
    ),
    Kind(
        "silent-edit",
        Severity.MEDIUM,
        "content changed, the stated date did not; its items are the edits",
        group=Group.PROVENANCE,
    ),
    Kind(
        "date-restamped",
        Severity.INFO,
        "the stated date moved, the content did not; medium for the date that figures are said to be of",
        group=Group.PROVENANCE,
    ),
    Kind(
        "release-overdue",
        Severity.HIGH,
        "the next release has not come when its cadence says, declared or learnt; escalating",
        group=Group.PROVENANCE,
        condition=True,
    ),
    Kind(
        "returned",
        Severity.INFO,
        "what was told as changed or vanished is as it was",
        group=Group.NEWS,
    ),
    Kind(
        "table-rearranged",
        Severity.LOW,
        "a table's figures stand elsewhere in the release: split, merged, turned, long or wide; says N of M",
        group=Group.NEWS,
    ),
    Kind(
        "new-release",
        Severity.INFO,
        "another edition of a series came out",
        group=Group.NEWS,
    ),
    Kind(
        "table-added",
        Severity.INFO,
        "a table that the release before did not have",
        group=Group.NEWS,
    ),
    Kind(
        "column-added",
        Severity.INFO,
        "a column that the release before did not have",
        group=Group.NEWS,
    ),
    Kind(
        "rows-added",
        Severity.INFO,
        "rows that the release before did not have",
        group=Group.NEWS,
    ),
    Kind(
        "text-changed",
        Severity.INFO,
        "sentences were reworded",
        group=Group.NEWS,
    ),
    Kind(
        "text-added",
        Severity.INFO,
        "sentences came",
        group=Group.NEWS,
    ),
    Kind(
        "layout-changed",
        Severity.INFO,
        "the same content stands in another order or form",
        group=Group.NEWS,
    ),
    Kind(
        "metadata-changed",
        Severity.INFO,
        "what the file says of its own making differs",
        group=Group.NEWS,
    ),
    Kind(
        "values-changed",
        Severity.INFO,
        "cells differ that no graver finding tells",
        group=Group.NEWS,
    ),
    Kind(
        "retracted",
        Severity.INFO,
        "what was said no longer follows, after a late release, a backfill or an upgrade of ours; names the event; told to those who were told",
        group=Group.NEWS,
    ),
    Kind(
        "source-blocked",
        Severity.LOW,
        "the publisher turned the monitor away: 403, 429, a challenge; escalating",
        group=Group.OPERATIONS,
        condition=True,
    ),
    Kind(
        "source-unreachable",
        Severity.LOW,
        "the address could not be had: name, connection, time, 5xx, a broken body; escalating",
        group=Group.OPERATIONS,
        condition=True,
    ),
    Kind(
        "source-unreadable",
        Severity.LOW,
        "it was fetched and kept, but could not be read; escalating",
        group=Group.OPERATIONS,
        condition=True,
    ),
    Kind(
        "source-recovered",
        Severity.INFO,
        "a look succeeded again; told to those who were told of the trouble",
        group=Group.OPERATIONS,
    ),
)

KINDS: Final = MappingProxyType({kind.name: kind for kind in _ALL})
"""Every kind by its name."""

OPERATIONS: Final = frozenset(kind.name for kind in _ALL if kind.group is Group.OPERATIONS)
"""Kinds that go to operators and never to watchdogs."""

CONDITIONS: Final = frozenset(kind.name for kind in _ALL if kind.condition)
"""Kinds that open and close; every other kind is an event that happens."""

TOLERANCES: Final = tuple(sorted(f"{kind.name}.{name}" for kind in _ALL for name in kind.tolerances))
"""What a source file may tolerate: a kind, a dot, and the name that its rule gives to a threshold."""


def audience_of(kind: str) -> Audience:
    """Who is told of ``kind``."""
    return Audience.OPERATORS if kind in OPERATIONS else Audience.WATCHDOGS
