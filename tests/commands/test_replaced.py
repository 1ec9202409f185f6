"""What stands in a page's place for one look is nobody's news; what stays is told, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_unlinked import TABLE, home, look, page, server, watch
from tests.watchers.loopback import Loopback, reply

__all__ = ["home", "server"]

NOTICE = (
    b"<html><head><title>Office closed</title></head><body><h1>We have moved</h1>"
    b"<p>The office that published here was dissolved last week.</p></body></html>"
)
OTHERS = {
    "a notice": NOTICE,
    "a page of another matter": page(TABLE).replace(b"Arrests", b"Gardens").replace(b"County", b"Tree")
    .replace(b"as counted at the end of each month by the office of statistics", b"in the parks that we keep"),
    "hardly anything under the same title": b"<html><head><title>Arrests</title></head><body><h1>Arrests</h1>"
    b"<p>Soon.</p></body></html>",
}  # fmt: skip
PAGE = page(TABLE, "<p>" + "How the office counts an arrest is described in its manual of methods. " * 4 + "</p>")
LOUD = ("low", "medium", "high", "critical")


def told(found: list[dict]) -> list[str]:
    return [each["kind"] for each in found if each["severity"] in LOUD and not each["kind"].startswith("source-")]


@pytest.mark.parametrize("other", OTHERS)
def test_what_stands_there_for_one_look_is_nobodys_news(home: Path, server: Loopback, other: str) -> None:
    url = server.says("/arrests", reply(PAGE, etag='"a"'))
    watch(home, url)
    look(home)
    server.says("/arrests", reply(OTHERS[other], etag='"b"'))
    found = look(home)
    assert [each["kind"] for each in found] == ["source-blocked"]
    server.says("/arrests", reply(PAGE, etag='"a"'))
    assert told(look(home)) == []
    assert look(home) == []
    assert "if-none-match" in server.asked("/arrests")[-1]
    assert server.asked("/arrests")[2]["if-none-match"] == '"a"', "the page's own tag"


def test_what_stays_is_told_once_and_then_is_the_page(home: Path, server: Loopback) -> None:
    url = server.says("/arrests", reply(PAGE))
    watch(home, url)
    look(home)
    server.says("/arrests", reply(NOTICE))
    assert told(look(home)) == []
    found = look(home)
    assert told(found) == ["page-replaced"]
    (finding,) = [each for each in found if each["kind"] == "page-replaced"]
    assert (finding["severity"], finding["after"]) == ("high", "We have moved")
    assert told(look(home)) == []


def test_another_wall_each_time_is_a_second_look_too(home: Path, server: Loopback) -> None:
    url = server.says("/arrests", reply(PAGE))
    watch(home, url)
    look(home)
    server.says("/arrests", reply(NOTICE))
    look(home)
    server.says("/arrests", reply(NOTICE.replace(b"last week", b"eight days ago")))
    assert told(look(home)) == ["page-replaced"]


def test_two_walls_with_the_page_between_them_are_two_questions(home: Path, server: Loopback) -> None:
    url = server.says("/arrests", reply(PAGE))
    watch(home, url)
    for body in (PAGE, NOTICE, PAGE, NOTICE, PAGE):
        server.says("/arrests", reply(body))
        assert told(look(home)) == []


def test_a_loss_within_a_page_is_told_at_once(home: Path, server: Loopback) -> None:
    url = server.says("/arrests", reply(PAGE))
    watch(home, url)
    look(home)
    server.says("/arrests", reply(PAGE.replace(TABLE.encode(), b"")))
    assert told(look(home)) == ["table-vanished"]


def test_another_language_is_never_the_publishers_news(home: Path, server: Loopback) -> None:
    said = "La oficina de estadística cuenta las detenciones de cada condado al final del mes y las publica aquí. "
    head = "<html lang=es><head><title>Detenciones</title></head>"
    spanish = f"{head}<body><h1>Detenciones</h1><p>{said * 4}</p></body></html>".encode()
    url = server.says("/arrests", reply(PAGE.replace(b"<html>", b"<html lang=en>")))
    watch(home, url)
    look(home)
    server.says("/arrests", reply(spanish))
    assert all(told(look(home)) == [] for _ in range(3))
