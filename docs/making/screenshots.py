"""Runs the demonstration and pictures its pages and a mail. Usage: python -m docs.making.screenshots"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import uvicorn

from alerts.message import message_of
from alerts.rendering.page import render_page
from archive.web import make_app
from demo.story import SOURCES, live_through
from state.reading.timeline import Browser
from watchers.sources.load import load_sources

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTHS = (360, 1200)  # pixels
MAIL_HEIGHT = 1100
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
        story = live_through(Path(folder) / "demo", echo=lambda _line: None)
        with Browser(story.database) as archive:
            picture_pages(program, archive, Path(folder))
            picture_mail(program, archive, Path(folder))
    return 0


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


def picture_mail(program: str, archive: Browser, folder: Path) -> None:
    """The mail of the fallen counts as a telephone and a desk show it, light and dark.

    A window has 500 pixels at the least, so that a frame of the width stands in it.
    """
    fallen = next(past for past in archive.findings() if past.finding.kind == "cumulative-decreased").finding
    pending = archive.outbox.of_event(fallen.event or "")
    assert pending is not None
    (folder / "mail.html").write_text(render_page(message_of(pending.alert)), encoding="utf-8")
    for width in WIDTHS:
        frame = folder / f"frame-{width}.html"
        style = f"border: 0; width: {width}px; height: {MAIL_HEIGHT}px"
        frame.write_text(f'<body style="margin: 0"><iframe src="mail.html" style="{style}"></iframe>', "utf-8")
        for name, scheme in (("light", 1), ("dark", 0)):
            picture(
                program,
                frame.as_uri(),
                PICTURES / f"mail-{width}-{name}.png",
                profile=folder / "profile",
                size=f"{max(width, 500)},{MAIL_HEIGHT}",
                more=(f"--blink-settings=preferredColorScheme={scheme}", "--allow-file-access-from-files"),
            )


def picture(
    program: str,
    address: str,
    target: Path,
    *,
    profile: Path,
    size: str = "1280,1100",
    more: tuple[str, ...] = (),
) -> None:
    """One page as a PNG."""
    options = (f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={target}", *more)
    subprocess.run([program, *QUIET, *options, address], check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    sys.exit(main())
