from __future__ import annotations

import datetime as dt

from selectolax.lexbor import LexborHTMLParser

from alerts.bundle import IN_FULL, bundled
from alerts.compose import TEXT_LIMIT, TITLE_LIMIT
from alerts.route import route
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
    assert len(digest.text) <= TEXT_LIMIT
    assert len(digest.subject) <= TITLE_LIMIT
    assert len(digest.attachments) == IN_FULL
    page = LexborHTMLParser(digest.html)
    assert page.css_first("script") is None
    assert len(page.css("table")) == IN_FULL
    assert len(page.css("li a")) == 100
    assert all(alert.event in digest.html for alert in alerts)
    shown = digest.text.count("\n  http://")
    assert f"… and {len(alerts) - shown:,} more" in digest.text


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
    assert digest.subject.startswith("CRITICAL: A county fell")
    assert digest.text.startswith("• CRITICAL: A county fell")
