"""Operators hear once, and only they, of what of a source is not followed."""

from __future__ import annotations

from pathlib import Path

from state.reading.timeline import Browser
from tests.commands.figures import page, set_up
from tests.commands.running import run
from tests.watchers.loopback import loopback, reply

DESTINATIONS = (
    "destinations:\n"
    "  - {name: operators, url: 'json://127.0.0.1:9/', least: low, operators: true}\n"
    "  - {name: desk, url: 'json://127.0.0.1:9/', least: info}\n"
)


def list_with(more: str) -> bytes:
    return reply(page("voluntary").replace(b"</main>", f"{more}</main>".encode()))


def pages(count: int) -> str:
    return "".join(f"<a href='?page={number}'>{number + 1}</a>" for number in range(1, count))


def test_operators_are_told_once_and_again_only_of_something_else(tmp_path: Path) -> None:
    button = "<button>Load more</button>"
    rounds = (list_with(button), list_with(f"<p>Updated.</p>{button}"), list_with(button))
    rounds += (list_with(pages(4)), list_with(pages(9)), list_with(button))
    with loopback() as publisher:
        publisher.says("/figures", *rounds)
        publisher.says("/files/stats.csv", reply(b"County,Removals\nWebb,5\n", content_type="text/csv"))
        set_up(tmp_path, url=f"{publisher.url}/figures", more=DESTINATIONS)
        said = [run("check", cwd=tmp_path).stderr for _ in rounds]
        assert len(publisher.asked("/figures")) == len(rounds)
    assert [text.count("Load more") for text in said] == [1, 0, 0, 0, 0, 0]
    assert [text.count("the list goes on over") for text in said] == [0, 0, 0, 1, 0, 0]
    with Browser(tmp_path / "data" / "archive.db") as browser:
        alerts = [each.alert for each in browser.outbox.list() if "unfollowed" in each.alert.event]
    assert [alert.destination for alert in alerts] == ["operators", "operators"]
    assert ["Load more" in alert.text for alert in alerts] in ([True, False], [False, True])


def test_who_names_operators_later_hears_of_it_then(tmp_path: Path) -> None:
    with loopback() as publisher:
        publisher.says("/figures", list_with("<button>Load more</button>"))
        publisher.says("/files/stats.csv", reply(b"County,Removals\nWebb,5\n", content_type="text/csv"))
        set_up(tmp_path, url=f"{publisher.url}/figures")
        assert "Load more" not in run("check", cwd=tmp_path).stderr
        with (tmp_path / "monitor.yaml").open("a") as settings:
            settings.write(DESTINATIONS)
        assert "Load more" in run("check", cwd=tmp_path).stderr
