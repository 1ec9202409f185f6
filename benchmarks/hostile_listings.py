"""What it costs to find the links of pages of 5 MB that are made to harm, and of an honest large one.

    python -m benchmarks.hostile_listings

CPU seconds of one process, imports left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from watchers.following.links import find_links

SIZE = 5_000_000  # bytes
REPEATED = {
    "links around div": b"<a href=a><div>",
    "links around object": b"<a href=a><object>",
    "links around table cells": b"<a href=a><table><td>",
    "links outside of rows": b"<table><a href=a>",
    "links never closed": b"<a href=a>",
    "links, closed, one address": b"<a href=a></a>",
    "areas": b"<area href=a>",
    "anchors without address": b"<a>",
    "base elements": b"<base href=/x>",
    "div never closed": b"<div>",
    "formatting never closed": b"<b><i><u><p>",
    "scripts": b"<script>a</script>",
    "svg links": b"<svg><a href=a>",
    "opening brackets": b"<",
    "zeros": b"\x00",
    "a false encoding": b"<a href=\xe9>\xe9</a>",
}


def main() -> None:
    """Measure each shape and print a table."""
    find_links(b"<a href=x>x</a>", base_url="http://h/")  # imports
    print(f"{'5 MB of':<32}{'links':>8}{'CPU':>9}")
    for name, body in _shapes():
        began = time.process_time()
        links = len(find_links(body, base_url="http://h/"))
        print(f"{name:<32}{links:>8}{time.process_time() - began:>7.2f} s")


def _shapes() -> Iterator[tuple[str, bytes]]:
    for name, piece in REPEATED.items():
        head = b"<meta charset=utf-7>" if name == "a false encoding" else b"<html><body>"
        yield name, (head + piece * (SIZE // len(piece)))[:SIZE]
    yield "one link around a million texts", (b"<a href=a>" + b"<b>a</b>" * (SIZE // 8))[:SIZE]
    yield (
        "one link, 500,000 attributes",
        b"<a " + b" ".join(b"a%d=1" % each for each in range(500_000)) + b" href=x>",
    )
    yield "different addresses", b"".join(b"<a href=%d>x</a>" % each for each in range(300_000))[:SIZE]
    row = b"<tr><td class='views-field'><a href='/doclib/foia/%d.pdf'>Report %d</a></td><td>text</td></tr>\n"
    yield "an honest list", b"".join(row % (each, each) for each in range(55_000))[:SIZE]


if __name__ == "__main__":
    main()
