"""Captures as rows: what an address answers again and again stands once, a look only names it."""

from __future__ import annotations

from collections.abc import Mapping
from sqlite3 import Connection
from typing import Final

from state.model import Capture
from state.serialisation.nouns import digest_of
from state.times import stamp

ANSWER: Final = (
    "final_url",
    "verdict",
    "status",
    "reason",
    "media_type",
    "file_name",
    "link_text",
    "memento",
    "peer",
)
"""What makes an answer, in the order of its digest; ``final_url`` is None where it is the address asked."""


class Captures:
    """Writes captures; every call belongs inside a transaction of the caller. They are read as ``capture``."""

    def __init__(self, db: Connection) -> None:
        self._db = db

    def insert(self, capture: Capture, *, parts: Mapping[str, int | None], together: int) -> int:
        """Keep a capture and return its number.

        ``parts`` are the numbers of the snapshots it rests on (headers, request, body, wire, certificate,
        redirects) and of the capture it revisits; ``together`` is the number of the first capture of its round.
        """
        row = {
            "origin": self._origin(capture.source, capture.series),
            "address": self._address(capture.url),
            "answer": self._answer(capture),
            "at": stamp(capture.at),
            "elapsed": round(float(capture.elapsed), 6),
            "round": together,
            **parts,
        }
        marks = ", ".join("?" * len(row))
        cursor = self._db.execute(f"INSERT INTO look ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        return int(cursor.lastrowid or 0)

    def _origin(self, source: str, series: str) -> int:
        found = self._db.execute(
            "SELECT id FROM origin WHERE source = ? AND series = ?", [source, series]
        ).fetchone()
        return int(found[0]) if found else self._add("origin", {"source": source, "series": series})

    def _address(self, url: str) -> int:
        found = self._db.execute("SELECT id FROM address WHERE url = ?", [url]).fetchone()
        return int(found[0]) if found else self._add("address", {"url": url})

    def _answer(self, capture: Capture) -> int:
        said = {
            "final_url": None if capture.final_url == capture.url else capture.final_url,
            "verdict": capture.verdict.value,
            "memento": int(capture.memento),
        }
        row = {name: said[name] if name in said else getattr(capture, name) for name in ANSWER}
        digest = digest_of(tuple(row.values()))
        found = self._db.execute("SELECT id FROM answer WHERE digest = ?", [digest]).fetchone()
        return int(found[0]) if found else self._add("answer", {"digest": digest, **row})

    def _add(self, table: str, row: Mapping[str, object]) -> int:
        marks = ", ".join("?" * len(row))
        cursor = self._db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        return int(cursor.lastrowid or 0)
