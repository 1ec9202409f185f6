"""A real server on loopback that answers exactly the bytes it is told to, however broken they are."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator

Script = Callable[[socket.socket], None]


def reply(body: bytes = b"", *, status: int = 200, reason: str = "OK", **headers: str) -> bytes:
    """An ordinary answer as bytes; header names are written with underscores."""
    names = {"content_type": "text/html", "content_length": str(len(body))} | headers
    lines = [f"HTTP/1.1 {status} {reason}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in names.items() if value]
    return "\r\n".join((*lines, "", "")).encode() + body


def moved(to: str, *, status: int = 302) -> bytes:
    return reply(status=status, reason="Found", location=to)


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._answer()

    def _answer(self) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.request.recv(65536)
            if not part:
                return
            head += part
        lines = head.decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        with self.server.lock:
            self.server.requests.append((path, {name.lower(): value for name, value in headers.items()}))
            script = self.server.next_answer(path)
        if callable(script):
            script(self.request)
        else:
            self.request.sendall(script)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.answers: dict[str, list[bytes | Script]] = {}

    def next_answer(self, path: str) -> bytes | Script:
        """The next answer for a path; its last one goes on for ever; 404 for what nobody told."""
        answers = self.answers.get(path, [reply(b"nothing here", status=404, reason="Not Found")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Loopback:
    """The server and what it was asked."""

    def __init__(self, server: _Server, *, scheme: str) -> None:
        self._server = server
        self.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"

    def says(self, path: str, *answers: bytes | Script) -> str:
        """Let ``path`` answer these in turn, the last for ever; returns its address."""
        self._server.answers[path] = list(answers)
        return self.url + path

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        with self._server.lock:
            return [path for path, _ in self._server.requests]

    def asked(self, path: str) -> list[dict[str, str]]:
        """The headers of every request for ``path`` so far."""
        with self._server.lock:
            return [headers for asked, headers in self._server.requests if asked == path]


@contextlib.contextmanager
def loopback(*, tls: ssl.SSLContext | None = None) -> Iterator[Loopback]:
    with _Server() as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield Loopback(server, scheme="http" if tls is None else "https")
        server.shutdown()
        thread.join()
