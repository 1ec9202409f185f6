"""What ``doctor`` looks at in workers, which read hostile documents: what the system keeps from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.checkup.machine import Check, fail, ok, warn
from state.errors import ReadingError

if TYPE_CHECKING:
    from diffing.workers.isolation import Isolation

_WANTED: Final = {
    "files": "files of others are in its reach (no Landlock)",
    "calls": "the network is in its reach (no seccomp)",
    "alone": "other processes are in its reach",
    "powerless": "it keeps the powers of root",
}


def check_isolation() -> Check:
    """Whether the readers of documents are kept from everything else, as far as this system can."""
    from diffing.workers.isolation import isolation_in_force
    from diffing.workers.pool import Workers

    try:
        with Workers(size=1) as workers:
            held = workers.run(isolation_in_force)
    except (ReadingError, OSError) as error:
        return fail(f"readers: none can be started ({error})", "look whether memory and processes are left")
    lacking = [words for name, words in _WANTED.items() if not getattr(held, name)]
    if lacking:
        return warn(
            f"readers: were one taken over by a document, {', '.join(lacking)}",
            "use Linux 6.12 or newer with Landlock and seccomp, and let containers use both",
        )
    return ok(f"readers: no network, no files but programs, no other processes{_besides(held)}")


def _besides(held: Isolation) -> str:
    return ", in namespaces of their own" if held.namespaces else ""
