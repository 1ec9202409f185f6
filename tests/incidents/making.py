"""Documents and rounds for the re-created incidents. Figures that no report gives are invented."""

from __future__ import annotations

import csv as csv_module
import datetime as dt
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import openpyxl

from state.model import Capture, Headers, Rules, Series, Source, Verdict
from watchers.classify.verdict import judge_answer
from watchers.fetching.response import Answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML = "text/html"
CSV = "text/csv"
PDF = "application/pdf"
JSON = "application/json"
SUFFIX = {XLSX: ".xlsx", CSV: ".csv", HTML: ".html", PDF: ".pdf", JSON: ".json"}
PAGE = "https://agency.example/statistics"

Row = Sequence[object]


@dataclass(frozen=True)
class Grid:
    """A table as a publisher would type it into a sheet."""

    title: str
    header: Row
    rows: Sequence[Row]
    notes: Sequence[str] = ()


def workbook(sheets: Mapping[str, Sequence[Grid]]) -> bytes:
    """An xlsx with tables one below the other on each sheet, a blank row between them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, grids in sheets.items():
        sheet = book.create_sheet(name)
        for grid in grids:
            for row in ([grid.title], grid.header, *grid.rows, *([note] for note in grid.notes), []):
                sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv(header: Row, rows: Sequence[Row]) -> bytes:
    """A CSV file."""
    stream = io.StringIO()
    csv_module.writer(stream, lineterminator="\n").writerows([header, *rows])
    return stream.getvalue().encode()


def page(title: str, *paragraphs: str, updated: str = "January 2, 2025", chrome: str = "") -> bytes:
    """A page with a heading, paragraphs (HTML allowed) and the usual furniture around them."""
    body = "\n".join(text if text.startswith("<") else f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang='en'><head><title>{title} | Agency</title>{chrome}</head><body>"
        f"<header><nav><a href='/'>Home</a></nav></header><main><h1>{title}</h1>\n{body}\n"
        f"<p>Last Updated: {updated}</p></main><footer>Agency</footer></body></html>"
    ).encode()


def series(name: str = "files", **fields: object) -> Series:
    """A series of files linked from the page; ``page`` is the page itself."""
    pattern = None if name == "page" else r"/files/"
    return Series(name=name, title=name.capitalize(), pattern=pattern, **fields)  # type: ignore[arg-type]


def source(*wanted: Series) -> Source:
    """A source with these series."""
    return Source(id="agency/statistics", title="Statistics", publisher="Agency", url=PAGE, series=wanted)


@dataclass(frozen=True)
class Reply:
    """What a server answers instead of the document."""

    status: int
    body: bytes = b""
    headers: Headers = ()


Brought: TypeAlias = bytes | Verdict | Reply
"""The body of a good answer, a bare verdict, or an answer whose verdict the fetcher has to find."""


@dataclass(frozen=True)
class Round:
    """What one visit brings: series -> [(address, what was brought)]."""

    at: dt.datetime
    brings: Mapping[str, Sequence[tuple[str, Brought]]] = field(default_factory=dict)

    def captures(self, at: Source) -> tuple[Capture, ...]:
        """The captures that a fetcher would have made."""
        return tuple(
            self._capture(at, name, url, brought)
            for name, several in self.brings.items()
            for url, brought in several
        )

    def _capture(self, at: Source, name: str, url: str, brought: Brought) -> Capture:
        verdict, status, body = self._judged(url, brought)
        return Capture(
            source=at.id,
            series=name,
            url=url,
            final_url=url,
            at=self.at,
            verdict=verdict,
            status=status,
            body=body,
            media_type=media_type(body) if body else "",
            file_name=url.rsplit("/", 1)[-1],
            link_text=None if name == "page" else url.rsplit("/", 1)[-1],
        )

    def _judged(self, url: str, brought: Brought) -> tuple[Verdict, int | None, bytes]:
        if isinstance(brought, Reply):
            answer = Answer(
                url=url,
                final_url=url,
                at=self.at,
                status=brought.status,
                headers=brought.headers,
                body=brought.body,
            )
            return judge_answer(answer)[0], brought.status, brought.body
        if isinstance(brought, Verdict):
            return brought, {Verdict.GONE: 404, Verdict.BLOCKED: 403}.get(brought), b""
        return Verdict.PRESENT, 200, brought


@dataclass(frozen=True)
class Lived:
    """A source and what its rounds bring; from round ``tells`` (counted from 0) on, something must be said."""

    source: Source
    rounds: Sequence[Round]
    tells: int


def media_type(body: bytes) -> str:
    """The media type of a body made here."""
    if body.startswith(b"PK"):
        return XLSX
    if body.startswith(b"%PDF"):
        return PDF
    if body.startswith(b"{"):
        return JSON
    return HTML if body.lstrip().startswith(b"<") else CSV


def day(number: int, *, year: int = 2025) -> dt.datetime:
    """Day ``number`` of a year, noon."""
    return dt.datetime(year, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=number - 1)


def files(
    *bodies: bytes, every: int = 14, first: int = 10, one_name: bool = False, year: int = 2025
) -> list[Round]:
    """A round for each file, a new name for each release unless they are overwritten in place."""
    made = []
    for number, body in enumerate(bodies):
        name = "stats" if one_name else f"stats{number:03d}"
        suffix = SUFFIX[media_type(body)]
        brings = {"files": [(f"https://agency.example/files/{name}{suffix}", body)]}
        made.append(Round(at=day(first + every * number, year=year), brings=brings))
    return made


def growing(
    names: Sequence[str], *, rounds: int, seed: int, least: int = 100, most: int = 9_000
) -> list[list[int]]:
    """Cumulative figures: a list for each round, a number for each name, none ever falls."""
    chance = random.Random(seed)
    figures = [chance.randint(least, most) for _ in names]
    made = []
    for _ in range(rounds):
        made.append(figures)
        figures = [figure + chance.randint(1, max(2, figure // 15)) for figure in figures]
    return made


_PLACES = (
    "Adams", "Baker", "Clinton", "Dodge", "Eloy", "Florence", "Geauga", "Hudson", "Imperial", "Jena", "Krome",
    "Lasalle", "Monroe", "Nobles", "Otero", "Pine Prairie", "Quitman", "Roanoke", "Stewart", "Tacoma", "Utah",
    "Victoria", "Winn", "York",
)  # fmt: skip
_KINDS = (
    "County Jail", "Processing Center", "Detention Facility", "Correctional Center", "Staging Facility",
    "Service Processing Center", "Holding Center", "Regional Jail", "Contract Facility",
)  # fmt: skip
FACILITIES = tuple(f"{place} {kind}" for place in _PLACES for kind in _KINDS)
"""216 invented names of facilities."""

RULES = Rules()
