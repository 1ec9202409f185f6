from __future__ import annotations

import datetime as dt
import pickle

import pytest

from state.document import DateRole, Definition, StatedDate, Where
from state.model import Verdict
from state.reading.query_results import Figure, interval_average
from state.search.texts import texts_of
from state.series_history import PastReleases
from state.store import Store
from tests.state.examples import PAGE, SOURCE, capture, condition, facts, hours, table

XLSX = "https://www.example.gov/doclib/FY26_stats.xlsx"


def _publish(store: Store, at: float, **kept: object) -> str:
    (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
    store.report(
        source=SOURCE.id,
        series="page",
        release=release,
        facts=facts(release.id, release.at, **kept),
        at=release.at,
    )
    return release.id


class TestPast:
    def test_it_is_plain_and_travels_to_a_worker(self, store: Store) -> None:
        as_of = StatedDate("as of 2/2/2026", dt.date(2026, 2, 2), DateRole.AS_OF, Where(sheet="Facilities"))
        _publish(store, 0, tables=(table(1.5, measures={"rows.left": 2.0}),), as_of=as_of, dates=(as_of,))
        store.report(source=SOURCE.id, series="page", findings=[condition()], at=hours(1))
        past = store.archive.past(SOURCE.id, "page")
        assert pickle.loads(pickle.dumps(past)) == past
        (kept,) = past.releases()
        assert (kept.as_of, kept.dates) == (as_of, (as_of,))
        assert kept.tables == (table(1.5, measures={"rows.left": 2.0}),)
        assert [each.finding.id for each in past.findings()] == ["c1"]
        assert [each.url for each in past.captures()] == [PAGE]

    def test_the_release_judged_and_later_ones_are_left_out(self, store: Store) -> None:
        ids = [_publish(store, at) for at in range(4)]
        judged = store.archive.release(ids[2])
        past = store.archive.past(SOURCE.id, "page", before=judged)
        assert [each.release for each in past.releases()] == ids[:2]

    def test_tables_are_left_out_where_nobody_needs_them(self, store: Store) -> None:
        _publish(store, 0, tables=(table(1.0),))
        (kept,) = store.archive.past(SOURCE.id, "page", tables=False).releases()
        assert kept.tables == ()

    def test_a_table_is_followed_through_its_renamings(self, store: Store) -> None:
        _publish(store, 0, tables=(table(1, key="removals fy25"),))
        _publish(store, 1, tables=(table(2, key="removals fy25"),))
        _publish(store, 2, tables=(table(3, key="removals fy26", formerly="removals fy25"),))
        _publish(store, 3, tables=(table(4, key="removals fy26"),))
        past = store.archive.past(SOURCE.id, "page")
        assert [found.values[0][0] for _, found in past.table("removals fy26")] == [1, 2, 3, 4]

    def test_links_remember_when_each_document_was_linked_last(self, store: Store) -> None:
        linked = capture("x", 0, series="statistics", url=XLSX, link_text="FY26 statistics")
        store.record(SOURCE, [linked])
        store.record(SOURCE, [capture("x", 3, series="statistics", url=XLSX, link_text="FY26 statistics")])
        store.record(SOURCE, [capture(at=9, series="statistics", url=XLSX, verdict=Verdict.GONE)])
        for series in ("statistics", "page"):
            links = store.archive.past(SOURCE.id, series, page="page").links()
            assert links == {XLSX: hours(3)}
        assert store.archive.past(SOURCE.id, "letters", page="page").links() == {}

    def test_without_an_archive_it_is_empty(self) -> None:
        assert list(PastReleases().releases()) == []
        assert list(PastReleases().table("any")) == []


class TestFigures:
    def test_a_figure_through_all_releases(self, store: Store) -> None:
        days = [dt.date(2025, 7, 3), dt.date(2025, 7, 17), dt.date(2025, 8, 1)]
        for at, (day, value) in enumerate(zip(days, (1857, 1748, 1760), strict=True)):
            _publish(store, at, tables=(table(value, as_of=day),))
        told = store.archive.figure(SOURCE.id, "page", table="removals", row="stewart", column="adp")
        assert [figure.value for figure in told] == [1857, 1748, 1760]
        assert told[0].interval is None
        assert told[1].interval == pytest.approx((1748 * 290 - 1857 * 276) / 14)

    def test_a_missing_row_is_left_out(self, store: Store) -> None:
        _publish(store, 0, tables=(table(1),))
        assert store.archive.figure(SOURCE.id, "page", table="removals", row="other", column="adp") == ()

    def test_an_interval_needs_one_fiscal_year_and_numbers(self) -> None:
        def figure(day: dt.date | None, value: float | str | None) -> Figure:
            return Figure("r", hours(0), day, value)

        september, october = dt.date(2025, 9, 20), dt.date(2025, 10, 20)
        assert interval_average(figure(september, 5), figure(october, 6)) is None
        assert interval_average(figure(october, 5), figure(october, 6)) is None
        assert interval_average(figure(september, "*"), figure(dt.date(2025, 9, 30), 6)) is None
        assert interval_average(figure(None, 5), figure(october, 6)) is None


def test_every_wording_of_a_definition(store: Store) -> None:
    felony, broader = Definition("Level 1", "aggravated felony"), Definition("LEVEL  1", "any felony")
    ids = [
        _publish(store, at, definitions=said)
        for at, said in enumerate([(felony,), (felony,), (broader,), (), (felony,)])
    ]
    told = store.archive.wordings(SOURCE.id, "level 1")
    assert [(each.wording, each.first_release, each.last_release) for each in told] == [
        ("aggravated felony", ids[0], ids[1]),
        ("any felony", ids[2], ids[2]),
        ("aggravated felony", ids[4], ids[4]),
    ]


def test_what_stood_at_an_address_at_a_time(store: Store) -> None:
    store.record(SOURCE, [capture("one", 0), capture("two", 5)])
    store.record(SOURCE, [capture(at=8, verdict=Verdict.UNCHANGED), capture("no", 9, verdict=Verdict.BLOCKED)])
    assert store.looks.seen(PAGE, at=hours(-1)) is None
    at_three, at_nine = (store.looks.seen(PAGE, at=hours(at)) for at in (3, 9))
    assert at_three is not None
    assert at_nine is not None
    assert (at_three.capture.at, at_three.sha256) == (hours(0), Store.digest(b"one"))
    assert (at_nine.capture.at, at_nine.sha256) == (hours(8), Store.digest(b"two"))


def test_texts_are_noted_once_with_when_they_came_and_went(store: Store) -> None:
    stays, goes, comes = (
        ("", "Complaints: call us"),
        ("", "You may opt out"),
        ("", "Participation is mandatory"),
    )
    releases = []
    for at, shown in enumerate([(stays, goes), (stays, goes), (stays, comes)]):
        (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
        store.report(source=SOURCE.id, series="page", release=release, texts=shown, at=release.at)
        releases.append(release.id)
    rows = store._db.execute(
        "SELECT text_seen.text, first.id, last.id FROM text_seen"
        " JOIN release AS first ON first.no = text_seen.first"
        " LEFT JOIN release AS last ON last.no = text_seen.last"
        " ORDER BY text_seen.text"
    ).fetchall()
    texts = texts_of(store._db, {row[0] for row in rows})
    assert [(texts[number][1], first, last) for number, first, last in rows] == [
        (stays[1], releases[0], None),
        (goes[1], releases[0], releases[1]),
        (comes[1], releases[2], None),
    ]
