#!/usr/bin/env python3
"""Runs the demonstration, pictures its pages with Chromium and puts its words into the README.

Needs the `chromium` program. Usage: python docs/make_screenshots.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import uvicorn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from archive.web import make_app  # noqa: E402 - the folder of the project comes first
from demo.story import SOURCES, live_through  # noqa: E402
from state.reading.timeline import Browser  # noqa: E402
from watchers.sources.load import load_sources  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--force-color-profile=srgb",
)  # fmt: skip


def main() -> int:
    """Make all pictures; returns the exit status."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if program is None:
        print("chromium is needed: apt-get install chromium", file=sys.stderr)
        return 2
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        lines: list[str] = []
        story = live_through(Path(folder) / "demo", echo=lines.append)
        put_into_readme("\n".join(lines))
        with Browser(story.database) as archive:
            picture_pages(program, archive, Path(folder))
    return 0


def put_into_readme(told: str) -> None:
    """The round of August 2010, as the demonstration tells it, between the marks in the README."""
    rounds = [part for part in told.split("\n\n") if part.startswith("10 August 2010")]
    shown = "\n".join(line for line in rounds[0].splitlines() if "(quiet)" not in line)
    readme = ROOT / "README.md"
    before, rest = readme.read_text().split("<!-- begin: demo -->")
    _, after = rest.split("<!-- end: demo -->")
    block = f"<!-- begin: demo -->\n```\n{shown}\n```\n<!-- end: demo -->"
    readme.write_text(f"{before}{block}{after}")


def picture_pages(program: str, archive: Browser, folder: Path) -> None:
    """Serve the archive on a free port and picture the pages that the README shows."""
    fallen = next(past for past in archive.findings() if past.finding.kind == "cumulative-decreased").finding
    known = {source.id: source for source in load_sources([SOURCES])}
    app = make_app(archive, demo=True, sources=known)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    socket = server.config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    base = f"http://127.0.0.1:{socket.getsockname()[1]}"
    pages = {"finding": f"/findings/{fallen.id}", "timeline": f"/sources/{fallen.source}", "index": "/"}
    for name, address in pages.items():
        picture(program, f"{base}{address}", PICTURES / f"{name}.png", profile=folder / "profile")
    server.should_exit = True
    thread.join()


def picture(program: str, address: str, target: Path, *, profile: Path, size: str = "1280,1100") -> None:
    """One page as a PNG."""
    options = (f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={target}")
    subprocess.run([program, *QUIET, *options, address], check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    sys.exit(main())
