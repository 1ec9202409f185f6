from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from state.store import Store
from tests.commands.running import run
from tests.state.authority import authority
from tests.state.examples import SOURCE, capture


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "monitor.yaml"
    path.write_text("data: data\nshipped_sources: false\n")
    with Store(tmp_path / "data" / "archive.db") as store:
        for number in range(4):
            store.record(SOURCE, [capture(f"edition {number}", number)])
    return path


def forge(config: Path) -> None:
    connection = sqlite3.connect(config.parent / "data" / "archive.db")
    (statement,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'look_no_update'").fetchone()
    connection.execute("DROP TRIGGER look_no_update")
    connection.execute("UPDATE look SET elapsed = 99 WHERE id = 2")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_clean_archive_says_what_that_proves_and_what_not(config: Path) -> None:
    done = run("verify", "--config", config)
    assert (done.returncode, done.stderr) == (0, "")
    assert "checked: 4 entries" in done.stdout
    assert "this proves:" in done.stdout
    assert "this does not prove:" in done.stdout


def test_damage_is_told_and_status_1(config: Path) -> None:
    forge(config)
    done = run("verify", "--config", config)
    assert done.returncode == 1
    assert "broken entry: entry 2" in done.stdout
    assert "this proves" not in done.stdout
    told = json.loads(run("verify", "--config", config, "--json").stdout)
    assert (told["clean"], told["faults"][0]["flaw"], told["faults"][0]["seq"]) == (False, "broken entry", 2)


def test_a_head_kept_elsewhere(config: Path) -> None:
    head = run("verify", "--config", config, "--head").stdout.strip()
    assert head.startswith("4:")
    assert json.loads(run("verify", "--config", config, "--head", "--json").stdout)["seq"] == 4
    done = run("verify", "--config", config, "--known", head)
    assert done.returncode == 0
    assert "up to entry 4 is the one whose head you kept" in done.stdout
    other = run("verify", "--config", config, "--known", f"5:{'0' * 64}")
    assert other.returncode == 1
    assert "other head" in other.stdout


@pytest.mark.parametrize(
    ("words", "trouble"), [(["--known", "nonsense"], "64 hex digits"), (["--stamp"], "no time stamp authority")]
)
def test_trouble_is_one_line_and_status_2(config: Path, words: list[str], trouble: str) -> None:
    done = run("verify", "--config", config, *words)
    assert done.returncode == 2
    assert trouble in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_no_archive_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "monitor.yaml").write_text("data: nowhere\n")
    done = run("verify", "--config", tmp_path / "monitor.yaml")
    assert done.returncode == 2
    assert "there is no archive" in done.stderr


def test_stamps_of_two_authorities(config: Path, tmp_path: Path) -> None:
    with authority(tmp_path / "one") as (one, first), authority(tmp_path / "two") as (_, second):
        config.write_text(
            f"data: data\nshipped_sources: false\nstamps: ['{first}', '{second}', 'http://127.0.0.1:9/']\n"
            f"stamp_roots: ['{one.root}']\n"
        )
        done = run("verify", "--config", config, "--stamp")
    assert done.returncode == 0
    assert f"verified stamp of entry 4 by {first}: it stood on 20" in done.stdout
    assert "give or take 1.5 seconds" in done.stdout
    assert f"unverified stamp of entry 4 by {second}, which says 20" in done.stdout
    assert "127.0.0.1:9" in done.stderr
    told = json.loads(run("verify", "--config", config, "--json").stdout)
    assert [each["verified"] for each in told["stamps"]] == [True, False]
    assert [each["accuracy"] for each in told["stamps"]] == [1.5, 1.5]


def test_a_read_only_copy_can_be_verified(config: Path) -> None:
    folder = config.parent / "data"
    for each in folder.iterdir():
        each.chmod(0o444)
    folder.chmod(0o555)
    try:
        assert run("verify", "--config", config).returncode == 0
    finally:
        folder.chmod(0o755)


def watching(config: Path, authority: str) -> None:
    """A configuration with one source, whose address may not be contacted, and one authority."""
    (config.parent / "sources").mkdir()
    (config.parent / "sources" / "figures.yaml").write_text(
        "title: Figures\npublisher: Test\nurl: http://127.0.0.1:9/\nwhy: For the test.\nevery: 1h\n"
        "series:\n  page:\n    title: The page\n"
    )
    config.write_text(f"data: data\nshipped_sources: false\nstamps: ['{authority}']\n")


def test_a_round_has_the_head_stamped_where_that_is_turned_on(config: Path, tmp_path: Path) -> None:
    with authority(tmp_path / "one") as (one, address):
        watching(config, address)
        config.write_text(f"{config.read_text()}stamp_roots: ['{one.root}']\n")
        for _ in range(2):
            assert run("check", "--config", config).returncode == 1, "the source cannot be reached"
    told = json.loads(run("verify", "--config", config, "--json").stdout)
    assert told["head"]["seq"] == 6
    assert [(each["seq"], each["authority"]) for each in told["stamps"]] == [(5, address)], "once a day"


def test_a_round_goes_on_where_no_authority_answers(config: Path) -> None:
    watching(config, "http://127.0.0.1:9/")
    done = run("check", "--config", config)
    assert done.returncode == 1
    assert "no time stamp by http://127.0.0.1:9/" in done.stderr
    assert "time stamps by http://127.0.0.1:9/: it did not answer" in run("status", "--config", config).stderr
    (said,) = json.loads(run("status", "--config", config, "--json").stdout)["stamps"]
    assert (said["authority"], said["newest"]) == ("http://127.0.0.1:9/", None)
    assert "it did not answer" in said["trouble"]
    assert "time stamps by http://127.0.0.1:9/: it did not answer" in run("doctor", "--config", config).stdout
    assert run("verify", "--config", config, "--head").stdout.startswith("5:")
    assert "no time stamp" not in run("check", "--config", config).stderr, "it is left alone for a while"


def test_operators_are_told_once_a_day_of_an_authority_that_gives_no_stamp(config: Path) -> None:
    watching(config, "http://127.0.0.1:9/")
    config.write_text(
        f"{config.read_text()}destinations: [{{name: operators, url: 'json://127.0.0.1:9/', operators: true}}]\n"
    )
    for _ in range(2):
        run("check", "--config", config)
    told = [json.loads(line) for line in run("outbox", "list", "--config", config, "--json").stdout.splitlines()]
    subjects = [each["subject"] for each in told]
    assert [subject for subject in subjects if "no time stamp by http://127.0.0.1:9/" in subject] == [
        subject for subject in subjects if subject.startswith("The archive: ")
    ]
    assert sum(subject.startswith("The archive: ") for subject in subjects) == 1


def test_a_root_that_is_none_is_named_with_what_to_do(config: Path, tmp_path: Path) -> None:
    with authority(tmp_path / "one") as (one, address):
        config.write_text(
            f"data: data\nshipped_sources: false\nstamps: ['{address}']\n"
            f"stamp_roots: ['{one.folder / 'tsa.pem'}']\n"
        )
    done = run("doctor", "--config", config)
    assert done.returncode == 2
    assert "is no root, it was issued by “CN=Test root one”" in done.stdout
    assert run("verify", "--config", config).returncode == 2
    (config.parent / "sources").mkdir()
    (config.parent / "sources" / "figures.yaml").write_text(
        "title: Figures\npublisher: Test\nurl: http://127.0.0.1:9/\nwhy: For the test.\nevery: 1h\n"
    )
    looked = run("check", "--config", config)
    assert looked.returncode == 1, "the round is done all the same"
    assert "no time stamp was asked for: stamp_roots" in looked.stderr
