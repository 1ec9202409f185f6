"""What is installed with the program: pinned by digest, allowed, and told."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from supply.advisories import verdict
from supply.bill_of_materials import bill
from supply.licences import is_allowed
from supply.locked import ROOT, locked

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)")


def _pins(name: str) -> dict[str, str]:
    found = filter(None, map(PIN.match, (ROOT / name).read_text().splitlines()))
    return {re.sub(r"[-_.]+", "-", pin[1]).lower(): pin[2] for pin in found}


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", ["requirements.txt"]),
        ("requirements-dev.lock", ["requirements.txt", "requirements-dev.txt", "requirements-parquet.txt"]),
    ],
)
def test_a_lock_has_what_is_pinned_and_a_digest_for_all_of_it(lock: str, wanted: list[str]) -> None:
    held = _pins(lock)
    for name in wanted:
        assert not _pins(name).items() - held.items(), "make lock"
    assert all(package.hashes for package in locked(lock))
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^--(?!hash)", text, re.MULTILINE), "no options, so no registry"
    assert not _pins("requirements.lock").keys() - _pins("requirements-dev.lock").keys()


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND GPL-3.0-only", False),
        ("BSD-3-Clause AND (MIT)", True),
        ("AGPL-3.0-only", False),
        ("", False),
        (None, False),
    ],
)
def test_which_licences_are_allowed(licence: str | None, allowed: bool) -> None:
    assert is_allowed(licence) is allowed


def test_an_advisory_fails_and_a_service_that_cannot_be_reached_does_not() -> None:
    fine = {"name": "a", "version": "1", "vulns": []}
    bad = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
    skipped = {"name": "c", "version": "3", "skip_reason": "not found"}
    assert verdict([fine, skipped]) == ("advisories: none against 1 packages; 1 are not known to the service", 0)
    assert verdict([fine, bad]) == ("b 2: PYSEC-1, mended in 2.1", 1)
    said, status = verdict([skipped])
    assert (status, "not looked up" in said) == (0, True)


def test_the_bill_of_materials_names_every_package_in_order() -> None:
    made = bill()
    components = made["components"]
    assert isinstance(components, list)
    names = [each["name"] for each in components]
    assert names == [package.name for package in locked()]
    assert all(one <= other for one, other in pairwise(names))
    assert all(each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}" for each in components)
    assert bill() == made
