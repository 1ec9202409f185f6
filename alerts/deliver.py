"""The outbox emptied: what is due is sent, what fails waits, and nothing is given up in silence.

A destination that fails is left alone until its wait is over, and what gathered meanwhile goes as one message.
Destinations are sent to beside each other, so that a slow one holds up nobody else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from alerts.bundle import bundled
from alerts.sending.outcome import Delivery, Sent, without_secrets
from alerts.words import shorten
from state.errors import ConfigError
from state.model import Alert, Destination
from state.outbox import Outbox
from state.outbox_rows import Pending, Waiting
from state.signed_links import make_query

_NOTICE: Final = "given-up-"
_TICK: Final = 1.0  # seconds after which what came meanwhile is sent beside a slow destination
_AT_ONCE: Final = 4  # destinations that are sent to at the same time
_HOUR: Final = dt.timedelta(hours=1)
_LONG: Final = _HOUR  # after which an outage is told, and a fallback gets what waits

Clock = Callable[[], dt.datetime]


class Unsent(Struct, frozen=True):
    """What could not be sent: given up, or waiting to be tried again. ``str`` is a line for a person."""

    destination: str
    trouble: str
    subject: str = ""  # of a message that was given up now
    count: int = 1  # alerts that wait or were given up
    again: dt.datetime | None = None  # when they are tried again; None: given up
    lasting: bool = True  # False: it has not waited for an hour yet

    def __str__(self) -> str:
        if self.again is None and self.subject:
            return f"given up: {self.subject!r} for {self.destination}: {self.trouble}"
        if self.again is None:
            return (
                f"undelivered: {_alerts(self.count)} for {self.destination}, given up: {self.trouble};"
                " monitor.py outbox retry --dead, or outbox drop --dead"
            )
        waits = "waits" if self.count == 1 else "wait"
        return (
            f"not sent yet: {_alerts(self.count)} {waits} for {self.destination}: {self.trouble};"
            f" tried again in the first round after {self.again:%Y-%m-%d %H:%M} UTC"
        )


def _alerts(count: int) -> str:
    return "1 alert" if count == 1 else f"{count:,} alerts"


def deliver_pending(
    outbox: Outbox,
    destinations: Sequence[Destination],
    *,
    clock: Clock,
    hold: Sequence[str] = (),
    key: bytes | None = None,
) -> tuple[Unsent, ...]:
    """Send everything that is due. Returns what was given up now, and for each destination what has not arrived.

    Failures are tried again for a week, refusals for good are given up and told at once. An alert whose
    destination has a wrong address waits until that is mended; one whose destination is not configured any
    more is dead at once. ``hold`` names batches that are not complete yet and are left for later,
    ``key`` signs the links of destinations that want them.
    """
    sender = _Sender(outbox, destinations, clock=clock, hold=hold, key=key)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sender") as pool:
        dead = tuple(sender.drain(pool))
    waiting = (
        Unsent(
            each.destination,
            each.trouble,
            count=each.count,
            again=each.again,
            lasting=each.again is None or clock() - each.since >= _LONG,
        )
        for each in outbox.waiting()
        if each.again is not None or not any(one.destination == each.destination for one in dead)
    )
    return (*dead, *waiting)


class _Task(Struct, frozen=True):
    """What one thread sends, and for what it stands."""

    claimed: tuple[Pending, ...]
    alert: Alert


class _Sender:
    """One emptying of the outbox; the outbox is touched by the calling thread only."""

    def __init__(
        self,
        outbox: Outbox,
        destinations: Sequence[Destination],
        *,
        clock: Clock,
        hold: Sequence[str],
        key: bytes | None,
    ) -> None:
        self._outbox = outbox
        self._destinations = destinations
        self._known = {destination.name: destination for destination in destinations}
        self._clock = clock
        self._hold = hold
        self._key = key

    def drain(self, pool: ThreadPoolExecutor) -> Iterator[Unsent]:
        """Send until nothing is due; yields what was given up."""
        running: dict[Future[Sent], _Task] = {}
        while True:
            busy = {task.alert.destination for task in running.values()}
            while len(running) < _AT_ONCE and (claimed := self._claim(busy)):
                if self._is_flood(claimed):
                    continue
                task = _Task(
                    claimed,
                    bundled(
                        [self._with_link(each.alert) for each in claimed], remarks=tuple(self._remarks(claimed))
                    ),
                )
                busy.add(task.alert.destination)
                if (destination := self._known.get(task.alert.destination)) is None:
                    yield from self._unknown(task)
                    continue
                running[pool.submit(_send, task.alert, destination)] = task
            if not running:
                return
            done, _ = wait(running, timeout=_TICK, return_when=FIRST_COMPLETED)
            for future in done:
                yield from self._settle(running.pop(future), future)

    def _claim(self, busy: Collection[str]) -> tuple[Pending, ...]:
        return self._outbox.claim(now=self._clock(), without=busy, hold=self._hold)

    def _with_link(self, alert: Alert) -> Alert:
        """The alert with the link by which its reader says what became of it, where its destination wants one."""
        destination = self._known.get(alert.destination)
        base, archive, _ = str(alert.payload.get("archive", "")).rpartition("/findings/")
        if self._key is None or destination is None or not (destination.triage and alert.said and archive):
            return alert
        query = make_query(self._key, alert.said, destination.name, now=self._clock())
        return replace(alert, payload={**alert.payload, "triage": f"{base}/triage/{alert.said}?{query}"})

    def _is_flood(self, claimed: Sequence[Pending]) -> bool:
        """Whether its destination had enough messages within the hour: these are gathered into the next one."""
        destination = self._known.get(claimed[0].alert.destination)
        if destination is None or claimed[0].alert.bundled or claimed[0].trouble is not None:
            return False
        now = self._clock()
        if self._outbox.sent_since(destination.name, now - _HOUR, now=now) < destination.most_per_hour:
            return False
        until = self._outbox.gathering(destination.name)
        self._outbox.gather(claimed, until=until if until is not None and until > now else now + _HOUR)
        return True

    def _remarks(self, claimed: Sequence[Pending]) -> Iterator[str]:
        """What a reader must know besides: why it comes late, and what never came."""
        oldest = min(claimed, key=lambda each: each.created_at)
        if oldest.trouble is not None and self._clock() - oldest.created_at >= _LONG:
            yield (
                f"This comes late: {oldest.alert.destination} could not be reached"
                f" ({shorten(oldest.trouble, 200)}). The oldest of it was said on"
                f" {oldest.created_at:%-d %B %Y, %H:%M} UTC."
            )
        destination = self._known.get(oldest.alert.destination)
        for lost in self._outbox.waiting():
            if lost.again is None and (
                lost.destination == oldest.alert.destination or (destination and destination.operators)
            ):
                yield (
                    f"Undelivered: {_alerts(lost.count)} for {lost.destination} since {lost.since:%-d %B %Y}:"
                    f" {shorten(lost.trouble, 200)}"
                )

    def _unknown(self, task: _Task) -> Iterator[Unsent]:
        name = task.alert.destination
        trouble = f"no destination is called {name!r}; name it so again and retry, or drop the message"
        for each in task.claimed:
            self._outbox.refused([each], now=self._clock(), trouble=trouble)
        yield self._given_up(task, trouble)

    def _settle(self, task: _Task, future: Future[Sent]) -> Iterator[Unsent]:
        """Note what became of one message."""
        now = self._clock()
        try:
            result = future.result()
        except ConfigError as error:
            self._outbox.held(task.claimed, now=now, trouble=str(error))
            return
        trouble = f"{result.delivery.value}: {result.trouble}"
        match result.delivery:
            case Delivery.SENT:
                self._outbox.sent(task.claimed, now=now)
                return
            case Delivery.REFUSED:
                given_up = self._outbox.refused(task.claimed, now=now, trouble=trouble)
            case Delivery.FAILED | Delivery.DOUBTFUL:
                given_up = self._outbox.failed(
                    task.claimed, now=now, trouble=trouble, retry_after=result.retry_after
                )
        if self._pass_on(task, now=now, given_up=given_up):
            return
        if given_up:
            yield self._given_up(task, trouble)
        elif result.delivery is not Delivery.REFUSED:
            self._tell_of_outage(task, trouble, now=now)

    def _pass_on(self, task: _Task, *, now: dt.datetime, given_up: bool) -> bool:
        """Whether the fallback of the destination has it now: it was refused, or has waited for an hour."""
        fallback = self._known[task.alert.destination].fallback
        late = now - min(each.created_at for each in task.claimed) >= _LONG
        if fallback is None or fallback not in self._known or not (given_up or late):
            return False
        self._outbox.passed_on(task.claimed, to=fallback, now=now)
        return True

    def _given_up(self, task: _Task, trouble: str) -> Unsent:
        alert = task.alert
        if not alert.event.startswith(_NOTICE):
            text = (
                f"A message could not be delivered to {alert.destination} and was given up.\n\n{alert.subject}\n"
                f"Why: {trouble}\nEvent: {alert.event}\n\n"
                "When the cause is mended: python monitor.py outbox retry --dead"
            )
            payload = {"given_up": alert.event, "trouble": trouble}
            self._tell(alert, f"Not delivered to {alert.destination}: {alert.subject}", text, alert.event, payload)
        return Unsent(alert.destination, trouble, subject=alert.subject)

    def _tell_of_outage(self, task: _Task, trouble: str, *, now: dt.datetime) -> None:
        """Operators hear of a destination that is out of reach for an hour, and once a day as long as it is."""
        since = min(each.created_at for each in task.claimed)
        if now - since < _LONG or task.alert.event.startswith(_NOTICE):
            return
        name = task.alert.destination
        waiting = next((each for each in self._outbox.waiting() if each.destination == name), None)
        count = waiting.count if isinstance(waiting, Waiting) else len(task.claimed)
        text = (
            f"{name} has not taken a message since {since:%-d %B %Y, %H:%M} UTC; {_alerts(count)} waiting."
            f"\nWhy: {trouble}\n\nNothing is lost: they are tried again for a week, then kept."
        )
        event = f"outage {name} {now.date().isoformat()}"
        payload = {"unreachable": name, "trouble": trouble}
        self._tell(task.alert, f"{name} cannot be reached: {_alerts(count)} waiting", text, event, payload)

    def _tell(self, alert: Alert, subject: str, text: str, key: str, payload: Mapping[str, object]) -> None:
        """Operators' destinations other than the one that fails are told; each thing once."""
        notices = [
            Alert(
                event=_NOTICE + key,
                destination=destination.name,
                subject=shorten(subject, 150),
                text=text,
                payload={"event": _NOTICE + key, **payload},
            )
            for destination in self._destinations
            if destination.operators and destination.name != alert.destination
        ]
        self._outbox.add(notices, at=self._clock())


def _send(alert: Alert, destination: Destination) -> Sent:
    """One message by one thread. Raises ConfigError for an address that is none."""
    from alerts.sending.send import send

    try:
        return send(alert, destination)
    except ConfigError:
        raise
    except Exception as error:  # noqa: BLE001 - the sender's boundary: one message must not hold up the others
        return Sent(Delivery.DOUBTFUL, without_secrets(f"{type(error).__name__}: {error}", destination.url))
