"""Runs the demonstration and pictures its pages and a mail. Usage: python -m docs.making.screenshots"""

from __future__ import annotations

import datetime as dt
import html
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import uvicorn

from alerts.context import FIGURE
from alerts.message import message_of
from alerts.rendering.chat import render_chat
from alerts.rendering.dialects import DIALECTS, PLAIN
from alerts.sample import sample
from alerts.sending.mail import build_mail, page_alone
from archive.web import make_app
from benchmarks.making.real_releases import RELEASES, alerts_of
from demo.story import SOURCES, live_through
from state.kinds import Severity
from state.model import Alert
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
            picture_mail(program, fallen_counts(archive), "mail", Path(folder))
        if (alert := of_a_workbook(Path(folder) / "workbooks.db")) is not None:
            picture_mail(program, alert, "workbook", Path(folder))
        picture_services(program, Path(folder))
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


def fallen_counts(archive: Browser) -> Alert:
    """What the demonstration says of counts that fell."""
    fallen = next(past for past in archive.findings() if past.finding.kind == "cumulative-decreased").finding
    pending = archive.outbox.of_event(fallen.event or "")
    assert pending is not None
    return pending.alert


def of_a_workbook(archive: Path) -> Alert | None:
    """What is told of a real workbook after those before it; None where none lies beside the project."""
    if not RELEASES.is_dir():
        return None
    alerts = alerts_of("ice/detention-statistics", "ice-detention-stats-fy26", archive, most=6)
    charted = [alert for alert in alerts if any(name.endswith(FIGURE) for name, _ in alert.attachments)]
    return max(charted or alerts, key=lambda alert: Severity(str(alert.payload["severity"])).rank, default=None)


def picture_services(program: str, folder: Path) -> None:
    """The sample as each family of services gets it."""
    alert = sample("desk", archive="https://archive.example.org", at=dt.datetime(2026, 2, 3, tzinfo=dt.UTC))
    message = message_of(alert)
    cards = ""
    for dialect in (*DIALECTS.values(), PLAIN):
        words = render_chat(message, dialect)
        text = html.escape("\n\n".join(filter(None, (words.title, words.body))))
        cards += f"<section><h2>{html.escape(dialect.name)}</h2><pre>{text}</pre></section>"
    page = folder / "services.html"
    page.write_text(f"<meta charset=utf-8><style>{_CARDS}</style><main>{cards}</main>", encoding="utf-8")
    picture(
        program, page.as_uri(), PICTURES / "services.png", profile=folder / "profile", size="1400,2600", more=()
    )


_CARDS = (
    "body{font:14px sans-serif;margin:12px}main{columns:3;column-gap:16px}"
    "section{break-inside:avoid;border:1px solid #ccd;border-radius:8px;padding:8px;margin:0 0 16px}"
    "h2{margin:0 0 6px;font-size:15px}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:12px}"
)


def picture_mail(program: str, alert: Alert, called: str, folder: Path) -> None:
    """A mail as a telephone and a desk show it, light and dark.

    A window has 500 pixels at the least, so that a frame of the width stands in it.
    """
    mail = build_mail(alert, sender="monitor@example.org", sender_name="", recipient="you@example.org")
    (folder / "mail.html").write_text(page_alone(mail), encoding="utf-8")
    for width in WIDTHS:
        frame = folder / f"frame-{width}.html"
        style = f"border: 0; width: {width}px; height: {MAIL_HEIGHT}px"
        frame.write_text(f'<body style="margin: 0"><iframe src="mail.html" style="{style}"></iframe>', "utf-8")
        for name, scheme in (("light", 1), ("dark", 0)):
            picture(
                program,
                frame.as_uri(),
                PICTURES / f"{called}-{width}-{name}.png",
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
