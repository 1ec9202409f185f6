from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.exports.warc_reading import read_captures
from state.model import Verdict
from state.store import Store
from tests.commands.running import run
from tests.state.examples import SOURCE, capture, facts, finding, hours, table

SECRET = replace(SOURCE, id="tips/letters", public=False)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An archive of a public source with a finding, and nothing private yet."""
    path = tmp_path / "monitor.yaml"
    path.write_text("data: data\nshipped_sources: false\n")
    with Store(tmp_path / "data" / "archive.db") as store:
        for number in range(3):
            (release,) = store.record(SOURCE, [capture(f"edition {number}", number)])
            told = facts(release.id, release.at, tables=(table(number),))
            said = [finding()] if number == 1 else []
            store.report(
                source=SOURCE.id, series="page", release=release, facts=told, findings=said, at=release.at
            )
    return path


def add_private(config: Path) -> None:
    with Store(config.parent / "data" / "archive.db") as store:
        secret = replace(capture("a letter", 5, url="https://secret.example/"), source=SECRET.id)
        (release,) = store.record(SECRET, [secret])
        said = [finding(id="private", source=SECRET.id)]
        store.report(source=SECRET.id, series="page", release=release, findings=said, at=hours(5))


@pytest.mark.parametrize(("kind", "name"), [("warc", "it.warc.gz"), ("wacz", "it.wacz"), ("bagit", "it")])
def test_captures_in_each_form(config: Path, tmp_path: Path, kind: str, name: str) -> None:
    done = run("export", kind, "--config", config, "--to", tmp_path / name)
    assert done.returncode == 0, done.stderr
    assert "3 captures" in done.stderr
    warc = {"warc": tmp_path / name, "bagit": tmp_path / name / "data" / "captures.warc.gz"}.get(kind)
    if warc is None:
        with zipfile.ZipFile(tmp_path / name) as archive:
            warc = Path(archive.extract("archive/data.warc.gz", tmp_path))
    assert [each.body for each in read_captures(warc, source="s")] == [b"edition 0", b"edition 1", b"edition 2"]


def test_a_part_of_the_archive(config: Path, tmp_path: Path) -> None:
    words = ("--since", "2026-02-03", "--url", SOURCE.url)
    done = run("export", "warc", "ice/*", *words, "--config", config, "--to", tmp_path / "it.warc.gz")
    assert "0 captures" in done.stderr
    done = run("export", "warc", "nobody", "--config", config, "--to", tmp_path / "other.warc.gz")
    assert done.returncode == 2
    assert "no source 'nobody'; it has ice/detention" in done.stderr
    assert not (tmp_path / "other.warc.gz").exists()


def test_what_is_there_is_not_written_over(config: Path, tmp_path: Path) -> None:
    target = tmp_path / "it.warc.gz"
    target.write_bytes(b"precious")
    done = run("export", "warc", "--config", config, "--to", target)
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert target.read_bytes() == b"precious"


@pytest.mark.parametrize(
    "words",
    [
        ("warc", "--to", "it"),
        ("warc", "tips/*", "--to", "it"),
        ("wacz", "--to", "it"),
        ("bagit", "--to", "it"),
        ("bagit", "ice/*", "--to", "it"),
        ("evidence", "private", "--to", "it"),
        ("evidence", "f1", "--to", "it"),
        ("tables", "tips/letters", "--to", "it"),
    ],
)
def test_what_is_not_for_the_public_is_refused(config: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    add_private(config)
    done = run("export", *words, "--config", config, cwd=tmp_path)
    assert done.returncode == 2
    assert "tips/letters" in done.stderr
    assert "--private" in done.stderr
    assert not (tmp_path / "it").exists()
    assert run("export", *words, "--private", "--config", config, cwd=tmp_path).returncode == 0


def test_public_sources_leave_beside_private_ones(config: Path, tmp_path: Path) -> None:
    add_private(config)
    target = tmp_path / "it.warc.gz"
    assert run("export", "warc", "ice/*", "--config", config, "--to", target).returncode == 0
    assert {each.url for each in read_captures(target, source="s")} == {SOURCE.url}


def test_evidence_about_a_finding(config: Path, tmp_path: Path) -> None:
    done = run("export", "evidence", "f1", "--config", config, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "evidence-f1.zip") as package:
        assert {"evidence/FINDING.txt", "evidence/VERIFY.txt", "evidence/SHA256SUMS"} <= set(package.namelist())
    unknown = run("export", "evidence", "nope", "--config", config, cwd=tmp_path)
    assert unknown.returncode == 2
    assert "no finding nope" in unknown.stderr


def test_a_suffix_that_no_format_has_is_refused_before_anything_is_written(config: Path, tmp_path: Path) -> None:
    done = run("export", "tables", SOURCE.id, "--config", config, "--to", tmp_path / "it.xlsx")
    assert (done.returncode, "no format has this suffix" in done.stderr) == (2, True)
    assert not list(tmp_path.glob("it*"))
    done = run("export", "tables", SOURCE.id, "--config", config, "--to", tmp_path / "it.xlsx", "--format", "csv")
    assert done.returncode == 0
    assert run("export", "tables", SOURCE.id, "--config", config, "--to", tmp_path / "it").returncode == 0


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_figures_of_a_source(config: Path, tmp_path: Path, kind: str) -> None:
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    target = tmp_path / f"it.{kind}"
    done = run("export", "tables", SOURCE.id, "--config", config, "--to", target)
    assert done.returncode == 0, done.stderr
    assert "3 cells" in done.stderr
    assert json.loads((tmp_path / f"it.{kind}.dictionary.json").read_text())["file"] == target.name
    if kind == "csv":
        with target.open(newline="") as file:
            assert [row["number"] for row in csv.DictReader(file)] == ["0", "1", "2"]


def test_help_has_examples() -> None:
    for words in (["export", "warc"], ["export", "evidence"], ["export", "tables"], ["prune"], ["backup"]):
        assert "Example: python monitor.py" in run(*words, "--help").stdout


def test_pruning_is_a_plan_first(config: Path) -> None:
    with Store(config.parent / "data" / "archive.db") as store:
        store.record(
            SOURCE, [capture(b"", 8, status=403, verdict=Verdict.BLOCKED, url="https://www.example.gov/x")]
        )
        store.record(
            SOURCE, [capture("challenge", 9, status=403, verdict=Verdict.BLOCKED, url="https://www.example.gov/x")]
        )
    words = ("prune", "failures", "--older-than", "1m", "--config", config)
    planned = run(*words)
    assert (planned.returncode, "1 would go" in planned.stdout) == (0, True)
    assert json.loads(run(*words, "--json", "--for-good").stdout)["pruned"] is True
    shown = run("verify", "--config", config)
    assert shown.returncode == 0
    assert "by policy “bodies of answers that showed no document" in shown.stdout
    assert run("prune", "failures", "--older-than", "soon", "--config", config).returncode == 2


def test_a_backup_is_an_archive(config: Path, tmp_path: Path) -> None:
    done = run("backup", tmp_path / "data2" / "archive.db", "--config", config)
    assert done.returncode == 2, "the folder must be there"
    (tmp_path / "data2").mkdir()
    assert run("backup", tmp_path / "data2" / "archive.db", "--config", config).returncode == 0
    config.write_text("data: data2\nshipped_sources: false\n")
    assert run("verify", "--config", config).returncode == 0
