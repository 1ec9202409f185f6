"""A stand-in for a web archive on loopback: its index of captures, its replay and its way of saving pages."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import gzip
import hashlib
import json
import re
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MEMENTO = re.compile(r"/web/(\d{14})id_/(.+)")
PUBLIC = "https://web.archive.org"


@dataclass(frozen=True)
class Kept:
    url: str
    at: dt.datetime
    body: bytes
    media_type: str = "text/html"
    status: int = 200
    to: str = ""  # where a redirect led

    @property
    def stamp(self) -> str:
        return self.at.strftime("%Y%m%d%H%M%S")

    @property
    def line(self) -> str:
        digest = base64.b32encode(hashlib.sha1(self.body).digest()).decode()
        return f"gov,x)/ {self.stamp} {self.url} {self.media_type} {self.status} {digest} {len(self.body)}"


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    body: str = ""


@dataclass
class Holdings:
    kept: list[Kept] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    rate_limited_after: int | None = None  # requests answered before 429
    retry_after: str = "600"
    refuse: int = 0  # requests that are answered 429 first
    broken: set[str] = field(default_factory=set)  # stamps that cannot be played
    zipped: bool = False
    page: int = 1000  # lines of the index in one answer
    job_states: list[dict[str, object]] = field(default_factory=list)
    save_status: int = 200
    saves: bytes | None = None  # what it keeps instead of what it is asked to save
    saves_at: dt.datetime | None = None  # the date that it says
    saves_as: str = ""  # the address that it says
    saves_elsewhere: str = ""  # the host that it says

    def save(self, url: str) -> str:
        """Keep a copy of an address, or tell that lie; returns where the copy is said to be."""
        at = self.saves_at or dt.datetime.now(dt.UTC)
        if self.saves is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
                self.kept.append(Kept(url, at, answer.read()))
        else:
            self.kept.append(Kept(url, at, self.saves))
        return f"{self.saves_elsewhere}/web/{at:%Y%m%d%H%M%S}/{self.saves_as or url}"

    def paths(self, beginning: str) -> list[str]:
        return [each.path for each in self.asked if each.path.startswith(beginning)]


class _Answers(BaseHTTPRequestHandler):
    server: WebArchive

    def do_GET(self) -> None:
        holdings = self.server.holdings
        holdings.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}))
        if holdings.rate_limited_after is not None and len(holdings.asked) > holdings.rate_limited_after:
            self._send(429, b"Too Many Requests", {"Retry-After": holdings.retry_after})
        elif holdings.refuse:
            holdings.refuse -= 1
            self._send(429, b"Too Many Requests", {"Retry-After": holdings.retry_after})
        elif self.path.startswith("/cdx/search/cdx?"):
            self._index(parse_qs(urlsplit(self.path).query))
        elif found := MEMENTO.fullmatch(self.path):
            self._replay(found[1], found[2])
        elif self.path.startswith("/save/status/"):
            state = holdings.job_states.pop(0) if holdings.job_states else {"status": "pending"}
            self._send(200, json.dumps(state).encode(), {"Content-Type": "application/json"})
        elif self.path.startswith("/save/"):
            to = holdings.save(self.path.removeprefix("/save/"))
            self._send(holdings.save_status, b"<html>saved</html>", {"Content-Location": to})
        else:
            self._send(404, b"nothing", {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.holdings.asked.append(Asked(self.path, headers, body))
        answer = {"url": "x", "job_id": "spn2-abc"}
        self._send(self.server.holdings.save_status, json.dumps(answer).encode(), {})

    def _index(self, query: dict[str, list[str]]) -> None:
        holdings = self.server.holdings
        lines = [
            each.line
            for each in sorted(holdings.kept, key=lambda each: each.at)
            if each.url == query["url"][0] and query.get("from", [""])[0] <= each.stamp
        ]
        begin = int(query.get("resumeKey", ["0"])[0])
        shown = lines[begin : begin + holdings.page]
        more = ["", str(begin + holdings.page)] if begin + holdings.page < len(lines) else []
        self._send(200, "\n".join((*shown, *more)).encode(), {"Content-Type": "text/plain"})

    def _replay(self, stamp: str, url: str) -> None:
        holdings = self.server.holdings
        kept = next((each for each in holdings.kept if (each.stamp, each.url) == (stamp, url)), None)
        if kept is None or stamp in holdings.broken:
            self._send(404, b"no such capture", {})
            return
        headers = {
            "Memento-Datetime": kept.at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "Content-Type": kept.media_type,
            "x-archive-orig-last-modified": "Mon, 02 Jan 2023 00:00:00 GMT",
            "Link": f'<{kept.url}>; rel="original"',
        }
        body = kept.body
        if kept.to:
            headers["Location"] = f"{PUBLIC}/web/{stamp}id_/{kept.to}"
        if holdings.zipped:
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        self._send(kept.status, body, headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class WebArchive(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.holdings = Holdings()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextlib.contextmanager
def web_archive() -> Iterator[WebArchive]:
    with WebArchive() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
