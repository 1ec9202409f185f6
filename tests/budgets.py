"""How many examples a law is tried with: the same few in every run, many at random in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import settings

FUZZ = int(os.environ.get("FUZZ", "0"))
"""How many times the usual examples, at random; 0: the usual ones, the same each time."""


def examples(usual: int) -> int:
    """The examples of a law that is tried with ``usual`` of them in an ordinary run."""
    return usual * max(1, FUZZ)


def load_profile() -> None:
    """Without chance but in `make fuzz`, and without a limit of time: a loaded machine is no failure."""
    settings.register_profile(
        "usual", derandomize=not FUZZ, deadline=None, max_examples=examples(60), print_blob=True
    )
    settings.load_profile("usual")
