"""``add URL`` as somebody new does it, against a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.figures import set_up, table
from tests.commands.running import run
from tests.watchers.loopback import Loopback, loopback, moved, reply
from watchers.sources.load import load_source

PAGE = """<html><head><title>Detention statistics | Agency</title></head><body><main><h1>Detention statistics</h1>
<p>Data as of March 4, 2026.</p><ul><li><a href="/doclib/detentionStats03042026.csv">March</a>
<li><a href="/doclib/detentionStats02042026.csv">February</a></ul></main></body></html>"""


@pytest.fixture
def publisher() -> Iterator[Loopback]:
    with loopback() as server:
        server.says("/detention/statistics", reply(PAGE.encode()))
        server.says("/doclib/detentionStats03042026.csv", reply(table(500), content_type="text/csv"))
        server.says("/refused", reply(b"<title>Access Denied</title>", status=403))
        server.says("/before", moved("/detention/statistics"))
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    return tmp_path


def test_it_shows_what_it_would_read_and_writes_the_file(home: Path, publisher: Loopback) -> None:
    done = run("add", f"{publisher.url}/detention/statistics", "--id", "agency/detention", "--yes", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "taken for releases of one document" in done.stdout
    assert "31 rows; columns County, Removals to date; County 0: Removals to date 200" in done.stdout
    source = load_source(home / "sources" / "agency" / "detention.yaml", id="agency/detention")
    assert [series.name for series in source.series] == ["page", "detention-stats"]
    assert "agency/detention" in run("sources", cwd=home).stdout


def test_it_asks_before_it_writes(home: Path, publisher: Loopback) -> None:
    url = f"{publisher.url}/detention/statistics"
    path = home / "sources" / "agency" / "detention.yaml"
    for typed in ("n\n", ""):
        run("add", url, "--id", "agency/detention", cwd=home, typed=typed)
        assert not path.exists()
    done = run("add", url, "--id", "agency/detention", cwd=home, typed="y\n")
    assert done.returncode == 0
    assert path.exists()


def test_it_never_replaces_a_file_without_being_told(home: Path, publisher: Loopback) -> None:
    url = f"{publisher.url}/detention/statistics"
    path = home / "sources" / "test" / "figures.yaml"
    before = path.read_text()
    refused = run("add", url, "--id", "test/figures", "--yes", cwd=home)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    run("add", url, "--id", "test/figures", cwd=home, typed="\n")  # the default is no
    assert path.read_text() == before
    assert run("add", url, "--id", "test/figures", "--yes", "--replace", cwd=home).returncode == 0
    assert path.read_text() != before


def test_an_address_that_leads_elsewhere_is_told_and_what_is_written_works(
    home: Path, publisher: Loopback
) -> None:
    publisher.says("/doclib/detentionStats02042026.csv", reply(table(400), content_type="text/csv"))
    for file in (home / "sources").rglob("*.yaml"):
        file.unlink()
    done = run("add", f"{publisher.url}/before", "--id", "agency/before", "--yes", cwd=home)
    assert f"leads to {publisher.url}/detention/statistics, which would be watched" in done.stdout
    checked = run("check", cwd=home)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    assert "3 releases" in run("status", cwd=home).stdout


def test_an_address_without_its_beginning_is_answered_with_what_to_write(home: Path) -> None:
    done = run("add", "www.example.gov/statistics", cwd=home)
    assert done.returncode == 2
    assert "https://" in done.stderr


def test_as_json(home: Path, publisher: Loopback) -> None:
    done = run(
        "add", f"{publisher.url}/detention/statistics", "--publisher", "Agency", "--yes", "--json", cwd=home
    )
    told = json.loads(done.stdout)
    assert told["source"] == "agency/statistics"
    assert [len(series["files"]) for series in told["series"]] == [2]
    assert Path(home, told["path"]).exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("/missing",), "404; look for the address that the publisher uses now"),
        (("/refused",), "403; it refuses this program"),
        (("/detention/statistics", "--id", "../outside"), "no name for a source"),
    ],
)
def test_what_cannot_be_added_is_told(home: Path, publisher: Loopback, words: tuple[str, ...], why: str) -> None:
    done = run("add", publisher.url + words[0], *words[1:], "--yes", cwd=home)
    assert done.returncode == 2
    assert why in done.stderr
    assert len(list((home / "sources").rglob("*.yaml"))) == 1


def test_a_private_address_is_refused(tmp_path: Path, publisher: Loopback) -> None:
    done = run("add", f"{publisher.url}/detention/statistics", "--yes", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.endswith("(loopback); list it under allow_hosts if you mean it\n")
