"""What holds for WARC files of any captures, and for files that other programs made."""

from __future__ import annotations

import gc
import gzip
import io
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.exports.warc import write_warc
from archive.exports.warc_reading import read_captures
from state.errors import ReadingError
from state.model import Verdict
from state.reading.captures import Kept
from state.store import Store
from tests.budgets import examples
from tests.state.examples import PAGE, START, capture

_LATIN = st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f\x85\xa0\xad")
_TOKEN = st.text(st.sampled_from("abcXYZ-09"), min_size=1, max_size=12)
_BODY = st.binary(min_size=1, max_size=300)


@st.composite
def kepts(draw: st.DrawFn) -> list[Kept]:
    """Captures one after the other, some with a body that came before."""
    found = []
    bodies = draw(st.lists(_BODY, min_size=1, max_size=4))
    for seq in range(1, draw(st.integers(1, 8)) + 1):
        body = draw(st.sampled_from(bodies))
        headers = draw(st.lists(st.tuples(_TOKEN, st.text(_LATIN, max_size=30)), max_size=4))
        zipped = draw(st.booleans())
        if zipped:
            headers += [("Content-Encoding", "gzip"), ("transfer-encoding", "chunked")]
        if draw(st.booleans()):
            headers.append(("Content-Length", str(draw(st.integers(0, 500)))))
        made = capture(
            body,
            seq,
            headers=tuple(headers),
            wire=gzip.compress(body, mtime=0) if zipped else None,
            status=draw(st.sampled_from([200, 404, 503, 599])),
            redirects=((302, "https://example.gov/a"), (301, "https://example.gov/b"))[: draw(st.integers(0, 2))],
        )
        found.append(Kept(seq, f"{seq:064x}", made, Store.digest(body)))
    return found


@settings(max_examples=examples(60))
@given(kepts())
def test_every_body_comes_back_as_it_was(captures: list[Kept]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "it.warc.gz"
        with path.open("wb") as out:
            index = write_warc(captures, out, created=START)
        read = list(read_captures(path, source="s"))
        with path.open("rb") as file:
            kinds = [record.rec_type for record in ArchiveIterator(file, check_digests="raise")]
    assert [(each.body, each.status, each.at) for each in read] == [
        (kept.capture.body, kept.capture.status, kept.capture.at) for kept in captures
    ]
    assert len(index) == kinds.count("response") + kinds.count("revisit")


def _foreign(path: Path, *, zipped: bool) -> None:
    """``path`` as another program makes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # of the other program, which leaves its own files open
        _write_foreign(path, zipped=zipped)
        gc.collect()


def _write_foreign(path: Path, *, zipped: bool) -> None:
    """A file as another program makes it: SHA-1, requests, a chunked gzip answer, a revisit without an id."""
    body = b"<html><body><p>figures</p></body></html>"
    packed = gzip.compress(body, mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=zipped)
        writer.write_record(writer.create_warcinfo_record("it.warc", {"software": "another"}))
        answer = writer.create_warc_record(
            PAGE,
            "response",
            payload=io.BytesIO(chunked),
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2024-05-06T07:08:09Z"},
        )
        asked = writer.create_warc_record(
            PAGE, "request", http_headers=StatusAndHeaders("GET /detain HTTP/1.1", [], is_http_request=True)
        )
        writer.write_request_response_pair(asked, answer)
        moved = StatusAndHeaders("301 Moved", [("Location", PAGE)], protocol="HTTP/1.1")
        writer.write_record(writer.create_warc_record("http://example.gov/x", "response", http_headers=moved))
        writer.write_record(
            writer.create_revisit_record(
                PAGE,
                answer.rec_headers.get_header("WARC-Payload-Digest"),
                PAGE,
                "2024-05-06T07:08:09Z",
                http_headers=StatusAndHeaders("200 OK", headers[:2], protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": "2024-06-01T00:00:00Z"},
            )
        )
        gone = StatusAndHeaders("404 Not Found", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(PAGE, "response", payload=io.BytesIO(b"<p>no</p>"), http_headers=gone)
        )


def test_files_of_other_programs_are_read(tmp_path: Path) -> None:
    for zipped in (True, False):
        path = tmp_path / f"it-{zipped}.warc"
        _foreign(path, zipped=zipped)
        first, again, gone = read_captures(path, source="ice/detention", series="page")
        assert first.body == again.body == b"<html><body><p>figures</p></body></html>"
        assert (first.verdict, first.at.isoformat(), first.memento) == (
            Verdict.PRESENT,
            "2024-05-06T07:08:09+00:00",
            True,
        )
        assert again.at.isoformat() == "2024-06-01T00:00:00+00:00"
        assert (gone.verdict, gone.body) == (Verdict.GONE, b"<p>no</p>")


def test_a_file_that_breaks_off_never_gives_half_a_body(tmp_path: Path) -> None:
    for zipped in (True, False):
        path = tmp_path / f"it-{zipped}.warc"
        _foreign(path, zipped=zipped)
        whole = path.read_bytes()
        bodies = {each.body for each in read_captures(path, source="s")}
        for length in range(40, len(whole), 61):
            path.write_bytes(whole[:length])
            try:
                assert {each.body for each in read_captures(path, source="s")} <= bodies
            except ReadingError as error:
                assert path.name in str(error)
