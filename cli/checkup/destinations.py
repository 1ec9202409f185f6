"""What ``doctor`` looks at in destinations: addresses, and who would be told of what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cli.checkup.machine import Check, fail, ok, warn
from cli.effects import audiences, remarks_on
from state.errors import ConfigError
from state.model import Destination, Source

if TYPE_CHECKING:
    from cli.configuration.model import Configuration


def check_destinations(configuration: Configuration, sources: Sequence[Source], *, send: bool) -> Iterator[Check]:
    """Whether alerts have somewhere to go, and reach whom they should; nothing is sent unless ``send`` says so."""
    from cli.configuration.settings import check_names, destination_of

    destinations = []
    for wanted in configuration.destinations:
        try:
            destination = destination_of(wanted)
            yield _check_destination(destination, send=send, archive=configuration.archive.address)
            destinations.append(destination)
        except ConfigError as error:
            yield fail(str(error), "correct it in the configuration, or set the variable")
    try:
        check_names(destinations)
    except ConfigError as error:
        yield fail(str(error), "correct it in the configuration")
    if not any(not each.operators for each in destinations):
        yield warn("destinations: nobody is told of findings", "add one, see monitor.example.yaml")
    if not any(each.operators for each in destinations):
        yield warn("destinations: nobody is told of fetch trouble", "add one with operators: true")
    if len(destinations) < len(configuration.destinations):
        return  # who hears of what is seen when all of them are in order
    yield from (warn(remark.what, remark.remedy) for remark in remarks_on(configuration, sources, destinations))
    if any(not each.operators for each in destinations):
        yield from (ok(f"who hears: {line}") for line in audiences(destinations, sources))


def _check_destination(destination: Destination, *, send: bool, archive: str) -> Check:
    """One destination. Raises ConfigError where its address is none."""
    from alerts.sample import sample
    from alerts.sending.outcome import Delivery
    from alerts.sending.send import send as send_now
    from alerts.sending.service import connect

    connect(destination)
    if not send:
        return ok(f"destination {destination.name}: its address is understood; --send tries it")
    alert = sample(destination.name, archive=archive, at=dt.datetime.now(dt.UTC))
    sent = send_now(alert, destination)
    if sent.delivery is Delivery.SENT:
        return ok(f"destination {destination.name}: the test message was taken")
    return fail(
        f"destination {destination.name}: the test message is {sent.delivery.value} ({sent.trouble})",
        "look whether address, secret and server are right",
    )
