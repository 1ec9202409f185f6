"""The archive as people browse it: server-rendered pages over read-only questions; only the desk writes.

Archived pages are hostile: raw bodies are served inert, and every answer carries a strict policy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from archive.desk import Desk
from archive.filters import download_name, environment, items_of, place_of
from archive.highlight import mark_words
from archive.security_headers import Headers, Hosts, Json, fit
from archive.side_by_side import part_of, whole
from archive.visitors import SIGN_IN, Door, Visitors
from archive.vitals import Vitals
from state.contract import finding_to_json
from state.errors import BytesPruned, StoreError
from state.kinds import Severity
from state.ledger.verify import PROVES, PROVES_NOT
from state.model import Finding, Source
from state.reading.statements import ToldFinding
from state.reading.timeline import Browser
from state.times import now
from state.triage import Decision, decision_to_json, silence_of

HERE: Final = Path(__file__).resolve().parent
INERT_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""Of six ways to serve captured HTML, the one that let no script run and no request out."""
_HARMLESS: Final = re.compile(r"(application/(pdf|zip|json|vnd\.[a-z0-9.-]+)|image/(png|jpeg|gif|webp))")
"""Media types that a download may keep; all others are bytes: XML can hold scripts, text is sniffed."""


def make_app(
    archive: Browser,
    *,
    demo: bool = False,
    names: frozenset[str] = frozenset(),
    sources: Mapping[str, Source] | None = None,
    watched: frozenset[str] | None = None,
    desk: Path | None = None,
    visitors: Visitors | None = None,
) -> Starlette:
    """The application over one archive; close the archive when the server has ended.

    It answers to addresses, to localhost, and to ``names``. ``sources``, by id, tell titles and why each is
    watched; an archive alone does not know them. ``watched`` are the ids of those that are to be looked at, all
    where it is None. ``desk`` is the database that signed links may write to: without it nothing here writes.
    ``visitors`` tell who may see what; without them everyone sees everything.
    """
    visitors = visitors or Visitors(private=archive.private)
    known = sources or {}
    vitals = Vitals(archive, {id: known[id] for id in known if watched is None or id in watched}, visitors)
    pages = _Pages(archive, demo=demo, sources=known, visitors=visitors)
    writing = Desk(archive, desk, pages.show) if desk else None
    return Starlette(
        routes=[
            Route("/", pages.index),
            Route("/sources/{source:path}", pages.source),
            Route("/findings", pages.findings),
            Route("/findings/{id}", pages.finding),
            Route("/findings/{id}/{event}", pages.finding),
            Route("/releases/{id}", pages.release),
            Route("/raw/{sha256}", pages.raw),
            Route("/search", pages.search),
            Route("/about", pages.about),
            Route("/feed.atom", pages.feed),
            Route(SIGN_IN, visitors.sign_in, methods=["GET", "POST"]),
            Route("/health", vitals.health),
            Route("/metrics", vitals.metrics),
            Route("/api/findings", pages.findings_json),
            Route("/api/findings/{id}", pages.finding_json),
            Route("/api/findings/{id}/{event}", pages.finding_json),
            *([Route("/triage/{event}", writing.form, methods=["GET"])] if writing else ()),
            *([Route("/triage/{event}", writing.write, methods=["POST"])] if writing else ()),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Headers), Middleware(Hosts, names=names), Middleware(Door, visitors=visitors)],
        exception_handlers={HTTPException: pages.missing},
    )


_NO_RELEASE: Final = "No release has this id."


class _Pages:
    """One method a page. What a visitor may not see is not there for them."""

    def __init__(self, archive: Browser, *, demo: bool, sources: Mapping[str, Source], visitors: Visitors) -> None:
        self.archive = archive
        self.visitors = visitors
        self.demo = demo
        self.known = sources
        self.templates = environment(HERE / "templates")

    def index(self, request: Request) -> Response:
        """Sources and the latest findings."""
        hidden = self.visitors.hidden_from(request)
        counts = self.archive.counts()
        return self.show(
            "index.html",
            sources=[line for line in self.archive.sources() if line.source not in hidden],
            findings=self.archive.findings(least=Severity.LOW, limit=30, without=hidden),
            releases=f"{counts.releases:,}",
            captures=f"{counts.captures:,}",
            demo=self.demo,
            known=self.known,
        )

    def source(self, request: Request) -> Response:
        """The timeline of one source."""
        source = request.path_params["source"]
        hidden = source in self.visitors.hidden_from(request)
        serieses = () if hidden else self.archive.timeline(source)
        if not serieses:
            raise HTTPException(404, f"No source is called {source}.")
        return self.show(
            "source.html",
            source=source,
            known=self.known.get(source),
            serieses=serieses,
            titles={series.name: series.title for series in self.known[source].series}
            if source in self.known
            else {},
            troubles=self.archive.troubles(source, limit=50),
            silence=silence_of(self.archive.triage.silences(at=now()), source=source, statements=()),
        )

    def findings(self, request: Request) -> Response:
        """All findings from a least severity on."""
        least = _severity(request.query_params.get("least", "low"))
        return self.show(
            "findings.html",
            findings=self.archive.findings(least=least, limit=200, without=self.visitors.hidden_from(request)),
            levels=[*map(str, Severity)],
            least=least.value,
        )

    def finding(self, request: Request) -> Response:
        """What was said: an event for good, or the last one of a statement, with all others."""
        told = self._told(request)
        finding = told.past.finding
        columns, items = items_of(finding)
        if columns == ["url"] and told.copies:
            columns = []  # the copies have their addresses
        view = self.archive.view(told.after.id) if told.after and told.as_compared else None
        releases = [
            (label, release, self.archive.presence(release.id))
            for label, release in (("Before", told.before), ("After", told.after))
            if release is not None
        ]
        return self.show(
            "finding.html",
            past=told.past,
            finding=finding,
            frozen="event" in request.path_params,
            retracted_at=told.retracted_at,
            events=self.archive.events(finding.id),
            place=place_of(finding.where),
            sides=mark_words(finding.before, finding.after),
            items=items,
            item_columns=columns,
            releases=releases,
            copies=told.copies,
            view=part_of(view, finding) if view else None,
            notes=self.archive.notes.of_finding(finding.id, finding.event),
            decisions=self.archive.triage.of(finding.event or ""),
            silence=silence_of(
                self.archive.triage.silences(at=now()), source=finding.source, statements=(finding.id,)
            ),
        )

    def release(self, request: Request) -> Response:
        """One release: what it is, what was said about it, what differs from the one before."""
        try:
            release = self.archive.archive.release(request.path_params["id"])
        except StoreError as error:
            raise HTTPException(404, _NO_RELEASE) from error
        if release.source in self.visitors.hidden_from(request):
            raise HTTPException(404, _NO_RELEASE)
        facts = self.archive.archive.facts(release, tables=False)
        view = self.archive.view(release.id)
        return self.show(
            "release.html",
            release=release,
            as_of=facts.as_of.text if facts and facts.as_of else None,
            before=self.archive.archive.previous(release),
            findings=self.archive.findings_of(release.id),
            view=whole(view) if view else None,
            presence=self.archive.presence(release.id),
            captured=self.archive.captured(release.id),
            replayable=release.media_type.startswith("text/html"),
            notes=self.archive.notes.of(release.id),
        )

    def raw(self, request: Request) -> Response:
        """The bytes as captured, inert: HTML sandboxed, everything else as a download."""
        sha256 = request.path_params["sha256"]
        media_type = self.archive.media_type(sha256)
        if media_type is None or self.archive.sources_of(sha256) <= self.visitors.hidden_from(request):
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
            name = download_name(self.archive.name(sha256), media_type=media_type, sha256=sha256)
            headers["Content-Disposition"] = f'attachment; filename="{name}"'
            media_type = media_type if _HARMLESS.fullmatch(media_type) else "application/octet-stream"
        return Response(body, media_type=media_type, headers=headers)

    def search(self, request: Request) -> Response:
        """Full text over all versions."""
        query = request.query_params.get("q", "").strip()[:200]
        hidden = self.visitors.hidden_from(request)
        hits = [hit for hit in self.archive.search(query, limit=100) if hit.source not in hidden] if query else ()
        return self.show("search.html", query=query, hits=hits)

    def about(self, request: Request) -> Response:
        """What the archive is and what its chain proves."""
        del request
        return self.show(
            "about.html",
            head=self.archive.head(),
            proves=PROVES,
            proves_not=PROVES_NOT,
            counts=self.archive.counts(),
        )

    def feed(self, request: Request) -> Response:
        """The latest findings as an Atom feed."""
        body = self.templates.get_template("feed.atom").render(
            findings=self.archive.findings(
                least=Severity.LOW, limit=50, without=self.visitors.hidden_from(request)
            ),
            base=str(request.base_url).rstrip("/"),
        )
        return Response(fit(body), media_type="application/atom+xml")

    def findings_json(self, request: Request) -> Response:
        """The latest findings in the JSON contract."""
        least = _severity(request.query_params.get("least", "info"))
        findings = self.archive.findings(least=least, limit=500, without=self.visitors.hidden_from(request))
        standings = self.archive.triage.standings()
        return Json({"findings": [_as_json(past.finding, standings) for past in findings]})

    def finding_json(self, request: Request) -> Response:
        """One event, or the last one of a statement, whole, in the JSON contract."""
        return Json(_as_json(self._told(request).past.finding, self.archive.triage.standings()))

    def _told(self, request: Request) -> ToldFinding:
        id_, event = request.path_params["id"], request.path_params.get("event")
        told = self.archive.finding(event or id_)
        hidden = self.visitors.hidden_from(request)
        if told is None or told.past.finding.id != id_ or told.past.finding.source in hidden:
            raise HTTPException(404, "No finding has this id.")
        return told

    def missing(self, request: Request, error: Exception) -> Response:
        """What is not there, in words."""
        assert isinstance(error, HTTPException)
        if request.url.path.startswith("/api/"):
            return Json({"error": error.detail}, status_code=error.status_code)
        return self.show("missing.html", status=error.status_code, message=error.detail)

    def show(self, template: str, *, status: int = 200, **values: object) -> Response:
        """A page from its template."""
        page = self.templates.get_template(template).render(standings=self.archive.triage.standings(), **values)
        return HTMLResponse(fit(page), status_code=status)


def _as_json(finding: Finding, standings: Mapping[str, Decision]) -> dict[str, object]:
    return {**finding_to_json(finding), **decision_to_json(standings.get(finding.event or ""))}


def _severity(text: str) -> Severity:
    try:
        return Severity(text)
    except ValueError as error:
        raise HTTPException(400, f"least is one of {', '.join(Severity)}.") from error
