"""ZIP archives of spreadsheets, data files and documents, read as one document."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from diffing.readers import load_reader
from state.document import Block, Document, ReadingHints, Table
from state.errors import ReadingError
from state.formats import TEXT, ZIP, Format, format_called, format_named
from state.sniffing import sniff

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
    documents: dict[str, Document] = {}
    remarks = []
    left = limit
    for info in members:
        named = format_named(posixpath.basename(info.filename))
        if named is None or not _is_opened(named):
            remarks.append(f"The member {info.filename!r} is of no kind that is read.")
            continue
        content = _unpack(archive, info, left)
        left -= len(content)
        try:
            documents[info.filename] = _read_member(content, named, hints=replace(hints, file_name=info.filename))
        except ReadingError as error:
            remarks.append(f"The member {info.filename!r} was not read: {error}.")
    if not documents:
        raise ReadingError("the archive holds nothing that can be read; " + " ".join(remarks[:3]))
    return _joined(documents, tuple(remarks))


def _wanted(info: zipfile.ZipInfo) -> bool:
    name = posixpath.basename(info.filename)
    return bool(name) and not name.startswith(".") and not info.filename.startswith("__MACOSX/")


def _is_opened(format: Format) -> bool:
    """Whether something reads it; an archive inside an archive is not opened."""
    return format.reader not in ("", __name__.rsplit(".", 1)[-1])


def _read_member(content: bytes, named: Format, *, hints: ReadingHints) -> Document:
    """A member as what its bytes are, else as what its name says."""
    found = format_called(sniff(content, media_type=named.media_type, file_name=hints.file_name))
    told = found is not None and _is_opened(found) and (named.text or found.media_type != TEXT)
    return load_reader(found if found is not None and told else named)(content, hints=hints)


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
        media_type=ZIP,
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
