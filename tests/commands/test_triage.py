"""What people say of findings, and of what they do not want to hear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from state.kinds import Severity
from state.model import Destination
from state.outbox_rows import OutboxState, Pending
from state.reading.timeline import Browser
from state.store import Store
from state.times import now
from state.triage import How
from tests.commands.figures import day, set_up, watched
from tests.commands.running import ROOT, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    watched(tmp_path, 1, webb=500, word="voluntary")
    watched(tmp_path, 3, webb=210, word="mandatory")
    return tmp_path


def _event(home: Path) -> tuple[str, str]:
    with Browser(home / "data" / "archive.db") as browser:
        finding = browser.findings()[0].finding
        assert finding.event is not None
        return finding.id, finding.event


def test_the_newest_decision_holds_and_all_of_them_stay(home: Path) -> None:
    id, event = _event(home)
    assert run("triage", event, "confirmed", "--author", "desk", cwd=home).returncode == 0
    done = run("triage", event, "explained", "--note", "a recount", "--author", "desk", cwd=home)
    assert "explained, by desk: a recount" in done.stdout
    assert "confirmed, by desk" in done.stdout
    shown = json.loads(run("show", event, "--json", cwd=home).stdout)
    assert (shown["triage"]["standing"], shown["triage"]["note"]) == ("explained", "a recount")
    schema = json.loads((ROOT / "docs" / "findings.schema.json").read_text())
    described = schema | {"$ref": "#/$defs/finding"}
    body = {key: shown[key] for key in shown if key in schema["$defs"]["finding"]["properties"]}
    Draft202012Validator({key: described[key] for key in ("$defs", "$ref")}).validate(body)
    assert "explained" in run("show", id, cwd=home).stdout
    assert run("verify", cwd=home).returncode == 0


def test_what_is_no_event_or_no_word_is_told(home: Path) -> None:
    done = run("triage", "nothing", "confirmed", cwd=home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no event nothing" in done.stderr
    assert run("triage", _event(home)[1], "perhaps", cwd=home).returncode == 2
    assert run("pause", "no/source", cwd=home).returncode == 2


DESK = Destination("desk", "json://127.0.0.1:9/", least=Severity.LOW)


def _waiting(home: Path) -> list[Pending]:
    with Store(home / "data" / "archive.db") as store:
        return [*store.outbox.list(state=OutboxState.PENDING)]


@pytest.mark.parametrize("by", ["source", "statement"])
def test_nobody_is_told_of_what_is_paused_and_the_archive_has_it(home: Path, by: str) -> None:
    subject = "test/figures" if by == "source" else _event(home)[1]
    with Store(home / "data" / "archive.db") as store:
        store.triage.silence(subject, How.PAUSED, author="desk", at=day(4))
    watched(home, 5, webb=90, told=[DESK])
    assert _waiting(home) == [], "Webb fell again, and nobody hears"
    assert "paused: " in run("status", cwd=home).stdout
    resumed = run("resume", subject, cwd=home)
    assert "1 finding above info was said meanwhile" in resumed.stdout
    assert "paused: " not in run("status", cwd=home).stdout


def test_what_is_snoozed_waits_for_its_end_or_until_it_is_resumed(home: Path) -> None:
    with Store(home / "data" / "archive.db") as store:
        store.triage.silence("test/figures", How.SNOOZED, until=day(9), author="desk", at=day(4))
    watched(home, 5, webb=90, told=[DESK])
    (held,) = _waiting(home)
    assert (held.not_before, held.alert.bundled) == (day(9), True)
    with Store(home / "data" / "archive.db") as store:
        store.triage.silence("test/figures", How.RESUMED, author="desk", at=day(6))
    (freed,) = _waiting(home)
    assert freed.not_before == day(6)


def test_a_snooze_ends_by_itself(home: Path) -> None:
    done = run("snooze", "test/figures", "--for", "2h", "--author", "desk", cwd=home)
    assert "test/figures is snoozed until" in done.stdout
    with Browser(home / "data" / "archive.db") as browser:
        (silence,) = browser.triage.silences(at=now())
        assert silence.until is not None
        assert browser.triage.silences(at=silence.until) == ()
    assert run("snooze", "test/figures", "--for", "long", cwd=home).returncode == 2


def test_a_false_alarm_proposes_a_tolerance_with_what_else_it_silences(tmp_path: Path) -> None:
    set_up(tmp_path)
    file = tmp_path / "sources" / "test" / "figures.yaml"
    file.write_text(file.read_text() + "    cumulative: ['Removals to date']  # they said so\n")
    for month, webb in ((1, 2000), (2, 1940), (3, 3000), (4, 2940)):
        watched(tmp_path, month, webb=webb)
    with Browser(tmp_path / "data" / "archive.db") as browser:
        told = [each for each in browser.findings() if each.finding.kind == "cumulative-decreased"]
        events = browser.events(told[0].finding.id)
    first = events[-1].finding
    assert (first.items[0].before, first.items[0].after) == (2000, 1940)
    before = file.read_text()
    done = run("triage", str(first.event), "false-alarm", "--quieten", "--author", "desk", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cumulative-decreased.percent: 3.1" in done.stdout
    assert "It would also have silenced" in done.stdout
    assert "3,000 to 2,940" in done.stdout
    assert "Nothing is written" in done.stdout
    assert file.read_text() == before
    written = run("triage", str(first.event), "false-alarm", "--quieten", "--write", cwd=tmp_path)
    assert "is written" in written.stdout
    assert "# they said so" in file.read_text()
    again = run("triage", str(first.event), "false-alarm", "--quieten", cwd=tmp_path)
    assert again.returncode == 2
    assert "do not say this any more" in again.stderr
    assert run("triage", str(first.event), "confirmed", "--quieten", cwd=tmp_path).returncode == 2
