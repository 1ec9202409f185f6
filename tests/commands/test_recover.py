"""``recover``: what is whole of a damaged archive, and a whole archive from an export."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from state.ledger.verify import Flaw, head_of, verify_file
from state.model import Verdict
from state.reading.captures import Holdings, Wanted
from state.store import Store
from tests.commands.running import run
from tests.state.examples import PAGE, SOURCE, alert, capture, facts, finding, table

PAGES = 4096


def fill(path: Path, *, rounds: int = 60) -> None:
    """Captures of all sorts, with what is said of them."""
    noise = random.Random(1)
    with Store(path) as store:
        for at in range(rounds):
            body = "" if at % 7 == 3 else f"<p>{at // 2} {noise.randbytes(3000).hex()}</p>"
            if at % 5 == 4:
                body = "the same as ever"
            verdict = Verdict.PRESENT if body else Verdict.GONE
            for release in store.record(
                SOURCE,
                [
                    capture(
                        body, at, verdict=verdict, link_text="Stats\u2028 é", request=(("Accept", "text/html"),)
                    )
                ],
            ):
                store.report(
                    source=SOURCE.id,
                    series="page",
                    release=release,
                    facts=facts(release.id, release.at, tables=(table(at, key="t"),)),
                    texts=[("Heading", f"words of {at}")],
                    findings=[finding(id=f"f{at}")],
                    alerts=[alert(f"e{at}", finding=f"f{at}")],
                    at=release.at,
                )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "monitor.yaml").write_text("data: data\nshipped_sources: false\n")
    (tmp_path / "sources" / "t").mkdir(parents=True)
    (tmp_path / "sources" / "t" / "s.yaml").write_text(
        "title: T\npublisher: P\nurl: http://127.0.0.1:9/\nwhy: Tried.\n"
    )
    fill(tmp_path / "data" / "archive.db")
    return tmp_path


def pages_of(archive: Path, name: str) -> list[int]:
    """The numbers of the leaves of a table, as SQLite has them."""
    with closing(sqlite3.connect(archive)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [name]).fetchone()
    data = archive.read_bytes()
    start = (root - 1) * PAGES
    if data[start] != 5:  # an inner page
        return [root]
    count = int.from_bytes(data[start + 3 : start + 5], "big")
    cells = [int.from_bytes(data[start + 12 + 2 * n : start + 14 + 2 * n], "big") for n in range(count)]
    return [int.from_bytes(data[start + cell : start + cell + 4], "big") for cell in cells]


def overwrite(archive: Path, page: int) -> None:
    with archive.open("r+b") as file:
        file.seek((page - 1) * PAGES)
        file.write(b"\xde\xad" * (PAGES // 2))


def held(archive: Path) -> dict[str, tuple[object, ...]]:
    """What an archive has of each capture, by its entry."""
    with Holdings(archive) as holdings:
        return {each.entry: (each.capture, each.missing) for each in holdings.kept(holdings.numbers(Wanted()))}


def test_of_a_whole_archive_everything_is_recovered(home: Path) -> None:
    archive = home / "data" / "archive.db"
    done = run("recover", "data/archive.db", "--to", "new.db", cwd=home)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    assert not (home / "new.db.lost.txt").exists()
    assert head_of(home / "new.db") == head_of(archive)
    assert verify_file(home / "new.db").clean
    assert held(home / "new.db") == held(archive)
    with closing(sqlite3.connect(archive)) as one, closing(sqlite3.connect(home / "new.db")) as two:
        for (name,) in one.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if not name.startswith("text_search") and name != "keyframe":
                rows = f"SELECT * FROM {name} ORDER BY 1, 2" if name != "text_indexed" else f"SELECT * FROM {name}"
                assert two.execute(rows).fetchall() == one.execute(rows).fetchall(), name
    found = run("search", "words", "--json", cwd=home).stdout
    assert run("restore", "new.db", cwd=home).returncode == 0
    assert run("search", "words", "--json", cwd=home).stdout == found


@pytest.mark.parametrize("name", ["look", "ledger", "packed", "release", "occurrence", "table_content"])
def test_of_a_damaged_archive_the_rest_is_recovered(home: Path, name: str) -> None:
    archive = home / "data" / "archive.db"
    before = held(archive)
    leaves = pages_of(archive, name)
    overwrite(archive, leaves[len(leaves) // 2])
    done = run("recover", "data/archive.db", "--to", "new.db", "--json", cwd=home)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert any(line.startswith(f"{name}: ") or name == "packed" for line in told["lost"])
    assert (home / "new.db.lost.txt").read_text().splitlines() == told["lost"]
    after = held(home / "new.db")
    assert after.keys() <= before.keys()
    assert all(known == before[entry] or known[1] or name == "look" for entry, known in after.items()), (
        "as it was, or said to miss bytes"
    )
    if name not in ("look", "ledger"):
        assert after.keys() == before.keys()
    faults = verify_file(home / "new.db").faults
    assert {Flaw.DAMAGED_FILE} & {fault.flaw for fault in faults} == set() or name in ("look", "release", "packed")
    if name in ("look", "ledger", "packed"):
        assert faults, "what was lost stays said"


def test_what_was_recovered_is_put_in_place_and_the_watch_goes_on(home: Path) -> None:
    archive = home / "data" / "archive.db"
    leaves = pages_of(archive, "packed")
    overwrite(archive, leaves[len(leaves) // 2])
    refused = run("check", cwd=home)
    assert "recover ARCHIVE --to NEW" in refused.stderr
    assert "restore BACKUP" in refused.stderr
    assert run("recover", "data/archive.db", "--to", "new.db", cwd=home).returncode == 1
    assert "faults" in run("restore", "new.db", cwd=home).stderr, "not by mistake"
    assert run("restore", "--faulty", "new.db", cwd=home).returncode == 0
    assert run("check", cwd=home).returncode == 1, "the source cannot be reached; the archive is written to"
    told = run("verify", cwd=home)
    assert told.returncode == 1
    assert "damaged bytes" in told.stdout
    said = run("status", "--json", cwd=home)
    assert json.loads(said.stdout)["captures"] == 61


def test_bytes_that_were_lost_are_kept_again_when_they_come_again(home: Path) -> None:
    archive = home / "data" / "archive.db"
    with closing(sqlite3.connect(archive)) as db:
        (number,) = db.execute("SELECT body FROM look ORDER BY id DESC LIMIT 1").fetchone()
        db.execute("UPDATE packed SET data = zeroblob(length(data)) WHERE snapshot = ?", [number])
        db.commit()
    with Store(archive) as store:
        newest = store.looks.captures_of(PAGE, limit=1)[0]
    assert run("recover", "data/archive.db", "--to", "new.db", cwd=home).returncode == 1
    lost = (home / "new.db.lost.txt").read_text()
    assert f"the bytes of {SOURCE.id}: {newest.url} of" in lost
    assert not verify_file(home / "new.db").clean
    body = "the same as ever"
    with Store(home / "new.db") as store:
        store.record(SOURCE, [capture(body, 90)])
    assert verify_file(home / "new.db").clean


def test_of_any_damaged_page_nothing_false_is_recovered(home: Path, tmp_path: Path) -> None:
    archive = home / "data" / "archive.db"
    before, data = held(archive), archive.read_bytes()
    drawn = random.Random(7).sample(range(2, len(data) // PAGES), 12)
    for place, page in enumerate(drawn):
        (tmp_path / "damaged.db").write_bytes(data)
        overwrite(tmp_path / "damaged.db", page)
        done = run("recover", tmp_path / "damaged.db", "--to", tmp_path / f"new{place}.db", cwd=home)
        assert done.returncode in (0, 1), (page, done.stderr)
        new = tmp_path / f"new{place}.db"
        faults = verify_file(new).faults
        for entry, known in held_of_whole_entries(new, {fault.seq for fault in faults}):
            assert known[1] or known == before[entry], page
        with closing(sqlite3.connect(new)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def held_of_whole_entries(archive: Path, faulty: set[int | None]) -> Iterator[tuple[str, tuple[object, ...]]]:
    with Holdings(archive) as holdings:
        for each in holdings.kept(holdings.numbers(Wanted())):
            if each.seq not in faulty and each.seq + 1 not in faulty:
                yield each.entry, (each.capture, each.missing)


def test_what_cannot_be_read_at_all_is_refused_with_what_to_do(home: Path) -> None:
    (home / "rubbish.db").write_bytes(b"rubbish" * 1000)
    done = run("recover", "rubbish.db", "--to", "new.db", cwd=home)
    assert done.returncode == 2
    assert "backup" in done.stderr
    assert not (home / "new.db").exists()
    assert run("recover", "data/archive.db", "--to", "monitor.yaml", cwd=home).returncode == 2


@pytest.mark.parametrize("form", ["warc", "wacz", "bagit"])
def test_an_export_becomes_the_archive_that_it_was_made_of(home: Path, form: str) -> None:
    archive = home / "data" / "archive.db"
    name = {"warc": "all.warc.gz", "wacz": "all.wacz", "bagit": "bag"}[form]
    assert run("export", form, "--to", name, cwd=home).returncode == 0
    done = run("recover", name, "--to", "new.db", cwd=home)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    assert "its chain is the one that was exported" in done.stderr
    assert head_of(home / "new.db") == head_of(archive)
    assert verify_file(home / "new.db").clean
    assert held(home / "new.db") == held(archive)
    order = "SELECT capture, series, document, place FROM release_order ORDER BY capture"
    with closing(sqlite3.connect(archive)) as one, closing(sqlite3.connect(home / "new.db")) as two:
        assert two.execute(order).fetchall() == one.execute(order).fetchall()
        assert two.execute("SELECT count(*) FROM judged WHERE at IS NULL").fetchone() == (0,)


def test_an_export_that_breaks_off_gives_what_came_before(home: Path) -> None:
    assert run("export", "warc", "--to", "all.warc.gz", cwd=home).returncode == 0
    whole = (home / "all.warc.gz").read_bytes()
    (home / "cut.warc.gz").write_bytes(whole[: len(whole) // 2])
    done = run("recover", "cut.warc.gz", "--to", "new.db", cwd=home)
    assert done.returncode == 1
    assert "breaks off after" in done.stdout
    assert 0 < head_of(home / "new.db").seq < 60
    assert verify_file(home / "new.db").clean


def test_an_export_of_others_is_refused(home: Path) -> None:
    (home / "it.warc").write_bytes(b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n")
    done = run("recover", "it.warc", "--to", "new.db", cwd=home)
    assert done.returncode == 2
    assert "import SOURCE --warc" in done.stderr
    assert not list(home.glob("new.db*"))


def test_a_schema_that_cannot_be_read_costs_only_what_it_describes(home: Path) -> None:
    archive = home / "data" / "archive.db"
    before, data = held(archive), bytearray(archive.read_bytes())
    place = data.index(b"CREATE TABLE note (")
    data[place : place + 6] = b"CREXTE"
    archive.write_bytes(bytes(data))
    refused = run("check", cwd=home)
    assert refused.returncode == 2
    assert "recover ARCHIVE --to NEW" in refused.stderr
    done = run("recover", "data/archive.db", "--to", "new.db", cwd=home)
    assert done.returncode == 1
    assert "note: the table cannot be found" in done.stdout
    assert held(home / "new.db") == before
    assert verify_file(home / "new.db").clean


def test_a_row_whose_time_is_none_is_lost_and_said(home: Path) -> None:
    archive = home / "data" / "archive.db"
    with closing(sqlite3.connect(archive)) as db:
        db.execute("DROP TRIGGER look_no_update")
        db.execute("UPDATE look SET at = '2026-02-02T18:00200' WHERE id = 9")
        db.commit()
    done = run("recover", "data/archive.db", "--to", "new.db", cwd=home)
    assert done.returncode == 1
    assert "look: row 9 has a time (at) that is none" in done.stdout
    assert "missing entry: the capture of entry 9 is gone" in done.stdout
    assert json.loads(
        run("history", SOURCE.id, "--json", "--config", config_of(home / "new.db")).stdout.splitlines()[0]
    )


def config_of(archive: Path) -> Path:
    """A configuration whose archive is a copy of this one."""
    folder = archive.parent / "other"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "archive.db").write_bytes(archive.read_bytes())
    (folder / "monitor.yaml").write_text("data: data\nshipped_sources: false\n")
    return folder / "monitor.yaml"
