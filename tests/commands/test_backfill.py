"""``backfill`` as an archivist runs it, against a stand-in for the web archive on loopback."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.model import Capture, Destination, Verdict
from state.outbox_rows import Pending
from state.reading.timeline import Browser
from state.store import Store
from tests.commands.figures import FILE, PAGE, day, page, set_up, table, the_source, watched
from tests.commands.running import run
from tests.watchers.webarchive import Kept, WebArchive, web_archive

EARLIER = "https://www.figures.example/files/stats-earlier.csv"


def kept(month: int, *, word: str, webb: int) -> list[Kept]:
    return [Kept(PAGE, day(month), page(word)), Kept(FILE, day(month), table(webb), "text/csv")]


@pytest.fixture
def archive() -> Iterator[WebArchive]:
    with web_archive() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, archive: WebArchive) -> Path:
    set_up(
        tmp_path,
        more=f"web_archive: {archive.url}\n"
        "destinations: [{name: desk, url: 'json://127.0.0.1:9/', least: info}]\n",
    )
    return tmp_path


def test_the_past_is_filled_in_with_its_own_dates_and_alerts_nobody(home: Path, archive: WebArchive) -> None:
    archive.holdings.kept = [*kept(1, word="voluntary", webb=500), *kept(3, word="mandatory", webb=210)]
    done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 releases came in" in done.stdout
    assert "A commitment" in done.stdout
    with Browser(home / "data" / "archive.db") as browser:
        releases = browser.archive.releases("test/figures", series="stats")
        assert [release.at for release in releases] == [day(1), day(3)]
        assert all(look.memento for look in browser.looks.captures_of(FILE))
        kinds = {past.finding.kind for past in browser.findings()}
        assert {"cumulative-decreased", "commitment-weakened"} <= kinds
        assert browser.outbox.counts() == {}


def test_what_is_put_between_others_is_technical_and_its_neighbour_is_judged_again(
    home: Path, archive: WebArchive
) -> None:
    watched(home, 2, webb=200)
    watched(home, 6, webb=400)
    archive.holdings.kept = [Kept(FILE, day(4), table(900), "text/csv"), Kept(PAGE, day(4), page("mandatory"))]
    done = run("backfill", "test/figures", "--since", "2023-01-01", "--json", cwd=home)
    assert done.returncode == 0
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["series"], each["between_others"], each["judged_again"]) for each in told] == [
        ("stats", True, False),
        ("stats", False, True),
    ]
    assert any(finding["kind"] == "cumulative-decreased" for finding in told[1]["findings"])
    with Browser(home / "data" / "archive.db") as browser:
        between, last = browser.archive.releases("test/figures", series="stats")[1:]
        assert between.technical
        assert browser.archive.previous(last) == between
        assert browser.outbox.counts() == {}


def time_passes(home: Path) -> None:
    """What the web archive asked to wait is over."""
    (kept_listing,) = (home / "data" / "backfill").iterdir()
    told = json.loads(kept_listing.read_bytes())
    assert told["not_before"] is not None
    kept_listing.write_text(json.dumps(told | {"not_before": "2020-01-01T00:00:00Z"}))


FIGURES = {1: 500, 2: 560, 3: 540, 4: 610, 5: 590}
"""What the table says of Webb, by month: it falls in March and in May."""

History = tuple[list[dt.datetime], set[tuple[dt.datetime, str, str]]]


def backfilled(home: Path, archive: WebArchive, *runs: tuple[int, ...]) -> History:
    """The history after runs of which each finds the mementos of further months."""
    for months in runs:
        archive.holdings.kept += [
            each for month in months for each in kept(month, word="mandatory", webb=FIGURES[month])
        ]
        done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
        assert (done.returncode, done.stderr) == (0, "")
    with Browser(home / "data" / "archive.db") as browser:
        releases = browser.archive.releases("test/figures", series="stats")
        stands = {
            (release.at, finding.id, f"{finding.severity} {finding.title}")  # an event's n tells of the way there
            for release in releases
            for _, finding in browser.archive.said_of(release)
            if finding.kind != "retracted"
        }
        return [release.at for release in releases], stands


@pytest.mark.parametrize("runs", [((5, 4), (3,), (1, 2)), ((2, 4), (1, 3, 5)), ((3,), (5,), (1,), (4,), (2,))])
def test_older_mementos_after_newer_ones_end_in_the_same_history(
    home: Path, archive: WebArchive, tmp_path_factory: pytest.TempPathFactory, runs: tuple[tuple[int, ...], ...]
) -> None:
    whole = tmp_path_factory.mktemp("whole")
    set_up(whole, more=f"web_archive: {archive.url}\n")
    times, stands = backfilled(whole, archive, tuple(FIGURES))
    archive.holdings.kept.clear()
    assert times == [day(month) for month in FIGURES]
    assert len([title for _, _, title in stands if "fell" in title]) == 2
    again, said = backfilled(home, archive, *runs)
    assert again == times
    assert sorted(said - stands) == sorted(stands - said) == []


def test_what_a_memento_takes_back_is_told_to_those_who_were_told(home: Path, archive: WebArchive) -> None:
    desk = Destination(name="desk", url="json://127.0.0.1:9/")
    watched(home, 2, webb=600, told=(desk,))
    watched(home, 6, webb=300, told=(desk,))
    archive.holdings.kept = [Kept(FILE, day(4), table(200), "text/csv"), Kept(PAGE, day(4), page("mandatory"))]
    done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert done.returncode == 0
    with Store(home / "data" / "archive.db") as store:
        fell, *back = sorted(store.outbox.list(), key=lambda each: each.id)
    assert [each.alert.subject.endswith(f"No longer: {_title(fell)}") for each in back] == [True]


def _title(told: Pending) -> str:
    (finding,) = told.alert.payload["findings"]  # type: ignore[misc]
    return str(finding["title"])


def test_a_run_that_was_ended_goes_on_where_it_stopped(home: Path, archive: WebArchive) -> None:
    archive.holdings.kept = [each for month in (1, 2, 3) for each in kept(month, word=str(month), webb=month * 10)]
    archive.holdings.rate_limited_after = 3  # the index of the page and two of its captures
    ended = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert ended.returncode == 1
    assert "asks to be left alone for 600 seconds" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    archive.holdings.rate_limited_after = None
    archive.holdings.asked.clear()
    early = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert early.returncode == 1
    assert "asked to be left alone until" in early.stderr
    assert archive.holdings.asked == []
    time_passes(home)
    done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert done.returncode == 0
    assert len(archive.holdings.paths("/web/")) == 1 + 3
    with Browser(home / "data" / "archive.db") as browser:
        assert browser.counts().releases == 6
    again = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert "0 releases came in" in again.stdout
    assert len(archive.holdings.paths("/cdx/")) == 1 + 2  # the file alone; then, through once, both anew


def test_five_interruptions_leave_it_whole_and_nothing_twice(home: Path, archive: WebArchive) -> None:
    months = range(1, 7)
    archive.holdings.kept = [each for month in months for each in kept(month, word=str(month), webb=month * 10)]
    archive.holdings.kept += [
        Kept(FILE, day(8), table(5), "text/csv"),  # cannot be had
        Kept(FILE, day(9), b"moved", "text/csv", status=302, to=f"{FILE}?v=2"),
    ]
    archive.holdings.broken = {day(8).strftime("%Y%m%d%H%M%S")}
    archive.holdings.page = 2  # lines of its index at a time
    for more in (2, 3, 4, 5, 3):
        archive.holdings.rate_limited_after = len(archive.holdings.asked) + more
        ended = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
        assert ended.returncode == 1
        time_passes(home)
    archive.holdings.rate_limited_after = None
    done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert done.returncode == 0
    assert f"{FILE}: seen on 7 days from" in done.stdout
    assert "of the days between nothing is known" in done.stdout
    for url in (PAGE, FILE):
        assert [at for _, at in looks_at(home, url)] == [day(month) for month in months]
    indexes = archive.holdings.paths("/cdx/")
    assert len(indexes) <= 2 * 4 + 5  # its pages once each, and what every interruption cut off
    replayed = archive.holdings.paths("/web/")
    assert len(set(replayed)) >= len(replayed) - 5  # asked for twice is what was refused
    with Browser(home / "data" / "archive.db") as browser:
        kinds = {past.finding.kind for past in browser.findings()}
        assert "release-overdue" not in kinds
        (look, *_) = browser.looks.captures_of(FILE)
        assert f"kept at {archive.url}/web/" in look.reason
        assert "received 20" in look.reason


def test_a_short_wait_is_kept(home: Path, archive: WebArchive) -> None:
    archive.holdings.kept = kept(1, word="voluntary", webb=500)
    archive.holdings.refuse = 1
    archive.holdings.retry_after = "1"
    done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_days_between_are_nobodys_silence(home: Path, archive: WebArchive) -> None:
    path = home / "sources" / "test" / "figures.yaml"
    path.write_text(path.read_text().replace("pattern:", "cadence: 14d\n    pattern:", 1))
    archive.holdings.kept = [
        each for month in (1, 4, 5, 11) for each in kept(month, word=str(month), webb=month * 10)
    ]
    run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    with Browser(home / "data" / "archive.db") as browser:
        assert "release-overdue" not in {past.finding.kind for past in browser.findings()}


def test_what_a_killed_run_recorded_is_judged_by_the_next_and_by_no_round(home: Path, archive: WebArchive) -> None:
    watched(home, 6, webb=400)
    old = Capture(
        source="test/figures",
        series="stats",
        url=FILE,
        final_url=FILE,
        at=day(1),
        verdict=Verdict.PRESENT,
        body=table(900),
        media_type="text/csv",
        memento=True,
    )
    with Store(home / "data" / "archive.db") as store:
        store.record(the_source(home), [old])
    watched(home, 7, webb=500)
    with Browser(home / "data" / "archive.db") as browser:
        assert browser.archive.facts(browser.archive.releases("test/figures", series="stats")[0]) is None
    done = run("backfill", "test/figures", "--since", "2023-01-01", "--json", cwd=home)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["judged_again"] for each in told] == [False, True]
    assert any(finding["kind"] == "cumulative-decreased" for finding in told[1]["findings"])


def test_what_cannot_be_replayed_is_a_line(home: Path, archive: WebArchive) -> None:
    archive.holdings.kept = kept(1, word="voluntary", webb=500)
    archive.holdings.broken = {"20230102030405"}
    done = run("backfill", "test/figures", "--since", "2023-01-01", "--series", "stats", cwd=home)
    assert done.returncode == 0
    assert "cannot be replayed" in done.stderr


def listing(month: int, *, number: int, links: str = "", names: int = 2) -> Kept:
    """A page of a listing that names ``names`` further pages."""
    pager = "".join(f"<a href='?page={further}'>{further + 1}</a>" for further in range(names + 1))
    body = page("mandatory").replace(b"</main>", f"{links}{pager}</main>".encode())
    return Kept(PAGE if number == 0 else f"{PAGE}?page={number}", day(month), body)


def runs_over(home: Path, *, pages: int) -> None:
    """Let the listing of the source run over that many pages."""
    path = home / "sources" / "test" / "figures.yaml"
    path.write_text(f"{path.read_text()}pages: {pages}\n")


def looks_at(home: Path, url: str) -> list[tuple[str, dt.datetime]]:
    with Browser(home / "data" / "archive.db") as browser:
        return [(look.series, look.at) for look in browser.looks.captures_of(url) if look.memento]


def test_a_file_that_two_series_match_is_of_the_first(home: Path, archive: WebArchive) -> None:
    path = home / "sources" / "test" / "figures.yaml"
    path.write_text(f"{path.read_text()}  all:\n    title: All files\n    pattern: '/files/'\n")
    archive.holdings.kept = kept(1, word="voluntary", webb=500)
    run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
    assert looks_at(home, FILE) == [("stats", day(1))]


class TestFurtherPages:
    """A listing that runs over several pages."""

    def test_are_looked_up_and_what_only_they_linked_is_followed(self, home: Path, archive: WebArchive) -> None:
        runs_over(home, pages=5)
        link = "<a href='/files/stats-earlier.csv'>Earlier</a>"
        archive.holdings.kept = [
            listing(1, number=0),
            listing(2, number=1),
            listing(3, number=2, links=link),
            Kept(EARLIER, day(1), table(300), "text/csv"),
            Kept(EARLIER, day(4), table(120), "text/csv"),
        ]
        done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
        assert (done.returncode, done.stderr) == (0, "")
        assert looks_at(home, f"{PAGE}?page=1") == [("listing", day(2))]
        assert looks_at(home, f"{PAGE}?page=2") == [("listing", day(3))]
        assert looks_at(home, EARLIER) == [("stats", day(1)), ("stats", day(4))]
        assert "3 releases came in" in done.stdout  # the page, and twice the file: a further page is no release

    def test_a_run_that_was_ended_among_them_goes_on_there(self, home: Path, archive: WebArchive) -> None:
        runs_over(home, pages=5)
        archive.holdings.kept = [listing(month, number=number) for number in (0, 1, 2) for month in (1, 2)]
        archive.holdings.rate_limited_after = 1 + 1 + 2 + 1  # of two alike only one is played
        ended = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
        assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
        archive.holdings.rate_limited_after = None
        archive.holdings.asked.clear()
        time_passes(home)
        done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
        assert done.returncode == 0
        assert [path[-7:] for path in archive.holdings.paths("/web/")] == ["?page=2"]

    def test_no_more_than_a_round_may_follow(self, home: Path, archive: WebArchive) -> None:
        runs_over(home, pages=2)
        archive.holdings.kept = [listing(1, number=number, names=9) for number in range(10)]
        done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
        asked = [path for path in archive.holdings.paths("/web/") if "?page=" in path]
        assert [path[-7:] for path in asked] == ["?page=1"]
        assert done.stderr == ""

    def test_those_that_the_page_names_today_come_before_those_of_its_past(
        self, home: Path, archive: WebArchive
    ) -> None:
        runs_over(home, pages=3)
        before = listing(1, number=0, links="<a href='?sort=up&page=1'>2</a>", names=0)
        archive.holdings.kept = [before, listing(2, number=0), listing(1, number=1), listing(1, number=2)]
        done = run("backfill", "test/figures", "--since", "2023-01-01", cwd=home)
        assert [bool(looks_at(home, f"{PAGE}?page={number}")) for number in (1, 2)] == [True, True]
        assert "further pages of the listing left out: 1; `pages: 3`" in done.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("test/figures", "--since", "lately"), "no date"),
        (("nowhere", "--since", "2023-01-01"), "no source is called"),
        (("test/figures", "--since", "2023-01-01", "--series", "other"), "no series 'other'"),
    ],
)
def test_usage_is_told(home: Path, words: tuple[str, ...], why: str) -> None:
    done = run("backfill", *words, cwd=home)
    assert done.returncode == 2
    assert why in done.stderr
