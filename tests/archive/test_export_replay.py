"""WARC and WACZ served by pywb and compared byte for byte."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import httpx
import orjson
import pytest

from archive.exports.wacz import surt
from benchmarks.making.scenario_archive import live_through_scenarios
from demo.story import Story
from state.model import Verdict
from tests.archive.holdings import FILE, FIRST, MISSING, SECOND, WORKBOOK, make_archive
from tests.archive.replaying import CannotInstall, exported, installed_pywb, replayed, served
from tests.state.examples import PAGE

SHOWN = (
    ("20260202090000", PAGE, 200, FIRST),
    ("20260202100000", PAGE, 200, FIRST),
    ("20260202110000", PAGE, 200, FIRST),
    ("20260202120000", PAGE, 200, SECOND),
    ("20260202130000", FILE, 200, WORKBOOK),
    ("20260202150000", PAGE, 404, MISSING),
    ("20260202160000", PAGE, 200, FIRST),
)


@pytest.fixture(scope="module")
def pywb() -> Path:
    """The programs of pywb; skips where it cannot be installed."""
    try:
        return installed_pywb()
    except CannotInstall as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def demo(demonstration: tuple[Story, list[str]]) -> Path:
    """The archive that the demonstration makes."""
    return demonstration[0].database


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of rounds over pages that go, move, are blocked, change; PDF and workbooks among them."""
    return live_through_scenarios(tmp_path_factory.mktemp("scenarios"))


@pytest.mark.parametrize("name", ["out.warc.gz", "out.wacz"])
def test_replays_byte_for_byte(pywb: Path, tmp_path: Path, name: str) -> None:
    target = exported(make_archive(tmp_path / "archive.db"), tmp_path / name)
    with served(pywb, tmp_path, [target]) as address:
        for at, url, status, body in SHOWN:
            answer = httpx.get(f"{address}/{at}id_/{url}")
            assert (answer.status_code, answer.content == body) == (status, True), (at, url, answer.content[:80])
            assert answer.headers["Memento-Datetime"].endswith(f"{at[8:10]}:00:00 GMT")
        hop = httpx.get(f"{address}/20260202120000id_/http://www.example.gov/old")
        assert (hop.status_code, hop.headers["Location"]) == (301, PAGE)


@pytest.mark.parametrize("name", ["out.warc.gz", "out.wacz"])
def test_the_demonstration_replays_byte_for_byte(pywb: Path, tmp_path: Path, demo: Path, name: str) -> None:
    with served(pywb, tmp_path, [exported(demo, tmp_path / name)]) as address:
        captures, wrong = replayed(demo, address)
    assert wrong == []
    assert len(captures) > 100


@pytest.mark.parametrize("name", ["out.warc.gz", "out.wacz"])
def test_the_scenarios_replay_byte_for_byte(pywb: Path, tmp_path: Path, scenarios: Path, name: str) -> None:
    with served(pywb, tmp_path, [exported(scenarios, tmp_path / name)]) as address:
        captures, wrong = replayed(scenarios, address)
    assert wrong == []
    assert {each.capture.status for each in captures} >= {200, 403, 404, 410, 503}
    assert {each.capture.verdict for each in captures} >= {
        Verdict.PRESENT,
        Verdict.GONE,
        Verdict.MOVED,
        Verdict.BLOCKED,
        Verdict.EMPTY,
    }
    assert any(each.capture.redirects for each in captures)


def test_a_wacz_holds_what_its_list_says(tmp_path: Path) -> None:
    target = exported(make_archive(tmp_path / "archive.db"), tmp_path / "out.wacz")
    with zipfile.ZipFile(target) as archive:
        assert {each.compress_type for each in archive.infolist()} == {zipfile.ZIP_STORED}
        package = orjson.loads(archive.read("datapackage.json"))
        digest = orjson.loads(archive.read("datapackage-digest.json"))
        assert digest["hash"] == "sha256:" + hashlib.sha256(archive.read("datapackage.json")).hexdigest()
        listed = {each["path"] for each in package["resources"]}
        assert listed == {each for each in archive.namelist() if not each.startswith("datapackage")}
        for each in package["resources"]:
            data = archive.read(each["path"])
            assert (each["hash"], each["bytes"]) == ("sha256:" + hashlib.sha256(data).hexdigest(), len(data))
        pages = [orjson.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()]
        assert pages[0]["format"] == "json-pages-1.0"
        assert [each["url"] for each in pages[1:]] == [PAGE, PAGE, FILE]
        lines = archive.read("indexes/index.cdx").splitlines()
        assert lines == sorted(lines)
        assert lines[0].startswith(b"gov,example)/detain 20260202090000 {")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.ice.gov/", "gov,ice)/"),
        ("http://WWW2.Example.gov:80/A/b/?z=1&a=2", "gov,example)/a/b?a=2&z=1"),
        ("https://example.gov:8443/x", "gov,example:8443)/x"),
        ("urn:x:1", "urn:x:1"),
    ],
)
def test_addresses_are_sorted_by_host_from_its_end(url: str, key: str) -> None:
    assert surt(url) == key
