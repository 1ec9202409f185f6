"""How the watch is: ``/health`` for load balancers and containers, ``/metrics`` for Prometheus.

Both are asked of the archive alone, so they tell what was kept, whether or not a daemon runs beside them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from archive.security_headers import Json
from archive.visitors import Visitors
from state.lateness import late
from state.model import Source, Verdict
from state.reading.timeline import Browser, SourceLine
from state.times import now
from state.version import VERSION

_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
"""The text format of Prometheus, 0.0.4, which OpenMetrics readers take too."""

_Samples = Iterable[tuple[Mapping[str, str], float]]


class Vitals:
    """The two answers. ``watched``, by id, are the sources that are to be looked at.

    A visitor from whom sources are hidden hears of the others.
    """

    def __init__(self, archive: Browser, watched: Mapping[str, Source], visitors: Visitors) -> None:
        self._archive = archive
        self._watched = watched
        self._visitors = visitors

    def _watched_by(self, request: Request) -> Mapping[str, Source]:
        hidden = self._visitors.hidden_from(request)
        return {id: source for id, source in self._watched.items() if id not in hidden}

    def health(self, request: Request) -> Response:
        """200 where no source is late, 503 where one is; a watch that never looked yet is starting."""
        watched = self._watched_by(request)
        looked = _times(self._lines(watched))
        behind = late(watched.values(), looked, at=now())
        newest = max(looked.values(), default=None)
        status = "late" if behind else "ok" if looked else "starting"
        body = {
            "status": status,
            "sources": len(watched),
            "late": sorted(behind),
            "last_look": None if newest is None else newest.isoformat(),
        }
        return Json(body, status_code=503 if behind else 200)

    def metrics(self, request: Request) -> Response:
        """Gauges and counters of the archive, one family after the other."""
        families = self._families(self._watched_by(request), at=now())
        return PlainTextResponse("".join(families), headers={"Content-Type": _TEXT})

    def _lines(self, watched: Container[str]) -> tuple[SourceLine, ...]:
        return tuple(line for line in self._archive.sources() if line.source in watched)

    def _families(self, watched: Mapping[str, Source], *, at: dt.datetime) -> Iterator[str]:
        lines, counts = self._lines(watched), self._archive.counts()
        looked = _times(lines)
        behind = late(watched.values(), looked, at=at)
        answered = [
            ({"source": line.source}, float(Verdict(line.last_verdict).answers))
            for line in lines
            if line.last_verdict
        ]
        outbox = [({"state": state.value}, count) for state, count in self._archive.outbox.counts().items()]
        yield _family("info", "gauge", "The version that serves this.", [({"version": VERSION}, 1)])
        yield _family("sources", "gauge", "Sources that are watched.", [({}, len(watched))])
        yield _family("sources_late", "gauge", "Sources not looked at for too long.", [({}, len(behind))])
        yield _family(
            "source_last_look_timestamp_seconds",
            "gauge",
            "When a source was looked at last.",
            [({"source": source}, time.timestamp()) for source, time in looked.items()],
        )
        yield _family("source_answered", "gauge", "1 where the last look showed whether it is there.", answered)
        yield _family("releases_total", "counter", "Releases kept.", [({}, counts.releases)])
        yield _family("captures_total", "counter", "Looks kept.", [({}, counts.captures)])
        yield _family(
            "conditions_open", "gauge", "What stands open.", [({}, len(self._archive.open_conditions()))]
        )
        yield _family("outbox_messages", "gauge", "Messages by their state; dead ones were given up.", outbox)


def _times(lines: Iterable[SourceLine]) -> dict[str, dt.datetime]:
    return {line.source: line.last_at for line in lines if line.last_at}


def _family(name: str, kind: str, meaning: str, samples: _Samples) -> str:
    full = f"release_monitor_{name}"
    values = "".join(f"{full}{_labels(labels)} {value:.15g}\n" for labels, value in samples)
    return f"# HELP {full} {meaning}\n# TYPE {full} {kind}\n{values}"


def _labels(labels: Mapping[str, str]) -> str:
    written = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{written}}}" if written else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
