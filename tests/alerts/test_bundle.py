from __future__ import annotations

import datetime as dt

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from alerts.bundle import bundled
from alerts.compose import SUBJECT_LIMIT
from alerts.message import IN_FULL, message_of
from alerts.rendering.chat import render_chat
from alerts.rendering.dialects import DIALECTS
from alerts.rendering.page import render_page
from alerts.route import route
from alerts.sending.mail import LARGEST_PAGE, build_mail
from state.kinds import Severity
from state.model import Alert, Destination, Digest
from tests.alerts.examples import SCRIPT, finding

AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)
PEOPLE = Destination(name="people", url="json://localhost", digest=Digest.DAILY)


def _alerts(count: int) -> list[Alert]:
    findings = [
        finding(2, id=f"f{number}", title=f"{SCRIPT} finding {number}", severity=Severity.MEDIUM)
        for number in range(count)
    ]
    return route(findings, [PEOPLE], release=None, archive="http://127.0.0.1:8717", at=AT)


def test_one_alert_stays_as_it_is() -> None:
    (alert,) = _alerts(1)
    assert bundled([alert]) is alert


def test_a_large_digest_stays_readable_and_names_every_finding() -> None:
    alerts = _alerts(IN_FULL + 100)
    digest = bundled(alerts)
    assert len(digest.subject) <= SUBJECT_LIMIT
    assert len(digest.attachments) == IN_FULL
    page = LexborHTMLParser(render_page(message_of(digest)))
    assert page.css_first("script") is None
    assert len(page.css("table")) == IN_FULL
    assert len(page.css("li a")) == 100
    text = render_chat(message_of(digest), DIALECTS["slack"]).body
    assert len(text) <= 2_900
    shown = text.count("\n  http://")
    assert f"… and {len(alerts) - shown:,} more" in text


def test_the_mail_of_a_large_digest_is_not_cut_by_mail_services() -> None:
    mail = build_mail(bundled(_alerts(300)), sender="a@example.org", sender_name="", recipient="b@example.org")
    page = mail.get_body(("html",))
    assert page is not None
    assert len(page.get_content().encode()) <= LARGEST_PAGE


def test_what_is_of_one_source_stands_together() -> None:
    alerts = [
        replace(alert, payload={**alert.payload, "source": {"id": source}})
        for alert, source in zip(_alerts(4), ("a", "b", "a", "b"), strict=True)
    ]
    told = bundled(alerts).payload["alerts"]
    assert isinstance(told, list)
    assert [each["source"]["id"] for each in told] == ["a", "a", "b", "b"]


def test_it_is_as_grave_as_its_gravest() -> None:
    grave = route(
        [finding(1, severity=Severity.CRITICAL)], [PEOPLE], release=None, archive="http://127.0.0.1", at=AT
    )
    assert bundled([*_alerts(3), *grave]).payload["severity"] == "critical"


def test_its_key_is_that_of_its_members() -> None:
    assert bundled(_alerts(3)).event == bundled(_alerts(3)).event
    assert bundled(_alerts(3)).event != bundled(_alerts(4)).event


def test_the_gravest_comes_first_whenever_it_was_said() -> None:
    grave = route(
        [finding(1, title="A county fell", severity=Severity.CRITICAL)],
        [PEOPLE],
        release=None,
        archive="http://127.0.0.1",
        at=AT,
    )
    digest = bundled([*_alerts(3), *grave])
    assert digest.subject.startswith("CRITICAL, ice/secure-communities statistics: A county fell")
    assert "critical: ice/secure-communities statistics: A county fell" in render_chat(message_of(digest)).body
