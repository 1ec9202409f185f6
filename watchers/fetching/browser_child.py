"""The process that holds the browser: shows a page at a time, asks the monitor for all that the page asks for.

Started by ``browser_process``, speaks over its standard input and output (``browser_messages``). Chromium itself
never reaches the network: name resolution and its proxy lead nowhere, and each request of a page is answered by
the monitor. Whoever started it may kill it at any time; nothing is lost with it.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from watchers.fetching.browser_messages import (
    Again,
    Ask,
    Done,
    Message,
    NotShown,
    Over,
    Part,
    Show,
    Shown,
    read,
    write,
)
from watchers.fetching.browser_tree import written

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NEVER: Final = frozenset(("image", "media", "font", "stylesheet", "texttrack", "eventsource", "ping", "other"))
"""What no text and no figure depends on; it is not loaded."""

_PARTS: Final = 200  # requests of one page that are answered
_QUIET: Final = 10.0  # seconds that a page may go on loading after it was loaded
_PATIENCE: Final = 3.0  # seconds in which what is to be clicked has to come
_ARGUMENTS: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-features=IsolateOrigins,site-per-process",  # all frames in one tree
    "--disable-site-isolation-trials",
    "--js-flags=--max-old-space-size=512",
    "--no-pings",
)
_QUIETED: Final = """
for (const name of ['open', 'alert', 'confirm', 'prompt', 'print', 'close', 'stop'])
    window[name] = () => null;
"""
"""Run before any script of a page: what would open a window or a dialog does nothing."""

_OURS: Final = frozenset(("accept-encoding", "user-agent", "host", "content-length", "connection"))
_OF_THE_WIRE: Final = frozenset(
    (
        "content-encoding",
        "content-length",
        "transfer-encoding",
        "connection",
        "www-authenticate",
        "content-disposition",
    )
)
_IN, _OUT = 0, 1


def main() -> int:
    """Show page after page until nobody asks any more."""
    from playwright.sync_api import Error, sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as driver:
        browser: Browser | None = None
        while True:
            try:
                wanted = read(_IN)
            except EOFError:
                return 0
            if not isinstance(wanted, Show):
                continue
            try:
                browser = browser if browser is not None and browser.is_connected() else _start(driver, path)
            except Error as error:
                write(_OUT, NotShown(f"{path} does not start ({_first_line(error)})", missing=True))
                continue
            _show(browser, wanted)


def _start(driver: Playwright, path: str | None) -> Browser:
    rootless = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium's sandbox refuses to run as root
    return driver.chromium.launch(executable_path=path, args=[*_ARGUMENTS, *rootless])


def _show(browser: Browser, wanted: Show) -> None:
    """One page, from its first byte to its end."""
    from playwright.sync_api import Error

    context = browser.new_context(service_workers="block", accept_downloads=False, permissions=[])
    try:
        said: Message = _Look(context, wanted).take()
    except Error as error:
        said = NotShown(_first_line(error))
    if isinstance(said, NotShown):
        write(_OUT, said)
    context.close()
    write(_OUT, Over())


class _Look:
    """One page that is being shown."""

    def __init__(self, context: BrowserContext, wanted: Show) -> None:
        self._wanted = wanted
        self._end = time.monotonic() + wanted.seconds
        self._asked = 0
        self._given = False  # the body that is there already was handed over
        self._clicked = False
        self._sent_on: str | None = None
        self._crashed = False
        context.add_init_script(_QUIETED)
        context.route("**/*", self._answer)
        self._page = context.new_page()
        context.on("page", lambda page: page.close())
        self._page.on("dialog", lambda dialog: dialog.dismiss())
        self._page.on("crash", self._note_crash)

    def take(self) -> Message:
        """Show the page, tell how it stands as often as is wished, and say at the end that it is done."""
        self._page.goto(self._wanted.url, wait_until="commit", timeout=self._left())
        self._settle()
        for selector in self._wanted.click:
            self._click(selector)
        came = self._wait_for(self._wanted.wait_for)
        while True:
            if self._crashed:
                return NotShown("the page crashed the browser")
            write(_OUT, Shown(self._tree(), self._page.url, self._sent_on, came))
            wish = read(_IN)
            if not isinstance(wish, Again):
                return Done()
            self._page.wait_for_timeout(wish.seconds * 1000)
            came = came or self._wait_for(self._wanted.wait_for)

    def _tree(self) -> str:
        session = self._page.context.new_cdp_session(self._page)
        tree = session.send("DOM.getDocument", {"depth": -1, "pierce": True})
        session.detach()
        return written(tree["root"])

    def _settle(self) -> None:
        """Wait until nothing more is loaded; a page that never stops asking is taken as it stands."""
        from playwright.sync_api import TimeoutError as Late

        for state in ("load", "networkidle"):
            with suppress(Late):
                self._page.wait_for_load_state(state, timeout=min(_QUIET * 1000, self._left() / 2))

    def _click(self, selector: str) -> None:
        """Click the first that answers, in whatever frame; where none comes, nobody asked for it."""
        until = min(time.monotonic() + _PATIENCE, self._end)
        while True:
            for frame in self._page.frames:
                found = frame.locator(f"css={selector}").first
                if found.count():
                    self._clicked = True
                    found.dispatch_event("click", timeout=self._left())
                    self._page.wait_for_timeout(100)
                    self._settle()
                    return
            if time.monotonic() > until:
                return
            self._page.wait_for_timeout(200)

    def _wait_for(self, selector: str | None) -> bool:
        """Whether what is waited for comes, in whatever frame, before its time is over."""
        while selector is not None and not any(
            frame.locator(f"css={selector}").count() for frame in self._page.frames
        ):
            if self._left() < 1000:
                return False
            self._page.wait_for_timeout(200)
        return True

    def _left(self) -> float:
        """Milliseconds."""
        return max(1.0, (self._end - time.monotonic()) * 1000)

    def _note_crash(self, _page: Page) -> None:
        self._crashed = True

    def _answer(self, route: Route) -> None:
        """Answer what the page asks for: itself from what is there, the rest through the monitor."""
        from playwright.sync_api import Error

        request = route.request
        try:
            whole = request.is_navigation_request() and request.frame.parent_frame is None
        except Error:  # the request of a window that is closed before it is there
            with suppress(Error):
                route.abort()
            return
        if whole and not self._given:
            self._given = True
            _fulfil(route, Part(self._wanted.status, self._wanted.headers, self._wanted.body))
        elif whole and not self._clicked and not _same(request.url, self._wanted.url):
            self._sent_on = request.url
            route.fulfill(status=204)  # stays where it is; an error would put the browser's own page there
        elif request.resource_type in _NEVER or self._asked >= _PARTS or self._end <= time.monotonic():
            route.abort()
        else:
            self._asked += 1
            self._pass_on(route, whole=whole)

    def _pass_on(self, route: Route, *, whole: bool) -> None:
        request = route.request
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OURS}
        content = request.post_data_buffer or b""
        write(_OUT, Ask(request.url, request.method, headers, content, request.resource_type, whole))
        part = read(_IN)
        assert isinstance(part, Part)
        if not part.refused:
            _fulfil(route, part)
        elif whole:
            route.fulfill(status=204)
        else:
            route.abort()


def _fulfil(route: Route, part: Part) -> None:
    headers: dict[str, str] = {}
    for name, value in part.headers:
        if name.lower() not in _OF_THE_WIRE:
            headers[name] = f"{headers[name]}\n{value}" if name in headers else value
    route.fulfill(status=part.status or 200, headers=headers, body=part.body)


def _same(url: str, other: str) -> bool:
    return url.partition("#")[0] == other.partition("#")[0]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


if __name__ == "__main__":
    sys.exit(main())
