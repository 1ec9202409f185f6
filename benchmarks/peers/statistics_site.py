"""A site of many pages of statistics on loopback, in a process of its own: keep-alive, ETag, 304.

``python -m benchmarks.peers.statistics_site PAGES CHANGED`` prints its port. ``GET /round/N`` brings the changes
of the rounds up to N: ``CHANGED`` pages each, others in every round.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.making.statistics_pages import page

ROOT = Path(__file__).resolve().parents[2]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages = changed = round = 0
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        kind, _, rest = self.path[1:].partition("/")
        if kind == "round":
            type(self).round = int(rest)
            self._answer(200, b"", {})
        elif kind != "office":
            self._answer(404, b"not found", {})
        else:
            self._page(int(rest))

    def _page(self, number: int) -> None:
        version = sum((number - each * self.changed) % self.pages < self.changed for each in range(self.round))
        etag = {"ETag": f'"{number}-{version}"', "Content-Type": "text/html; charset=utf-8"}
        if self.headers.get("If-None-Match") == etag["ETag"]:
            self._answer(304, b"", etag)
        else:
            self._answer(200, _page(number, version), etag)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


_page = lru_cache(maxsize=2_000)(page)


@contextmanager
def serving(*, pages: int, changed: int) -> Iterator[str]:
    """The address of the site while it is served."""
    command = [sys.executable, "-m", "benchmarks.peers.statistics_site", str(pages), str(changed)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def begin_round(site: str, number: int) -> None:
    """Bring the changes of all rounds up to ``number``."""
    urllib.request.urlopen(f"{site}/round/{number}").read()


def main() -> None:
    """Serve until killed."""
    _Handler.pages, _Handler.changed = int(sys.argv[1]), int(sys.argv[2])
    for number in range(_Handler.pages):
        _page(number, 0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
