"""XML from strangers: no entities, no network, no document type that defines anything."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from state.errors import ReadingError

MAX_BYTES: Final = 300_000_000
_ENTITIES: Final = re.compile(rb"<!ENTITY\b", re.IGNORECASE)
_HEAD: Final = 100_000  # bytes in which a document type stands, before the first element


def parse_xml(body: bytes) -> Any:  # noqa: ANN401
    """The outermost element. Raises ``ReadingError`` where it is no XML, is too large, or defines entities."""
    if len(body) > MAX_BYTES:
        raise ReadingError(f"the XML has more than {MAX_BYTES // 1_000_000} MB")
    if _ENTITIES.search(body[:_HEAD].replace(b"\x00", b"")):
        raise ReadingError("the XML defines entities, which are not expanded")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(body.strip(b"\x00 \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError(f"the XML cannot be parsed: {error}") from error


def local(tag: object) -> str:
    """The name of an element or attribute without its namespace; "" for what is none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
