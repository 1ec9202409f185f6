"""Lies about freshness: a server that says "nothing changed" for ever, tags that stay, dates to come."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from state.address import stable_address
from watchers.fetching.freshness import BELIEVED_FOR, BELIEVED_LOOKS, Validators, conditions_of

NOW = dt.datetime(2026, 6, 10, 12, tzinfo=dt.UTC)
PAST = "Mon, 01 Jun 2026 00:00:00 GMT"
TO_COME = "Fri, 01 Jan 2027 00:00:00 GMT"


def asked_with(known: Validators) -> set[str]:
    return set(conditions_of(known, now=NOW, followed=False))


def test_a_server_is_believed_for_a_day_and_for_nine_looks() -> None:
    fresh = Validators(etag='"a"', answered=NOW - dt.timedelta(hours=1))
    assert asked_with(fresh) == {"If-None-Match"}
    assert not asked_with(Validators(etag='"a"', answered=NOW, believed=BELIEVED_LOOKS))
    assert not asked_with(Validators(etag='"a"', answered=NOW - BELIEVED_FOR, believed=1))


def test_a_date_to_come_and_a_tag_that_lied_are_no_validators() -> None:
    assert asked_with(Validators(last_modified=PAST)) == {"If-Modified-Since"}
    assert not asked_with(Validators(last_modified=TO_COME))
    assert not asked_with(Validators(last_modified="yesterday"))
    assert not asked_with(Validators(etag='"a"', trusted=False))


def test_tokens_and_times_make_no_other_document() -> None:
    base = "https://agency.example.gov/dl?id=7"
    for fleeting in (
        "token=8f3a", "access_token=q", "X-Amz-Signature=ab12", "X-Amz-Date=20260601T000000Z", "sig=x%2Fy",
        "ts=1780000000", "expires=1780000000", "_=1780000000123", "v=3", "k=3f9a0c77b1d24e55a0c1",
        "updated=2026-03-01", "lastmod=20260301", "modified_at=1", "mtime=5", "rev=9",
    ):  # fmt: skip
        assert stable_address(f"{base}&{fleeting}") == base
    for telling in (
        "year=2026",
        "month=06",
        "file=removals.csv",
        "table=12",
        "id=8",
        "date=2026-03-01",
        "q=Alder+County+Jail",
    ):
        assert stable_address(f"{base}&{telling}") != base
    assert stable_address(f"{base}&date=2026-03-01") != base, "a day is what many documents are told apart by"


@given(st.text(max_size=80))
def test_a_stable_address_stays_as_it_is(query: str) -> None:
    once = stable_address(f"https://agency.example.gov/dl?{query}")
    assert stable_address(once) == once
