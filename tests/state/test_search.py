from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from state.errors import StoreError
from state.model import Verdict
from state.reading.timeline import Browser
from state.store import Store
from tests.state.examples import SOURCE, alert, capture, facts, hours, table


def _publish(store: Store, at: float, *texts: str) -> str:
    (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
    store.report(
        source=SOURCE.id,
        series="page",
        release=release,
        facts=facts(release.id, release.at, tables=(table(at),)),
        texts=[("Participation", text) for text in texts],
        at=release.at,
    )
    return release.id


def test_words_are_found_in_every_version_with_the_release_that_had_them_first(store: Store) -> None:
    ids = [_publish(store, 0, "Participation is voluntary."), _publish(store, 1, "Participation is mandatory.")]
    store.index_texts()
    with Browser(store.path) as browser:
        (gone,) = browser.search("voluntary", limit=10)
        (new,) = browser.search("MANDATORY participation", limit=10)
        assert browser.search("voluntary mandatory", limit=10) == ()
    assert (gone.release, gone.section) == (ids[0], "Participation")
    assert new.release == ids[1]


def test_row_labels_are_found_once_however_their_figures_change(store: Store) -> None:
    ids = [_publish(store, at) for at in range(3)]
    store.index_texts()
    with Browser(store.path) as browser:
        (hit,) = browser.search("stewart", limit=10)
    assert (hit.release, hit.text, hit.section) == (ids[0], "stewart", "Removals")


def test_what_people_type_is_words_and_never_syntax(store: Store) -> None:
    _publish(store, 0, 'He said "AND" (twice)*')
    store.index_texts()
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
    store.index_texts()
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
    store.index_texts()
    with Browser(store.path) as browser:
        for label in every:
            (hit,) = browser.search(label, limit=10)
            assert hit.at == hours(0)
            if label == "county 060":
                assert hit.gone_from is not None
                assert (hit.last_at, hit.gone_from.id) == (hours(0), release.id)
            else:
                assert (hit.last_at, hit.gone_from) == (hours(2), None)


def test_what_a_killed_round_left_unindexed_is_indexed_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    store = Store(path)
    (release,) = store.record(SOURCE, [capture("one")])
    store.report(source=SOURCE.id, series="page", release=release, texts=[("", "left behind")], at=release.at)
    store.close()
    with Browser(path) as browser:
        assert browser.search("behind", limit=10) == ()
    with Store(path):
        pass
    with Browser(path) as browser:
        assert len(browser.search("behind", limit=10)) == 1


def test_a_text_that_waits_to_be_indexed_is_known_whoever_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as one, Store(path) as other:
        for at, store in enumerate((one, other, one, other)):
            (release,) = store.record(SOURCE, [capture(f"body {at}", at)])
            texts = [("", "the policy on opting out"), ("", f"passage {at}")]
            store.report(source=SOURCE.id, series="page", release=release, texts=texts, at=release.at)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT sum(count) FROM text_bundle").fetchone()[0] == 5
        assert db.execute("SELECT count(*) FROM text").fetchone()[0] == 5
    with Browser(path) as browser:
        (hit,) = browser.search("policy opting", limit=10)
    assert hit.at == hours(0)


def test_a_report_that_fails_leaves_no_text_behind(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Store(path) as store:
        (first,) = store.record(SOURCE, [capture("one", 0)])
        with pytest.raises(StoreError):
            store.report(
                source=SOURCE.id,
                series="page",
                release=first,
                texts=[("", "said in vain")],
                alerts=[alert(destination=None)],  # type: ignore[arg-type]
                at=first.at,
            )
        (second,) = store.record(SOURCE, [capture("two", 1)])
        for release, said in ((second, "said in earnest"), (first, "said in vain")):
            store.report(source=SOURCE.id, series="page", release=release, texts=[("", said)], at=release.at)
    with Browser(path) as browser:
        assert [hit.release for hit in browser.search("earnest", limit=10)] == [second.id]
        assert [hit.release for hit in browser.search("vain", limit=10)] == [first.id]
