"""JSON bytes -> Python values that every later step can print: no half characters, no binary zeros."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from diffing.values import is_figure
from state.errors import ReadingError

_ESCAPED: Final = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)|\x00")
_LONGEST: Final = 100
"""Digits of a whole number; more are a text as published."""
_DEEPEST: Final = 200
"""Levels of a text whose broken characters are looked for; what lies deeper is cut off."""


def load(body: bytes) -> Any:  # noqa: ANN401
    """What a JSON text says. Raises ``ReadingError`` where it is none."""
    try:
        text = body.decode(json.detect_encoding(body)).removeprefix("\ufeff").strip("\x00 \t\r\n")
        return _load(text)
    except (ValueError, RecursionError) as error:
        raise ReadingError(f"the JSON cannot be parsed: {error}") from error


def load_lines(body: bytes) -> list[Any]:
    """The values of JSON Lines, one a line, blank ones apart. Raises ``ReadingError`` naming the line."""
    try:
        text = body.decode(json.detect_encoding(body)).removeprefix("\ufeff")
    except ValueError as error:
        raise ReadingError(f"the JSON cannot be parsed: {error}") from error
    values = []
    for number, line in enumerate(text.split("\n"), start=1):
        if bare := line.strip("\x00\x1e \t\r"):
            try:
                values.append(_load(bare))
            except (ValueError, RecursionError) as error:
                raise ReadingError(f"line {number} is no JSON: {error}") from error
    return values


def _load(text: str) -> Any:  # noqa: ANN401
    data = json.loads(text, parse_int=_integer, parse_float=_decimal, parse_constant=str)
    return _mended(data, 0) if _ESCAPED.search(text) else data


def _integer(text: str) -> int | str:
    return int(text) if len(text) < _LONGEST else text


def _decimal(text: str) -> float | str:
    number = float(text)
    return number if is_figure(number) else text


def _mended(data: Any, depth: int) -> Any:  # noqa: ANN401
    """The same with every lone surrogate replaced, as browsers show it, and without binary zeros."""
    if isinstance(data, str):
        return data.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
    if depth > _DEEPEST:
        return None
    if isinstance(data, list):
        return [_mended(item, depth + 1) for item in data]
    if isinstance(data, dict):
        return {_mended(name, depth + 1): _mended(item, depth + 1) for name, item in data.items()}
    return data
