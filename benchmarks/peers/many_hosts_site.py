"""Many hosts on loopback in one process of their own, each with a temper, that note when they were asked.

``python -m benchmarks.peers.many_hosts_site HOSTS`` prints its port; hosts are 127.0.1.1 and on. ``GET /report``
of 127.0.0.1 answers with all that was asked: host -> [seconds, path, status] in order. What is POSTed there is
told to operators.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TEMPERS = (
    *("quick",) * 28,
    *("slow",) * 6,  # half a second to two before it answers
    *("drips",) * 4,  # bodies that take two seconds to come
    *("stutters",) * 4,  # each tenth answer is 429, Retry-After: 2
    *("stumbles",) * 4,  # each tenth answer is a 500, each tenth a reset connection
    "fails",  # 503 for ever
    "resets",  # closes every connection
    "never ends",  # bodies that drip for ever
    "asks for rest",  # 429, Retry-After: 3600
)
"""What the hosts are like, in turn."""


def host_of(number: int) -> str:
    """The address of a host."""
    return f"127.0.1.{number + 1}"


def temper_of(number: int) -> str:
    """What a host is like; the bad ones stand among the first, where they could do harm."""
    return TEMPERS[-(number % len(TEMPERS)) - 1]


class _Site:
    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[float, str, int]]] = defaultdict(list)
        self.told: list[str] = []
        self.began = time.monotonic()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of a connection until it ends."""
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                await self._answer(head, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = head.split(" ", 2)[1]
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        host = headers["host"].partition(":")[0]
        if host == "127.0.0.1":
            if length := int(headers.get("content-length", "0")):
                self.told.append((await reader.readexactly(length)).decode())
            await _send(writer, json.dumps({"seen": self.seen, "told": self.told}).encode())
            return
        number = int(host.rpartition(".")[2]) - 1
        asked = len(self.seen[host])
        self.seen[host].append(
            (time.monotonic() - self.began, path, status := _status(temper_of(number), asked, path))
        )
        await _play(temper_of(number), status, path, asked, writer)


def _status(temper: str, asked: int, path: str) -> int:
    """The status of an answer, 0 for none at all."""
    if path == "/robots.txt":
        return 404
    every_tenth = {"stutters": {7: 429}, "stumbles": {3: 500, 8: 0}}.get(temper, {})
    return {"fails": 503, "resets": 0, "asks for rest": 429}.get(temper, every_tenth.get(asked % 10, 200))


async def _play(temper: str, status: int, path: str, asked: int, writer: asyncio.StreamWriter) -> None:
    if status == 0:
        linger = struct.pack("ii", 1, 0)  # a reset, not an end
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
        raise ConnectionResetError
    rest = "3600" if temper == "asks for rest" else "2"
    more = f"Retry-After: {rest}\r\n" if status == 429 else ""
    await asyncio.sleep(0.5 + asked % 4 * 0.5 if temper == "slow" else 0.01 + asked % 5 * 0.01)
    body = _page(path) if status == 200 else b"<html><body><h1>Not now</h1></body></html>"
    pause = {"drips": 2 / 20, "never ends": 1.0}.get(temper, 0) if status == 200 else 0
    await _send(writer, body, status=status, more=more, pause=pause, pieces=20 if temper == "drips" else len(body))


async def _send(
    writer: asyncio.StreamWriter,
    body: bytes,
    *,
    status: int = 200,
    more: str = "",
    pause: float = 0,
    pieces: int = 1,
) -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    writer.write(head.encode())
    size = max(1, len(body) // pieces) if pause else len(body)
    for start in range(0, len(body), size):
        writer.write(body[start : start + size])
        await writer.drain()
        await asyncio.sleep(pause)


def _page(path: str) -> bytes:
    rows = "".join(f"<tr><td>County {row}</td><td>{row * 37:,}</td></tr>" for row in range(12))
    return (
        f"<html><head><title>Office {path}</title></head><body><main><h1>Office {path}</h1><p>Removals by county"
        f" in the fiscal year.</p><table><tr><th>County</th><th>Removals</th></tr>{rows}</table>"
        "</main></body></html>"
    ).encode()


@contextmanager
def serving(*, hosts: int) -> Iterator[int]:
    """The port at which the hosts answer while they do."""
    command = [sys.executable, "-m", "benchmarks.peers.many_hosts_site", str(hosts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def report_of(port: int) -> dict[str, Any]:
    """What was asked, and what operators were told."""
    report: dict[str, Any] = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/report"))
    return report


async def _run(hosts: int) -> None:
    site = _Site()
    addresses = ["127.0.0.1", *(host_of(number) for number in range(hosts))]
    first = await asyncio.start_server(site.serve, addresses[0], 0)
    port = first.sockets[0].getsockname()[1]
    await asyncio.start_server(site.serve, addresses[1:], port)
    print(port, flush=True)
    await first.serve_forever()


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
