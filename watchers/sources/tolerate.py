"""Tolerances written into the text of a source file; all else of it, comments too, stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import yaml
from msgspec.structs import replace

from state.errors import ConfigError
from state.model import Source
from watchers.sources.load import read_source

_PAGE: Final = "page"


def with_tolerances(text: str, tolerances: Mapping[str, float], *, series: str, id: str, name: str) -> str:
    """The text of a source file with these tolerances for one of its series; ``name`` stands in error messages.

    Raises ConfigError where the file is written so that a person must do it, with the lines to write.
    """
    before = read_source(text, id=id, name=name)
    wanted = _tolerating(before, series, tolerances)
    for way in (_in_block, _at_end):
        written = way(text, tolerances, series)
        if written is None:
            continue
        try:
            if read_source(written, id=id, name=name) == wanted:
                return written
        except ConfigError:
            continue
    lines = "\n".join(f"      {key}: {_number(value)}" for key, value in tolerances.items())
    raise ConfigError(f"{name}: write this by hand:\nseries:\n  {series}:\n    tolerances:\n{lines}")


def _tolerating(source: Source, series: str, tolerances: Mapping[str, float]) -> Source:
    return replace(
        source,
        series=tuple(
            replace(each, rules=replace(each.rules, tolerances={**each.rules.tolerances, **tolerances}))
            if each.name == series
            else each
            for each in source.series
        ),
    )


def _in_block(text: str, tolerances: Mapping[str, float], series: str) -> str | None:
    """Inside the entry of the series, where all is written as indented lines."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    entry = _entry(_value(root, "series"), series)
    if entry is None:
        return None
    key, value = entry
    lines = text.splitlines()
    inside = _value(value, "tolerances")
    if isinstance(inside, yaml.MappingNode) and not inside.flow_style:
        standing = {each.value: figure for each, figure in inside.value}
        new = {each: figure for each, figure in tolerances.items() if each not in standing}
        for each in tolerances.keys() - new.keys():
            mark = standing[each].start_mark
            rest = lines[mark.line][standing[each].end_mark.column :]
            lines[mark.line] = f"{lines[mark.line][: mark.column]}{_number(tolerances[each])}{rest}"
        first = inside.start_mark
        lines[first.line : first.line] = [f"{' ' * first.column}{each}: {_number(new[each])}" for each in new]
    elif inside is None and isinstance(value, yaml.MappingNode) and not value.flow_style:
        first = value.start_mark
        lines[first.line : first.line] = _block(tolerances, indent=first.column)
    elif inside is None and not isinstance(value, yaml.MappingNode):
        after = key.start_mark
        lines[after.line + 1 : after.line + 1] = _block(tolerances, indent=after.column + 2)
    else:
        return None
    return "\n".join(lines) + "\n"


def _at_end(text: str, tolerances: Mapping[str, float], series: str) -> str | None:
    """Behind all else, where the file names no series: the page itself is meant."""
    if series != _PAGE or _value(yaml.compose(text, Loader=yaml.SafeLoader), "series") is not None:
        return None
    return "\n".join([text.rstrip("\n"), "series:", "  page:", *_block(tolerances, indent=4)]) + "\n"


def _block(tolerances: Mapping[str, float], *, indent: int) -> list[str]:
    space = " " * indent
    return [f"{space}tolerances:", *(f"{space}  {each}: {_number(value)}" for each, value in tolerances.items())]


def _entry(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    found = _entry(node, name)
    return None if found is None else found[1]


def _number(value: float) -> str:
    return f"{value:.10g}"
