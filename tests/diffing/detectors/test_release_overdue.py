import datetime as dt

import pytest
from msgspec.structs import replace

from diffing.detectors.provenance.release_overdue import detect
from state.document import DateRole, StatedDate
from state.model import ConditionState, Verdict
from tests.diffing.rounds import DOCUMENT, FILES, PAGE, THE_PAGE, looked, only, released, reported, round_of

PROMISED = replace(FILES, cadence=dt.timedelta(days=14))
BIWEEKLY = [released(n) for n in (0, 14, 28, 42, 56)]


def overdue(releases, now, *, series=FILES, **fields):
    return list(detect(round_of([], releases=releases, now=now, series=series, **fields)))


def test_a_promise_is_overdue_after_its_grace():
    assert not overdue([released(0)], 17, series=PROMISED)
    assert (
        "no release for 18 days, one every 14 days is promised"
        in overdue([released(0)], 18, series=PROMISED)[0].title
    )


def test_38_days_without_a_biweekly_release_are_overdue():
    assert "38 days" in only(overdue(BIWEEKLY, 56 + 38)).title


def test_a_rhythm_is_learnt_from_four_releases():
    assert not overdue(BIWEEKLY[:3], 28 + 60)
    assert overdue(BIWEEKLY[:4], 42 + 60)


def test_a_late_week_in_a_loose_rhythm_is_no_delay():
    loose = [released(n) for n in (0, 10, 25, 40, 52, 65)]
    assert not overdue(loose, 65 + 18)
    assert overdue(loose, 65 + 30)


def test_releases_without_rhythm_are_overdue_only_beyond_anything_known():
    irregular = [released(n) for n in (0, 2, 40, 50, 53, 80)]
    assert not overdue(irregular, 80 + 45)
    assert overdue(irregular, 80 + 70)


@pytest.mark.parametrize(("days", "severity"), [(18, "high"), (41, "high"), (42, "critical")])
def test_it_escalates(days, severity):
    assert overdue([released(0)], days, series=PROMISED)[0].severity == severity


def test_a_quick_rhythm_needs_more_releases_to_show():
    daily = [released(n) for n in range(20)]
    assert not overdue(daily[:8], 7 + 20)
    assert overdue(daily, 19 + 20)


def test_a_wait_known_before_is_no_news():
    known = [released(n) for n in (0, 14, 28, 52, 66, 80)]
    assert overdue(known, 80 + 21)[0].severity == "info"
    assert overdue(known, 80 + 25)[0].severity == "medium"


def test_the_same_wait_has_one_identity():
    early, late = overdue(BIWEEKLY, 56 + 30)[0], overdue(BIWEEKLY, 56 + 90)[0]
    assert early.subject == late.subject
    assert early.severity.rank < late.severity.rank


def test_the_release_that_ends_the_wait_closes_it():
    past = [reported("release-overdue", first=80, last=94)]
    assert not overdue(BIWEEKLY, 95, findings=past, document=DOCUMENT)
    closed = [reported("release-overdue", first=-90, last=-80, state=ConditionState.CLOSED)]
    assert overdue(BIWEEKLY, 95, findings=closed, document=DOCUMENT)


def test_a_late_release_is_told_where_nobody_could_say_so_before():
    draft = only(overdue(BIWEEKLY, 56 + 38, document=DOCUMENT))
    assert "came 38 days after the one before" in draft.title


def test_a_reissue_does_not_end_the_wait():
    as_of = dt.date(2025, 3, 1)
    releases = [*BIWEEKLY[:-1], released(56, as_of=as_of)]
    document = replace(DOCUMENT, dates=(StatedDate("March 1, 2025", as_of, DateRole.AS_OF),))
    past = [reported("release-overdue", first=80, last=94)]
    draft = only(overdue(releases, 95, findings=past, document=document))
    assert "no release for 39 days" in draft.title


def test_our_own_absence_is_no_delay_of_theirs():
    before = [looked(Verdict.PRESENT, 56)]
    evidence = round_of(
        [looked(Verdict.PRESENT, 94)], before=before, releases=BIWEEKLY, series=FILES, document=DOCUMENT
    )
    assert not list(detect(evidence))


def test_edits_of_a_page_make_no_rhythm_but_its_dates_do():
    edits = [released(n, url=PAGE) for n in range(0, 70, 14)]
    assert not overdue(edits, 140, series=THE_PAGE)
    dated = [released(n, url=PAGE, as_of=dt.date(2025, 1, 1) + dt.timedelta(days=n)) for n in range(0, 70, 14)]
    assert overdue(dated, 140, series=THE_PAGE)
