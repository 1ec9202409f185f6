"""The archive as people browse it: server-rendered pages over read-only questions. Nothing here writes.

Archived pages are hostile: raw bodies are served inert, and every answer carries a strict policy.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from archive.guarding import Headers, Hosts, Json, fit
from archive.words import mark_words
from state.browsing import Browser
from state.contract import finding_to_json, item_to_json
from state.document import Where
from state.errors import BytesPruned, StoreError
from state.kinds import Severity
from state.model import Finding

HERE: Final = Path(__file__).resolve().parent
INERT_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""Of six ways to serve captured HTML, the one that let no script run and no request out."""
_HARMLESS: Final = re.compile(r"(application/(pdf|zip|json|vnd\.[a-z0-9.-]+)|image/(png|jpeg|gif|webp))")
"""Media types that a download may keep; all others are bytes: XML can hold scripts, text is sniffed."""

MOST_ITEMS: Final = 500  # of one finding on its page; the JSON has them all


def make_app(archive: Browser, *, demo: bool = False, names: frozenset[str] = frozenset()) -> Starlette:
    """The application over one archive; close the archive when the server has ended.

    It answers to addresses, to localhost, and to ``names``.
    """
    pages = _Pages(archive, demo=demo)
    return Starlette(
        routes=[
            Route("/", pages.index),
            Route("/sources/{source:path}", pages.source),
            Route("/findings", pages.findings),
            Route("/findings/{id}", pages.finding),
            Route("/releases/{id}", pages.release),
            Route("/raw/{sha256}", pages.raw),
            Route("/search", pages.search),
            Route("/feed.atom", pages.feed),
            Route("/api/findings", pages.findings_json),
            Route("/api/findings/{id}", pages.finding_json),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Headers), Middleware(Hosts, names=names)],
        exception_handlers={HTTPException: pages.missing},
    )


class _Pages:
    """One method a page."""

    def __init__(self, archive: Browser, *, demo: bool) -> None:
        self.archive = archive
        self.demo = demo
        self.templates = _environment()

    def index(self, request: Request) -> Response:
        """Sources and the latest findings."""
        del request
        counts = self.archive.counts()
        return self._page(
            "index.html",
            sources=self.archive.sources(),
            findings=self.archive.findings(least=Severity.LOW, limit=30),
            releases=f"{counts.releases:,}",
            captures=f"{counts.captures:,}",
            demo=self.demo,
        )

    def source(self, request: Request) -> Response:
        """The timeline of one source."""
        source = request.path_params["source"]
        serieses = self.archive.timeline(source)
        if not serieses:
            raise HTTPException(404, f"No source is called {source}.")
        return self._page(
            "source.html", source=source, serieses=serieses, troubles=self.archive.troubles(source, limit=50)
        )

    def findings(self, request: Request) -> Response:
        """All findings from a least severity on."""
        least = _severity(request.query_params.get("least", "low"))
        return self._page(
            "findings.html", findings=self.archive.findings(least=least, limit=200), levels=[*map(str, Severity)]
        )

    def finding(self, request: Request) -> Response:
        """One finding with its items and both releases side by side."""
        told = self.archive.finding(request.path_params["id"])
        if told is None:
            raise HTTPException(404, "No finding has this id.")
        finding = told.past.finding
        items = [item_to_json(item) for item in finding.items[:MOST_ITEMS]]
        columns = [name for name in _ITEM_ORDER if any(item.get(name) is not None for item in items)]
        view = self.archive.view(told.after.id) if told.after else None
        return self._page(
            "finding.html",
            finding=finding,
            first_at=told.past.first_at,
            last_at=told.past.last_at,
            occurrences=told.past.occurrences,
            place=_place(finding.where),
            sides=mark_words(finding.before, finding.after),
            items=items,
            item_columns=columns,
            numeric=_NUMERIC,
            before=told.before,
            after=told.after,
            view=_only(view, finding) if view else None,
        )

    def release(self, request: Request) -> Response:
        """One release: what it is, what was said about it, what differs from the one before."""
        try:
            release = self.archive.archive.release(request.path_params["id"])
        except StoreError as error:
            raise HTTPException(404, "No release has this id.") from error
        facts = self.archive.archive.facts(release, tables=False)
        return self._page(
            "release.html",
            release=release,
            as_of=facts.as_of.text if facts and facts.as_of else None,
            before=self.archive.archive.previous(release),
            findings=self.archive.findings_of(release.id),
            view=self.archive.view(release.id),
            replayable=release.media_type.startswith("text/html"),
        )

    def raw(self, request: Request) -> Response:
        """The bytes as captured, inert: HTML sandboxed, everything else as a download."""
        sha256 = request.path_params["sha256"]
        media_type = self.archive.media_type(sha256)
        if media_type is None:
            raise HTTPException(404, "No body has this digest.")
        try:
            body = self.archive.archive.body(sha256)
        except BytesPruned as error:
            raise HTTPException(410, f"This body is not kept any more: {error}.") from error
        headers = {
            "Content-Security-Policy": INERT_POLICY,
            "Cache-Control": "private, max-age=31536000, immutable",
        }
        media_type = media_type.partition(";")[0].strip().lower()
        if media_type != "text/html":
            headers["Content-Disposition"] = f'attachment; filename="{sha256[:16]}"'
            media_type = media_type if _HARMLESS.fullmatch(media_type) else "application/octet-stream"
        return Response(body, media_type=media_type, headers=headers)

    def search(self, request: Request) -> Response:
        """Full text over all versions."""
        query = request.query_params.get("q", "").strip()[:200]
        hits = self.archive.search(query, limit=100) if query else ()
        return self._page("search.html", query=query, hits=hits)

    def feed(self, request: Request) -> Response:
        """The latest findings as an Atom feed."""
        body = self.templates.get_template("feed.atom").render(
            findings=self.archive.findings(least=Severity.LOW, limit=50), base=str(request.base_url).rstrip("/")
        )
        return Response(fit(body), media_type="application/atom+xml")

    def findings_json(self, request: Request) -> Response:
        """The latest findings in the JSON contract."""
        least = _severity(request.query_params.get("least", "info"))
        findings = self.archive.findings(least=least, limit=500)
        return Json({"findings": [finding_to_json(past.finding) for past in findings]})

    def finding_json(self, request: Request) -> Response:
        """One finding, whole, in the JSON contract."""
        told = self.archive.finding(request.path_params["id"])
        if told is None:
            raise HTTPException(404, "No finding has this id.")
        return Json(finding_to_json(told.past.finding))

    def missing(self, request: Request, error: Exception) -> Response:
        """What is not there, in words."""
        assert isinstance(error, HTTPException)
        if request.url.path.startswith("/api/"):
            return Json({"error": error.detail}, status_code=error.status_code)
        return self._page("missing.html", status=error.status_code, message=error.detail)

    def _page(self, template: str, *, status: int = 200, **values: object) -> Response:
        return HTMLResponse(fit(self.templates.get_template(template).render(**values)), status_code=status)


_ITEM_ORDER = (
    "row", "column", "term", "section", "text", "url", "table", "sheet",
    "before", "after", "difference", "percent", "note",
)  # fmt: skip
_NUMERIC = frozenset({"before", "after", "difference", "percent"})


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "iso": lambda at: at.isoformat(),
        "moment": lambda at: at.astimezone(dt.UTC).strftime("%-d %B %Y, %H:%M"),
        "size": _size,
        "value": _value,
        "words": lambda change, side: mark_words(change["before"], change["after"])[side == "after"],
    }
    return environment


def _size(octets: int) -> str:
    if octets < 10_000:
        return f"{octets:,} bytes"
    return f"{octets / 1000:,.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:,.1f} MB"


def _value(value: object, name: str) -> str:
    if value is None:
        return "(blank)" if name in ("before", "after") else ""
    if name == "difference" and isinstance(value, int | float):
        return f"{value:+,}".replace("-", "−")
    if name == "percent" and isinstance(value, int | float):
        return f"{value:+.1f} %".replace("-", "−")
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _place(where: Where) -> str:
    named = (
        ("sheet", where.sheet), ("page", where.page), ("table", where.table),
        ("column", where.column), ("row", where.row), ("section", where.section),
    )  # fmt: skip
    return ", ".join(f"{name} {value}" for name, value in named if value)


def _only(view: Mapping[str, Any], finding: Finding) -> Mapping[str, Any]:
    """The part of a side-by-side view that a finding is about; all of it where none can be told."""
    where = finding.where
    wanted = [table for table in view["tables"] if table["name"] == where.table and table["sheet"] == where.sheet]
    if not where.table or not wanted:
        return view
    named = {item.row for item in finding.items if item.row}
    return {"tables": [_rows_of(table, named) for table in wanted]}


def _rows_of(table: Mapping[str, Any], named: Set[str]) -> Mapping[str, Any]:
    """A table of a view with the rows that a finding names; with all of them where it names none."""
    rows = [row for row in table["rows"] if row["key"] in named]
    if not rows:
        return table
    others = len(table["rows"]) - len(rows) + table["left_out"]
    return {**table, "rows": rows, "left_out": others}


def _severity(text: str) -> Severity:
    try:
        return Severity(text)
    except ValueError as error:
        raise HTTPException(400, f"least is one of {', '.join(Severity)}.") from error
