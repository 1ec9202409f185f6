"""``reanalyse`` as somebody runs it after an upgrade, or after a source file was changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diffing.workers.pool import Workers
from pipeline.round import take_in
from state.lock import round_lock
from state.model import Capture, Destination, Verdict
from state.pruning import Policy
from state.reading.timeline import Browser
from state.search.texts import texts_of
from state.store import Store
from tests.commands.figures import PAGE, day, set_up, the_source, watched
from tests.commands.running import ROOT, run

MONTHS = 6


@pytest.fixture(scope="module")
def lived_through(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year of a source: the page loses its promise in March, a figure falls in May."""
    home = tmp_path_factory.mktemp("lived")
    set_up(home, more="destinations: [{name: desk, url: 'json://127.0.0.1:9/', least: info}]\n")
    for month in range(1, MONTHS + 1):
        watched(
            home,
            month,
            webb=500 + month if month != 5 else 90,
            word="voluntary" if month < 3 else "mandatory",
        )
    return home


@pytest.fixture
def home(lived_through: Path, tmp_path: Path) -> Path:
    return shutil.copytree(lived_through, tmp_path / "home")


def database(home: Path) -> Path:
    return home / "data" / "archive.db"


def change_source(home: Path, more: str) -> None:
    """Further lines at the end of the source file."""
    file = home / "sources" / "test" / "figures.yaml"
    file.write_text(file.read_text() + more)


def contents(home: Path) -> dict[str, set[Any]]:
    """All rows of the archive by table, but when releases were judged, what was retracted when, and notes."""
    with sqlite3.connect(database(home)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if name not in ("judged", "note", "upkeep") and "text_search" not in name]
        rows = {name: set(db.execute(f"SELECT * FROM {name}").fetchall()) for name in kept}
    return rows | {"occurrence": {row[:-1] for row in rows["occurrence"]}}


def told(home: Path, *words: str) -> list[dict[str, Any]]:
    done = run("reanalyse", *words, "--json", cwd=home)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return sorted(lines, key=lambda line: (line["series"], line["at"]))  # series go side by side


def kinds(each: dict[str, Any], way: str) -> set[str]:
    return {finding["kind"] for finding in each[way]}


def test_the_same_program_says_the_same_of_everything(home: Path) -> None:
    before = contents(home)
    done = run("reanalyse", cwd=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "8 releases read again, 0 of them say something else; 0 findings above info more, 0 fewer\n"
    )
    assert contents(home) == before


def test_what_is_no_longer_said_stays_in_the_history_with_a_note(home: Path) -> None:
    change_source(home, "exclude: ['main p']\n")
    before = contents(home)
    done = run("reanalyse", "test/figures", cwd=home)
    assert done.returncode == 0
    told_of, *lines, summary = done.stdout.splitlines()
    assert told_of.startswith("2023-03-02 03:04")
    assert lines == ["    no longer: A commitment was weakened: “voluntary” became “mandatory”"]
    assert "0 findings above info more, 1 fewer" in summary
    after = contents(home)
    assert before["finding"] < after["finding"]
    assert before["occurrence"] < after["occurrence"]
    assert after["outbox"] == before["outbox"] == set()  # nobody was told, nobody hears that it is taken back
    release = told_of.split()[2]
    shown = run("show", release, cwd=home)
    assert "A commitment was weakened" in shown.stdout
    assert "by reanalyse: No longer: “A commitment was weakened" in shown.stdout
    assert run("reanalyse", cwd=home).stdout.startswith("8 releases read again, 0 of them say something else")


def test_what_is_no_longer_said_is_told_to_those_who_were_told(tmp_path: Path) -> None:
    desk = Destination(name="desk", url="json://127.0.0.1:9/")
    others = Destination(name="others", url="json://127.0.0.1:9/", kinds=("page-gone",))
    listed = "{name: desk, url: 'json://127.0.0.1:9/'}, {name: others, url: 'json://127.0.0.1:9/'}"
    set_up(tmp_path, more=f"destinations: [{listed}]\n")
    for month, word in ((1, "voluntary"), (2, "mandatory"), (3, "mandatory")):
        watched(tmp_path, month, webb=500, word=word, told=(desk, others))
    change_source(tmp_path, "exclude: ['main p']\n")
    told(tmp_path)
    with Store(database(tmp_path)) as store:
        said, back = sorted(store.outbox.list(), key=lambda each: each.id)
    assert (said.alert.destination, back.alert.destination) == ("desk", "desk")
    assert back.alert.subject.endswith("No longer: A commitment was weakened: “voluntary” became “mandatory”")
    (finding,) = back.alert.payload["findings"]  # type: ignore[misc]
    assert (finding["kind"], finding["before"]) == ("retracted", said.alert.event)
    told(tmp_path)
    with Store(database(tmp_path)) as store:
        assert len(store.outbox.list()) == 2  # told back once


def test_texts_figures_and_views_are_those_of_todays_reading(home: Path) -> None:
    assert "mandatory" in run("search", "mandatory for every county", cwd=home).stdout
    change_source(home, "exclude: ['main p']\n")
    told(home)
    with Browser(database(home)) as browser:
        assert browser.search("mandatory for every county", limit=5) == ()
        assert browser.search("Webb", limit=5) != ()
        page = browser.archive.releases("test/figures", series="page")[-1]
        assert "mandatory" not in json.dumps(browser.view(page.id))


def test_what_is_said_anew_is_in_the_history_and_alerts_nobody(tmp_path: Path) -> None:
    set_up(tmp_path, more="destinations: [{name: desk, url: 'json://127.0.0.1:9/', least: info}]\n")
    file = tmp_path / "sources" / "test" / "figures.yaml"
    as_it_is = file.read_text()
    change_source(tmp_path, "exclude: ['main p']\n")
    for month, word in ((1, "voluntary"), (2, "mandatory"), (3, "mandatory")):
        watched(tmp_path, month, webb=500, word=word)
    file.write_text(as_it_is)
    lines = told(tmp_path)
    assert [(each["at"][:7], kinds(each, "now_also")) for each in lines if each["now_also"]] == [
        ("2023-02", {"commitment-weakened"})
    ]
    with Browser(database(tmp_path)) as browser:
        (past,) = [each for each in browser.findings() if each.finding.kind == "commitment-weakened"]
        assert past.last_at == day(2)
        (note,) = browser.notes.of(past.finding.id)
        assert note.words.startswith("Now also: “A commitment was weakened")
        assert note.author == "reanalyse"
        assert browser.outbox.counts() == {}
        assert browser.open_conditions() == ()
        assert browser.search("mandatory for every county", limit=5)[0].at == day(2)


def test_what_comes_back_is_told_again_but_said_once(home: Path) -> None:
    file = home / "sources" / "test" / "figures.yaml"
    as_it_is = file.read_text()
    change_source(home, "exclude: ['main p']\n")
    told(home)
    file.write_text(as_it_is)
    before = contents(home)["occurrence"]
    assert [kinds(each, "now_also") for each in told(home) if each["now_also"]] == [{"commitment-weakened"}]
    assert contents(home)["occurrence"] == before


def test_a_dry_run_tells_the_same_and_keeps_nothing(home: Path) -> None:
    change_source(home, "exclude: ['main p']\n")
    before = contents(home)
    assert "nothing was kept: a dry run" in run("reanalyse", "--dry-run", cwd=home).stdout
    dry = told(home, "--dry-run")
    assert contents(home) == before
    assert [file.name for file in (home / "data").iterdir() if file.is_dir()] == []
    assert told(home) == dry


def test_only_releases_since_a_day_are_read(home: Path) -> None:
    before = contents(home)
    lines = told(home, "--since", "2023-03-02")
    assert {each["at"][:7] for each in lines} == {"2023-03", "2023-04", "2023-05", "2023-06"}
    assert contents(home) == before


def test_a_change_since_a_day_leaves_what_was_before(home: Path) -> None:
    change_source(home, "exclude: ['main p']\n")
    told(home, "--since", "2023-03-01")
    with Browser(database(home)) as browser:
        (hit,) = browser.search("voluntary for every county", limit=5)
        assert (hit.at, hit.gone_from.at if hit.gone_from else None) == (day(1), day(3))
        assert browser.search("mandatory for every county", limit=5) == ()


def test_it_runs_beside_a_round(home: Path) -> None:
    with round_lock(database(home)):
        assert run("reanalyse", cwd=home).returncode == 0


def test_pruned_bytes_are_passed_over_with_a_line(home: Path) -> None:
    with Store(database(home)) as store:
        planned = store.plan_pruning(Policy.UNEVENTFUL, before=day(4))
        assert len(planned.snapshots) == 3  # of the table in January, February and March
        store.prune(planned, at=day(MONTHS))
    before = contents(home)
    done = run("reanalyse", cwd=home)
    assert done.returncode == 0
    assert done.stdout.count("    passed over: its bytes were pruned on 2023-06-02 by policy") == 3
    assert done.stdout.count("    passed over: of the release before its bytes were pruned on 2023-06-02") == 1
    assert "4 passed over" in done.stdout.splitlines()[-1]
    assert contents(home) == before


def test_what_cannot_be_read_is_told_and_stays_as_it_was(home: Path) -> None:
    broken = capture(home, b"%PDF-1.7 broken", month=7, url="https://www.figures.example/files/stats.pdf")
    with Store(database(home)) as store, Workers(size=1) as workers:
        take_in(the_source(home), [broken], store=store, workers=workers, now=day(7))
    before = contents(home)
    done = run("reanalyse", cwd=home)
    assert done.returncode == 1
    assert "cannot be read: " in done.stdout
    assert "1 could not be read" in done.stdout.splitlines()[-1]
    assert contents(home) == before


def test_damaged_bytes_cost_their_release_alone(home: Path) -> None:
    with Browser(database(home)) as browser:
        newest = browser.archive.releases("test/figures", series="stats")[-1]
    with sqlite3.connect(database(home)) as db:
        damage = "UPDATE packed SET data = X'00' WHERE snapshot = (SELECT id FROM snapshot WHERE sha256 = ?)"
        db.execute(damage, [newest.sha256])
    before = contents(home)
    done = run("reanalyse", cwd=home)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"cannot be read: snapshot {newest.sha256} is damaged" in done.stdout
    assert "7 releases read again" in done.stdout
    assert contents(home) == before


def capture(home: Path, body: bytes, *, month: int, url: str, series: str = "stats") -> Capture:
    media_type = "application/pdf" if url.endswith("pdf") else "text/html"
    return Capture(
        source=the_source(home).id,
        series=series,
        url=url,
        final_url=url,
        at=day(month),
        verdict=Verdict.PRESENT,
        status=200,
        body=body,
        media_type=media_type,
    )


def test_the_same_edit_on_many_documents_is_one_statement_then_and_now(tmp_path: Path) -> None:
    set_up(tmp_path)
    file = tmp_path / "sources" / "test" / "figures.yaml"
    file.write_text(
        f"title: Letters\npublisher: Test\nurl: {PAGE}\n"
        "series:\n  letters:\n    title: Letters\n    pattern: '/letters/'\n    each_file: true\n"
    )
    for month, word in ((1, "voluntary"), (2, "mandatory")):
        letters = [
            capture(
                tmp_path,
                f"<html><body><h1>Letter {n}</h1><p>It is {word} to join.</p></body></html>".encode(),
                month=month,
                url=f"https://www.figures.example/letters/{n}.html",
                series="letters",
            )
            for n in range(5)
        ]
        with Store(database(tmp_path)) as store, Workers(size=2) as workers:
            outcome = take_in(the_source(tmp_path), letters, store=store, workers=workers, now=day(month))
    assert [finding.count for finding in outcome.findings if finding.severity.rank] == [5]
    before = contents(tmp_path)
    assert not [each for each in told(tmp_path, "--jobs", "3") if each["now_also"] or each["no_longer"]]
    assert contents(tmp_path) == before
    file.write_text(file.read_text() + "exclude: ['h1 ~ p']\n")  # of the page alone: documents have no such rules
    assert not [each for each in told(tmp_path) if each["now_also"] or each["no_longer"]]


def test_a_run_that_is_killed_is_started_again(home: Path) -> None:
    change_source(home, "exclude: ['main p']\n")
    whole = shutil.copytree(home, home.parent / "whole")
    told(whole)
    for lines in range(1, 8):
        command = [sys.executable, str(ROOT / "monitor.py"), "reanalyse", "--json", "--jobs", "1"]
        with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            for _ in range(lines):
                process.stdout.readline()
            process.kill()
    told(home)
    assert told(home) == told(whole)
    assert comparable(home) == comparable(whole)


def comparable(home: Path) -> dict[str, set[Any]]:
    """The archive but for numbers that are given as they come, and for when something was retracted."""
    kept = contents(home)
    db = sqlite3.connect(database(home))
    seen = db.execute("SELECT text, first, last FROM text_seen").fetchall()
    texts = texts_of(db, {text for text, _, _ in seen})
    took = {at for (at,) in db.execute("SELECT first_at FROM finding WHERE kind = 'retracted'")}
    db.close()
    kept = {name: {tuple("" if each in took else each for each in row) for row in kept[name]} for name in kept}
    same = {name: kept[name] for name in ("facts", "view", "finding", "occurrence")}
    return same | {"seen": {(texts[text], first, last) for text, first, last in seen}}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nowhere",), "no source is called 'nowhere'"),
        (("--since", "lately"), "no date"),
        (("--jobs", "0"), "--jobs"),
        (("--cluster", "tcp://127.0.0.1:1"), ""),  # no such scheduler, or no package for it
    ],
)
def test_usage_is_told(home: Path, words: tuple[str, ...], why: str) -> None:
    done = run("reanalyse", *words, cwd=home)
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_archive_there_is_nothing_to_read(tmp_path: Path) -> None:
    set_up(tmp_path)
    done = run("reanalyse", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no archive" in done.stderr


def test_a_cluster_reads_as_this_machine_does(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed", reason="the optional package distributed is not installed")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # where the nodes find this program
    change_source(home, "exclude: ['main p']\n")
    here = told(shutil.copytree(home, home.parent / "here"))
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        there = told(home, "--cluster", cluster.scheduler_address)
    assert there == here
