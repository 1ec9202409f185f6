"""What webhooks get is what ``docs/webhook.schema.json`` says."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from referencing import Registry, Resource

from alerts.context import Context, DatedRelease
from alerts.deliver import deliver_pending
from alerts.route import route
from cli.configuration.model import Configuration, Settings
from cli.receipts import add_receipts
from state.document import DateRole, StatedDate
from state.model import Destination, Digest, Release, Series, Source
from state.outbox_rows import OutboxState
from state.signed_links import make_key
from state.store import Store
from tests.alerts.examples import MailServer, Webhook, finding

DOCS = Path(__file__).parents[2] / "docs"
AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)
ARCHIVE = "http://127.0.0.1:8717"
AFTER = Release(
    id="r2",
    source="ice/secure-communities",
    series="statistics",
    url="https://www.example.gov/stats.pdf",
    at=AT,
    sha256="b" * 64,
    media_type="application/pdf",
    size=3,
    file_name="stats.pdf",
)
BEFORE = replace(AFTER, id="r1", sha256="a" * 64, at=AT - dt.timedelta(days=30))
SOURCE = Source(
    id="ice/secure-communities",
    title="Secure Communities",
    publisher="ICE",
    url="https://www.example.gov/",
    series=(Series(name="statistics", title="Removals by jurisdiction", pattern="x"),),
    why="The only figures by county.",
)
CONTEXT = Context(
    source=SOURCE,
    after=DatedRelease(AFTER, StatedDate("through July 2010", dt.date(2010, 7, 31), DateRole.AS_OF)),
    before=DatedRelease(BEFORE, StatedDate("through June 2010", dt.date(2010, 6, 30), DateRole.AS_OF)),
)


def _validator() -> Draft202012Validator:
    schemas = {
        name: json.loads((DOCS / name).read_text()) for name in ("webhook.schema.json", "findings.schema.json")
    }
    base = "https://release-monitor.invalid/"
    registry: Registry[Any] = Registry().with_resources(
        [(base + name, Resource.from_contents(schema)) for name, schema in schemas.items()]
    )
    return Draft202012Validator(
        schemas["webhook.schema.json"], registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


@pytest.mark.parametrize("digest", [Digest.AT_ONCE, Digest.DAILY])
@pytest.mark.parametrize("context", [CONTEXT, Context()])
def test_every_payload_is_as_described(tmp_path: Path, digest: Digest, context: Context) -> None:
    with Store(tmp_path / "archive.db") as store, Webhook() as hook:
        people = [Destination("hook", hook.url, digest=digest)]
        for findings in ([finding()], [finding(2, id="f2"), finding(1, id="f3")]):
            alerts = route(findings, people, release=AFTER, archive=ARCHIVE, at=AT, context=context)
            store.outbox.add(alerts, at=AT)
            deliver_pending(store.outbox, people, clock=lambda: AT + dt.timedelta(days=1))
    assert [len(body.get("alerts", [body])) for body in hook.bodies] == [1, 2]
    for body in hook.bodies:
        _validator().validate(body)


def test_it_names_both_releases(tmp_path: Path) -> None:
    (alert,) = route(
        [finding()], [Destination("hook", "json://x")], release=AFTER, archive=ARCHIVE, at=AT, context=CONTEXT
    )
    before, after = alert.payload["before"], alert.payload["after"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["sha256"], before["as_of"]["date"]) == ("a" * 64, "2010-06-30")
    assert after["at"] == AT.isoformat()
    assert after["file"] == f"{ARCHIVE}/raw/{'b' * 64}"


def test_what_operators_get_is_as_described(tmp_path: Path) -> None:
    with Store(tmp_path / "archive.db") as store, Webhook() as hook:
        down = Destination("down", "json://127.0.0.1:9/")
        everyone = [down, Destination("crew", hook.url, operators=True)]
        store.outbox.add(route([finding()], [down], release=AFTER, archive=ARCHIVE, at=AT), at=AT)
        for day in range(1, 9):
            now = AT + dt.timedelta(days=day)
            deliver_pending(store.outbox, everyone, clock=lambda now=now: now)  # type: ignore[misc]
    assert len(hook.bodies) > 1
    for body in hook.bodies:
        _validator().validate(body)


def test_mail_says_whose_it_is_why_it_matters_and_links_both_files(tmp_path: Path) -> None:
    with Store(tmp_path / "archive.db") as store, MailServer() as mail:
        people = [Destination("people", mail.url())]
        found = [finding(), finding(1, id="f2", title="Two rows left"), finding(1, id="f3", title="A third")]
        alerts = route(found, people, release=AFTER, archive=ARCHIVE, at=AT, context=CONTEXT)
        store.outbox.add(alerts, at=AT)
        assert deliver_pending(store.outbox, people, clock=lambda: AT) == ()
        (message,) = mail.messages
        assert store.outbox.counts() == {OutboxState.SENT: 3}
    assert message["Subject"].endswith(" and 2 more")
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        for words in (
            "ICE: Secure Communities (ice/secure-communities / statistics)",
            "The only figures by county.",
            "as of 31 July 2010, first seen 3 February 2026, 12:30 UTC",
            "as of 30 June 2010, first seen 4 January 2026, 12:30 UTC",
            f"{ARCHIVE}/raw/{'a' * 64}",
            f"{ARCHIVE}/raw/{'b' * 64}",
            *(alert.event for alert in alerts),
        ):
            assert words in part.get_content()


def test_receipts_and_signed_links_are_as_described(tmp_path: Path) -> None:
    with Store(tmp_path / "archive.db") as store, Webhook() as hook:
        desk = Destination("hook", hook.url, receipt=True, triage=True)
        said = finding(event="a" * 26)
        store.outbox.add(route([said], [desk], release=AFTER, archive=ARCHIVE, at=AT, context=CONTEXT), at=AT)
        settings = Settings(configuration=Configuration(data=tmp_path), sources=(SOURCE,), destinations=(desk,))
        deliver_pending(store.outbox, [desk], clock=lambda: AT, key=make_key(tmp_path))
        add_receipts(settings, store, at=AT)
        deliver_pending(store.outbox, [desk], clock=lambda: AT)
    told, receipt = hook.bodies
    assert told["triage"].startswith(f"{ARCHIVE}/triage/{'a' * 26}?to=hook&until=")
    assert receipt["receipt"]["alerts"] == 1
    assert receipt["receipt"]["late"] == [SOURCE.id]
    for body in hook.bodies:
        _validator().validate(body)
