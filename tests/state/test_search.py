from __future__ import annotations

from dataclasses import replace

from state.browsing import Browser
from state.document import Block
from state.model import Verdict
from state.store import Store
from tests.state.examples import SOURCE, capture, facts, hours, table


def _publish(store: Store, at: float, *texts: str) -> str:
    (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
    store.report(
        source=SOURCE.id,
        series="page",
        release=release,
        facts=facts(release.id, release.at, tables=(table(at),)),
        blocks=[Block(text, heading=("Participation",)) for text in texts],
        at=release.at,
    )
    return release.id


def test_words_are_found_in_every_version_with_the_release_that_had_them_first(store: Store) -> None:
    ids = [_publish(store, 0, "Participation is voluntary."), _publish(store, 1, "Participation is mandatory.")]
    with Browser(store.path) as browser:
        (gone,) = browser.search("voluntary", limit=10)
        (new,) = browser.search("MANDATORY participation", limit=10)
        assert browser.search("voluntary mandatory", limit=10) == ()
    assert (gone.release, gone.section) == (ids[0], "Participation")
    assert new.release == ids[1]


def test_row_labels_are_found_once_however_their_figures_change(store: Store) -> None:
    ids = [_publish(store, at) for at in range(3)]
    with Browser(store.path) as browser:
        (hit,) = browser.search("stewart", limit=10)
    assert (hit.release, hit.text, hit.section) == (ids[0], "stewart", "Removals")


def test_what_people_type_is_words_and_never_syntax(store: Store) -> None:
    _publish(store, 0, 'He said "AND" (twice)*')
    with Browser(store.path) as browser:
        for typed in ('"AND"', "said AND", "twice)", "NEAR(", "he*", "col:x", "-said", '"', "   "):
            browser.search(typed, limit=10)
        assert len(browser.search('"AND" (twice)', limit=10)) == 1


def test_a_row_label_that_left_is_found_and_its_neighbours_keep_their_release(store: Store) -> None:
    every = tuple(f"county {number:03}" for number in range(120))
    ids = []
    for at, rows in enumerate((every, every[:60] + every[61:])):
        (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
        told = facts(release.id, release.at, tables=(replace(table(at), rows=rows),))
        store.report(source=SOURCE.id, series="page", release=release, facts=told, at=release.at)
        ids.append(release.id)
    with Browser(store.path) as browser:
        for label in ("county 060", "County 061", "county 119"):
            (hit,) = browser.search(label, limit=10)
            assert (hit.text, hit.release) == (label.lower(), ids[0])
    written = store._db.execute("SELECT count(*) FROM text").fetchone()[0]
    again = store._db.execute("SELECT count(*) FROM text_seen WHERE first = 2").fetchone()[0]
    assert written < 40
    assert again <= 2


def test_a_row_label_whose_neighbours_changed_was_there_all_the_time(store: Store) -> None:
    every = tuple(f"county {number:03}" for number in range(120))
    for at, rows in enumerate((every, every[:60] + every[61:])):
        (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
        told = facts(release.id, release.at, tables=(replace(table(at), rows=rows),))
        store.report(source=SOURCE.id, series="page", release=release, facts=told, at=release.at)
    store.record(SOURCE, [capture(b"", 2, verdict=Verdict.UNCHANGED, status=304)])
    with Browser(store.path) as browser:
        for label in every:
            (hit,) = browser.search(label, limit=10)
            assert hit.at == hours(0)
            if label == "county 060":
                assert hit.gone_from is not None
                assert (hit.last_at, hit.gone_from.id) == (hours(0), release.id)
            else:
                assert (hit.last_at, hit.gone_from) == (hours(2), None)
