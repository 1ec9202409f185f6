"""Rounds against a real server: lies about freshness, tokens in addresses, files that leave their page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import run
from tests.watchers.loopback import Loopback, loopback, reply

COUNTIES = enumerate(("Ash", "Oak", "Yew"), 40)
ROWS = "".join(f"<tr><td>{name} County</td><td>{number}</td></tr>" for number, name in COUNTIES)
TABLE = f"<table><tr><th>County</th><th>Arrests</th></tr>{ROWS}</table>"
PDF = b"%PDF-1.4\n%%EOF\n"


def page(*parts: str) -> bytes:
    text = "<p>Arrests by county, as counted at the end of each month by the office of statistics.</p>"
    body = f"<h1>Arrests</h1>{text}{''.join(parts)}"
    return f"<html><head><title>Arrests</title></head><body>{body}</body></html>".encode()


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sources" / "x").mkdir(parents=True)
    (tmp_path / "monitor.yaml").write_text(
        "contact: desk@example.org\nsource_folders: [sources]\nshipped_sources: false\n"
        "allow_hosts: ['127.0.0.1']\n"
        "politeness: {seconds_between_requests: 0, retries: 1}\n"
    )
    return tmp_path


def watch(home: Path, url: str, *, series: str = "") -> None:
    (home / "sources" / "x" / "page.yaml").write_text(f"title: Arrests\npublisher: Office\nurl: {url}\n{series}")


def look(home: Path) -> list[dict]:
    done = run("check", "--json", cwd=home)
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_server_that_says_nothing_changed_for_ever_is_found_out(home: Path, server: Loopback) -> None:
    before, after = page(TABLE), page(TABLE.replace("<tr><td>Oak County</td><td>41</td></tr>", ""))
    url = server.says("/arrests", reply(before, etag='"one"'))
    watch(home, url)
    look(home)
    server.says("/arrests", reply(b"", status=304, etag='"one"'))
    assert not any(look(home) for _ in range(9))
    assert "if-none-match" in server.asked("/arrests")[-1]
    server.says("/arrests", reply(after, etag='"one"'))
    found = look(home)
    assert "if-none-match" not in server.asked("/arrests")[-1]
    assert [each["kind"] for each in found if each["severity"] == "high"] == ["rows-vanished"]
    look(home)
    assert "if-none-match" not in server.asked("/arrests")[-1], "its tag was caught lying"


@pytest.mark.parametrize("there", [True, False])
def test_a_file_that_leaves_its_page_is_asked_for(home: Path, server: Loopback, there: bool) -> None:
    url = server.says("/arrests", reply(page(TABLE, "<p><a href='/method.pdf'>Method</a></p>")))
    server.says("/method.pdf", reply(PDF, content_type="application/pdf"))
    watch(home, url)
    look(home)
    server.says("/arrests", reply(page(TABLE)))
    if not there:
        server.says("/method.pdf", reply(b"none", status=404, reason="Not Found"))
    (found,) = [each for each in look(home) if each["kind"] == "file-withdrawn"]
    assert len(server.asked("/method.pdf")) == 1
    assert found["severity"] == ("high" if there else "critical")
    assert ("no longer linked" in found["title"]) is there


def test_tokens_make_no_new_documents(home: Path, server: Loopback) -> None:
    files = "series:\n  page: {title: Arrests}\n  files: {title: Files, pattern: '/get\\?', each_file: true}\n"
    for number in range(5):
        links = "".join(f"<p><a href='/get?id={file}&token={number}{file}9f2'>{file}</a></p>" for file in (1, 2))
        url = server.says("/arrests", reply(page(links)))
        for file in (1, 2):
            body = f"County,Arrests\nAsh,{file}\nOak,7\n".encode()
            server.says(f"/get?id={file}&token={number}{file}9f2", reply(body, content_type="text/csv"))
        watch(home, url, series=files)
        found = look(home)
        assert not [each for each in found if each["severity"] != "info"]
        assert number == 0 or not [each for each in found if each["series"] == "files"]
    assert len(server.paths()) <= 5 * 3 + 5
