from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.database import open_archive
from state.errors import BytesPruned, StoreError
from state.ledger.verify import Flaw, verify_file
from state.model import Verdict
from state.pruning import Plan, Policy, plan, prune, shrink
from state.store import Store
from tests.budgets import examples
from tests.state.examples import FILES, PAGE, SOURCE, capture, finding, hours

LATER = hours(1000)


def body(number: int) -> str:
    return f"<p>edition {number}</p>" + "<p>the same words as ever</p>" * 30


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Twelve editions of a page; a finding rests on the sixth; two challenge pages and a gzip answer."""
    path = tmp_path / "archive.db"
    with Store(path) as store:
        for number in range(12):
            (release,) = store.record(SOURCE, [capture(body(number), number, wire=b"gz" + bytes([number]) * 50)])
            said = [finding()] if number == 5 else []
            store.report(source=SOURCE.id, series="page", release=release, findings=said, at=release.at)
        for number in (20, 21):
            store.record(SOURCE, [capture(f"challenge {number}", number, verdict=Verdict.BLOCKED, status=403)])
    return path


def planned(path: Path, policy: Policy, before: dt.datetime = LATER, **more: tuple[str, ...]) -> Plan:
    db = open_archive(path)
    found = plan(db, policy, before=before, **more)
    db.close()
    return found


def pruned(path: Path, policy: Policy, before: dt.datetime = LATER) -> Plan:
    db = open_archive(path)
    found = plan(db, policy, before=before)
    prune(db, found, at=LATER)
    db.close()
    return found


def there(path: Path) -> list[int]:
    """The editions whose bytes are still to be had."""
    found = []
    with Store(path) as store:
        for number in range(12):
            try:
                assert store.body(Store.digest(body(number).encode())) == body(number).encode()
                found.append(number)
            except BytesPruned as error:
                assert "pruned on 2026-03-16 by policy: bodies of releases" in str(error)
    return found


def test_a_plan_changes_nothing(archive: Path) -> None:
    found = planned(archive, Policy.UNEVENTFUL)
    assert len(found.snapshots) == 8
    assert found.size > 0
    assert there(archive) == list(range(12))


def test_what_a_finding_rests_on_and_what_is_newest_stays(archive: Path) -> None:
    pruned(archive, Policy.UNEVENTFUL)
    assert there(archive) == [4, 5, 10, 11], "the finding's two, and the newest two"


def test_entries_stand_and_verify_tells_why_bytes_are_gone(archive: Path) -> None:
    before = verify_file(archive)
    pruned(archive, Policy.UNEVENTFUL)
    after = verify_file(archive)
    assert after.clean
    assert (after.head, after.entries) == (before.head, before.entries)
    (told,) = after.pruned
    assert (told.day, told.count) == ("2026-03-16", 8)
    assert told.policy == "bodies of releases of which nothing above info was said, captured before 2026-03-16"


def test_bytes_that_go_without_a_tombstone_are_still_missed(archive: Path) -> None:
    pruned(archive, Policy.UNEVENTFUL)
    connection = sqlite3.connect(archive)
    connection.execute(
        "DELETE FROM packed WHERE snapshot = (SELECT body FROM capture ORDER BY id LIMIT 1 OFFSET 11)"
    )
    connection.commit()
    connection.close()
    assert Flaw.DAMAGED_BYTES in {fault.flaw for fault in verify_file(archive).faults}


def test_only_what_is_old_enough(archive: Path) -> None:
    pruned(archive, Policy.UNEVENTFUL, hours(2.5))
    assert there(archive) == list(range(3, 12))


def test_a_body_found_again_lately_is_not_old(archive: Path) -> None:
    with Store(archive) as store:
        store.record(SOURCE, [capture(body(11), 30), capture("newer", 31), capture("newest", 32)])
    pruned(archive, Policy.UNEVENTFUL, hours(25))
    assert 11 in there(archive)


def test_failures(archive: Path) -> None:
    assert len(planned(archive, Policy.FAILURES).snapshots) == 2
    pruned(archive, Policy.FAILURES)
    assert there(archive) == list(range(12))
    assert verify_file(archive).clean


def test_bytes_as_received(archive: Path) -> None:
    found = pruned(archive, Policy.WIRE)
    assert len(found.snapshots) == 8
    assert there(archive) == list(range(12))
    assert verify_file(archive).clean


def test_only_the_sources_named(archive: Path) -> None:
    assert planned(archive, Policy.UNEVENTFUL, sources=("another",)).snapshots == ()
    assert planned(archive, Policy.UNEVENTFUL, sources=(SOURCE.id,)).snapshots


def test_bytes_that_another_capture_has_stay(archive: Path) -> None:
    with Store(archive) as store:
        store.record(SOURCE, [capture(body(0), 40, series=FILES.name, url="https://www.example.gov/stats.xlsx")])
    pruned(archive, Policy.UNEVENTFUL)
    assert 0 in there(archive)


def test_what_was_pruned_and_comes_back_is_kept_again(archive: Path) -> None:
    pruned(archive, Policy.UNEVENTFUL)
    with Store(archive) as store:
        (release,) = store.record(SOURCE, [capture(body(2), 50)])
        assert store.body(release.sha256) == body(2).encode()
    shown = verify_file(archive)
    assert shown.clean
    assert [each.count for each in shown.pruned] == [7]


def test_pages_go_on_as_before(archive: Path) -> None:
    pruned(archive, Policy.UNEVENTFUL)
    with Store(archive) as store:
        for number in range(100, 110):
            (release,) = store.record(SOURCE, [capture(body(number), number)])
            assert store.body(release.sha256) == body(number).encode()
        assert [each.url for each in store.archive.releases(SOURCE.id)] == [PAGE] * 22
    assert verify_file(archive).clean


def test_the_freed_bytes_are_not_to_be_found_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    secret = bytes(range(1, 255)) * 3
    with Store(path) as store:
        store.record(SOURCE, [capture(secret, 0, verdict=Verdict.BLOCKED, status=403)])
        store.record(SOURCE, [capture("fine", 1)])

    def holds() -> bool:
        return any(secret[:40] in each.read_bytes() for each in tmp_path.glob("archive.db*"))

    assert holds()
    db = open_archive(path)
    prune(db, plan(db, Policy.FAILURES, before=LATER), at=LATER)
    shrink(db)
    db.close()
    assert not holds()
    assert verify_file(path).clean


def test_nothing_goes_where_what_stays_cannot_be_read(archive: Path) -> None:
    damaged = sqlite3.connect(archive, isolation_level=None)
    (number,) = damaged.execute("SELECT body FROM capture ORDER BY id LIMIT 1 OFFSET 5").fetchone()
    damaged.execute("UPDATE packed SET data = zeroblob(length(data)) WHERE snapshot = ?", [number])
    damaged.close()
    with pytest.raises(StoreError, match="damaged"):
        pruned(archive, Policy.UNEVENTFUL)
    assert verify_file(archive).pruned == ()


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.integers(0, 9), st.sampled_from([PAGE, f"{PAGE}/2"])),
        st.tuples(st.just("prune"), st.integers(0, 40), st.sampled_from(list(Policy))),
    ),
    min_size=4,
    max_size=30,
)


@settings(max_examples=examples(40))
@given(_STEPS)
def test_whatever_is_pruned_everything_else_can_be_read(steps: list[tuple[str, int, str]]) -> None:
    with TemporaryDirectory() as folder, Store(Path(folder) / "archive.db") as store:
        newest: dict[str, bytes] = {}
        for place, (step, number, what) in enumerate(steps):
            if step == "prune":
                planned = store.plan_pruning(Policy(what), before=hours(number))
                store.prune(planned, at=LATER)
                continue
            newest[what] = body(number).encode()
            verdict = Verdict.BLOCKED if number == 9 else Verdict.PRESENT
            store.record(SOURCE, [capture(body(number), place, url=what, verdict=verdict, wire=b"gz%d" % number)])
            if verdict is Verdict.BLOCKED:
                del newest[what]
        shown = store.verify()
        assert shown.clean, shown.faults
        assert all(store.body(Store.digest(data)) == data for data in newest.values())
