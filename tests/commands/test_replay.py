"""``replay``: a line for every release, dates from names, and real workbooks where they are at hand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import jsonschema
import pytest

from cli.inputs import date_in_name
from tests.commands.running import ROOT, run

SCHEMA = json.loads((ROOT / "docs" / "findings.schema.json").read_text())
RELEASES = ROOT.parent / "shared" / "releases"


def _series(folder: Path) -> list[Path]:
    """Four releases of a cumulative table; in the last one a count falls."""
    paths = []
    for month, webb in ((1, 10), (2, 30), (3, 60), (4, 20)):
        rows = "".join(f"Place {n},{month * 100 + n}\n" for n in range(20))
        path = folder / f"2024-{month:02d}-05.csv"
        path.write_text(f"Facility,Total confirmed cases\n{rows}Webb,{webb}\n")
        paths.append(path)
    return paths


def test_every_release_gets_a_line_and_the_first_is_the_baseline(tmp_path: Path) -> None:
    done = run("replay", *_series(tmp_path), "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    for line in lines:
        jsonschema.validate(line, SCHEMA)
    assert [line["release"] for line in lines] == [1, 2, 3, 4]
    assert lines[0]["before"] is None
    assert lines[1]["before"]["sha256"] == lines[0]["after"]["sha256"]
    graver = [finding for line in lines for finding in line["findings"] if finding["severity"] != "info"]
    assert [finding["kind"] for finding in graver] == ["cumulative-decreased"]
    assert graver[0]["items"] == [
        {
            "row": "Webb",
            "column": "Total confirmed cases",
            "before": 60,
            "after": 20,
            "difference": -40,
            "percent": -66.7,
        }
    ]
    assert done.returncode == 1


def test_the_same_file_twice_is_not_a_new_release(tmp_path: Path) -> None:
    first = _series(tmp_path)[0]
    again = tmp_path / "2024-02-01.csv"
    again.write_bytes(first.read_bytes())
    done = run("replay", first, again, "--json")
    assert [json.loads(line)["findings"] for line in done.stdout.splitlines()][1] == []
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2023-01-09.xlsx", dt.datetime(2023, 1, 9, tzinfo=dt.UTC)),
        ("2025-04-21am.xlsx", dt.datetime(2025, 4, 21, 9, tzinfo=dt.UTC)),
        ("2025-04-21pm.xlsx", dt.datetime(2025, 4, 21, 15, tzinfo=dt.UTC)),
        ("01_2020-07-08.csv", dt.datetime(2020, 7, 8, tzinfo=dt.UTC)),
        ("FY23_detentionStats.xlsx", None),
        ("2023-13-45.xlsx", None),
    ],
)
def test_dates_are_read_from_names(name: str, expected: dt.datetime | None) -> None:
    assert date_in_name(Path(name)) == expected


@pytest.mark.skipif(not RELEASES.is_dir(), reason="real releases are not beside this checkout")
def test_two_neighbouring_workbooks_read_sensibly() -> None:
    folder = RELEASES / "ice-detention-stats-fy23"
    done = run("replay", folder / "2023-05-26.xlsx", folder / "2023-05-31.xlsx", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    jumps = [finding for finding in lines[1]["findings"] if finding["kind"] == "implausible-jump"]
    assert any("GPS" in jump["title"] and "SmartLINK" in jump["title"] for jump in jumps)


def test_a_source_file_is_tried_on_releases_of_the_past(tmp_path: Path) -> None:
    rows = [f"Place {n},{n * 7 + 3}\n" for n in range(20)]
    for day, webb in ((1, 40), (2, 31)):
        (tmp_path / f"2031-05-0{day}.csv").write_text(f"Place,Seen\n{''.join(rows)}Webb,{webb}\n")
    source = tmp_path / "seen.yaml"
    source.write_text(
        "title: Seen\npublisher: Ward\nurl: https://ward.example/\nseries:\n"
        "  lists:\n    pattern: 'seen'\n    cumulative: [Seen]\n"
    )
    files = sorted(tmp_path.glob("*.csv"))
    plain = run("replay", *files, "--json")
    told = run("replay", *files, "--json", "--source", source)
    assert "cumulative-decreased" not in plain.stdout
    assert '"kind": "cumulative-decreased"' in told.stdout or '"kind":"cumulative-decreased"' in told.stdout
    both = run("compare", *files, "--json", "--source", source)
    assert "cumulative-decreased" in both.stdout
    assert run("compare", *files, "--source", tmp_path / "none.yaml").returncode == 2


def test_why_a_finding_is_said(tmp_path: Path) -> None:
    files = _series(tmp_path)
    (why,) = [
        json.loads(line)
        for line in run("replay", *files, "--why", "cumulative-decreased", "--json").stdout.splitlines()
    ]
    assert why["file"] == str(files[3])
    assert why["rule"] == "detectors.numbers.cumulative_decreased"
    assert why["cause"] is None
    assert why["facts"][0] == "the table by “Facility”, row “Webb”, column “Total confirmed cases”: 60 became 20"
    assert {(norm["measure"], norm["now"], norm["median"], norm["releases"]) for norm in why["norms"]} >= {
        ("cells.changed", 21, 21, 2)
    }
    assert "detectors.news.values_changed" in {line["rule"] for line in why["stood_back"]}

    said = run("replay", *files, "--why", why["finding"][:8])
    assert "said by detectors.numbers.cumulative_decreased" in said.stdout
    assert "cells.changed: 21 now; median 21, routine up to 21 in 2 releases" in said.stdout
    assert said.returncode == 1


def test_why_a_consequence_is_not_told(tmp_path: Path) -> None:
    folder = ROOT / "tests" / "releases" / "unit-changed" / "thousands-as-the-year-grows"
    done = run("replay", folder / "before.html", folder / "after.html", "--why", "cumulative-decreased", "--json")
    why = json.loads(done.stdout)
    assert why["cause"]["rule"] == "causes.another_unit"
    assert why["cause"]["facts"] == 16


def test_why_of_what_nobody_said(tmp_path: Path) -> None:
    done = run("replay", *_series(tmp_path), "--why", "table-vanished")
    assert done.returncode == 2
    assert "no release has a finding “table-vanished”" in done.stderr


def test_what_an_earlier_release_showed_of_a_column_holds_where_later_ones_leave_it_open(tmp_path: Path) -> None:
    paths = []
    for month, figures in enumerate(
        (("1.341", "1.204.377"), ("1.352", "9.377"), ("1.363", "9.391"), ("1.363", "9.931")), 1
    ):
        path = tmp_path / f"2031-{month:02d}-05.csv"
        rows = zip(("Anker", "Brae", "Cove"), (*figures, "2.118"), strict=True)
        path.write_text("port,landings\n" + "".join(f"{port},{figure}\n" for port, figure in rows))
        paths.append(path)
    last = json.loads(run("replay", *paths, "--json").stdout.splitlines()[-1])
    assert [(item["before"], item["after"]) for each in last["findings"] for item in each["items"]] == [
        (9391, 9931)
    ]
