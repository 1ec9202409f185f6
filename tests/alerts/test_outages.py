"""Nothing is lost, and nothing comes twice but where it is in doubt: long outages, errors, killed senders."""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from msgspec.structs import replace

from alerts.deliver import deliver_pending
from alerts.route import route
from state.model import Alert, Destination
from state.outbox_rows import OutboxState
from state.store import Store
from tests.alerts.examples import MailServer, Webhook, finding

REPO = Path(__file__).parents[2]
AT = dt.datetime(2026, 2, 3, 12, 30, tzinfo=dt.UTC)
ROUND = dt.timedelta(minutes=15)
KILLS = 20
EACH = 50  # alerts between two kills


def _alerts(destination: Destination, count: int, *, at: dt.datetime, name: str = "") -> list[Alert]:
    """Alerts of their own, ten to a message."""
    found = [
        finding(1, id=f"{name} {at:%d %H:%M} {number}", title=f"{name}: statement {number} of {at:%d %H:%M}")
        for number in range(count)
    ]
    alerts = route(found, [destination], release=None, archive="http://127.0.0.1:8717", at=at)
    return [replace(alert, batch=f"{name} {number // 10}") for number, alert in enumerate(alerts)]


def test_an_outage_of_two_days_loses_nothing_and_ends_in_one_message_each(tmp_path: Path) -> None:
    """Two destinations out for 48 hours, rounds every 15 minutes, twenty alerts for each: 40 of 40."""
    down = True
    with Webhook(lambda: 503 if down else 200) as hook, MailServer() as mail, Store(tmp_path / "a.db") as store:
        both = [Destination("hook", hook.url), Destination("mail", mail.url())]
        mail.keeper.answer = "451 the disk is full"
        for number in range(48 * 4):
            at = AT + number * ROUND
            if number % 9 == 0 and number < 180:
                store.outbox.add([alert for each in both for alert in _alerts(each, 1, at=at)], at=at)
            deliver_pending(store.outbox, both, clock=lambda at=at: at)
        assert store.outbox.counts() == {OutboxState.PENDING: 40}
        down, mail.keeper.answer = False, "250 OK"
        hook.bodies.clear()
        mail.messages.clear()
        for number in range(48 * 4, 48 * 4 + 8):
            at = AT + number * ROUND
            deliver_pending(store.outbox, both, clock=lambda at=at: at)
        assert store.outbox.counts() == {OutboxState.SENT: 40}
        (posted,), (message,) = hook.bodies, mail.messages
    assert len(posted["alerts"]) == 20
    assert posted["remarks"][0].startswith("This comes late: hook could not be reached (failed: HTTP 503")
    assert message["Subject"].endswith("and 19 more")
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "mail could not be reached (failed: 451 the disk is full)" in " ".join(plain.get_content().split())


class _Desk:
    """A receiver that refuses some requests, and knows what it took."""

    def __init__(self) -> None:
        self.taken: list[str] = []  # events, as often as they came
        self.came = threading.Event()
        self._dice = random.Random(7)
        self._lock = threading.Lock()

    def take(self, body: bytes) -> int:
        with self._lock:
            self.came.set()
            if self._dice.random() < 0.15:
                return 503
            message = json.loads(body)
            self.taken += [alert["event"] for alert in message.get("alerts", [message])]
            return 200


@contextmanager
def _listening(desk: _Desk) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(desk.take(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"json://127.0.0.1:{server.server_address[1]}/hook"
        server.shutdown()
        thread.join()


_WORKER = """
import datetime as dt, sys
from pathlib import Path
from alerts.deliver import deliver_pending
from state.model import Destination
from state.store import Store
ahead = dt.timedelta(hours=int(sys.argv[3]))
desk = [Destination("desk", sys.argv[2], most_per_hour=1_000_000)]
with Store(Path(sys.argv[1])) as store:
    deliver_pending(store.outbox, desk, clock=lambda: dt.datetime.now(dt.UTC) + ahead)
"""


def _work(path: Path, url: str, *, ahead: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WORKER, str(path), url, str(ahead)], cwd=REPO)


def test_a_thousand_of_a_thousand_through_two_workers_errors_and_kills(tmp_path: Path) -> None:
    """15 % of requests fail, twenty times both workers are killed: all arrive, twice only what was in doubt."""
    desk, path, ahead = _Desk(), tmp_path / "a.db", 0
    doubtful: set[str] = set()
    with _listening(desk) as url, Store(path) as store:
        people = Destination("desk", url)
        for kill in range(KILLS):
            at = dt.datetime.now(dt.UTC)
            store.outbox.add(_alerts(people, EACH, at=at, name=f"kill {kill}"), at=at)
            desk.came.clear()
            workers = [_work(path, url, ahead=ahead) for _ in range(2)]
            assert desk.came.wait(60)
            for worker in workers:
                worker.kill()
                worker.wait(60)
            sent = {each.alert.event for each in store.outbox.list(state=OutboxState.SENT, limit=2_000)}
            doubtful |= set(desk.taken) - sent
            ahead += 2  # hours: leases and waits are over
        while store.outbox.counts() != {OutboxState.SENT: KILLS * EACH}:
            assert _work(path, url, ahead=ahead).wait(60) == 0
            ahead += 2
    came = Counter(desk.taken)
    assert len(came) == KILLS * EACH
    assert {event for event, count in came.items() if count > 1} <= doubtful
