"""Which release is compared with which, where files of one series stand side by side."""

from __future__ import annotations

from state.model import Release, Verdict
from state.store import Store
from tests.state.examples import SOURCE, capture

FOLDER = "https://www.example.gov/doclib/"


def _round(store: Store, at: float, **files: str) -> dict[str, Release]:
    """A round that finds ``files``, name and content, oldest first; the releases that it brought."""
    captures = [
        capture(
            body if body != "304" else b"",
            at,
            series="statistics",
            url=f"{FOLDER}{name}_stats.xlsx",
            verdict=Verdict.UNCHANGED if body == "304" else Verdict.PRESENT,
        )
        for name, body in files.items()
    ]
    return {release.url.removeprefix(FOLDER)[:-11]: release for release in store.record(SOURCE, captures)}


def test_one_file_overwritten_in_place(store: Store) -> None:
    first, second = (_round(store, at, fy26=body)["fy26"] for at, body in enumerate(["one", "two"]))
    assert store.previous(first) is None
    assert store.previous(second) == first


def test_a_new_name_for_each_release(store: Store) -> None:
    names = ["fy26a", "fy26b", "fy26c"]
    releases = [_round(store, at, **{name: name})[name] for at, name in enumerate(names)]
    assert [store.previous(release) for release in releases] == [None, *releases[:2]]


def test_files_that_the_first_round_finds_are_all_baselines(store: Store) -> None:
    found = _round(store, 0, fy24="a", fy25="b", fy26="c")
    assert [store.previous(release) for release in found.values()] == [None] * 3


def test_two_editions_that_one_later_round_finds_follow_each_other(store: Store) -> None:
    base = _round(store, 0, fy26a="a")["fy26a"]
    found = _round(store, 9, fy26a="a", fy26b="b", fy26c="c")
    assert store.previous(found["fy26b"]) == base
    assert store.previous(found["fy26c"]) == found["fy26b"]


def test_an_older_file_replaced_in_place_is_compared_with_itself(store: Store) -> None:
    base = _round(store, 0, fy25="a", fy26="b")
    second = _round(store, 1, fy25="304", fy26="b2")["fy26"]
    rewritten = _round(store, 2, fy25="a, rewritten", fy26="304")["fy25"]
    third = _round(store, 3, fy25="304", fy26="b3")["fy26"]
    assert store.previous(second) == base["fy26"]
    assert store.previous(rewritten) == base["fy25"]
    assert store.previous(third) == second


def test_the_next_edition_is_not_compared_with_a_rewritten_older_file(store: Store) -> None:
    base = _round(store, 0, fy25="a", fy26a="b")
    _round(store, 1, fy25="a, rewritten", fy26a="304")
    fresh = _round(store, 2, fy25="304", fy26a="304", fy26b="c")["fy26b"]
    assert store.previous(fresh) == base["fy26a"]


def test_two_names_used_in_turn_are_one_series(store: Store) -> None:
    releases = [_round(store, at, **{"ab"[at % 2]: str(at)})["ab"[at % 2]] for at in range(4)]
    assert [store.previous(release) for release in releases] == [None, *releases[:3]]


def test_the_further_pages_of_a_listing_are_kept_and_are_no_releases(store: Store) -> None:
    further = capture("more", series="listing", url=SOURCE.url + "?page=2")
    assert store.record(SOURCE, [further]) == []
    assert store.body(Store.digest(b"more")) == b"more"
