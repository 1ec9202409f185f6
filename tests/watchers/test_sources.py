from __future__ import annotations

import datetime as dt
import gc
import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from state.errors import ConfigError
from state.vocabulary import TOLERANCES
from watchers.sources.durations import read_duration
from watchers.sources.load import SHIPPED, load_sources, read_source, schema_text

WHOLE = """
title: Inspections
publisher: County
url: https://www.example.gov/inspections
every: 6h
public: false
pages: 3
render: browser
save: true
include: ["#main"]
series:
  page:
    terms: [voluntary]
  statistics:
    title: Statistics
    pattern: '/statistics[^/]*\\.xlsx$'
    except: '/statistics-draft'
    cadence: 14d
    grace: 36h
    dated: true
    keys: [Facility]
    growing_lists: ["*"]
    tolerances: {implausible-jump.times: 4}
"""
LEAST = "title: A\npublisher: B\nurl: https://example.gov/\n"


def test_reads_every_key() -> None:
    source = read_source(WHOLE, id="county/inspections", name="f.yaml")
    assert source.id == "county/inspections"
    assert source.every == dt.timedelta(hours=6)
    assert (source.public, source.pages, source.include) == (False, 3, ("#main",))
    assert (source.render, source.save) == ("browser", True)
    page, statistics = source.series
    assert (page.name, page.pattern, page.title, page.rules.terms) == ("page", None, "Inspections", ("voluntary",))
    assert statistics.except_ == "/statistics-draft"
    assert statistics.cadence == dt.timedelta(days=14)
    assert statistics.grace == dt.timedelta(hours=36)
    assert statistics.dated
    assert statistics.rules.keys == ("Facility",)
    assert statistics.rules.tolerances == {"implausible-jump.times": 4}


def test_a_page_without_series_is_a_series_itself() -> None:
    source = read_source(LEAST, id="x", name="f.yaml")
    assert [(series.name, series.title) for series in source.series] == [("page", "A")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (LEAST + "every: 3 fortnights\n", 4, "write a duration such as"),
        (LEAST + "every: 0h\n", 4, "write a duration such as"),
        (LEAST + "evry: 3h\n", 4, "“evry” is no key of a source file; did you mean “every”"),
        (LEAST + "series:\n  a:\n    patern: x\n", 6, "“series.a.patern” is no key"),
        (LEAST + "series:\n  a:\n    pattern: '('\n", 6, "not a regular expression"),
        (LEAST + "series:\n  a:\n    title: x\n", 4, 'series "a" needs a pattern'),
        (LEAST + "series:\n  a:\n    pattern: '(?!b)c'\n", 6, "what they must not match below it as “except:”"),
        (LEAST + "series:\n  a:\n    pattern: 'c(?<=b)'\n", 6, "look-around"),
        (LEAST + "series:\n  a:\n    pattern: c\n    except: 'c(?=b)'\n", 7, "look-around"),
        (LEAST + "series:\n  a:\n    pattern: '(a)b\\1'\n", 6, "back-references are not understood"),
        (LEAST + "series:\n  a:\n    pattern: 'xls\\Z'\n", 6, "write $ in place of"),
        (LEAST + "series:\n  a:\n    pattern: '((a{900}){900}){9}'\n", 6, "not a regular expression"),
        (LEAST + "series:\n  a:\n    pattern: c\n    exept: d\n", 7, "did you mean “except”?"),
        (LEAST + "series:\n  page:\n    except: c\n", 4, '"page" is the page itself'),
        (LEAST + "series:\n  a:\n    pattern: c\n    except: '.*'\n", 7, "it matches every link"),
        (LEAST + "series:\n  page:\n    pattern: x\n", 4, '"page" is the page itself'),
        (LEAST + "series:\n  listing:\n    pattern: x\n", 4, '"listing" is no name for a series'),
        (LEAST + "series:\n  a/b:\n    pattern: x\n", 4, '"a/b" is no name for a series'),
        (LEAST + "series:\n  page:\n    tolerances: {rows.left: 3}\n", 6, 'did you mean "rows-vanished.left"?'),
        (LEAST + "title: B\n", 4, "“title” stands twice"),
        (LEAST + "include: [a, 3]\n", 4, "“include.1”"),
        (LEAST + "series:\n\tpage:\n", 5, "indent with spaces; a tab stands here"),
        (LEAST + "series:\n  page:\n    title: x\n   terms: [a]\n", 7, "indented too far or too little"),
        ("title: A\n publisher: B\n", 2, "indented too far or too little"),
        (LEAST + "series:\npage:\n  title: x\n", 4, "write its keys below it"),
        (LEAST + "series:\n  - page\n", 4, "without dashes"),
        (LEAST + "series:\n  a:\n    each-file: true\n", 6, "did you mean “each_file”?"),
        (LEAST + "pattern: x\n", 4, "“pattern” belongs below “series:”, indented"),
        (LEAST + "series:\n  a:\n    pattern: x\n    every: 1h\n", 7, "“every” belongs to the left"),
        (LEAST + 'series:\n  a:\n    pattern: "\\d+"\n', 6, "write a pattern in single quotes"),
        (LEAST + "series:\n  a:\n    pattern: *.xlsx\n", 6, "may not begin with * or &"),
        (LEAST + "series:\n  a:\n    pattern: '*.xlsx'\n", 6, r"write '\.xlsx$'"),
        (LEAST + "series:\n  a:\n    pattern: '.*'\n", 6, "it matches every link"),
        (LEAST + "every: 60\n", 4, "write a duration such as"),
        (LEAST + "public: nope\n", 4, "write true or false"),
        (LEAST + "pages: all\n", 4, "write a whole number"),
        (LEAST + "pages: 0\n", 4, "write a number of at least 1"),
        (LEAST + "render: chrome\n", 4, "write 'http' or 'browser'"),
        (LEAST + "series:\n  page:\n    terms: voluntary\n", 6, "write a list, such as"),
        (LEAST + "---\n" + LEAST, 4, "a file of its own"),
        ("title: TRAC: facts\npublisher: B\n", 1, "a text that holds “: ” needs quotes"),
        ("title:A\npublisher: B\n", 1, "write a space after the colon"),
        ("title: 'TRAC's facts'\npublisher: B\n", 1, "write an apostrophe inside twice"),
        ("title: 'A\npublisher: B\n", 1, "opened here and never closed"),
        ("title: @A\npublisher: B\n", 1, "may not begin like this"),
        ("title: [A, B]\npublisher: B\nurl: https://example.gov/\n", 1, "write one text, no list"),
        (
            "title: 2026\npublisher: B\nurl: https://example.gov/\n",
            1,
            'write it in quotes, so that it is a text: "2026"',
        ),
        ("title: ''\npublisher: B\nurl: https://example.gov/\n", 1, "it is empty; write a text"),
        ("title: A\npublisher: B\nurl:\n", 3, "it is empty; write a text"),
        ("Title: A\npublisher: B\nurl: https://example.gov/\n", 1, "did you mean “title”?"),
        ("title: A\npublisher: B\nurl: www.example.gov\n", 3, "write a whole address"),
        ("title: A\npublisher: B\n", 1, "“url” is missing"),
        ("publisher: B\nurl: https://example.gov/\n", 1, "“title” is missing"),
        ("title: A\npublisher: B\nurl: ftp://example.gov/\n", 3, "write a whole address"),
        ("title: A\npublisher: B\nurl: file:///etc/passwd\n", 3, "write a whole address"),
        ("title: [\n", 2, "not valid YAML"),
        ("- a\n", 1, "a source file is a list of"),
        ("title: !!python/object:os.system x\n", 1, "not valid YAML"),
        ("? [a]\n: b\n", 1, "a key must be a plain word"),
        ("title: &t [*t]\n", 1, "not valid YAML"),
        ("title: \x00\n", 1, "not valid YAML"),
    ],
)
def test_says_where_and_what_is_wrong(text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_source(text, id="x", name="f.yaml")
    message = str(raised.value)
    assert message.startswith(f"f.yaml, line {line}: ")
    assert words in message
    assert "\n" not in message


def test_every_threshold_that_a_rule_asks_for_can_be_tolerated_and_no_other() -> None:
    asked = re.compile(r"tolerances?(?:\.get)?\(\s*(?:evidence,\s*)?\"([a-z.-]+)\"")
    rules = (SHIPPED.parent / "diffing").rglob("*.py")
    assert set(TOLERANCES) == {name for rule in rules for name in asked.findall(rule.read_text(encoding="utf-8"))}


def _yaml_nodes() -> int:
    gc.collect()
    return sum(isinstance(each, yaml.Node) for each in gc.get_objects())


def test_nothing_of_a_file_is_held_once_it_is_read() -> None:
    """The daemon reads all source files again before each round, for months."""
    before = _yaml_nodes()
    read_source(WHOLE, id="x", name="f.yaml")
    assert _yaml_nodes() == before


def test_what_is_too_deep_for_the_parser_is_refused() -> None:
    """Composed at once, this overflows the stack of the process."""
    with pytest.raises(ConfigError, match="line 1: lists within lists"):
        read_source(f"title: {'[' * 100_000}{']' * 100_000}", id="x", name="f.yaml")


def test_aliases_of_aliases_are_read_once() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    with pytest.raises(ConfigError, match="“a0” is no key of a source file"):
        read_source("\n".join(lines), id="x", name="f.yaml")


def test_an_empty_file_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"^f\.yaml"):
        read_source("", id="x", name="f.yaml")


def test_later_folders_extend_and_override(tmp_path: Path) -> None:
    for folder, name, title in (("a", "ice/one", "first"), ("b", "ice/one", "second"), ("b", "own/two", "other")):
        path = tmp_path / folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LEAST.replace("title: A", f"title: {title}"))
    sources = load_sources([tmp_path / "a", tmp_path / "b"])
    assert [(source.id, source.title) for source in sources] == [("ice/one", "second"), ("own/two", "other")]


def test_a_missing_folder_and_an_unreadable_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load_sources([tmp_path / "none"])
    (tmp_path / "bad.yaml").write_bytes(b"title: \xff\xfe\n")
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load_sources([tmp_path])


@given(st.integers(1, 9999), st.sampled_from("smhdw"))
def test_durations(number: int, unit: str) -> None:
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}[unit]
    assert read_duration(f"{number}{unit}") == dt.timedelta(seconds=number * seconds)


@pytest.mark.parametrize("text", ["", "h", "3", "-1h", "1y", 3600, None])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="write a duration"):
        read_duration(text)


def test_the_shipped_sources_are_sound() -> None:
    sources = load_sources([SHIPPED])
    assert {"ICE", "TRAC", "DHS", "DOJ", "CBP", "USCIS", "ORR", "GAO"} <= {source.publisher for source in sources}
    assert all(source.why for source in sources)
    assert all(not source.public for source in sources if source.publisher == "TRAC")
    assert len({source.url for source in sources}) == len(sources)


def test_the_schema_that_ships_is_the_one_in_force() -> None:
    """Written by ``python -c "from watchers.sources.load import *; print(schema_text(), end='')"``."""
    assert (SHIPPED / "source.schema.json").read_text(encoding="utf-8") == schema_text()
    schema = json.loads(schema_text())
    assert schema["required"] == ["title", "publisher", "url"]
    assert "why" in schema["properties"]
