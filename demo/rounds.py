"""The story of 2010 as data: rounds, what the site answers in each, what must be said, what must not.

A round lists only what is different from the round before it. The reader of an alert needs the
``happened`` line; the tests need ``says``, ``operators`` and ``quiet``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct, field

ICE = "/www.ice.gov"
TRAC = "/trac.syr.edu"
PRESS = f"{ICE}/news/releases/0911/091112washington.htm"
PROGRAM = f"{ICE}/secure_communities/"
STATISTICS = f"{ICE}/secure_communities/statistics.htm"
STRAIGHT = f"{ICE}/secure_communities/setting-the-record-straight.htm"
PRIORITIES = f"{ICE}/detention-reform/priorities.htm"
REMOVALS = f"{ICE}/doclib/secure-communities/pdf/removals-by-jurisdiction-{{}}-2010.pdf"
ACTIVATED = f"{ICE}/doclib/secure-communities/pdf/sc-activated.pdf"
GUIDANCE = f"{ICE}/doclib/secure-communities/guidance/{{}}"
TRAC_PAGE = f"{TRAC}/foia/ice/data.html"
TRAC_DATA = f"{TRAC}/foia/ice/data/ice_removals_by_office.xlsx"


class Reply(Struct, frozen=True):
    """What an address answers: a file of ``demo/site``, or a bare status. ``updated`` fills "Last Modified"."""

    file: str | None = None
    status: int = 200
    updated: str = "Thursday, November 12, 2009"
    headers: tuple[tuple[str, str], ...] = ()


class Said(Struct, frozen=True):
    """Something that must be said in a round: of which source, under which kind, after which incident."""

    source: str
    kind: str
    incident: int | None = None
    times: int = 1  # how many findings: three terms are three definitions


class Round(Struct, frozen=True):
    """One visit of the monitor to the site.

    ``changes`` hold from this round on, ``passing`` for this round alone; a passing address that ends in
    "*" answers so for everything below it. ``joins`` are the sources that a watchdog begins to follow.
    """

    at: dt.datetime
    happened: str
    changes: Mapping[str, Reply] = field(default_factory=dict)
    passing: Mapping[str, Reply] = field(default_factory=dict)
    joins: tuple[str, ...] = ()
    incident: int | None = None  # row of the documented incidents that it re-creates
    says: tuple[Said, ...] = ()  # to watchdogs, above info
    operators: tuple[Said, ...] = ()
    quiet: tuple[str, ...] = ()  # what changed besides, of which nothing may be said above info


def _utc(year: int, month: int, day: int, hour: int = 14) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=dt.UTC)


RELEASE = "ice/press-release"
COMMUNITIES = "ice/secure-communities"
FIGURES = "ice/secure-communities-statistics"
LEVELS = "ice/priorities"
RECORD = "ice/setting-the-record-straight"
RECEIVED = "trac/ice-data"

_ALWAYS = ("the banner, nonces, tokens and view counters changed at every visit",)

ROUNDS: tuple[Round, ...] = (
    Round(
        at=_utc(2009, 11, 12, 16),
        happened="A press release announces the first year of Secure Communities. The monitor begins to watch.",
        joins=(RELEASE, COMMUNITIES),
        changes={
            PRESS: Reply("press-release.issued.html"),
            PROGRAM: Reply("program.top.html", updated="Monday, November 2, 2009"),
        },
    ),
    Round(
        at=_utc(2009, 11, 13, 9),
        happened="Overnight the press release gets another headline. Its date stays.",
        incident=2,
        changes={PRESS: Reply("press-release.corrected.html")},
        says=(
            Said(RELEASE, "headline-changed", 2),
            Said(RELEASE, "category-relabelled", 2),
            Said(RELEASE, "silent-edit", 2),
        ),
        quiet=_ALWAYS,
    ),
    Round(
        at=_utc(2010, 5, 12),
        happened="More is followed: figures by jurisdiction, the activated ones, the priorities, TRAC's data.",
        joins=(FIGURES, LEVELS, RECEIVED),
        changes={
            STATISTICS: Reply("statistics.april.html", updated="Wednesday, May 12, 2010"),
            REMOVALS.format("april"): Reply("removals-april.pdf"),
            ACTIVATED: Reply("activated.may.pdf"),
            GUIDANCE.format("moa-template.pdf"): Reply("guidance.moa-template.pdf"),
            GUIDANCE.format("sc-brochure.pdf"): Reply("guidance.sc-brochure.pdf"),
            GUIDANCE.format("deployment-plan.pdf"): Reply("guidance.deployment-plan.pdf"),
            PRIORITIES: Reply("priorities.before.html", updated="Friday, January 15, 2010"),
            TRAC_PAGE: Reply("trac.html", updated="January 4, 2010"),
            TRAC_DATA: Reply("offices.before.xlsx"),
        },
        quiet=_ALWAYS,
    ),
    Round(
        at=_utc(2010, 6, 15),
        happened="Nothing of substance: a page is stamped anew, a PDF is saved again, TRAC's server stumbles.",
        changes={
            PROGRAM: Reply("program.top.html", updated="Tuesday, June 15, 2010"),
            ACTIVATED: Reply("activated.may-resaved.pdf"),
        },
        passing={f"{TRAC}/*": Reply(status=503)},
        operators=(Said(RECEIVED, "source-unreachable"),),
        quiet=(
            *_ALWAYS,
            "the program page's “Last Modified” moved without its content",
            "the list of activated jurisdictions was re-saved by another program with the same text",
            "TRAC's server answered 503 for one round",
        ),
    ),
    Round(
        at=_utc(2010, 7, 1),
        happened="The Levels 1, 2 and 3 are defined anew, by a memorandum of 30 June.",
        incident=5,
        changes={PRIORITIES: Reply("priorities.june.html", updated="Wednesday, June 30, 2010")},
        says=(Said(LEVELS, "definition-changed", 5, times=3),),
        quiet=_ALWAYS,
    ),
    Round(
        at=_utc(2010, 7, 13),
        happened="The figures through June come out: everything grew or held. More jurisdictions were activated.",
        changes={
            STATISTICS: Reply("statistics.june.html", updated="Tuesday, July 13, 2010"),
            REMOVALS.format("june"): Reply("removals-june.pdf"),
            ACTIVATED: Reply("activated.july.pdf"),
            TRAC_DATA: Reply("offices.reordered.xlsx"),
        },
        quiet=(
            *_ALWAYS,
            "all figures by jurisdiction grew as they should",
            "the list of activated jurisdictions grew and was sorted by date",
            "the rows of TRAC's workbook were re-ordered",
        ),
    ),
    Round(
        at=_utc(2010, 8, 2),
        happened="ICE's server refuses everything for a round: nothing vanished, the monitor could not look.",
        passing={f"{ICE}/*": Reply(status=403)},
        operators=tuple(Said(source, "source-blocked") for source in (RELEASE, COMMUNITIES, FIGURES, LEVELS)),
        quiet=("every page of the site answered 403 for one round",),
    ),
    Round(
        at=_utc(2010, 8, 10),
        happened="The figures through July come out: in five jurisdictions a cumulative count has fallen.",
        incident=1,
        changes={
            STATISTICS: Reply("statistics.july.html", updated="Tuesday, August 10, 2010"),
            REMOVALS.format("july"): Reply("removals-july.pdf"),
        },
        says=(Said(FIGURES, "cumulative-decreased", 1),),
        quiet=_ALWAYS,
    ),
    Round(
        at=_utc(2010, 8, 17),
        happened="“Setting the Record Straight” says how to stay out. A jurisdiction leaves the activated ones.",
        incident=6,
        joins=(RECORD,),
        changes={
            STRAIGHT: Reply("record-straight.august.html", updated="Tuesday, August 17, 2010"),
            ACTIVATED: Reply("activated.august.pdf"),
        },
        says=(Said(FIGURES, "rows-vanished", 6),),
        quiet=(*_ALWAYS, "other jurisdictions joined the same list"),
    ),
    Round(
        at=_utc(2010, 9, 8),
        happened="The complaint link goes to the bottom of the page. A guidance document is no longer linked.",
        incident=7,
        changes={
            PROGRAM: Reply("program.bottom.html", updated="Wednesday, September 8, 2010"),
            STATISTICS: Reply("statistics.withdrawn.html", updated="Wednesday, September 8, 2010"),
            GUIDANCE.format("deployment-plan.pdf"): Reply(status=404),
        },
        quiet=(
            *_ALWAYS,
            "the complaint link only moved",
            "a document that is missing once may be a slip: a second look comes first",
        ),
    ),
    Round(
        at=_utc(2010, 9, 9),
        happened="The document is still missing. The complaint link now leads to another department's site.",
        incident=7,
        changes={PROGRAM: Reply("program.elsewhere.html", updated="Thursday, September 9, 2010")},
        says=(Said(FIGURES, "file-withdrawn"), Said(COMMUNITIES, "link-retargeted", 7)),
        quiet=_ALWAYS,
    ),
    Round(
        at=_utc(2010, 10, 4),
        happened="In the data for TRAC a column turns “unavailable” and another one is no longer there.",
        incident=3,
        changes={TRAC_DATA: Reply("offices.october.xlsx")},
        says=(Said(RECEIVED, "values-suppressed", 3), Said(RECEIVED, "column-vanished", 3)),
        quiet=_ALWAYS,
    ),
    Round(
        at=_utc(2010, 10, 7),
        happened="The opt-out sentence is gone, “voluntary” has become “mandatory”, the complaint link is gone.",
        incident=4,
        changes={
            STRAIGHT: Reply("record-straight.october.html", updated="Thursday, October 7, 2010"),
            PROGRAM: Reply("program.gone.html", updated="Thursday, October 7, 2010"),
        },
        says=(
            Said(RECORD, "text-vanished", 4),
            Said(RECORD, "term-dropped", 4, times=2),
            Said(RECORD, "commitment-weakened", 4, times=2),
            Said(COMMUNITIES, "link-vanished", 7),
        ),
        quiet=_ALWAYS,
    ),
    Round(
        at=_utc(2010, 10, 8),
        happened="Nothing but the furniture of the pages is different.",
        quiet=_ALWAYS,
    ),
)


def answers_in(number: int) -> dict[str, Reply]:
    """What every address answers in round ``number`` (counted from 1), passing troubles included."""
    answers: dict[str, Reply] = {}
    for earlier in ROUNDS[:number]:
        answers.update(earlier.changes)
    for pattern, trouble in ROUNDS[number - 1].passing.items():
        for address in [*answers, pattern]:
            if address == pattern or (pattern.endswith("*") and address.startswith(pattern[:-1])):
                answers[address] = trouble
    return answers


def watched_in(number: int) -> tuple[str, ...]:
    """The ids of the sources that are followed in round ``number`` (counted from 1)."""
    return tuple(source for earlier in ROUNDS[:number] for source in earlier.joins)
