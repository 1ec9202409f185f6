"""Settings are remembered where nothing changed, read anew where anything may have, and never told wrong."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.configuration.remembered import recall, remember
from cli.configuration.settings import Settings, folders_of, read_configuration, read_settings
from state.errors import ConfigError
from tests.commands.running import run
from watchers.sources.load import load_sources

SOURCE = "title: {}\npublisher: T\nurl: https://agency.example/{}\nevery: 90m\n"
SERIES = "series:\n  f:\n    pattern: csv\n    cadence: 14d\n    tolerances: {rows-vanished.left: 3}\n"
CONFIGURATION = """shipped_sources: false
contact: desk@newsroom.example
destinations:
- {name: desk, url: 'slack://${TOKEN}', least: high, digest: daily, quiet: '22:00-07:00'}
stamp_roots: [roots.pem]
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration and two sources, which is the current one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TOKEN", "a/b/c")
    here = tmp_path / "here"
    (here / "sources" / "t").mkdir(parents=True)
    (here / "monitor.yaml").write_text(CONFIGURATION)
    for name in ("one", "two"):
        write(here, name)
    monkeypatch.chdir(here)
    return here


def write(home: Path, name: str, title: str = "A page") -> None:
    (home / "sources" / "t" / f"{name}.yaml").write_text(SOURCE.format(title, name) + SERIES)


def remember_now(path: Path | None = None, *, began: int | None = None) -> None:
    """Read the files and remember them as a round would that began when they had long been as they are."""
    configuration = read_configuration(path)
    later = time.time_ns() + 10_000_000_000
    remember(path, configuration, load_sources(folders_of(configuration)), began=began or later)


def test_settings_come_back_as_they_were_read(home: Path) -> None:
    read = read_settings(None)
    assert recall(None) is None, "files that are this fresh may change once more"
    remember_now()
    assert recall(None) is not None
    assert read_settings(None) == read
    assert read.sources[0].series[0].rules.tolerances == {"rows-vanished.left": 3.0}
    assert read_settings(None, only=("t/two",)).sources == read.sources[1:]


def _add(home: Path) -> None:
    write(home, "three")


def _edit(home: Path) -> None:
    write(home, "one", "B page")  # of the same length


def _edit_unseen(home: Path) -> None:
    file = home / "sources" / "t" / "one.yaml"
    before = file.stat()
    _edit(home)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _remove(home: Path) -> None:
    (home / "sources" / "t" / "two.yaml").unlink()


def _replace(home: Path) -> None:
    write(home, "new", "C page")
    (home / "sources" / "t" / "new.yaml").replace(home / "sources" / "t" / "two.yaml")


def _add_folder(home: Path) -> None:
    (home / "sources" / "u").mkdir()
    (home / "sources" / "u" / "x.yml").write_text(SOURCE.format("X", "x"))


def _configure(home: Path) -> None:
    (home / "monitor.yaml").write_text(CONFIGURATION.replace("newsroom", "law-aid!"))


def _forget_configuration(home: Path) -> None:
    (home / "monitor.yaml").unlink()


@pytest.mark.parametrize(
    "change", [_add, _edit, _edit_unseen, _remove, _replace, _add_folder, _configure, _forget_configuration]
)
def test_whatever_changes_is_read_anew(home: Path, change: Callable[[Path], None]) -> None:
    remember_now()
    before = read_settings(None)
    change(home)
    assert recall(None) is None
    assert read_settings(None) != before


def test_a_folder_that_was_not_there_is_noticed(home: Path) -> None:
    (home / "sources").rename(home / "elsewhere")
    (home / "monitor.yaml").write_text("shipped_sources: true\n")
    remember_now()
    shipped = read_settings(None)
    (home / "elsewhere").rename(home / "sources")
    assert len(read_settings(None).sources) == len(shipped.sources) + 2


def test_a_mistake_is_told_each_time(home: Path) -> None:
    (home / "sources" / "t" / "two.yaml").write_text("title: Two\n")
    for _ in range(2):
        with pytest.raises(ConfigError, match="publisher"):
            read_settings(None)
        assert read_settings(None, strict=False).mistakes


def test_an_unset_secret_is_told_though_the_rest_is_remembered(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_now()
    assert [each.url for each in read_settings(None).destinations] == ["slack://a/b/c"]
    monkeypatch.delenv("TOKEN")
    with pytest.raises(ConfigError, match="TOKEN"):
        read_settings(None)


def test_no_second_file_holds_a_secret(home: Path, tmp_path: Path) -> None:
    remember_now()
    (kept,) = (tmp_path / "cache" / "release-monitor").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert b"a/b/c" not in kept.read_bytes()
    kept.unlink()
    (home / "monitor.yaml").write_text(CONFIGURATION.replace("${TOKEN}", "xoxb/secret/token"))
    remember_now()
    assert not list((tmp_path / "cache" / "release-monitor").iterdir())


def test_another_folder_has_settings_of_its_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember_now(Path("monitor.yaml"))
    other = home.parent / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    assert recall(Path("monitor.yaml")) is None
    assert read_settings(home / "monitor.yaml").configuration.data == home / "data"


def _with_another_title(data: bytes) -> bytes:
    assert b"A page" in data
    return data.replace(b"A page", b"B page")


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:-9], lambda data: b"\xc1" + data, _with_another_title]
)
def test_what_is_damaged_is_not_asked(home: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    read: Settings = read_settings(None)
    remember_now()
    (kept,) = (tmp_path / "cache" / "release-monitor").iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert recall(None) is None
    assert read_settings(None) == read


def test_a_folder_that_cannot_be_written_costs_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should")
    remember_now()
    assert recall(None) is None
    assert len(read_settings(None).sources) == 2


def test_a_folder_whose_name_is_no_text_is_read_each_time(home: Path) -> None:
    (home / "sources" / os.fsdecode(b"\xff")).mkdir()
    remember_now()
    assert recall(None) is None
    assert len(read_settings(None, only=("t/*",)).sources) == 2


def test_rounds_say_the_same_with_remembered_settings(home: Path) -> None:
    """A source that cannot be looked at is told in every round, however its file was read."""
    (home / "monitor.yaml").write_text("shipped_sources: false\npoliteness: {retries: 1}\n")
    for name in ("one", "two"):
        (home / "sources" / "t" / f"{name}.yaml").write_text(
            f"title: {name}\npublisher: T\nurl: http://127.0.0.1:9/\n"
        )
    first = run("check", cwd=home, env=dict(os.environ))
    remember_now()
    second = run("check", cwd=home, env=dict(os.environ))
    assert recall(None) is not None
    assert (first.returncode, first.stdout) == (second.returncode, second.stdout)
    assert "127.0.0.1" in second.stderr
