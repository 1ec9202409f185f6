"""The one page that writes: what became of a finding, by the signed link of a message.

GET shows a form and writes nothing, for mail scanners follow links. POST with the signature writes one decision
or silence, over a connection that is opened for it. Without a signature of ours there is no form and no writing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from state.errors import StoreError
from state.model import Finding
from state.reading.timeline import Browser
from state.signed_links import Signed, read_key, read_query
from state.store import Store
from state.times import now
from state.triage import How, Standing

_LARGEST: Final = 1 << 16
"""Bytes of a form; a note has at most 10,000 characters."""

_NAME: Final = 100  # characters of who says it
_INVALID: Final = "This link is not signed by this archive, or its thirty days are over."

QUIET: Final[Mapping[str, tuple[str, bool, int | None]]] = {
    "finding-7": ("of this finding for a week", False, 7),
    "finding-30": ("of this finding for thirty days", False, 30),
    "source-7": ("of the whole source for a week", True, 7),
    "source-30": ("of the whole source for thirty days", True, 30),
    "finding": ("of this finding, until somebody resumes it", False, None),
    "source": ("of the whole source, until somebody resumes it", True, None),
}
"""By the form's word: in words, whether it is the source, and days."""


class Desk:
    """The form and what it writes; ``show`` renders a template."""

    def __init__(self, archive: Browser, database: Path, show: Callable[..., Response]) -> None:
        self._archive = archive
        self._database = database
        self._show = show

    def form(self, request: Request) -> Response:
        """The form, with the standing chosen that the link names."""
        signed, finding = self._signed(request, request.query_params)
        answer = self._show(
            "triage.html",
            finding=finding,
            signed=signed,
            signature=request.query_params["sig"],
            standings_known=[*Standing],
            chosen=request.query_params.get("standing", ""),
            quiet=QUIET,
            decisions=self._archive.triage.of(signed.event),
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def write(self, request: Request) -> Response:
        """Write what the form says, then show the finding."""
        fields = await _fields(request)
        return await run_in_threadpool(self._write, request, fields)

    def _write(self, request: Request, fields: Mapping[str, str]) -> Response:
        signed, finding = self._signed(request, fields)
        standing, quiet = fields.get("standing", ""), fields.get("quiet", "")
        if standing not in ("", *Standing) or quiet not in ("", *QUIET) or not (standing or quiet):
            raise HTTPException(400, "Choose what became of it, or of what nobody is to be told.")
        name = fields.get("author", "").strip()[:_NAME] or "a reader"
        author, note, at = f"{name} (by the link to {signed.destination})", fields.get("note", ""), now()
        try:
            with Store(self._database) as store:
                if standing:
                    store.triage.decide(signed.event, Standing(standing), author=author, note=note, at=at)
                if quiet:
                    _, whole, days = QUIET[quiet]
                    store.triage.silence(
                        (finding.source or finding.id) if whole else finding.id,
                        How.PAUSED if days is None else How.SNOOZED,
                        until=None if days is None else at + dt.timedelta(days=days),
                        author=author,
                        note=note,
                        at=at,
                    )
        except StoreError as error:
            raise HTTPException(503, f"This could not be written: {error}.") from error
        return RedirectResponse(f"/findings/{finding.id}/{signed.event}", status_code=303)

    def _signed(self, request: Request, fields: Mapping[str, str]) -> tuple[Signed, Finding]:
        """What the signature allows. Raises HTTPException where it allows nothing."""
        key = read_key(self._database.parent)
        signed = read_query(key, request.path_params["event"], fields, now=now()) if key else None
        if signed is None:
            raise HTTPException(403, _INVALID)
        told = self._archive.finding(signed.event)
        if told is None:
            raise HTTPException(404, "The archive has no such event any more.")
        return signed, told.past.finding


async def _fields(request: Request) -> Mapping[str, str]:
    """The fields of a form. Raises HTTPException for what is none, or too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise HTTPException(415, "This takes the archive's own form only.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise HTTPException(413, "This is too long.")
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=20, errors="replace"))
    except ValueError as error:
        raise HTTPException(400, "This is no form.") from error
