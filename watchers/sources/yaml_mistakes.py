"""What is wrong in a YAML file, said so that somebody who does not know YAML can mend it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

import yaml
from pydantic import BaseModel

_QUOTES: Final = "put the whole text in single quotes"
_SPACE: Final = "write a space after the colon"
_SYNTAX: Final[Mapping[str, str]] = {
    "unknown escape character": "write a pattern in single quotes, in which \\ needs no doubling: '\\.xlsx$'",
    "cannot start any token": f"a text may not begin like this; {_QUOTES}",
    "alphabetic or numeric character": f"a text may not begin with * or &; {_QUOTES}",
    "unexpected end of stream": "a quote or bracket is opened here and never closed",
    "did not find expected ',' or": "a bracket is opened and not closed, or a comma is missing",
    "could not find expected ':'": "write “key: value”, with a colon and a space",
    "but found another document": "put what stands below “---” into a file of its own",
}
_GLUED: Final = re.compile(r"\s*\w+:\S")
_KEYS: Final = "write its keys below it, one “key: value” a line, without dashes, indented by two spaces more"
_TYPES: Final[Mapping[str, str]] = {
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "tuple_type": 'write a list, such as ["first", "second"]',
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "string_too_short": "it is empty; write a text",
}


def explain_syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str]:
    """The line, counted from 1, and the remedy of text that is no YAML."""
    problem = error.problem or ""
    mark = error.problem_mark
    if "end of stream" in problem and error.context_mark is not None:
        mark = error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    written, above = (lines[at] if 0 <= at < len(lines) else "" for at in (line - 1, line - 2))
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return line, "indent with spaces; a tab stands here"
    if (
        "mapping values" in problem
        and ": " not in written[: mark.column if mark else None]
        and _GLUED.match(above)
    ):
        return line - 1, f"not valid YAML: {_SPACE}"
    remedy = next((said for words, said in _SYNTAX.items() if words in problem), "")
    return line, f"not valid YAML: {remedy or _explain_place(problem, written)}"


def _explain_place(problem: str, written: str) -> str:
    """What is wrong with a line that does not go with those above it."""
    if "mapping values" in problem and written.count(": ") > 1:
        return f"a text that holds “: ” needs quotes; {_QUOTES}"
    if "expected key" in problem and "'" in written:
        return "the text in quotes ends at the next quote; write an apostrophe inside twice, or use double quotes"
    if "mapping values" in problem or "expected key" in problem:
        return "this line is indented too far or too little; let it begin exactly below the key that it goes with"
    return problem


def explain_value(error: Mapping[str, Any]) -> str:
    """What to write in place of a value that pydantic refuses, in its words where there are none of ours."""
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind in _TYPES:
        return _TYPES[kind]
    if kind == "string_type":
        return _explain_text(given)
    if kind in ("literal_error", "enum"):
        return f"write {context['expected']}"
    limit = next((context[name] for name in ("ge", "gt", "le", "lt") if name in context), None)
    if limit is not None:
        words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
        return f"write a number of {next(words[name] for name in words if name in context)} {limit}"
    return str(error["msg"]).removeprefix("Value error, ")


def _explain_text(given: object) -> str:
    if given is None:
        return "it is empty; write a text"
    if isinstance(given, tuple | dict):
        return "write one text, no list and no keys below it"
    return f'write it in quotes, so that it is a text: "{given}"'


def explain_key(key: str, model: type[BaseModel], top: type[BaseModel]) -> str:
    """What is meant by a key that ``model``, a part of ``top``, does not have."""
    known = [field.alias or name for name, field in model.model_fields.items()]
    near = difflib.get_close_matches(key.lower().replace("-", "_").strip(), known, n=1)
    if near:
        return f"did you mean “{near[0]}”?"
    if model is not top and key in top.model_fields:
        return f"“{key}” belongs to the left, at the beginning of a line"
    for name, field in top.model_fields.items() if model is top else ():
        inner = model_in(field.annotation)
        if inner is not None and key in inner.model_fields:
            return f"“{key}” belongs below “{name}:”, indented"
    return f"known are {', '.join(known)}"


def model_at(model: type[BaseModel], place: Sequence[str]) -> type[BaseModel]:
    """The model that holds the last key of ``place``."""
    for part in place[:-1]:
        field = model.model_fields.get(part)
        inner = model_in(field.annotation) if field is not None else None
        model = inner or model
    return model


def model_in(annotation: object) -> type[BaseModel] | None:
    """The model that a field holds, directly, in a list or as the values of a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := model_in(part))), None)
