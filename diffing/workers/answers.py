"""What a worker answers, as typed MessagePack: nothing but data of the type that its function promises.

A worker reads hostile documents, and a bug of a library may make it theirs. Its answer is therefore never
unpickled: that would run its code in the caller. What a function returns is decoded as its return annotation says.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct, msgpack
from msgspec.msgpack import Ext
from msgspec.structs import replace

from state.document import Document

_HUGE: Final = 1
_SURROGATES: Final = 2
_PAIRS: Final = 3
"""Codes of what MessagePack has no form for: whole numbers beyond 64 bits, halves of characters, and mappings in
whose keys they may stand."""

_MOST_BITS: Final = 63


class JobResult(Struct, frozen=True):
    """What became of a job. One of ``result`` and ``reason`` means something, by ``done``."""

    done: bool
    result: Raw = Raw(b"\xc0")  # what the function returned, encoded
    reason: str = ""
    memory: int = 0  # bytes that the process held at its peak, as far as the system says
    exhausted: bool = False  # the job ran out of memory: this process must not go on
    spelt_out: bool = False  # ``result`` holds what MessagePack has no form for


def encode_result(result: object, *, memory: int) -> JobResult:
    """The answer of a job that was done. Raises TypeError for what is no data."""
    try:
        return JobResult(done=True, result=Raw(_encoder.encode(result)), memory=memory)
    except (UnicodeEncodeError, OverflowError):
        plain = msgspec.to_builtins(result, builtin_types=(bytes,), enc_hook=_as_tuple)
        return JobResult(done=True, result=Raw(_encoder.encode(_spell(plain))), memory=memory, spelt_out=True)


def decode_result(answer: JobResult, function: Callable[..., object]) -> object:
    """What ``function`` returned. Raises ValueError where it is nothing that it can return."""
    try:
        if answer.spelt_out:
            plain = msgpack.decode(answer.result, ext_hook=_unspell)
            result = msgspec.convert(plain, _promised(function))
        else:
            result = _decoder(function).decode(answer.result)
    except RecursionError as error:
        raise ValueError("lists within lists") from error
    return _with_rows(result) if isinstance(result, Document) else result


def encode_answer(answer: JobResult) -> bytes:
    """The answer as it goes through the pipe."""
    return _encoder.encode(answer)


def decode_answer(message: bytes) -> JobResult:
    """What came through the pipe. Raises ValueError for what is no answer."""
    return _answers.decode(message)


def _as_tuple(rows: object) -> tuple[object, ...]:
    """The rows of a long table, which are held by columns."""
    if isinstance(rows, Sequence):
        return tuple(rows)
    raise TypeError(f"{type(rows).__name__} is no data")


_encoder: Final = msgpack.Encoder(enc_hook=_as_tuple)
_answers: Final = msgpack.Decoder(JobResult)


@functools.cache
def _decoder(function: Callable[..., object]) -> msgpack.Decoder[Any]:
    return msgpack.Decoder(_promised(function))


def _promised(function: Callable[..., object]) -> Any:  # noqa: ANN401 - a type, or a union of some
    """The type that a function says it returns; its module has to know the name when it runs."""
    if isinstance(function, partial):
        return _promised(function.func)
    said = function.__annotations__["return"]
    return eval(said, function.__globals__) if isinstance(said, str) else said  # noqa: S307 - our own code


def _spell(value: object) -> object:
    """Plain data with an extension in place of all that MessagePack has no form for."""
    match value:
        case str():
            return value if _is_whole(value) else Ext(_SURROGATES, value.encode("utf-8", "surrogatepass"))
        case int():
            return Ext(_HUGE, str(value).encode()) if value.bit_length() > _MOST_BITS else value
        case list() | tuple():
            return [_spell(each) for each in value]
        case dict():  # an extension is no key
            pairs = [[_spell(key), _spell(each)] for key, each in value.items()]
            return Ext(_PAIRS, _encoder.encode(pairs))
    return value


def _unspell(code: int, data: memoryview) -> object:
    if code == _HUGE:
        return int(bytes(data))
    if code == _SURROGATES:
        return bytes(data).decode("utf-8", "surrogatepass")
    if code == _PAIRS:
        pairs = msgpack.decode(data, type=list[tuple[Any, Any]], ext_hook=_unspell)
        return {tuple(key) if isinstance(key, list) else key: each for key, each in pairs}
    raise ValueError(f"no extension has the code {code}")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _with_rows(document: Document) -> Document:
    """The document with the rows of its tables as readers make them: tuples of tuples."""
    tables = tuple(replace(table, rows=tuple(table.rows)) for table in document.tables)
    return replace(document, tables=tables)
