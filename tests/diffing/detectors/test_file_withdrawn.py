from msgspec.structs import replace

from diffing.detectors.vanished.file_withdrawn import detect
from state.model import Verdict
from tests.diffing.rounds import FILES, LETTERS, THE_PAGE, looked, only, released, round_of

BASE = "https://publisher.example"
LETTER = f"{BASE}/letters/{{}}.pdf"


def page_looks(*days):
    return [looked(Verdict.PRESENT, at) for at in days]


def listing_round(links, *, days=(0, 1, 2), series=LETTERS, releases=(), **fields):
    *before, now = page_looks(*days)
    return round_of([now], before=before, links=links, series=series, releases=releases, **fields)


def test_two_good_looks_without_the_link_confirm():
    links = {LETTER.format("a"): 2, LETTER.format("b"): 0}
    draft = only(detect(listing_round(links)))
    assert [item.url for item in draft.items] == [LETTER.format("b")]
    assert "linked on 1 January 2025" in draft.reason


def test_one_look_without_the_link_is_not_enough():
    assert not list(detect(listing_round({LETTER.format("b"): 1})))


def test_a_blocked_look_is_no_look():
    links = {LETTER.format("b"): 0}
    before = [looked(Verdict.PRESENT, 0), looked(Verdict.PRESENT, 1)]
    assert not list(detect(round_of([looked(Verdict.BLOCKED, 2)], before=before, links=links, series=LETTERS)))
    later = [*before, looked(Verdict.BLOCKED, 2)]
    assert only(detect(round_of([looked(Verdict.PRESENT, 3)], before=later, links=links, series=LETTERS)))


def test_what_the_newest_look_still_links_is_there_even_if_nobody_asked_for_it():
    links = {LETTER.format("b"): 0}
    page = looked(Verdict.PRESENT, 2, links=(("letters", LETTER.format("b"), "A letter"),))
    assert not list(detect(round_of([page], before=page_looks(0, 1), links=links, series=LETTERS)))


def test_a_list_of_the_newest_only_withdraws_nothing():
    rolling = replace(LETTERS, rolling=True)
    assert not list(detect(listing_round({LETTER.format("b"): 0}, series=rolling)))


def test_the_page_leaves_the_documents_of_a_series_to_it():
    assert not list(detect(listing_round({LETTER.format("b"): 0}, series=THE_PAGE)))
    other = f"{BASE}/else/b.pdf"
    assert only(detect(listing_round({other: 0}, series=THE_PAGE))).items[0].url == other


def test_a_purge_is_one_finding_with_all_members():
    links = {LETTER.format(n): 0 for n in range(190)} | {LETTER.format("stays"): 2}
    draft = only(detect(listing_round(links)))
    assert len(draft.items) == 190
    assert draft.title.startswith("190 documents are no longer published on Statistics")


def test_a_release_that_gives_way_to_the_next_is_not_withdrawn():
    before, after = f"{BASE}/files/stats-01222026.xlsx", f"{BASE}/files/stats_02022026-final.xlsx"
    evidence = listing_round(
        {before: 0, after: 2},
        series=FILES,
        releases=[released(0, url=before), released(1, url=after)],
    )
    assert not list(detect(evidence))


def test_a_newcomer_excuses_only_one_that_left():
    first, second, third = (f"{BASE}/files/stats-{n}.xlsx" for n in (1, 2, 3))
    evidence = listing_round(
        {first: 0, second: 0, third: 2},
        series=FILES,
        releases=[released(-20, url=first), released(-10, url=second), released(1, url=third)],
    )
    assert len(only(detect(evidence)).items) == 1


def test_a_file_that_moved_to_another_folder_is_still_there():
    evidence = listing_round({LETTER.format("b"): 0, f"{BASE}/archive/b.pdf": 2})
    assert not list(detect(evidence))


def test_the_listing_is_not_told_of_with_each_of_its_documents():
    evidence = listing_round({LETTER.format("b"): 0}, url_after=LETTER.format("a"))
    assert not list(detect(evidence))


def test_a_document_whose_address_is_gone_twice():
    url = LETTER.format("a")
    file_looks = [looked(Verdict.GONE, n, url=url, series="letters") for n in (1, 2)]
    evidence = round_of(
        [looked(Verdict.PRESENT, 2), file_looks[1]],
        before=[looked(Verdict.PRESENT, 1), file_looks[0]],
        links={url: 2},
        series=LETTERS,
    )
    assert "404" in only(detect(evidence)).reason
    once = round_of([looked(Verdict.PRESENT, 1), file_looks[0]], links={url: 1}, series=LETTERS)
    assert not list(detect(once))
