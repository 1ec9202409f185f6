"""What happened to a table, sheet or file as a whole: one cause a file, found before any rule runs.

Each module has ``KINDS``, ``RANK`` (which of two causes that explain as much is told) and ``find(evidence)``.
"""
