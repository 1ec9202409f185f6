"""What is kept of a release so that later ones can be judged by it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence

from diffing.comparing.model import Comparison, TablePair
from diffing.grounds.churn import weight_of
from diffing.grounds.figures import Move, as_of_date, is_closed_period, moves
from diffing.grounds.fingerprint import table_fingerprint
from diffing.grounds.noted import note_notation
from diffing.grounds.revisions import net_of_total
from diffing.grounds.turns import kept_turns
from diffing.identity import column_key, row_key, table_key, title_key
from diffing.values import normalise
from state.document import Document, Table
from state.model import History, ReleaseFacts, TableFacts

CELLS_KEPT = 40_000
"""Tables with more cells leave a fingerprint and measures, not their values."""

ROWS_KEPT = 40
"""Rows of a table whose largest revision is remembered."""

FEWEST_UNDONE, UNDONE = 2, 0.8
"""Rows or figures, and their share, that must be back for a release to have undone the one before it."""

_DIGIT = re.compile(r"\d")


def facts_of(
    document: Document,
    *,
    release: str,
    at: dt.datetime,
    sha256: str,
    url: str,
    comparison: Comparison | None,
    history: History,
) -> ReleaseFacts:
    """What history keeps of ``document``; ``comparison`` is the one with the release before, if any."""
    pairs = {pair.places[1]: pair for pair in comparison.tables} if comparison else {}
    named = [pairs[place].after if place in pairs else table for place, table in enumerate(document.tables)]
    fingerprints = [table_fingerprint(table) for table in named]
    tables = tuple(
        _table_facts(document, table, digest, pair=pairs.get(place), comparison=comparison, history=history)
        for place, (table, digest) in enumerate(zip(named, fingerprints, strict=True))
    )
    return ReleaseFacts(
        release=release,
        at=at,
        sha256=sha256,
        url=url,
        title=document.headline or document.title,
        as_of=document.as_of or (comparison.after.as_of if comparison else None),
        dates=document.dates,
        tables=tables,
        definitions=document.definitions,
        content=content_digest(document, fingerprints),
        measures=_text_measures(comparison) | _gap(history, at) if comparison else {},
        turned=kept_turns(comparison),
    )


def content_digest(document: Document, fingerprints: Sequence[str]) -> str:
    """A digest over everything a reader sees but dates, places and layout.

    ``fingerprints`` are those of the document's tables.
    """
    words = sorted(_undated(block.text) for block in document.blocks)
    links = sorted(f"{normalise(link.text)} {link.url}" for link in document.links)
    title = _undated(f"{document.title} {document.headline}")
    return _digest([title, *words, *sorted(fingerprints), *links, *document.pictures])


def _undated(text: str) -> str:
    """A text without its dates and fiscal years, which move while nothing else does."""
    return title_key(text, bare_years=False) if _DIGIT.search(text) else normalise(text)


def _table_facts(
    document: Document,
    table: Table,
    fingerprint: str,
    *,
    pair: TablePair | None,
    comparison: Comparison | None,
    history: History,
) -> TableFacts:
    key = table_key(table)
    before = table_key(pair.before) if pair else key
    small = len(table.rows) * len(table.columns) <= CELLS_KEPT
    return TableFacts(
        key=key,
        name=table.name,
        sheet=table.sheet,
        fiscal_year=table.fiscal_year,
        as_of=as_of_date(document, table),
        fingerprint=fingerprint,
        columns=tuple(column_key(column.name) for column in table.columns) if small else (),
        rows=tuple(map(row_key, table.row_keys)) if small else (),
        values=tuple(table.rows) if small else (),
        formerly=before if before != key else None,
        identity=tuple(normalise(table.columns[column].name) for column in table.key) if pair else (),
        measures=_measures(pair, comparison, history) if pair and comparison else {},
    )


def _measures(pair: TablePair, comparison: Comparison, history: History) -> dict[str, float]:
    found = measures_of(pair, comparison) | note_notation(pair.after)
    if _undoes(pair, history.table(table_key(pair.before))[-2:]):
        found["undone"] = 1.0
    return found


def _undoes(pair: TablePair, earlier: Sequence[tuple[ReleaseFacts, TableFacts]]) -> bool:
    """Whether a release gives back what the one before it took: rows that left or joined, figures.

    ``earlier`` are the table's two newest releases before this one.
    """
    if len(earlier) < 2 or not (pair.rows_added or pair.rows_removed or pair.cells):
        return False
    older, broken = (facts for _, facts in earlier)
    lost = set(older.rows).difference(broken.rows)
    if len(lost) >= FEWEST_UNDONE:
        back = lost.intersection(row_key(pair.after.row_keys[row]) for row in pair.rows_added)
        return len(back) >= UNDONE * len(lost)
    gained = set(broken.rows).difference(older.rows)
    if len(gained) >= FEWEST_UNDONE:
        gone = gained.intersection(row_key(pair.before.row_keys[row]) for row in pair.rows_removed)
        return len(gone) >= UNDONE * len(gained)
    return _changed_back(pair, older)


def _changed_back(pair: TablePair, older: TableFacts) -> bool:
    """Whether nearly all cells that changed have the value again that they had two releases ago."""
    if len(pair.cells) < FEWEST_UNDONE or not older.values:
        return False
    rows = {name: place for place, name in enumerate(older.rows)}
    columns = {name: place for place, name in enumerate(older.columns)}
    back = 0
    for change in pair.cells:
        row = rows.get(row_key(pair.after.row_keys[change.row_after]))
        column = columns.get(column_key(pair.after.columns[change.column_after].name))
        back += row is not None and column is not None and older.values[row][column] == change.after
    return back >= UNDONE * len(pair.cells)


def measures_of(pair: TablePair, comparison: Comparison) -> dict[str, float]:
    """What changed in a table by how much, so that the ordinary can be told from the rest.

    Rows and cells are counts; ``revised.*`` are about periods closed before the release before spoke,
    their sizes in the units of the table; ``rows.left.weight`` is per cent of all
    amounts; ``undone`` says that a release took back what the one before it did; ``fell:<column>`` and
    ``rose:<column>`` count the rows whose number fell or rose.
    """
    closed = [move for move in moves(pair) if is_closed_period(comparison, pair, move.change)]
    revised = [move.difference for move in closed]
    measures: dict[str, float] = {
        "rows.left": len(pair.rows_removed),
        "rows.left.weight": weight_of(pair, pair.rows_removed),
        "rows.joined": len(pair.rows_added),
        "rows.total": len(pair.after.rows),
        "rows.renamed": len(pair.rows_renamed),
        "columns.left": len(pair.columns_removed),
        "columns.joined": len(pair.columns_added),
        "columns.renamed": len(pair.columns_renamed),
        "cells.changed": len(pair.cells),
        "revised.cells": len(revised),
        "revised.largest": max(map(abs, revised), default=0),
        "revised.net": sum(revised),
        "revised.total.net": net_of_total(pair, closed),
    }
    measures.update(_largest_by_row(pair, closed))
    for move in moves(pair):
        way = "fell:" if move.difference < 0 else "rose:"
        name = way + column_key(pair.after.columns[move.change.column_after].name)
        measures[name] = measures.get(name, 0) + 1
    return measures


def _largest_by_row(pair: TablePair, closed: Sequence[Move]) -> dict[str, float]:
    """The largest revision of each row, for the rows that were revised furthest."""
    largest: dict[str, float] = {}
    for move in closed:
        name = "revised:" + row_key(pair.after.row_keys[move.change.row_after])
        largest[name] = max(largest.get(name, 0.0), abs(move.difference))
    kept = sorted(largest, key=lambda name: -largest[name])[:ROWS_KEPT]
    return {name: largest[name] for name in kept}


def _gap(history: History, at: dt.datetime) -> dict[str, float]:
    """Days since the release before: churn is judged against the time that it had."""
    releases = history.releases()
    return {"days": (at - releases[-1].at).total_seconds() / 86_400} if releases else {}


def _text_measures(comparison: Comparison) -> dict[str, float]:
    return {
        "sentences.gone": sum(1 for text in comparison.texts if text.after is None),
        "sentences.added": sum(1 for text in comparison.texts if text.before is None),
        "tables.left": len(comparison.tables_removed),
        "tables.joined": len(comparison.tables_added),
    }


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()
