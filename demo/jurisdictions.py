"""The jurisdictions of the demo's re-created lists, with figures.

The five that fall are those of note 26 of "DHS's 'Secure Communities': No Rules of the Road" (National
Immigration Law Center, March 2011), which gives a difference and a per cent. The values themselves are
derived: before = difference / per cent, rounded; after = before - difference. The names of all other
jurisdictions are real, **all their figures are invented**, and so are all figures of convicted criminals.
"""

from __future__ import annotations

import datetime as dt
import random

from msgspec import Struct

FALLS = {
    "Maricopa, AZ": (1731, 0.40),
    "San Diego, CA": (1374, 0.57),
    "Travis, TX": (279, 0.47),
    "Dallas, TX": (357, 0.32),
    "Los Angeles, CA": (401, 0.21),
}
"""Jurisdiction -> by how many persons its non-criminal count fell, and which share of it that was."""

LEAVER = "Arlington, VA"
"""The row that leaves the list of activated jurisdictions. That it left is invented: it stands for the
localities of which the source says that they tried to leave."""

_COUNTIES = {
    "AZ": "Cochise Coconino Gila Graham Greenlee La_Paz Maricopa Pima Pinal Santa_Cruz Yavapai Yuma",
    "CA": "Contra_Costa Fresno Imperial Kern Los_Angeles Monterey Orange Riverside Sacramento "
    "San_Bernardino San_Diego San_Francisco San_Luis_Obispo San_Mateo Santa_Barbara Santa_Clara Solano "
    "Sonoma Stanislaus Ventura",
    "CT": "Fairfield New_Haven",
    "DE": "Kent New_Castle Sussex",
    "FL": "Brevard Broward Charlotte Clay Collier Duval Highlands Hillsborough Indian_River Lee Manatee "
    "Marion Miami-Dade Orange Osceola Palm_Beach Polk Sarasota Seminole St._Lucie Volusia",
    "GA": "Clayton Cobb DeKalb Gwinnett Hall",
    "HI": "Honolulu",
    "IL": "DuPage Kane Kendall Lake Madison McHenry Will Winnebago",
    "LA": "East_Baton_Rouge Jefferson Lafourche Orleans Terrebonne",
    "MA": "Suffolk",
    "MD": "Frederick Montgomery Prince_George's Queen_Anne's St._Mary's",
    "MI": "Washtenaw Wayne",
    "MO": "Jackson St._Louis",
    "NC": "Brunswick Buncombe Cabarrus Catawba Columbus Cumberland Dare Duplin Durham Gaston Harnett "
    "Henderson Jackson Lee Mecklenburg New_Hanover Orange Transylvania Union Wake",
    "NM": "Dona_Ana Grant Hidalgo Luna Otero",
    "OH": "Butler Clermont Cuyahoga Franklin",
    "OK": "Oklahoma Tulsa",
    "OR": "Clackamas Marion Multnomah Washington",
    "PA": "Bucks Montgomery Philadelphia",
    "SC": "Beaufort Charleston Lexington York",
    "TN": "Davidson Shelby",
    "TX": "Aransas Bexar Brewster Cameron Collin Dallas Denton El_Paso Fort_Bend Galveston Harris Hidalgo "
    "Hudspeth Jeff_Davis Kinney Maverick Presidio Starr Tarrant Terrell Travis Val_Verde Webb Wharton Zapata",
    "UT": "Davis Salt_Lake Utah Weber",
    "VA": "Alexandria Arlington Chesterfield Fairfax Henrico Loudoun Prince_William Spotsylvania Stafford "
    "Virginia_Beach",
    "WI": "Milwaukee Racine",
}


def _names() -> tuple[str, ...]:
    return tuple(
        f"{county.replace('_', ' ')}, {state}" for state, row in _COUNTIES.items() for county in row.split()
    )


JURISDICTIONS = _names()
"""All jurisdictions, by state and name."""


class Removals(Struct, frozen=True):
    """Persons removed since a jurisdiction was activated, as one edition of the list gives them."""

    jurisdiction: str
    criminal: int
    noncriminal: int

    @property
    def total(self) -> int:
        """Everyone removed."""
        return self.criminal + self.noncriminal


def fall_of(jurisdiction: str) -> tuple[int, int]:
    """Non-criminal removals before and after, derived from difference and per cent."""
    difference, share = FALLS[jurisdiction]
    before = round(difference / share)
    return before, before - difference


def editions() -> tuple[tuple[Removals, ...], tuple[Removals, ...], tuple[Removals, ...]]:
    """The list through April, June and July 2010.

    The five hold from April to June and fall in July, while the convicted among them rise by more, as if
    persons had been moved from one column to the other; every other figure grows or holds.
    """
    chance = random.Random(2010)
    april, june, july = [], [], []
    for name in JURISDICTIONS:
        if name in FALLS:
            before, after = fall_of(name)
            criminal = round(before * chance.uniform(1.3, 1.8))
            moved = before - after
            april.append(Removals(name, criminal, before))
            june.append(Removals(name, criminal + round(moved * 0.02), before))
            july.append(Removals(name, criminal + moved + round(moved * 0.05), after))
        else:
            size = round(chance.lognormvariate(4.8, 0.9)) + 3
            row = Removals(name, round(size * chance.uniform(1.1, 2.2)), size)
            for edition in (april, june, july):
                edition.append(row)
                row = _grown(row, chance)
    return tuple(april), tuple(june), tuple(july)


def _grown(row: Removals, chance: random.Random) -> Removals:
    return Removals(
        row.jurisdiction,
        row.criminal + round(row.criminal * chance.uniform(0, 0.12)),
        row.noncriminal + round(row.noncriminal * chance.uniform(0.04, 0.22)) + chance.randint(2, 12),
    )


def activations() -> tuple[tuple[str, dt.date], ...]:
    """When each jurisdiction was activated (invented), between October 2008 and August 2010."""
    chance = random.Random(2008)
    early, late = dt.date(2008, 10, 27), dt.date(2010, 4, 27)
    later = (dt.date(2010, 6, 29), dt.date(2010, 8, 10))
    found = []
    for position, name in enumerate(JURISDICTIONS):
        if name != LEAVER and name not in FALLS and position % 9 == 4:
            date = later[position % 2]
        else:
            date = early + dt.timedelta(days=7 * chance.randint(0, (late - early).days // 7))
        found.append((name, date))
    return tuple(found)
