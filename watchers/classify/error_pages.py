"""What stands in place of a file and is no page: a line of text, or a small object that tells of an error."""

from __future__ import annotations

import json
import re
from typing import Final

_LONGEST: Final = 1_000  # bytes of a body
_LINE: Final = 200  # characters
_KEYS: Final = frozenset((
    "code", "description", "detail", "details", "error", "error_description", "errorcode", "errormessage",
    "errors", "fault", "instance", "message", "method", "path", "reason", "request_id", "requestid", "requestuuid",
    "status", "status_code", "statuscode", "success", "timestamp", "title", "traceid", "type", "url",
))  # fmt: skip
"""Names, in lower case, of which error objects consist; one other name and it may be data."""


def remark_in(body: bytes) -> list[str]:
    """The texts of a body that may be nothing but a remark on the file asked for, none where it is more."""
    if len(body) > _LONGEST or b"\0" in body:
        return []
    text = body.decode("utf-8", "replace").strip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _texts_of_error(text)
    plain = " ".join(re.sub(r"<[^>]*>", " ", text).split()) if text.startswith("<") else text
    return [plain] if len(plain) <= _LINE and "\n" not in plain else []


def _texts_of_error(text: str) -> list[str]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return []
    texts: list[str] = []
    found = [said]
    while found:
        match found.pop():
            case dict() as entries:
                if not {str(key).lower() for key in entries} <= _KEYS:
                    return []
                found += entries.values()
            case list() as parts:
                found += parts
            case str() as words:
                texts.append(words)
    return texts
