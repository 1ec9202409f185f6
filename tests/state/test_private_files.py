from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from state.restoring import restore
from state.store import Store
from tests.commands.running import run
from tests.state.examples import SOURCE, capture

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")


@pytest.fixture(autouse=True)
def _usual() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.yaml"
    path.write_text("data: data\nshipped_sources: false\n")
    with Store(tmp_path / "data" / "archive.db") as store:
        store.record(replace(SOURCE, public=False), [capture("one"), capture("two", 1)])
    return path


def test_archive_head_and_backup_are_their_owners_alone(config: Path, tmp_path: Path) -> None:
    archive = tmp_path / "data" / "archive.db"
    with Store(archive) as store:
        store.record(SOURCE, [capture("three", 2)])
        assert {mode(path) for path in archive.parent.glob("archive.db*") if path.suffix != ".lock"} == {0o600}
    assert mode(archive.with_name("archive.db.head")) == 0o600
    assert run("backup", tmp_path / "copy.db", "--config", config).returncode == 0
    assert mode(tmp_path / "copy.db") == 0o600


def test_what_leaves_with_private_sources_is_its_owners_alone(config: Path, tmp_path: Path) -> None:
    for words, name in (
        (("export", "warc"), "it.warc.gz"),
        (("export", "wacz"), "it.wacz"),
        (("export", "bagit"), "bag"),
    ):
        done = run(*words, "--private", "--to", tmp_path / name, "--config", config)
        assert done.returncode == 0, done.stderr
        for path in ((tmp_path / name), *(tmp_path / name).rglob("*")):
            assert mode(path) & 0o077 == 0, path


def test_doctor_tells_who_can_read_private_sources(config: Path) -> None:
    archive = config.parent / "data" / "archive.db"
    assert "nobody else can read it" in run("doctor", "--config", config).stdout
    archive.chmod(0o644)
    told = run("doctor", "--config", config).stdout
    assert f"{archive} can be read by others on this machine, and holds {SOURCE.id}" in told
    assert f"chmod 600 {archive}" in told


def test_a_restored_archive_keeps_the_mode_that_it_was_given(config: Path, tmp_path: Path) -> None:
    archive = tmp_path / "data" / "archive.db"
    assert run("backup", tmp_path / "copy.db", "--config", config).returncode == 0
    archive.chmod(0o640)
    restore(tmp_path / "copy.db", archive, at=dt.datetime.now(dt.UTC))
    assert mode(archive) == 0o640
