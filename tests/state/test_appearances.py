from __future__ import annotations

from state.kinds import Severity
from state.model import Release, Verdict
from state.reading.timeline import Browser
from state.reading.visibility import Look, runs_of
from state.store import Store
from state.vocabulary import KINDS
from tests.state.examples import SOURCE, capture, condition, facts, finding, hours


def _publish(store: Store, at: float, *, content: str, kind: str | None = None) -> Release:
    (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
    said = [finding(kind, id=f"f{at}")] if kind else []
    told = facts(release.id, release.at, content=content)
    store.report(source=SOURCE.id, series="page", release=release, facts=told, findings=said, at=release.at)
    return release


def test_captures_with_nothing_but_furniture_changed_are_one_edition(store: Store) -> None:
    first = _publish(store, 0, content="a")
    _publish(store, 1, content="a")
    changed = _publish(store, 2, content="b", kind="text-vanished")
    _publish(store, 3, content="b")
    with Browser(store.path) as browser:
        (line,) = browser.timeline(SOURCE.id)
        assert [(entry.release.id, entry.again) for entry in line.entries] == [(changed.id, 1), (first.id, 1)]
        assert browser.counts().releases == 2
        assert [source.releases for source in browser.sources()] == [2]


def test_an_edition_was_there_from_its_first_to_its_last_good_look(store: Store) -> None:
    first = _publish(store, 0, content="a")
    store.record(SOURCE, [capture(b"", 1, verdict=Verdict.UNCHANGED, status=304)])
    store.record(SOURCE, [capture(b"", 2, verdict=Verdict.UNREACHABLE, status=None)])
    second = _publish(store, 3, content="b")
    with Browser(store.path) as browser:
        before, after = browser.presence(first.id), browser.presence(second.id)
    assert (before.first_at, before.last_at, before.looks) == (hours(0), hours(1), 2)
    assert before.after == Look(hours(3), Verdict.PRESENT, 200)
    assert not before.gone
    assert after.still


def test_a_404_ends_an_edition_and_one_in_between_is_told(store: Store) -> None:
    release = _publish(store, 0, content="a")
    store.record(SOURCE, [capture(b"", 1, verdict=Verdict.GONE)])
    store.record(SOURCE, [capture("body 0", 2)])
    store.record(SOURCE, [capture(b"", 3, verdict=Verdict.GONE)])
    with Browser(store.path) as browser:
        presence = browser.presence(release.id)
        assert browser.troubles(SOURCE.id, limit=10) == ()
    assert [look.at for look in presence.missed] == [hours(1)]
    assert presence.last_at == hours(2)
    assert presence.gone
    assert presence.after == Look(hours(3), Verdict.GONE, 404)


def test_a_page_that_is_gone_is_told_with_its_last_copy(store: Store) -> None:
    release = _publish(store, 0, content="a")
    store.record(SOURCE, [capture(b"", 1, verdict=Verdict.GONE)])
    store.report(source=SOURCE.id, series="page", findings=[condition()], at=hours(1))
    with Browser(store.path) as browser:
        told = browser.finding("c1")
        assert told is not None
        (copy,) = told.copies
        assert [past.finding.kind for past in browser.findings_of(release.id)] == ["page-gone"]
        ((entry,),) = (line.entries for line in browser.timeline(SOURCE.id))
    assert copy.release.id == release.id
    assert [first.status for first, _ in copy.looks] == [404]
    assert [past.finding.kind for past in entry.findings] == ["page-gone"]


def test_the_last_look_is_the_page_s_own(store: Store) -> None:
    _publish(store, 0, content="a")
    letter = "https://www.example.gov/letter.pdf"
    store.record(SOURCE, [capture(b"", 1, series="letters", url=letter, verdict=Verdict.GONE)])
    with Browser(store.path) as browser:
        (line,) = browser.sources()
    assert (line.last_verdict, line.last_at) == ("present", hours(0))


def test_findings_are_dated_by_their_first_telling_or_when_they_became_graver(store: Store) -> None:
    _publish(store, 0, content="a")
    for at, severity in enumerate((Severity.HIGH, Severity.HIGH, Severity.CRITICAL, Severity.CRITICAL), start=1):
        store.record(SOURCE, [capture(b"", at, verdict=Verdict.GONE)])
        store.report(source=SOURCE.id, series="page", findings=[condition(severity=severity)], at=hours(at))
        with Browser(store.path) as browser:
            (past,) = browser.findings()
        assert past.told_at == hours(1 if at < 3 else 3)
        assert past.last_at == hours(at)


def test_a_condition_that_comes_back_is_told_anew(store: Store) -> None:
    _publish(store, 0, content="a")
    for at, verdict in ((1, Verdict.GONE), (2, Verdict.PRESENT), (3, Verdict.GONE), (4, Verdict.GONE)):
        gone = verdict is Verdict.GONE
        store.record(SOURCE, [capture("" if gone else "body 0", at, verdict=verdict)])
        store.report(source=SOURCE.id, series="page", findings=[condition()] if gone else [], at=hours(at))
    with Browser(store.path) as browser:
        (past,) = browser.findings()
    assert past.told_at == hours(3)


def test_looks_that_show_the_same_are_one_run() -> None:
    looks = [Look(hours(at), Verdict.GONE, status) for at, status in enumerate((404, 404, 410))]
    assert runs_of(looks) == ((looks[0], looks[1]), (looks[2], looks[2]))
    assert runs_of([]) == ()


def test_the_front_page_knows_what_came_in_between(store: Store) -> None:
    store.record(SOURCE, [capture("one")])
    with Browser(store.path) as browser:
        assert browser.counts().releases == 1
        store.record(SOURCE, [capture("two", 1)])
        assert browser.counts().releases == 2
        assert [line.releases for line in browser.sources()] == [2]


def test_of_one_minute_the_gravest_is_listed_first(store: Store) -> None:
    first = _publish(store, 0, content="a", kind="text-added")
    (release,) = store.record(SOURCE, [capture("body 1", 1)])
    kinds = ("cumulative-decreased", "headline-changed", "term-dropped")
    store.report(
        source=SOURCE.id,
        series="page",
        release=release,
        facts=facts(release.id, release.at),
        findings=[finding(kind, id=kind, severity=KINDS[kind].severity) for kind in reversed(kinds)],
        at=release.at,
    )
    with Browser(store.path) as browser:
        listed = [past.finding.kind for past in browser.findings()]
        assert listed == [*kinds, "text-added"]
        assert [past.finding.kind for past in browser.findings(limit=1)] == [kinds[0]]
        assert [past.finding.kind for past in browser.findings_of(first.id)] == ["text-added"]
