"""What of a listing is not followed is said; what is followed is not spoken of."""

from __future__ import annotations

import gzip

import pytest

from state.model import Series, Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, reply
from tests.watchers.pages import fetch_page, page_source
from watchers.following.documents import find_next_page
from watchers.following.unfollowed import unfollowed_files, unfollowed_pages
from watchers.visit import Known

BASE = "https://www.example.gov/list"
FILES = "<ul><li><a href=/a.pdf>A</a></li></ul>"


def told(body: str, *, looked_at: int = 1, allowed: int = 1) -> list[str]:
    page = body.encode()
    following = find_next_page(page, base_url=BASE)
    return list(unfollowed_pages(page, base_url=BASE, following=following, looked_at=looked_at, allowed=allowed))


@pytest.mark.parametrize(
    "way",
    [
        "<button class=more>Load more</button>",
        "<a href='#' onclick='more()'>Next <span>›</span></a>",
        "<a href='javascript:void(0)'><i></i> Mehr laden</a>",
        "<button><span>Siguiente</span></button>",
        "<a role=button>Page suivante »</a>",
    ],
)
def test_a_way_on_that_is_not_understood(way: str) -> None:
    (line,) = told(FILES + way, allowed=5)
    assert "which is not understood" in line


def test_pages_beyond_those_allowed() -> None:
    pager = "".join(f"<a href='?page={number}'>{number + 1}</a>" for number in range(5))
    assert "over 4 more pages" in told(FILES + pager)[0]
    assert "further pages" in told(FILES + "<link rel=next href='/list?offset=50'>")[0]


@pytest.mark.parametrize(
    "body",
    [
        FILES,
        FILES + "<p>Next of kin were told. Load more beds, the inspector said.</p>",
        FILES + "<a href='/next-steps'>Next steps for families</a>",
        FILES + "<a rel=next href='/list?offset=50'>Next</a>",
    ],
)
def test_nothing_is_said_of_what_is_followed_or_none(body: str) -> None:
    assert told(body, allowed=9) == []


def test_files_that_are_looked_after_in_turn() -> None:
    assert list(unfollowed_files(50, most=50, what="files")) == []
    assert "1,200 files left the list" in next(unfollowed_files(1_200, most=50, what="files"))


def test_a_page_that_only_sends_on_is_followed_as_a_redirect(fetcher: Make, server: Loopback) -> None:
    start = server.says("/old", reply(b"<meta http-equiv=refresh content='0; url=/list'>Moved."))
    server.says(
        "/list", reply(f"<title>List</title><h1>Letters</h1>{FILES}<p>Letters of the office.</p>".encode())
    )
    server.says("/a.pdf", reply(b"%PDF-1.4\n%%EOF\n", content_type="application/pdf"))
    series = (Series("page", "T"), Series("files", "F", pattern=r"\.pdf$", each_file=True))
    page, file = fetcher().fetch(page_source(start, series=series))
    assert (page.verdict, page.final_url) == (Verdict.PRESENT, f"{server.url}/list")
    assert page.redirects == ((200, start),)
    assert file.url == f"{server.url}/a.pdf"


@pytest.mark.parametrize("hidden", ["<script>x = '{}'</script>", "<noscript>{}</noscript>", "<!-- {} -->"])
def test_what_scripts_or_readers_without_them_are_sent_to_is_not_followed(
    hidden: str, fetcher: Make, server: Loopback
) -> None:
    refresh = hidden.format("<meta http-equiv=refresh content='0; url=/off'>")
    start = server.says(
        "/list", reply(f"<title>List</title><h1>Letters</h1><p>Two letters.</p>{refresh}".encode())
    )
    assert fetch_page(fetcher(), start).verdict.good
    assert "/off" not in server.paths()


def test_pages_that_send_on_to_each_other_end(fetcher: Make, server: Loopback) -> None:
    start = server.says("/one", reply(b"<meta http-equiv=refresh content='0; url=/two'>"))
    server.says("/two", reply(b"<meta http-equiv=refresh content='0; url=/one'>"))
    assert not fetch_page(fetcher(), start).verdict.good
    assert len(server.paths()) < 8


def test_links_of_a_gzipped_page_that_no_header_names_are_followed(fetcher: Make, server: Loopback) -> None:
    start = server.says("/list", reply(gzip.compress(f"<title>List</title><h1>L</h1>{FILES}".encode())))
    server.says("/a.pdf", reply(b"%PDF-1.4\n%%EOF\n", content_type="application/pdf"))
    series = (Series("page", "T"), Series("files", "F", pattern=r"\.pdf$", each_file=True))
    assert [capture.url for capture in fetcher().fetch(page_source(start, series=series))][1:] == [
        f"{server.url}/a.pdf"
    ]


def test_what_a_fetcher_left_out_is_kept_by_source(fetcher: Make, server: Loopback) -> None:
    start = server.says("/list", reply(f"<title>List</title><h1>L</h1>{FILES}<button>Load more</button>".encode()))
    server.says("/a.pdf", reply(b"%PDF-1.4\n%%EOF\n", content_type="application/pdf"))
    series = (Series("page", "T"), Series("files", "F", pattern=r"\.pdf$", each_file=True))
    made = fetcher()
    source = page_source(start, series=series)
    made.fetch(source)
    assert len(made.unfollowed[source.id]) == 1


def test_of_many_files_that_left_fifty_are_asked_for_in_a_round_and_the_rest_is_said(
    fetcher: Make, server: Loopback
) -> None:
    start = server.says("/list", reply(f"<title>List</title><h1>L</h1>{FILES}".encode()))
    server.says("/a.pdf", reply(b"%PDF-1.4\n%%EOF\n", content_type="application/pdf"))
    series = (Series("page", "T"), Series("files", "Letters", pattern=r"\.pdf$", each_file=True))
    left = [Known("files", f"{server.url}/left-{number}.pdf", "Letter") for number in range(70)]
    made = fetcher(remembered=lambda _source: left)
    source = page_source(start, series=series)
    made.fetch(source)
    assert sum("left" in path for path in server.paths()) == 50
    assert made.unfollowed[source.id] == (
        "70 files of “Letters” left the list, of which 50 are looked after in a round, in turn",
    )
