"""Content encodings: what was packed comes out as it was, whole, and never larger than was agreed."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from watchers.fetching.decoding import BodyCut, BodyTooLarge, decode_body

LIMIT = 1_000_000


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "x-gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("name", PACKERS)
@given(body=st.binary(min_size=1, max_size=5_000))
def test_what_was_packed_comes_out_as_it_was(name: str, body: bytes) -> None:
    assert decode_body(PACKERS[name](body), name, LIMIT, packed=False) == body


@given(body=st.binary(min_size=1, max_size=5_000))
def test_deflate_without_its_frame(body: bytes) -> None:
    assert decode_body(raw_deflate(body), "deflate", LIMIT, packed=False) == body


@pytest.mark.parametrize("name", PACKERS)
def test_what_is_cut_is_not_whole(name: str) -> None:
    whole = PACKERS[name](bytes(range(256)) * 40)
    with pytest.raises(BodyCut):
        decode_body(whole[: len(whole) // 2], name, LIMIT, packed=False)


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_stops_at_the_limit(name: str) -> None:
    with pytest.raises(BodyTooLarge):
        decode_body(PACKERS[name](b"\0" * 20 * LIMIT), name, LIMIT, packed=False)


def test_gzip_that_no_header_names_is_unpacked_unless_it_is_the_document() -> None:
    packed = gzip.compress(b"Office,Removals\nHall,12\n", mtime=0)
    assert decode_body(packed, "", LIMIT, packed=False).startswith(b"Office")
    assert decode_body(packed, "", LIMIT, packed=True) == packed
    assert decode_body(packed[:20], "", LIMIT, packed=False) == packed[:20]


def test_two_frames_of_zstandard_are_one_body() -> None:
    frames = PACKERS["zstd"](b"one, ") + PACKERS["zstd"](b"two")
    assert decode_body(frames, "zstd", LIMIT, packed=False) == b"one, two"
