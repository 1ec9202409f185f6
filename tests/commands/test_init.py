"""``init``: four questions, answered on a terminal's behalf by a pipe, or by options."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
import yaml

from tests.commands.running import run

SLACK = "https://hooks.slack.com/services/T012/B345/abcXYZ"


def test_piped_answers_make_settings_that_pass_the_doctor(tmp_path: Path) -> None:
    answers = "desk@newsroom.example\ndesk@newsroom.example\nmail.newsroom.example:587\nice, trac/tools\nkept\n"
    done = run("init", cwd=tmp_path, typed=answers)
    assert done.returncode == 0, done.stderr
    assert "export MAIL_PASSWORD=" in done.stdout
    file = tmp_path / "monitor.yaml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = yaml.safe_load(file.read_text())
    assert written["sources"] == ["ice/*", "trac/tools"]
    assert written["data"] == "kept"
    assert [each["name"] for each in written["destinations"]] == ["desk", "operators"]
    looked = run("doctor", cwd=tmp_path, env=os.environ | {"MAIL_PASSWORD": "p@ss/word?"})
    assert " fail" not in looked.stdout
    levels = {line.split()[0]: line for line in looked.stdout.splitlines() if "disk" not in line}
    assert levels.keys() == {"ok"}, looked.stdout
    assert "set the environment variable MAIL_PASSWORD" in run("doctor", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("told", "urls"), [(SLACK, ["slack://T012/B345/abcXYZ"]), ("", []), ("me@x.example", ["mailto://localhost?"])]
)
def test_options_ask_nothing(tmp_path: Path, told: str, urls: list[str]) -> None:
    options = ("--contact", "https://newsroom.example/about", "--to", told, "--sources", "all", "--data", "data")
    done = run("init", *options, "--mail-server", "localhost", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = yaml.safe_load((tmp_path / "monitor.yaml").read_text())
    found = [each["url"] for each in written.get("destinations", ())]
    assert len(found) == 2 * len(urls)
    assert all(url.startswith(urls[0]) for url in found)
    assert run("doctor", cwd=tmp_path).returncode == (0 if told else 1)


def test_what_is_there_stays_and_a_wrong_answer_is_none(tmp_path: Path) -> None:
    (tmp_path / "monitor.yaml").write_text("data: mine\n")
    done = run("init", cwd=tmp_path)
    assert (done.returncode, "--replace" in done.stderr) == (2, True)
    done = run("init", "--replace", "--contact", "nobody", cwd=tmp_path)
    assert (done.returncode, "write a mail address" in done.stderr) == (2, True)
    done = run("init", "--replace", "--contact", "a@b.example", "--to", "", "--sources", "none/*", cwd=tmp_path)
    assert (done.returncode, "no source is called 'none/*'" in done.stderr) == (2, True)
    done = run("init", "--replace", "--contact", "a@b.example", cwd=tmp_path)
    assert (done.returncode, "an answer is missing" in done.stderr) == (2, True)
    assert (tmp_path / "monitor.yaml").read_text() == "data: mine\n"
