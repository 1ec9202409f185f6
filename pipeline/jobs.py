"""What is to be judged of a release, and having a worker do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

if TYPE_CHECKING:
    import datetime as dt

    from diffing.examination import Examination, ReleaseBytes, Request
    from diffing.workers.pool import Workers
    from state.model import Capture, Release, Series, Source
    from state.store import Store
    from watchers.rounds import Fetched

    Ahead = Mapping[str, tuple[Request, Examination]]

_SMALL: Final = 200_000  # bytes of a page that is examined together with others


def gather_request(
    source: Source,
    series: Series,
    release: Release | None,
    *,
    captures: Sequence[Capture],
    store: Store,
    now: dt.datetime,
    own_day: bool = False,
) -> Request:
    """What is to be judged: both editions, and as much of the past and of this round as concerns them."""
    from diffing.examination import Request
    from state.model import LINKED
    from state.reading.siblings import siblings_of

    before = store.previous(release) if release else None
    document = release.document if release else ""
    concerned = tuple(
        replace(capture, body=b"", wire=None)  # what a look showed, not its bytes: these are in the editions
        for capture in captures
        if capture.series in ("page", LINKED)
        or (capture.series == series.name and (not document or release is None or capture.url == release.url))
    )
    return Request(
        source=source,
        series=series,
        now=now,
        after=_edition(release, store, captures) if release else None,
        before=replace(_edition(before, store), reading=store.reading(before)) if before else None,
        captures=concerned,
        questioned=store.looks.questioned(release) if release else None,
        found_later=store.archive.found_later(source.id, series.name),
        siblings=siblings_of(store.archive, source, series, at=release.at) if before and release else (),
        history=store.archive.past(
            source.id,
            series.name,
            document=document,
            before=release,
            page="page",
            tables=release is not None,
            own_day=own_day,
            now=now,
        ),
    )


def _edition(release: Release, store: Store, captures: Sequence[Capture] = ()) -> ReleaseBytes:
    """The release with its bytes, those in hand where a capture of this round brought them."""
    from diffing.examination import ReleaseBytes

    place = (release.at, release.series, release.url)
    brought = (each.body for each in captures if (each.at, each.series, each.url) == place)
    return ReleaseBytes(
        body=next(brought, b"") or store.body(release.sha256),
        sha256=release.sha256,
        release=release.id,
        at=release.at,
        url=release.url,
        media_type=release.media_type,
        file_name=release.file_name,
    )


def examine_in_worker(request: Request, workers: Workers) -> Examination:
    """Examine in a worker; a round without a release needs none.

    A document that crashes, hangs or explodes costs itself, not the round.
    """
    from diffing.examine import examine, refused
    from state.errors import ReadingError

    if request.after is None:
        return examine(request)
    try:
        return workers.run(examine, request, in_files=request.bytes_in_files)
    except ReadingError as error:
        return refused(request, str(error))


def as_of_in_worker(source: Source, release: Release, *, store: Store, workers: Workers) -> dt.date | None:
    """The date of which a release speaks, read in a worker; None where it states none or cannot be read."""
    from diffing.examination import Request
    from diffing.examine import as_of
    from state.errors import ReadingError, StoreError

    series = next((each for each in source.series if each.name == release.series), None)
    if series is None:
        return None
    try:
        request = Request(source=source, series=series, now=release.at, after=_edition(release, store))
        stated = workers.run(as_of, request)
    except (ReadingError, StoreError):  # told where the release is judged
        return None
    return stated.date if stated else None


def examine_ahead(
    part: Sequence[tuple[Fetched, Sequence[Release]]],
    *,
    store: Store,
    workers: Workers,
    now: dt.datetime,
) -> Ahead:
    """Small pages that came at the same time, examined in one job, by their releases.

    A round and its worker take turns, and lose at each what their processors have at hand: singly a page costs a
    tenth more. What cannot be examined so is left out, and examined when it is judged.
    """
    from diffing.examine import examine_each
    from pipeline.skip import is_page_alone

    requests: dict[str, Request] = {}
    for fetched, fresh in part:
        if len(fresh) != 1 or fresh[0].size > _SMALL:
            continue
        release, source, captures = fresh[0], fetched.source, fetched.captures
        series = next(series for series in source.series if series.name == release.series)
        if is_page_alone(source):
            with suppress(Exception):  # it goes wrong again where the source is judged, and is told there
                requests[release.id] = gather_request(
                    source, series, release, captures=captures, store=store, now=now
                )
    if len(requests) > 1:
        with suppress(Exception):  # one of them is at fault, and costs itself only
            examined = workers.run(examine_each, list(requests.values()))
            return dict(zip(requests, zip(requests.values(), examined, strict=True), strict=True))
    return {}
