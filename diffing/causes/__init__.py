"""What happened to a table, sheet or file as a whole: one cause a file, found before any rule runs.

Each module has ``KINDS``, ``RANK`` (which of two causes that explain as much is told) and ``find(evidence)``.
"""

from state.kinds import Group, Kind, Severity

KINDS = (
    Kind(
        "alternates",
        Severity.MEDIUM,
        "what changed goes to and fro between states: one finding with its states, instead of one a round",
        group=Group.PROVENANCE,
    ),
)
"""Kinds that no module of its own declares."""
