"""Catalogues of datasets in JSON (DCAT, CKAN, Socrata): one row an entry, by its identifier.

Forms: DCAT-US 1.1 ("data.json", https://resources.data.gov/resources/dcat-us/), CKAN's ``package_search`` and its
relatives (https://docs.ckan.org/en/latest/api/), Socrata's ``/api/views`` and ``/api/catalog/v1``
(https://dev.socrata.com/docs/other/discovery). What such answers count by themselves (views, downloads, ratings)
is no part of an entry.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from diffing.readers.tables.rectangles import ColumnReader, table_of
from state.document import ReadingHints, Table
from state.errors import PartialAnswer, ReadingError

Entry: TypeAlias = Mapping[str, str]
"""An entry's texts by the names of the columns."""

IDENTIFIER: Final = "Identifier"
TITLE: Final = "Title"
MODIFIED: Final = ("Modified", "Data modified")
"""The columns that say when an entry, or its data, changed."""
COLUMNS: Final = (
    IDENTIFIER, TITLE, "Description", "Keywords", "Theme", "License", "Access", "Publisher", "Contact",
    "Frequency", "Period", "Place", "Columns", "Files", "Page", *MODIFIED,
)  # fmt: skip
_PREFIXES: Final = ("dcat:", "dct:", "dcterms:", "foaf:", "vcard:", "schema:")
_CALLED: Final = ("title", "display_name", "displayName", "name", "fn", "label", "@value", "@id")
_SOCRATA_ID: Final = 9  # characters, as "abcd-1234"


class Form(Struct, frozen=True):
    """A form of catalogue. ``entries`` finds the entries of an answer, None where it is of another form.

    ``whole`` is how many entries the answer says there are, None where it does not say.
    """

    entries: Callable[[Any], Sequence[Mapping[str, Any]] | None]
    read: Callable[[Mapping[str, Any]], Entry]
    whole: Callable[[Any], object]


def catalogue_in(data: Any, *, hints: ReadingHints) -> Table | None:  # noqa: ANN401
    """The entries of a catalogue as a table, None where the answer is none.

    Raises ``ReadingError`` where the source file says that it is one and it is not, and ``PartialAnswer`` where
    the service gave only some of its entries.
    """
    names = [hints.catalogue] if hints.catalogue else list(FORMS)
    for name in names:
        form = FORMS[name]
        found = form.entries(data)
        if found is None:
            continue
        whole = form.whole(data)
        if isinstance(whole, int) and whole > len(found):
            raise PartialAnswer(
                f"the catalogue gave {len(found):,} of its {whole:,} entries; ask for all at once in its address"
                " (`rows=` or `limit=`), or for its data.json"
            )
        return _table([form.read(entry) for entry in found], hints)
    if hints.catalogue:
        raise ReadingError(f"it is no such catalogue as the source file says (`catalogue: {hints.catalogue}`)")
    return None


def _table(entries: Sequence[Entry], hints: ReadingHints) -> Table:
    names = [name for name in COLUMNS if any(entry.get(name) for entry in entries)] or [IDENTIFIER]
    readers = [ColumnReader() for _name in names]
    for reader, name in zip(readers, names, strict=True):
        reader.add([entry.get(name, "") for entry in entries])
    keyed = hints if hints.key_columns else replace(hints, key_columns=(IDENTIFIER,))
    return replace(table_of(names, readers, hints=keyed, title="Catalogue"), catalogue=True)


def _dcat_entries(data: Any) -> Sequence[Mapping[str, Any]] | None:  # noqa: ANN401
    holder = _plain(data) if isinstance(data, Mapping) else {}
    entries = _objects(holder.get("dataset"))
    if not entries:
        return entries if "conformsTo" in holder else None
    named = [_plain(entry).keys() for entry in entries]
    described = all({"title", "description"} <= names for names in named)
    return entries if described and any({"identifier", "distribution"} & names for names in named) else None


def _read_dcat(entry: Mapping[str, Any]) -> Entry:
    entry = _plain(entry)
    contact, publisher = entry.get("contactPoint"), entry.get("publisher")
    return {
        IDENTIFIER: _text(entry.get("identifier") or entry.get("@id")),
        TITLE: _text(entry.get("title")),
        "Description": _text(entry.get("description")),
        "Keywords": _words(entry.get("keyword")),
        "Theme": _words(entry.get("theme")),
        "License": _text(entry.get("license")),
        "Access": " ".join(filter(None, (_text(entry.get("accessLevel")), _text(entry.get("rights"))))),
        "Publisher": _named(publisher),
        "Contact": _named(contact),
        "Frequency": _text(entry.get("accrualPeriodicity")),
        "Period": _text(entry.get("temporal")),
        "Place": _text(entry.get("spatial")),
        "Files": _addresses(_plain(each) for each in _objects(entry.get("distribution")) or ()),
        "Page": _text(entry.get("landingPage")),
        "Modified": _text(entry.get("modified")),
    }


def _ckan_entries(data: Any) -> Sequence[Mapping[str, Any]] | None:  # noqa: ANN401
    result = data.get("result") if isinstance(data, Mapping) and "success" in data else None
    if isinstance(result, Mapping) and "results" in result:
        return _objects(result["results"])
    if isinstance(result, Mapping) and "resources" in result:
        return [result]
    entries = _objects(result)
    return entries if entries and all("resources" in entry for entry in entries) else None


def _read_ckan(entry: Mapping[str, Any]) -> Entry:
    resources = _objects(entry.get("resources")) or ()
    return {
        IDENTIFIER: _text(entry.get("id") or entry.get("name")),
        TITLE: _text(entry.get("title") or entry.get("name")),
        "Description": _text(entry.get("notes")),
        "Keywords": _words(list(map(_named, _objects(entry.get("tags")) or ()))),
        "Theme": _words(list(map(_named, _objects(entry.get("groups")) or ()))),
        "License": _text(entry.get("license_title") or entry.get("license_id")),
        "Access": "private" if entry.get("private") is True else "",
        "Publisher": _named(entry.get("organization")),
        "Contact": _text(entry.get("maintainer") or entry.get("author")),
        "Files": _addresses(resources),
        "Page": _text(entry.get("url")),
        "Modified": _text(entry.get("metadata_modified")),
    }


def _socrata_entries(data: Any) -> Sequence[Mapping[str, Any]] | None:  # noqa: ANN401
    if isinstance(data, Mapping) and "resultSetSize" in data:
        found = _objects(data.get("results")) or []
        return found if all(isinstance(each.get("resource"), Mapping) for each in found) else None
    entries = _objects([data] if isinstance(data, Mapping) else data)
    return entries if entries and all(map(_is_view, entries)) else None


def _is_view(entry: Mapping[str, Any]) -> bool:
    id_ = entry.get("id")
    is_id = isinstance(id_, str) and len(id_) == _SOCRATA_ID and id_[4] == "-"
    return is_id and "name" in entry and bool({"viewType", "displayType", "columns", "assetType"} & entry.keys())


def _read_socrata(entry: Mapping[str, Any]) -> Entry:
    if isinstance(entry.get("resource"), Mapping):
        return _read_found(entry)
    metadata = entry.get("metadata")
    licence = entry.get("license")
    return {
        IDENTIFIER: _text(entry.get("id")),
        TITLE: _text(entry.get("name")),
        "Description": _text(entry.get("description")),
        "Keywords": _words(entry.get("tags")),
        "Theme": _text(entry.get("category")),
        "License": _named(licence) or _text(entry.get("licenseId")),
        "Access": _text(metadata.get("accessPoints")) if isinstance(metadata, Mapping) else "",
        "Publisher": _text(entry.get("attribution")),
        "Contact": _named(entry.get("owner")),
        "Columns": _schema(
            (each.get("name"), each.get("dataTypeName"), each.get("description"))
            for each in _objects(entry.get("columns")) or ()
        ),
        "Modified": _moment(entry.get("viewLastModified") or entry.get("metadataUpdatedAt")),
        "Data modified": _moment(entry.get("rowsUpdatedAt") or entry.get("dataUpdatedAt")),
    }


def _read_found(entry: Mapping[str, Any]) -> Entry:
    """An entry of Socrata's search."""
    resource, classified, metadata = (_part(entry, name) for name in ("resource", "classification", "metadata"))
    parts = [resource.get(f"columns_{name}") for name in ("name", "datatype", "description")]
    lists = [part if isinstance(part, list) else [] for part in parts]
    width = max(map(len, lists), default=0)
    return {
        IDENTIFIER: _text(resource.get("id")),
        TITLE: _text(resource.get("name")),
        "Description": _text(resource.get("description")),
        "Keywords": _words([*_list(classified.get("domain_tags")), *_list(classified.get("tags"))]),
        "Theme": _text(classified.get("domain_category")),
        "License": _text(metadata.get("license")),
        "Publisher": _text(resource.get("attribution")),
        "Contact": _named(entry.get("owner")),
        "Columns": _schema(zip(*[[*part, *[""] * (width - len(part))] for part in lists], strict=True)),
        "Page": _text(entry.get("permalink") or entry.get("link")),
        "Modified": _text(resource.get("metadata_updated_at") or resource.get("updatedAt")),
        "Data modified": _text(resource.get("data_updated_at")),
    }


FORMS: Final[Mapping[str, Form]] = {
    "dcat": Form(_dcat_entries, _read_dcat, lambda _data: None),
    "ckan": Form(_ckan_entries, _read_ckan, lambda data: _part(data, "result").get("count")),
    "socrata": Form(
        _socrata_entries,
        _read_socrata,
        lambda data: data.get("resultSetSize") if isinstance(data, Mapping) else None,
    ),
}
"""By the words of a source file."""


def _plain(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object of JSON-LD with its names without prefixes."""
    if not any(str(name).startswith(_PREFIXES) for name in entry):
        return entry
    return {
        name.rpartition(":")[2] if name.startswith(_PREFIXES) else name: value for name, value in entry.items()
    }


def _part(entry: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401
    part = entry.get(name) if isinstance(entry, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[Mapping[str, Any]] | None:  # noqa: ANN401
    """A list of objects; None for anything else."""
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        return None
    return value


def _text(value: Any) -> str:  # noqa: ANN401
    """A text in one line, of a list its parts; of an object what it is called."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    if isinstance(value, Mapping):
        return _named(value)
    return "" if value is None else " ".join(str(value).split())


def _named(value: Any) -> str:  # noqa: ANN401
    """What a person, an office or a licence is called."""
    if not isinstance(value, Mapping):
        return _text(value) if value else ""
    plain = _plain(value)
    names = (plain.get(name) for name in _CALLED)
    return next((_text(name) for name in names if name and not isinstance(name, Mapping)), "")


def _words(value: Any) -> str:  # noqa: ANN401
    """Keywords in the order of the alphabet: theirs says nothing."""
    words = value.split(",") if isinstance(value, str) else _list(value)
    return ", ".join(sorted({word for each in words if (word := _text(each))}, key=str.casefold))


def _addresses(files: Iterator[Mapping[str, Any]] | Sequence[Mapping[str, Any]]) -> str:
    """Where an entry's files are, in the order of the alphabet."""
    found = {_text(each.get("downloadURL") or each.get("accessURL") or each.get("url")) for each in files}
    return " ".join(sorted(filter(None, found)))


def _schema(columns: Iterator[Sequence[Any]]) -> str:
    """The columns of a dataset, each with its type and what it is said to hold."""
    told = []
    for name, kind, description in columns:
        said = f" ({kind})" if kind else ""
        told.append(f"{_text(name)}{said}{': ' if description else ''}{_text(description)}")
    return "; ".join(told)


def _moment(value: Any) -> str:  # noqa: ANN401
    """Seconds since 1970 as a time; a text as it is."""
    if type(value) is int and 0 < value < _LATEST:
        return dt.datetime.fromtimestamp(value, tz=dt.UTC).isoformat(sep=" ", timespec="seconds")[:-6]
    return _text(value)


_LATEST: Final = 7_258_118_400
"""Seconds up to the year 2200."""
