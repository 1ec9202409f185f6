"""Markdown: headings, paragraphs, lists, tables and links, as CommonMark and GitHub write them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from diffing.readers.characters import decode
from diffing.readers.flow import Flow
from state.document import Document, ReadingHints

_ATX: Final = re.compile(r" {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*")
_SETEXT: Final = re.compile(r" {0,3}(=+|-+)\s*")
_ITEM: Final = re.compile(r"\s*(?:[*+-]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?(.*)")
_FENCE: Final = re.compile(r" {0,3}(?:```|~~~)")
_RULE: Final = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})")
_TABLE_RULE: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_LINK: Final = re.compile(r"!?\[([^\]]{0,500})\]\(\s*<?([^\s)>]{1,2000})>?[^)]{0,200}\)")
_DRESS: Final = re.compile(r"(\*{1,3}|_{2,3}|~~|`+)(?=\S)(.+?)(?<=\S)\1")
_UNDERLINED: Final = re.compile(r"(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<!--.*?-->", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_CELLS: Final = re.compile(r"(?<!\\)\|")


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a text. Raises ``ReadingError`` for binary data."""
    flow = Flow(hints)
    lines = decode(body).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    for part in _parts(_without_front_matter(lines)):
        _add(flow, part)
    return flow.document("")


def _without_front_matter(lines: list[str]) -> list[str]:
    """The text below the settings that some programs want above it."""
    if lines[0].strip() == "---":
        end = next((i for i, line in enumerate(lines[1:200], start=1) if line.strip() in ("---", "...")), 0)
        return lines[end + 1 :] if end else lines
    return lines


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines that belong together: a heading, an item with its further lines, a paragraph, a table, a listing."""
    part: list[str] = []
    fenced = False
    for line in lines:
        if _FENCE.match(line):
            yield part
            part, fenced = [], not fenced
        elif fenced:
            part.append(line)
        elif not line.strip():
            yield part
            part = []
        elif _ATX.fullmatch(line):
            yield part
            yield [line]
            part = []
        elif _ITEM.fullmatch(line) and not _SETEXT.fullmatch(line):
            yield part
            part = [line]
        else:
            part.append(line)
            if len(part) > 1 and _SETEXT.fullmatch(line):
                yield part
                part = []
    yield part


def _add(flow: Flow, part: list[str]) -> None:
    lines = [line.lstrip("> ") if line.lstrip().startswith(">") else line for line in part]
    if not lines or (len(lines) == 1 and _RULE.fullmatch(lines[0])):
        return
    if atx := _ATX.fullmatch(lines[0]):
        flow.add_heading(len(atx[1]), _plain(atx[2], flow))
    elif len(lines) > 1 and (under := _SETEXT.fullmatch(lines[-1])) and "|" not in lines[-2]:
        flow.add_heading(1 if under[1][0] == "=" else 2, _plain(" ".join(lines[:-1]), flow))
    elif (at := _table_at(lines)) is not None:
        flow.add_text(_plain(" ".join(lines[:at]), flow))
        rows = [_cells(line, flow) for i, line in enumerate(lines[at:]) if i != 1]
        flow.add_table(rows, heads=1)
    elif item := _ITEM.fullmatch(lines[0]):
        flow.add_text(_plain(" ".join((item[1], *lines[1:])), flow), kind="item")
    else:
        flow.add_text(_plain(" ".join(lines), flow))


def _table_at(lines: Sequence[str]) -> int | None:
    """The line that heads a table: the one below it is its rule."""
    for i, line in enumerate(lines[1:]):
        if "-" in line and "|" in line + lines[i] and "|" in lines[i] and _TABLE_RULE.fullmatch(line):
            return i
    return None


def _cells(line: str, flow: Flow) -> list[str]:
    bare = line.strip().removeprefix("|")
    cells = _CELLS.split(bare.removesuffix("|") if not bare.endswith("\\|") else bare)
    return [_plain(cell, flow).strip() for cell in cells]


def _plain(text: str, flow: Flow) -> str:
    """A text as a reader sees it; its links are added to the flow."""
    for words, url in _LINK.findall(text):
        flow.add_link(_DRESS.sub(r"\2", words), url)
    text = _TAG.sub("", _LINK.sub(r"\1", text))
    for _nesting in range(3):
        text = _DRESS.sub(r"\2", text)
    return html.unescape(_ESCAPE.sub(r"\1", _UNDERLINED.sub(r"\1", text)))
