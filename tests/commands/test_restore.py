"""``restore``: a backup in the archive's place, whatever a crash left there; a wrong file there is told."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from state.ledger.head_file import head_file, read_head_file
from state.ledger.verify import head_of
from state.lock import round_lock
from state.store import Store
from tests.commands.running import ROOT, run
from tests.state.examples import SOURCE, capture

_CRASHES = """
import os, sys
from pathlib import Path
from state.store import Store
from tests.state.examples import SOURCE, capture
store = Store(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    store.record(SOURCE, [capture(f"edition {number} " + os.urandom(40_000).hex(), number)])
os._exit(1)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "monitor.yaml").write_text("data: data\nshipped_sources: false\n")
    (tmp_path / "sources" / "t").mkdir(parents=True)
    (tmp_path / "sources" / "t" / "s.yaml").write_text(
        "title: T\npublisher: P\nurl: http://127.0.0.1:9/\nwhy: Tried.\n"
    )
    write(tmp_path, 0, 4)
    assert run("backup", "backup.db", cwd=tmp_path).returncode == 0
    return tmp_path


def write(home: Path, first: int, end: int) -> None:
    with Store(home / "data" / "archive.db") as store:
        for number in range(first, end):
            store.record(SOURCE, [capture(f"edition {number}", number)])


def crash(home: Path, first: int, end: int) -> Path:
    """A writer that is gone before it could close the archive: its journal stays."""
    archive = home / "data" / "archive.db"
    subprocess.run([sys.executable, "-c", _CRASHES, archive, str(first), str(end)], cwd=ROOT, check=False)
    log = archive.with_name("archive.db-wal")
    assert log.stat().st_size > 0
    return log


def test_what_a_crash_left_does_not_mix_with_it(home: Path) -> None:
    write(home, 4, 40)
    crash(home, 40, 60)
    done = run("restore", "backup.db", cwd=home)
    assert (done.returncode, done.stdout) == (0, "")
    assert "holds 4 entries now" in done.stderr
    assert "36 entries that were written here after that backup are not in it" in done.stderr
    (aside,) = (
        path for path in (home / "data").glob("archive.db.until-*") if not path.name.endswith(("-wal", "-shm"))
    )
    assert run("verify", cwd=home).returncode == 0
    assert head_of(home / "data" / "archive.db").seq == 4
    with sqlite3.connect(aside) as former:
        assert former.execute("SELECT max(seq) FROM ledger").fetchone() == (60,), "its journal went with it"
    former.close()
    write(home, 4, 6)
    assert run("verify", cwd=home).returncode == 0


def test_a_backup_that_was_copied_over_it_is_told(home: Path) -> None:
    write(home, 4, 40)
    crash(home, 40, 60)
    shutil.copy(home / "backup.db", home / "data" / "archive.db")
    done = run("check", cwd=home)
    assert (done.returncode, "restore BACKUP" in done.stderr) == (2, True), done.stderr
    assert run("doctor", cwd=home).returncode == 2
    assert run("verify", cwd=home).returncode != 0
    assert run("restore", "backup.db", cwd=home).returncode == 0
    assert run("verify", cwd=home).returncode == 0


def test_an_archive_that_lost_its_tail_is_told(home: Path) -> None:
    write(home, 4, 9)
    shutil.copy(home / "backup.db", home / "data" / "archive.db")
    for command in ("check", "note", "verify"):
        done = run(command, *(["ice", "said"] if command == "note" else []), cwd=home)
        assert done.returncode in (1, 2)
    assert "its chain ends at entry 4" in run("check", cwd=home).stderr
    head_file(home / "data" / "archive.db").unlink()
    assert "chain" not in run("check", cwd=home).stderr, "meant to stand there"


def test_a_writer_that_was_killed_is_no_trouble(home: Path) -> None:
    crash(home, 4, 9)
    assert read_head_file(home / "data" / "archive.db") == head_of(home / "backup.db"), "one behind, never ahead"
    write(home, 9, 10)
    assert run("verify", cwd=home).returncode == 0
    known = read_head_file(home / "data" / "archive.db")
    assert known is not None
    assert known.seq == 10


def test_a_damaged_backup_leaves_the_archive_as_it_was(home: Path) -> None:
    before = (home / "data" / "archive.db").read_bytes()
    with sqlite3.connect(home / "backup.db") as backup:
        (packed,) = backup.execute("SELECT data FROM packed ORDER BY length(data) DESC LIMIT 1").fetchone()
    backup.close()
    data = (home / "backup.db").read_bytes()
    assert packed in data
    (home / "backup.db").write_bytes(data.replace(packed, packed[:-4] + bytes(4)))
    done = run("restore", "backup.db", cwd=home)
    assert done.returncode == 2
    assert "try an earlier one" in done.stderr or "too damaged" in done.stderr
    assert (home / "data" / "archive.db").read_bytes() == before
    assert run("restore", "data/archive.db", cwd=home).returncode == 2


def test_not_beside_a_round(home: Path) -> None:
    with round_lock(home / "data" / "archive.db"):
        assert run("restore", "backup.db", cwd=home).returncode == 75


def test_where_no_archive_is_left(home: Path) -> None:
    (home / "data" / "archive.db").unlink()
    assert "restore BACKUP" in run("check", cwd=home).stderr
    assert run("restore", "backup.db", cwd=home).returncode == 0
    assert run("verify", cwd=home).returncode == 0
