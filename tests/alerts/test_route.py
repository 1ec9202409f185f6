from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from alerts.route import event_key, route, wants, when
from state.kinds import Severity
from state.model import Destination, Digest, Release
from tests.alerts.examples import finding

AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)  # a Tuesday
RELEASE = Release(
    id="r1",
    source="ice/secure-communities",
    series="statistics",
    url="https://www.example.gov/stats.pdf",
    at=AT,
    sha256="0" * 64,
    media_type="application/pdf",
    size=3,
)
PEOPLE = Destination(name="people", url="json://localhost")
CREW = Destination(name="crew", url="json://localhost", operators=True, least=Severity.LOW)


@pytest.mark.parametrize(
    ("destination", "wanted"),
    [
        (PEOPLE, True),
        (replace(PEOPLE, least=Severity.CRITICAL), True),
        (replace(PEOPLE, kinds=frozenset({"cumulative-decreased"})), True),
        (replace(PEOPLE, kinds=frozenset({"rows-vanished"})), False),
        (replace(PEOPLE, sources=("ice/*",)), True),
        (replace(PEOPLE, sources=("trac/*", "dhs/ohss")), False),
        (CREW, False),
    ],
)
def test_a_destination_says_what_it_wants(destination: Destination, wanted: bool) -> None:
    assert wants(destination, finding()) is wanted


def test_too_small_a_matter_is_not_told() -> None:
    assert not wants(PEOPLE, finding(severity=Severity.LOW))


def test_what_a_cause_explains_is_told_with_its_cause() -> None:
    assert not wants(replace(PEOPLE, least=Severity.INFO), finding(severity=Severity.INFO, cause="another"))
    assert wants(replace(PEOPLE, least=Severity.INFO), finding(severity=Severity.INFO))


def test_fetch_trouble_is_for_operators_and_never_for_watchdogs() -> None:
    blocked = finding(kind="source-blocked", severity=Severity.CRITICAL)
    assert wants(CREW, blocked)
    assert not wants(replace(PEOPLE, least=Severity.INFO), blocked)


def test_what_operators_are_told_of_a_round_is_one_message_whatever_source_it_is_of() -> None:
    batches = {
        alert.batch
        for minute, source in enumerate(("ice/a", "ice/b", "trac/c"))
        for alert in route(
            [finding(kind="source-blocked", severity=Severity.LOW, source=source)],
            [CREW],
            release=None,
            archive="http://127.0.0.1:8717/",
            at=AT + dt.timedelta(minutes=minute),
        )
    }
    assert len(batches) == 1
    assert "" not in batches


def test_the_gravest_comes_first_and_each_destination_once() -> None:
    mild, grave = finding(severity=Severity.MEDIUM, title="mild"), finding(title="grave")
    other = replace(PEOPLE, name="other")
    alerts = route([mild, grave], [PEOPLE, other], release=RELEASE, archive="http://127.0.0.1:8717/", at=AT)
    assert [(alert.destination, alert.subject.split(": ")[1]) for alert in alerts] == [
        ("people", "grave"),
        ("other", "grave"),
        ("people", "mild"),
        ("other", "mild"),
    ]
    assert alerts[0].payload["archive"] == "http://127.0.0.1:8717/findings/abc123"


def test_a_backfilled_release_alerts_nobody() -> None:
    technical = replace(RELEASE, technical=True)
    assert route([finding()], [PEOPLE], release=technical, archive="http://x", at=AT) == []


class TestEventKey:
    def test_the_same_event_has_the_same_key_whenever_it_is_judged(self) -> None:
        later = AT + dt.timedelta(days=3)
        assert event_key(finding(), release=RELEASE, at=AT) == event_key(finding(), release=RELEASE, at=later)

    def test_it_happens_anew_with_another_release(self) -> None:
        other = replace(RELEASE, id="r2")
        assert event_key(finding(), release=RELEASE, at=AT) != event_key(finding(), release=other, at=AT)

    def test_a_condition_has_a_key_for_each_day_and_grade(self) -> None:
        gone = finding(kind="page-gone")
        key = event_key(gone, release=None, at=AT)
        assert key == event_key(gone, release=None, at=AT + dt.timedelta(hours=3))
        assert key != event_key(gone, release=None, at=AT + dt.timedelta(days=1))
        assert key != event_key(replace(gone, severity=Severity.HIGH), release=None, at=AT)


class TestWhen:
    def test_at_once(self) -> None:
        assert when(PEOPLE, at=AT) == AT

    @pytest.mark.parametrize(
        ("digest", "at", "due"),
        [
            (Digest.DAILY, AT, dt.datetime(2026, 2, 4, 8, tzinfo=dt.UTC)),
            (Digest.DAILY, AT.replace(hour=7), dt.datetime(2026, 2, 3, 8, tzinfo=dt.UTC)),
            (Digest.WEEKLY, AT, dt.datetime(2026, 2, 9, 8, tzinfo=dt.UTC)),
            (Digest.WEEKLY, AT.replace(day=2, hour=7), dt.datetime(2026, 2, 2, 8, tzinfo=dt.UTC)),
        ],
    )
    def test_digests(self, digest: Digest, at: dt.datetime, due: dt.datetime) -> None:
        assert when(replace(PEOPLE, digest=digest), at=at) == due

    @pytest.mark.parametrize(
        ("quiet", "clock", "due"),
        [
            ("22:00-07:00", (23, 15), (4, 7, 0)),
            ("22:00-07:00", (3, 15), (3, 7, 0)),
            ("22:00-07:00", (7, 0), (3, 7, 0)),
            ("22:00-07:00", (21, 59), (3, 21, 59)),
            ("12:00-13:30", (12, 30), (3, 13, 30)),
            ("12:00-13:30", (14, 0), (3, 14, 0)),
        ],
    )
    def test_quiet_hours(self, quiet: str, clock: tuple[int, int], due: tuple[int, int, int]) -> None:
        at = AT.replace(hour=clock[0], minute=clock[1])
        day, hour, minute = due
        expected = AT.replace(day=day, hour=hour, minute=minute)
        assert when(replace(PEOPLE, quiet=quiet), at=at) == expected


class TestTogether:
    def test_findings_of_one_release_share_a_batch(self) -> None:
        alerts = route([finding(), finding(id="other")], [PEOPLE], release=RELEASE, archive="http://x", at=AT)
        assert {alert.batch for alert in alerts} == {"r1"}

    def test_the_end_of_a_condition_is_made_for_everyone_of_its_audience(self) -> None:
        back = finding(kind="page-returned", severity=Severity.INFO, ends=("c1",))
        critical = replace(PEOPLE, least=Severity.CRITICAL, kinds=frozenset({"page-gone"}))
        (alert,) = route([back], [critical, CREW], release=None, archive="http://x", at=AT)
        assert (alert.destination, alert.ends) == ("people", ("c1",))
