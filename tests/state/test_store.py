from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from state.document import Definition
from state.errors import StoreError
from state.incoming import Brought, Look
from state.judging_queue import JUDGING_TRIES
from state.kinds import Severity
from state.model import Alert, ConditionState, Finding, Reading, Release, Verdict
from state.outbox_rows import OutboxState
from state.store import Store
from tests.budgets import examples
from tests.state.examples import (
    FILES,
    PAGE,
    SOURCE,
    alert,
    capture,
    condition,
    facts,
    finding,
    hours,
    table,
)

XLSX = "https://www.example.gov/doclib/FY26_stats.xlsx"


def report(
    store: Store,
    at: float,
    *findings: Finding,
    release: Release | None = None,
    alerts: tuple[Alert, ...] = (),
    **more: object,
) -> None:
    store.report(
        source=SOURCE.id,
        series="page",
        release=release,
        findings=findings,
        alerts=alerts,
        at=hours(at),
        **more,  # type: ignore[arg-type]
    )


def _brought(name: str, body: str | bytes) -> Brought:
    """A look at a source of its own with what it brought."""
    source = replace(SOURCE, id=f"ice/{name}", url=f"{PAGE}/{name}")
    return Brought(Look(source), [replace(capture(body, url=source.url), source=source.id)])


def _unkeepable(brought: Brought) -> Brought:
    (one,) = brought.captures
    return replace(brought, captures=[replace(one, url=None)])  # type: ignore[arg-type]


def states(store: Store) -> dict[str, ConditionState]:
    return {past.finding.id: past.state for past in store.archive.findings()}


class TestRecord:
    def test_a_new_body_is_a_release_and_its_bytes_are_kept(self, store: Store) -> None:
        (release,) = store.record(SOURCE, [capture("one", wire=b"\x1f\x8bzipped")])
        assert (release.source, release.series, release.url, release.size) == (SOURCE.id, "page", PAGE, 3)
        assert store.body(release.sha256) == b"one"
        assert store.body(Store.digest(b"\x1f\x8bzipped")) == b"\x1f\x8bzipped"
        assert release.sha256 == Store.digest(b"one")
        assert store.last_release(SOURCE.id, "page") == release

    def test_a_revisit_is_no_release(self, store: Store) -> None:
        store.record(SOURCE, [capture("one")])
        assert store.record(SOURCE, [capture("one", 1)]) == []
        assert store.record(SOURCE, [capture(b"", 2, verdict=Verdict.UNCHANGED)]) == []
        assert len(store.looks.captures_of(PAGE)) == 3

    def test_a_body_equal_to_an_older_one_is_a_new_release(self, store: Store) -> None:
        bodies = ["one", "two", "one"]
        releases = [store.record(SOURCE, [capture(body, at)])[0] for at, body in enumerate(bodies)]
        assert releases[2].sha256 == releases[0].sha256
        assert len({release.id for release in releases}) == 3
        assert store.previous(releases[2]) == releases[1]

    @pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if not verdict.good])
    def test_what_could_not_be_looked_at_is_kept_but_no_release(self, store: Store, verdict: Verdict) -> None:
        store.record(SOURCE, [capture("one")])
        assert store.record(SOURCE, [capture("Access denied", 1, verdict=verdict)]) == []
        assert store.body(Store.digest(b"Access denied")) == b"Access denied"
        assert store.record(SOURCE, [capture("one", 2)]) == [], "the page is as it was before the trouble"

    def test_two_files_that_stay_up_side_by_side_are_not_new_every_round(self, store: Store) -> None:
        last_year = XLSX.replace("26", "25")
        both = [("25 data", last_year), ("26 data", XLSX)]
        first = store.record(SOURCE, [capture(body, series="statistics", url=url) for body, url in both])
        again = store.record(SOURCE, [capture(body, 1, series="statistics", url=url) for body, url in both])
        assert (len(first), again) == (2, [])
        replaced = store.record(SOURCE, [capture("26 data, revised", 2, series="statistics", url=XLSX)])
        assert [release.url for release in replaced] == [XLSX]

    def test_the_same_bytes_under_a_new_name_are_no_release(self, store: Store) -> None:
        store.record(SOURCE, [capture("data", series="statistics", url=XLSX)])
        renamed = capture("data", 1, series="statistics", url=XLSX + "?itok=abc")
        assert store.record(SOURCE, [renamed]) == []

    def test_each_file_of_some_series_is_a_document_of_its_own(self, store: Store) -> None:
        urls = ["https://www.example.gov/a.pdf", "https://www.example.gov/b.pdf"]
        releases = store.record(SOURCE, [capture(url, series="letters", url=url) for url in urls])
        assert [release.document for release in releases] == urls
        (edited,) = store.record(SOURCE, [capture("a, edited", 1, series="letters", url=urls[0])])
        assert store.previous(edited) == releases[0]
        assert store.last_release(SOURCE.id, "letters", document=urls[1]) == releases[1]

    def test_documents_that_begin_alike_are_documents_all_the_same(self, store: Store) -> None:
        urls = ["https://www.example.gov/a.pdf", "https://www.example.gov/b.pdf"]
        first = store.record(SOURCE, [capture("under review", series="letters", url=url) for url in urls])
        assert [release.document for release in first] == urls
        (edited,) = store.record(SOURCE, [capture("b, at last", 1, series="letters", url=urls[1])])
        assert store.previous(edited) == first[1]

    def test_a_backfilled_release_between_two_others_is_technical(self, store: Store) -> None:
        first = store.record(SOURCE, [capture("one", 0)])[0]
        third = store.record(SOURCE, [capture("three", 10)])[0]
        (second,) = store.record(SOURCE, [capture("two", 5, memento=True)])
        assert second.technical
        assert not third.technical
        assert store.previous(third) == second
        assert store.previous(second) == first

    def test_all_captures_of_a_round_or_none(self, store: Store) -> None:
        broken = replace(capture("two", 1), url=None)  # type: ignore[arg-type]
        with pytest.raises(StoreError, match="could not keep"):
            store.record(SOURCE, [capture("one"), broken])
        assert store.looks.captures_of(PAGE) == ()
        assert store.verify().entries == 0

    def test_what_came_together_is_recorded_together(self, store: Store) -> None:
        recorded = store.record_together([_brought(name, "one") for name in "abc"])
        assert [[release.source for release in each] for each in recorded if isinstance(each, list)] == [
            ["ice/a"],
            ["ice/b"],
            ["ice/c"],
        ]
        assert store.verify().entries == 3

    def test_what_cannot_be_kept_is_the_error_of_its_own_source(self, store: Store) -> None:
        good, broken, also_good = (_brought(name, name) for name in "abc")
        first, second, third = store.record_together([good, _unkeepable(broken), also_good])
        assert isinstance(second, StoreError)
        assert [release.source for each in (first, third) if isinstance(each, list) for release in each] == [
            "ice/a",
            "ice/c",
        ]
        assert store.verify().entries == 2
        assert store.verify().clean

    def test_large_bodies_are_not_held_in_one_transaction(self, tmp_path: Path) -> None:
        path = tmp_path / "archive.db"
        large = [random.Random(number).randbytes(3 << 20) for number in range(4)]
        brought = [_brought(name, body) for name, body in zip("abcd", large, strict=True)]
        with Store(path) as store:
            recorded = store.record_together([*brought[:3], _unkeepable(brought[3])])
            assert [isinstance(each, list) for each in recorded] == [True, True, True, False]
            assert [store.body(store.digest(body)) for body in large[:3]] == large[:3]

    def test_validators_come_from_the_newest_good_capture(self, store: Store) -> None:
        assert store.looks.known_address(PAGE) is None
        store.record(SOURCE, [capture("one", 0), capture("two", 1), capture("no", 2, verdict=Verdict.BLOCKED)])
        known = store.looks.known_address(PAGE)
        assert known is not None
        assert (known.etag, known.last_modified, known.sha256) == ('"1"', "day 1", store.digest(b"two"))
        assert known.looked == capture("no", 2).at

    def test_odd_text_is_kept_as_it_came(self, store: Store) -> None:
        odd = capture(
            "é", headers=(("X", "caf\udce9"), ("", "")), file_name="naïve \u202e.xlsx", link_text="\udce9"
        )
        store.record(SOURCE, [odd])
        kept = store.looks.captures_of(PAGE)[0]
        assert (kept.file_name, kept.link_text) == (odd.file_name, "\\udce9")
        assert store.verify().clean


class TestUnjudged:
    def test_a_release_whose_round_was_killed_is_judged_by_the_next(self, store: Store) -> None:
        (killed,) = store.record(SOURCE, [capture("one")])
        (fresh,) = store.record(SOURCE, [capture("two", 1)])
        assert store.queue.unjudged(SOURCE.id) == (killed, fresh)
        report(store, 1, release=killed)
        assert store.queue.unjudged(SOURCE.id) == (fresh,)
        assert store.queue.unjudged("ice/other") == ()

    def test_one_that_trips_a_bug_is_left_alone_in_the_end(self, store: Store) -> None:
        (release,) = store.record(SOURCE, [capture("one")])
        tries = [store.queue.unjudged(SOURCE.id, fresh=[release])]
        tries += [store.queue.unjudged(SOURCE.id) for _ in range(JUDGING_TRIES)]
        assert tries == [(release,)] * JUDGING_TRIES + [()]
        report(store, 0, release=release)
        assert store.queue.unjudged(SOURCE.id) == ()

    def test_what_waits_behind_an_older_one_is_not_counted_as_tried(self, store: Store) -> None:
        (first,) = store.record(SOURCE, [capture("one")])
        (second,) = store.record(SOURCE, [capture("two", 1)])
        assert store.queue.unjudged(SOURCE.id, fresh=[first, second]) == (first, second)
        for _ in range(JUDGING_TRIES - 1):
            assert store.queue.unjudged(SOURCE.id) == (first, second)
        assert store.queue.unjudged(SOURCE.id) == (second,)

    def test_rounds_leave_the_past_to_those_who_brought_it(self, store: Store) -> None:
        (now,) = store.record(SOURCE, [capture("now", 9)])
        (then,) = store.record(SOURCE, [capture("then", 1, memento=True)])
        assert store.queue.unjudged(SOURCE.id) == (now,)
        assert store.queue.unjudged(SOURCE.id, past=True) == (then,)


class TestThePast:
    def test_what_is_said_of_it_is_kept_once_and_leaves_conditions_as_they_stand(self, store: Store) -> None:
        (now,) = store.record(SOURCE, [capture("now", 9)])
        report(store, 9, condition(), finding(id="today", title="as said today"), release=now)
        (then,) = store.record(SOURCE, [capture("then", 1, memento=True)])
        other = condition(id="c2")
        for _ in range(2):
            said = (finding(id="today", title="as said then"), finding(id="f2"), other)
            report(store, 1, *said, release=then, past=True)
        assert states(store) == {
            "c1": ConditionState.OPEN,
            "today": ConditionState.CLOSED,
            "f2": ConditionState.CLOSED,
        }
        assert [at for at, _ in store.archive.occurrences("f2")] == [hours(1)]
        assert [at for at, _ in store.archive.occurrences("today")] == [hours(1), hours(9)]
        (today,) = (past for past in store.archive.findings() if past.finding.id == "today")
        assert (today.finding.title, today.first_at, today.last_at) == ("as said today", hours(1), hours(9))


class TestReport:
    def test_findings_facts_texts_and_alerts_in_one_go(self, store: Store) -> None:
        (release,) = store.record(SOURCE, [capture("one")])
        kept = facts(
            release.id, release.at, tables=(table(1857.5),), definitions=(Definition("Level 1", "felony"),)
        )
        report(
            store,
            0,
            finding(),
            release=release,
            facts=kept,
            reading=Reading("3", b"as its reader wrote it"),
            texts=(("Facilities", "Stewart Detention Center opened"),),
            view={"tables": []},
            alerts=(alert(),),
        )
        assert store.archive.facts(release) == kept
        assert store.reading(release) == Reading("3", b"as its reader wrote it")
        (past,) = store.archive.findings()
        assert past.finding.event is not None
        assert replace(past.finding, event=None) == finding()
        assert store.outbox.counts() == {OutboxState.PENDING: 1}

    def test_all_or_nothing(self, store: Store) -> None:
        (release,) = store.record(SOURCE, [capture("one")])
        broken = replace(alert(), destination=None)  # type: ignore[arg-type]
        with pytest.raises(StoreError):
            report(store, 0, finding(), release=release, facts=facts(release.id, release.at), alerts=(broken,))
        assert store.archive.findings() == ()
        assert store.archive.facts(release) is None
        assert store.outbox.counts() == {}

    def test_an_unknown_release_is_refused(self, store: Store) -> None:
        (release,) = store.record(SOURCE, [capture("one")])
        with pytest.raises(StoreError, match="no release"):
            report(store, 0, release=replace(release, id="elsewhere"))

    def test_the_same_statement_again_is_an_occurrence(self, store: Store) -> None:
        one, two = (store.record(SOURCE, [capture(body, at)])[0] for at, body in enumerate(["one", "two"]))
        report(store, 0, finding(), release=one)
        report(store, 1, finding(title="fell again"), release=two)
        (past,) = store.archive.findings()
        assert (past.occurrences, past.first_at, past.last_at) == (2, hours(0), hours(1))
        assert past.finding.title == "fell again"
        assert [said.title for _, said in store.archive.occurrences("f1")] == [finding().title, "fell again"]

    def test_tables_that_stay_the_same_are_kept_once(self, store: Store) -> None:
        for at, body in enumerate(["one", "two", "three"]):
            (release,) = store.record(SOURCE, [capture(body, at)])
            report(store, at, release=release, facts=facts(release.id, release.at, tables=(table(5.0),)))
        assert store._db.execute("SELECT count(*) FROM table_content").fetchone() == (1,)

    def test_reporting_a_release_anew_replaces_its_facts(self, store: Store) -> None:
        (release,) = store.record(SOURCE, [capture("one")])
        for value in (1.0, 2.0):
            report(store, 0, release=release, facts=facts(release.id, release.at, tables=(table(value),)))
        kept = store.archive.facts(release)
        assert kept is not None
        assert [each.values for each in kept.tables] == [((2.0,),)]


class TestConditions:
    def test_a_condition_opens_goes_on_and_closes(self, store: Store) -> None:
        store.record(SOURCE, [capture(verdict=Verdict.GONE)])
        for at in range(3):
            report(store, at, condition())
        (past,) = store.archive.findings()
        assert (past.state, past.occurrences) == (ConditionState.OPEN, 3)
        assert len(store.archive.occurrences("c1")) == 1
        store.record(SOURCE, [capture("back", 3)])
        report(store, 3)
        assert states(store) == {"c1": ConditionState.CLOSED}

    def test_a_round_that_could_not_look_closes_nothing_but_fetch_trouble(self, store: Store) -> None:
        store.record(SOURCE, [capture(verdict=Verdict.GONE)])
        report(store, 0, condition(), condition(kind="source-unreachable", id="c2"))
        store.record(SOURCE, [capture(at=1, verdict=Verdict.BLOCKED)])
        report(store, 1, condition(kind="source-blocked", id="c3"))
        assert states(store) == {
            "c1": ConditionState.OPEN,
            "c2": ConditionState.CLOSED,
            "c3": ConditionState.OPEN,
        }

    def test_what_cannot_be_read_stays_so_until_a_release_can_be_read(self, store: Store) -> None:
        (broken,) = store.record(SOURCE, [capture("broken")])
        report(store, 0, condition(kind="source-unreadable"), release=broken)
        report(store, 1)
        assert states(store) == {"c1": ConditionState.OPEN}
        (mended,) = store.record(SOURCE, [capture("mended", 2)])
        report(store, 2, release=mended, facts=facts(mended.id, mended.at))
        assert states(store) == {"c1": ConditionState.CLOSED}

    def test_conditions_of_another_series_are_left_alone(self, store: Store) -> None:
        report(store, 0, condition())
        store.report(source=SOURCE.id, series=FILES.name, at=hours(1))
        assert states(store) == {"c1": ConditionState.OPEN}

    def test_a_condition_is_told_when_it_opens_gets_graver_or_comes_back(self, store: Store) -> None:
        rounds = [
            (0, Severity.HIGH, "tell"),
            (1, Severity.HIGH, "silent"),
            (2, Severity.CRITICAL, "tell"),
            (3, Severity.HIGH, "silent"),
            (4, None, ""),
            (24, Severity.HIGH, "tell"),
        ]
        for at, severity, _ in rounds:
            if severity is None:
                report(store, at)
                continue
            said = condition(severity=severity)
            report(store, at, said, alerts=(alert(f"{severity} {at}", finding="c1"),))
        expected = sorted(f"{severity} {at}" for at, severity, told in rounds if told == "tell")
        assert sorted(each.alert.event for each in store.outbox.list()) == expected

    def test_an_event_is_told_whenever_it_happens(self, store: Store) -> None:
        for at in range(2):
            report(store, at, finding(), alerts=(alert(f"release {at}", finding="f1"),))
        assert store.outbox.counts() == {OutboxState.PENDING: 2}


def test_findings_in_the_archive_are_the_public_json(store: Store) -> None:
    from state.contract import finding_to_json

    report(store, 0, finding())
    (past,) = store.archive.findings()
    said = replace(finding(), event=past.finding.event)
    assert json.dumps(finding_to_json(past.finding)) == json.dumps(finding_to_json(said))


def test_a_backup_is_a_whole_archive(store: Store, tmp_path: Path) -> None:
    store.record(SOURCE, [capture("one"), capture("two", 1)])
    store.backup(tmp_path / "copy.db")
    store.record(SOURCE, [capture("three", 2)])
    with Store(tmp_path / "copy.db") as copy:
        shown = copy.verify()
        assert (shown.clean, shown.entries) == (True, 2)
        assert store.verify(known=shown.head).clean
    with pytest.raises(StoreError, match="exists already"):
        store.backup(tmp_path / "copy.db")


@settings(max_examples=examples(30))
@given(st.lists(st.tuples(st.sampled_from(["one", "two", "three", ""]), st.booleans()), max_size=25))
def test_a_release_is_a_body_that_differs_from_the_good_one_before(
    tmp_path_factory: pytest.TempPathFactory, looks: list[tuple[str, bool]]
) -> None:
    with Store(tmp_path_factory.mktemp("law") / "archive.db") as store:
        before, expected, told = None, [], []
        for at, (body, good) in enumerate(looks):
            verdict = (Verdict.PRESENT if body else Verdict.UNCHANGED) if good else Verdict.BLOCKED
            told += [release.sha256 for release in store.record(SOURCE, [capture(body, at, verdict=verdict)])]
            if good and body and body != before:
                before = body
                expected.append(Store.digest(body.encode()))
        assert told == expected
        assert [release.sha256 for release in store.archive.releases(SOURCE.id)] == expected
        shown = store.verify()
        assert (shown.clean, shown.entries) == (True, len(looks))
