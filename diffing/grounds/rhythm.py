"""How often or how fast a text promises something: "every two weeks", "within 90 days", "quarterly"."""

from __future__ import annotations

import re
from typing import NamedTuple

from diffing.values import normalise

_UP_TO_TWENTY = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_ONES = {word: number for number, word in enumerate(_UP_TO_TWENTY.split()[:9], start=1)}
NUMBER_WORDS = (
    {word: number for number, word in enumerate(_UP_TO_TWENTY.split(), start=1)}
    | _TENS
    | {f"{ten}-{one}": tens + ones for ten, tens in _TENS.items() for one, ones in _ONES.items()}
)
"""Numbers up to ninety-nine as they are written out."""

_WRITTEN = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_UNITS = {
    "hour": 1 / 24,
    "business day": 7 / 5,
    "working day": 7 / 5,
    "calendar day": 1.0,
    "day": 1.0,
    "week": 7.0,
    "month": 365 / 12,
    "quarter": 365 / 4,
    "year": 365.0,
}
_NAMED = {
    "daily": 1.0,
    "weekly": 7.0,
    "biweekly": 14.0,
    "bi-weekly": 14.0,
    "fortnightly": 14.0,
    "monthly": 365 / 12,
    "quarterly": 365 / 4,
    "semiannually": 365 / 2,
    "semi-annually": 365 / 2,
    "annually": 365.0,
    "yearly": 365.0,
}
_ABROAD = {
    1.0: "diariamente|cada día|todos los días|quotidiennement|chaque jour|tous les jours|täglich|jeden tag"
    "|giornalmente|quotidianamente|ogni giorno|todos os dias|dagelijks|elke dag|codziennie|co dzień|dagligen",
    7.0: "semanalmente|cada semana|todas las semanas|hebdomadairement|chaque semaine|toutes les semaines"
    "|wöchentlich|jede woche|settimanalmente|ogni settimana|todas as semanas|wekelijks|elke week|iedere week"
    "|co tydzień|tygodniowo|varje vecka",
    14.0: "quincenalmente|cada quince días|cada dos semanas|toutes les deux semaines|alle zwei wochen"
    "|ogni due settimane|a cada duas semanas|quinzenalmente|om de twee weken|co dwa tygodnie",
    365 / 12: "mensualmente|cada mes|todos los meses|mensuellement|chaque mois|tous les mois|monatlich|jeden monat"
    "|mensilmente|ogni mese|mensalmente|todos os meses|maandelijks|elke maand|iedere maand|co miesiąc|miesięcznie"
    "|varje månad",
    365
    / 4: "trimestralmente|cada trimestre|chaque trimestre|tous les trimestres|trimestriellement|vierteljährlich"
    "|jedes quartal|trimestralmente|ogni trimestre|driemaandelijks|elk kwartaal|co kwartał|kwartalnie",
    365.0: "anualmente|cada año|todos los años|annuellement|chaque année|tous les ans|jährlich|jedes jahr"
    "|annualmente|ogni anno|todos os anos|jaarlijks|elk jaar|co rok|rocznie|varje år",
}
_NAMED |= {words: days for days, all_words in _ABROAD.items() for words in all_words.split("|")}
_SPAN = re.compile(
    rf"\b(?:within|every|each|no later than|not later than|at least every|once (?:a|an|every|each))"
    rf"(?: (?P<number>\d{{1,3}}|other|{_WRITTEN}))?(?: \(\d{{1,3}}\))?"
    rf" (?P<unit>{'|'.join(_UNITS)})s?\b|\b(?P<named>{'|'.join(_NAMED)})\b"
)
_PUBLISHING_ABROAD = (
    r"publica(?:r|n|do|da|dos|das|rá|rán|m|rão)?|actualiza(?:r|n|do|da|dos|das|rá|rán)?|informa(?:rá|rán|n)?"
    r"|publie(?:nt|r|ra|ront)?|publiée?s?|mise?s? à jour|veröffentlich(?:t|en)|aktualisier(?:t|en)"
    r"|pubblica(?:re|no|t[oaie]|rà)?|aggiorna(?:t[oaie]|no|re)?|atualiza(?:do|da|dos|das|r|rá|m)?"
    r"|publice(?:ert|ren)|gepubliceerd|bijgewerkt|publikuj(?:e|ą)|publikowan[aey]|opublikuje|aktualizowan[aey]"
)
_SAYS = re.compile(
    r"\b(?:is|are|was|were|be|been|will|shall|must|should|can|may|we|they|it|publishes|posts|releases|updates"
    r"|reports|provides|issues|published|posted|released|updated|reported|provided|issued|inspects|reviews"
    r"|conducts|holds|meets|receives?|son|será|serán|est|sont|sera|seront|ist|sind|wird|werden|sono|viene|vengono|são"
    rf"|serão|wordt|worden|zijn|są|jest|będzie|będą|{_PUBLISHING_ABROAD})\b(?! of\b)"
)
"""A sentence that says something has a verb; the name of a page or a file has none."""

_PUBLISHING = re.compile(
    r"\b(?:publish(?:es|ed)?|posts?|posted|releases?|released|updates?|updated|reports?|reported|provides?|provided"
    r"|made (?:publicly )?available|issues?|issued"
    rf"|{_PUBLISHING_ABROAD})\b"
)


class Rhythm(NamedTuple):
    """A stretch of time that a text promises to keep, in days, with its words."""

    words: str
    days: float


def rhythm_of(text: str) -> Rhythm | None:
    """The first deadline or frequency that ``text`` names; None where it names none.

    >>> rhythm_of("Statistics are published every two weeks.")
    Rhythm(words='every two weeks', days=14.0)
    """
    found = _SPAN.search(normalise(text))
    if found is None:
        return None
    if found["named"]:
        if not _SAYS.search(normalise(text)):
            return None  # the name of something: "Arrivals, weekly data"
        return Rhythm(found.group(0), _NAMED[found["named"]])
    written = found["number"] or "1"
    number = 2 if written == "other" else NUMBER_WORDS.get(written) or int(written)
    return Rhythm(found.group(0), number * _UNITS[found["unit"]])


def publishing_of(text: str) -> re.Match[str] | None:
    """The verb by which ``text`` promises to publish at a rhythm; None where it promises no such thing."""
    plain = normalise(text)
    return _PUBLISHING.search(plain) if rhythm_of(text) and _SAYS.search(plain) else None
