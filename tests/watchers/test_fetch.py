"""What the captures of a source hold, and what a listing leads to."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib

import pytest

from state.model import Capture, Series, Source, Verdict
from state.version import VERSION
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, moved, reply
from tests.watchers.pages import PAGE, PDF, fetch_page, page_source, zipped
from watchers.fetch import Validators
from watchers.fetching.exchange import Limits
from watchers.visit import Known


class TestWhatIsKept:
    def test_of_an_ordinary_answer(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(PAGE, content_type="text/html; charset=utf-8", X_Two="1", x_two="2"))
        capture = fetch_page(fetcher(), url)
        assert (capture.verdict, capture.status, capture.body, capture.wire) == (Verdict.PRESENT, 200, PAGE, None)
        assert capture.media_type == "text/html"
        assert (capture.source, capture.series, capture.url, capture.final_url) == ("x/page", "page", url, url)
        assert [value for name, value in capture.headers if name.lower() == "x-two"] == ["1", "2"]
        assert capture.peer == server.url.removeprefix("http://")
        assert capture.at.tzinfo is dt.UTC
        assert capture.elapsed > 0

    def test_the_contact_is_told_to_the_publisher(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(PAGE))
        fetch_page(fetcher(contact="mailto:desk@example.org"), url)
        assert server.asked("/page")[0]["user-agent"] == f"release-monitor/{VERSION} (+mailto:desk@example.org)"

    def test_a_contact_beyond_ascii_stops_nothing(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(PAGE))
        assert fetch_page(fetcher(contact="Zoë\r\nX: y <z@example.org>"), url).verdict is Verdict.PRESENT
        assert server.asked("/page")[0]["user-agent"] == f"release-monitor/{VERSION} (+Zo X: y <z@example.org>)"

    def test_compressed_bodies_are_kept_as_received_and_unpacked(self, server: Loopback, fetcher: Make) -> None:
        packed = gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])  # two members, as some servers send
        capture = fetch_page(fetcher(), server.says("/page", reply(packed, content_encoding="gzip")))
        assert (capture.verdict, capture.body, capture.wire) == (Verdict.PRESENT, PAGE, packed)

    def test_a_replayed_past_dates_the_captures(self, server: Loopback, fetcher: Make) -> None:
        then = dt.datetime(2010, 8, 10, tzinfo=dt.UTC)
        assert fetch_page(fetcher(clock=lambda: then), server.says("/page", reply(PAGE))).at == then


class TestConditions:
    def test_unchanged(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=304, reason="Not Modified", content_length=""))
        known = Validators(etag='"a"', last_modified="Mon, 01 Jun 2026 00:00:00 GMT")
        capture = fetch_page(fetcher(validators=lambda _url: known), url)
        assert capture.verdict is Verdict.UNCHANGED
        asked = server.asked("/page")[0]
        assert asked["if-none-match"] == '"a"'
        assert asked["if-modified-since"] == "Mon, 01 Jun 2026 00:00:00 GMT"

    def test_a_date_does_not_follow_a_redirect_to_another_page(self, server: Loopback, fetcher: Make) -> None:
        """A front page is older than most pages, and would truly answer that it has not changed since."""
        url = server.says("/page", moved("/other"))
        server.says("/other", reply(PAGE))
        known = Validators(etag='"a"', last_modified="Thu, 01 Jan 2026 00:00:00 GMT")
        fetch_page(fetcher(validators=lambda _url: known), url)
        headers = server.asked("/other")[0]
        assert (headers["if-none-match"], headers.get("if-modified-since")) == ('"a"', None)
        assert server.asked("/page")[0]["if-modified-since"]

    def test_unchanged_at_a_front_page_is_a_move(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved("/"))
        file = server.says("/a.pdf", moved("/media/12"))
        for path in ("/", "/media/12"):
            server.says(path, reply(status=304, content_length=""))
        one = fetcher(validators=lambda _url: Validators(etag='"a"'))
        assert [fetch_page(one, each).verdict for each in (url, file)] == [Verdict.MOVED, Verdict.UNCHANGED]

    @pytest.mark.parametrize("tag", ['"é"', '"a\r\nX: y"', ""])
    def test_a_validator_that_cannot_be_sent_back_is_left_out(
        self, server: Loopback, fetcher: Make, tag: str
    ) -> None:
        url = server.says("/page", reply(PAGE))
        assert fetch_page(fetcher(validators=lambda _url: Validators(etag=tag)), url).verdict is Verdict.PRESENT
        assert "if-none-match" not in server.asked("/page")[0]

    def test_a_listing_is_asked_conditionally_only_where_its_body_is_at_hand(
        self, server: Loopback, fetcher: Make
    ) -> None:
        listing = b"<html><body><a href='/a.pdf'>A</a></body></html>"
        url = server.says("/list", reply(status=304, reason="Not Modified", content_length=""))
        server.says("/a.pdf", reply(PDF, content_type="application/pdf"))
        source = page_source(url, series=(Series("files", "F", pattern=r"\.pdf$"),))

        def known(address: str) -> Validators | None:
            return Validators(etag='"l"', read=lambda: listing) if address == url else None

        assert [capture.series for capture in fetcher(validators=known).fetch(source)] == ["page", "files"]
        fetcher(validators=lambda _url: Validators(etag='"l"')).fetch(source)
        assert ["if-none-match" in asked for asked in server.asked("/list")] == [True, False]


class TestListings:
    def test_documents_of_each_series(self, server: Loopback, fetcher: Make) -> None:
        listing = b"""<html><body><a href="files/b.pdf">Second</a><a href="/files/a.pdf#page=2">First</a>
            <a href="/x.xlsx">Sheet</a><a href="/files/a.pdf">again</a>
            <a href="mailto:a@b.c">Mail</a></body></html>"""
        url = server.says("/list", reply(listing))
        server.says("/files/a.pdf", reply(PDF, content_type="application/pdf"))
        server.says("/files/b.pdf", reply(status=404))
        server.says(
            "/x.xlsx", reply(zipped(), content_type="x/y", content_disposition='attachment; filename="N.xlsx"')
        )
        files = Series("files", "F", pattern=r"/files/.*\.pdf$", each_file=True)
        sheets = Series("sheets", "S", pattern=r"\.xlsx$")
        rest = Series("rest", "R", pattern=r"\.(pdf|xlsx)$", each_file=True)
        captures = fetcher().fetch(page_source(url, series=(files, sheets, rest)))
        assert [
            (c.series, c.url.removeprefix(server.url), c.verdict, c.link_text, c.file_name) for c in captures
        ] == [
            ("page", "/list", Verdict.PRESENT, None, "list"),
            ("files", "/files/b.pdf", Verdict.GONE, "Second", "b.pdf"),
            ("files", "/files/a.pdf", Verdict.PRESENT, "First", "a.pdf"),
            ("sheets", "/x.xlsx", Verdict.PRESENT, "Sheet", "N.xlsx"),
        ]

    def test_a_page_that_shows_nothing_is_not_followed(self, server: Loopback, fetcher: Make) -> None:
        body = b"<html><title>Access Denied</title><body><a href='/a.pdf'>a</a></body></html>"
        url = server.says("/list", reply(body, status=403))
        captures = fetcher().fetch(page_source(url, series=(Series("files", "F", pattern="pdf$"),)))
        assert [capture.verdict for capture in captures] == [Verdict.BLOCKED]

    def test_a_web_page_in_place_of_a_file_is_a_move(self, server: Loopback, fetcher: Make) -> None:
        capture = fetch_page(fetcher(), server.says("/a.pdf", reply(PAGE)))
        assert (capture.verdict, capture.reason) == (Verdict.MOVED, "a web page stands where the file was")

    @pytest.mark.parametrize("later", [304, 200])
    def test_a_list_that_goes_on_by_its_header(self, server: Loopback, fetcher: Make, later: int) -> None:
        """What a server says of an unchanged list is mostly no more than that it is unchanged."""
        first = reply(
            b'[{"url": "/a.pdf"}]', content_type="application/json", etag='"l"', link='</list?c=2>; rel="next"'
        )
        unchanged = reply(status=304, reason="Not Modified", content_type="", content_length="")
        url = server.says("/list", first, unchanged if later == 304 else first)
        server.says("/list?c=2", reply(b'[{"url": "/b.pdf"}]', content_type="application/json"))
        for name in ("/a.pdf", "/b.pdf"):
            server.says(name, reply(PDF, content_type="application/pdf"))
        known = Validators(etag='"l"', read=lambda: b'[{"url": "/a.pdf"}]', link='</list?c=2>; rel="next"')
        one = fetcher(validators={url: known}.get)
        series = (Series("files", "F", pattern="pdf$", each_file=True),)
        for _ in range(2):
            captures = one.fetch(page_source(url, series=series, pages=5))
            assert [each.url.rpartition("/")[2] for each in captures] == ["list", "list?c=2", "a.pdf", "b.pdf"]

    def test_lists_over_several_pages(self, server: Loopback, fetcher: Make) -> None:
        url = server.says(
            "/list", reply(b"<html><body><a href='/0.pdf'>0</a><a href='?page=1'>2</a></body></html>")
        )
        for number in (1, 2):
            body = f"<html><body><a href='/{number}.pdf'>x</a></body></html>".encode()
            server.says(f"/list?page={number}", reply(body))
        for number in range(3):
            server.says(f"/{number}.pdf", reply(PDF, content_type="application/pdf"))
        series = (Series("files", "F", pattern="pdf$", each_file=True),)
        captures = fetcher().fetch(page_source(url, series=series, pages=5))
        assert [(capture.series, capture.url.removeprefix(server.url)) for capture in captures] == [
            ("page", "/list"),
            ("listing", "/list?page=1"),
            ("files", "/0.pdf"),
            ("files", "/1.pdf"),
        ]

    def test_what_is_not_due_is_not_asked_and_still_counts_as_linked(
        self, server: Loopback, fetcher: Make
    ) -> None:
        body = b"<html><body><a href='/a.pdf'>A</a><a href='/b.pdf'><img src='b.png'></a></body></html>"
        url = server.says("/list", reply(body))
        server.says("/b.pdf", reply(PDF, content_type="application/pdf"))
        series = Series("files", "F", pattern="pdf$", each_file=True, recheck=dt.timedelta(days=7))
        now = dt.datetime(2026, 6, 10, tzinfo=dt.UTC)
        seen = {f"{server.url}/a.pdf": Validators(checked=now - dt.timedelta(days=6))}
        one = fetcher(validators=seen.get, clock=lambda: now)
        captures = one.fetch(page_source(url, series=(series,)))
        assert [capture.file_name for capture in captures] == ["list", "b.pdf"]
        assert captures[1].link_text == ""
        assert captures[0].links == (("files", f"{server.url}/a.pdf", "A"), ("files", f"{server.url}/b.pdf", ""))
        seen[f"{server.url}/a.pdf"] = Validators(checked=now - dt.timedelta(days=7))
        assert len(one.fetch(page_source(url, series=(series,)))) == 3

    def test_what_left_the_listing_is_looked_after(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/list", reply(b"<html><body><a href='/a.pdf'>A</a></body></html>"))
        server.says("/a.pdf", reply(PDF, content_type="application/pdf"))
        server.says("/b.pdf", reply(PDF, content_type="application/pdf"))
        known = [Known("files", f"{server.url}/{name}.pdf", name) for name in "abc"]
        series = Series("files", "F", pattern="pdf$", each_file=True)
        captures = fetcher(remembered=lambda _source: known).fetch(page_source(url, series=(series,)))
        assert [(capture.file_name, capture.verdict, capture.link_text) for capture in captures[1:]] == [
            ("a.pdf", Verdict.PRESENT, "A"),
            ("b.pdf", Verdict.PRESENT, None),
            ("c.pdf", Verdict.GONE, None),
        ]
        assert [url for _, url, _ in captures[0].links] == [f"{server.url}/a.pdf"]

    def test_a_lost_page_of_a_listing_takes_nothing_with_it(self, server: Loopback, fetcher: Make) -> None:
        url = server.says(
            "/list", reply(b"<html><body><a href='/a.pdf'>A</a><a href='?page=1'>2</a></body></html>")
        )
        server.says("/list?page=1", reply(status=403))
        server.says("/a.pdf", reply(PDF, content_type="application/pdf"))
        known = [Known("files", f"{server.url}/b.pdf", "B")]
        source = page_source(url, pages=3, series=(Series("files", "F", pattern="pdf$"),))
        page, listing, document = fetcher(remembered=lambda _source: known).fetch(source)
        assert (listing.verdict, document.file_name) == (Verdict.BLOCKED, "a.pdf")
        assert [words for _, _, words in page.links] == ["A", "B"]

    def test_a_listing_that_shows_nothing_says_nothing_of_links(self, server: Loopback, fetcher: Make) -> None:
        known = [Known("files", f"{server.url}/b.pdf", "B")]
        source = page_source(server.says("/list", reply(status=500)), series=(Series("files", "F", pattern="x"),))
        (page,) = fetcher(remembered=lambda _source: known).fetch(source)
        assert page.links == ()

    @staticmethod
    def three_files(server: Loopback) -> Source:
        body = b"<html><body><a href='/a.pdf'>a</a><a href='/b.pdf'>b</a><a href='/c.pdf'>c</a></body></html>"
        for name in "abc":
            server.says(f"/{name}.pdf", reply(PDF, content_type="application/pdf"))
        files = Series("files", "F", pattern="pdf$", each_file=True)
        return page_source(server.says("/list", reply(body)), series=(files,))

    def test_what_was_never_seen_comes_first(self, server: Loopback, fetcher: Make) -> None:
        known = {f"{server.url}/{name}.pdf": Validators() for name in "ab"}
        captures = fetcher(validators=known.get).fetch(self.three_files(server))
        assert server.paths() == ["/list", "/c.pdf", "/a.pdf", "/b.pdf"]
        assert [capture.file_name for capture in captures] == ["list", "c.pdf", "a.pdf", "b.pdf"]

    def test_a_round_that_takes_too_long_says_what_it_left_out(self, server: Loopback, fetcher: Make) -> None:
        limits = Limits(connect=2, idle=2, total=5, source=0)
        page, *late = fetcher(limits=limits).fetch(self.three_files(server))
        assert (page.verdict, len(page.links), len(late), server.paths()) == (Verdict.PRESENT, 3, 3, ["/list"])
        for capture in late:
            assert (capture.verdict, capture.link_text) == (Verdict.UNREACHABLE, capture.url[-5])
            assert capture.reason == "the time for this source was over before its turn"


def capture_of(url: str, last_modified: str = "") -> Capture:
    headers = (("Last-Modified", last_modified),) if last_modified else ()
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Capture("s", "x", url, url, at, Verdict.PRESENT, headers=headers)


def test_one_body_is_one_digest(server: Loopback, fetcher: Make) -> None:
    """What is kept is what a reader would save, whether it came compressed or not."""
    plain = fetch_page(fetcher(), server.says("/a", reply(PAGE)))
    packed = fetch_page(fetcher(), server.says("/b", reply(gzip.compress(PAGE), content_encoding="gzip")))
    assert hashlib.sha256(plain.body).digest() == hashlib.sha256(packed.body).digest()
