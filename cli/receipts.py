"""The weekly receipts that destinations asked for, put into the outbox when they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from alerts.receipt import Week
    from cli.configuration.model import Settings
    from state.model import Alert, Destination, Source
    from state.reading.timeline import Browser
    from state.store import Store


def add_receipts(settings: Settings, store: Store, *, at: dt.datetime) -> None:
    """Put in the receipts of this week that are not in the outbox yet; they are sent outside quiet hours."""
    wanted = [destination for destination in settings.destinations if destination.receipt]
    if not wanted:
        return
    from alerts.receipt import receipt_key

    due = [each for each in wanted if not store.outbox.knows(receipt_key(each, at=at), each.name)]
    if due:
        store.outbox.add(_receipts(settings, due, at=at), at=at)


def _receipts(settings: Settings, due: Sequence[Destination], *, at: dt.datetime) -> list[Alert]:
    from alerts.receipt import compose_receipt, heard_sources
    from alerts.route import when
    from state.model import Digest
    from state.reading.timeline import Browser

    sources = settings.watched or settings.sources
    receipts = []
    with Browser(settings.configuration.database) as browser:
        for each in due:
            week = _week(browser, each, heard_sources(each, sources), at=at)
            alert = compose_receipt(week, each, at=at)
            receipts.append(replace(alert, not_before=when(replace(each, digest=Digest.AT_ONCE), at=at)))
    return receipts


def _week(browser: Browser, destination: Destination, sources: Sequence[Source], *, at: dt.datetime) -> Week:
    from alerts.receipt import SPAN, Week, late_sources

    seen = browser.looks.last_answers("page")
    ids = {source.id for source in sources}
    lost = [
        each for each in browser.outbox.waiting() if destination.operators or each.destination == destination.name
    ]
    return Week(
        had=browser.outbox.had(destination.name, since=at - SPAN),
        looked=sum(id in seen and at - seen[id] <= SPAN for id in ids),
        late=late_sources(sources, seen, at=at),
        overdue=[
            past.finding.title
            for past in browser.open_conditions()
            if past.finding.kind == "release-overdue" and past.finding.source in ids
        ],
        undelivered=sum(each.count for each in lost),
        silent=[each.subject for each in browser.triage.silences(at=at)],
        trouble=[f"{each.destination}: {each.trouble}" for each in lost],
    )
