"""Sources, captures and findings that the tests of the archive share."""

from __future__ import annotations

import datetime as dt

from state.kinds import Severity
from state.model import Alert, Capture, Finding, Item, ReleaseFacts, Series, Source, TableFacts, Verdict

START = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)
PAGE = "https://www.example.gov/detain"
PAGE_SERIES = Series(name="page", title="The page")
FILES = Series(name="statistics", title="Statistics", pattern=r"stats.*\.xlsx$")
LETTERS = Series(name="letters", title="Letters", pattern=r"\.pdf$", each_file=True)
SOURCE = Source(
    id="ice/detention", title="Detention", publisher="ICE", url=PAGE, series=(PAGE_SERIES, FILES, LETTERS)
)


def hours(count: float) -> dt.datetime:
    """So many hours after the start."""
    return START + dt.timedelta(hours=count)


def capture(
    body: bytes | str = b"",
    at: float = 0,
    *,
    series: str = "page",
    url: str = PAGE,
    verdict: Verdict = Verdict.PRESENT,
    **more: object,
) -> Capture:
    """A capture, ``at`` so many hours after the start."""
    fields: dict[str, object] = {
        "status": 200 if verdict is Verdict.PRESENT else 404,
        "headers": (("ETag", f'"{at}"'), ("Last-Modified", f"day {at}"), ("Set-Cookie", "a"), ("Set-Cookie", "b")),
        "media_type": "text/html",
        "peer": "192.0.2.7:443",
        "certificate": b"\x30\x82leaf",
        "redirects": ((301, "https://example.gov/detain"),),
        "elapsed": 0.25,
    } | more
    return Capture(
        source=SOURCE.id,
        series=series,
        url=url,
        final_url=url,
        at=hours(at),
        verdict=verdict,
        body=body.encode() if isinstance(body, str) else body,
        **fields,  # type: ignore[arg-type]
    )


def finding(kind: str = "cumulative-decreased", *, id: str = "f1", **more: object) -> Finding:
    """A finding with one item."""
    fields: dict[str, object] = {
        "severity": Severity.CRITICAL,
        "title": "Noncriminal removals fell in 1 of 1,049 jurisdictions",
        "items": (
            Item(
                row="Maricopa, AZ",
                column="Non-criminal",
                before=4328,
                after=2597,
                difference=-1731,
                percent=-40.0,
                valued=True,
            ),
        ),
        "reason": "header says 'cumulative since activation'",
        "source": SOURCE.id,
        "series": "page",
    } | more
    return Finding(id=id, kind=kind, **fields)  # type: ignore[arg-type]


def condition(*, severity: Severity = Severity.CRITICAL, kind: str = "page-gone", id: str = "c1") -> Finding:
    """A finding that opens and closes."""
    return finding(kind, id=id, severity=severity, title="The page is gone", items=())


def alert(event: str = "e1", destination: str = "mail", **more: object) -> Alert:
    """An alert with little in it."""
    return Alert(
        event=event,
        destination=destination,
        subject="Removals fell",
        text="Removals fell",
        **more,  # type: ignore[arg-type]
    )


def table(value: float, *, key: str = "removals", **more: object) -> TableFacts:
    """A table of one row and one column."""
    fields: dict[str, object] = {"as_of": None, "formerly": None, "measures": {}} | more
    return TableFacts(
        key=key,
        name="Removals",
        sheet="Sheet",
        fiscal_year=2026,
        fingerprint=f"fp{value}",
        columns=("adp",),
        rows=("stewart",),
        values=((value,),),
        **fields,  # type: ignore[arg-type]
    )


def facts(release: str, at: dt.datetime, **more: object) -> ReleaseFacts:
    """Facts of a release."""
    return ReleaseFacts(release=release, at=at, sha256="0" * 64, url=PAGE, **more)  # type: ignore[arg-type]
