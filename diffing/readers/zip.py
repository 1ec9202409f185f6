"""ZIP archives of spreadsheets, data files and documents, read as one document."""

from __future__ import annotations

import importlib
import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from msgspec.structs import replace

from diffing import readers
from state.document import Block, Document, ReadingHints, Table
from state.errors import ReadingError

MEDIA_TYPES: Final = ("application/zip", "application/x-zip-compressed")
SUFFIXES: Final = (".zip",)
MAX_MEMBERS: Final = 500
MAX_UNPACKED: Final = 500_000_000
"""Bytes that all members together may unpack to."""
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def read(body: bytes, *, hints: ReadingHints, limit: int = MAX_UNPACKED) -> Document:
    """Read every member that some reader knows; a member that cannot be read becomes a remark.

    ``limit`` is how many bytes all members together may unpack to. Raises ``ReadingError`` where the
    archive is damaged, encrypted, too large, or holds nothing readable.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except _DAMAGE as error:
        raise ReadingError(f"the archive is cut short or damaged: {error}") from error
    members = [info for info in archive.infolist() if _wanted(info)]
    if len(members) > MAX_MEMBERS:
        raise ReadingError(f"the archive has {len(members):,} members; at most {MAX_MEMBERS} are read")
    if any(info.flag_bits & 1 for info in members):
        raise ReadingError("the archive is protected by a password")
    readers = _readers()
    documents: dict[str, Document] = {}
    remarks = []
    left = limit
    for info in members:
        reader = readers.get(posixpath.splitext(info.filename)[1].lower())
        if reader is None:
            remarks.append(f"The member {info.filename!r} is of no kind that is read.")
            continue
        content = _unpack(archive, info, left)
        left -= len(content)
        try:
            documents[info.filename] = reader.read(content, hints=replace(hints, file_name=info.filename))
        except ReadingError as error:
            remarks.append(f"The member {info.filename!r} was not read: {error}.")
    if not documents:
        raise ReadingError("the archive holds nothing that can be read; " + " ".join(remarks[:3]))
    return _joined(documents, tuple(remarks))


def _wanted(info: zipfile.ZipInfo) -> bool:
    name = posixpath.basename(info.filename)
    return bool(name) and not name.startswith(".") and not info.filename.startswith("__MACOSX/")


def _readers() -> dict[str, ModuleType]:
    """Readers by the suffixes they know, this one left out: an archive inside an archive is not opened."""
    found: dict[str, ModuleType] = {}
    for module in readers.READERS:
        if module != __name__.rsplit(".", 1)[-1]:
            reader = importlib.import_module(f"{readers.__name__}.{module}")
            found.update(dict.fromkeys(reader.SUFFIXES, reader))
    return found


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    try:
        with archive.open(info) as member:
            content = member.read(left + 1)
    except _DAMAGE as error:
        raise ReadingError(f"the archive's member {info.filename!r} is damaged: {error}") from error
    if len(content) > left:
        raise ReadingError("the archive unpacks to more than is read")
    return content


def _joined(documents: dict[str, Document], remarks: tuple[str, ...]) -> Document:
    if len(documents) == 1:
        (document,) = documents.values()
        return replace(document, remarks=(*document.remarks, *remarks))
    return Document(
        media_type=MEDIA_TYPES[0],
        title=next((document.title for document in documents.values() if document.title), ""),
        headline=next((document.headline for document in documents.values() if document.headline), ""),
        blocks=tuple(_placed(documents)),
        tables=tuple(_placed_tables(documents)),
        definitions=tuple(item for document in documents.values() for item in document.definitions),
        links=tuple(item for document in documents.values() for item in document.links),
        dates=tuple(item for document in documents.values() for item in document.dates),
        metadata={"members": ", ".join(documents)},
        remarks=(*(remark for document in documents.values() for remark in document.remarks), *remarks),
    )


def _placed(documents: dict[str, Document]) -> Iterator[Block]:
    for name, document in documents.items():
        for block in document.blocks:
            yield replace(block, sheet=f"{name}: {block.sheet}" if block.sheet else name)


def _placed_tables(documents: dict[str, Document]) -> Iterator[Table]:
    for name, document in documents.items():
        for table in document.tables:
            yield replace(table, sheet=f"{name}: {table.sheet}" if table.sheet else name)
