"""Redirects, retries, robots.txt and the pace of hosts."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest

from state.model import Verdict
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, loopback, moved, reply
from tests.watchers.pages import PAGE, fetch_page
from watchers.classify.verdict import judge_answer
from watchers.fetch import Retries
from watchers.fetching.politeness import Politeness
from watchers.fetching.response import Answer


class TestRedirects:
    def test_are_followed_and_kept(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/detention/statistics", moved("/detain/numbers", status=301))
        server.says("/detain/numbers", reply(PAGE))
        capture = fetch_page(fetcher(), url)
        assert capture.verdict is Verdict.PRESENT
        assert capture.final_url == server.url + "/detain/numbers"
        assert capture.redirects == ((301, url),)

    def test_may_be_written_in_utf8(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved("/pag\u00e9"))
        server.says("/pag%C3%A9", reply(PAGE))
        assert fetch_page(fetcher(), url).verdict is Verdict.PRESENT

    @pytest.mark.parametrize(
        ("to", "words"),
        [
            ("/", "front page"),
            ("/home", "front page"),
            ("/index.html", "front page"),
            ("/detain", "front of its section"),
            ("/page-not-found", "error page"),
        ],
    )
    def test_to_a_front_page_are_a_move(self, server: Loopback, fetcher: Make, to: str, words: str) -> None:
        url = server.says("/detain/statistics", moved(to))
        server.says(to, reply(PAGE))
        capture = fetch_page(fetcher(), url)
        assert capture.verdict is Verdict.MOVED
        assert words in capture.reason

    def test_to_another_host_are_a_move(self) -> None:
        at = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
        answer = Answer(
            url="https://www.ice.example/page",
            final_url="https://www.other.example/page2",
            at=at,
            status=200,
            headers=(("content-type", "text/html"),),
            body=PAGE,
            redirects=((302, "https://www.ice.example/page"),),
        )
        verdict, reason = judge_answer(answer)
        assert (verdict, "another host" in reason) == (Verdict.MOVED, True)

    def test_to_a_login_page_show_nothing(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved("/user/login?next=/page"))
        server.says("/user/login?next=/page", reply(PAGE))
        assert fetch_page(fetcher(), url).verdict is Verdict.BLOCKED

    @pytest.mark.parametrize("to", ["/consent?back=/page", "/en/cookie-wall", "/captcha.html"])
    def test_to_a_page_that_asks_for_something_first_show_nothing(
        self, server: Loopback, fetcher: Make, to: str
    ) -> None:
        server.says(to, reply(PAGE))
        assert fetch_page(fetcher(), server.says("/page", moved(to))).verdict is Verdict.BLOCKED

    def test_to_a_document_on_consent_are_ordinary(self, server: Loopback, fetcher: Make) -> None:
        server.says("/foia/consent-decree", reply(PAGE))
        url = server.says("/page", moved("/foia/consent-decree"))
        assert fetch_page(fetcher(), url).verdict is Verdict.PRESENT

    def test_in_a_circle_end(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", moved("/page"))
        capture = fetch_page(fetcher(), url)
        assert (capture.verdict, capture.reason) == (Verdict.UNREACHABLE, "redirected more than 8 times")
        assert len(server.asked("/page")) == 9

    @pytest.mark.parametrize(
        "to",
        [
            "file:///etc/passwd",
            "ftp://127.0.0.1/",
            "gopher://127.0.0.1/",
            "data:text/html,<h1>x",
            "javascript:alert(1)",
            "ws://127.0.0.1/",
            "http://[::",
            "http://127.0.0.1:99999/",
            "http://:80/",
        ],
    )
    def test_to_what_is_no_web_address_are_refused(self, server: Loopback, fetcher: Make, to: str) -> None:
        capture = fetch_page(fetcher(), server.says("/page", moved(to)))
        assert capture.verdict is Verdict.UNREACHABLE
        assert "which is no web address" in capture.reason


class TestPatience:
    def test_what_is_passing_is_tried_again(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=503), reply(PAGE[:9], content_length="99"), reply(PAGE))
        capture = fetch_page(fetcher(retries=Retries(attempts=3, wait_initial=0.01, wait_max=0.02)), url)
        assert capture.verdict is Verdict.PRESENT
        assert len(server.asked("/page")) == 3

    @pytest.mark.parametrize("status", [404, 403, 410, 401])
    def test_what_is_not_passing_is_asked_once(self, server: Loopback, fetcher: Make, status: int) -> None:
        fetch_page(
            fetcher(retries=Retries(attempts=3, wait_initial=0.01)), server.says("/page", reply(status=status))
        )
        assert len(server.asked("/page")) == 1

    def test_a_host_that_asks_for_rest_gets_it(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=429, retry_after="3600"))
        one = fetcher(retries=Retries(attempts=3, wait_initial=0.01))
        first, second = fetch_page(one, url), fetch_page(one, server.says("/other", reply(PAGE)))
        assert (first.verdict, len(server.asked("/page"))) == (Verdict.BLOCKED, 1)
        assert (second.verdict, server.asked("/other")) == (Verdict.UNREACHABLE, [])
        assert "asked to be left alone for 3600 seconds" in second.reason

    def test_a_short_retry_after_is_waited_for(self, server: Loopback, fetcher: Make) -> None:
        url = server.says("/page", reply(status=503, retry_after="0"), reply(PAGE))
        retries = Retries(attempts=2, wait_initial=60, wait_max=60)  # would be felt if the header were ignored
        assert fetch_page(fetcher(retries=retries), url).verdict is Verdict.PRESENT

    def test_a_host_that_keeps_failing_is_left_alone(self, server: Loopback, fetcher: Make) -> None:
        one = fetcher(politeness=Politeness(delay=0, patience=2))
        for path in ("/a", "/b", "/c"):
            capture = fetch_page(one, server.says(path, reply(status=500)))
        assert (capture.verdict, server.asked("/c")) == (Verdict.UNREACHABLE, [])
        assert "failed 2 times in a row" in capture.reason

    def test_requests_to_one_host_keep_their_distance(self, server: Loopback, fetcher: Make) -> None:
        one = fetcher(politeness=Politeness(delay=0.15, jitter=0))
        url = server.says("/page", reply(PAGE))
        began = time.monotonic()
        threads = [threading.Thread(target=fetch_page, args=(one, url)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert time.monotonic() - began >= 0.3

    def test_a_slow_host_holds_up_no_other(self, server: Loopback, fetcher: Make) -> None:
        one = fetcher(politeness=Politeness(delay=30, jitter=0))
        with loopback() as other:
            began = time.monotonic()
            for running in (server, other):
                fetch_page(one, running.says("/page", reply(PAGE)))
            assert time.monotonic() - began < 5


class TestRobots:
    def test_what_is_forbidden_is_not_asked(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(b"User-agent: *\nDisallow: /private/\n", content_type="text/plain"))
        one = fetcher()
        no = fetch_page(one, server.says("/private/page", reply(PAGE)), obey_robots=True)
        yes = fetch_page(one, server.says("/page", reply(PAGE)), obey_robots=True)
        assert (no.verdict, "robots.txt forbids it" in no.reason) == (Verdict.BLOCKED, True)
        assert yes.verdict is Verdict.PRESENT
        assert (len(server.asked("/robots.txt")), server.asked("/private/page")) == (1, [])

    def test_a_mark_of_byte_order_hides_no_rule(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /private\r\n"))
        capture = fetch_page(fetcher(), server.says("/private", reply(PAGE)), obey_robots=True)
        assert (capture.verdict, server.asked("/private")) == (Verdict.BLOCKED, [])

    def test_a_source_may_say_otherwise(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(b"User-agent: *\nDisallow: /\n", content_type="text/plain"))
        assert fetch_page(fetcher(), server.says("/page", reply(PAGE))).verdict is Verdict.PRESENT

    def test_a_redirect_into_what_is_forbidden_is_not_followed(self, server: Loopback, fetcher: Make) -> None:
        server.says("/robots.txt", reply(b"User-agent: *\nDisallow: /private\n", content_type="text/plain"))
        server.says("/private", reply(PAGE))
        capture = fetch_page(fetcher(), server.says("/page", moved("/private")), obey_robots=True)
        assert (capture.verdict, server.asked("/private")) == (Verdict.BLOCKED, [])

    @pytest.mark.parametrize("status", [404, 403])
    def test_none_forbids_nothing(self, server: Loopback, fetcher: Make, status: int) -> None:
        server.says("/robots.txt", reply(status=status))
        assert (
            fetch_page(fetcher(), server.says("/page", reply(PAGE)), obey_robots=True).verdict is Verdict.PRESENT
        )

    @pytest.mark.parametrize("status", [429, 500])
    def test_rules_that_cannot_be_read_are_not_guessed(self, server: Loopback, fetcher: Make, status: int) -> None:
        server.says("/robots.txt", reply(status=status))
        capture = fetch_page(fetcher(), server.says("/page", reply(PAGE)), obey_robots=True)
        assert (capture.verdict, server.asked("/page")) == (Verdict.UNREACHABLE, [])
        assert "robots.txt cannot be read" in capture.reason
