"""Pages that scripts put together, as a browser shows them: system Chromium, driven by Playwright (an extra).

The browser lives in a process of its own that can be killed (``browser_process``). All that a page asks for is
asked here, by our own guarded transport: the rules of ``watchers.fetching.guard`` hold for a page's scripts, too,
and no second look at a name can lead elsewhere.
"""

from __future__ import annotations

import importlib.util
import shutil
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from state.errors import ConfigError
from state.formats import HTML
from watchers.fetching.browser_child import BROWSERS
from watchers.fetching.browser_messages import Again, Ask, Done, NotShown, Over, Part, Show, Shown
from watchers.fetching.browser_process import MOST_MEMORY, BrowserProcess
from watchers.fetching.exchange import Limits
from watchers.fetching.response import Answer

_INSTALL: Final = "pip install -r requirements-browser.txt, and Chromium by apt install chromium"
_LARGEST: Final = 20_000_000  # bytes of a page, and of one of its parts
_TOGETHER: Final = 60_000_000  # bytes of all its parts
_MOST_RELOADS: Final = 3
_PAUSE: Final = 1.0  # seconds until a page that shows no document yet is looked at again
_MARGIN: Final = 2.0  # seconds that are left to tell of a page that took its time
_DATA: Final = frozenset(("xhr", "fetch"))
_NEEDED: Final = frozenset(("script", "document"))


class AskPart(Protocol):
    """Answers one request of a page, see ``Asker.part``."""

    def __call__(
        self, url: str, *, method: str, headers: dict[str, str], content: bytes, limits: Limits
    ) -> Answer:
        """The answer, redirects followed."""
        ...


class Wishes(Struct, frozen=True):
    """What a source file says of how its page is shown."""

    wait_for: str | None = None  # a CSS selector: the page is there when this is
    click: tuple[str, ...] = ()  # CSS selectors, clicked one after the other where they come


class Loaded(Struct, frozen=True):
    """What the scripts of a page loaded as data."""

    url: str
    media_type: str
    size: int  # bytes


class Renderer:
    """One browser, started when it is first needed. Threads may share it; they take turns.

    ``is_there`` says whether a page shows its document, see ``judge_answer``; where not, it gets more of its time.
    """

    def __init__(
        self,
        ask: AskPart,
        *,
        limits: Limits,
        is_there: Callable[[Answer], bool] = lambda _answer: True,
        most_memory: int = MOST_MEMORY,
    ) -> None:
        self._ask = ask
        self._limits = limits
        self._is_there = is_there
        self._most_memory = most_memory
        self._turn = threading.Lock()
        self._process: BrowserProcess | None = None
        self.loaded: dict[str, tuple[Loaded, ...]] = {}
        """By the address of a page what its scripts loaded as data when it was last shown."""

    def render(self, answer: Answer, *, wishes: Wishes | None = None) -> Answer:
        """The page after its scripts ran; ``wire`` is what the server sent. Other formats stay as they are.

        What failed is told in ``trouble``: the browser, the time, the memory, or the data that the page asked for.
        Raises ConfigError where there is no browser.
        """
        if answer.true_type != HTML:
            return answer
        if len(answer.body) > _LARGEST:
            return replace(
                answer, trouble=f"the page is too large for a browser ({len(answer.body)} bytes)", cut=True
            )
        with self._turn:
            began = time.monotonic()
            process = self._started()
            look = _Look(answer, self._ask, self._limits, wishes or Wishes())
            try:
                with process.watched(end=look.end):
                    shown = look.at(process, self._is_there)
            except EOFError:
                process.close()
                shown = replace(
                    answer, trouble=f"the browser could not show the page ({process.cause_of_death})", cut=True
                )
            self.loaded[answer.url] = tuple(look.loaded)
            return replace(shown, elapsed=answer.elapsed + time.monotonic() - began)

    def close(self) -> None:
        """End the browser, if there is one."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def _started(self) -> BrowserProcess:
        if self._process is not None and self._process.alive():
            return self._process
        if importlib.util.find_spec("playwright") is None:
            raise ConfigError(f"a source says render: browser, and Playwright is missing: {_INSTALL}")
        if not any(map(shutil.which, BROWSERS)):
            raise ConfigError(f"a source says render: browser, and no Chromium is installed: {_INSTALL}")
        self.close()
        self._process = BrowserProcess(most_memory=self._most_memory)
        return self._process


class _Look:
    """One page that is shown, and all that it asks for meanwhile."""

    def __init__(self, answer: Answer, ask: AskPart, limits: Limits, wishes: Wishes) -> None:
        self._answer = answer
        self._ask = ask
        self._limits = replace(limits, wire=_LARGEST, decoded=_LARGEST)
        self._wishes = wishes
        self.end = time.monotonic() + limits.total
        self.loaded: list[Loaded] = []
        self._failed: dict[str, str] = {}  # address and what it answered, of what the page needs
        self._room = _TOGETHER
        self._reloads = 0
        self._landed: dict[str, str] = {}  # where a page that was asked for again came from

    def at(self, process: BrowserProcess, is_there: Callable[[Answer], bool]) -> Answer:
        """The page as it stands in the end. Raises EOFError where the browser dies over it."""
        answer = self._answer
        seconds = max(1.0, self.end - time.monotonic() - _MARGIN)
        process.say(
            Show(
                answer.final_url,
                answer.status or 200,
                list(answer.headers),
                answer.body,
                seconds,
                self._wishes.wait_for,
                self._wishes.click,
            )
        )
        said = self._heard(process)
        while isinstance(said, Shown):
            shown = self._as_answer(said)
            if shown.trouble or is_there(shown) or self.end - time.monotonic() < _MARGIN + _PAUSE:
                break
            process.say(Again(_PAUSE))
            said = self._heard(process)
        if isinstance(said, NotShown):
            if said.missing:
                raise ConfigError(f"{said.reason}; {_INSTALL}")
            shown = replace(answer, trouble=f"the browser could not show the page ({said.reason})", cut=True)
        else:
            process.say(Done())
        if not isinstance(said, NotShown) or not said.missing:
            self._heard(process)
        return shown

    def _heard(self, process: BrowserProcess) -> Shown | NotShown | Over:
        """The next that is said of the page itself; meanwhile what it asks for is asked."""
        while True:
            said = process.hear()
            if isinstance(said, Ask):
                process.say(self._part(said))
            elif isinstance(said, Shown | NotShown | Over):
                return said

    def _part(self, wanted: Ask) -> Part:
        left = self.end - time.monotonic()
        self._reloads += wanted.whole
        if left <= 0 or self._room <= 0 or self._reloads > _MOST_RELOADS:
            return Part(refused=True)
        answer = self._ask(
            wanted.url,
            method=wanted.method,
            headers=wanted.headers,
            content=wanted.content,
            limits=replace(self._limits, total=min(self._limits.total, left)),
        )
        self._room -= len(answer.body)
        if wanted.whole:
            self._landed[wanted.url] = answer.final_url
        self._note(wanted, answer)
        if answer.trouble:
            return Part(refused=True)
        return Part(answer.status or 0, list(answer.headers), answer.body)

    def _note(self, wanted: Ask, answer: Answer) -> None:
        """Take note of data that came, and of what the page needs and did not get for now."""
        status = answer.status or 0
        failed = answer.passing or status in (408, 425, 429) or status >= 500
        failed = failed or (
            bool(answer.trouble) and answer.status is not None
        )  # too large, or redirected for ever
        is_data = wanted.kind in _DATA and wanted.method == "GET"
        if failed and (is_data or (wanted.kind in _NEEDED and _site(wanted.url) == _site(self._answer.final_url))):
            self._failed[wanted.url] = answer.trouble or f"the server answered {status}"
        elif not failed:
            self._failed.pop(wanted.url, None)
        if is_data and status == 200 and not answer.trouble and answer.true_type != HTML:
            self.loaded.append(Loaded(wanted.url, answer.true_type, len(answer.body)))

    def _as_answer(self, shown: Shown) -> Answer:
        return replace(
            self._answer,
            body=b"\xef\xbb\xbf" + shown.page.encode("utf-8", "replace"),  # the mark outweighs any charset stated
            wire=self._answer.wire or self._answer.body,
            trouble=self._trouble_of(shown),
        )

    def _trouble_of(self, shown: Shown) -> str:
        """Why what the browser shows is not the page, "" where it is."""
        if len(shown.page) > _LARGEST:
            return f"what the browser shows is too large ({len(shown.page)} characters)"
        if self._failed:
            told = [f"{url}: {why}" for url, why in self._failed.items()]
            more = f" and {len(told) - 3} more" if len(told) > 3 else ""
            return f"the page did not get what it asks for ({'; '.join(told[:3])}{more})"
        if not self._is_at_home(shown.url):
            return f"the browser ended at {shown.url[:200]}, not at the page"
        if shown.sent_on is not None:
            return f"the page sends its readers on, to {shown.sent_on[:200]}"
        return "" if shown.came else f"what the source waits for ({self._wishes.wait_for}) did not come"

    def _is_at_home(self, url: str) -> bool:
        """Whether an address is the page's own: as it was, as its scripts wrote it, or led back to by a form."""
        here, home = urlsplit(self._landed.get(url, url)), urlsplit(self._answer.final_url)
        return (here.scheme, here.netloc) == (home.scheme, home.netloc)


def _site(url: str) -> tuple[str, ...]:
    """The last two parts of a host's name, which two hosts of one publisher share."""
    return tuple((urlsplit(url).hostname or "").split(".")[-2:])
