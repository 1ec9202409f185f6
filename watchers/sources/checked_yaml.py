"""YAML files into pydantic models: what is wrong is told with file, line and remedy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from yaml.constructor import SafeConstructor

from state.errors import ConfigError
from watchers.sources.yaml_mistakes import explain_key, explain_syntax, explain_value, model_at

_LONG: Final = 20_000  # characters; only longer files can be so deep that the parser's stack breaks
_DEEPEST: Final = 50
Model = TypeVar("Model", bound=BaseModel)


Filled = Callable[[str], str]
"""What a text stands for. Raises ConfigError, in words without the place."""


def read_model(
    text: str,
    model: type[Model],
    *,
    name: str,
    what: str,
    fill: Filled | None = None,
    unfilled: Collection[str] = (),
) -> Model:
    """The text as a ``model``. ``name`` (of the file) and ``what`` ("source file") stand in error messages.

    ``fill`` makes of each text what it stands for, but for those of the keys ``unfilled``. Raises ConfigError
    for what is no YAML, a key that stands twice, and what the model refuses.
    """
    node, plain = _parse(text, name, what)
    if fill is not None and "${" in text:
        plain = _with_texts_filled(plain, (), fill, unfilled, name=name, node=node)
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        raise ConfigError(_explain(error, node, model=model, name=name, what=what)) from error


def _parse(text: str, name: str, what: str) -> tuple[yaml.Node, object]:
    """The YAML node, which knows its lines, and its plain data."""
    try:
        if len(text) > _LONG and _is_too_deep(text):
            raise ConfigError(
                f"{name}, line 1: lists within lists, {_DEEPEST} deep and more; nothing here needs that"
            )
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if isinstance(node, yaml.MappingNode):
            return node, _plain(node, name, {})
    except yaml.MarkedYAMLError as error:
        line, remedy = explain_syntax(error, text)
        raise ConfigError(f"{name}, line {line}: {remedy}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{name}, line 1: not valid YAML: {' '.join(str(error).split())}") from error
    raise ConfigError(f"{name}, line 1: a {what} is a list of “key: value” lines; its folder shows one")


def _is_too_deep(text: str) -> bool:
    """Whether lists and mappings stand too deep in each other; the events of a parser need no stack of ours.

    The parser's own time grows with the square of the depth, so it is not asked for what comes after.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return True
    return False


def _plain(node: yaml.Node, name: str, made: dict[yaml.Node, object]) -> object:
    """Plain data of a YAML node; raises ConfigError where a key stands twice, which YAML would hide.

    What aliases repeat is ``made`` once, else a few lines of them could stand for millions.
    """
    if node not in made:
        made[node] = _made(node, name, made)
    return made[node]


def _made(node: yaml.Node, name: str, made: dict[yaml.Node, object]) -> object:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigError(f"{name}, line {_line(key)}: a key must be a plain word")
            if key.value in seen:
                raise ConfigError(f"{name}, line {_line(key)}: “{key.value}” stands twice; keep one of them")
            seen[key.value] = _plain(value, name, made)
        return seen
    if isinstance(node, yaml.SequenceNode):
        return tuple(_plain(part, name, made) for part in node.value)
    return SafeConstructor().construct_object(node)  # one that is kept would keep every node, too


def _with_texts_filled(
    plain: object,
    place: tuple[str, ...],
    fill: Filled,
    unfilled: Collection[str],
    *,
    name: str,
    node: yaml.Node,
) -> object:
    """Plain data in which each text is what it stands for."""

    def inner(value: object, key: str) -> object:
        return _with_texts_filled(value, (*place, key), fill, unfilled, name=name, node=node)

    if isinstance(plain, dict):
        return {key: value if key in unfilled else inner(value, key) for key, value in plain.items()}
    if isinstance(plain, tuple):
        return tuple(inner(value, str(number)) for number, value in enumerate(plain))
    if not isinstance(plain, str):
        return plain
    try:
        return fill(plain)
    except ConfigError as error:
        raise ConfigError(f"{name}, line {_line_of(node, place)}: “{'.'.join(place)}”: {error}") from error


def _explain(error: ValidationError, node: yaml.Node, *, model: type[BaseModel], name: str, what: str) -> str:
    """The thing wrong that is most telling, with its line."""
    first = min(error.errors(include_url=False), key=_urgency)
    place = tuple(str(part) for part in first["loc"])
    key = ".".join(place)
    match first["type"]:
        case "missing":
            remedy = f"“{key}” is missing; add a line “{place[-1]}: …”"
        case "extra_forbidden":
            meant = explain_key(place[-1], model_at(model, place), model)
            remedy = f"“{key}” is no key of a {what}; {meant}"
        case _:
            remedy = f"“{key}”: {explain_value(first)}"
    return f"{name}, line {_line_of(node, place)}: {remedy}"


def _urgency(error: ErrorDetails) -> int:
    """What was to stand below a key and does not; keys that are none, perhaps one that is missing; the rest."""
    if error["type"].endswith(("dict_type", "model_type")) and error["input"] is None:
        return 0
    return 1 if error["type"] == "extra_forbidden" else 2


def _line_of(node: yaml.Node, place: Sequence[str]) -> int:
    """The line of a key, or of the nearest thing around it that is there."""
    line = _line(node)
    for part in place:
        if isinstance(node, yaml.MappingNode):
            entry = next(((key, value) for key, value in node.value if key.value == part), None)
            if entry is None:
                break
            line, node = _line(entry[0]), entry[1]
        elif isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
            node = node.value[int(part)]
            line = _line(node)
    return line


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
