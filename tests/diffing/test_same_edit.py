"""Edits that several pages share, told as one, and what stays with each page."""

from __future__ import annotations

from diffing.same_edit import FEWEST_PAGES, PageFindings, group_same_edits
from state.kinds import Severity
from state.model import Finding, Item


def _fell(number: int, after: int) -> Finding:
    items = (Item(row="Webb", before=9_000, after=after),)
    return Finding(
        id=f"{number} {after}",
        kind="cumulative-decreased",
        severity=Severity.CRITICAL,
        title="Removals fell",
        items=items,
        source="test/tables",
        series="tables",
    )


def _pages(count: int, after: int) -> list[PageFindings]:
    return [PageFindings(f"https://example.gov/{n}.csv", (_fell(n, after),)) for n in range(count)]


def test_what_several_share_is_told_as_one() -> None:
    alone, shared = group_same_edits(_pages(FEWEST_PAGES, 8_900))
    assert [page.findings for page in alone] == [()] * FEWEST_PAGES
    assert [(each.count, each.kind) for each in shared] == [(FEWEST_PAGES, "cumulative-decreased")]


def test_an_edit_of_a_page_that_shared_another_one_stays() -> None:
    several = _pages(FEWEST_PAGES, 8_900)
    (later,) = _pages(1, 8_800)  # as where a round finds two releases of a page that were not judged yet
    alone, shared = group_same_edits([*several, later])
    assert len(shared) == 1
    assert alone[-1] == later
