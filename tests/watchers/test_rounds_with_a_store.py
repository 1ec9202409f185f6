"""Fetching and remembering together: what a listing names is known even where a file is not asked for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from state.model import Series, Source
from state.store import Store
from tests.watchers.conftest import Make
from tests.watchers.loopback import Loopback, reply
from watchers.fetch import Validators

PDF = b"%PDF-1.4\n%%EOF\n"


def test_a_file_that_rests_stays_linked(server: Loopback, fetcher: Make, tmp_path: Path) -> None:
    url = server.says("/list", reply(b"<html><body><a href='/a.pdf'>A</a></body></html>"))
    document = server.says("/a.pdf", reply(PDF, content_type="application/pdf"))
    series = Series("files", "F", pattern="pdf$", each_file=True, recheck=dt.timedelta(days=7))
    source = Source(id="x/y", title="T", publisher="P", url=url, series=(series,), obey_robots=False)
    moments = [dt.datetime(2026, 6, day, tzinfo=dt.UTC) for day in (1, 2, 3)]
    with Store(tmp_path / "archive.db") as store:
        checked: dict[str, Validators] = {}
        for moment in moments:
            captures = fetcher(validators=checked.get, clock=lambda moment=moment: moment).fetch(source)
            store.record(source, captures)
            checked.setdefault(document, Validators(checked=moment))
        links = store.archive.past("x/y", "files", page="page").links()
        releases = store.archive.last_release("x/y", "files", document=document)
    assert len(server.asked("/a.pdf")) == 1
    assert links == {document: moments[-1]}
    assert releases is not None
    assert releases.at == moments[0]
