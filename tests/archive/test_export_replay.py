"""WARC and WACZ served by pywb and compared byte for byte.

pywb is GPL and so no dependency: it gets an environment of its own outside the project, made once.
"""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import orjson
import pytest

from archive.exports.wacz import surt, write_wacz
from archive.exports.warc import write_warc
from demo.story import live_through
from state.holdings import Holdings, Wanted
from tests.archive.holdings import FILE, FIRST, MISSING, SECOND, WORKBOOK, make_archive
from tests.state.examples import PAGE, START

PYWB = "pywb==2.10.0"
ENVIRONMENT = Path.home() / ".cache" / "release-monitor" / PYWB.replace("==", "-")

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
    programs = ENVIRONMENT / "bin"
    if not (programs / "wb-manager").exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True, capture_output=True)
            install = [programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", PYWB]
            subprocess.run(install, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"{PYWB} cannot be installed here: {error}")
    return programs


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that the demonstration makes."""
    return live_through(tmp_path_factory.mktemp("demo") / "output", echo=lambda _: None).database


@contextmanager
def served(pywb: Path, folder: Path, archives: Sequence[Path]) -> Iterator[str]:
    """pywb serving these files as one collection; yields how its addresses begin."""
    subprocess.run([pywb / "wb-manager", "init", "it"], cwd=folder, check=True, capture_output=True)
    for each in archives:
        unpack = ["--unpack-wacz"] if each.suffix == ".wacz" else []
        add = [pywb / "wb-manager", "add", *unpack, "it", each]
        subprocess.run(add, cwd=folder, check=True, capture_output=True, timeout=60)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [pywb / "wayback", "-p", str(port), "-b", "127.0.0.1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}/it"
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("pywb did not start")


def exported(archive: Path, target: Path) -> Path:
    with Holdings(archive) as holdings:
        captures = holdings.kept(holdings.numbers(Wanted()))
        if target.suffix == ".wacz":
            write_wacz(captures, target, created=START, title="A test")
        else:
            with target.open("wb") as out:
                write_warc(captures, out, created=START)
    return target


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
    target = exported(demo, tmp_path / name)
    bodies: dict[int, bytes] = {}
    with Holdings(demo) as holdings, served(pywb, tmp_path, [target]) as address, httpx.Client() as client:
        for kept in holdings.kept(holdings.numbers(Wanted())):
            capture = kept.capture
            assert capture.status is not None
            same = capture.status == 304
            bodies[kept.seq] = bodies[kept.revisits or 0] if same else capture.body
            answer = client.get(f"{address}/{capture.at:%Y%m%d%H%M%S}id_/{capture.final_url}")
            assert answer.status_code == (200 if same else capture.status), kept
            assert answer.content == bodies[kept.seq], kept
    assert len(bodies) > 100


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
