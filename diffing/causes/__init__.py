"""What happened to a table, sheet or file as a whole: one cause a file, found before any rule runs.

Each module has ``KINDS``, ``RANK`` (which of two causes that explain as much is told) and ``find(evidence)``.
"""

from state.kinds import Group, Kind, Severity

KINDS = (
    Kind(
        "unit-changed",
        Severity.HIGH,
        "nearly all figures of a column or table changed by one constant ratio, whatever the header says",
        group=Group.REDEFINED,
    ),
    Kind(
        "alternates",
        Severity.MEDIUM,
        "what changed goes to and fro between states: one finding with its states, instead of one a round",
        group=Group.PROVENANCE,
    ),
    Kind(
        "table-rearranged",
        Severity.LOW,
        "a table's figures stand elsewhere in the release: split, merged, turned, long or wide; says N of M",
        group=Group.NEWS,
    ),
    Kind("returned", Severity.INFO, "what was told as changed or vanished is as it was", group=Group.NEWS),
)
"""Kinds that no module of its own declares."""
