"""A hostile finding, and what receives alerts: a mail server and a webhook on loopback."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import ssl
import threading
from collections.abc import Callable
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from state.document import Where
from state.kinds import Severity
from state.model import Finding, Item

SCRIPT = "<script>alert('x')</script>"


def finding(count: int = 5, **more: object) -> Finding:
    """Counts that fell, in a table whose words a publisher chose with care."""
    items = tuple(
        Item(
            row=f"{SCRIPT} County {number:,} & Sons",
            column="Non-criminal",
            before=4328 + number,
            after=None if number == 3 else 2597,
            difference=None if number == 3 else -1731 - number,
            percent=None if number == 3 else -40.0,
            valued=True,
        )
        for number in range(count)
    )
    fields: dict[str, object] = {
        "severity": Severity.CRITICAL,
        "title": f"Noncriminal removals fell in {count:,} of 1,049 jurisdictions",
        "where": Where(page=3, table="Removals *by* jurisdiction", column="Non-criminal"),
        "items": items,
        "count": count,
        "reason": "header says 'cumulative since activation'; 1,044 other rows grew or held",
        "source": "ice/secure-communities",
        "series": "statistics",
        "url": "https://www.example.gov/stats.pdf",
    } | more
    return Finding(**({"id": "abc123", "kind": "cumulative-decreased"} | fields))  # type: ignore[arg-type]


class _Keeper:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        body = cast("bytes", envelope.content)
        self.messages.append(email.message_from_bytes(body, policy=email.policy.default))
        return self.answer


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailServer:
    """A real SMTP server on loopback that keeps what it gets."""

    def __init__(self, **more: object) -> None:
        self.keeper = _Keeper()
        self._controller = _AnyPort(self.keeper, hostname="127.0.0.1", port=0, **more)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def messages(self) -> list[EmailMessage]:
        return self.keeper.messages

    def url(self, *recipients: str) -> str:
        to = ",".join(recipients or ("watchdog@example.org",))
        return f"mailto://127.0.0.1:{self._controller.port}/?from=monitor@example.org&to={to}"


class Webhook:
    """A real HTTP server on loopback, over ``tls`` if given; ``answer`` says what it makes of each request."""

    def __init__(self, answer: Callable[[], int] = lambda: 200, *, tls: ssl.SSLContext | None = None) -> None:
        self.bodies: list[dict[str, Any]] = []
        sink = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.bodies.append(json.loads(body))
                self.send_response(answer())
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"
