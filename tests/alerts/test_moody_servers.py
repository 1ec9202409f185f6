"""Mail servers and webhooks of every mood: what each answer means for the message."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from alerts.deliver import deliver_pending
from alerts.route import route
from alerts.sending.outcome import Delivery
from alerts.sending.send import send
from state.model import Alert, Destination
from state.outbox_rows import OutboxState
from state.store import Store
from tests.alerts.examples import MailServer, Webhook, finding

AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def _alerts(*destinations: Destination) -> list[Alert]:
    return route([finding()], destinations, release=None, archive="http://127.0.0.1:8717", at=AT)


class _Recipients:
    """Answers to RCPT, by recipient, one after the other; then it takes all."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers = answers

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if waiting := self.answers.get(address.partition("@")[0]):
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"


def test_greylisting_is_waited_for(tmp_path: Path) -> None:
    with MailServer() as mail, Store(tmp_path / "a.db") as store:
        mail.keeper.handle_RCPT = _Recipients(watchdog=["451 4.7.1 greylisted, try later"]).handle_RCPT
        people = [Destination("people", mail.url())]
        store.outbox.add(_alerts(*people), at=AT)
        (said,) = map(str, deliver_pending(store.outbox, people, clock=lambda: AT))
        assert "failed: 451 4.7.1 greylisted, try later" in said
        assert deliver_pending(store.outbox, people, clock=lambda: AT + HOUR) == ()
        assert len(mail.messages) == 1


def test_one_of_three_that_is_refused_costs_itself_alone_and_operators_hear(tmp_path: Path) -> None:
    with MailServer() as mail, Webhook() as crew, Store(tmp_path / "a.db") as store:
        mail.keeper.handle_RCPT = _Recipients(gone=["550 5.1.1 no such mailbox"] * 9).handle_RCPT
        three = [Destination(name, mail.url(f"{name}@example.org")) for name in ("one", "gone", "two")]
        everyone = [*three, Destination("crew", crew.url, operators=True)]
        store.outbox.add(_alerts(*three), at=AT)
        said = [str(each) for each in deliver_pending(store.outbox, everyone, clock=lambda: AT)]
        assert sorted(str(message["To"]) for message in mail.messages) == ["one@example.org", "two@example.org"]
        assert any("for gone: refused: 550 5.1.1 no such mailbox" in line for line in said)
        assert store.outbox.counts() == {OutboxState.SENT: 3, OutboxState.DEAD: 1}
        assert crew.bodies[0]["given_up"]


def test_a_connection_that_drops_after_the_data_is_in_doubt_and_sent_again(tmp_path: Path) -> None:
    drops = [True]

    async def take(server: SMTP, session: Session, envelope: Envelope) -> str:
        if drops.pop() if drops else False:
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"

    with MailServer() as mail:
        mail.keeper.handle_DATA = take
        people = Destination("people", mail.url())
        (alert,) = _alerts(people)
        assert send(alert, people).delivery is Delivery.DOUBTFUL
        assert send(alert, people).delivery is Delivery.SENT


def test_a_webhook_that_speaks_no_tls_has_failed_in_words() -> None:
    with Webhook() as hook:
        people = Destination("hook", hook.url.replace("json://", "jsons://"))
        (alert,) = _alerts(people)
        result = send(alert, people)
        assert result.delivery is Delivery.FAILED
        assert "SSL" in result.trouble
        assert hook.bodies == []


def _authority(folder: Path) -> ssl.SSLContext:
    """A server's certificate that nobody vouches for."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", *asked, *subject, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"monitor", b"open sesame"), handled=False)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
@pytest.mark.parametrize(
    ("password", "verify", "delivery", "words"),
    [
        ("open%20sesame", "no", Delivery.SENT, ""),
        ("wrong", "no", Delivery.REFUSED, "535 5.7.8"),
        ("open%20sesame", "yes", Delivery.FAILED, "CERTIFICATE_VERIFY_FAILED"),
    ],
)
def test_starttls_and_a_login(tmp_path: Path, password: str, verify: str, delivery: Delivery, words: str) -> None:
    context = _authority(tmp_path)
    with MailServer(tls_context=context, require_starttls=True, auth_required=True, authenticator=_known) as mail:
        address = f"mailtos://monitor:{password}@127.0.0.1:{mail.port}/?mode=starttls&verify={verify}"
        people = Destination("people", f"{address}&smtp=127.0.0.1&from=monitor@example.org&to=you@example.org")
        (alert,) = _alerts(people)
        result = send(alert, people)
        assert (result.delivery, words in result.trouble) == (delivery, True), result
        assert len(mail.messages) == (delivery is Delivery.SENT)
        assert "sesame" not in result.trouble


def test_a_mail_server_that_does_not_answer_in_time_is_in_doubt() -> None:
    """It has the message and says nothing: whether it will be delivered nobody knows."""
    released = threading.Event()

    async def wait(server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.get_running_loop().run_in_executor(None, released.wait, 60)
        return "250 OK"

    with MailServer() as mail:
        mail.keeper.handle_DATA = wait
        people = Destination("people", f"{mail.url()}&rto=0.5")
        (alert,) = _alerts(people)
        try:
            result = send(alert, people)
        finally:
            released.set()
    assert (result.delivery, result.trouble) == (Delivery.DOUBTFUL, "the mail server did not answer in time")


def test_a_webhook_that_hangs_is_in_doubt_and_holds_up_no_other() -> None:
    released = threading.Event()

    def hang() -> int:
        released.wait(60)
        return 200

    with Webhook(hang) as slow, Webhook() as quick:
        people = [Destination("slow", f"{slow.url}?rto=0.5"), Destination("quick", quick.url)]
        try:
            results = [
                send(alert, destination) for alert, destination in zip(_alerts(*people), people, strict=True)
            ]
        finally:
            released.set()
    assert [result.delivery for result in results] == [Delivery.DOUBTFUL, Delivery.SENT]
    assert results[0].trouble == "no answer within 0.5 seconds"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ("jsons://127.0.0.1:{port}/?verify={verify}", 200),
        ("mmosts://127.0.0.1:{port}/3ccdd113474722377935511fc85d3dd4?verify={verify}", 200),
    ],
)
@pytest.mark.parametrize(("verify", "delivery"), [("yes", Delivery.FAILED), ("no", Delivery.SENT)])
def test_a_certificate_that_nobody_vouches_for(
    tmp_path: Path, form: str, answer: int, verify: str, delivery: Delivery
) -> None:
    with Webhook(lambda: answer, tls=_authority(tmp_path)) as hook:
        people = Destination("people", form.format(port=hook.port, verify=verify))
        (alert,) = _alerts(people)
        result = send(alert, people)
        assert result.delivery is delivery, result
        assert ("certificate" in result.trouble.lower()) is (delivery is Delivery.FAILED)
        assert len(hook.bodies) == (delivery is Delivery.SENT)
