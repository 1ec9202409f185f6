"""The items of a finding as CSV, in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from alerts.words import FIELDS
from state.contract import item_to_json
from state.model import Item
from state.serialisation.nouns import storable

_NUMBERS = ("before", "after", "difference", "percent")

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may take for a formula: also after blanks, and in full-width letters."""


def items_as_csv(items: Sequence[Item]) -> bytes:
    """All items as UTF-8 CSV with a header; columns that no item fills are left out.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    bodies = [item_to_json(item) for item in items]
    names = [name for name in (*FIELDS, *_NUMBERS, "note") if any(name in body for body in bodies)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_harmless(body.get(name)) for name in names] for body in bodies)
    return storable(out.getvalue()).encode("utf-8-sig")


def _harmless(value: object) -> object:
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return "" if value is None else value


def media_type_of(name: str) -> str:
    """The media type of a file that goes with a message, by its name."""
    return {"csv": "text/csv", "png": "image/png"}.get(name.rpartition(".")[2], "application/octet-stream")
