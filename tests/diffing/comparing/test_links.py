"""Links that came, went, or point elsewhere."""

import pytest

from diffing.comparing.links import canonical_url, compare_links
from state.document import Document, Link

BASE = "https://www.ice.gov/detain/"


def page(*links, base_url=BASE):
    return Document(media_type="text/html", links=tuple(Link(*link) for link in links), base_url=base_url)


def changes(before, after):
    return [(one.before and one.before.url, one.after and one.after.url) for one in compare_links(before, after)]


def test_a_link_that_left():
    before = page(("Complaints", "/complaints"), ("Data", "/data.xlsx"))
    after = page(("Data", "/data.xlsx"))
    assert changes(before, after) == [("/complaints", None)]
    assert changes(after, before) == [(None, "/complaints")]


def test_a_link_that_keeps_its_words_and_points_elsewhere():
    before, after = page(("File a complaint", "/complaints")), page(("File a complaint", "https://dhs.gov/x"))
    assert changes(before, after) == [("/complaints", "https://dhs.gov/x")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/a/b", "https://www.ice.gov/a/b"),
        ("stats", "https://www.ice.gov/detain/stats/"),
        ("/a?utm_source=x", "/a"),
        ("/a?x=1&y=2", "/a?y=2&x=1"),
        ("/a;jsessionid=AB12", "/a;jsessionid=CD34"),
        ("/style.0123abcd.css", "/style.4567cdef.css"),
        ("/picture.jpg?itok=1", "/picture.jpg?itok=2"),
        ("http://www.ice.gov/a", "https://www.ICE.gov/a"),
        ("/a%20b", "/a b"),
        ("/a#top", "/a"),
    ],
)
def test_what_changes_from_visit_to_visit_is_no_change(before, after):
    assert changes(page(("Words", before)), page(("Words", after))) == []


@pytest.mark.parametrize(("before", "after"), [("/a?id=1", "/a?id=2"), ("/a", "/b"), ("/a", "https://dhs.gov/a")])
def test_another_address_is_a_change(before, after):
    assert canonical_url(before, BASE) != canonical_url(after, BASE)


def test_order_copies_and_new_words_are_no_change():
    before = page(("A", "/a"), ("B", "/b"), ("B", "/b"))
    after = page(("B", "/b"), ("The letter A", "/a"))
    assert changes(before, after) == []


def test_the_base_of_each_side_counts():
    before = page(("Data", "data.xlsx"), base_url="https://www.ice.gov/one/")
    after = page(("Data", "/one/data.xlsx"), base_url="https://www.ice.gov/two/")
    assert changes(before, after) == []


def test_links_of_common_words_are_told_apart_by_their_addresses():
    before = page(("Download", "/FY23_detentionStats01092023.xlsx"), ("Download", "/report.pdf"))
    after = page(("Download", "/report.pdf"), ("Download", "/FY23_detentionStats01192023.xlsx"))
    assert changes(before, after) == [("/FY23_detentionStats01092023.xlsx", "/FY23_detentionStats01192023.xlsx")]


def test_links_of_common_words_to_other_things_left_and_came():
    before = page(("Read more", "/news/raid"), ("Read more", "/news/court"))
    after = page(("Read more", "/events/fair"), ("Read more", "/news/court"))
    assert sorted(changes(before, after), key=str) == [("/news/raid", None), (None, "/events/fair")]


def test_addresses_that_are_none_do_no_harm():
    assert changes(page(("x", "http://[broken")), page(("x", "http://[broken"))) == []
    assert changes(page(("Mail", "mailto:a@ice.gov")), page(("Mail", "mailto:b@ice.gov"))) == [
        ("mailto:a@ice.gov", "mailto:b@ice.gov")
    ]
