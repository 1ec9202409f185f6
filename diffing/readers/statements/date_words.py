"""The words before a date that say what it is the date of, in one table a language."""

from __future__ import annotations

import re
from typing import Final

from state.document import DateRole
from state.month_names import ENGLISH, ENGLISH_MONTHS, MONTH_NUMBERS

_IN_ENGLISH: Final = ENGLISH[1].split()
_SHORTEST: Final = 4
"""Shorter names are words of other languages too, and count only between a day and a year."""


def _alternatives(names: set[str]) -> str:
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_FOREIGN: Final = MONTH_NUMBERS.keys() - ENGLISH_MONTHS.keys()
MONTH_BESIDE_DAY: Final = rf"(?:{_alternatives(set(MONTH_NUMBERS))})\b\.?"
MONTH_BY_ITSELF: Final = rf"(?:{_alternatives({name for name in _FOREIGN if len(name) >= _SHORTEST})})\b"


def month_number(written: str) -> int | None:
    """The month that a date in words names."""
    words = re.findall(r"[^\W\d_]+", written.lower())
    return next((MONTH_NUMBERS[word] for word in words if word in MONTH_NUMBERS), None)


def with_english_months(label: str) -> str:
    """A label in lower case with the months of other languages in English."""
    if not any(word in _FOREIGN for word in re.findall(r"[^\W\d_]+", label)):
        return label
    return re.sub(
        r"[^\W\d_]+",
        lambda match: _IN_ENGLISH[MONTH_NUMBERS[match[0]] - 1] if match[0] in _FOREIGN else match[0],
        re.sub(r"\b(?:de|del|di|d['’])\s+", "", label),
    )


_DATA: Final = {
    "es": r"datos|cifras|estadísticas|información|situación|población|total(?:es)?|casos|registros?|corte|balance",
    "fr": r"données|chiffres|statistiques|effectifs?|population|situation|bilan|point|état|total|nombre|tableau",
    "de": r"daten|zahlen|angaben|statistik|bevölkerung|bestand|fälle|übersicht|stand|tabelle|anzahl",
    "it": r"dati|cifre|statistiche|popolazione|situazione|casi|presenze|presenti|totale|numero|tabella",
    "pt": r"dados|números|estatísticas|população|situação|casos|total|posição|quadro",
    "nl": r"cijfers|gegevens|statistieken|bevolking|aantal(?:len)?|stand|overzicht|totaal",
    "pl": r"dane|liczb[ay]|statystyk[ai]|ludność|stan|zestawienie|ogółem",
    "sv": r"uppgifter|statistik\w*|antal|data|siffror",
    "da": r"data|tal|statistik|antal|opgørelse",
    "sl": r"podatki|stanje|število|pregled",
    "cs": r"data|údaje|počet|stav",
}
DATA_ABROAD: Final = re.compile(rf"\b(?:{'|'.join(_DATA.values())})\b", re.IGNORECASE)
"""What a sentence is about whose date is that of the data."""

_SURE: Final = {
    DateRole.AS_OF: (
        r"a\s+fecha(?:\s+de)?|fecha\s+de\s+corte|corte\s+al?|(?:datos|cifras)\s+(?:actualizad[oa]s\s+)?al?",
        r"à\s+la\s+date\s+du|arrêté[es]*\s+au|(?:situation|données|chiffres|état|bilan|point)\s+(?:\w+\s+)?au",
        r"(?:daten)?stand(?:\s+der\s+daten)?|stichtag|(?:daten|zahlen|angaben)\s+(?:per|zum|vom)",
        r"alla\s+data\s+del|(?:dati|situazione)\s+(?:aggiornat[aeio]\s+)?al",
        r"à\s+data\s+de|(?:dados|posição|situação)\s+(?:atualizad[oa]s\s+)?(?:em|até|de)",
        r"peildatum|stand\s+(?:per|van|op)|(?:cijfers|gegevens)\s+(?:per|op|van)",
        r"(?:według\s+)?stanu?\s+na(?:\s+dzień)?|dane\s+na(?:\s+dzień)?|na\s+dzień",
        r"per\s+den|opgjort\s+(?:pr\.?|den)|na\s+dan|ke\s+dni|k\s+datu",
    ),
    DateRole.DATA_THROUGH: (
        r"hasta|jusqu['’]au|bis\s+(?:einschließlich|einschl\.|zum)|fino\s+al?|até|tot\s+en\s+met|t/m|do\s+dnia",
        r"t\.?\s?o\.?\s?m\.?|till\s+och\s+med|til\s+og\s+med|vključno\s+do",
    ),
    DateRole.LAST_UPDATED: (
        r"(?:última\s+)?(?:actualización|modificación)|actualizad[oa]s?",
        r"mis(?:e)?s?\s+à\s+jour|dernière\s+(?:mise\s+à\s+jour|modification)|actualisée?s?",
        r"(?:zuletzt\s+|letzte\s+)?(?:aktualisiert|aktualisierung|geändert|änderung)",
        r"(?:ultimo\s+)?aggiornament[oi]|(?:ultima\s+)?modifica|aggiornat[aeio]",
        r"(?:última\s+)?(?:atualização|modificação)|atualizad[oa]s?",
        r"(?:laatst\s+)?(?:bijgewerkt|gewijzigd)|laatste\s+(?:wijziging|update)",
        r"(?:ostatnia\s+)?(?:aktualizacja|modyfikacja)|zaktualizowan[aoey]",
        r"(?:senast\s+)?uppdaterad|(?:sidst\s+|senest\s+)?opdateret|(?:zadnja\s+)?(?:posodobitev|sprememba)"
        r"|posodobljeno|aktualizováno",
    ),
    DateRole.PUBLISHED: (
        r"publicad[oa]s?|publicación|publiée?s?|publication|veröffentlicht|veröffentlichung|erschienen|erscheinungsdatum",
        r"pubblicat[aeio]|pubblicazione|publicação|gepubliceerd|publicatiedatum|opublikowan[aoey]|data\s+publikacji",
        r"publicerad|offentliggjort|udgivet|objavljeno|zveřejněno",
    ),
}
_FILLER: Final = (
    r"(?:\s|:|=|\(|,|-|–|\b(?:el|día|dia|fecha|le|la|date|du|am|vom|zum|den|dem|dato|datum|il|del|data|giorno|em|de"
    r"|op|dnia|dzień|dan|r|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b)*$"
)
ROLES_ABROAD: Final = tuple(
    (role, re.compile(rf"(?<![^\W\d_])(?:{'|'.join(patterns)})(?![^\W\d_]){_FILLER}", re.IGNORECASE))
    for role, patterns in _SURE.items()
)
"""Words that surely say what the date behind them is the date of."""

PERHAPS_ABROAD: Final = re.compile(
    r"(?<![^\W\d_])(?:al|au|zum|all['’]|em|per|op)(?:\s+(?:el|día|dia))?\s*$", re.IGNORECASE
)
"""Words that say so at the end of a title about data, and at the head of a sentence that goes on with a figure."""

CUES_ABROAD: Final = (
    "actuali", "fecha", "corte", "datos", "cifras", "hasta", "publica", "modific", "à jour", "arrêté",
    "situation", "donné", "jusqu", "publié", "bilan", "stand", "stichtag", "aktuali", "veröff", "geänd",
    "änder", "erschien", "einschl", "zahlen", "angaben", "aggiorn", "pubblic", "dati ", "situazion", "fino a",
    "atuali", "dados", "até ", "posiç", "peildatum", "bijgewerkt", "gewijzigd", "gepubl", "cijfers",
    "gegevens", "tot en met", "t/m", "stan na", "stanu na", "na dzień", "na dan", "dane ", "opublik", "t.o.m",
    "tom ", "till och med", "uppdat", "opdater", "posodob", "objav",
)  # fmt: skip
"""One of these is in every statement of a date in another language, in lower case, prepositions apart."""
