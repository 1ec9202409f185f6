"""Pages of statistics as a government office publishes them: frame, prose, definitions, two tables; 47 KB.

The same number and version always give the same bytes. A later version has a newer date, another note and a
few other figures in one table.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

COLUMNS = ("Facility", "City", "State", "Population", "Level A", "Level B", "Average stay", "Last inspected")
_NAMES = (
    "Adams",
    "Baker",
    "Cibola",
    "Dilley",
    "Eloy",
    "Farmville",
    "Glades",
    "Houston",
    "Irwin",
    "Joliet",
    "Krome",
)
_KINDS = ("County Jail", "Processing Center", "Detention Center", "Staging Facility", "Residential Center")
_STATES = ("AZ", "CA", "FL", "GA", "LA", "MS", "NM", "NY", "TX", "VA", "WA")
_WORDS: tuple[str, ...] = (
    "custody",
    "removal",
    "arrest",
    "county",
    "agency",
    "officer",
    "report",
    "review",
    "standard",
    "transfer",
)
_WORDS += ("release", "facility", "request", "record", "hearing", "notice", "program", "statute", "agreement")
_WORDS += ("inspection", "population", "average", "period", "figure", "definition")


def page(number: int, version: int, *, rows: int = 160) -> bytes:
    """The page of one field office in one version, with so many rows in its first table."""
    steady, lately = random.Random(number), random.Random(number * 1_000 + version)
    frame = "".join(f'<li><a href="/topic/{word}">{word.title()}</a></li>' for word in _WORDS)
    notes = "".join(
        f"<p>Revision note {n}: {_sentence(random.Random(number * 999 + n))}</p>" for n in range(version)
    )
    parts = (
        f"<!doctype html><html lang=en><head><title>Field office {number} statistics</title></head><body>",
        f"<header><nav><ul>{frame}</ul></nav></header><main><h1>Statistics of field office {number}</h1>",
        f"<p>Data as of {1 + version % 28} March 2026. Figures are cumulative for the fiscal year.</p>",
        "".join(f"<h2>{_sentence(steady)[:40]}</h2><p>{_prose(steady)}</p>" for _ in range(11)),
        f"<dl>{''.join(f'<dt>Level {n}</dt><dd>{_sentence(steady)}</dd>' for n in range(1, 5))}</dl>",
        _table("Population by facility", rows, steady, lately if version else None),
        _table("Transfers by facility", 60, steady, None),
        f"{notes}</main><footer><ul>{frame}</ul><p>Contact the office of field office {number}.</p></footer>",
        "</body></html>",
    )
    return "\n".join(parts).encode()


def _table(caption: str, rows: int, steady: random.Random, lately: random.Random | None) -> str:
    edited = set(lately.sample(range(rows), 3)) if lately else set()
    head = "".join(f"<th>{name}</th>" for name in COLUMNS)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in _cells(row, steady, edited)) + "</tr>"
        for row in range(rows)
    )
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: int, steady: random.Random, edited: set[int]) -> Iterator[str]:
    yield f"{steady.choice(_NAMES)} {steady.choice(_KINDS)} {row}"
    yield steady.choice(_NAMES) + "ville"
    yield steady.choice(_STATES)
    for top in (2_000, 900, 90):
        figure = steady.randrange(top)
        yield f"{figure + 7 if row in edited else figure:,}"
    yield f"{steady.random() * 90:.1f}"
    yield f"{1 + steady.randrange(12)}/{1 + steady.randrange(28)}/{2019 + steady.randrange(6)}"


def _prose(chance: random.Random) -> str:
    return " ".join(_sentence(chance) for _ in range(7))


def _sentence(chance: random.Random) -> str:
    words = chance.choices(_WORDS, k=18)
    return " ".join(words).capitalize() + "."
