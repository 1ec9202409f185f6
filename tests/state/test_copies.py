from __future__ import annotations

import datetime as dt

from state.archive_copies import ATTEMPTS, CopyState
from state.store import Store
from tests.state.examples import PAGE, SOURCE, capture, hours


def test_a_wanted_copy_is_asked_for_until_it_is_there(store: Store) -> None:
    releases = store.record(SOURCE, [capture("one"), capture("two", 1)])
    store.copies.want(releases, at=hours(1))
    store.copies.want(releases, at=hours(2))
    first, second = store.copies.due(at=hours(2), limit=10)
    assert (first.url, first.state, first.attempts) == (PAGE, CopyState.WANTED, 0)
    store.copies.started(second, job="spn2-1")
    assert [copy.job for copy in store.copies.due(at=hours(2), limit=1)] == ["spn2-1"]
    store.copies.saved(second, address="https://web.example/1")
    assert [copy.release for copy in store.copies.due(at=hours(2), limit=10)] == [first.release]
    saved = store.copies.of(second.release)
    assert saved is not None
    assert (saved.state, saved.address) == (CopyState.SAVED, "https://web.example/1")


def test_failures_wait_longer_each_time_and_end(store: Store) -> None:
    store.copies.want(store.record(SOURCE, [capture("one")]), at=hours(0))
    at, waits, last = hours(0), [], False
    while not last:
        (copy,) = store.copies.due(at=at, limit=1)
        last = store.copies.failed(copy, trouble="no answer", at=at)
        before = at
        while not last and not store.copies.due(at=at, limit=1):
            at += dt.timedelta(minutes=30)
        waits.append(at - before)
    assert waits[:3] == [dt.timedelta(minutes=30), dt.timedelta(hours=1), dt.timedelta(hours=2)]
    assert len(waits) == ATTEMPTS
    failed = store.copies.of(copy.release)
    assert failed is not None
    assert (failed.state, failed.trouble) == (CopyState.FAILED, "no answer")
    assert store.copies.due(at=hours(10_000), limit=1) == ()
