from __future__ import annotations

import datetime as dt

import pytest

from state.errors import StoreError
from state.outbox import GIVE_UP_AFTER, LEASE, Outbox
from state.outbox_rows import OutboxState
from state.store import Store
from tests.state.examples import START, alert

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return store.outbox


def test_an_alert_comes_back_whole(outbox: Outbox) -> None:
    whole = alert(
        payload={"finding": {"count": 5}}, attachments=(("items.csv", b"a,b\r\n\xff"),), not_before=START
    )
    assert outbox.add([whole], at=START) == 1
    (pending,) = outbox.claim(now=START)
    assert pending.alert.attachments == whole.attachments
    assert pending.alert.payload == whole.payload
    assert (pending.alert.event, pending.alert.text) == (whole.event, whole.text)


def test_an_event_reaches_a_destination_once(outbox: Outbox) -> None:
    assert outbox.add([alert(), alert(), alert(destination="slack")], at=START) == 2
    assert outbox.add([alert()], at=START) == 0


def test_a_claimed_alert_is_nobody_elses_until_its_lease_runs_out(outbox: Outbox) -> None:
    outbox.add([alert()], at=START)
    (first,) = outbox.claim(now=START)
    assert outbox.claim(now=START + LEASE - MINUTE) == ()
    (second,) = outbox.claim(now=START + LEASE + MINUTE)
    assert second.id == first.id
    assert outbox.failed([first], now=START + LEASE + MINUTE, trouble="late") is False
    outbox.sent([second], now=START + LEASE + MINUTE)
    assert outbox.counts() == {OutboxState.SENT: 1}


def test_what_fails_waits_longer_each_time_for_a_week_and_is_dead_in_the_end(outbox: Outbox) -> None:
    outbox.add([alert()], at=START)
    now, waits, died = START, [], False
    while not died:
        (pending,) = outbox.claim(now=now)
        died = outbox.failed([pending], now=now, trouble="the server is down")
        assert died is (now - START >= GIVE_UP_AFTER)
        (kept,) = outbox.list()
        waits.append(kept.not_before - now)
        assert kept.trouble == "the server is down"
        assert outbox.claim(now=kept.not_before - dt.timedelta(microseconds=1)) == ()
        now = kept.not_before
    assert outbox.counts() == {OutboxState.DEAD: 1}
    assert MINUTE / 2 <= waits[0] <= MINUTE * 1.5
    assert dt.timedelta(minutes=30) <= max(waits) <= dt.timedelta(minutes=90)
    assert outbox.claim(now=now + dt.timedelta(days=30)) == ()


def test_nothing_goes_before_its_time(outbox: Outbox) -> None:
    outbox.add([alert(not_before=START + MINUTE)], at=START)
    assert outbox.claim(now=START) == ()
    assert len(outbox.claim(now=START + MINUTE)) == 1


def test_a_digest_takes_all_that_is_due_for_one_destination(outbox: Outbox) -> None:
    outbox.add([alert(f"e{number}", bundled=True) for number in range(3)], at=START)
    outbox.add(
        [alert("e9", bundled=True, not_before=START + MINUTE), alert("e1", "slack", bundled=True)], at=START
    )
    claimed = outbox.claim(now=START)
    assert [pending.alert.event for pending in claimed] == ["e0", "e1", "e2"]
    outbox.sent(claimed, now=START)
    assert outbox.counts() == {OutboxState.SENT: 3, OutboxState.PENDING: 2}


def test_people_may_retry_and_drop(outbox: Outbox) -> None:
    outbox.add([alert()], at=START)
    (pending,) = outbox.claim(now=START)
    assert outbox.refused([pending], now=START, trouble="wrong password") is True
    outbox.retry(pending.id, now=START)
    (again,) = outbox.claim(now=START)
    assert (again.id, again.attempts) == (pending.id, 0)
    outbox.drop(pending.id, now=START)
    assert outbox.list(state=OutboxState.DROPPED)[0].id == pending.id
    with pytest.raises(StoreError, match="no alert number 99"):
        outbox.drop(99, now=START)


def test_the_newest_are_listed_first_and_those_of_one_moment_as_they_were_told(outbox: Outbox) -> None:
    outbox.add([alert("grave"), alert("less")], at=START)
    outbox.add([alert("later, grave"), alert("later, less")], at=START + MINUTE)
    events = [each.alert.event for each in outbox.list()]
    assert events == ["later, grave", "later, less", "grave", "less"]
    assert [each.alert.event for each in outbox.list(limit=1)] == ["later, grave"]


def test_two_senders_never_hold_the_same_alert(store: Store) -> None:
    store.outbox.add([alert(f"e{number}") for number in range(40)], at=START)
    with Store(store.path) as other:
        senders = (store.outbox, other.outbox)
        held: list[int] = []
        while claimed := senders[len(held) % 2].claim(now=START):
            held += [pending.id for pending in claimed]
    assert len(held) == len(set(held)) == 40


class TestTogether:
    def test_a_batch_is_claimed_whole_and_goes_with_all_that_waits_after_a_failure(self, outbox: Outbox) -> None:
        outbox.add([alert(event=f"e{number}", batch="r1") for number in range(3)], at=START)
        outbox.add([alert(event="e9", batch="r2"), alert(event="e1", batch="r1", destination="slack")], at=START)
        claimed = outbox.claim(now=START)
        assert [each.alert.event for each in claimed] == ["e0", "e1", "e2"]
        outbox.failed(claimed, now=START, trouble="the server is down")
        (again,) = {each.not_before for each in outbox.list() if each.trouble}
        outbox.sent(outbox.claim(now=START), now=START)
        assert outbox.claim(now=START) == ()
        assert [each.alert.event for each in outbox.claim(now=again)] == ["e0", "e1", "e2", "e9"]

    def test_a_batch_is_sent_once_however_its_sender_dies(self, outbox: Outbox) -> None:
        outbox.add([alert(event=f"e{number}", batch="r1") for number in range(3)], at=START)
        first = outbox.claim(now=START)
        assert outbox.claim(now=START) == ()
        second = outbox.claim(now=START + LEASE + MINUTE)
        assert [each.id for each in second] == [each.id for each in first]
        outbox.sent(second, now=START + LEASE + MINUTE)
        assert outbox.failed(first, now=START + LEASE + MINUTE, trouble="late") is False
        assert outbox.counts() == {OutboxState.SENT: 3}

    def test_what_is_held_waits_without_end_and_is_listed(self, outbox: Outbox) -> None:
        outbox.add([alert(), alert(event="e2")], at=START)
        now = START
        for _ in range(12):
            while claimed := outbox.claim(now=now):
                outbox.held(claimed, now=now, trouble="the address is wrong")
            assert outbox.claim(now=now) == ()
            now += dt.timedelta(days=1)
        (waiting,) = outbox.waiting()
        assert (waiting.count, waiting.trouble) == (2, "the address is wrong")
        outbox.sent(outbox.claim(now=now), now=now)
        assert outbox.waiting() == ()

    def test_an_end_reaches_only_whom_the_beginning_reached(self, outbox: Outbox) -> None:
        outbox.add([alert(event="gone", finding="c1")], at=START)
        ends = [alert(event="back", ends=("c1",)), alert(event="back", ends=("c1",), destination="slack")]
        assert outbox.add(ends, at=START) == 1
        assert outbox.add(ends, at=START) == 0


class TestOutage:
    def test_all_that_waits_for_a_destination_waits_together_and_goes_as_one(self, outbox: Outbox) -> None:
        outbox.add([alert(event=f"e{number}", batch=f"r{number}") for number in range(4)], at=START)
        first = outbox.claim(now=START)
        outbox.failed(first, now=START, trouble="the server is down")
        assert outbox.claim(now=START) == (), "one probe is enough"
        (waiting,) = outbox.waiting()
        assert waiting.count == 4
        assert waiting.again is not None
        assert len(outbox.claim(now=waiting.again)) == 4

    def test_a_refusal_of_several_is_tried_one_by_one(self, outbox: Outbox) -> None:
        outbox.add([alert(event=f"e{number}", batch="r1") for number in range(2)], at=START)
        assert outbox.refused(outbox.claim(now=START), now=START, trouble="552 too large") is False
        (one,) = outbox.claim(now=START)
        assert outbox.refused([one], now=START, trouble="552 too large") is True
        outbox.sent(outbox.claim(now=START), now=START)
        assert outbox.counts() == {OutboxState.DEAD: 1, OutboxState.SENT: 1}

    def test_a_server_may_ask_for_more_time(self, outbox: Outbox) -> None:
        outbox.add([alert()], at=START)
        outbox.failed(outbox.claim(now=START), now=START, trouble="HTTP 429", retry_after=dt.timedelta(hours=5))
        assert outbox.claim(now=START + dt.timedelta(hours=4)) == ()
        assert len(outbox.claim(now=START + dt.timedelta(hours=5))) == 1

    def test_what_a_person_sends_again_has_another_week(self, outbox: Outbox) -> None:
        outbox.add([alert()], at=START)
        later = START + dt.timedelta(days=30)
        assert outbox.failed(outbox.claim(now=later), now=later, trouble="down") is True
        (dead,) = outbox.waiting()
        assert dead.again is None
        outbox.retry(1, now=later)
        assert outbox.failed(outbox.claim(now=later), now=later, trouble="down") is False

    def test_a_fallback_has_it_as_its_own(self, outbox: Outbox) -> None:
        outbox.add([alert(said="v1")], at=START)
        outbox.passed_on(outbox.claim(now=START), to="slack", now=START)
        (handed,) = outbox.claim(now=START)
        assert (handed.alert.destination, handed.alert.said) == ("slack", "v1")
        assert handed.alert.payload["remarks"] == ["This was for mail, which could not be reached."]
