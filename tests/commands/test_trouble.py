"""Trouble at publishers, lived through round after round with ``check``: who hears what, and what is never said.

All sources go through the same seven rounds together; each has a server that answers as its name says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from state.outbox_rows import Pending
from state.store import Store
from tests.commands.running import run
from tests.diffing.readers.pdf.made import counties, county_pdf
from tests.watchers.loopback import loopback, moved, reply

CHALLENGES = Path(__file__).parents[1] / "watchers" / "challenges"
CONFIGURATION = """shipped_sources: false
allow_hosts: ['127.0.0.1']
politeness: {seconds_between_requests: 0, retries: 1}
destinations:
- {name: desk, url: 'json://127.0.0.1:9/', least: info}
- {name: operators, url: 'json://127.0.0.1:9/', operators: true, least: info}
"""


def page(word: str = "voluntary") -> bytes:
    """A page of the publisher, long enough to be cut in the middle."""
    said = "".join(f"<p>District {number} has {number * 7} agreements.</p>" for number in range(40))
    return (
        "<!DOCTYPE html><html><head><title>Program | Agency</title></head><body><main><div><h1>Program</h1>"
        f"<p>Participation is {word} for every county.</p>{said}</div></main></body></html>"
    ).encode()


GOOD, CHANGED = reply(page()), reply(page("mandatory"))
AWAY = reply(b"<html><h1>Not found</h1></html>", status=404)
SOFT = reply("<html><head><title>Página no encontrada | Agencia</title></head><h1>Error</h1></html>".encode())
UPKEEP = reply(
    b"<html><title>Agency</title><h1>Agency</h1><p>The site is undergoing scheduled maintenance.</p></html>"
)


def unended(body: bytes, media_type: str = "text/html") -> bytes:
    """An answer that names no length and ends too early."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nConnection: close\r\n\r\n".encode() + body


def listing(*names: str) -> bytes:
    """A page that links files."""
    links = "".join(f"<li><a href='{name}'>{name}</a>" for name in names)
    return reply(f"<html><title>T</title><body><p>All of it</p><ul>{links}</ul></body></html>".encode())


def pdf(body: bytes) -> bytes:
    return reply(body, content_type="application/pdf")


BROKEN = {path.stem: reply(path.read_bytes()) for path in CHALLENGES.glob("*.html")} | {
    "refused": reply(b"<h1>Access Denied</h1>", status=403),
    "too-often": reply(b"", status=429),
    "maintenance": UPKEEP,
    "empty": reply(b""),
    "cut": unended(page()[:1500]),
}
REFUSED = BROKEN["refused"]
WHOLE, AFTER = county_pdf(counties(12)), county_pdf(counties(10))
PLAYS = {f"broken-{name}": [answer, GOOD, answer, GOOD, GOOD, CHANGED] for name, answer in BROKEN.items()} | {
    "lasting": [GOOD, *[REFUSED] * 5, GOOD],
    "gone": [GOOD, AWAY, GOOD, AWAY, REFUSED, AWAY, GOOD],
    "soft": [GOOD, SOFT, SOFT, GOOD],
    "front": [GOOD, moved("/"), moved("/"), GOOD],
    "never": [moved("/"), SOFT, AWAY],
    "file": [listing("/files/figures.pdf")],
    "list": [
        listing("/a.csv", "/b.csv"),
        listing("/a.csv"),
        listing("/a.csv", "/b.csv"),
        *[listing("/a.csv")] * 2,
    ],
}
SERIES = {
    "file": "series:\n  f:\n    pattern: pdf\n",
    "list": "series:\n  f:\n    pattern: csv\n    each_file: true\n",
}


@dataclass(frozen=True)
class Told:
    """What was told of one source: by ``check`` in each of the seven rounds, and to whom."""

    rounds: list[str]
    desk: list[str]
    operators: list[str]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    home = tmp_path_factory.mktemp("trouble")
    (home / "sources").mkdir()
    (home / "monitor.yaml").write_text(CONFIGURATION)
    with ExitStack() as servers:
        for name, answers in PLAYS.items():
            server = servers.enter_context(loopback())
            server.says("/", reply(b"<html><title>Agency</title><h1>Welcome</h1><p>News</p></html>"))
            server.says(
                "/files/figures.pdf", unended(WHOLE[:900], "application/pdf"), *[pdf(WHOLE)] * 3, pdf(AFTER)
            )
            for file in ("/a.csv", "/b.csv"):
                server.says(file, reply(f"County,Cases\n{file},17\n".encode(), content_type="text/csv"))
            text = f"title: The {name} one\npublisher: T\nurl: {server.says('/programs/x', *answers)}\n"
            (home / "sources" / f"{name}.yaml").write_text(text + SERIES.get(name, ""))
        said = [run("check", cwd=home).stdout for _ in range(7)]
    with Store(home / "data" / "archive.db") as store:
        alerts = store.outbox.list(limit=1000)
        return {name: _told(name, said, alerts) for name in PLAYS}


def _told(name: str, said: list[str], alerts: Sequence[Pending]) -> Told:
    own = [pending.alert for pending in alerts if f'"source": "{name}"' in json.dumps(pending.alert.payload)]
    subjects = {
        audience: [
            f"{alert.payload['severity']}: {alert.subject}"
            for alert in reversed(own)
            if alert.destination == audience
        ]
        for audience in ("desk", "operators")
    }
    return Told([_part(name, text) for text in said], subjects["desk"], subjects["operators"])


def _part(name: str, said: str) -> str:
    """What one round said of a source: the indented lines under its name."""
    found = re.search(rf"^{name}\n((?:.*  .*\n)*)", said, re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("name", BROKEN)
def test_what_keeps_us_from_looking_is_never_a_baseline_and_never_a_change(
    played: dict[str, Told], name: str
) -> None:
    told = played[f"broken-{name}"]
    assert told.rounds[:5] == [""] * 5
    assert "commitment-weakened" in told.rounds[5]
    assert not any("vanished" in said or "page-" in said for said in told.rounds)
    assert [subject.split(":")[0].upper() for subject in told.operators[:2]] == ["LOW", "INFO"]


def test_trouble_that_lasts_is_told_once_and_again_where_it_is_graver(played: dict[str, Told]) -> None:
    told = played["lasting"]
    assert told.rounds == [""] * 7
    assert [subject.split(":")[0].upper() for subject in told.operators] == ["LOW", "MEDIUM", "INFO"]
    assert "for 3 rounds and more" in told.operators[1]
    assert "after 5 failed rounds" in told.operators[2]
    assert told.desk == []


def test_a_page_is_gone_at_the_second_look_and_not_at_the_first(played: dict[str, Told]) -> None:
    told = played["gone"]
    assert ["page-gone" in said for said in told.rounds] == [False] * 5 + [True, False]
    assert [subject.split(":")[0].upper() for subject in told.desk] == ["CRITICAL", "INFO"]
    assert "is back" in told.desk[1]


@pytest.mark.parametrize("name", ["soft", "front"])
def test_a_page_that_gives_way_to_another_has_moved_and_is_not_compared(
    played: dict[str, Told], name: str
) -> None:
    told = played[name]
    assert ["page-moved" in said for said in told.rounds] == [False, True] + [False] * 5
    assert not any("vanished" in said for said in told.rounds)
    assert [subject.split(":")[0].upper() for subject in told.desk] == ["HIGH", "INFO"]


def test_a_page_that_was_never_there_is_the_operators_business(played: dict[str, Told]) -> None:
    assert played["never"].desk == []
    assert played["never"].operators


def test_a_file_is_compared_whole_or_not_at_all(played: dict[str, Told]) -> None:
    told = played["file"]
    assert told.rounds[:4] == [""] * 4
    assert "rows-vanished" in told.rounds[4]
    assert "figures.pdf could not be fetched" in told.operators[0]


def test_a_document_that_is_still_served_is_unlinked_and_never_withdrawn(played: dict[str, Told]) -> None:
    """Its own address was asked in the same look: that is told at once, and once, though the list flickers."""
    told = played["list"]
    assert ["no longer linked" in said for said in told.rounds] == [False, True, False, True, False, False, False]
    assert not any("no longer published" in said for said in told.rounds)
    assert [subject.split(":")[0].upper() for subject in told.desk] == ["HIGH"]
