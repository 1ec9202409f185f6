"""``diffing.examine`` for whoever has it done by a worker: the readers are loaded only where they run."""

from __future__ import annotations

from diffing.examination import Examined, Request


def examine(request: Request) -> Examined:
    """See ``diffing.examine.examine``."""
    from diffing.examine import examine as examine_here

    return examine_here(request)


def refused(request: Request, reason: str) -> Examined:
    """See ``diffing.examine.refused``."""
    from diffing.examine import refused as refuse_here

    return refuse_here(request, reason)
