"""Where the demo's alerts arrive: a mail server and a Slack-style webhook that keep what they get as files."""

from __future__ import annotations

import asyncio
import json
import threading
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _Keeper:
    """Numbers and writes the files of one sink; safe to call from several threads."""

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._lock = threading.Lock()
        self._files: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, body: bytes, subject: str) -> Path:
        with self._lock:
            name = f"{len(self._files) + 1:03d}-{_slug(subject)}{self._suffix}"
            path = self._folder / name
            path.write_bytes(body)
            self._files.append(path)
        return path

    def files(self) -> tuple[Path, ...]:
        with self._lock:
            return tuple(self._files)


def _slug(text: str) -> str:
    kept = "".join(letter if letter.isalnum() and letter.isascii() else " " for letter in text.lower())
    return "-".join(kept.split())[:60] or "message"


class _MailKeeper:
    def __init__(self, keeper: _Keeper) -> None:
        self._keeper = keeper

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        body = envelope.content
        assert isinstance(body, bytes)
        message = message_from_bytes(body, policy=policy.default)
        self._keeper.keep(body, str(message["Subject"] or ""))
        return "250 Message accepted for delivery"


class _AnyPort(Controller):
    """A controller that may listen on port 0 and then knows which port it got."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailSink:
    """An SMTP server on loopback that keeps every message as a numbered ``.eml`` file."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._keeper = _Keeper(folder, ".eml")
        self._controller = _AnyPort(_MailKeeper(self._keeper), hostname="127.0.0.1", port=port)

    @property
    def port(self) -> int:
        """The port that it listens on, once entered."""
        return int(self._controller.port)

    @property
    def files(self) -> tuple[Path, ...]:
        """The messages so far, in order of arrival."""
        return self._keeper.files()

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()


class _Hook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _HookServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        try:
            payload = json.loads(raw)
        except ValueError:
            self._answer(400, b"invalid_payload")
            return
        kept = json.dumps(payload, indent=2, ensure_ascii=False).encode()
        self.server.keeper.keep(kept, _headline(payload))
        self._answer(200, b"ok")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what arrives is kept as a file."""


def _headline(payload: object) -> str:
    """The first text of a Slack-style message, for its file name."""
    if isinstance(payload, str):
        return payload
    if isinstance(payload, dict):
        for name in ("title", "text", "fallback", "attachments", "blocks"):
            if found := _headline(payload.get(name)):
                return found
    if isinstance(payload, list):
        return next((found for part in payload if (found := _headline(part))), "")
    return ""


class _HookServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, keeper: _Keeper) -> None:
        super().__init__(("127.0.0.1", port), _Hook)
        self.keeper = keeper


class WebhookSink:
    """An HTTP server on loopback that keeps every JSON payload as a numbered ``.json`` file."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._keeper = _Keeper(folder, ".json")
        self._server = _HookServer(port, self._keeper)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="demo-webhook", daemon=True
        )

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.server_port

    @property
    def files(self) -> tuple[Path, ...]:
        """The payloads so far, in order of arrival."""
        return self._keeper.files()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
