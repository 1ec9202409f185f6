"""Pages that scripts put together, each read rightly or said to have failed, within its time and memory.

    python -m benchmarks.browser [--only TEXT] [--seconds 12]

Needs Chromium and Playwright. Each page is looked at as a source that says ``render: browser``; a server beside
counts what is asked of an address that nobody may ask. Exit status 1 where a page was wrong.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from benchmarks.making.browser_pages import PAGES, READ, Reply, ScriptedPage
from state.model import Series, Source, Verdict
from watchers.fetch import Fetcher
from watchers.fetching.browser_process import MOST_MEMORY, memory_below
from watchers.fetching.exchange import Limits

SLACK: Final = 2.5  # seconds beside its time that a page may take, for a new browser and its end


@dataclass
class Served:
    """A server on loopback, what it answers and what it was asked for."""

    url: str
    replies: dict[str, Reply]
    asked: list[str]


@contextmanager
def served() -> Iterator[Served]:
    """A server that answers what it is told to."""
    held = Served("", {}, [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            held.asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = held.replies.get(self.path.partition("?")[0], Reply(b"no", status=404))
            if reply.wait:
                over.wait(reply.wait)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.media_type, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(reply.body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True)
    thread.start()
    held.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield held
    finally:
        over.set()
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Shown:
    """What became of a page."""

    page: ScriptedPage
    verdict: Verdict
    reason: str
    read: bool
    seconds: float
    memory: int  # bytes, at the most
    asked_secret: bool

    def wrong(self, limit: float) -> str:
        """What is not as it should be, "" where all is."""
        if self.asked_secret:
            return "a private address was asked"
        if self.seconds > limit + SLACK:
            return f"took {self.seconds:.1f} s"
        if self.memory > 1.3 * MOST_MEMORY:
            return f"took {self.memory // 1_000_000} MB"
        if not self.page.is_read:
            return "was taken for a document" if self.verdict.good else ""
        return "" if self.verdict.good and self.read else f"was not read: {self.verdict.value}, {self.reason}"


def look_at(page: ScriptedPage, *, seconds: float) -> Shown:
    """One page shown by a fresh fetcher."""
    with ExitStack() as ends:
        server, secret = ends.enter_context(served()), ends.enter_context(served())
        forbidden = secret.url.replace("127.0.0.1", "localhost") + "/secret"  # only 127.0.0.1 is allowed
        secret.replies["/secret"] = Reply(b"secret", headers={"Access-Control-Allow-Origin": "*"})

        def filled(text: str) -> str:
            return text.replace("{secret}", forbidden).replace("{here}", server.url)

        server.replies["/page"] = Reply(filled(page.body).encode())
        for path, part in page.parts.items():
            headers = {name: filled(value) for name, value in part.headers.items()}
            body = filled(part.body.decode("latin-1")).encode("latin-1")
            server.replies[path] = Reply(body, part.media_type, part.status, headers, part.wait)
        fetcher = ends.enter_context(
            Fetcher(
                contact="ops@example.org",
                allow_hosts=frozenset({"127.0.0.1"}),
                limits=Limits(connect=2, idle=seconds, total=seconds),
            )
        )
        source = Source(
            id="x/page",
            title="x",
            publisher="x",
            url=f"{server.url}/page",
            series=(Series("page", "x"),),
            render="browser",
            wait_for=page.wishes.wait_for,
            click=page.wishes.click,
            obey_robots=False,
        )
        peak = ends.enter_context(_watched())
        began = time.monotonic()
        (capture,) = fetcher.fetch(source)
        took = time.monotonic() - began
        read = READ.encode() in capture.body
        return Shown(page, capture.verdict, capture.reason, read, took, max(peak), bool(secret.asked))


@contextmanager
def _watched() -> Iterator[list[int]]:
    """The bytes that all processes below this one hold, sample by sample."""
    seen, over = [0], threading.Event()

    def sample() -> None:
        while not over.wait(0.1):
            seen.append(memory_below())

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what became of each page; return 1 where one was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="pages whose names hold this")
    parser.add_argument("--seconds", type=float, default=12.0, help="that a page has")
    options = parser.parse_args(arguments)
    wrong = 0
    chosen = [page for page in PAGES if options.only in page.name]
    for page in chosen:
        shown = look_at(page, seconds=options.seconds)
        fault = shown.wrong(options.seconds)
        wrong += bool(fault)
        told = f"MISS: {fault}" if fault else "PASS"
        said = f"{shown.verdict.value}, {shown.reason}"[:110]
        print(f"{page.name:48} {shown.seconds:5.1f} s {shown.memory / 1e6:5.0f} MB  {told}  ({said})", flush=True)
    print(f"{len(chosen) - wrong} of {len(chosen)} pass.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
