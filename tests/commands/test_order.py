"""The one order as the program keeps it: rounds against a site, files taken in, runs that are killed."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from email.utils import format_datetime
from pathlib import Path

import pytest

from state.reading.timeline import Browser
from tests.commands.running import ROOT, run
from tests.watchers.loopback import Loopback, loopback, reply

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


@pytest.fixture(scope="module")
def site() -> Iterator[Loopback]:
    with loopback() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, site: Loopback) -> Path:
    (tmp_path / "sources" / "test").mkdir(parents=True)
    (tmp_path / "sources" / "test" / "removals.yaml").write_text(
        f"title: Removals\npublisher: Sheriffs\nurl: {site.url}/removals\nseries:\n  page:\n    title: The page\n"
        "  monthly:\n    title: Monthly files\n    pattern: 'removals-.*\\.csv$'\n"
    )
    (tmp_path / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
    )
    return tmp_path


def table(month: int, total: int, *, year: int = 2026) -> bytes:
    lines = [f"{county},{total + 53 * place}" for place, county in enumerate(COUNTIES)]
    return "\n".join([f"Data as of {year}-{month:02}-28,", "County,Removals cumulative", *lines]).encode()


def publish(site: Loopback, files: Sequence[tuple[int, bytes]]) -> None:
    """The page lists these files, by month, in this order."""
    for month, body in files:
        published = format_datetime(dt.datetime(2026, month, 28, 15, tzinfo=dt.UTC), usegmt=True)
        site.says(address(month), reply(body, content_type="text/csv", last_modified=published))
    links = "".join(f'<li><a href="{address(month)}">File {month}</a></li>' for month, _ in files)
    page = (
        "<html><head><title>Removals</title></head><body><main><h1>Removals</h1>"
        f"<p>The sheriffs publish a file a month.</p><ul>{links}</ul></main></body></html>"
    )
    site.says("/removals", reply(page.encode()))


def address(month: int) -> str:
    return f"/removals-2026-{month:02}.csv"


def check(home: Path) -> list[tuple[str, int]]:
    """What a round says above info: kinds, with how many."""
    done = run("check", "--json", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [(each["kind"], each["count"]) for each in found if each["severity"] != "info"]


def shown(home: Path) -> list[dict]:
    """What ``history`` shows of the files, oldest first."""
    done = run("history", "test/removals", "--series", "monthly", "--json", cwd=home)
    return [json.loads(line) for line in done.stdout.splitlines()][::-1]


def names(home: Path) -> list[str]:
    return [each["file_name"].removeprefix("removals-")[:7] for each in shown(home)]


FILES = {4: table(4, 1000), 5: table(5, 1500), 6: table(6, 2000), 7: table(7, 1700)}


@pytest.mark.parametrize("links", [(6, 5, 4), (5, 6, 4)])
def test_files_that_come_in_one_round_are_judged_in_the_order_of_publishing(
    home: Path, site: Loopback, links: tuple[int, ...]
) -> None:
    publish(site, [(4, FILES[4])])
    assert check(home) == []
    publish(site, [(month, FILES[month]) for month in links])
    assert check(home) == []
    publish(site, [(month, FILES[month]) for month in (7, *links)])
    assert check(home) == [("cumulative-decreased", 12)]
    assert names(home) == ["2026-04", "2026-05", "2026-06", "2026-07"]


def test_a_true_fall_after_a_first_round_that_found_three_files(home: Path, site: Loopback) -> None:
    publish(site, [(month, FILES[month]) for month in (6, 5, 4)])
    assert check(home) == []
    publish(site, [(month, FILES[month]) for month in (7, 6, 5, 4)])
    assert check(home) == [("cumulative-decreased", 12)]


@pytest.mark.parametrize("links", [(7, 6, 5, 4), (4, 5, 6, 7), (6, 4, 5, 7), (4, 6, 7, 5)])
def test_a_stale_file_is_told_and_history_shows_the_date_that_disagrees(
    home: Path, site: Loopback, links: tuple[int, ...]
) -> None:
    for month in (4, 5, 6):
        publish(site, [(each, FILES[each]) for each in range(month, 3, -1)])
        assert check(home) == []
    files = FILES | {7: FILES[5]}
    publish(site, [(month, files[month]) for month in links])
    assert [kind for kind, _ in check(home)] == ["stale-republished"]
    newest = shown(home)[-1]["findings"]
    (stale,) = [each["title"] for each in newest if each["kind"] == "stale-republished"]
    assert "(removals-2026-05.csv)" in stale, "all four were first seen on the same day"
    assert names(home) == ["2026-04", "2026-05", "2026-06", "2026-07"]
    assert [each["dates_against"] for each in shown(home)] == [
        *([], [], []),
        [{"date": "as_of", "own": "2026-05-28", "before": "2026-06-28"}],
    ]
    told = run("history", "test/removals", cwd=home).stdout
    assert "dates that disagree with its place: as of 2026-05-28, of the one before 2026-06-28" in told


def test_a_file_replaced_in_place_keeps_its_place(home: Path, site: Loopback) -> None:
    publish(site, [(month, FILES[month]) for month in (6, 5, 4)])
    check(home)
    publish(site, [(6, FILES[6]), (5, table(5, 1400)), (4, FILES[4])])
    assert ("cumulative-decreased", 12) in check(home)
    assert names(home) == ["2026-04", "2026-05", "2026-05", "2026-06"]


@pytest.mark.parametrize("links", [(6, 5, 4), (4, 6, 5)])
def test_a_file_that_has_the_bytes_of_another_one_now_was_replaced(
    home: Path, site: Loopback, links: tuple[int, ...]
) -> None:
    publish(site, [(month, FILES[month]) for month in links])
    check(home)
    files = FILES | {5: FILES[6]}
    publish(site, [(month, files[month]) for month in links])
    check(home)
    assert names(home) == ["2026-04", "2026-05", "2026-05", "2026-06"]


def stands(home: Path) -> tuple[list[str], list[tuple[str, str | None]]]:
    """The history of the files, and all that stands said of them, by events."""
    with Browser(home / "data" / "archive.db") as browser:
        releases = browser.archive.releases("test/removals", series="monthly")
        said = {(r.sha256, f.event) for r in releases for _, f in browser.archive.said_of(r)}
        return [release.file_name or release.url for release in releases], sorted(said)


@pytest.mark.parametrize("judged", [0, 4])
def test_older_files_taken_in_by_a_run_that_is_killed_and_one_more(
    tmp_path_factory: pytest.TempPathFactory, home: Path, site: Loopback, judged: int
) -> None:
    """Killed once so many releases are judged; a round passes between, and judges nothing of the past."""
    whole = tmp_path_factory.mktemp("whole")
    totals = {1: 100, 2: 250, 3: 400, 4: 300, 5: 550, 6: 700, 7: 850, 8: 1000}
    saved = tmp_path_factory.mktemp("saved")
    for month, total in totals.items():
        (saved / f"2025-{month:02}-28.csv").write_bytes(table(month, total, year=2025))
    shutil.copytree(home, whole, dirs_exist_ok=True)
    for folder in (whole, home):
        publish(site, [(6, FILES[6])])
        check(folder)
        publish(site, [(7, FILES[7]), (6, FILES[6])])
        check(folder)
    words = ("import", "test/removals", saved, "--series", "monthly")
    assert run(*words, cwd=whole).returncode == 0
    command = [sys.executable, str(ROOT / "monitor.py"), *map(str, words)]
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for _ in range(judged + 1):
            running.stdout.readline()
        running.kill()
    assert check(home) == []
    assert run(*words, cwd=home).returncode == 0
    assert stands(home) == stands(whole)
    assert names(home) == [*(f"2025-{month:02}" for month in totals), "2026-06", "2026-07"]
