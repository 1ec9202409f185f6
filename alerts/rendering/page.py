"""A message as HTML for mail readers, from one template in which every publisher's word is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from alerts.message import IN_FULL, Message, Row, Statement
from alerts.rendering.marks import Pieces, marked
from alerts.words import shorten
from state.serialisation.nouns import storable

if TYPE_CHECKING:
    from jinja2 import Template

LONGEST_CELL: Final = 600
"""Characters of a text in a mail; whole it is in the CSV and behind the link."""

ROWS: Final = 6  # of a statement: what is below the first screen of a telephone is not read
_SHORT_ROWS: Final = 3
_LONG: Final = ("whose", "source", "place", "why", "reason")


class _Line(Struct, frozen=True):
    """A row as the template shows it: name, then both sides in pieces of which some are marked."""

    name: str
    before: Pieces
    after: Pieces
    remark: str


class Chart(Struct, frozen=True):
    """A picture of a mail: its Content-ID without brackets, and what it shows in words."""

    name: str
    words: str


class _Section(Struct, frozen=True):
    statement: Statement  # its words cut to what a mail may hold
    title: str
    lines: tuple[_Line, ...]
    named: bool  # whether any row has a name
    changes: bool  # whether any row has two sides
    left_out: int


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("mail.html.j2")


def render_page(message: Message, *, whole: int = IN_FULL, chart: Chart | None = None) -> str:
    """The whole HTML document; ``chart`` is a picture that goes with the first statement.

    The first ``whole`` statements stand in it with their tables, of the others their titles with links.
    """
    page = _template().render(
        message=message,
        lines=[shorten(line, LONGEST_CELL) for line in message.lines],
        sections=[
            _section(each, short=message.digest and len(message.statements) > 1)
            for each in message.statements[:whole]
        ],
        others=[replace(each, title=shorten(each.title, 200)) for each in message.statements[whole:]],
        chart=chart,
    )
    return storable(page)


def _section(statement: Statement, *, short: bool) -> _Section:
    rows = statement.rows[: _SHORT_ROWS if short else ROWS]
    cut = {name: shorten(getattr(statement, name), LONGEST_CELL) for name in _LONG}
    return _Section(
        statement=replace(statement, **cut),
        title=shorten(statement.title, 300),
        lines=tuple(map(_line, rows)),
        named=any(row.name for row in rows),
        changes=any(row.before is not None for row in rows),
        left_out=statement.left_out + len(statement.rows) - len(rows),
    )


def _remark(row: Row) -> str:
    return shorten(row.remark, LONGEST_CELL).replace(" %", "\u00a0%")


def _line(row: Row) -> _Line:
    name = shorten(row.name, LONGEST_CELL)
    if row.before is None or row.after is None:
        return _Line(name, (), (), _remark(row))
    before, after = marked(shorten(row.before, LONGEST_CELL), shorten(row.after, LONGEST_CELL))
    return _Line(name, before, after, _remark(row))
