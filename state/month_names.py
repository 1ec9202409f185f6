"""Names of months in one table a language: what documents state and what files are called by."""

from __future__ import annotations

from typing import Final

ENGLISH: Final = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "jan feb mar apr may june july aug sept oct nov dec",
)
ABROAD: Final = {
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "ene feb mar abr may jun jul ago sept oct nov dic",
        "ene feb mar abr may jun jul ago set oct nov dic",
    ),
    "fr": (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    ),
    "de": (
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jan feb mär apr mai jun jul aug sept okt nov dez",
        "jänner feber maerz april mai juni juli august september oktober november dezember",
    ),
    "it": (
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "gen feb mar apr mag giu lug ago sett ott nov dic",
    ),
    "pt": (
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr mai jun jul ago set out nov dez",
    ),
    "nl": (
        "januari februari maart april mei juni juli augustus september oktober november december",
        "jan feb mrt apr mei jun jul aug sept okt nov dec",
    ),
    "pl": (
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    ),
    "sv": ("januari februari mars april maj juni juli augusti september oktober november december",),
    "da": ("januar februar marts april maj juni juli august september oktober november december",),
    "sl": (
        "januar februar marec april maj junij julij avgust september oktober november december",
        "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    ),
    "cs": (
        "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
        "ledna února března dubna května června července srpna září října listopadu prosince",
    ),
}
"""Months in full, as they stand beside a day, and in short. Czech "listopad" is November, Polish as well."""


def _numbered(rows: tuple[str, ...]) -> dict[str, int]:
    return {name: number for row in rows for number, name in enumerate(row.split(), start=1)}


MONTH_NUMBERS: Final = {name: n for rows in ABROAD.values() for name, n in _numbered(rows).items()} | _numbered(
    ENGLISH
)
"""The number of each month by its name, in lower case without a point."""

ENGLISH_MONTHS: Final = _numbered(ENGLISH)
"""Those of English alone."""
