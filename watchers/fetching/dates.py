"""Dates as HTTP writes them."""

from __future__ import annotations

import datetime as dt
import email.utils


def http_date(text: str) -> dt.datetime | None:
    """The moment that an HTTP date names, aware; None for what is no date."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
