"""Dates that documents in other languages than English state about themselves."""

import datetime as dt

import pytest

from diffing.readers.statements.dates import find_dates
from diffing.readers.statements.periods import read_period
from state.document import DateRole, Span, Where

DAY = dt.date(2025, 3, 3)


@pytest.mark.parametrize(
    "text",
    [
        "Stand: 3. März 2025",
        "Stand: 03.03.2025",
        "Datenstand 3. 3. 2025",
        "Datos al 3 de marzo de 2025",
        "Cifras a fecha de 3 de marzo de 2025",
        "Detenidos por centro al 3 de marzo de 2025",
        "Al 3 de marzo de 2025 había 41.287 personas detenidas.",
        "Situation au 3 mars 2025",
        "Personnes retenues au 3 mars 2025",
        "Au 3 mars 2025, 1 874 personnes étaient retenues.",
        "Données arrêtées au 3 mars 2025",
        "Dati aggiornati al 3 marzo 2025",
        "Popolazione detenuta al 3 marzo 2025",
        "Dados de 3 de março de 2025",
        "Peildatum: 3 maart 2025",
        "Stan na dzień 3 marca 2025 r.",
        "Liczba osób według stanu na 3 marca 2025 r.",
        "Data as at 3 March 2025",
        "Figures correct at 3 March 2025",
        "The data below is for the 24-hour period 00:00 to 23:59 3 March 2025.",
    ],
)
def test_what_a_reader_takes_for_the_date_of_the_data(text):
    (stated,) = find_dates(text, where=Where())
    assert (stated.date, stated.role) == (DAY, DateRole.AS_OF)


@pytest.mark.parametrize(
    "text",
    [
        "Datos acumulados hasta el 3 de marzo de 2025",
        "Données jusqu'au 3 mars 2025",
        "Zahlen bis einschließlich 3. März 2025",
        "Dati fino al 3 marzo 2025",
        "Cijfers tot en met 3 maart 2025",
        "Uppgifter rapporterade t.o.m. 2025-03-03",
        "Deaths registered up to 3rd March 2025",
        "Weekly deaths - ending 3 March 2025",
    ],
)
def test_up_to_when_data_go(text):
    (stated,) = find_dates(text, where=Where())
    assert (stated.date, stated.role) == (DAY, DateRole.DATA_THROUGH)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Última actualización: 3 de marzo de 2025", DateRole.LAST_UPDATED),
        ("Mise à jour le 3 mars 2025", DateRole.LAST_UPDATED),
        ("Mis à jour : lundi 3 mars 2025", DateRole.LAST_UPDATED),
        ("Zuletzt aktualisiert am 3. März 2025", DateRole.LAST_UPDATED),
        ("Ultimo aggiornamento: 3 marzo 2025", DateRole.LAST_UPDATED),
        ("Atualizado em 3 de março de 2025", DateRole.LAST_UPDATED),
        ("Laatst bijgewerkt op 3 maart 2025", DateRole.LAST_UPDATED),
        ("Ostatnia aktualizacja: 3 marca 2025", DateRole.LAST_UPDATED),
        ("Publié le 3 mars 2025", DateRole.PUBLISHED),
        ("Veröffentlicht am 3. März 2025", DateRole.PUBLISHED),
        ("Opublikowano 3 marca 2025", DateRole.PUBLISHED),
    ],
)
def test_when_a_page_was_updated_or_published(text, role):
    (stated,) = find_dates(text, where=Where())
    assert (stated.date, stated.role) == (DAY, role)


@pytest.mark.parametrize(
    "text",
    [
        "La ley entró en vigor el 3 de marzo de 2025.",
        "Le centre a ouvert ses portes au public le 3 mars 2025.",
        "Das Lager wurde am 3. März 2025 geschlossen.",
        "Il centro ha aperto il 3 marzo 2025.",
        "A reunião foi em 3 de março de 2025.",
    ],
)
def test_events_date_nothing(text):
    assert find_dates(text, where=Where()) == []


@pytest.mark.parametrize(
    "label", ["März 2025", "marzo de 2025", "mars 2025", "março 2025", "maart 2025", "marzec 2025"]
)
def test_months_that_head_columns(label):
    period = read_period(label, fiscal_year=None)
    assert period is not None
    assert (period.span, period.start) == (Span.MONTH, dt.date(2025, 3, 1))


@pytest.mark.parametrize("label", ["3 March 2025", "3. März 2025", "3 de marzo de 2025", "3rd March 2025"])
def test_days_that_label_rows(label):
    period = read_period(label, fiscal_year=None)
    assert period is not None
    assert (period.span, period.start) == (Span.DAY, DAY)
