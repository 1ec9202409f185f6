"""Which columns can only grow: declared by a source file, stated by the publisher, or learnt from releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Evidence, TablePair
from diffing.grounds.figures import moves
from diffing.grounds.past import Past
from diffing.grounds.wording import number, plural
from diffing.identity import column_key
from diffing.readers.statements.dates import find_fiscal_year
from diffing.values import normalise

STATED = re.compile(r"\bcumulative\w*|\bto[ -]date\b|\bsince\b|\btotal\b.*\bconfirmed\b|\bever\b|\ball[- ]time\b")
YEARLY = re.compile(r"\bf?ytd\b|\byear[ -]to[ -]date\b")
NO_COUNT = re.compile(
    r"\baverage|\bavg\b|\badp\b|\balos\b|\balip\b|\bmean\b|\bmedian\b|\brates?\b|\bpercent|%|\bshare\b|\bper\b"
    r"|\blength of\b|\bcurrent|\bactive\b|(?<!to )(?<!to-)\bdate\b|\bin custody\b|\bdaily\b|\bday\b"
)
STOCK = re.compile(
    r"\bpopulation\b|\bdetained\b|\bdetainees?\b|\bparticipants?\b|\bin program\b|\bcapacity\b|\bbeds?\b"
    r"|\bpending\b"
)
"""Words for what is there at a time; they outweigh a mere "YTD", which names the workbook as often."""

FLOW = re.compile(
    r"\b(?:removals?|returns?|deportations?|repatriations?|book(?:ed)?[ -]?(?:ins?|outs?)|arrests?|apprehensions?"
    r"|encounters?|admissions?|intakes?|releases?|departures?|deaths?|detainers? issued|inadmissibles)\b"
)
"""Words for what happens: counted over one fiscal year, it can only grow until the year ends."""

RECODED = re.compile(
    r"\bby\b.*\b(?:reason|criminal\w*|disposition|status|categor(?:y|ies)|class\w*|level|severity|charges?|basis)\b"
)
"""What cases are classified by, and moved from one class to another by afterwards."""

FEW = 2
"""Changed figures that are too few for their falls to say that a column is no count."""

LEARNT_RELEASES, LEARNT_CHANGES = 6, 60
"""Releases, and rises in them without one fall, from which on a column is believed to be cumulative."""

OF_A_YEAR = 4
"""Releases in which all figures of a table titled by its fiscal year rose, from which on it counts to date."""

CONTRADICTED = 0.1
"""Share of falls among earlier changes above which a statement in passing is not believed."""

MINORITY = 0.25
"""Without a past: share of falls among the changes of this release above which it is not believed either."""


class Ground(NamedTuple):
    """Why a column is believed to be cumulative; ``strong`` where somebody says so of the column or table."""

    words: str
    strong: bool


def ground_of(evidence: Evidence, pair: TablePair, column: int, past: Past) -> Ground | None:
    """Why the column (index after) can only grow, None where nothing says so or its past denies it."""
    name, title = normalise(pair.after.columns[column].name), normalise(pair.after.name)
    declared = {normalise(text) for text in evidence.rules.cumulative}
    if name in declared or (title and title in declared):
        return Ground("the source file declares it cumulative", True)
    if NO_COUNT.search(name):
        return None
    if found := STATED.search(name):
        return Ground(f"its header says “{found.group()}”", True)
    stock = bool(NO_COUNT.search(title))
    if not stock and (found := STATED.search(title)):
        return Ground(f"the table's title says “{found.group()}”", True)
    ground = None if stock or STOCK.search(f"{title} {name}") else _in_passing(pair, name, title)
    ground = ground or _learnt(pair, column, past) or (None if stock else _of_one_year(pair, column, title))
    return ground if ground and not _is_denied(pair, column, past) else None


def _in_passing(pair: TablePair, name: str, title: str) -> Ground | None:
    """What sheet, heading or notes say, or a "YTD" anywhere."""
    for label, text in (("its header", name), ("the table's title", title), *_around(pair)):
        found = YEARLY.search(text) or (STATED.search(text) if label != "a note under it" else None)
        if found or (found := re.search(r"\bcumulative\w*", text)):
            return Ground(f"{label} says “{found.group()}”", False)
    return None


def _of_one_year(pair: TablePair, column: int, title: str) -> Ground | None:
    """Events counted over the one fiscal year that the table's title names, all of it so far."""
    year = find_fiscal_year(pair.after.name)
    if year is None or pair.before.fiscal_year != pair.after.fiscal_year or pair.after.columns[column].period:
        return None
    if STOCK.search(title) or RECODED.search(title) or not (found := FLOW.search(title)):
        return None
    return Ground(f"the table counts “{found.group()}” of fiscal year {year} to date", False)


def _around(pair: TablePair) -> Iterator[tuple[str, str]]:
    yield "the sheet's name", normalise(pair.after.sheet or "")
    for heading in pair.after.section:
        yield "the heading above it", normalise(heading)
    for note in pair.after.notes:
        yield "a note under it", normalise(note)


def _learnt(pair: TablePair, column: int, past: Past) -> Ground | None:
    rose, fell, releases = _record(pair, column, past)
    known = releases >= LEARNT_RELEASES and rose >= LEARNT_CHANGES
    if fell or not (known or _rose_all_year(pair, column, past)):
        return None
    return Ground(f"it never fell in {plural(releases, 'release')} ({number(rose)} figures rose)", False)


def _rose_all_year(pair: TablePair, column: int, past: Past) -> bool:
    """Whether a table that names its fiscal year grew in every release of it: a figure or more, and none fell."""
    if find_fiscal_year(pair.after.name) is None or pair.after.columns[column].period:
        return False
    rose = past.measures(f"rose:{column_key(pair.after.columns[column].name)}")
    return len(rose) >= OF_A_YEAR and all(rose)


def _is_denied(pair: TablePair, column: int, past: Past) -> bool:
    rose, fell, releases = _record(pair, column, past)
    if releases >= 2 and rose + fell >= 10:
        return fell > CONTRADICTED * (rose + fell)
    now = [move.difference for move in moves(pair) if move.change.column_after == column]
    return len(now) > FEW and sum(by < 0 for by in now) > MINORITY * len(now)


def _record(pair: TablePair, column: int, past: Past) -> tuple[float, float, int]:
    """How many figures of the column rose and fell in how many earlier releases."""
    name = column_key(pair.after.columns[column].name)
    rose, fell = past.measures(f"rose:{name}"), past.measures(f"fell:{name}")
    return sum(rose), sum(fell), len(rose)
