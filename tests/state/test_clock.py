"""Order is by the chain's number, never by the clock: what a clock that was ahead dated stands in nobody's way."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from state.clock import TOLERANCE
from state.model import Verdict
from state.outbox import LEASE
from state.store import Store
from tests.state.examples import PAGE, SOURCE, START, alert, capture, hours

YEAR = 24 * 365
BOOT = "3f5a"


def jump(store: Store, after: float, *, clock: float, boot: str = BOOT) -> dt.timedelta | None:
    """What is said of the clock so many hours after the start, when it says so many."""
    return store.clock.jump(now=hours(clock), running=dt.timedelta(hours=10 + after), boot=boot)


class TestLooks:
    def test_the_last_look_is_the_one_of_the_highest_number(self, store: Store) -> None:
        store.record(SOURCE, [capture("one", YEAR)])
        store.record(SOURCE, [capture("two", 1)])
        assert store.looks.last_looks("page") == {SOURCE.id: hours(1)}
        known = store.looks.known_address(PAGE)
        assert known is not None
        assert (known.sha256, known.looked, known.since) == (Store.digest(b"two"), hours(1), 0)

    def test_a_memento_is_no_look(self, store: Store) -> None:
        store.record(SOURCE, [capture("one", 1)])
        store.record(SOURCE, [capture("none", -YEAR, memento=True)])
        assert store.looks.last_looks("page") == {SOURCE.id: hours(1)}

    def test_judging_sees_them_in_the_order_in_which_they_were_made(self, store: Store) -> None:
        store.record(SOURCE, [capture("none", -3, memento=True)])
        for body, at in (("one", 0), ("two", YEAR), ("three", 1)):
            store.record(SOURCE, [capture(body, at)])
        past = store.archive.past(SOURCE.id, "page", now=hours(2))
        assert [look.at for look in past.captures()] == [hours(-3), hours(0), hours(1), hours(1)]

    @given(st.lists(st.integers(-YEAR, YEAR), min_size=1, max_size=12))
    def test_whatever_the_clock_says_the_last_look_stays_last(
        self, tmp_path_factory: object, clock: list[int]
    ) -> None:
        with Store(tmp_path_factory.mktemp("clock") / "archive.db") as store:  # type: ignore[attr-defined]
            for number, at in enumerate(clock):
                store.record(SOURCE, [capture(f"body {number}", at, status=200 + number)])
            past = store.archive.past(SOURCE.id, "page", now=hours(0))
        assert [look.status for look in past.captures()] == [200 + number for number in range(len(clock))]
        assert past.captures()[-1].status == 200 + len(clock) - 1

    def test_the_standing_is_that_of_the_newest(self, store: Store) -> None:
        store.record(SOURCE, [capture(at=YEAR, verdict=Verdict.GONE)])
        store.record(SOURCE, [capture("one", 1)])
        assert store.looks.standing(SOURCE.id, "page").looks == (Verdict.PRESENT, Verdict.GONE)


class TestAlerts:
    def test_what_was_put_in_under_a_clock_that_was_ahead_goes_now(self, store: Store) -> None:
        store.outbox.add([alert()], at=hours(YEAR))
        assert len(store.outbox.claim(now=START)) == 1

    def test_a_lease_that_was_taken_under_one_binds_nobody(self, store: Store) -> None:
        store.outbox.add([alert()], at=START)
        assert store.outbox.claim(now=hours(YEAR))
        assert len(store.outbox.claim(now=hours(1))) == 1
        assert store.outbox.claim(now=hours(1) + LEASE / 2) == ()


class TestJumps:
    def test_a_clock_that_runs_is_none(self, store: Store) -> None:
        assert jump(store, 0, clock=0) is None
        assert jump(store, 5, clock=5 + TOLERANCE.total_seconds() / 4000) is None

    def test_one_that_is_set_is_told_once(self, store: Store) -> None:
        jump(store, 0, clock=0)
        assert jump(store, 1, clock=1 + YEAR) == dt.timedelta(hours=YEAR)
        assert jump(store, 2, clock=2 + YEAR) is None
        assert jump(store, 3, clock=3) == -dt.timedelta(hours=YEAR)

    def test_between_two_starts_of_the_machine_nobody_can_tell(self, store: Store) -> None:
        jump(store, 0, clock=0)
        assert jump(store, 0, clock=YEAR, boot="another") is None
