"""Two lists of one source: the file of one that stands where that of the other should."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import run
from tests.watchers.loopback import Loopback, loopback, reply

NAMES = ("Ash", "Bex", "Cor", "Dun", "Elm", "Fir", "Gor")
PLACES = [f"{name} {kind}" for name in NAMES for kind in ("County", "City", "Parish")]


@pytest.fixture(scope="module")
def site() -> Iterator[Loopback]:
    with loopback() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, site: Loopback) -> Path:
    (tmp_path / "sources" / "test").mkdir(parents=True)
    (tmp_path / "sources" / "test" / "agreements.yaml").write_text(
        f"title: Agreements\npublisher: Test\nurl: {site.url}/list\nseries:\n  page:\n    title: The page\n"
        "  signed:\n    title: Signed agreements\n    pattern: 'signed'\n"
        "  pending:\n    title: Pending agreements\n    pattern: 'pending'\n"
    )
    (tmp_path / "monitor.yaml").write_text(
        "shipped_sources: false\nallow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
    )
    return tmp_path


def signed(week: int) -> bytes:
    rows = [f"{place} Sheriff,Jail model,{100 + 7 * n + week}" for n, place in enumerate(PLACES[: 14 + week])]
    return "\n".join(["Agency,Type,Officers", *rows]).encode()


def pending(week: int) -> bytes:
    rows = [f"{place} Police,Task force,{90 - 3 * n + week}" for n, place in enumerate(PLACES[: 7 - week : -1])]
    return "\n".join(["Agency,Type,Officers", *rows]).encode()


def look(home: Path, site: Loopback, first: bytes, second: bytes) -> list[tuple[str, str]]:
    """What a round says above info, by series, where the lists are these."""
    site.says("/signed.csv", reply(first, content_type="text/csv"))
    site.says("/pending.csv", reply(second, content_type="text/csv"))
    links = "<a href='/signed.csv'>Signed agreements</a> <a href='/pending.csv'>Pending agreements</a>"
    page = (
        f"<html><head><title>Agreements</title></head><body><main><h1>Agreements</h1>{links}</main></body></html>"
    )
    site.says("/list", reply(page.encode()))
    done = run("check", "--json", cwd=home)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [(each["series"], each["kind"]) for each in found if each["severity"] != "info"]


@pytest.mark.parametrize("newer", [True, False])
def test_the_file_of_another_series_is_told_as_that_and_so_is_its_end(
    home: Path, site: Loopback, *, newer: bool
) -> None:
    for week in range(3):
        assert look(home, site, signed(week), pending(week)) == []
    swapped = signed(3) if newer else signed(2)
    assert look(home, site, signed(3), swapped) == [("pending", "wrong-edition")]
    assert look(home, site, signed(4), pending(4)) == []
    assert look(home, site, signed(5), pending(5)) == []


def test_two_files_that_changed_places(home: Path, site: Loopback) -> None:
    for week in range(3):
        assert look(home, site, signed(week), pending(week)) == []
    said = look(home, site, pending(3), signed(3))
    assert said == [("signed", "wrong-edition"), ("pending", "wrong-edition")]
    assert look(home, site, signed(4), pending(4)) == []


def test_a_list_that_is_written_anew_is_not_another_series(home: Path, site: Loopback) -> None:
    for week in range(3):
        assert look(home, site, signed(week), pending(week)) == []
    anew = pending(3).replace(b" Police", b" Constables").replace(b"Task force", b"Warrants")
    assert ("pending", "wrong-edition") not in look(home, site, signed(3), anew)
