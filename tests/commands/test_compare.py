"""``compare``: the JSON contract, exit statuses and errors, on the demo's documents."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.commands.running import ROOT, run

SITE = ROOT / "demo" / "site"
SCHEMA = json.loads((ROOT / "docs" / "findings.schema.json").read_text())


def test_five_falling_counties_are_one_finding_of_the_contract() -> None:
    done = run("compare", SITE / "removals-june.pdf", SITE / "removals-july.pdf", "--json")
    body = json.loads(done.stdout)
    jsonschema.validate(body, SCHEMA)
    fallen = [finding for finding in body["findings"] if finding["kind"] == "cumulative-decreased"]
    assert done.returncode == 1
    assert len(fallen) == 1
    assert fallen[0]["severity"] == "critical"
    assert {(item["row"], item["difference"], round(item["percent"])) for item in fallen[0]["items"]} == {
        ("Maricopa, AZ", -1731, -40),
        ("San Diego, CA", -1374, -57),
        ("Travis, TX", -279, -47),
        ("Dallas, TX", -357, -32),
        ("Los Angeles, CA", -401, -21),
    }
    assert fallen[0]["items"][0]["before"] == 4328


@pytest.mark.parametrize("name", ["removals-july.pdf", "offices.before.xlsx", "press-release.issued.html"])
def test_a_file_against_itself_says_nothing(name: str) -> None:
    done = run("compare", SITE / name, SITE / name, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["findings"] == []
    assert done.stderr == ""


def test_a_saved_again_pdf_says_nothing_above_info() -> None:
    done = run("compare", SITE / "activated.may.pdf", SITE / "activated.may-resaved.pdf", "--json")
    assert done.returncode == 0
    assert {finding["severity"] for finding in json.loads(done.stdout)["findings"]} <= {"info"}


def _bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    whole = (SITE / "removals-july.pdf").read_bytes()
    bodies = {
        "empty.pdf": (b"", "empty"),
        "cut.pdf": (whole[: len(whole) // 2], "cut.pdf"),
        "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a format"),
    }
    made = {}
    for name, (body, word) in bodies.items():
        path = folder / name
        path.write_bytes(body)
        made[name] = (path, word)
    made["missing.pdf"] = (folder / "missing.pdf", "no such file")
    return made


@pytest.mark.parametrize("name", ["empty.pdf", "cut.pdf", "picture.png", "missing.pdf"])
def test_what_cannot_be_read_is_one_clear_line_and_status_2(tmp_path: Path, name: str) -> None:
    path, word = _bad_files(tmp_path)[name]
    for pair in ((path, SITE / "removals-july.pdf"), (SITE / "removals-july.pdf", path)):
        done = run("compare", *pair)
        assert done.returncode == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1
        assert word in done.stderr
