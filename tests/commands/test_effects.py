"""Settings that are in order as text and do not do what they are meant to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.running import run

SOURCE = "title: T\npublisher: P\nurl: http://127.0.0.1:9/\n"
DESK = "{name: desk, url: 'json://hooks.example.org/'%s}"


def _doctor(home: Path, *destinations: str, more: str = "") -> str:
    (home / "sources" / "test").mkdir(parents=True)
    for name in ("one", "two"):
        (home / "sources" / "test" / f"{name}.yaml").write_text(SOURCE)
    listed = "".join(f"\n  - {each}" for each in destinations)
    (home / "monitor.yaml").write_text(f"shipped_sources: false\ndestinations:{listed}\n{more}")
    done = run("doctor", cwd=home)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("destinations", "said"),
    [
        ((DESK % "", DESK % ""), "two are called 'desk'"),
        ((DESK % ", fallback: none",), "no destination is called 'none'"),
        ((DESK % ", fallback: desk",), "leads back to itself"),
        ((DESK % ", quiet: '25:00-07:00'",), "quiet"),
        ((DESK % ", zone: Mars/Base",), "no time zone is called"),
        ((DESK % ", sources: [other/*]",), "'other/*' matches none"),
        ((DESK % ", sources: [test/one]",), "nobody would hear of a finding in test/two"),
        ((DESK % "",), "links in alerts begin with http://127.0.0.1:8717"),
        (
            ("{name: m, url: 'mailto://mail.example.org?from=a@b.org&to=a@b.org,bad'}",),
            "to=bad is no mail address",
        ),
    ],
)
def test_doctor_says_what_has_an_effect_that_nobody_wants(
    tmp_path: Path, destinations: tuple[str, ...], said: str
) -> None:
    assert said in _doctor(tmp_path, *destinations)


def test_doctor_says_who_would_hear(tmp_path: Path) -> None:
    said = _doctor(tmp_path, DESK % ", least: high", "{name: law, url: 'json://x.example/', sources: [test/one]}")
    assert "who hears: test/one: critical: desk, law; high: desk, law; medium: law; low: nobody" in said
    assert "who hears: test/two: critical: desk; high: desk; medium: nobody" in said


def test_check_says_it_at_its_start(tmp_path: Path) -> None:
    _doctor(tmp_path, DESK % ", sources: [other/*]")
    assert "nobody would hear of a finding in test/one, test/two" in run("check", cwd=tmp_path).stderr
