"""A round that asks a web archive for copies of what is new, against real servers on loopback."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.archive_copies import ATTEMPTS, ArchiveCopy, CopyState
from state.reading.timeline import Browser
from state.store import Store
from tests.commands.figures import page, set_up
from tests.commands.running import run
from tests.watchers.loopback import Loopback, loopback, reply
from tests.watchers.webarchive import WebArchive, web_archive


@pytest.fixture
def archive() -> Iterator[WebArchive]:
    with web_archive() as server:
        yield server


@pytest.fixture
def publisher() -> Iterator[Loopback]:
    with loopback() as server:
        server.says("/figures", reply(page("voluntary")))
        yield server


@pytest.fixture
def home(tmp_path: Path, archive: WebArchive, publisher: Loopback) -> Path:
    set_up(
        tmp_path,
        url=f"{publisher.url}/figures",
        more=f"web_archive: {archive.url}\n"
        "destinations: [{name: operators, url: 'json://127.0.0.1:9/', least: low, operators: true}]\n",
    )
    source = tmp_path / "sources" / "test" / "figures.yaml"
    source.write_text(source.read_text().partition("series:")[0] + "save: true\n")
    return tmp_path


def copy_of_newest(home: Path) -> ArchiveCopy:
    with Browser(home / "data" / "archive.db") as browser:
        copy = browser.copies.of(browser.archive.releases("test/figures")[-1].id)
    assert copy is not None
    return copy


def test_each_new_release_is_saved_once(home: Path, archive: WebArchive, publisher: Loopback) -> None:
    for _ in range(2):
        done = run("check", cwd=home)
        assert (done.returncode, done.stderr) == (0, "")
    assert archive.holdings.paths("/save/") == [f"/save/{publisher.url}/figures"]
    copy = copy_of_newest(home)
    (stamp,) = [kept.stamp for kept in archive.holdings.kept]
    assert (copy.state, copy.address) == (CopyState.SAVED, f"{archive.url}/web/{stamp}/{publisher.url}/figures")
    assert copy.trouble is None
    publisher.says("/figures", reply(page("mandatory")))
    run("check", cwd=home)
    assert len(archive.holdings.paths("/save/")) == 2
    assert run("verify", cwd=home).returncode == 0


def test_a_job_is_looked_after_by_the_next_round(home: Path, archive: WebArchive, publisher: Loopback) -> None:
    keys = os.environ | {"ARCHIVE_ORG_ACCESS_KEY": "a", "ARCHIVE_ORG_SECRET_KEY": "b"}
    run("check", cwd=home, env=keys)
    assert copy_of_newest(home).job == "spn2-abc"
    url = f"{publisher.url}/figures"
    stamp = archive.holdings.save(url).split("/")[2]
    archive.holdings.job_states = [{"status": "success", "timestamp": stamp, "original_url": url}]
    run("check", cwd=home, env=keys)
    assert copy_of_newest(home).address == f"{archive.url}/web/{stamp}/{url}"


@pytest.mark.parametrize("lie", ["host", "address", "date", "body"])
def test_what_is_not_there_is_not_said_to_be_saved(
    home: Path, archive: WebArchive, publisher: Loopback, lie: str
) -> None:
    holdings = archive.holdings
    holdings.saves_elsewhere = "https://elsewhere.example" if lie == "host" else ""
    holdings.saves_as = "https://www.other.example/figures" if lie == "address" else ""
    holdings.saves_at = dt.datetime(2019, 1, 1, tzinfo=dt.UTC) if lie == "date" else None
    holdings.saves = page("something else") if lie == "body" else None
    done = run("check", cwd=home)
    assert "1 of 1 copies at the web archive were not to be had" in done.stderr
    copy = copy_of_newest(home)
    assert (copy.state, copy.address, copy.attempts) == (CopyState.WANTED, None, 1)


def test_a_copy_that_is_not_to_be_had_is_a_line_and_breaks_no_round(home: Path, archive: WebArchive) -> None:
    archive.holdings.save_status = 503
    archive.holdings.rate_limited_after = 0
    done = run("check", cwd=home)
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert "asks to be left alone" in done.stderr
    again = run("check", cwd=home)
    assert again.stderr == ""  # the next try waits


def test_operators_are_told_of_a_copy_that_was_given_up(home: Path, archive: WebArchive) -> None:
    archive.holdings.rate_limited_after = 0
    run("check", cwd=home)
    with Store(home / "data" / "archive.db") as store:
        release = store.archive.releases("test/figures")[-1]
        for _ in range(ATTEMPTS - 2):
            store.copies.failed(_current(store, release.id), trouble="away", at=release.at.replace(year=2001))
    run("check", cwd=home)
    assert copy_of_newest(home).state is CopyState.FAILED
    with Browser(home / "data" / "archive.db") as browser:
        told = [pending.alert.subject for pending in browser.outbox.list()]
    assert sum("No copy at the web archive" in subject for subject in told) == 1


def _current(store: Store, release: str) -> ArchiveCopy:
    copy = store.copies.of(release)
    assert copy is not None
    return copy
