"""``/health`` and ``/metrics`` of a watch that stood still, and of one that goes on."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from tests.commands.figures import page, set_up, table, watched
from tests.commands.running import browsing, run
from tests.watchers.loopback import loopback, reply

SAMPLE = re.compile(r'release_monitor_\w+(\{\w+="(?:[^"\\\n]|\\.)*"(,\w+="(?:[^"\\\n]|\\.)*")*\})? -?[\d.e+]+')


def test_a_watch_that_stood_still_is_unwell_for_load_balancers_and_prometheus(tmp_path: Path) -> None:
    set_up(tmp_path)
    watched(tmp_path, 1, webb=500)
    with browsing(tmp_path) as address:
        health = httpx.get(f"{address}/health")
        assert health.status_code == 503
        assert health.json()["status"] == "late"
        assert health.json()["late"] == ["test/figures"]
        metrics = httpx.get(f"{address}/metrics")
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in metrics.text.splitlines() if not line.startswith("#")]
    assert all(SAMPLE.fullmatch(line) for line in lines)
    assert "release_monitor_sources_late 1" in lines
    assert 'release_monitor_source_last_look_timestamp_seconds{source="test/figures"} 1672628645' in lines
    assert 'release_monitor_source_answered{source="test/figures"} 1' in lines
    assert "release_monitor_releases_total 2" in lines


def test_a_source_that_is_watched_no_more_is_left_out_and_a_page_that_fails_does_not_answer(
    tmp_path: Path,
) -> None:
    with loopback() as publisher:
        publisher.says("/figures", reply(page("voluntary")), reply(status=503))
        publisher.says("/files/stats.csv", reply(table(500), content_type="text/csv"))
        set_up(tmp_path, url=f"{publisher.url}/figures", more="sources: [test/figures]\n")
        other = (tmp_path / "sources" / "test" / "figures.yaml").read_text()
        (tmp_path / "sources" / "test" / "other.yaml").write_text(other)
        run("check", cwd=tmp_path)
        run("check", cwd=tmp_path)
    with browsing(tmp_path) as address:
        health = httpx.get(f"{address}/health")
        metrics = httpx.get(f"{address}/metrics").text
    assert (health.status_code, health.json()["status"], health.json()["sources"]) == (200, "ok", 1)
    assert 'release_monitor_source_answered{source="test/figures"} 0' in metrics
    assert "test/other" not in metrics
