"""A small web server that plays the demo's site, round after round, on loopback.

Hosts are the first part of the path: ``/www.ice.gov/…`` and ``/trac.syr.edu/…``.
"""

from __future__ import annotations

import email.utils
import hashlib
import itertools
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from demo.rounds import ROUNDS, Reply, answers_in

FOLDER = Path(__file__).parent / "site"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BANNERS = itertools.cycle(
    (
        "Report suspicious activity: call the tip line",
        "Photo of the week: a day at the training academy",
        "Now hiring: join the team that keeps the records",
    )
)
_VIEWS = itertools.count(10_418, 7)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Page)
        self.number = 1
        self.answers: dict[str, Reply] = {}


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece: two small ones wait for each other's acknowledgement
    server: _Server

    def do_GET(self) -> None:
        answer = self.server.answers.get(urlsplit(self.path).path, Reply(status=404))
        if answer.file is None:
            self._send(answer.status, _plain(answer.status), {"Content-Type": _TYPES[".html"]})
            return
        path = FOLDER / answer.file
        raw = path.read_bytes()
        headers = {"Content-Type": _TYPES[path.suffix], **dict(answer.headers)}
        if path.suffix == ".html":
            self._send(answer.status, _filled(raw, answer), headers)
            return
        tag = f'"{hashlib.sha256(raw).hexdigest()[:16]}"'
        headers |= {"ETag": tag, "Last-Modified": self._since(answer.file)}
        if self.headers.get("If-None-Match") == tag:
            self._send(HTTPStatus.NOT_MODIFIED, b"", headers)
        else:
            self._send(answer.status, raw, headers)

    def _since(self, file: str) -> str:
        """When the file was first put on the site, as an HTTP date."""
        for earlier in ROUNDS[: self.server.number]:
            if any(answer.file == file for answer in earlier.changes.values()):
                return email.utils.format_datetime(earlier.at, usegmt=True)
        raise AssertionError(f"{file} is served before any round puts it on the site")

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo prints its own story."""


def _filled(page: bytes, answer: Reply) -> bytes:
    """The page with the furniture that a content management system changes at every visit."""
    return (
        Template(page.decode())
        .safe_substitute(
            BANNER=next(_BANNERS),
            NONCE=secrets.token_hex(8),
            TOKEN=secrets.token_urlsafe(24),
            VIEWS=next(_VIEWS),
            UPDATED=answer.updated,
        )
        .encode()
    )


def _plain(status: int) -> bytes:
    words = HTTPStatus(status).phrase
    page = f"<html><head><title>{status} {words}</title></head><body><h1>{words}</h1></body></html>"
    return page.encode()


class Site:
    """The site on a loopback port; ``play`` sets the round. Use as a context manager."""

    def __init__(self, *, port: int = 0) -> None:
        self._server = _Server(port)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="demo-site", daemon=True
        )
        self.play(1)

    @property
    def base_url(self) -> str:
        """Where the site is, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def play(self, number: int) -> None:
        """Reply as in round ``number``, counted from 1."""
        self._server.number = number
        self._server.answers = answers_in(number)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
