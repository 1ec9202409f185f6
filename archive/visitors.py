"""Who sees what: material of sources that are not for the public is for those alone who sit here or signed in."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import deque
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE: Final = "release-monitor"
SIGN_IN: Final = "/sign-in"
_FREE: Final = (SIGN_IN, "/static/", "/health", "/triage/")
"""What a visitor without a token may ask for: the form, whether the watch is well, what a signed link is of."""
_TRIES, _WITHIN = 10, 60.0
"""Wrong tokens, and seconds: more of them from anywhere and no token is taken for a while."""
_LASTS: Final = 30 * 86_400  # seconds of a cookie
_LARGEST: Final = 4_096  # bytes of a form


class Visitors:
    """Tells visitors apart.

    ``private`` names the sources that are not for the public. ``public``: the archive is open to everyone, but for
    these. ``token``: who knows it sees all; where the archive is not ``public``, nobody else sees anything.
    Without either everyone sees everything: then only this machine may reach it.
    """

    def __init__(
        self, *, private: Callable[[], frozenset[str]], public: bool = False, token: str | None = None
    ) -> None:
        self._private = private
        self._public = public
        self._token = token
        self._wrong: deque[float] = deque()

    def hidden_from(self, request: Request) -> frozenset[str]:
        """The sources of which this visitor sees nothing."""
        if self._is_known(request.scope) or not (self._public or self._token):
            return frozenset()
        return self._private()

    def may_enter(self, scope: Scope) -> bool:
        """Whether this visitor may see any page of the archive."""
        free = self._token is None or self._public or str(scope["path"]).startswith(_FREE)
        return free or self._is_known(scope)

    async def sign_in(self, request: Request) -> Response:
        """The form, and what it brings: a cookie for who knows the token."""
        if self._token is None:
            return HTMLResponse("Nobody can sign in here: the configuration has no token.", 404)
        if request.method != "POST":
            return _form("")
        if self._tried_too_often():
            return _form("Too many wrong tokens; wait a minute.", status=429)
        body = await request.body()
        given = parse_qs(body[:_LARGEST].decode("utf-8", "replace")).get("token", [""])[0]
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            self._wrong.append(time.monotonic())
            return _form("That is not the token.", status=403)
        answer = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE, self._session(), httponly=True, samesite="strict", secure=secure, max_age=2_592_000
        )
        return answer

    def _is_known(self, scope: Scope) -> bool:
        if self._token is None:
            return False
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        bearer = headers.get(b"authorization", "").removeprefix("Bearer ").strip()
        if bearer and hmac.compare_digest(bearer.encode(), self._token.encode()):
            return True
        cookies = SimpleCookie(headers.get(b"cookie", ""))
        return COOKIE in cookies and hmac.compare_digest(cookies[COOKIE].value.encode(), self._session().encode())

    def _session(self) -> str:
        """What a cookie holds: it shows that its bearer knew the token, and does not tell it."""
        return hmac.new((self._token or "").encode(), b"release-monitor session", hashlib.sha256).hexdigest()

    def _tried_too_often(self) -> bool:
        now = time.monotonic()
        while self._wrong and now - self._wrong[0] > _WITHIN:
            self._wrong.popleft()
        return len(self._wrong) >= _TRIES


class Door:
    """Lets in whom ``visitors`` let in; all others get the form."""

    def __init__(self, app: ASGIApp, *, visitors: Visitors) -> None:
        self.app = app
        self._visitors = visitors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 401."""
        if scope["type"] == "http" and not self._visitors.may_enter(scope):
            await _form("", status=401)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _form(words: str, *, status: int = 200) -> Response:
    told = f"<p role=alert>{words}</p>" if words else ""
    page = (
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        "<title>Sign in</title><link rel=stylesheet href=/static/style.css></head><body><main><h1>Sign in</h1>"
        f"{told}<form method=post action={SIGN_IN}><p><label>Token of this archive "
        "<input name=token type=password autocomplete=current-password required autofocus></label>"
        " <button>Open the archive</button></p></form></main></body></html>"
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return HTMLResponse(page, status, headers=headers)
