"""The program as ``pip install .`` and ``pipx install .`` leave it: a wheel, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.commands.running import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the files that git knows, made without the network."""
    home = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode != 0:
        pytest.skip("this is no checkout: nobody knows which files belong to it")
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (home / "source" / name).parent.mkdir(parents=True, exist_ok=True)
            (home / "source" / name).write_bytes((ROOT / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "-w", str(home), "."], cwd=home / "source", check=True, env=_plain())
    return next(home.glob("*.whl"))


@pytest.fixture(scope="module")
def monitor(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that has the wheel, and sees the dependencies of this one."""
    home = tmp_path_factory.mktemp("installed") / "env"
    venv.create(home)
    there = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(there / "python"), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, env=_plain())
    packages = sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)})
    (Path(packages) / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    return there / "monitor"


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}


def _run(monitor: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(monitor), *words], cwd=cwd, capture_output=True, text=True, timeout=240, env=_plain(), input=""
    )


def test_everything_that_is_no_code_is_in_the_wheel(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    folders = ("alerts", "archive", "cli", "commands", "demo", "diffing", "pipeline", "state", "watchers")
    known = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True).stdout.split()
    assert {"state/schema.sql", "watchers/ice/detention-statistics.yaml"} <= packed
    assert not set(known) - packed
    assert not [name for name in packed if name.startswith(("tests", "docs", "benchmarks", "supply"))]


def test_the_command_judges_and_knows_its_sources_wherever_it_is_called(monitor: Path, tmp_path: Path) -> None:
    assert "release-monitor, version" in _run(monitor, "--version", cwd=tmp_path).stdout
    assert "ice/detention-statistics" in _run(monitor, "sources", cwd=tmp_path).stdout
    site = ROOT / "demo" / "site"
    words = (str(site / "priorities.before.html"), str(site / "priorities.june.html"))
    assert _run(monitor, "compare", *words, cwd=tmp_path).returncode == 1


def test_first_settings_pass_the_doctor_and_the_program_names_itself_as_it_was_called(
    monitor: Path, tmp_path: Path
) -> None:
    made = _run(
        monitor, "init", "--contact", "me@news.example", "--to", "https://hooks.slack.com/services/T1/B2/c3",
        "--sources", "ice", "--data", "archive", cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert "`monitor doctor`" in made.stdout
    looked = _run(monitor, "doctor", cwd=tmp_path)
    assert "readers: no network" in looked.stdout or "readers" in looked.stdout
    assert "fail" not in looked.stdout
    helped = _run(monitor, "check", "--help", cwd=tmp_path).stdout
    assert "Example: monitor check" in helped
    assert "monitor.py" not in helped + _run(monitor, "--help", cwd=tmp_path).stdout


def test_the_demonstration_is_lived_through(monitor: Path, tmp_path: Path) -> None:
    done = _run(monitor, "demo", "--no-serve", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "cumulative" in done.stdout
