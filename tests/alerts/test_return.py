"""From a page that goes to its return, through the archive and the mail server."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from alerts.deliver import deliver_pending
from alerts.route import route
from diffing.examination import Request
from diffing.examine import examine
from state.kinds import Severity
from state.model import Capture, Destination, Series, Source, Verdict
from state.store import Store
from tests.alerts.examples import MailServer

START = dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)
PAGE = Series(name="page", title="The page")
SOURCE = Source(
    id="test/page", title="Statistics", publisher="Agency", url="https://publisher.example/", series=(PAGE,)
)
STATUS = {Verdict.PRESENT: 200, Verdict.GONE: 404, Verdict.BLOCKED: 403}


def _round(store: Store, verdict: Verdict, destinations: list[Destination], *, day: int) -> None:
    at = START + dt.timedelta(days=day)
    capture = Capture(
        source=SOURCE.id,
        series="page",
        url=SOURCE.url,
        final_url=SOURCE.url,
        at=at,
        verdict=verdict,
        status=STATUS[verdict],
        body=b"<p>Figures</p>" if verdict.good else b"",
    )
    store.record(SOURCE, [capture])
    history = store.archive.past(SOURCE.id, "page")
    found = examine(Request(source=SOURCE, series=PAGE, now=at, captures=(capture,), history=history)).findings
    alerts = route(found, destinations, release=None, archive="http://127.0.0.1:8717", at=at)
    store.report(source=SOURCE.id, series="page", findings=found, alerts=alerts, at=at)
    assert deliver_pending(store.outbox, destinations, clock=lambda: at) == ()


def _subjects(tmp_path: Path, verdicts: list[Verdict], **wishes: object) -> list[str]:
    with Store(tmp_path / "archive.db") as store, MailServer() as mail:
        told = [Destination("told", mail.url(), **wishes)]  # type: ignore[arg-type]
        for day, verdict in enumerate(verdicts):
            _round(store, verdict, told, day=day)
        return [str(message["Subject"]) for message in mail.messages]


def test_who_heard_that_a_page_is_gone_hears_of_its_return_once(tmp_path: Path) -> None:
    present, gone = Verdict.PRESENT, Verdict.GONE
    said = _subjects(tmp_path, [present, gone, gone, gone, present, present], least=Severity.CRITICAL)
    assert [line.startswith("CRITICAL, ") for line in said] == [True, False]
    assert said[1] == "test/page page: The page “Statistics” is back after 3 days"


def test_who_did_not_hear_of_it_hears_nothing_of_its_return(tmp_path: Path) -> None:
    present, gone = Verdict.PRESENT, Verdict.GONE
    assert _subjects(tmp_path, [present, gone, gone, present], sources=("other/*",)) == []
    assert _subjects(tmp_path / "again", [present, gone, present]) == [], "one look was never told"


def test_operators_hear_of_the_end_of_trouble_once(tmp_path: Path) -> None:
    present, blocked = Verdict.PRESENT, Verdict.BLOCKED
    said = _subjects(tmp_path, [present, blocked, blocked, present, present], operators=True, least=Severity.LOW)
    assert len(said) == 2
    assert "can be fetched again after 2 failed rounds" in said[1]


def test_operators_for_whom_it_was_too_small_hear_nothing_of_its_end(tmp_path: Path) -> None:
    present, blocked = Verdict.PRESENT, Verdict.BLOCKED
    assert _subjects(tmp_path, [present, blocked, present], operators=True, least=Severity.HIGH) == []
