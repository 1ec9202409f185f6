"""What a date is the date of, by the words around it: the data, the end of the data, an update, a publication."""

from __future__ import annotations

import re
from typing import Final

from diffing.readers.statements.date_words import CUES_ABROAD, DATA_ABROAD, PERHAPS_ABROAD, ROLES_ABROAD
from state.document import DateRole

_CUES: Final = (
    "record", "cover", "through", "thru", "until", "updat", "review", "modif", "revis", "publish", "post",
    "releas", "issue", "run", "quer", "extract", "pulled", "generat", "receiv", "retriev", "snapshot", "current",
    "source", "data from", "period", "ended", "ending", "prepared", "effective data", "up to", "correct",
    "data to", "24 hour", "24-hour", *CUES_ABROAD, " al ", "al ", " au ", "au ", " zum ", "all'", "all’", " em ",
    " per ", " op ",
)  # fmt: skip
_AS_OF: Final = re.compile(r"as\s*(?:of|at)")
"""One of these is in every statement of a date, in lower case."""

_FILLER: Final = (
    r"(?:\s|:|=|\(|\d\d?:\d\d(?:\s*(?:to|-|–)\s*\d\d?:\d\d)?"
    r"|\b(?:date|time|on|at|of|was|were|is|the|dated|close of business|midnight|[ap]\.?m|noon)\b)*$"
)
_ROLES: Final = tuple(
    (role, re.compile(pattern + _FILLER, re.IGNORECASE))
    for role, pattern in (
        (
            DateRole.RUN,
            r"\b(?:run|quer(?:y|ied)|extract(?:ed|ion)?|pulled|generated|received|retrieved|downloaded|compiled"
            r"|prepared)\b",
        ),
        (
            DateRole.AS_OF,
            r"\b(?:as\s*of|as\s+at|snapshot(?:\s+(?:from|taken))?|current(?:\s+to)?|asof|correct\s+(?:at|to|on)"
            r"|data\s+(?:below\s+)?(?:is|are)\s+for\s+the\s+24[ -]hours?(?:\s+period)?)\b",
        ),
        (
            DateRole.DATA_THROUGH,
            r"\b(?:through|thru|up\s+to(?:\s+and\s+including)?|until|data\s+(?:ends?|ending|to)"
            r"|weekly\b[^.;]{0,60}\b(?:to|ending))\b",
        ),
        (DateRole.PERIOD, r"\b(?:period|month|quarter|week|year)\s+(?:ended|ending|from)\b"),
        (
            DateRole.LAST_UPDATED,
            r"\b(?:(?:last\s+)?(?:updated?|reviewed|modified|revised|edited)|revision)\b",
        ),
        (
            DateRole.PUBLISHED,
            r"\b(?:published|publication|posted|released?|issued|issue)\b",
        ),
    )
)
_SOURCE: Final = re.compile(r"\W*(?:data\s+)?(?:sources?\b|from\b)", re.IGNORECASE)
_ABOUT_DATA: Final = re.compile(
    r"\b(?:data|statistics|figures|numbers|counts?|snapshot|report(?:s|ed|ing)?|updated|recorded|current|currently"
    r"|complete|population|participants|records?|docket|totals?|information|page|list|published|eid|cumulative"
    r"|activat\w+|fy\s*'?\d+|ytd)\b",
    re.IGNORECASE,
)
_EVENT: Final = re.compile(
    r"\b(?:designated|no longer|houses?|housed|closed|opened|discontinued|terminated|effective|began|ceased"
    r"|started|since|after|before)\b",
    re.IGNORECASE,
)
_PAGE_PART: Final = re.compile(
    r"\b(?:last|page|site|data|report|table|list|statistics|document|file|content|information|originally|first"
    r"|dataset)\b[^.;]*$",
    re.IGNORECASE,
)
LEAD: Final = 120
"""How many characters before a date may say what it is the date of."""

_TITLE_LENGTH: Final = 160
"""Up to this many characters a text without an end of sentence is taken for a title or a label."""


def names_role(text: str) -> bool:
    """Whether any words of ``text`` may say what a date is the date of; most texts need no further look."""
    lowered = text.lower()
    return any(cue in lowered for cue in _CUES) or _AS_OF.search(lowered) is not None


def role_of(text: str, *, start: int, end: int, previous: int, is_full: bool) -> DateRole | None:
    """What a date is the date of, by the words between ``previous`` and ``start``; None where they do not say.

    ``is_full``: it has a day, a month and a year.
    """
    first = max(previous, start - LEAD)
    lead, after = text[first:start], text[end:]
    for role, pattern in _ROLES:
        cue = pattern.search(lead)
        if cue is not None:
            before = text[: first + cue.start()]
            return role if _holds(role, before=before, cue=cue.group(), after=after) else None
    if is_full and not after.strip(" .)*;") and _SOURCE.match(text):
        return DateRole.AS_OF
    return _role_abroad(text, lead, after, first=first)


def speaks_abroad(lead: str) -> bool:
    """Whether the words before a date say in another language than English what it is the date of."""
    if any(pattern.search(lead) is not None for _, pattern in _ROLES):
        return False
    return any(pattern.search(lead) is not None for _, pattern in ROLES_ABROAD)


def leads_only(lead: str) -> bool:
    """Whether words before a date do nothing but say what it is the date of: "Data as of", "Stand:"."""
    bare = _OF_WHAT.sub("", lead.strip()).strip()
    return any((cue := pattern.match(bare)) is not None and cue.end() == len(bare) for _, pattern in _EVERY_ROLE)


_OF_WHAT: Final = re.compile(
    r"(?:(?:all|the|these|alle|die|les|los|i)\s+)?(?:data|figures|numbers|statistics|datos|cifras|données|chiffres|daten"
    r"|zahlen|dati|dados|cijfers|gegevens|dane)\s+(?:(?:are|is|shown|current)\s+)*",
    re.IGNORECASE,
)
_EVERY_ROLE: Final = (*_ROLES, *ROLES_ABROAD)


def _role_abroad(text: str, lead: str, after: str, *, first: int) -> DateRole | None:
    """What a date is the date of by words of other languages than English."""
    for role, pattern in ROLES_ABROAD:
        cue = pattern.search(lead)
        if cue is not None:
            sentence = _SENTENCE_BREAK.split(text[: first + cue.start()])[-1]
            if role is DateRole.AS_OF or not sentence.strip(" (*•-–|") or len(text) <= _TITLE_LENGTH:
                return role
            return role if role is DateRole.DATA_THROUGH and DATA_ABROAD.search(sentence) else None
    cue = PERHAPS_ABROAD.search(lead)
    if cue is None:
        return None
    before = _SENTENCE_BREAK.split(text[: first + cue.start()])[-1]
    if not before.strip(" (*•"):
        return DateRole.AS_OF if after.strip(" .)*:") and _opens(after) else None
    titled = len(text) <= _TITLE_LENGTH and not after.strip(" .)*;")
    return (
        DateRole.AS_OF
        if titled and (DATA_ABROAD.search(before) or cue[0].strip().lower() in _TITLE_CUES)
        else None
    )


_SENTENCE_BREAK: Final = re.compile(r"[.;]\s")
_TITLE_CUES: Final = ("al", "au")
"""Prepositions that stand before no other date at the end of a title."""


def _holds(role: DateRole, *, before: str, cue: str, after: str) -> bool:
    """Whether the statement is about the document or its data, not about an event that it tells."""
    sentence = re.split(r"[.;]\s", before)[-1]
    short = len(before) + len(after) <= _TITLE_LENGTH
    if role is DateRole.AS_OF:
        if _EVENT.search(sentence):
            return False
        opening = not sentence.strip(" (*•")
        return bool(_ABOUT_DATA.search(sentence)) or (short and not opening) or _opens(after)
    if role is DateRole.DATA_THROUGH:
        return bool(_ABOUT_DATA.search(sentence)) or (short and "." not in sentence)
    if role in (DateRole.LAST_UPDATED, DateRole.PUBLISHED):
        labelled = ":" in cue or cue.lower().lstrip().startswith("last")
        return labelled or not sentence.strip(" (*•") or bool(_PAGE_PART.search(sentence))
    return True


def _opens(after: str) -> bool:
    """Whether a sentence that opens with "As of <date>" goes on with a figure, or ends there."""
    rest = after.strip(" .)*:")
    return not rest or bool(re.match(r"[^.;]*?(?<![\w-])\d[\d,]*\b", after))
