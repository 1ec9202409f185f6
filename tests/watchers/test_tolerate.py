from __future__ import annotations

import pytest

from state.errors import ConfigError
from watchers.sources.load import read_source
from watchers.sources.tolerate import with_tolerances

STANDING = "tolerances:"
HEAD = "title: T  # the title\npublisher: P\nurl: https://www.example.gov/\n"
WANTED = {"cumulative-decreased.size": 310.0, "cumulative-decreased.percent": 6.1}


@pytest.mark.parametrize(
    ("rest", "series"),
    [
        ("", "page"),
        ("series:\n  page:\n", "page"),
        ("series:\n  page:\n  files:\n    pattern: 'x'\n", "page"),
        ("series:\n  page:\n    title: 'A page'\n  files:\n    # why\n    pattern: 'x'\n", "files"),
        (
            "series:\n  files:\n    pattern: 'x'\n    tolerances:\n      rows-vanished.left: 5  # kept\nwhy: W\n",
            "files",
        ),
        (
            "series:\n    page:\n        tolerances:\n            cumulative-decreased.size: 7   # as told\n",
            "page",
        ),
    ],
)
def test_they_are_written_and_all_else_stays(rest: str, series: str) -> None:
    written = with_tolerances(HEAD + rest, WANTED, series=series, id="a/b", name="b.yaml")
    source = read_source(written, id="a/b", name="b.yaml")
    rules = next(each.rules for each in source.series if each.name == series)
    assert dict(rules.tolerances).items() >= WANTED.items()
    lost = [line for line in (HEAD + rest).splitlines() if line not in written.splitlines()]
    assert lost in ([], ["            cumulative-decreased.size: 7   # as told"])
    for comment in ("# the title", *(part for part in ("# why", "# kept", "# as told") if part in rest)):
        assert comment in written


@pytest.mark.parametrize("rest", ["series: {page: {title: A}}\n", "series:\n  page: {title: A}\n"])
def test_what_is_written_in_braces_is_left_to_a_person(rest: str) -> None:
    with pytest.raises(ConfigError, match="write this by hand"):
        with_tolerances(HEAD + rest, WANTED, series="page", id="a/b", name="b.yaml")
