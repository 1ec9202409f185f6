"""What must not alert: each trap between releases that are otherwise the same, nothing above info."""

from __future__ import annotations

import pytest

from state.model import Verdict
from state.vocabulary import OPERATIONS
from tests.incidents.living import above_info, live
from tests.incidents.making import Brought, Round, csv, day, files, page, series, source
from tests.incidents.traps import HEADER, REFUSALS, TRAPS, rows

BODY = page("Statistics", "Figures.", "<a href='https://agency.example/files/stats'>The figures</a>")


@pytest.mark.parametrize("name", TRAPS)
@pytest.mark.parametrize("one_name", [False, True], ids=["a new name", "in place"])
def test_nothing_above_info(name: str, one_name: bool) -> None:
    said = live(source(series()), files(*TRAPS[name](), first=20, one_name=one_name))
    assert [(finding.kind, finding.title) for each in said for finding in above_info(each)] == []


@pytest.mark.parametrize("name", TRAPS)
def test_nothing_above_info_of_a_page_itself(name: str) -> None:
    rounds = [
        Round(at=day(20 + 14 * number), brings={"page": [(source().url, body)]})
        for number, body in enumerate(TRAPS[name]())
    ]
    said = live(source(series("page")), rounds)
    assert [(finding.kind, finding.title) for each in said for finding in above_info(each)] == []


@pytest.mark.parametrize("name", REFUSALS)
def test_an_answer_that_shows_nothing_is_for_operators(name: str) -> None:
    said = live(source(series("page"), series()), _around(REFUSALS[name]))
    assert [(finding.kind, finding.title) for each in said for finding in above_info(each)] == []
    told = {finding.kind for finding in said[1]} & OPERATIONS
    assert told or name.startswith("404")


@pytest.mark.parametrize(
    "verdict",
    [Verdict.BLOCKED, Verdict.UNREACHABLE, Verdict.MAINTENANCE, Verdict.TRUNCATED, Verdict.EMPTY, Verdict.GONE],
)
def test_one_round_in_which_we_could_not_look_says_nothing_to_watchdogs(verdict: Verdict) -> None:
    said = live(source(series("page"), series()), _around(verdict))
    assert [(finding.kind, finding.title) for each in said for finding in above_info(each)] == []


def _around(brought: Brought) -> list[Round]:
    """A good round, one that brings this for the page, and a good one again."""
    stats = ("https://agency.example/files/stats", csv(HEADER, rows()))
    good = {"page": [(source().url, BODY)], "files": [stats]}
    return [
        Round(at=day(1), brings=good),
        Round(at=day(2), brings={"page": [(source().url, brought)]}),
        Round(at=day(3), brings=good),
    ]
