"""Source files: what is watched, one YAML file a source, checked before anything is fetched.

A source's id is its path inside its folder without the suffix ("ice/detention-statistics"). Folders are
read in order; a file of a later folder replaces the file of the same id in an earlier one, so a user's own
folder extends and overrides what ships.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
)

from state.errors import ConfigError
from state.link_pattern import matches
from state.model import LINKED, LISTING, PAGE, Rules, Series, Source
from state.vocabulary import TOLERANCES
from watchers.sources.checked_yaml import read_model
from watchers.sources.durations import read_duration

SHIPPED = Path(__file__).parents[1]
"""The folder whose sub-folders hold the source files that ship."""

_NAME = re.compile(r"\w[\w-]*")


def _read_pattern(text: str) -> str:
    if matches(text, ""):
        raise ValueError("it matches every link; write what only the addresses of its documents hold")
    return text


def _read_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or re.search(r"\s", text):
        raise ValueError("write a whole address that begins with http:// or https://")
    return text


Duration = Annotated[
    dt.timedelta,
    BeforeValidator(read_duration),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?\s*[smhdw]$", "examples": ["30m", "1h", "14d"]}),
]
Pattern = Annotated[str, AfterValidator(_read_pattern)]
Address = Annotated[str, AfterValidator(_read_address)]


def _read_list(words: object) -> object:
    if isinstance(words, (list, tuple)):
        return words
    raise ValueError('write a list, such as ["first", "second"]')


def _read_selectors(selectors: tuple[str, ...]) -> tuple[str, ...]:
    import soupsieve  # slow to load, and few source files have selectors

    for selector in selectors:
        try:
            soupsieve.compile(selector)
        except soupsieve.SelectorSyntaxError as error:
            raise ValueError(f"“{selector}” is no CSS selector: {str(error).splitlines()[0]}") from error
    return selectors


def _read_selector(selector: str | None) -> str | None:
    return None if selector is None else _read_selectors((selector,))[0]


Selector = Annotated[str, AfterValidator(_read_selector)]
Words = Annotated[tuple[str, ...], BeforeValidator(_read_list)]
Selectors = Annotated[Words, AfterValidator(_read_selectors)]


class SeriesFile(BaseModel):
    """One series of a source file. "page" is the page itself; every other one needs a pattern."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field("", description="what a reader calls the series; its name where left out")
    pattern: Pattern | None = Field(
        None, description="regular expression searched in each link's address (RE2); needed, except for `page`"
    )
    except_: Pattern | None = Field(
        None, alias="except", description="regular expression of addresses that match `pattern` and are not meant"
    )
    each_file: bool = Field(False, description="every file is a document of its own, not a release of one")
    cadence: Duration | None = Field(
        None, description="how often the publisher promises a release; learnt from history where left out"
    )
    grace: Duration = Field(default_factory=lambda: dt.timedelta(days=3), description="how late a release may be")
    dated: bool = Field(False, description="files are dated releases that must never be replaced in place")
    recheck: Duration | None = Field(
        None, description="how often a file seen before is asked for again; every round where left out"
    )
    rolling: bool = Field(False, description="the page lists the newest only: leaving it is no withdrawal")
    keys: Words = Field((), description="columns that identify a row; chosen over both releases where left out")
    periods: Words = Field((), description="columns that say which period a row is about")
    measures: Words = Field((), description="columns of figures, which identify nothing")
    stamps: Words = Field((), description="columns that bear the edition's date in every row")
    cumulative: Words = Field((), description="columns or tables whose figures can only grow")
    to_date: Words = Field((), description="columns that are to date in a fiscal year")
    growing_lists: Words = Field((), description='tables whose rows may join but not leave; "*" for all')
    terms: Words = Field((), description="words whose coming and going is reported")
    tolerances: dict[str, float] = Field(
        default_factory=dict,
        description='"<kind>.<name>": number, as in "rows-vanished.left": 5; see docs/kinds.md',
    )

    @field_validator("tolerances")
    @classmethod
    def _those_that_rules_ask_for(cls, tolerances: dict[str, float]) -> dict[str, float]:
        for name in tolerances:
            if name not in TOLERANCES:
                from difflib import get_close_matches

                near = get_close_matches(name, TOLERANCES, n=1)
                meant = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(TOLERANCES)}"
                raise ValueError(f'"{name}" is nothing that can be tolerated; {meant}')
        return tolerances


_PLAIN: Final = SeriesFile.model_validate({})


class SourceFile(BaseModel):
    """A source file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=1, description="what a reader calls the source")
    publisher: str = Field(min_length=1, description="who publishes it: ICE, TRAC, DHS")
    url: Address = Field(description="the page that is fetched")
    why: str = Field("", description="why it matters, in a sentence: it stands in alerts")
    every: Duration = Field(
        default_factory=lambda: dt.timedelta(hours=1),
        description="how often the page is fetched: 30m, 1h, 14d, 2w",
    )
    public: bool = Field(
        True, description="false: never shown by anything that publishes an archive (copyrighted material)"
    )
    include: Selectors = Field((), description="CSS selectors: only these parts of the page")
    exclude: Selectors = Field((), description="CSS selectors: never these parts of the page")
    pages: int = Field(1, ge=1, le=500, description="how many pages of a listing to follow at the most")
    obey_robots: bool = Field(True, description="false: fetch what robots.txt forbids; say why in a comment")
    render: Literal["http", "browser"] = Field(
        "http", description="browser: for a page that scripts put together (`pip install playwright`)"
    )
    wait_for: Selector | None = Field(
        None,
        description="CSS selector, with render: browser: the page is there when this is, else the look failed",
    )
    click: Selectors = Field(
        (),
        description="CSS selectors, with render: browser: clicked in turn where they come, as a consent button",
    )
    catalogue: Literal["dcat", "ckan", "socrata"] | None = Field(
        None,
        description="the page is a catalogue of datasets in JSON: read entry by entry, refused where it is none",
    )
    save: bool = Field(False, description="true: ask the Internet Archive for a copy of each new release")
    series: dict[str, SeriesFile | None] = Field(
        default_factory=dict,
        description="the series found there; `page`, the page itself, where none is named",
    )

    @field_validator("series")
    @classmethod
    def _patterns_where_needed(cls, series: dict[str, SeriesFile | None]) -> dict[str, SeriesFile | None]:
        for name, entry in series.items():
            if name in (LINKED, LISTING) or not _NAME.fullmatch(name):
                raise ValueError(f'"{name}" is no name for a series; write another, of letters, digits, - and _')
            has_pattern = entry is not None and entry.pattern is not None
            if name == PAGE and (has_pattern or (entry is not None and entry.except_ is not None)):
                raise ValueError('"page" is the page itself and takes no pattern; name the series otherwise')
            if name != PAGE and not has_pattern:
                raise ValueError(f'series "{name}" needs a pattern that its links match')
        return series


def load_sources(folders: Iterable[Path]) -> tuple[Source, ...]:
    """All sources of the folders in order of id; raises ConfigError with file, line and remedy."""
    sources, mistakes = read_sources(folders)
    if mistakes:
        raise next(iter(mistakes.values()))
    return sources


def read_sources(folders: Iterable[Path]) -> tuple[tuple[Source, ...], dict[str, ConfigError]]:
    """The sources of the folders in order of id, and by its id what is wrong with the file of each other one.

    A file stands for the one that it overrides when it is wrong, too: what it was to replace is not wanted.
    Raises ConfigError for a folder that is none.
    """
    found: dict[str, Source] = {}
    mistakes: dict[str, ConfigError] = {}
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(
                f"{folder}: no such folder of source files; create it or leave it out of the configuration"
            )
        for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
            id = path.relative_to(folder).with_suffix("").as_posix()
            found.pop(id, None)
            mistakes.pop(id, None)
            try:
                found[id] = load_source(path, id=id)
            except ConfigError as error:
                mistakes[id] = error
    return tuple(found[id] for id in sorted(found)), mistakes


def load_source(path: Path, *, id: str) -> Source:
    """The source of one file; raises ConfigError with file, line and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); save it as UTF-8 text") from error
    return read_source(text, id=id, name=str(path))


def read_source(text: str, *, id: str, name: str) -> Source:
    """The source that the text of a source file describes; ``name`` stands in error messages."""
    return _to_source(read_model(text, SourceFile, name=name, what="source file"), id)


def source_schema() -> dict[str, Any]:
    """The JSON Schema of a source file, for editors."""
    schema = SourceFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """The JSON Schema as it is kept in ``watchers/source.schema.json``."""
    return json.dumps(source_schema(), indent=2, ensure_ascii=False, default=str) + "\n"


def _to_source(entries: SourceFile, id: str) -> Source:
    series: Mapping[str, SeriesFile | None] = entries.series or {PAGE: None}
    return Source(
        id=id,
        title=entries.title,
        publisher=entries.publisher,
        url=entries.url,
        series=tuple(_to_series(name, entry or _PLAIN, entries.title) for name, entry in series.items()),
        every=entries.every,
        why=entries.why.strip(),
        public=entries.public,
        include=entries.include,
        exclude=entries.exclude,
        pages=entries.pages,
        obey_robots=entries.obey_robots,
        render=entries.render,
        wait_for=entries.wait_for,
        click=entries.click,
        save=entries.save,
        catalogue=entries.catalogue or "",
    )


def _to_series(name: str, entry: SeriesFile, title: str) -> Series:
    return Series(
        name=name,
        title=entry.title or (title if name == PAGE else name.replace("-", " ").capitalize()),
        pattern=entry.pattern,
        except_=entry.except_,
        each_file=entry.each_file,
        cadence=entry.cadence,
        grace=entry.grace,
        dated=entry.dated,
        recheck=entry.recheck,
        rolling=entry.rolling,
        rules=Rules(
            keys=entry.keys,
            periods=entry.periods,
            measures=entry.measures,
            stamps=entry.stamps,
            cumulative=entry.cumulative,
            to_date=entry.to_date,
            growing_lists=entry.growing_lists,
            terms=entry.terms,
            tolerances=entry.tolerances,
        ),
    )
