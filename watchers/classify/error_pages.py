"""What stands in place of a file and is no page: a line of text, or a small object that tells of an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from watchers.classify.machinery import holds_trace, speaks_of_machinery

_LONGEST: Final = 1_000  # bytes of a body
_LINE: Final = 200  # characters
_LONGEST_OBJECT: Final = 20_000  # bytes of an error object, with the trace of a program in it
_KEYS: Final = frozenset((
    "code", "description", "detail", "details", "error", "error_description", "errorcode", "errormessage",
    "errors", "fault", "instance", "message", "method", "path", "reason", "request_id", "requestid", "requestuuid",
    "status", "status_code", "statuscode", "success", "timestamp", "title", "traceid", "type", "url",
))  # fmt: skip
"""Names, in lower case, of which error objects consist; one other name and it may be data."""


_WORDS: Final = re.compile(r"[._:@ -]+|(?<=[a-z])(?=[A-Z])")  # between the words of a name
_TELLING: Final = re.compile(
    r"^(?:\w+ )?(?:errors?|fault|exception)"
    r"(?: (?:message|code|type|description|id|detail|details|info|msg|reason|text))?$"
    r"|^error(?:code|message|msg)$"
)
_SAYING: Final = ("message", "msg", "title", "detail", "reason")
_REMARKS: Final = frozenset(
    ("message", "msg", "detail", "documentation_url", "requestid", "request_id", "traceid", "timestamp")
)
"""Names of which an answer consists that is a remark in place of data."""
_STATUSES: Final = ("status", "statuscode", "status_code", "code")
_CONTENT: Final = (
    "data",
    "results",
    "result",
    "records",
    "rows",
    "items",
    "features",
    "value",
    "values",
    "entries",
)
_FAULT_OF_SOAP: Final = re.compile(rb":Body>\s*<(?:\w{1,30}:)?(Fault)>")
_EMPTIED: Final = frozenset(_CONTENT)
_ROOT_OF_ERROR: Final = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?"
    rb"<(?:\w{1,30}:)?(\w{0,40}(?:error|exception|fault)(?:report|response|message|info|result)?)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)


def error_in(body: bytes, media_type: str) -> str:
    """What an error object says that stands in place of data, "" for what may be data.

    JSON: one object that bears an error and no content beside it. XML: the root is an error.
    """
    if len(body) > _LONGEST_OBJECT:
        return ""
    if found := _ROOT_OF_ERROR.match(body) or _FAULT_OF_SOAP.search(body):
        return found[1].decode("ascii", "replace")
    text = body.decode("utf-8", "replace").strip("\ufeff \t\r\n")
    if not text.startswith("{") or "html" in media_type:
        return ""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return _error_of(said) if isinstance(said, dict) else ""


def _error_of(said: dict[str, object]) -> str:
    """The words of an error object: of what failed, or consists of a remark alone."""
    named = {str(key).lower(): value for key, value in said.items()}
    if any(_holds_records(named.get(key)) for key in _CONTENT):
        return ""
    told = [value for key, value in said.items() if value and _TELLING.search(_WORDS.sub(" ", str(key)).lower())]
    alone = named.keys() - _EMPTIED <= _KEYS
    failed = named.get("success") is False or named.get("ok") is False or True in told or bool(told)
    failed = failed or (alone and any(_is_failure(named.get(key)) for key in _STATUSES))
    failed = failed or (named.keys() <= _REMARKS and _speaks(_words_of(list(named.values()))))
    words = " ".join(_words_of([*told, *(named.get(key) for key in _SAYING if failed)]))
    return words[:_LINE]


def _holds_records(value: object) -> bool:
    """Whether content stands in it. An object without any list may be the question, repeated beside the error."""
    if isinstance(value, dict):
        return any(isinstance(each, list) and each for each in value.values())
    return bool(value)


def _speaks(texts: Iterator[str]) -> bool:
    """Whether a sentence of theirs is talk of the machinery and of what stands in the way."""
    return any(speaks_of_machinery([sentence]) for text in texts for sentence in text.split(". "))


def _is_failure(status: object) -> bool:
    """Whether a status is one of HTTP's for failures, or says so in a word."""
    if isinstance(status, str):
        return status.lower() in ("error", "fail", "failed", "failure") or (
            status.isdecimal() and int(status) >= 400
        )
    return isinstance(status, int) and not isinstance(status, bool) and 400 <= status < 600


def _words_of(told: object) -> Iterator[str]:
    """The texts and figures of an error, in order."""
    match told:
        case dict():
            for value in told.values():
                yield from _words_of(value)
        case list():
            for value in told:
                yield from _words_of(value)
        case str():
            yield " ".join(told.split())
        case int() if not isinstance(told, bool):
            yield str(told)


def breakdown_in(body: bytes) -> str:
    """What a program that broke down wrote in place of a text or a table, "" for anything else."""
    if len(body) > _LONGEST_OBJECT or b"\0" in body[:_LONGEST]:
        return ""
    text = body.decode("utf-8", "replace").strip("\ufeff \t\r\n")
    if text[:1] in "<{[":
        return ""
    lines = text.splitlines()
    broken = holds_trace(text) or (len(lines) == 1 and len(text) <= _LINE and speaks_of_machinery(lines))
    return lines[0][:_LINE] if broken else ""


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
