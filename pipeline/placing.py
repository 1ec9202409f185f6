"""The dates of which releases speak, read where their place in the one order depends on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.jobs import as_of_in_worker

if TYPE_CHECKING:
    import datetime as dt

    from diffing.workers.pool import Workers
    from state.model import Release, Source
    from state.store import Store


def settle_order(source: Source, *, store: Store, workers: Workers) -> None:
    """Put the releases of a source in their one order: those that came together, and those that came late."""
    undated = store.queue.undated(source.id)
    if undated:
        store.queue.settle(source.id, {each.id: _date_of(source, each, store, workers) for each in undated})


def _date_of(source: Source, release: Release, store: Store, workers: Workers) -> dt.date | None:
    """The date of which a release speaks, as it was read when it was judged, or read now; None without one."""
    facts = store.archive.facts(release, tables=False)
    if facts is not None:
        return facts.as_of.date if facts.as_of else None
    return as_of_in_worker(source, release, store=store, workers=workers)
