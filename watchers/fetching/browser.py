"""Pages that scripts put together, as a browser shows them: system Chromium, driven by Playwright (an extra).

Chromium itself never reaches the network: name resolution and its proxy lead nowhere, and every request that a
page makes is answered by our own guarded transport. So the rules of ``watchers.fetching.guard`` hold for a page's
scripts as well, and no second look at a name can lead elsewhere.
"""

from __future__ import annotations

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from msgspec.structs import replace

from state.errors import ConfigError
from state.formats import HTML
from watchers.fetching.exchange import Limits
from watchers.fetching.response import Answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright, Route

_INSTALL: Final = "pip install -r requirements-browser.txt, and Chromium by apt install chromium"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NEVER: Final = frozenset(("image", "media", "font", "stylesheet", "texttrack", "eventsource", "ping", "other"))
"""What no text and no figure depends on; it is not loaded."""

_PARTS: Final = 200  # requests of one page that are answered
_LARGEST_PART: Final = 20_000_000  # bytes
_QUIET: Final = 10.0  # seconds that a page may go on loading after it was loaded
_ARGUMENTS: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=512",
    "--no-pings",
)


class Ask(Protocol):
    """Answers one request of a page, see ``Asker.part``."""

    def __call__(
        self, url: str, *, method: str, headers: dict[str, str], content: bytes, limits: Limits
    ) -> Answer:
        """The answer, redirects followed."""
        ...


class Renderer:
    """One browser, started when it is first needed. Threads may share it; they take turns."""

    def __init__(self, ask: Ask, *, limits: Limits) -> None:
        self._ask = ask
        self._limits = limits
        self._thread: ThreadPoolExecutor | None = None  # Playwright belongs to the thread that started it
        self._driver: Playwright | None = None
        self._browser: Browser | None = None

    def render(self, answer: Answer) -> Answer:
        """The page after its scripts ran; ``wire`` is what the server sent. Other formats stay as they are.

        A browser that fails is told in ``trouble``. Raises ConfigError where there is no browser.
        """
        if answer.true_type != HTML:
            return answer
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="browser")
        return self._thread.submit(self._render, answer).result()

    def close(self) -> None:
        """End the browser, if there is one."""
        if self._thread is not None:
            self._thread.submit(self._end).result()
            self._thread.shutdown()
            self._thread = None

    def _render(self, answer: Answer) -> Answer:
        browser = self._started()
        from playwright.sync_api import Error

        began = time.monotonic()
        try:
            shown = self._shown(browser, answer)
        except Error as error:
            self._end()  # the next page gets a fresh one
            trouble = f"the browser could not show the page ({_first_line(error)})"
            return replace(answer, trouble=trouble, cut=True)
        return replace(
            answer,
            body=b"\xef\xbb\xbf" + shown.encode("utf-8", "replace"),  # the mark outweighs any charset stated
            wire=answer.wire or answer.body,
            elapsed=answer.elapsed + time.monotonic() - began,
        )

    def _started(self) -> Browser:
        if self._browser is not None and self._browser.is_connected():
            return self._browser
        try:
            from playwright.sync_api import Error, sync_playwright
        except ImportError:
            raise ConfigError(f"a source says render: browser, and Playwright is missing: {_INSTALL}") from None
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        if path is None:
            raise ConfigError(f"a source says render: browser, and no Chromium is installed: {_INSTALL}")
        self._end()
        self._driver = sync_playwright().start()
        rootless = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium's sandbox refuses to run as root
        try:
            self._browser = self._driver.chromium.launch(executable_path=path, args=[*_ARGUMENTS, *rootless])
        except Error as error:
            self._end()
            raise ConfigError(f"{path} does not start ({_first_line(error)}); {_INSTALL}") from error
        return self._browser

    def _end(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._driver is not None:
            self._driver.stop()
        self._browser = self._driver = None

    def _shown(self, browser: Browser, answer: Answer) -> str:
        """The page as the browser holds it when nothing more is loaded, or when it has had its time."""
        from playwright.sync_api import TimeoutError as Late

        context = browser.new_context(service_workers="block", accept_downloads=False, permissions=[])
        try:
            page = context.new_page()
            end = time.monotonic() + self._limits.total
            context.route("**/*", _Parts(answer, self._ask, limits=self._limits, end=end))
            page.goto(answer.final_url, wait_until="load", timeout=self._limits.total * 1000)
            with suppress(Late):  # a page that never stops asking is taken as it stands
                page.wait_for_load_state("networkidle", timeout=min(_QUIET, self._limits.total) * 1000)
            return page.content()
        finally:
            context.close()


class _Parts:
    """Answers what a page asks for: itself from the answer that is there, the rest through the guard."""

    def __init__(self, answer: Answer, ask: Ask, *, limits: Limits, end: float) -> None:
        self._answer = answer
        self._ask = ask
        self._limits = replace(limits, wire=_LARGEST_PART, decoded=_LARGEST_PART)
        self._end = end
        self._asked = 0

    def __call__(self, route: Route) -> None:
        request = route.request
        if request.is_navigation_request() and request.frame.parent_frame is None:
            if request.url.partition("#")[0] == self._answer.final_url.partition("#")[0]:
                _fulfil(route, self._answer)
            else:
                route.abort()  # a page that sends its readers on is told as it stands
            return
        left = self._end - time.monotonic()
        if request.resource_type in _NEVER or self._asked >= _PARTS or left <= 0:
            route.abort()
            return
        self._asked += 1
        part = self._ask(
            request.url,
            method=request.method,
            headers={name: value for name, value in request.headers.items() if name.lower() not in _OURS},
            content=request.post_data_buffer or b"",
            limits=replace(self._limits, total=min(self._limits.total, left)),
        )
        if part.trouble:
            route.abort()
        else:
            _fulfil(route, part)


_OURS: Final = frozenset(("accept-encoding", "user-agent", "host", "content-length", "connection"))
_OF_THE_WIRE: Final = frozenset(("content-encoding", "content-length", "transfer-encoding", "connection"))


def _fulfil(route: Route, answer: Answer) -> None:
    headers = {name: value for name, value in answer.headers if name.lower() not in _OF_THE_WIRE}
    route.fulfill(status=answer.status or 200, headers=headers, body=answer.body)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
