from __future__ import annotations

import pytest

from state.errors import StoreError
from state.notes import LONGEST
from state.store import Store
from tests.state.examples import SOURCE, capture, finding, hours


def test_notes_stand_beside_a_release_and_a_finding_in_order(store: Store) -> None:
    (release,) = store.record(SOURCE, [capture("one")])
    store.report(source=SOURCE.id, series="page", release=release, findings=[finding()], at=hours(1))
    store.notes.add(release.id, "asked the press office", author="desk", at=hours(2))
    store.notes.add(release.id, "no answer yet", author="desk", at=hours(3))
    beside = store.notes.add("f1", " confirmed ", author="archivist", at=hours(4))
    assert [note.words for note in store.notes.of(release.id)] == ["asked the press office", "no answer yet"]
    assert store.notes.of("f1") == (beside,)
    assert (beside.words, beside.finding, beside.release) == ("confirmed", "f1", None)
    assert store.notes.of("unknown") == ()


@pytest.mark.parametrize(
    ("subject", "words", "why"),
    [
        ("nothing", "words", "no release and no finding"),
        ("f1", "  ", "needs words"),
        ("f1", "x" * (LONGEST + 1), "most"),
    ],
)
def test_what_cannot_be_noted_is_said(store: Store, subject: str, words: str, why: str) -> None:
    with pytest.raises(StoreError, match=why):
        store.notes.add(subject, words, author="desk", at=hours(1))
