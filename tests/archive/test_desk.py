"""The form behind the signed link of a message: the one place where the archive's pages write."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from alerts.deliver import deliver_pending
from alerts.message import message_of
from alerts.rendering.chat import render_chat
from alerts.rendering.page import render_page
from state.kinds import Severity
from state.model import Alert, Destination
from state.reading.timeline import Browser
from state.signed_links import LASTS, make_key, make_query, read_query
from state.store import Store
from state.times import now
from state.triage import How, Standing
from tests.alerts.examples import Webhook
from tests.commands.figures import set_up, watched
from tests.commands.running import browsing

DAY = dt.timedelta(days=1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    set_up(tmp_path)
    desk = Destination("desk <1>", "json://127.0.0.1:9/", least=Severity.LOW, triage=True)
    watched(tmp_path, 1, webb=500)
    watched(tmp_path, 3, webb=210, told=[desk])
    return tmp_path


@pytest.fixture
def body(home: Path) -> dict[str, str]:
    """What the destination got."""
    with Webhook() as hook, Store(home / "data" / "archive.db") as store:
        desk = Destination("desk <1>", hook.url, least=Severity.LOW, triage=True)
        deliver_pending(store.outbox, [desk], clock=now, key=make_key(home / "data"))
        (body,) = hook.bodies
    return body


@pytest.fixture
def client(home: Path) -> Iterator[httpx.Client]:
    with browsing(home) as address, httpx.Client(base_url=address, follow_redirects=True) as client:
        yield client


def _local(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_get_writes_nothing_and_post_writes_what_the_form_says(
    home: Path, body: dict[str, str], client: httpx.Client
) -> None:
    link = _local(body["triage"])
    form = client.get(f"{link}&standing=explained")
    assert form.status_code == 200
    assert form.headers["Cache-Control"] == "no-store"
    assert form.headers["Referrer-Policy"] == "no-referrer"
    assert 'value="explained" checked' in form.text
    assert "desk &lt;1&gt;" in form.text
    with Browser(home / "data" / "archive.db") as browser:
        assert browser.triage.standings() == {}
    fields = dict(parse_qsl(urlsplit(link).query))
    said = {**fields, "standing": "explained", "note": "<b>a recount</b>", "author": "Ada", "quiet": "finding-7"}
    done = client.post(urlsplit(link).path, data=said)
    assert (done.status_code, done.url.path) == (200, urlsplit(body["archive"]).path)
    assert "&lt;b&gt;a recount&lt;/b&gt;" in done.text
    assert "Snoozed since" in done.text
    with Browser(home / "data" / "archive.db") as browser:
        (decision,) = browser.triage.of(body["event"])
        (silence,) = browser.triage.silences(at=now())
    assert (decision.standing, decision.author) == (Standing.EXPLAINED, "Ada (by the link to desk <1>)")
    assert silence.how is How.SNOOZED
    api = client.get(f"/api{done.url.path}").json()
    assert api["triage"]["standing"] == "explained"


def test_without_our_signature_there_is_no_form_and_no_writing(
    home: Path, body: dict[str, str], client: httpx.Client
) -> None:
    path, fields = urlsplit(body["triage"]).path, dict(parse_qsl(urlsplit(body["triage"]).query))
    key = make_key(home / "data")
    assert key is not None
    over = dict(parse_qsl(make_query(key, body["event"], "desk", now=now() - LASTS - DAY)))
    other = dict(parse_qsl(make_query(b"x" * 32, body["event"], "desk", now=now())))
    later = {**fields, "until": str(int(fields["until"]) + 1)}
    for wrong in ({}, over, other, later, {**fields, "to": "another"}, {**fields, "sig": "é"}):
        assert client.get(f"{path}?{urlencode(wrong)}").status_code == 403
        assert client.post(path, data={**wrong, "standing": "confirmed"}).status_code == 403
    assert client.post(f"/triage/{'a' * 26}", data={**fields, "standing": "confirmed"}).status_code == 403
    assert client.post(path, json=fields).status_code == 415
    assert client.post(path, data={**fields, "standing": "confirmed", "note": "x" * 70_000}).status_code == 413
    assert client.post(path, data={**fields, "standing": "perhaps"}).status_code == 400
    assert client.post(path, data=fields).status_code == 400
    assert client.post("/findings", data=fields).status_code == 405
    with Browser(home / "data" / "archive.db") as browser:
        assert browser.triage.standings() == {}
        assert browser.triage.silences(at=now()) == ()


def test_the_link_stands_where_its_destination_wants_it_and_nowhere_else(home: Path, body: dict[str, str]) -> None:
    alert = Alert(event=body["event"], destination="desk", subject="s", text="", payload=body)
    assert body["triage"] in render_chat(message_of(alert)).body
    assert "&amp;standing=false-alarm" in render_page(message_of(alert))
    with Store(home / "data" / "archive.db") as store:
        kept = store.outbox.list()[0].alert
        assert "triage" not in kept.payload, "the outbox keeps no link"
    assert "What became of it?" not in render_page(message_of(kept))


def test_the_key_is_its_owner_s_alone_and_stays(tmp_path: Path) -> None:
    key = make_key(tmp_path)
    assert key is not None
    assert make_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "triage.key").stat().st_mode) == 0o600
    query = dict(parse_qsl(make_query(key, "e", "desk\nx", now=now())))
    assert read_query(key, "e", query, now=now() + LASTS - DAY) is not None
    assert read_query(key, "e", query, now=now() + LASTS + DAY) is None
    assert read_query(key, "f", query, now=now()) is None
