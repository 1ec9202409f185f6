from __future__ import annotations

import re

import httpx

from demo.rounds import ACTIVATED, PRESS, PROGRAM, ROUNDS, STATISTICS, STRAIGHT, TRAC_DATA, watched_in
from demo.site import Site
from demo.watch_list import demo_sources
from state.model import Verdict
from watchers.fetch import Fetcher, Retries
from watchers.fetching.politeness import Politeness


def test_the_furniture_changes_at_every_visit_and_nothing_else() -> None:
    with Site() as site:
        first, second = (httpx.get(site.base_url + PROGRAM).text for _ in range(2))
    assert first != second
    main = re.compile(r'<div id="main".*?</div>', re.DOTALL)
    assert main.findall(first) == main.findall(second) != []
    assert "$" not in first


def test_documents_answer_conditional_requests() -> None:
    with Site() as site:
        site.play(3)
        url = site.base_url + ACTIVATED
        first = httpx.get(url)
        again = httpx.get(url, headers={"If-None-Match": first.headers["etag"]})
        site.play(4)
        resaved = httpx.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, resaved.status_code) == (200, 304, 200)
    assert first.content.startswith(b"%PDF-")
    assert first.content != resaved.content


def test_pages_come_and_troubles_pass() -> None:
    def statuses(number: int) -> list[int]:
        site.play(number)
        return [httpx.get(site.base_url + path).status_code for path in (PRESS, STATISTICS, STRAIGHT, TRAC_DATA)]

    with Site() as site:
        assert statuses(1) == [200, 404, 404, 404]
        assert statuses(4) == [200, 200, 404, 503]
        assert statuses(7) == [403, 403, 404, 200]
        assert statuses(len(ROUNDS)) == [200, 200, 200, 200]


def test_what_the_monitor_fetches_in_each_round() -> None:
    seen = {}
    with Site() as site:
        for number in range(1, len(ROUNDS) + 1):
            site.play(number)
            with Fetcher(
                contact="demo",
                allow_hosts=frozenset({"127.0.0.1"}),
                politeness=Politeness(delay=0, patience=100),
                retries=Retries(attempts=1),
            ) as fetcher:
                watched = [source for source in demo_sources(site.base_url) if source.id in watched_in(number)]
                seen[number] = [capture for source in watched for capture in fetcher.fetch(source)]
    bad = {
        number: {(capture.source, capture.verdict) for capture in captures if not capture.verdict.good}
        for number, captures in seen.items()
    }
    assert bad[4] == {("trac/ice-data", Verdict.UNREACHABLE)}
    assert {verdict for _, verdict in bad[7]} == {Verdict.BLOCKED}
    assert len(bad[7]) == 4
    assert not any(troubles for number, troubles in bad.items() if number not in (4, 7))
    linked = {
        number: [capture.file_name for capture in seen[number] if capture.series == "guidance"] for number in seen
    }
    assert "deployment-plan.pdf" in linked[9]
    assert "deployment-plan.pdf" not in linked[10] + linked[11]
    removals = [capture.file_name for capture in seen[8] if capture.series == "removals"]
    assert removals == [f"removals-by-jurisdiction-{month}-2010.pdf" for month in ("april", "june", "july")]
