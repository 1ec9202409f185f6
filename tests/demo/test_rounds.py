from __future__ import annotations

from itertools import pairwise

from demo.make_documents import SITE
from demo.rounds import ROUNDS, answers_in, watched_in
from demo.watch_list import demo_sources
from state.kinds import Severity
from state.vocabulary import KINDS, OPERATIONS

NUMBERS = range(1, len(ROUNDS) + 1)


def test_rounds_follow_each_other_in_time() -> None:
    assert all(before.at < after.at for before, after in pairwise(ROUNDS))
    assert (ROUNDS[0].at.year, ROUNDS[-1].at.year) == (2009, 2010)
    assert all(turn.at.utcoffset() is not None for turn in ROUNDS)


def test_every_file_of_the_site_is_served_and_every_file_served_is_there() -> None:
    served = {answer.file for number in NUMBERS for answer in answers_in(number).values() if answer.file}
    assert served == {path.name for path in SITE.iterdir()}


def test_incidents_one_to_seven_are_all_told() -> None:
    assert {said.incident for turn in ROUNDS for said in turn.says} - {None} == {1, 2, 3, 4, 5, 6, 7}
    assert "file-withdrawn" in {said.kind for turn in ROUNDS for said in turn.says}


def test_what_is_to_be_said_fits_the_vocabulary_and_the_sources_followed() -> None:
    for number, turn in enumerate(ROUNDS, start=1):
        for said in turn.says:
            assert KINDS[said.kind].severity.rank > Severity.INFO.rank
            assert said.kind not in OPERATIONS
        assert {said.kind for said in turn.operators} <= OPERATIONS
        assert {said.source for said in (*turn.says, *turn.operators)} <= set(watched_in(number))


def test_every_source_joins_once_and_has_a_file() -> None:
    joined = [source for turn in ROUNDS for source in turn.joins]
    assert sorted(joined) == sorted(source.id for source in demo_sources("http://127.0.0.1:1"))


def test_troubles_pass() -> None:
    for number, turn in enumerate(ROUNDS, start=1):
        if turn.passing:
            troubled = {address for address, answer in answers_in(number).items() if answer.status >= 400}
            assert troubled - {
                address for address, answer in answers_in(number + 1).items() if answer.status >= 400
            }
