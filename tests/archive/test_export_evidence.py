from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from archive.exports.evidence import write_evidence
from state.database import open_archive
from state.errors import StoreError
from state.ledger.stamp_roots import Trust
from state.ledger.stamps import stamp_head
from state.model import Verdict
from state.reading.captures import Holdings
from state.reading.visibility import HANDED_IN
from state.store import Store
from tests.archive.holdings import ASKED, FIRST, SECOND, captures
from tests.state.authority import authority, post
from tests.state.examples import SOURCE, START, capture, condition, finding, hours


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two findings: a figure fell between two releases, and a page that is gone."""
    path = tmp_path / "archive.db"
    with Store(path) as store:
        for each in captures():
            (release, *_) = [*store.record(SOURCE, [each]), None]
            said = [finding()] if each.body == SECOND else [condition()] if each.verdict is Verdict.GONE else []
            store.report(source=SOURCE.id, series="page", release=release, findings=said, at=each.at)
        store.record(SOURCE, [capture("later \u00e9", 9, url='https://example.gov/o\'dd "seq":4,')])
    return path


def unpacked(archive: Path, id: str, folder: Path) -> Path:
    with Holdings(archive) as holdings:
        write_evidence(holdings, id, folder / "it.zip", created=START)
    with zipfile.ZipFile(folder / "it.zip") as package:
        package.extractall(folder)
    return folder / "evidence"


def recipe(package: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which("sha256sum") is None:
        pytest.skip("there is no sha256sum here")
    return subprocess.run(["sh", "verify.sh"], cwd=package, capture_output=True, text=True, timeout=60)


def test_the_recipe_finds_everything_right(archive: Path, tmp_path: Path) -> None:
    package = unpacked(archive, "f1", tmp_path)
    done = recipe(package)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All is as it was entered" in done.stdout


def test_both_bodies_and_the_last_look_are_in_it(archive: Path, tmp_path: Path) -> None:
    package = unpacked(archive, "f1", tmp_path)
    folders = sorted(each.name for each in (package / "captures").iterdir())
    assert folders == ["1-entry-1", "2-entry-3", "3-entry-4"]
    assert (package / "captures/1-entry-1/body.html").read_bytes() == FIRST
    assert (package / "captures/3-entry-4/body.html").read_bytes() == SECOND
    assert "caf\xe9" in (package / "captures/3-entry-4/headers.txt").read_text()
    assert json.loads((package / "captures/3-entry-4/request.json").read_text()) == list(map(list, ASKED))
    assert not (package / "captures/1-entry-1/request.json").exists()
    words = (package / "FINDING.txt").read_text()
    assert "Maricopa, AZ · Non-criminal: 4,328 before, 2,597 after (-1,731)" in words
    assert "the last look that still found the state before" in words
    assert json.loads((package / "finding.json").read_text())["kind"] == "cumulative-decreased"
    assert "Noncriminal removals fell" in (package / "DECLARATION.txt").read_text()
    assert "28 U.S.C. § 1746" in (package / "DECLARATION.txt").read_text()


def test_a_page_that_is_gone_is_shown_as_it_was_seen_last(archive: Path, tmp_path: Path) -> None:
    package = unpacked(archive, "c1", tmp_path)
    assert recipe(package).returncode == 0
    assert (package / "captures/1-entry-4/body.html").read_bytes() == SECOND
    assert [each.name for each in sorted((package / "captures").iterdir())] == [
        "1-entry-4",
        "2-entry-6",
        "3-entry-7",
    ]


def test_the_commands_for_a_person_work_as_they_stand(archive: Path, tmp_path: Path) -> None:
    package = unpacked(archive, "f1", tmp_path)
    text = (package / "VERIFY.txt").read_text()
    commands = [
        line.strip() for line in text.splitlines() if line.startswith(("    sha256sum", "    head", "    grep"))
    ]
    told = [subprocess.run(["sh", "-c", each], cwd=package, capture_output=True, text=True) for each in commands]
    assert [each.returncode for each in told] == [0] * len(commands)
    assert told[1].stdout.split()[0] == told[2].stdout.strip(), "an entry is the digest of its line"
    for shown, named in zip(told[3::2], told[4::2], strict=True):
        assert shown.stdout.split()[0] in named.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("captures/3-entry-4/body.html", "entry 4"),
        ("captures/3-entry-4/headers.json", "entry 4"),
        ("chain/entries.jsonl", "digest"),
        ("chain/head.txt", "head"),
    ],
)
def test_the_recipe_finds_what_was_changed(archive: Path, tmp_path: Path, name: str, words: str) -> None:
    package = unpacked(archive, "f1", tmp_path)
    data = bytearray((package / name).read_bytes())
    data[len(data) // 2] ^= 1
    (package / name).write_bytes(data)
    assert recipe(package).returncode == 1, "its sum is another one"
    sums = subprocess.run(
        "find . -type f ! -name SHA256SUMS -exec sha256sum {} + > SHA256SUMS", shell=True, cwd=package, check=True
    )
    assert sums.returncode == 0
    done = recipe(package)
    assert done.returncode == 1, "even with new sums"
    assert words in done.stdout


def test_stamps_are_checked_with_openssl(archive: Path, tmp_path: Path) -> None:
    db = open_archive(archive)
    with authority(tmp_path / "one") as (one, address):
        stamp_head(db, [address], post=post, at=hours(20), trust=Trust())
    db.close()
    package = unpacked(archive, "f1", tmp_path)
    line = next(each for each in (package / "VERIFY.txt").read_text().splitlines() if "ts -verify" in each)
    done = subprocess.run(
        ["sh", "-c", line.replace("AUTHORITY.pem", str(one.root))], cwd=package, capture_output=True, text=True
    )
    assert "Verification: OK" in done.stdout
    assert recipe(package).returncode == 0


@pytest.mark.parametrize(
    ("memento", "reason", "words"),
    [
        (False, "the server answered 200", "received by the program from that address at that time"),
        (True, "kept at https://w.example/, received 2026", "taken from a web archive, whose"),
        (True, f"{HANDED_IN}a.csv, on 2026-02-03 by ann", "handed_in"),
    ],
)
def test_the_declaration_says_what_was_not_seen(tmp_path: Path, memento: bool, reason: str, words: str) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        brought = capture(FIRST, 0, memento=memento, reason=reason)
        (release,) = store.record(SOURCE, [brought])
        store.report(source=SOURCE.id, series="page", release=release, findings=[finding()], at=release.at)
    declared = (unpacked(path, "f1", tmp_path) / "DECLARATION.txt").read_text()
    if words == "handed_in":
        assert f"NOT received from that address: {reason}; the time is the one stated with the file" in declared
    else:
        assert words in declared
        assert ("NOT received" in declared) is memento


def test_an_unknown_finding(archive: Path, tmp_path: Path) -> None:
    with Holdings(archive) as holdings, pytest.raises(StoreError, match="no finding nope"):
        write_evidence(holdings, "nope", tmp_path / "it.zip", created=START)
    assert not (tmp_path / "it.zip").exists()
