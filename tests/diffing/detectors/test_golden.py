"""Every folder of tests/releases/<rule>/<case>/ through reading, comparing and judging; see the README there."""

import datetime as dt
import hashlib
import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from diffing.comparing.compare import compare
from diffing.comparing.model import Evidence
from diffing.extract import extract
from diffing.extract_history import facts_of
from diffing.judge import judge
from state.document import Document, ReadingHints
from state.model import Finding, Rules, Series, Source
from state.series_history import PastReleases

RELEASES = Path(__file__).parents[2] / "releases"
CASES = sorted(path.parent for path in RELEASES.glob("*/*/expected.json"))
FIRST = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Read:
    """A release file of a case, read."""

    document: Document
    sha256: str
    url: str


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_raises_what_it_must_and_nothing_else(case: Path):
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    said = [as_json(finding) for finding in findings_of(case, expected)]
    left = list(said)
    for wanted in expected["findings"]:
        found = next((finding for finding in left if matches(wanted, finding)), None)
        assert found is not None, f"missing {wanted}\nsaid: {json.dumps(said, indent=1, default=str)}"
        left.remove(found)
    loud = [finding for finding in left if finding["severity"] != "info"]
    assert not loud, f"said too much: {json.dumps(loud, indent=1, default=str)}"
    told = {finding["kind"] for finding in left if "cause" not in finding}
    assert not told & set(expected.get("absent", ()))


def test_every_case_says_why_it_is_there():
    for case in CASES:
        assert len(json.loads((case / "expected.json").read_text(encoding="utf-8"))["why"]) > 20, case


def findings_of(case: Path, expected: dict) -> tuple[Finding, ...]:
    rules = rules_of(case)
    hints = ReadingHints(key_columns=rules.keys)
    older = [read(path, hints=hints, url=None) for path in sorted((case / "history").glob("*"))]
    before = read(side_of(case, "before"), hints=hints, url=expected.get("url_before"))
    after = read(side_of(case, "after"), hints=hints, url=expected.get("url_after"))
    series = Series(name="golden", title="Golden", rules=rules, dated=expected.get("dated", False))
    return judge(
        Evidence(
            source=Source(id="golden", title="Golden", publisher="", url="", series=(series,)),
            series=series,
            now=FIRST + dt.timedelta(days=14 * (len(older) + 1)),
            history=history_of([*older, before]),
            document=after.document,
            comparison=compare(before.document, after.document),
            url_before=before.url,
            url_after=after.url,
            sha256_before=before.sha256,
            sha256_after=after.sha256,
        )
    )


def rules_of(case: Path) -> Rules:
    path = case / "rules.json"
    given = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return Rules(**{name: tuple(value) if isinstance(value, list) else value for name, value in given.items()})


def side_of(case: Path, name: str) -> Path:
    return next(path for path in case.iterdir() if path.stem == name)


def read(path: Path, *, hints: ReadingHints, url: str | None) -> Read:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    document = extract(body, media_type=media_type, hints=hints)
    return Read(
        document, hashlib.sha256(body).hexdigest(), url or f"https://publisher.example/release{path.suffix}"
    )


def history_of(releases: list[Read]) -> PastReleases:
    history = PastReleases()
    for ordinal, release in enumerate(releases):
        facts = facts_of(
            release.document,
            release=str(ordinal + 1),
            at=FIRST + dt.timedelta(days=14 * ordinal),
            sha256=release.sha256,
            url=release.url,
            comparison=compare(releases[ordinal - 1].document, release.document) if ordinal else None,
            history=history,
        )
        history = history.followed_by(facts)
    return history


def as_json(finding: Finding) -> dict:
    return {name: value for name, value in msgspec.to_builtins(finding).items() if value is not None}


def matches(wanted: object, found: object) -> bool:
    """Whether all that ``wanted`` names is in ``found``; strings after "~" need only be contained."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(name in found and matches(value, found[name]) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list | tuple):
        return len(wanted) == len(found) and all(map(matches, wanted, found))
    if isinstance(wanted, str) and wanted.startswith("~") and isinstance(found, str):
        return wanted[1:].casefold() in found.casefold()
    return wanted == found
