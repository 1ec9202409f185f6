"""The documented incidents as data: what happened, and what a monitor has to say of it, with which figures.

Each was reported in public, as ``reported`` names; figures stand here as they were reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from state.kinds import Severity


@dataclass(frozen=True)
class Must:
    """Something that must be said, under one of ``kinds``.

    ``count`` is the number of items it must have; each of ``figures`` are words of which all must stand in one
    line of the finding: its title, its reason, or an item.
    """

    kinds: tuple[str, ...]
    count: int | None = None
    least: Severity = Severity.MEDIUM
    figures: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        count = f" ({self.count})" if self.count else ""
        return " or ".join(f"`{kind}`" for kind in self.kinds) + count


@dataclass(frozen=True)
class Incident:
    """What a publisher did, and what must be said of it. ``may`` are kinds that are true besides."""

    number: int
    when: str
    what: str
    reported: str
    musts: tuple[Must, ...]
    may: frozenset[str] = field(default=frozenset())


def _must(*kinds: str, count: int | None = None, figures: tuple[tuple[str, ...], ...] = ()) -> Must:
    return Must(kinds=kinds, count=count, figures=figures)


_SEED = "report on Secure Communities, 2011"

INCIDENTS: tuple[Incident, ...] = (
    Incident(
        1,
        "Apr to Jul 2010",
        "Cumulative counts of removals fall in five jurisdictions",
        f"{_SEED}, note 26",
        (
            _must(
                "cumulative-decreased",
                count=5,
                figures=(
                    ("Maricopa", "-1,731", "-40.0 %"),
                    ("San Diego", "-1,374", "-57.0 %"),
                    ("Travis", "-279", "-47.0 %"),
                    ("Dallas", "-357", "-32.0 %"),
                    ("Los Angeles", "-401", "-21.0 %"),
                ),
            ),
        ),
    ),
    Incident(
        2,
        "Nov 2009",
        "A press release gets another headline, its date stays",
        f"{_SEED}, note 23",
        (
            _must("headline-changed", figures=(("110,000", "111,000"),)),
            _must("category-relabelled"),
            _must("silent-edit"),
        ),
    ),
    Incident(
        3,
        "Oct 2010",
        "Data always given to TRAC is declared “unavailable”",
        f"{_SEED}, note 27",
        (_must("values-suppressed", figures=(("unavailable",),)), _must("column-vanished")),
    ),
    Incident(
        4,
        "Aug to Oct 2010",
        "The opt-out sentence of a “voluntary” program goes away",
        f"{_SEED}, notes 2 to 7",
        (
            _must("text-vanished", figures=(("does not wish to activate",),)),
            _must("term-dropped"),
            _must("commitment-weakened"),
        ),
    ),
    Incident(
        5,
        "30 Jun 2010",
        "The offenses of Levels 1, 2 and 3 are defined anew",
        f"{_SEED}, note 21",
        (_must("definition-changed", count=3, figures=(("Level 1",), ("Level 2",), ("Level 3",))),),
    ),
    Incident(
        6,
        "2008 to 2011",
        "A jurisdiction leaves a list that should only grow",
        f"{_SEED}, note 13",
        (_must("rows-vanished", count=1),),
    ),
    Incident(
        7,
        "2010",
        "The complaint link leads elsewhere, then leaves",
        f"{_SEED}, notes 28 and 29",
        (_must("link-retargeted"), _must("link-vanished")),
    ),
    Incident(
        8,
        "18 to 19 Jan 2017",
        "190 transcripts are removed overnight",
        "Web Integrity Project, Jun 2019",
        (Must(("file-withdrawn",), count=190, least=Severity.CRITICAL),),
    ),
    Incident(
        9,
        "Sep 2022",
        "A “new” workbook holds two older sheets",
        "TRAC report 696",
        (Must(("stale-republished",), count=2, least=Severity.CRITICAL),),
    ),
    Incident(
        10,
        "Aug to Dec 2022",
        "A workbook is replaced in place, its closed year lowered",
        "TRAC, 14 Dec 2022; report 710",
        (
            _must("past-value-revised", figures=(("GPS", "56,805"), ("361,000", "276,000"))),
            _must("file-replaced-in-place"),
        ),
    ),
    Incident(
        11,
        "May 2023",
        "The labels of two rows are swapped",
        "TRAC report 718",
        (
            _must(
                "implausible-jump",
                figures=(("GPS", "4,576", "188,934"), ("SmartLINK", "224,300", "34,576"), ("swapped",)),
            ),
        ),
    ),
    Incident(
        12,
        "Sep to Nov 2023",
        "Releases due every two weeks do not come",
        "A. Kocher, 6 Nov 2023",
        (_must("release-overdue"),),
    ),
    Incident(
        13,
        "Jan 2025",
        "Monthly tables simply stop",
        "NOTUS; AP",
        (Must(("release-overdue",), least=Severity.HIGH),),
    ),
    Incident(
        14,
        "24 Jan 2025",
        "Old press releases get an “archived” bar and a new date",
        "The Guardian; Mashable, 6 Feb 2025",
        (_must("date-restamped", "text-added", count=60),),
    ),
    Incident(
        15,
        "Feb 2025",
        "The transgender table leaves its sheet",
        "Vera Institute, 30 Jun 2025",
        (Must(("table-vanished",), least=Severity.CRITICAL, figures=(("Transgender detainee population",),)),),
    ),
    Incident(
        16,
        "Feb 2025",
        "Subtotals stop adding up, two dates contradict each other",
        "TRAC, 18 Feb 2025",
        (_must("total-mismatch", figures=(("187,394",),)), _must("as-of-date-inconsistent")),
    ),
    Incident(
        17,
        "17 Jul 2025",
        "Averages to date fall further than arithmetic allows; 201 facilities become 172",
        "A. Sawyer, TRAC, 18 Jul 2025",
        (
            Must(("average-impossible",), count=96, least=Severity.CRITICAL, figures=(("Stewart",),)),
            _must("rows-vanished", count=29),
            _must("total-mismatch", figures=(("42,221", "56,816"),)),
        ),
    ),
    Incident(
        18,
        "4 Aug 2025",
        "All averages are rounded to whole numbers for one release",
        "detentionreports.com",
        (_must("precision-reduced"),),
    ),
    Incident(
        19,
        "2025 and 2026",
        "“Gender” becomes “Sex”; “Criminal record” becomes “Criminal convictions”",
        "press; the second could not be verified",
        (
            _must("column-renamed", figures=(("Gender", "Sex"),)),
            _must("category-relabelled", figures=(("Criminal record", "Criminal convictions"),)),
        ),
    ),
    Incident(
        20,
        "2026",
        "Arrests are lowered in three places, 3,700 places removed",
        "press; could not be verified",
        (
            _must("rows-vanished", count=3_700),
            _must(
                "past-value-revised",
                count=3,
                figures=(("Conroe, TX", "-13,000"), ("Dallas, TX", "-12,000"), ("San Diego, CA", "-6,000")),
            ),
        ),
    ),
    Incident(
        21,
        "2017 and on",
        "A case-level column is withheld",
        "TRAC, 9 May and 8 Jun 2017",
        (Must(("column-vanished",), least=Severity.CRITICAL, figures=(("Detainer led to deportation",),)),),
    ),
    Incident(
        22,
        "2025",
        "“gender” became “sex” in 106 entries of health datasets, whose logs of changes stayed empty",
        "The Lancet, July 2025",
        (
            Must(
                ("definition-changed",),
                count=114,
                least=Severity.HIGH,
                figures=(("“gender” became “sex”", "106 datasets"), ("no date of change moved",)),
            ),
        ),
    ),
)
"""All of them, by number."""
