"""Every example of every ``--help``, run as it stands: only names of what an archive made itself are filled in."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest
from openpyxl.workbook.workbook import Workbook

from monitor import main
from state.reading.timeline import Browser
from state.store import Store
from tests.commands.figures import page, table
from tests.commands.running import ROOT, run
from tests.watchers.loopback import Loopback, loopback, reply

SOURCES: Final = {
    "ice/detention-statistics": "figures",
    "ice/287g": "287g",
    "trac/quick-facts": "quick-facts",
}
SERVES: Final = ("browse", "watch")
LIVED_ELSEWHERE: Final = ("demo",)  # tests/supply/test_installed.py
SETTINGS = """data: data
shipped_sources: false
contact: tests@example.org
allow_hosts: ['127.0.0.1']
politeness: {{seconds_between_requests: 0, retries: 1}}
archive: {{port: 0}}
web_archive: {url}
destinations:
- {{name: desk, url: 'json://{host}/hook', least: info}}
- {{name: newsroom, url: 'json://127.0.0.1:9/', least: info}}
"""
SOURCE = "title: T\npublisher: P\nurl: {url}/{name}\nseries:\n  page:\n    title: The page\n"


def _examples() -> Iterator[str]:
    """All that stands after "Example:", by what is run."""
    with click.Context(main) as top:
        yield from _of(main, top)


def _of(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _of(command, context)
        else:
            assert command.epilog, f"{name} has no example"
        if command.epilog:
            yield command.epilog.removeprefix("Example: ")


@pytest.fixture(scope="module")
def publisher() -> Iterator[Loopback]:
    with loopback() as server:
        for name in ("figures", "287g", "quick-facts"):
            server.says(f"/{name}", *[reply(page(word)) for word in ("voluntary", "mandatory", "mandatory")])
        server.says("/files/stats.csv", *[reply(table(webb), content_type="text/csv") for webb in (500, 210, 210)])
        server.says("/hook", reply(b"ok"))
        yield server


@pytest.fixture(scope="module")
def lived(publisher: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which two rounds were made: a figure fell, a word changed, one destination cannot be reached."""
    home = tmp_path_factory.mktemp("lived")
    (home / "monitor.yaml").write_text(
        SETTINGS.format(url=publisher.url, host=publisher.url.removeprefix("http://"))
    )
    for id, name in SOURCES.items():
        file = home / "sources" / f"{id}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        more = "  statistics:\n    title: S\n    pattern: '/files/stats'\n" if name == "figures" else ""
        file.write_text(SOURCE.format(url=publisher.url, name=name) + more)
    for _ in range(2):
        run("check", cwd=home)
    assert run("backup", home / "archive-2026-02-03.db", cwd=home).returncode == 0
    for name, body in (("june.pdf", "demo/site/removals-june.pdf"), ("july.pdf", "demo/site/removals-july.pdf")):
        shutil.copy(ROOT / body, home / name)
    (home / "FY24_detentionStats.xlsx").write_bytes(_workbook(3))
    (home / "detention").mkdir()
    for month in (1, 2):
        (home / "detention" / f"2023-0{month}-01.xlsx").write_bytes(_workbook(month))
    (home / "saved").mkdir()
    (home / "saved" / "2023-01-01.csv").write_bytes(table(500))
    return home


def _workbook(webb: int) -> bytes:
    book, body = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in (("County", "Detained"), ("Webb", webb), ("Travis", 7)):
        book.active.append(row)
    book.save(body)
    return body.getvalue()


def _filled(example: str, home: Path, publisher: Loopback) -> str:
    """The example with names of this folder's archive, in the places of those that stand there."""
    with Browser(home / "data" / "archive.db") as browser, Store(home / "data" / "archive.db") as store:
        told = next(each for each in browser.findings() if each.finding.kind == "commitment-weakened")
        release = store.last_release("ice/detention-statistics", "statistics")
        waiting = browser.outbox.list(limit=1)[0].id
        seq, entry = browser.head().seq, browser.head().entry
    assert release is not None
    known = {
        "0d45da47e9c9be316e80e049": told.finding.id,
        "6yhj2…": told.finding.event,
        "6yhj2": told.finding.event,
        "acm0e9hdj2": release.id,
        "outbox retry 17": f"outbox retry {waiting}",
        "outbox drop 17": f"outbox drop {waiting}",
        "1284:9f2c…": f"{seq}:{entry}",
        "/mnt/other-disk/archive": f"{home}/{'copy' if ' backup ' in example else 'archive'}",
        "/etc/release-monitor": str(home),
        "--port 8717": "--port 0",
        "https://www.ice.gov/detain/detention-management": f"{publisher.url}/quick-facts",
    }
    for before, after in known.items():
        example = example.replace(before, str(after))
    return example


@pytest.mark.skipif(shutil.which("bash") is None, reason="the examples are written for a shell")
@pytest.mark.parametrize("example", [*_examples()])
def test_the_example_runs(example: str, lived: Path, publisher: Loopback, tmp_path: Path) -> None:
    words = example.split()
    assert words[:2] == ["python", "monitor.py"]
    if words[2] in LIVED_ELSEWHERE:
        return
    home = tmp_path / "home"
    shutil.copytree(lived, home)
    if words[2] == "init":
        (home / "monitor.yaml").unlink()
    if words[2] == "add":
        shutil.rmtree(home / "sources" / "trac")
    line = _filled(example, home, publisher).replace(
        "python monitor.py", f"{sys.executable} {ROOT / 'monitor.py'}"
    )
    if words[2] in SERVES:
        _serve(line, home)
        return
    typed = "y\n" * 3
    done = subprocess.run(["bash", "-c", line], cwd=home, capture_output=True, text=True, timeout=120, input=typed)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert not re.search(r"^Usage:", done.stderr, re.MULTILINE)


def _serve(line: str, home: Path) -> None:
    """Start what goes on, and end it when it has said that it does."""
    with subprocess.Popen(
        ["bash", "-c", f"exec {line}"], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as server:  # fmt: skip
        assert server.stdout is not None
        assert re.search(r"is open at|watching \d", server.stdout.readline())
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) in (0, -signal.SIGTERM)
