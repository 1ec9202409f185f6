"""One order of releases, whatever the order of links, fetching, imports and backfills; with a running clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from email.utils import format_datetime
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.route import route
from diffing.workers.pool import Workers
from pipeline.backfill import take_in_past
from pipeline.round import take_in
from state.kinds import Severity
from state.model import Alert, Capture, Destination, Finding, Release, Series, Source, Verdict
from state.reading.as_of import OF_LOOKS
from state.reading.timeline import Browser
from state.store import Store
from tests.budgets import examples
from tests.clocks import Clock

PAGE = "https://sheriffs.example/removals"
SOURCE = Source(
    id="sheriffs/removals",
    title="Removals",
    publisher="Sheriffs",
    url=PAGE,
    series=(
        Series(name="page", title="The page"),
        Series(name="monthly", title="Monthly files", pattern=r"removals-.*\.csv$"),
    ),
)
COUNTIES = (
    "Alder",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elm",
    "Fir",
    "Gorse",
    "Hazel",
    "Ivy",
    "Juniper",
    "Larch",
    "Maple",
)
START = dt.datetime(2026, 4, 20, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(size=1) as pool:
        yield pool


def body(month: int, total: int) -> bytes:
    lines = [f"{county},{total + 53 * place}" for place, county in enumerate(COUNTIES)]
    return "\n".join([f"Data as of 2026-{month:02}-28,", "County,Removals cumulative", *lines]).encode()


def url(month: int) -> str:
    return f"https://sheriffs.example/files/removals-2026-{month:02}.csv"


def document(month: int, total: int, at: dt.datetime, *, modified: bool = True, **more: object) -> Capture:
    published = dt.datetime(2026, month, 28, 15, tzinfo=dt.UTC)
    return Capture(
        source=SOURCE.id,
        series="monthly",
        url=url(month),
        final_url=url(month),
        at=at,
        verdict=Verdict.PRESENT,
        status=200,
        headers=(("Last-Modified", format_datetime(published, usegmt=True)),) if modified else (),
        body=body(month, total),
        media_type="text/csv",
        file_name=url(month).rpartition("/")[2],
        **more,  # type: ignore[arg-type]
    )


def page(months: Sequence[int], at: dt.datetime) -> Capture:
    links = "".join(f'<li><a href="{url(month)}">File {month}</a></li>' for month in months)
    return Capture(
        source=SOURCE.id,
        series="page",
        url=PAGE,
        final_url=PAGE,
        at=at,
        verdict=Verdict.PRESENT,
        status=200,
        body=f"<h1>Removals</h1><ul>{links}</ul>".encode(),
        media_type="text/html",
        links=tuple(("monthly", url(month), f"File {month}") for month in months),
    )


def look(
    store: Store, workers: Workers, clock: Clock, months: Sequence[int], fetched: Iterable[tuple[int, int]]
) -> list[Finding]:
    """A round: the page lists ``months``; the documents come in the order ``fetched``, each with its total."""
    captures = [page(months, clock())]
    captures += [document(month, total, clock()) for month, total in fetched]
    outcome = take_in(SOURCE, captures, store=store, workers=workers, now=clock())
    return list(outcome.findings)


def history(store: Store) -> list[str]:
    found = store.archive.releases(SOURCE.id, series="monthly")
    return [(release.file_name or release.url)[-6:-4] for release in found]


def graver(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Kinds above info about figures, with how many."""
    numbers = ("cumulative-decreased", "past-value-revised", "stale-republished", "implausible-jump")
    return [(f.kind, f.count) for f in findings if f.severity is not Severity.INFO and f.kind in numbers]


@pytest.mark.parametrize("links", [[6, 5, 4], [4, 5, 6], [5, 6, 4]])
@pytest.mark.parametrize("fetched", [[(6, 2000), (5, 1500)], [(5, 1500), (6, 2000)]])
def test_what_a_look_finds_together_is_judged_in_the_order_of_publishing(
    tmp_path: Path, workers: Workers, links: list[int], fetched: list[tuple[int, int]]
) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        look(store, workers, clock, [4], [(4, 1000)])
        said = look(store, workers, clock, links, fetched)
        assert history(store) == ["04", "05", "06"]
    assert graver(said) == []


@pytest.mark.parametrize("order", list(permutations([(4, 1000), (5, 1500), (6, 2000)])))
def test_a_true_fall_after_a_first_look_at_many_is_told(
    tmp_path: Path, workers: Workers, order: tuple[tuple[int, int], ...]
) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        look(store, workers, clock, [6, 5, 4], order)
        said = look(store, workers, clock, [7, 6, 5, 4], [(7, 1700)])
        assert history(store) == ["04", "05", "06", "07"]
    assert graver(said) == [("cumulative-decreased", 12)]


@pytest.mark.parametrize("order", list(permutations([4, 5, 6])))
def test_imports_in_any_order_before_and_after_a_look(
    tmp_path: Path, workers: Workers, order: tuple[int, ...]
) -> None:
    totals = {4: 1000, 5: 1500, 6: 2000}
    with Store(tmp_path / "archive.db") as store:
        look(store, workers, Clock(dt.datetime(2026, 7, 29, tzinfo=dt.UTC)), [7], [(7, 1700)])
        for month in order:  # each older or newer than what is there
            past = document(month, totals[month], dt.datetime(2026, month, 28, tzinfo=dt.UTC), memento=True)
            list(take_in_past(SOURCE, [past], store=store, workers=workers))
        assert history(store) == ["04", "05", "06", "07"]
        july = store.archive.releases(SOURCE.id, series="monthly")[-1]
        said = [f for _, f in store.archive.said_of(july)]
    assert graver(said) == [("cumulative-decreased", 12)]


def test_a_late_file_of_a_look_is_put_in_its_place(tmp_path: Path, workers: Workers) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        look(store, workers, clock, [4], [(4, 1000)])
        captures = [page([6, 5, 4], clock()), document(6, 2000, clock())]
        late = document(5, 1500, clock())
        missed = replace(late, verdict=Verdict.UNREACHABLE, body=b"", status=None)
        take_in(SOURCE, [*captures, missed], store=store, workers=workers, now=clock())
        said = look(store, workers, clock, [6, 5, 4], [(5, 1500)])
        assert history(store) == ["04", "05", "06"]
    assert graver(said) == []


def test_an_old_file_published_anew_under_its_own_address_meets_its_predecessor(
    tmp_path: Path, workers: Workers
) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        for month, total in ((4, 1000), (5, 1500), (6, 2000)):
            look(store, workers, clock, [month], [(month, total)])
        stale = replace(document(7, 1500, clock(), modified=False), body=body(5, 1500))
        outcome = take_in(SOURCE, [page([7, 6], clock()), stale], store=store, workers=workers, now=clock())
        assert history(store) == ["04", "05", "06", "07"]
    assert "stale-republished" in [finding.kind for finding in outcome.findings]


def test_a_file_replaced_in_place_keeps_its_place(tmp_path: Path, workers: Workers) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        look(store, workers, clock, [5, 4], [(4, 1000), (5, 1500)])
        look(store, workers, clock, [6, 5, 4], [(6, 2000), (4, 1010), (5, 1500)])
        assert history(store) == ["04", "04", "05", "06"]
        replaced = store.archive.releases(SOURCE.id, series="monthly")[1]
        before = store.previous(replaced)
        assert before is not None
        assert before.url == url(4)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.permutations([(1, 100), (2, 200), (3, 150), (4, 400), (5, 500)]),
    st.lists(st.integers(0, 4), max_size=3),
)
def test_any_order_of_arrival_ends_in_the_same_history_and_the_same_events(
    tmp_path_factory: pytest.TempPathFactory,
    workers: Workers,
    order: list[tuple[int, int]],
    cuts: list[int],
) -> None:
    expected = _arrive(tmp_path_factory.mktemp("order"), workers, [sorted(order)])
    edges = sorted({0, *cuts, len(order)})
    parts = [order[start:end] for start, end in pairwise(edges)]
    assert _arrive(tmp_path_factory.mktemp("order"), workers, parts) == expected


def _arrive(
    folder: Path, workers: Workers, parts: Sequence[Sequence[tuple[int, int]]]
) -> tuple[list[str], set[tuple[str, str, str, str]]]:
    """The history and what stands said at the end, where releases are imported in these parts."""
    with Store(folder / "archive.db") as store:
        for part in parts:
            captures = [
                document(month, total, dt.datetime(2026, month, 28, tzinfo=dt.UTC), memento=True)
                for month, total in part
            ]
            list(take_in_past(SOURCE, captures, store=store, workers=workers))
        stands = {
            (release.sha256, finding.id, finding.title, finding.severity.value)
            for release in store.archive.releases(SOURCE.id)
            for _, finding in store.archive.said_of(release)
            if finding.kind != "retracted"  # which tells what came about on the way
        }
        return history(store), stands


TOTALS = {1: 1000, 2: 1600, 3: 1400, 4: 2100, 5: 2050, 6: 2600}
WAYS = st.lists(st.sampled_from(["fetched", "late", "import", "backfill"]), min_size=6, max_size=6)


@settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))
@given(WAYS, st.permutations(range(12)), st.sampled_from([0, 3]))
def test_however_releases_come_they_end_in_the_same_history_and_the_same_statements(
    tmp_path_factory: pytest.TempPathFactory, workers: Workers, ways: list[str], when: list[int], stale: int
) -> None:
    """Fetched on time or a round late; imported under a name or taken from a web archive, at any time."""
    come = dict(zip(TOTALS, ways, strict=True))
    past = [month for month, way in come.items() if way in ("import", "backfill")]
    in_order = [(12, month) for month in past]
    mixed = [(when[place], month) for place, month in enumerate(past)]  # after the round of that month
    on_time = {month: "fetched" if way == "late" else way for month, way in come.items()}
    folder = tmp_path_factory.mktemp("mixed")
    expected = _live_through(folder / "in order", workers, on_time, in_order, stale=stale)
    assert _live_through(folder / "mixed", workers, come, mixed, stale=stale) == expected


def _live_through(
    folder: Path, workers: Workers, come: dict[int, str], past: list[tuple[int, int]], *, stale: int
) -> tuple[list[str], list[tuple[str, str, str, str]]]:
    """Six monthly rounds and one more; ``past`` says after which round (0: before all) which month is taken in.

    A file that is late cannot be had in the round that first links it. Two months after ``stale`` its figures come
    again. Titles are left out: they name releases by when these came.
    """
    folder.mkdir()
    totals = TOTALS | ({stale + 2: TOTALS[stale]} if stale else {})
    with Store(folder / "archive.db") as store:
        for month in range(13):
            if month in range(1, 8):
                clock = Clock(dt.datetime(2026, month, 28, 16, tzinfo=dt.UTC))
                _monthly_round(store, workers, clock, come, totals, month)
            taken = [each for after, each in past if after == month]
            captures = [_past(each, totals[each], come[each]) for each in taken]
            list(take_in_past(SOURCE, captures, store=store, workers=workers))
        stands = {
            (release.sha256, finding.id, finding.kind, f"{finding.severity.value} {finding.count}")
            for release in store.archive.releases(SOURCE.id, series="monthly")
            for _, finding in store.archive.said_of(release)
            if finding.kind not in OF_LOOKS
        }
        return history(store), sorted(stands)


def _monthly_round(
    store: Store, workers: Workers, clock: Clock, come: dict[int, str], totals: dict[int, int], month: int
) -> None:
    listed = [each for each in range(min(month, 6), 0, -1) if come[each] in ("fetched", "late")]
    captures = [page(listed, clock())]
    for each in listed:
        capture = document(each, totals[each], clock())
        if each == month and come[each] == "late":
            capture = replace(capture, verdict=Verdict.UNREACHABLE, body=b"", status=None)
        captures.append(capture)
    take_in(SOURCE, captures, store=store, workers=workers, now=clock())


def _past(month: int, total: int, way: str) -> Capture:
    """A file saved earlier has no address, one of a web archive has."""
    memento = document(month, total, dt.datetime(2026, month, 28, 15, tzinfo=dt.UTC), memento=True)
    return memento if way == "backfill" else replace(memento, url="", final_url="", headers=())


def tell(findings: Sequence[Finding], release: Release | None, as_of: object) -> Sequence[Alert]:
    """Alerts to one desk."""
    del as_of
    desk = Destination(name="desk", url="json://localhost")
    return route(findings, [desk], release=release, archive="http://archive.example", at=START)


def told(store: Store) -> list[tuple[str, str]]:
    """Kind and event of all that the desk is told, in the order of telling."""
    alerts = sorted(store.outbox.list(), key=lambda each: each.id)
    findings = [finding for each in alerts for finding in each.alert.payload["findings"]]  # type: ignore[attr-defined]
    return [(finding["kind"], finding["event"]) for finding in findings]


def round_without_may(store: Store, workers: Workers, clock: Clock, june: int) -> None:
    """April, then a round that lists May and June and gets June only."""
    look(store, workers, clock, [4], [(4, 1000)])
    missed = replace(document(5, 0, clock()), verdict=Verdict.UNREACHABLE, body=b"", status=None)
    captures = [page([6, 5, 4], clock()), document(6, june, clock()), missed]
    take_in(SOURCE, captures, store=store, workers=workers, now=clock(), tell=tell)


def test_what_a_late_file_of_a_round_shows_of_those_after_it_is_news(tmp_path: Path, workers: Workers) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        round_without_may(store, workers, clock, june=1500)
        assert [kind for kind, _ in told(store)] == []
        late = [page([6, 5, 4], clock()), document(5, 2000, clock())]
        outcome = take_in(SOURCE, late, store=store, workers=workers, now=clock(), tell=tell)
        june = store.archive.releases(SOURCE.id, series="monthly")[-1]
        assert ("cumulative-decreased", 12) in graver(outcome.news)
        fell = [(f.kind, f.event) for _, f in store.archive.said_of(june) if f.kind == "cumulative-decreased"]
        assert [each for each in told(store) if each[0] == "cumulative-decreased"] == fell
        again = take_in(SOURCE, [page([6, 5, 4], clock())], store=store, workers=workers, now=clock(), tell=tell)
        assert again.news == ()
    with Browser(tmp_path / "archive.db") as browser:
        event = browser.finding(fell[0][1] or "")
        assert event is not None
        assert event.past.last_at > START + dt.timedelta(seconds=5)  # said when it was found, not on June's day


def test_what_a_late_file_of_a_round_takes_back_is_told_to_those_who_were_told(
    tmp_path: Path, workers: Workers
) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        round_without_may(store, workers, clock, june=700)
        ((kind, event),) = told(store)
        assert kind == "cumulative-decreased"
        late = [page([6, 5, 4], clock()), document(5, 600, clock())]
        take_in(SOURCE, late, store=store, workers=workers, now=clock(), tell=tell)
        retracted = [f for f in _payloads(store) if f["kind"] == "retracted"]
        assert [each["before"] for each in retracted] == [event]
        may, june = store.archive.releases(SOURCE.id, series="monthly")[-2:]
        assert graver(f for _, f in store.archive.said_of(june)) == []
        assert graver(f for _, f in store.archive.said_of(may)) == [("cumulative-decreased", 12)]


def _payloads(store: Store) -> list[dict[str, object]]:
    return [finding for each in store.outbox.list() for finding in each.alert.payload["findings"]]  # type: ignore[attr-defined]


def test_a_late_file_that_changes_nothing_of_what_was_said_tells_nothing(tmp_path: Path, workers: Workers) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        round_without_may(store, workers, clock, june=700)
        before = told(store)
        late = [page([6, 5, 4], clock()), document(5, 1000, clock())]
        take_in(SOURCE, late, store=store, workers=workers, now=clock(), tell=tell)
        assert [each for each in told(store) if each[0] != "date-restamped"] == before  # that is May's own


def test_what_a_late_release_takes_back_is_told_to_those_who_were_told(tmp_path: Path, workers: Workers) -> None:
    clock = Clock(START)
    with Store(tmp_path / "archive.db") as store:
        look(store, workers, clock, [4], [(4, 1000)])
        captures = [page([6, 4], clock()), document(6, 700, clock())]
        take_in(SOURCE, captures, store=store, workers=workers, now=clock(), tell=tell)
        (fell,) = [each for each in store.outbox.list() if "fell" in each.alert.subject]
        past = document(5, 600, dt.datetime(2026, 5, 28, tzinfo=dt.UTC), memento=True)
        list(take_in_past(SOURCE, [past], store=store, workers=workers, tell=tell))
        assert history(store) == ["04", "05", "06"]
        told = [each.alert for each in store.outbox.list() if "No longer" in each.alert.subject]
        assert len(told) == 1
        (finding,) = told[0].payload["findings"]  # type: ignore[misc]
        assert (finding["kind"], finding["before"]) == ("retracted", fell.alert.event)
    with Browser(tmp_path / "archive.db") as browser:
        event = browser.finding(fell.alert.event)
        assert event is not None
        assert event.retracted_at is not None
        assert event.past.finding.title in fell.alert.subject
