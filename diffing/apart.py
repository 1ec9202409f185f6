"""``diffing.examine`` for whoever has it done by a worker: the readers are loaded only where they run."""

from __future__ import annotations

from collections.abc import Sequence

from diffing.examination import Examined, Request


def examine(request: Request) -> Examined:
    """See ``diffing.examine.examine``."""
    from diffing.examine import examine as examine_here

    return examine_here(request)


def examine_each(requests: Sequence[Request]) -> list[Examined]:
    """``examine`` for several requests, in their order."""
    return [examine(request) for request in requests]


def refused(request: Request, reason: str) -> Examined:
    """See ``diffing.examine.refused``."""
    from diffing.examine import refused as refuse_here

    return refuse_here(request, reason)
