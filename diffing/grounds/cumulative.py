"""Which columns can only grow: declared by a source file, stated by the publisher, or learnt from releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Evidence, TablePair
from diffing.grounds.figures import is_number, moves, numbers_in
from diffing.grounds.past import Past
from diffing.grounds.wording import number, plural
from diffing.identity import column_key
from diffing.readers.statements.dates import find_fiscal_year
from diffing.values import normalise
from state.document import Span

STATED = re.compile(
    r"\bcumulative\w*|\bto[ -]date\b|\btotal\b.*\bconfirmed\b|\bever\b|\ball[- ]time\b|\bso far\b"
    r"|\bkumulier\w*|\bkumulativ\w*|\bseit jahresbeginn\b|\bacumulad[oa]s?\b|\ben lo que va de\b|\bcumulée?s?\b"
    r"|\bdepuis le début\b|\bcumulat[oaie]\b|\bcumulativ[oaie]\b|\bda inizio\b|\bdesde o início\b|\bcumulatief\b"
    r"|\bsinds (?:het )?begin\b|\bskumulowan\w*|\bnarastająco\b|\bod początku\b"
    r"|\bsince\b(?! (?:yesterday|today|midnight|then|(?:the )?(?:last|previous|prior|preceding)\b|(?:mon"
    r"|tues|wednes"
    r"|thurs|fri|satur|sun)day))"
)
YEARLY = re.compile(r"\bf?ytd\b|\byear[ -]to[ -]date\b")
NO_COUNT = re.compile(
    r"\bquoten?\b|\braten?\b|\banteile?\b|\bdurchschnitt|\bmittelwert|\bprozent|\btasas?\b|\bpromedio|\bmedia\b"
    r"|\btaux\b|\bmoyenne|\btass[oi]\b|\bmédia\b|\btaxas?\b|\bgemiddeld|\bśredni|\bwskaźnik|"
    r"\baverage|\bavg\b|\badp\b|\balos\b|\balip\b|\bmean\b|\bmedian\b|\brates?\b|\bratios?\b|\bpercent|%|\bpct\b"
    r"|\bshare\b|\bper\b|\blength of\b|\bcurrent|\bactive\b|(?<!to )(?<!to-)\bdate\b|\bin custody\b"
    r"|\bdaily\b|\bday\b"
    r"|\bguaranteed\b|\bminimum\b|\bmaximum\b"
    r"|\bsince (?:yesterday|today|midnight|(?:the )?(?:last|previous|prior|preceding)\b)|\byesterday\b|\btoday\b"
    r"|\b(?:last|past|previous|prior) (?:\w+ )?(?:hours?|days?|weeks?|months?)\b|\b(?:24|48) ?h(?:ou)?rs?\b"
    r"|\bthis week\b|\bweekly\b"
)
"""Averages, shares, bounds, what is so now, and what happened on one day: none of them can only grow."""

WINDOW = re.compile(
    r"\b(?:in|of|for|during|over|this|that|current|latest|last|past|previous|prior|per|each) (?:the |this |that )?"
    r"(?:\w+ )?(?:hour|day|night|week|fortnight|month|quarter)s?\b|^(?:day|week|month|quarter)s?\b"
    r"|\b(?:month|quarter)$|\b(?:hour|dai|night|week|fortnight|month|quarter)ly\b"
    r"|\b(?:im|pro|des|dieser|diesem|letzte[nrm]?) (?:tag|woche|monat|quartal)(?:e?s)?\b"
    r"|\b(?:täg|wöchent|monat|quartals)lich\w*"
    r"|\b(?:en|del?|du|dans|ce|cette|este|esta|por|par|al|nel|no|na|in deze|per) (?:el |la |le |l')?"
    r"(?:día|semana|mes|trimestre|jour|semaine|mois|mese|settimana|giorno|mês|dia|maand|week|kwartaal)\b"
    r"|\b(?:w|na) (?:tygodniu|miesiącu|miesiąc|kwartale|kwartał)\b"
    r"|\bmensu(?:al|el|els|elle|elles|ales)\b|\bmensal\b|\bmensil[ei]\b"
)
"""What happened in one day, week, month or quarter: a title's "to date" is not said of it."""

_NO_AMOUNT = re.compile(
    r"\bmin\b|\bmax\b|\blat(?:itude)?\b|\blon(?:g|gitude)?\b|\bchange\b|\bindex\b"
    r"|^(?:fiscal |calendar |school )?year$|\bid\b"
)

STOCK = re.compile(
    r"\bpopulations?\b|\bdenominators?\b|\bdetained\b|\bdetainees?\b|\bparticipants?\b|\bin program\b"
    r"|\bcapacit(?:y|ies)\b"
    r"|\bbeds?\b|\bpending\b|\bbacklog\b|\bin isolation\b|\bunder (?:isolation|monitoring|observation"
    r"|supervision)\b|\bheld\b|\binventory\b"
    r"|\boutstanding\b|\bopen\b|\bremaining\b|\bavailable\b|\bbalance\b|\bon hand\b|\boccup(?:ied|ancy)\b"
    r"|\bstaff(?:ing)?\b"
)
"""Words for what is there at a time; they outweigh a mere "YTD", which names the workbook as often."""

FLOW = re.compile(
    r"\b(?:removals?|returns?|deportations?|repatriations?|book(?:ed)?[ -]?(?:ins?|outs?)|bookings?|arrests?"
    r"|apprehensions?"
    r"|encounters?|admissions?|intakes?|releases?|departures?|arrivals?|crossings?|expulsions?|transfers?"
    r"|deaths?|died"
    r"|suicides?|births?|cases?|infections?|tests?|tested|doses?|vaccinat(?:ions?|ed)|detainers? issued"
    r"|inadmissibles"
    r"|complaints?|applications?|petitions?|claims?|grants?|granted|denials?|denied|approv(?:als?|ed)"
    r"|decisions?|received"
    r"|issued|filed|completed|completions?|closures?|incidents?|seizures?|escapes?|inspections?|referrals?"
    r"|requests?"
    r"|convictions?|prosecutions?|charged|citations?|violations?|flights?|visits?|enrol?lments?|spent|spending"
    r"|obligat(?:ions?|ed)|disbursements?|awards?|uses? of force)\b"
)
"""Words for what happens: counted over one fiscal year, it can only grow until the year ends."""

RECODED = re.compile(
    r"\bby\b.*\b(?:reason|criminal\w*|disposition|status|categor(?:y|ies)|class\w*|level|severity|charges?"
    r"|basis)\b"
)
"""What cases are classified by, and moved from one class to another by afterwards."""

LEARNT_RELEASES, LEARNT_CHANGES = 6, 60
"""Releases, and rises in them without one fall, from which on a column is believed to be cumulative."""

TOGETHER_RELEASES, TOGETHER_RISES = 2, 80
"""The same where the rows rise together: two steps from release to release (the one judged may be the second)
and so many rises, most of them in each."""

TOGETHER = 0.97
"""Share of the moved figures that rose in each such step: a count that is mended now and then is one."""

FEW_ROWS_RELEASES, FEW_ROWS_RISES = 4, 20
"""The same for a table of a few rows, over more steps."""

OF_A_YEAR = 4
"""Releases in which all figures of a table titled by its fiscal year rose, from which on it counts to date."""

FEWEST_TOGETHER, MOST_ROSE = 8, 0.8
"""Figures of a column called a total that must have moved, and the share that must have risen."""

_TOTAL = re.compile(r"\btotals?\b")
_NEW = re.compile(r"\bnew(?:ly)?\b|\bdaily\b|\badditional\b")

CONTRADICTED = 0.1
"""Share of falls among earlier changes above which a statement in passing is not believed."""


class Ground(NamedTuple):
    """Why a column is believed to be cumulative; ``strong`` where somebody says so of the column or table.

    ``learnt`` where nobody says so, and only earlier releases show it.
    """

    words: str
    strong: bool
    learnt: bool = False


def ground_of(evidence: Evidence, pair: TablePair, column: int, past: Past) -> Ground | None:
    """Why the column (index after) can only grow, None where nothing says so or its past denies it.

    What a source file declares always holds, then what the publisher says of the column; a title lends its
    claim to counts of events only. The release that is judged can never deny either.
    """
    if is_declared(evidence, pair, column):
        return Ground("the source file declares it cumulative", True)
    name, title = spoken(pair.after.columns[column].name), spoken(pair.after.name)
    if NO_COUNT.search(name) or _NO_AMOUNT.search(name):
        return None
    if found := STATED.search(name):
        return Ground(f"its header says “{found.group()}”", True)
    if STOCK.search(name) or (not YEARLY.search(name) and _of_a_window(pair, column, name)):
        return None
    stock = bool(NO_COUNT.search(title))
    if not stock and (found := STATED.search(title)):
        return Ground(f"the table's title says “{found.group()}”", True)
    if STOCK.search(title):
        return None
    if found := YEARLY.search(name):
        return Ground(f"its header says “{found.group()}”", True)
    if stock or not _counts(pair, column):
        return None
    ground = (
        _in_passing(pair, name, title)
        or _so_far(pair, column, name)
        or _learnt(pair, column, past)
        or _of_one_year(pair, column, title)
    )
    return ground if ground and not _is_denied(pair, column, past) else None


def is_declared(evidence: Evidence, pair: TablePair, column: int) -> bool:
    """Whether the source file names the column, or the table, among those that can only grow."""
    declared = {normalise(text) for text in evidence.rules.cumulative}
    title = normalise(pair.after.name)
    return normalise(pair.after.columns[column].name) in declared or bool(title and title in declared)


def spoken(name: str) -> str:
    """A header in comparison form, with the words of COVID_DEATH_COUNT and deathCount apart."""
    return normalise(_CAMEL.sub(" ", name).replace("_", " "))


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _of_a_window(pair: TablePair, column: int, name: str) -> bool:
    """Whether a column says its own time, or stands beside one of the same name that is to date."""
    period = pair.after.columns[column].period
    if WINDOW.search(name) or (period is not None and period.span is not Span.TO_DATE):
        return True
    others = (spoken(each.name) for place, each in enumerate(pair.after.columns) if place != column)
    return any(_stem(other) == _stem(name) for other in others if STATED.search(other) or YEARLY.search(other))


def _stem(name: str) -> str:
    """A header without what it says of its time."""
    return _NO_LETTERS.sub(" ", STATED.sub(" ", YEARLY.sub(" ", name))).strip()


_NO_LETTERS = re.compile(r"[^\w]+")


def _counts(pair: TablePair, column: int) -> bool:
    """Whether a column holds whole numbers, as counts of events do."""
    return all(float(value).is_integer() for value in numbers_in(pair.after.rows, column) if is_number(value))


def _so_far(pair: TablePair, column: int, name: str) -> Ground | None:
    """A total of events that is no period's: beside what is new of it, or where hardly any figure fell."""
    if not (_TOTAL.search(name) and FLOW.search(name)) or any(each.period for each in pair.after.columns):
        return None
    if any(each is not None for each in pair.after.row_periods) and len(pair.after.rows) > 1:
        return None
    if any(_NEW.search(spoken(each.name)) and FLOW.search(spoken(each.name)) for each in pair.after.columns):
        return Ground("its header says “total”, beside what is new of it", False)
    rose = [move.difference > 0 for move in moves(pair) if move.change.column_after == column]
    if len(rose) >= FEWEST_TOGETHER and sum(rose) >= MOST_ROSE * len(rose):
        return Ground(f"its header says “total”, and {sum(rose)} of {len(rose)} figures rose", False)
    return None


def _in_passing(pair: TablePair, name: str, title: str) -> Ground | None:
    """What title, sheet, heading or notes say of counts of events."""
    if not FLOW.search(f"{title} {name}"):
        return None
    for label, text in (("the table's title", title), *_around(pair)):
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
    yield "the sheet's name", spoken(pair.after.sheet or "")
    for heading in pair.after.section:
        yield "the heading above it", normalise(heading)
    for note in pair.after.notes:
        yield "a note under it", normalise(note)


def _learnt(pair: TablePair, column: int, past: Past) -> Ground | None:
    """What earlier releases show: figures that never fell in many, or rows that rose together in a few."""
    rose, fell, releases = _record(pair, column, past)
    if not fell and releases >= LEARNT_RELEASES and rose >= LEARNT_CHANGES:
        return Ground(f"it never fell in {plural(releases, 'release')} ({number(rose)} figures rose)", False)
    if not fell and _rose_all_year(pair, column, past):
        return Ground(f"it never fell in {plural(releases, 'release')} ({number(rose)} figures rose)", False)
    return _rose_together(pair, column, past)


def _rose_together(pair: TablePair, column: int, past: Past) -> Ground | None:
    """Rows that rise together, step after step, but for a mended one here and there; the last step may be this."""
    steps = _steps(pair, column, past)
    now = [move.difference > 0 for move in moves(pair) if move.change.column_after == column]
    rises = sum(rose for rose, _ in steps)
    together = [_rose_as_one(*step) for step in steps]
    if len(now) >= TOGETHER_RISES / TOGETHER_RELEASES and _rose_as_one(sum(now), len(now) - sum(now)):
        rises, together = rises + sum(now), [*together, True]
    many = len(together) >= TOGETHER_RELEASES and rises >= TOGETHER_RISES
    few = len(steps) >= FEW_ROWS_RELEASES and rises >= FEW_ROWS_RISES and all(together[-FEW_ROWS_RELEASES + 1 :])
    if not (few or (many and all(together))):
        return None
    return Ground(
        f"{number(rises)} of its figures rose in {plural(len(together), 'release')}, hardly one fell", False, True
    )


def _rose_as_one(rose: float, fell: float) -> bool:
    return rose > 0 and rose >= TOGETHER * (rose + fell)


def _rose_all_year(pair: TablePair, column: int, past: Past) -> bool:
    """Whether a table that names its fiscal year grew in every release of it: a figure or more, and none fell."""
    if find_fiscal_year(pair.after.name) is None or pair.after.columns[column].period:
        return False
    rose = past.measures(f"rose:{column_key(pair.after.columns[column].name)}")
    return len(rose) >= OF_A_YEAR and all(rose)


def _is_denied(pair: TablePair, column: int, past: Past) -> bool:
    """Whether earlier releases, never the one judged, show that the figures fall as a matter of course."""
    rose, fell, releases = _record(pair, column, past)
    return releases >= 2 and rose + fell >= 10 and fell > CONTRADICTED * (rose + fell)


def _steps(pair: TablePair, column: int, past: Past) -> list[tuple[float, float]]:
    """How many figures of the column rose and fell from each earlier release to the next."""
    name = column_key(pair.after.columns[column].name)
    return list(zip(past.measures(f"rose:{name}"), past.measures(f"fell:{name}"), strict=True))


def _record(pair: TablePair, column: int, past: Past) -> tuple[float, float, int]:
    """How many figures of the column rose and fell in how many earlier releases."""
    name = column_key(pair.after.columns[column].name)
    rose, fell = past.measures(f"rose:{name}"), past.measures(f"fell:{name}")
    return sum(rose), sum(fell), len(rose)
