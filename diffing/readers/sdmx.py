"""SDMX-ML, the XML of central banks and statistical offices: an observation a row, under its series' keys.

Generic and structure-specific data of versions 2.0 to 3.0 (SDMX Technical Specifications, section 3A); what codes
mean stands in other files and is not looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from diffing.readers.safe_xml import local, parse_xml
from diffing.readers.statements.dates import find_dates, mark_flaws
from diffing.readers.tables.rectangles import ColumnReader, table_of
from state.document import Block, Document, ReadingHints, Where
from state.errors import ReadingError

_TIME: Final = "TIME_PERIOD"
_VALUE: Final = "OBS_VALUE"
_MOST: Final = 10_000_000
"""Cells that a file may have."""

Record = dict[str, str]


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a data message. Raises ``ReadingError`` where it is no XML or has no data set."""
    root = parse_xml(body)
    sets = [element for element in root if local(element.tag) == "DataSet"]
    if not sets:
        raise ReadingError("the SDMX message holds no data set")
    records = [record for element in sets for record in _records(element)]
    names = dict.fromkeys(name for record in records for name in record if name not in (_TIME, _VALUE))
    dimensions = [name for name in names if not name.startswith("OBS_")]
    ordered = [*dimensions, _TIME, _VALUE, *(name for name in names if name not in dimensions)]
    if len(records) * len(ordered) > _MOST:
        raise ReadingError(f"the data set has more than {_MOST:,} cells")
    readers = [ColumnReader() for _name in ordered]
    for reader, name in zip(readers, ordered, strict=True):
        reader.add([record.get(name, "") for record in records])
    blocks = tuple(Block(f"{name}: {text}") for name, text in _header(root))
    dates = [date for block in blocks for date in find_dates(block.text, where=Where())]
    return Document(
        media_type="",
        blocks=blocks,
        tables=(table_of(ordered, readers, hints=hints),),
        dates=tuple(mark_flaws(dates)),
    )


def _header(root: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """What the header says of the message, its number apart: that is another one each time."""
    for header in root:
        if local(header.tag) == "Header":
            for part in header:
                text = " ".join((part.text or "").split())
                if text and local(part.tag) not in ("ID", "Test"):
                    yield local(part.tag), text


def _records(dataset: Any) -> Iterator[Record]:  # noqa: ANN401
    """The observations of a data set, in series, in groups or flat."""
    for element in dataset:
        name = local(element.tag)
        if name == "Series":
            keys = _keys(element)
            for observation in element:
                if local(observation.tag) == "Obs":
                    yield keys | _observation(observation)
        elif name == "Obs":
            yield _observation(element)


def _keys(series: Any) -> Record:  # noqa: ANN401
    """What all observations of a series share: attributes, or named values in the generic form."""
    found = _attributes(series)
    for part in series:
        if local(part.tag) in ("SeriesKey", "Attributes"):
            found |= _values(part)
    return found


def _observation(element: Any) -> Record:  # noqa: ANN401
    found = _attributes(element)
    for part in element:
        name = local(part.tag)
        if name in ("ObsKey", "Attributes"):
            found |= _values(part)
        elif name in ("ObsDimension", "Time"):
            found[part.get("id", _TIME)] = part.get("value") or (part.text or "").strip()
        elif name == "ObsValue":
            found[_VALUE] = part.get("value", "")
    if found.get(_VALUE) == "NaN":
        found[_VALUE] = ""  # how the format writes that there is none
    return found


def _values(part: Any) -> Record:  # noqa: ANN401
    named = ((value.get("id") or value.get("concept"), value.get("value", "")) for value in part)
    return {str(name): said for name, said in named if name}


def _attributes(element: Any) -> Record:  # noqa: ANN401
    """Dimensions and attributes of the structure-specific form; those of XML itself have a namespace."""
    return {name: str(said) for name, said in element.attrib.items() if not name.startswith("{")}
