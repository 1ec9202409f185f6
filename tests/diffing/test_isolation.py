"""What workers may not do, tried by what code of a document would try, as this user and as a plain one."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.attack import attempts
from benchmarks.attack.isolation import ROOT, a_server, as_plain_user, bare_tries, run_here, tries
from diffing.workers.isolation import Isolation, isolation_in_force
from diffing.workers.pool import Workers
from diffing.workers.syscalls import filter_program
from state.errors import ReadingError
from tests.diffing import jobs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")


@pytest.fixture(scope="module")
def held() -> Iterator[Isolation]:
    with Workers(size=1) as workers:
        yield workers.run(isolation_in_force)


def test_no_attempt_of_a_worker_gets_what_it_wants(held: Isolation, tmp_path: Path) -> None:
    if not (held.files and held.calls):
        pytest.skip(f"this kernel lacks a part: {held}")
    archive = tmp_path / "archive.db"
    archive.write_bytes(b"the past")
    with a_server() as port, Workers(size=1, timeout=10) as workers:
        for name, said in tries(workers, archive=archive, port=port):
            assert said != attempts.GOT, name
    assert archive.read_bytes() == b"the past"
    assert [path.name for path in tmp_path.iterdir()] == ["archive.db"]


def test_the_same_attempts_get_it_where_nothing_holds(tmp_path: Path) -> None:
    """Else the test above would show nothing. Memory of others may be out of a plain user's reach anyway."""
    archive = tmp_path / "archive.db"
    archive.write_bytes(b"the past")
    with a_server() as port:
        said = dict(bare_tries(archive=archive, port=port))
    for name in ("connect", "send_datagram", "listen", "read_archive", "write_archive", "write_beside"):
        assert said[name] == attempts.GOT, name


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can be another user, too")
def test_a_plain_user_is_isolated_as_well(held: Isolation) -> None:
    plain = as_plain_user()
    if plain is None or not (held.files and held.calls):
        pytest.skip(f"no plain user can run this program here, or the kernel lacks a part: {held}")
    assert run_here(plain, []).returncode == 0


def test_what_readers_need_is_there(tmp_path: Path) -> None:
    given, other = tmp_path / "given.csv", tmp_path / "other.csv"
    given.write_text("a\n")
    other.write_text("b\n")
    with Workers(size=1, readable=(given,)) as workers:
        assert workers.run(jobs.text_of, given) == "a\n"
        assert workers.run(jobs.use_scratch, "c") == "c"
        if workers.run(isolation_in_force).files:
            with pytest.raises(ReadingError, match="PermissionError"):
                workers.run(jobs.text_of, other)
            with pytest.raises(ReadingError, match="PermissionError"):
                workers.run(jobs.overwrite, given)


def test_a_worker_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Workers(size=1) as workers:
        workers.run(jobs.use_scratch, "c")
        with pytest.raises(ReadingError):
            workers.run(jobs.crash)
        workers.run(jobs.use_scratch, "d")
    assert list(tmp_path.iterdir()) == []


def test_a_round_with_workers_cannot_be_looked_into() -> None:
    """As a plain user nobody else of this user reads its environment; as root it says so to the kernel."""
    code = (
        "import ctypes; from diffing.workers.pool import Workers; from tests.diffing import jobs\n"
        "with Workers(size=1) as workers:\n    workers.run(jobs.add, 1, 1)\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("signals", [False, True])
def test_a_filter_answers_each_call(machine: str, signals: bool) -> None:
    program = filter_program(machine, me=77, signals=signals)
    assert program is not None
    arch, socket, kill, prlimit, clone, read = {
        "x86_64": (0xC000003E, 41, 62, 302, 56, 0),
        "aarch64": (0xC00000B7, 198, 129, 261, 220, 63),
    }[machine]
    refused, allowed, no_such_call = 0x0005_0001, 0x7FFF_0000, 0x0005_0026
    assert answer(program, arch, read, 0) == allowed
    assert answer(program, arch, socket, 2) == refused
    assert answer(program, arch, 435, 0) == no_such_call
    assert answer(program, arch, clone, 0x3D0F00) == allowed  # a thread
    assert answer(program, arch, clone, 0x1000_0011) == refused  # in a user namespace of its own
    assert answer(program, arch, prlimit, 0) == answer(program, arch, prlimit, 77) == allowed
    assert answer(program, arch, prlimit, 78) == refused
    assert answer(program, arch, kill, 77) == allowed
    assert answer(program, arch, kill, 78) == (refused if signals else allowed)
    assert answer(program, arch, kill, 0xFFFF_FFFF) == (refused if signals else allowed)
    assert answer(program, arch, 0x4000_0000 + read, 0) == refused
    assert answer(program, 0x4000_0003, read, 0) == 0x8000_0000


def test_of_an_unknown_machine_no_filter_is_made() -> None:
    assert filter_program("riscv64", me=1, signals=True) is None


def answer(program: bytes, arch: int, number: int, first: int) -> int:
    """What a filter answers to a call, by an interpreter of the few instructions that it uses."""
    data = {0: number, 4: arch, 16: first}
    instructions = list(struct.iter_unpack("=HBBI", program))
    at = loaded = 0
    while True:
        code, if_so, if_not, constant = instructions[at]
        at += 1
        match code:
            case 0x20:
                loaded = data[constant]
            case 0x06:
                return constant
            case _:
                holds = {0x15: loaded == constant, 0x35: loaded >= constant, 0x45: bool(loaded & constant)}[code]
                at += if_so if holds else if_not
