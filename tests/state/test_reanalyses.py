"""What is kept when releases are read again, and what was known on their own day."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from state.kinds import Severity
from state.model import ConditionState, Finding, Release
from state.reanalysis import Difference
from state.search.texts import texts_of as texts_by_number
from state.store import Store
from tests.budgets import examples
from tests.state.examples import LETTERS, PAGE, SOURCE, capture, condition, facts, finding, hours, table

LATER = hours(1_000)


def release_at(store: Store, at: float, *, texts: tuple[str, ...] = (), said: tuple[Finding, ...] = ()) -> Release:
    """A release of the page that a round recorded and judged."""
    (release,) = store.record(SOURCE, [capture(f"page {at}", at)])
    store.report(
        source=SOURCE.id,
        series="page",
        release=release,
        facts=facts(release.id, release.at),
        texts=tuple(("", text) for text in texts),
        findings=said,
        at=hours(at + 0.1),
    )
    return release


def unnamed(difference: Difference) -> Difference:
    """A difference without the names of events."""
    now_also, no_longer = (
        tuple(replace(each, event=None) for each in side) for side in (difference.now_also, difference.no_longer)
    )
    return Difference(now_also, no_longer)


def reread(store: Store, release: Release, *findings: Finding, texts: tuple[str, ...] = ()) -> Difference:
    difference = store.reanalyses.keep(
        release,
        facts=facts(release.id, release.at, tables=(table(7.0),)),
        view={"anew": True},
        texts=tuple(("", text) for text in texts),
        findings=findings,
        reading=None,
        at=LATER,
    )
    return unnamed(difference)


def event_of(store: Store, id: str) -> str | None:
    return store.archive.occurrences(id)[-1][1].event


def test_figures_are_those_of_today_and_what_was_said_stays_said(store: Store) -> None:
    gone, stays, fresh = finding(id="gone"), finding(id="stays"), finding(id="fresh")
    release = release_at(store, 0, said=(gone, stays))
    store.reanalyses.begin(SOURCE.id, "page")
    assert reread(store, release, stays, fresh) == Difference(now_also=(fresh,), no_longer=(gone,))
    store.reanalyses.finish(SOURCE.id, "page")
    kept = store.archive.facts(release)
    assert kept is not None
    assert [each.values for each in kept.tables] == [((7.0,),)]
    said = {past.finding.id: past.finding for past in store.archive.findings()}
    (retraction,) = [each for each in said.values() if each.kind == "retracted"]
    assert (retraction.before, retraction.severity.value) == (event_of(store, "gone"), "info")
    assert said.keys() == {"stays", "fresh", retraction.id}
    assert [at for at, _ in store.archive.occurrences("gone")] == [hours(0.1)]  # it was said, and is retracted
    assert [at for at, _ in store.archive.occurrences("fresh")] == [release.at]
    (of_gone,), (of_fresh,) = store.notes.of("gone"), store.notes.of("fresh")
    assert (of_gone.words[:11], of_gone.release, of_gone.at) == ("No longer: ", release.id, LATER)
    assert (of_fresh.words[:10], of_fresh.release, of_fresh.at) == ("Now also: ", release.id, LATER)
    assert store.notes.of("stays") == ()


def test_a_second_reading_tells_only_what_is_new_since_the_first(store: Store) -> None:
    release = release_at(store, 0, said=(finding(id="gone"),))
    store.reanalyses.begin(SOURCE.id, "page")
    reread(store, release, finding(id="fresh"))
    assert reread(store, release, finding(id="fresh")) == Difference()
    assert reread(store, release) == Difference(no_longer=(finding(id="fresh"),))
    back = reread(store, release, finding(id="gone"))
    assert back == Difference(now_also=(finding(id="gone"),))
    assert len(store.archive.occurrences("gone")) == 1
    assert [note.words.split(":")[0] for note in store.notes.of("gone")] == ["No longer", "Now also"]
    stands = {(each.kind, each.before) for _, each in store.archive.said_of(release) if each.kind == "retracted"}
    assert stands == {("retracted", event_of(store, "fresh"))}  # what retracted the other does not stand any more


def test_the_same_statement_about_two_releases_is_told_apart(store: Store) -> None:
    first, second = release_at(store, 0, said=(finding(),)), release_at(store, 1, said=(finding(),))
    store.reanalyses.begin(SOURCE.id, "page")
    assert reread(store, first) == Difference(no_longer=(finding(),))
    assert reread(store, second, finding()) == Difference()


def test_conditions_are_not_judged_again(store: Store) -> None:
    release = release_at(store, 0, said=(condition(),))
    store.reanalyses.begin(SOURCE.id, "page")
    assert reread(store, release, condition(id="other")) == Difference()
    (past,) = store.archive.findings()
    assert (past.finding.id, past.state) == ("c1", ConditionState.OPEN)


def test_people_may_write_notes_that_begin_alike(store: Store) -> None:
    release = release_at(store, 0, said=(finding(),))
    store.notes.add("f1", "No longer: true, they called us.", author="reanalyse", at=LATER)
    store.reanalyses.begin(SOURCE.id, "page")
    assert reread(store, release, finding()) == Difference()


def test_a_release_is_judged_by_what_was_said_before_it(store: Store) -> None:
    first = release_at(store, 0, said=(finding(id="first"),))
    second = release_at(store, 1, said=(finding(id="first", title="Again"), condition()))
    third = release_at(store, 2, said=(finding(id="third"),))

    def known(release: Release) -> list[tuple[str, str]]:
        past = store.archive.past(SOURCE.id, "page", before=release, own_day=True)
        return sorted((each.finding.id, each.finding.title) for each in past.findings())

    removals = finding().title
    assert known(first) == []
    assert known(second) == [("first", removals)]
    assert known(third) == [("c1", "The page is gone"), ("first", "Again")]
    store.reanalyses.begin(SOURCE.id, "page")
    reread(store, second)
    assert known(third) == [("c1", "The page is gone"), ("first", removals)]


def test_a_condition_stood_open_on_a_day_before_it_was_closed(store: Store) -> None:
    release_at(store, 0, said=(condition(),))
    second, third = release_at(store, 1), release_at(store, 2)  # the second closes it

    def states(release: Release) -> list[ConditionState]:
        return [
            each.state for each in store.archive.past(SOURCE.id, "page", before=release, own_day=True).findings()
        ]

    assert (states(second), states(third)) == ([ConditionState.OPEN], [ConditionState.CLOSED])


def test_documents_linked_later_are_not_known_on_an_earlier_day(store: Store) -> None:
    linked = capture("one", 0, links=(("letters", f"{PAGE}/early.pdf", "Early"),))
    (first,) = store.record(SOURCE, [linked])
    later = capture("two", 5, links=(("letters", f"{PAGE}/late.pdf", "Late"),))
    (second,) = store.record(SOURCE, [later])
    urls = [
        set(store.archive.past(SOURCE.id, "page", before=release, page="page", own_day=True).links())
        for release in (first, second)
    ]
    assert urls == [{f"{PAGE}/early.pdf"}, {f"{PAGE}/early.pdf", f"{PAGE}/late.pdf"}]


def test_the_looks_of_a_round_are_those_recorded_with_the_release(store: Store) -> None:
    one, other = f"{PAGE}/one.pdf", f"{PAGE}/other.pdf"
    store.record(SOURCE, [capture("page", 0)])
    releases = store.record(
        SOURCE,
        [
            capture("page again", 1),
            capture(b"one", 1.01, series="letters", url=one),
            capture(b"other", 1.02, series="letters", url=other),
        ],
    )
    store.record(SOURCE, [capture("page", 2)])
    looks = store.reanalyses.past.looks(releases[1], page="page")
    assert [(look.url, look.at) for look in looks] == [(PAGE, hours(1)), (one, hours(1.01))]


def test_what_no_round_has_judged_yet_is_left_to_it(store: Store) -> None:
    release = release_at(store, 0)
    store.record(SOURCE, [capture("not judged", 1)])
    assert [each.id for _, each in store.reanalyses.past.releases(SOURCE.id, "page")] == [release.id]
    assert store.reanalyses.past.count(SOURCE.id, "page") == 1


def test_what_documents_of_a_round_share_is_held_against_that_round(store: Store) -> None:
    shared = finding("text-changed", id="shared", series="letters", severity=Severity.MEDIUM)
    rounds = []
    for at in (0, 10):
        urls = [f"{PAGE}/{number}.pdf" for number in range(3)]
        looks = [capture(f"{url} {at}", at, series=LETTERS.name, url=url) for url in urls]
        rounds.append(store.record(SOURCE, looks))
        store.report(source=SOURCE.id, series=LETTERS.name, findings=(shared,) if at else (), at=hours(at + 0.1))
    store.reanalyses.begin(SOURCE.id, LETTERS.name)
    assert store.reanalyses.say_together(rounds[1], [shared], at=LATER) == Difference()
    assert unnamed(store.reanalyses.say_together(rounds[0], [shared], at=LATER)) == Difference(now_also=(shared,))
    assert store.reanalyses.say_together(rounds[1], [], at=LATER).no_longer != ()


TEXTS = st.frozensets(st.sampled_from("abcdef"), max_size=4)
STEPS = st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), min_size=1, max_size=7)


@settings(max_examples=examples(40))
@given(STEPS, st.integers(0, 6))
def test_each_release_has_the_texts_that_were_read_last(
    steps: list[tuple[frozenset[str], frozenset[str], bool]], since: int
) -> None:
    """Releases before ``since`` and those passed over keep what they had, all others what they read now."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "archive.db") as store:
        releases = [release_at(store, at, texts=tuple(sorted(texts))) for at, (texts, _, _) in enumerate(steps)]
        expected = texts_of(Path(folder) / "archive.db")
        day = "" if not since else hours(since).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        store.reanalyses.begin(SOURCE.id, "page", since=day)
        for at, (release, (_, anew, passed_over)) in enumerate(zip(releases, steps, strict=True)):
            if at < since:
                continue
            if passed_over:
                store.reanalyses.pass_over(release)
            else:
                reread(store, release, texts=tuple(sorted(anew)))
                expected[release.id] = anew | {"stewart"}  # the row label of the table
        store.reanalyses.finish(SOURCE.id, "page", since=day)
        assert texts_of(Path(folder) / "archive.db") == expected


def texts_of(path: Path) -> dict[str, frozenset[str]]:
    """The texts of each release, as a search would find them; a text stands at most once in a release."""
    db = sqlite3.connect(path)
    rows = db.execute(
        "SELECT release.id, text_seen.text FROM release LEFT JOIN text_seen ON release.no >= first"
        " AND (last IS NULL OR release.no <= last)"
    ).fetchall()
    words = {number: text for number, (_, text) in texts_by_number(db, {text for _, text in rows if text}).items()}
    db.close()
    assert len(rows) == len(set(rows))
    ids = {id for id, _ in rows}
    return {id: frozenset(words[text] for each, text in rows if each == id and text) for id in ids}


def test_releases_that_come_meanwhile_keep_their_texts(store: Store) -> None:
    first = release_at(store, 0, texts=("banner", "figures"))
    store.reanalyses.begin(SOURCE.id, "page")
    reread(store, first, texts=("figures",))
    second = release_at(store, 1, texts=("figures", "news"))
    (waiting,) = store.record(SOURCE, [capture("not judged", 2)])
    store.reanalyses.finish(SOURCE.id, "page")
    found = texts_of(store.path)
    assert found[first.id] == {"figures", "stewart"}
    assert found[second.id] == {"figures", "news"}
    assert found[waiting.id] == {"figures", "news"}  # until it is judged


def test_an_end_before_the_last_release_leaves_the_texts_as_they_were(store: Store) -> None:
    releases = [release_at(store, at, texts=("banner", "figures")) for at in range(3)]
    before = texts_of(store.path)
    store.reanalyses.begin(SOURCE.id, "page")
    reread(store, releases[0], texts=("figures",))
    assert texts_of(store.path) == before
    store.reanalyses.begin(SOURCE.id, "page")
    for release in releases:
        reread(store, release, texts=("figures",))
    store.reanalyses.finish(SOURCE.id, "page")
    assert all(found == {"figures", "stewart"} for found in texts_of(store.path).values())


@pytest.mark.parametrize("series", ["page", "letters"])
def test_a_series_without_releases_is_nothing_to_do(store: Store, series: str) -> None:
    store.reanalyses.begin(SOURCE.id, series)
    store.reanalyses.finish(SOURCE.id, series)
    assert list(store.reanalyses.past.releases(SOURCE.id, series)) == []


def test_a_finding_keeps_the_words_in_which_it_was_said(store: Store) -> None:
    release = release_at(store, 0, said=(finding(),))
    store.reanalyses.begin(SOURCE.id, "page")
    assert reread(store, release, replace(finding(), title="Otherwise")) == Difference()
    assert [said.title for _, said in store.archive.occurrences("f1")] == [finding().title]
