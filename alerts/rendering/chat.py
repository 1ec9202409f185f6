"""A message as lines: for chats, for telephones, and as the text part of a mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from alerts.message import IN_FULL, Edition, Message, Row, Statement
from alerts.rendering.dialects import PLAIN, Dialect
from alerts.words import shorten
from state.serialisation.nouns import storable

_LONGEST_LINE = 300


class Rendered(Struct, frozen=True):
    """A title and a body as a service takes them."""

    title: str
    body: str


class _Share(Struct, frozen=True):
    """How much of a message is shown."""

    rows: int  # of each statement's table
    whole: int  # statements; the others in two lines each
    brief: bool = False  # True: without releases and addresses, which stand behind the link


_SHARES: Final = (
    _Share(14, IN_FULL),
    _Share(8, 3),
    _Share(4, 1),
    _Share(8, 1, brief=True),
    _Share(4, 1, brief=True),
    _Share(1, 1, brief=True),
)


def render_chat(message: Message, dialect: Dialect = PLAIN) -> Rendered:
    """The message in lines that the dialect leaves inert and whose length its service takes.

    Where the service has no title of its own, the subject is the first line.
    """
    # A title is plain text everywhere: it is escaped only where it stands in the body.
    title = shorten(message.subject, dialect.title_limit) if dialect.title_limit else ""
    head = [] if title == message.subject else [dialect.escape(shorten(message.subject, _LONGEST_LINE)), ""]
    room = dialect.limit - len(title) - 2  # some services count the title in
    body = "\n".join(_fitting(message, dialect, [*head], room))
    return Rendered(title=storable(PLAIN.escape(title)), body=storable(body))


def _fitting(message: Message, dialect: Dialect, head: list[str], room: int) -> list[str]:
    """All lines where they fit; else fewer rows, then fewer statements, each time with what is left out."""
    size = dialect.size
    for share in _SHARES:
        lines = [*head, *_lines(message, dialect.escape, share)]
        if size("\n".join(lines)) <= room:
            return lines
    return _cut(head, message, dialect.escape, room=room, size=size)


def _cut(
    head: Sequence[str],
    message: Message,
    escape: Callable[[str], str],
    *,
    room: int,
    size: Callable[[str], int],
) -> list[str]:
    """As many statements in two lines each as fit, and how many are left out."""
    lines = list(head)
    entries = [list(_short(each, escape, limit=110)) for each in message.statements] or [
        [escape(line)] for line in message.lines
    ]
    for number, entry in enumerate(entries):
        more = f"… and {len(entries) - number:,} more"
        if size("\n".join([*lines, *entry, more])) > room:
            return [*lines, more]
        lines += entry
    return lines


def _lines(message: Message, escape: Callable[[str], str], share: _Share) -> Iterator[str]:
    if not message.statements:
        yield from (escape(line) for line in message.lines)
    for number, statement in enumerate(message.statements):
        alone = len(message.statements) == 1
        if number >= share.whole or (message.digest and not alone):
            yield from _short(statement, escape, limit=200)
            continue
        if not alone:
            yield from (("", "—", "") if number else ())
            yield escape(f"{statement.severity.value.upper()}: {shorten(statement.title, _LONGEST_LINE)}")
        yield from _whole(statement, escape, share, titled=not alone or statement.title in message.subject)
    for remark in message.remarks:
        yield ""
        yield escape(remark)


def _short(statement: Statement, escape: Callable[[str], str], *, limit: int) -> Iterator[str]:
    yield escape(f"• {statement.severity.value}: {statement.whose}: {shorten(statement.title, limit)}")
    yield f"  {statement.archive}"


def _whole(statement: Statement, escape: Callable[[str], str], share: _Share, *, titled: bool) -> Iterator[str]:
    """The statement's own lines; its title first where the subject had to cut it."""
    if not titled:
        yield escape(shorten(statement.title, _LONGEST_LINE))
        yield ""
    yield escape(f"{statement.severity.value} · {statement.kind}")
    yield from (escape(line) for line in _table(statement, rows=share.rows))
    yield ""
    yield from (escape(line) for line in _grounds(statement, brief=share.brief))
    for edition in () if share.brief else statement.editions:
        yield from _edition(edition, escape)
    if statement.publisher and not share.brief:
        yield f"The publisher's page: {shorten(statement.publisher, _LONGEST_LINE)}"
    yield f"Look: {statement.archive}"
    if statement.triage:
        yield f"What became of it? {statement.triage}"
    yield f"Event: {statement.event}"


def _table(statement: Statement, *, rows: int) -> Iterator[str]:
    shown = statement.rows[:rows]
    if shown:
        yield ""
    for row in shown:
        yield f"• {shorten(row_line(row), _LONGEST_LINE)}"
    left_out = statement.left_out + len(statement.rows) - len(shown)
    if left_out and statement.rows:
        yield f"… and {left_out:,} more"


def row_line(row: Row) -> str:
    """A row of the table in a line: ``Maricopa, AZ: 4,328 → 2,597 (−1,731, −40.0 %)``."""
    change = "" if row.before is None else f"{row.before} → {row.after}"
    line = ": ".join(part for part in (row.name, change) if part) or "(unnamed)"
    return f"{line} ({row.remark})" if row.remark else line


def _grounds(statement: Statement, *, brief: bool) -> Iterator[str]:
    if brief:
        if statement.reason:
            yield f"Why we say so: {shorten(statement.reason, 200)}"
        return
    if statement.source:
        yield f"Source: {shorten(statement.source, 220)}"
    if statement.place:
        yield f"Where: {shorten(statement.place, 220)}"
    if statement.why:
        yield f"Why it matters: {shorten(statement.why, _LONGEST_LINE)}"
    if statement.reason:
        yield f"Why we say so ({statement.sure}): {shorten(statement.reason, 400)}"


def _edition(edition: Edition, escape: Callable[[str], str]) -> Iterator[str]:
    yield escape(f"{edition.name}: {edition.seen}")
    yield f"  {edition.file}"
