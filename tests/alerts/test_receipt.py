from __future__ import annotations

import datetime as dt
from pathlib import Path

from msgspec.structs import replace

from alerts.deliver import deliver_pending
from alerts.receipt import receipt_key
from alerts.route import route
from cli.configuration.model import Configuration, Settings
from cli.receipts import add_receipts
from state.model import Capture, Destination, Series, Source, Verdict
from state.store import Store
from tests.alerts.examples import MailServer, Webhook, finding

MONDAY = dt.datetime(2026, 2, 2, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def _source(id: str) -> Source:
    return Source(
        id=id, title=id, publisher="ICE", url=f"https://www.example.gov/{id}", series=(Series("page", "P"),)
    )


def _looked(store: Store, source: Source, *, at: dt.datetime, verdict: Verdict = Verdict.PRESENT) -> None:
    capture = Capture(
        source=source.id,
        series="page",
        url=source.url,
        final_url=source.url,
        at=at,
        verdict=verdict,
        body=b"x" if verdict.good else b"",
        media_type="text/plain",
    )
    store.record(source, [capture])


def _settings(tmp_path: Path, *destinations: Destination, sources: tuple[Source, ...]) -> Settings:
    return Settings(configuration=Configuration(data=tmp_path), sources=sources, destinations=destinations)


def test_a_receipt_counts_what_arrived_was_seen_and_is_late(tmp_path: Path) -> None:
    seen, dark, never, other = map(_source, ("ice/seen", "ice/dark", "ice/never", "trac/other"))
    with MailServer() as mail, Store(tmp_path / "archive.db") as store:
        desk = Destination("desk", mail.url(), receipt=True, sources=("ice/*",))
        _looked(store, seen, at=MONDAY - HOUR)
        _looked(store, dark, at=MONDAY - 3 * DAY)
        _looked(store, dark, at=MONDAY - HOUR, verdict=Verdict.UNREACHABLE)
        (alert,) = route(
            [finding(source="ice/seen", event="ev1")],
            [desk],
            release=None,
            archive="http://127.0.0.1",
            at=MONDAY - DAY,
        )
        store.outbox.add([alert], at=MONDAY - DAY)
        deliver_pending(store.outbox, [desk], clock=lambda: MONDAY - DAY)
        settings = _settings(tmp_path, desk, sources=(seen, dark, never, other))
        add_receipts(settings, store, at=MONDAY)
        deliver_pending(store.outbox, [desk], clock=lambda: MONDAY)
        told = mail.messages[-1]
    assert told["Subject"] == "Weekly receipt: 1 alert, 2 sources seen, 2 late, nothing undelivered"
    plain = told.get_body(("plain",))
    assert plain is not None
    words = " ".join(plain.get_content().split())
    assert "The last event is ev1, which arrived on 1 February 2026, 12:00 UTC" in words
    assert "ice/dark; ice/never" in words
    assert "trac/other" not in words


def test_it_comes_once_a_week_and_says_what_never_came(tmp_path: Path) -> None:
    with Webhook() as hook, Store(tmp_path / "archive.db") as store:
        desk = Destination("desk", hook.url, receipt=True)
        silent = Destination("silent", "json://127.0.0.1:9/")
        settings = _settings(tmp_path, desk, silent, sources=())
        for hours in range(0, 24 * 14, 6):
            at = MONDAY + hours * HOUR
            add_receipts(settings, store, at=at)
            deliver_pending(store.outbox, [desk, silent], clock=lambda at=at: at)
        assert [body["event"] for body in hook.bodies] == ["receipt-2026-W06", "receipt-2026-W07"]
        store.outbox.add(
            route([finding()], [replace(desk, url="json://127.0.0.1:9/")], release=None, archive="", at=at), at=at
        )
        deliver_pending(store.outbox, [replace(desk, url="json://127.0.0.1:9/")], clock=lambda: at)
        add_receipts(settings, store, at=at + DAY)
        (row,) = [each for each in store.outbox.list() if each.alert.event == "receipt-2026-W08"]
    assert row.alert.subject.endswith("none late, 1 UNDELIVERED")
    assert "Connection refused" in row.alert.text
    assert row.alert.payload["receipt"]["undelivered"] == 1  # type: ignore[index]


def test_weeks_begin_on_monday_morning_of_the_zone() -> None:
    here, there = Destination("a", ""), Destination("b", "", zone="America/New_York")
    early = dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC)  # four in the morning in New York
    assert receipt_key(here, at=early) == "receipt-2026-W06"
    assert receipt_key(there, at=early) == "receipt-2026-W05"
    assert receipt_key(there, at=early + 4 * HOUR) == "receipt-2026-W06"
