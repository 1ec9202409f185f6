"""The picture of a figure over its releases: made from the archive, carried by a true mail, said in words."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alerts.bundle import bundled
from alerts.rendering.chart import Point, draw_chart, words_of
from alerts.sample import sample
from alerts.sending.mail import build_mail
from alerts.sending.webhook import body_of
from state.model import Alert, Destination
from state.store import Store
from tests.commands.figures import set_up, watched

DESK = Destination(name="desk", url="json://127.0.0.1:9/")
START = dt.date(2026, 1, 1)


def points(*values: float) -> list[Point]:
    return [Point(START + dt.timedelta(days=30 * number), value) for number, value in enumerate(values)]


def told_after(home: Path, *figures: int) -> list[Alert]:
    """What waits in the outbox after a county had these figures to date, a month each."""
    set_up(home)
    for month, figure in enumerate(figures, start=1):
        watched(home, month, webb=figure, told=(DESK,))
    with Store(home / "data" / "archive.db") as store:
        return [each.alert for each in store.outbox.list()]


def test_a_count_that_fell_comes_with_its_past(tmp_path: Path) -> None:
    (alert,) = told_after(tmp_path, 400, 500, 610, 250)
    assert [name for name, _ in alert.attachments] == ["items.csv", "figure.png"]
    picture = alert.attachments[1][1]
    assert len(picture) <= 10_000
    assert words_of(picture).startswith("Webb, Removals to date: 250 (2 Apr 2023), before that 610 (2 Mar 2023)")
    assert "4 releases from 400 (2 Jan 2023)" in words_of(picture)


def test_two_numbers_need_no_picture(tmp_path: Path) -> None:
    (alert,) = told_after(tmp_path, 400, 100)
    assert [name for name, _ in alert.attachments] == ["items.csv"]


def test_it_stands_in_the_mail_and_not_among_the_files() -> None:
    alert = sample("desk", archive="https://archive.example", at=dt.datetime(2026, 2, 3, tzinfo=dt.UTC))
    mail = build_mail(alert, sender="watch@example.org", sender_name="", recipient="desk@example.org")
    page = mail.get_body(("html",))
    assert page is not None
    html = page.get_content()
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html
    assert 'alt="Harris &amp; Sons, TX, Removals to date: 2,500 (2 Feb 2026)' in html
    assert picture.get_content_disposition() == "inline"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["items.csv"]
    assert "http" not in str(picture["Content-ID"])


def test_one_picture_a_message() -> None:
    at = dt.datetime(2026, 2, 3, tzinfo=dt.UTC)
    together = bundled([sample(f"desk{number}", archive="https://a.example", at=at) for number in range(3)])
    assert [name for name, _ in together.attachments if name.endswith(".png")] == ["01-figure.png"]
    assert b'"mimetype": "image/png"' in body_of(together)


@pytest.mark.parametrize("values", [(), (1.0,), (1.0, 2.0), (5.0, 5.0, 5.0, 5.0)])
def test_what_shows_nothing_is_not_drawn(values: tuple[float, ...]) -> None:
    assert draw_chart(points(*values), name="x") is None


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=3, max_size=60), st.text())
def test_any_figures_make_a_small_picture(values: list[float], name: str) -> None:
    picture = draw_chart(points(*values), name=name)
    if picture is not None:
        assert len(picture) <= 10_000
        with Image.open(io.BytesIO(picture)) as opened:
            assert opened.size == (1120, 300)


def test_figures_of_one_day_stand_side_by_side() -> None:
    assert draw_chart([Point(START, value) for value in (1.0, 4.0, 2.0)], name="x") is not None
