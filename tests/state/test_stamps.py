from __future__ import annotations

import datetime as dt
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from sqlite3 import Connection

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from state.database import open_archive, transaction
from state.errors import ConfigError, StoreError
from state.ledger.der import sort_certificates
from state.ledger.stamp_checks import CheckedStamp, check_stamp, query
from state.ledger.stamp_roots import SHIPPED, Trust, certificates, read_root, shipped_roots
from state.ledger.stamps import EVERY, LATE, RETRY, due, stamp_head, stamps, standings
from state.store import Store
from state.times import now, stamp
from tests.state.authority import Authority, authority, post
from tests.state.examples import SOURCE, capture, hours
from watchers.fetching.ping import post as post_politely

NOBODY = Trust()
_SHA256_HEAD = bytes.fromhex("0420")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        store.record(SOURCE, [capture("one"), capture("two", 1)])
    return path


@pytest.fixture
def db(archive: Path) -> Iterator[Connection]:
    connection = open_archive(archive)
    yield connection
    connection.close()


def trusting(*authorities: Authority, policies: tuple[str, ...] = ()) -> Trust:
    return Trust(b"".join(each.root.read_bytes() for each in authorities), policies)


def test_the_head_is_stamped_and_openssl_agrees(db: Connection, tmp_path: Path) -> None:
    at = now()
    with authority(tmp_path / "one") as (one, address), authority(tmp_path / "two") as (two, second):
        told = stamp_head(db, [address, second], post=post, at=at, trust=trusting(one, two))
    assert [each.trouble for each in told] == ["", ""]
    assert all(abs(each.time - at) < dt.timedelta(minutes=5) for each in told if each.time)
    assert [each.accuracy for each in told] == [dt.timedelta(seconds=1.5)] * 2
    kept = stamps(db)
    assert [(each.seq, each.authority, each.at) for each in kept] == [(2, address, at), (2, second, at)]
    assert [check_stamp(each, trust=trusting(one, two)).trouble for each in kept] == ["", ""]
    (tmp_path / "it.tsr").write_bytes(kept[0].reply)
    check = ["openssl", "ts", "-verify", "-digest", kept[0].entry, "-in", "it.tsr", "-CAfile", str(one.root)]
    assert b"OK" in subprocess.run(check, cwd=tmp_path, capture_output=True, check=True).stdout


def test_openssl_reads_the_request(tmp_path: Path) -> None:
    (tmp_path / "it.tsq").write_bytes(query("ab" * 32, (1 << 62) + 5))
    told = subprocess.run(
        ["openssl", "ts", "-query", "-in", "it.tsq", "-text"], cwd=tmp_path, capture_output=True, check=True
    ).stdout.decode()
    assert "sha256" in told
    assert "0x4000000000000005" in told
    assert "Certificate required: yes" in told


def other_nonce(honest: Authority, request: bytes) -> bytes:
    place = request.index(bytes.fromhex("0208")) + 5
    return honest.answer(request[:place] + bytes([request[place] ^ 1]) + request[place + 1 :])


def other_digest(honest: Authority, request: bytes) -> bytes:
    place = request.index(_SHA256_HEAD) + 10
    return honest.answer(request[:place] + bytes([request[place] ^ 1]) + request[place + 1 :])


def for_servers(honest: Authority, request: bytes) -> bytes:
    honest.issue("server", uses=[ExtendedKeyUsageOID.SERVER_AUTH])
    return honest.answer_signed_by("server", request)


def for_both(honest: Authority, request: bytes) -> bytes:
    honest.issue("both", uses=[ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH])
    return honest.answer_signed_by("both", request)


def not_critical(honest: Authority, request: bytes) -> bytes:
    honest.issue("lax", critical=False)
    return honest.answer_signed_by("lax", request)


def expired(honest: Authority, request: bytes) -> bytes:
    honest.issue("past", valid=(-400, -30))
    return honest.answer_signed_by("past", request)


def ten_months_early(honest: Authority, request: bytes) -> bytes:
    honest.issue("early", valid=(-700, 30))
    early = f"{now() - dt.timedelta(days=300):%Y%m%d%H%M%SZ}".encode()

    def alter(info: bytes) -> bytes:
        place = info.index(bytes.fromhex("180f")) + 2
        return info[:place] + early + info[place + 15 :]

    return honest.answer_signed_by("early", request, alter)


def unaltered(honest: Authority, request: bytes) -> bytes:
    return honest.answer_signed_by("tsa", request)


def refused(honest: Authority, request: bytes) -> bytes:
    return bytes.fromhex("3005 3003 020102".replace(" ", ""))


def rubbish(honest: Authority, request: bytes) -> bytes:
    return b"<html>come back later</html>"


@pytest.mark.parametrize(
    ("lie", "trouble"),
    [
        (unaltered, ""),  # the liar's own tools make a good stamp where nothing is wrong
        (other_nonce, "answers another request"),
        (other_digest, "something else"),
        (for_servers, "time stamps alone"),
        (for_both, "time stamps alone"),
        (not_critical, "time stamps alone"),
        (expired, "chosen beforehand: certificate has expired"),
        (ten_months_early, "300 days before"),
        (refused, "refused"),
        (rubbish, "cannot be read"),
    ],
)
def test_what_a_chosen_authority_says_is_looked_at(
    db: Connection, tmp_path: Path, lie: Callable[[Authority, bytes], bytes], trouble: str
) -> None:
    with authority(tmp_path / "one", lie) as (one, address):
        (told,) = stamp_head(db, [address], post=post, at=now(), trust=trusting(one))
        again = [check_stamp(each, trust=trusting(one)) for each in stamps(db)]
    assert [each.trouble for each in again] == [told.trouble], "the same from what is kept"
    if not trouble:
        assert told.trouble == ""
        return
    assert trouble in told.trouble
    (standing,) = standings(db, [address], trust=trusting(one), at=now())
    assert told.trouble in standing.trouble
    assert standing.good is None


def test_an_authority_of_ones_own_with_its_certificate_inside_is_not_believed(
    db: Connection, tmp_path: Path
) -> None:
    with authority(tmp_path / "one") as (one, _), authority(tmp_path / "own") as (own, address):
        (told,) = stamp_head(db, [address], post=post, at=now(), trust=trusting(one))
    assert "does not lead to a root certificate that was chosen" in told.trouble
    assert "does not lead" in check_stamp(told.stamp, trust=Trust(shipped_roots())).trouble
    assert "no root certificate" in check_stamp(told.stamp, trust=NOBODY).trouble
    assert check_stamp(told.stamp, trust=trusting(one, own)).trouble == ""


def test_only_the_policies_that_were_named_count(db: Connection, tmp_path: Path) -> None:
    with authority(tmp_path / "one") as (one, address):
        (told,) = stamp_head(db, [address], post=post, at=now(), trust=trusting(one, policies=("1.2.3.4.1",)))
    assert told.trouble == ""
    assert "policy 1.2.3.4.1" in check_stamp(told.stamp, trust=trusting(one, policies=("1.2.3.4.9",))).trouble


def test_certificates_are_read_in_whatever_order_they_come(db: Connection, tmp_path: Path) -> None:
    with authority(tmp_path / "one") as (one, address):
        (told,) = stamp_head(db, [address], post=post, at=now(), trust=trusting(one))
    reply = told.stamp.reply
    two = [
        x509.load_pem_x509_certificate((one.folder / name).read_bytes()).public_bytes(Encoding.DER)
        for name in ("ca.pem", "tsa.pem")
    ]
    first = min(map(reply.index, two))
    for order in (two, two[::-1]):
        both = b"".join(order)
        swapped = reply[:first] + both + reply[first + len(both) :]
        assert check_stamp(replace(told.stamp, reply=swapped), trust=trusting(one)).trouble == ""


@given(reply=st.binary(max_size=200))
def test_what_is_no_reply_is_left_as_it_is(reply: bytes) -> None:
    assert sorted(sort_certificates(reply)) == sorted(reply)


def honest_stamp(db: Connection, folder: Path) -> tuple[Trust, CheckedStamp]:
    with authority(folder) as (one, address):
        (told,) = stamp_head(db, [address], post=post, at=now(), trust=trusting(one))
        return trusting(one), told


def test_a_row_that_was_changed_does_not_fit_its_reply(db: Connection, tmp_path: Path) -> None:
    trust, told = honest_stamp(db, tmp_path / "one")
    given = told.stamp
    assert "something else" in check_stamp(replace(given, entry="0" * 64), trust=trust).trouble
    early = replace(given, at=given.at - dt.timedelta(minutes=1))
    assert "another request" in check_stamp(early, trust=trust).trouble
    assert "another request" in check_stamp(replace(given, authority="http://x/"), trust=trust).trouble
    forged = bytearray(given.reply)
    forged[-5] ^= 1
    assert check_stamp(replace(given, reply=bytes(forged)), trust=trust).trouble


def test_an_entry_is_not_stamped_before_its_capture(db: Connection, tmp_path: Path) -> None:
    trust, told = honest_stamp(db, tmp_path / "one")
    later = replace(told.stamp, looked=told.stamp.at + dt.timedelta(days=300))
    assert "300 days before what it stamps was captured" in check_stamp(later, trust=trust).trouble


def test_stamps_of_earlier_versions_are_checked_without_their_nonce(db: Connection, tmp_path: Path) -> None:
    trust, told = honest_stamp(db, tmp_path / "one")
    with transaction(db):
        db.execute("DELETE FROM upkeep WHERE name LIKE 'stamps asked%'")
    (kept,) = stamps(db)
    assert kept.drawn
    assert check_stamp(replace(kept, authority="http://x/"), trust=trust).trouble == ""
    assert told.trouble == ""


def test_the_shipped_roots_are_those_of_mozillas_list() -> None:
    shipped = certificates(shipped_roots())
    assert len(shipped) == len(SHIPPED)
    known = certificates(Path(certifi.where()).read_bytes())
    assert all(each in known for each in shipped)
    assert all(each.subject == each.issuer for each in shipped)


def test_what_is_no_root_cannot_be_named_as_one(tmp_path: Path) -> None:
    with authority(tmp_path / "one") as (one, _):
        assert read_root(one.root) == one.root.read_bytes()
        with pytest.raises(ConfigError, match="no root, it was issued by"):
            read_root(one.folder / "tsa.pem")
    (tmp_path / "it.pem").write_text("nothing")
    with pytest.raises(ConfigError, match="holds no certificate"):
        read_root(tmp_path / "it.pem")


def test_a_reply_that_cannot_be_read_is_kept_as_it_came(db: Connection) -> None:
    answers = {"post": lambda url, request: b"come back later"}
    (told,) = stamp_head(db, ["http://example.gov/"], post=answers["post"], at=hours(3), trust=NOBODY)
    assert "cannot be read" in told.trouble
    assert [each.reply for each in stamps(db)] == [b"come back later"]


def test_an_authority_out_of_reach_is_told_and_asked_again_later(db: Connection) -> None:
    down = "http://127.0.0.1:9/"
    (told,) = stamp_head(db, [down], post=post, at=hours(3), trust=NOBODY)
    assert told.trouble
    assert stamps(db) == ()
    assert due(db, [down], at=hours(3)) == ()
    assert due(db, [down], at=hours(3) + RETRY) == (down,)
    (standing,) = standings(db, [down], trust=NOBODY, at=hours(4))
    assert "did not answer when it was asked" in standing.trouble


def test_due_once_a_day_and_only_where_something_came(archive: Path, db: Connection, tmp_path: Path) -> None:
    start = now()
    with authority(tmp_path / "one") as (one, address):
        assert due(db, [address], at=start) == (address,)
        stamp_head(db, [address], post=post, at=start, trust=trusting(one))
    assert due(db, [address], at=start + 2 * EVERY) == (), "nothing came since"
    assert due(db, [address, "http://other/"], at=start) == ("http://other/",), "each by itself"
    with Store(archive) as store:
        store.record(SOURCE, [capture("three", 4)])
    assert due(db, [address], at=start + EVERY / 2) == (), "the last one is fresh"
    assert due(db, [address], at=start + EVERY) == (address,)
    (fresh,) = standings(db, [address], trust=trusting(one), at=start + EVERY)
    assert (fresh.trouble, fresh.good is not None) == ("", True)
    (late,) = standings(db, [address], trust=trusting(one), at=start + LATE + EVERY)
    assert "was never stamped" in late.trouble


def test_what_never_was_stamped_is_told(archive: Path, db: Connection) -> None:
    (new,) = standings(db, ["http://one/"], trust=NOBODY, at=hours(4))
    assert new.trouble == ""
    (late,) = standings(db, ["http://one/"], trust=NOBODY, at=hours(4) + LATE)
    assert "was never stamped" in late.trouble
    assert stamp(hours(0))[:10] in late.trouble


def test_an_empty_chain_has_nothing_to_stamp(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "archive.db")
    assert due(db, ["http://example.gov/"], at=hours(0)) == ()
    with pytest.raises(StoreError, match="empty"):
        stamp_head(db, ["http://example.gov/"], post=post, at=hours(0), trust=NOBODY)
    db.close()


@contextmanager
def dripping() -> Iterator[str]:
    """An authority that answers a byte at a time and never ends, until nobody listens."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "60000")
            self.end_headers()
            while not ended.wait(0.02):
                try:
                    self.wfile.write(b"0")
                except OSError:
                    return

        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            ended.set()
            server.shutdown()
            thread.join()


def test_an_authority_that_drips_is_left_when_the_time_is_over(db: Connection) -> None:
    with dripping() as slow:
        (told,) = stamp_head(
            db, [slow], post=lambda url, data: post_politely(url, data, seconds=0.5), at=hours(3), trust=NOBODY
        )
    assert "not whole after 0.5 seconds" in told.trouble
