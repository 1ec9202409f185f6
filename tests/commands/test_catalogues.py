"""Catalogues of three forms, fetched round after round with ``check``, with the files that their entries name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.running import run
from tests.diffing.catalogues import FORMS, Dataset, ckan, datasets, reworded
from tests.watchers.loopback import Loopback, loopback, reply

CONFIGURATION = (
    "shipped_sources: false\nallow_hosts: ['127.0.0.1']\npoliteness: {seconds_between_requests: 0, retries: 1}\n"
)


@pytest.fixture
def site() -> Iterator[Loopback]:
    with loopback() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, site: Loopback) -> Path:
    (tmp_path / "sources" / "agency").mkdir(parents=True)
    for form in FORMS:
        (tmp_path / "sources" / "agency" / f"{form}.yaml").write_text(
            f"title: Datasets\npublisher: Agency\nurl: {site.url}/{form}\ncatalogue: {form}\n"
        )
    (tmp_path / "monitor.yaml").write_text(CONFIGURATION)
    return tmp_path


def say(site: Loopback, entries: Sequence[Dataset]) -> None:
    for form, write in FORMS.items():
        site.says(f"/{form}", reply(write(entries), content_type="application/json"))


def told(home: Path, *, status: int = 0) -> list[tuple[str, str, int | None]]:
    """What a round says above info, by source."""
    done = run("check", "--json", cwd=home)
    assert done.returncode == status, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [(each["source"], each["kind"], each["count"]) for each in found if each["severity"] != "info"]


def test_three_rounds_of_each_form(home: Path, site: Loopback) -> None:
    before = datasets(40, of_gender=12)
    say(site, before)
    assert told(home) == []
    say(site, before[::-1])
    assert told(home) == []
    say(site, [*(reworded(each, "gender", "sex") for each in before[:12]), *before[12:38]])
    kinds = (("definition-changed", 12), ("rows-vanished", 2))
    found = [(f"agency/{form}", kind, count) for form in FORMS for kind, count in kinds]
    assert sorted(told(home)) == sorted(found)


def test_a_part_of_a_catalogue_goes_to_operators_and_is_no_baseline(home: Path, site: Loopback) -> None:
    for form in ("dcat", "socrata"):
        (home / "sources" / "agency" / f"{form}.yaml").unlink()
    whole = datasets(40)
    site.says("/ckan", reply(ckan(whole), content_type="application/json"))
    assert told(home) == []
    site.says("/ckan", reply(ckan(whole[:10], count=40), content_type="application/json"))
    assert told(home, status=1) == [("agency/ckan", "source-unreadable", 1)]
    other = [replace(each, licence="None") for each in whole]
    site.says("/ckan", reply(ckan(other), content_type="application/json"))
    assert told(home) == [("agency/ckan", "definition-changed", 40)]


def test_the_files_of_its_entries_are_followed_where_a_series_says_so(home: Path, site: Loopback) -> None:
    for form in FORMS:
        (home / "sources" / "agency" / f"{form}.yaml").unlink()
    (home / "sources" / "agency" / "files.yaml").write_text(
        f"title: Datasets\npublisher: Agency\nurl: {site.url}/data.json\ncatalogue: dcat\n"
        "series:\n  page:\n  deaths:\n    title: Deaths\n    pattern: '/files/0000'\n"
    )
    body = FORMS["dcat"](datasets(3)).replace(b"https://data.agency.example", site.url.encode())
    site.says("/data.json", reply(body, content_type="application/json"))
    site.says("/files/0000.csv", reply(b"Year,Deaths\n2020,120\n2021,98\n", content_type="text/csv"))
    assert told(home) == []
    assert len(site.asked("/files/0000.csv")) == 1
    assert not site.asked("/files/0001.csv")


@pytest.mark.parametrize("change", ["catalogue: dkan", "catalogue: true"])
def test_a_form_that_is_none_is_said_with_its_line(home: Path, change: str) -> None:
    path = home / "sources" / "agency" / "dcat.yaml"
    path.write_text(path.read_text().replace("catalogue: dcat", change))
    done = run("doctor", cwd=home)
    assert "dcat.yaml" in done.stdout + done.stderr
    assert "'dcat', 'ckan' or 'socrata'" in done.stdout + done.stderr
