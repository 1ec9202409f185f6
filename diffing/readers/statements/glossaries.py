"""Definitions in and around tables: two-column glossaries, and footnotes by the marks of what they explain."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from diffing.readers.statements.sentences import (
    ENTRY_BEGINS,
    define_by_entries,
    define_by_verbs,
    is_passing,
    units_of,
)
from diffing.sentences import split_sentences
from state.document import Block, Definition, Table, Where

_TERM_HEADER: Final = re.compile(
    r"terms?|acronyms?|abbreviations?|words?|fields?(?:\s+names?)?|variables?(?:\s+names?)?|columns?(?:\s+names?)?"
    r"|data\s+elements?|elements?|names?|labels?|codes?|categor(?:y|ies)|items?|measures?|metrics?|indicators?|symbols?|marks?",
    re.IGNORECASE,
)
_WORDING_HEADER: Final = re.compile(
    r".*\b(?:definitions?|descriptions?|meanings?|explanations?|stands\s+for|defined)\b.*", re.IGNORECASE
)
_GLOSSARY_TITLE: Final = re.compile(
    r"glossar|definition|dictionar|legend\b|acronym|abbreviation|key\s+terms|codebook", re.IGNORECASE
)
_NOTE: Final = re.compile(
    r"(?:\((?P<round>\*{1,3}|\d{1,2}|[a-z])\)|\[(?P<square>\*{1,3}|\w{1,3})\]|(?P<signs>\*{1,4}|[†‡§]{1,3})"
    r"|(?P<raised>[¹²³⁴-⁹]{1,2}))\s*(?P<wording>[A-Za-z“\"(].*)",
    re.DOTALL,
)
_MARKED: Final = re.compile(
    r"(?P<label>[^*†‡§\[\]]*?(?P<word>[\w%)’'-]+))\s?(?:\[(?P<square>\*{1,3}|\w{1,3})\]|(?P<signs>\*{1,4}|[†‡§]{1,3})"
    r"|(?P<raised>[¹²³⁴-⁹]{1,2}))(?P<rest>.*)",
    re.DOTALL,
)
_MARK_SIGNS: Final = re.compile(r"[*†‡§\[¹²³⁴-⁹]")
_PASSING_PARTS: Final = re.compile(
    r"\b(?:fy|fiscal\s+year(?:\s*\(fy\))?)\s*'?\d{2,4}(?:\s+(?:through|thru)\s+\w+)?|\bytd\b|\bas\s+of\b.*|\b(?:19|20)\d\d\b"
    r"|\bq(?:uarter\s+)?[1-4]\b|\d{1,2}/\d{1,2}/\d{2,4}",
    re.IGNORECASE,
)
_EMPTY_WORDS: Final = frozenset({"data", "table", "report", "statistics", "figures", "total"})
_NOTES: Final = ("note", "paragraph", "item")
"""Kinds of blocks that a mark makes a footnote, wherever they stand."""

_SUPERSCRIPTS: Final = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_FEWEST_ROWS: Final = 3
_TEXT_SHARE: Final = 0.8
_FEWEST_WORDS: Final = 2
_LABELS_MOST: Final = 5
"""A mark that more labels bear explains the table, not each of them."""


class _Marked(NamedTuple):
    """A label that bears a footnote mark."""

    term: str
    where: Where


def define_by_tables(tables: Sequence[Table]) -> Iterator[Definition]:
    """Rows of glossaries: tables of a column of terms and one of wordings.

    A term that stands beside several wordings is the title of a group of notes: a note that names its own
    term is told under that.
    """
    for table in tables:
        columns = _glossary_columns(table)
        if columns is None:
            continue
        term_at, wording_at = columns
        times = Counter(table.label_at(row, term_at).strip() for row in range(len(table.rows)))
        where = Where(
            sheet=table.sheet, page=table.page, table=table.name or None, section=" / ".join(table.section) or None
        )
        for row in range(len(table.rows)):
            term, wording = table.label_at(row, term_at).strip(), table.text_at(row, wording_at).strip()
            if not term or len(wording.split()) < _FEWEST_WORDS or wording.endswith(":") or is_passing(wording):
                continue
            if times[term] == 1:
                yield Definition(term.rstrip(" :"), wording, where)
            else:
                yield from _define_by_group(term, wording, where)


def _define_by_group(title: str, note: str, where: Where) -> Iterator[Definition]:
    """A note that stands in a group of notes under one title."""
    named = [
        definition
        for unit in units_of(note)
        for definition in define_by_entries(unit, where, defining=True, is_note=True)
        or define_by_verbs(unit, where, weak=True)
    ]
    yield from named
    told = " ".join(definition.wording for definition in named)
    rest = [
        part for unit in units_of(note) for part in _leads(unit) if part not in told and not part.endswith(":")
    ]
    if rest and not is_passing(" ".join(rest)):
        yield Definition(_lasting(title) or title, " ".join(rest), where)


def _leads(unit: str) -> list[str]:
    """The sentences of a line up to the first "Term: …" entry inside it."""
    sentences = split_sentences(unit)
    entry = next((index for index, part in enumerate(sentences) if ENTRY_BEGINS.match(part)), len(sentences))
    return sentences[: entry or len(sentences)]


def _glossary_columns(table: Table) -> tuple[int, int] | None:
    """The columns of terms and of wordings, None where a table is no glossary."""
    names = [column.path[-1] if column.path else column.name for column in table.columns]
    wordings = [index for index, name in enumerate(names) if _WORDING_HEADER.fullmatch(name.strip())]
    terms = [index for index, name in enumerate(names) if _TERM_HEADER.fullmatch(name.strip(" :"))]
    if wordings and terms and terms[0] != wordings[0]:
        return terms[0], wordings[0]
    if wordings and wordings[0] > 0 and len(names) <= 4 and _is_text(table, wordings[0]):
        return 0, wordings[0]
    titles = " ".join((table.name, *table.section))
    if (
        len(names) == 2
        and len(table.rows) >= _FEWEST_ROWS
        and _GLOSSARY_TITLE.search(titles)
        and _is_text(table, 1)
    ):
        return 0, 1
    return None


def _is_text(table: Table, column: int) -> bool:
    """Whether a column holds sentences, not figures or names."""
    cells = [row[column] for row in table.rows if row[column] is not None]
    texts = [cell for cell in cells if isinstance(cell, str) and len(cell.split()) >= _FEWEST_WORDS]
    return len(cells) > 0 and len(texts) >= _TEXT_SHARE * len(cells)


def define_by_marks(blocks: Sequence[Block], tables: Sequence[Table]) -> Iterator[Definition]:
    """Footnotes that begin with a mark ("*", "[1]"), tied to the columns, rows or titles that bear it."""
    notes = [(block, match) for block in blocks if block.kind in _NOTES and (match := _NOTE.match(block.text))]
    if not notes:
        return
    marked = _marked_labels(tables)
    for block, match in notes:
        wording = match["wording"].strip()
        if is_passing(wording):
            continue
        place = (block.sheet, block.page)
        labels = marked.get((*place, _mark(match)), [])
        if 0 < len(labels) <= _LABELS_MOST:
            yield from (Definition(label.term, wording, label.where) for label in labels)
            continue
        yield from (
            Definition(_lasting(table.name), wording, Where(sheet=table.sheet, page=table.page, table=table.name))
            for table in tables
            if (table.sheet, table.page) == place
            and block.text in table.notes
            and _lasting(table.name).lower() not in ("", *_EMPTY_WORDS)
        )


def _marked_labels(tables: Sequence[Table]) -> dict[tuple[str | None, int | None, str], list[_Marked]]:
    """Labels that bear a mark, by sheet, page and mark; each label once."""
    found: dict[tuple[str | None, int | None, str], dict[str, _Marked]] = defaultdict(dict)
    for table in tables:
        for label, where in _labels_of(table):
            match = _MARKED.fullmatch(label) if _MARK_SIGNS.search(label) else None
            if match is None:
                continue
            whole = not match["rest"].strip(" :.,)")
            term = _lasting(match["label"] if whole else match["word"])
            if term and not (term.lower() in _EMPTY_WORDS and where.column is None and where.row is None):
                marks = found[table.sheet, table.page, _mark(match)]
                marks.setdefault(term.casefold(), _Marked(term, where))
    return {key: list(marks.values()) for key, marks in found.items()}


def _labels_of(table: Table) -> Iterator[tuple[str, Where]]:
    place = Where(sheet=table.sheet, page=table.page, table=table.name or None)
    if table.name:
        yield table.name, place
    for column in table.columns:
        for part in dict.fromkeys(column.path):
            yield part, Where(sheet=table.sheet, page=table.page, table=table.name or None, column=column.name)
    for index in table.key or (0,):
        for row in table.rows:
            value = row[index] if index < len(row) else None
            if isinstance(value, str):
                yield value, Where(sheet=table.sheet, page=table.page, table=table.name or None, row=value)


def _mark(match: re.Match[str]) -> str:
    groups = match.groupdict()
    mark = next(part for name in ("round", "square", "signs", "raised") if (part := groups.get(name)))
    return mark.translate(_SUPERSCRIPTS).lower()


def _lasting(label: str) -> str:
    """A label without the dates and periods that differ from release to release."""
    lasting = " ".join(_PASSING_PARTS.sub(" ", label).split()).strip(" :,-–")
    return lasting.removeprefix("and ").removeprefix("to ")
