from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.watchers.loopback import Loopback, loopback
from watchers.fetch import Fetcher, Retries
from watchers.fetching.exchange import Limits
from watchers.fetching.politeness import Politeness

Make = Callable[..., Fetcher]


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
def fetcher() -> Iterator[Make]:
    """Makes fetchers that may ask loopback, hardly wait, and are closed at the end."""
    with ExitStack() as stack:

        def make(**settings: object) -> Fetcher:
            defaults = {
                "contact": "watch@example.org",
                "allow_hosts": frozenset({"127.0.0.1"}),
                "politeness": Politeness(delay=0, patience=100),
                "retries": Retries(attempts=1, wait_initial=0.01, wait_max=0.02),
                "limits": Limits(connect=2, idle=2, total=5),
            }
            return stack.enter_context(Fetcher(**(defaults | settings)))

        yield make
