"""A web server on loopback whose answers are set by the benchmark, phase after phase."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.incidents.making import HTML, Reply, media_type

NOT_FOUND = Reply(
    status=404,
    body=b"<html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>",
    headers=(("Content-Type", HTML),),
)


def good(body: bytes) -> Reply:
    """The document, with the media type that its first bytes show."""
    return Reply(status=200, body=body, headers=(("Content-Type", media_type(body)),))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    answers: Mapping[str, Reply]


class _Page(BaseHTTPRequestHandler):
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        reply = self.server.answers.get(self.path, NOT_FOUND)
        tags = [value for name, value in reply.headers if name == "ETag"]
        if tags and self.headers.get("If-None-Match") in tags:
            reply = Reply(status=304, headers=reply.headers)
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the benchmark prints its own table."""


class Pages:
    """Serves what ``play`` was last given, path -> reply; every other path is not found."""

    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Page)
        self._server.answers = {}
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """Where the server is, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def play(self, answers: Mapping[str, Reply]) -> None:
        """Answer so from now on."""
        self._server.answers = dict(answers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
