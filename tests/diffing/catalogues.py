"""Catalogues of datasets in the forms of their publishers, made from the same entries."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

TOPICS = (
    "Injury deaths",
    "Youth tobacco use",
    "Maternal mortality",
    "Vaccination",
    "Drug overdose",
    "Hospital care",
)


@dataclass(frozen=True)
class Dataset:
    """An entry, free of any form."""

    number: int
    title: str
    description: str
    keywords: tuple[str, ...] = ("health",)
    licence: str = "CC0"
    modified: int = 1_735_689_600  # seconds since 1970
    columns: tuple[str, ...] = ("Year", "State")


def datasets(count: int, *, of_gender: int = 0) -> list[Dataset]:
    """So many entries, the first of which speak of gender."""
    made = []
    for number in range(count):
        topic, by = TOPICS[number % len(TOPICS)], "gender" if number < of_gender else "age group"
        columns = ("Year", "State", by.title())
        words = f"Counts and rates of {topic.lower()} by {by}, race and state, {1999 + number // 6} on."
        made.append(Dataset(number, f"{topic}, table {number}", words, ("health", by), columns=columns))
    return made


def reworded(each: Dataset, before: str, after: str) -> Dataset:
    """The entry with one word for another wherever it stands, its date of change as it was."""

    def put(text: str) -> str:
        return text.replace(before, after).replace(before.title(), after.title())

    return replace(
        each,
        title=put(each.title),
        description=put(each.description),
        keywords=tuple(map(put, each.keywords)),
        columns=tuple(map(put, each.columns)),
    )


def dcat(entries: Sequence[Dataset]) -> bytes:
    """A data.json."""
    return _json(
        {
            "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
            "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
            "dataset": [
                {
                    "@type": "dcat:Dataset",
                    "identifier": f"https://data.agency.example/d/{each.number:04}",
                    "title": each.title,
                    "description": each.description,
                    "keyword": list(each.keywords),
                    "modified": f"2025-01-01T00:00:{each.modified % 60:02}",
                    "license": each.licence,
                    "accessLevel": "public",
                    "publisher": {"@type": "org:Organization", "name": "Office of Health Data"},
                    "contactPoint": {"fn": "Data desk", "hasEmail": "mailto:desk@agency.example"},
                    "distribution": [{"downloadURL": f"https://data.agency.example/files/{each.number:04}.csv"}],
                }
                for each in entries
            ],
        }
    )


def ckan(entries: Sequence[Dataset], *, count: int | None = None) -> bytes:
    """An answer of ``package_search``."""
    results = [
        {
            "id": f"0d1f-{each.number:04}",
            "name": f"table-{each.number}",
            "title": each.title,
            "notes": each.description,
            "tags": [{"name": word, "display_name": word} for word in each.keywords],
            "license_title": each.licence,
            "metadata_modified": f"2025-01-01T00:00:{each.modified % 60:02}",
            "organization": {"name": "health", "title": "Office of Health Data"},
            "num_resources": 1,
            "tracking_summary": {"total": each.number * 17, "recent": each.number},
            "resources": [{"url": f"https://data.agency.example/files/{each.number:04}.csv", "format": "CSV"}],
        }
        for each in entries
    ]
    return _json({"success": True, "result": {"count": count or len(results), "results": results}})


def socrata(entries: Sequence[Dataset]) -> bytes:
    """An answer of ``/api/views``."""
    return _json(
        [
            {
                "id": f"{each.number:04}-d{each.number % 1000:03}",
                "name": each.title,
                "description": each.description,
                "tags": list(each.keywords),
                "license": {"name": each.licence},
                "viewType": "tabular",
                "viewCount": each.number * 31,
                "downloadCount": each.number * 3,
                "viewLastModified": each.modified,
                "rowsUpdatedAt": each.modified,
                "owner": {"displayName": "Data desk"},
                "columns": [
                    {"name": name, "fieldName": name.lower(), "dataTypeName": "text", "description": f"The {name}"}
                    for name in each.columns
                ],
            }
            for each in entries
        ]
    )


def _json(answer: object) -> bytes:
    return json.dumps(answer).encode()


FORMS: Mapping[str, Callable[[Sequence[Dataset]], bytes]] = MappingProxyType(
    {"dcat": dcat, "ckan": ckan, "socrata": socrata}
)
"""By the words of a source file."""
