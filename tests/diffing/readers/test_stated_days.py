"""As-of dates whose year stands elsewhere, or that stand in every row."""

from __future__ import annotations

import datetime as dt

import pytest

from diffing.extract import extract
from state.document import Document, ReadingHints


def read(text: str, name: str) -> Document:
    return extract(text.encode(), media_type="", hints=ReadingHints(file_name=name))


def page(title: str, said: str, days: tuple[str, ...] = ("3 May 2034", "10 May 2034")) -> Document:
    rows = "".join(f"<tr><td>{day}</td><td>{41 + i}</td></tr>" for i, day in enumerate(days))
    table = f"<table><tr><th>Day</th><th>Boats</th></tr>{rows}</table>"
    return read(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{said}</p>{table}</body></html>",
        "a.html",
    )


def day(document: Document) -> str | None:
    return document.as_of.date.isoformat() if document.as_of and document.as_of.date else None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Data as of 12 May", "2034-05-12"),
        ("Data as of May 12", "2034-05-12"),
        ("Figures as at 12th May.", "2034-05-12"),
        ("Stand: 12. Mai", "2034-05-12"),
        ("Datos a fecha de 12 de mayo", "2034-05-12"),
    ],
)
def test_a_day_without_a_year_is_of_the_year_of_the_title(said: str, expected: str) -> None:
    assert day(page("Weekly arrivals 2034", said)) == expected


def test_a_day_without_a_year_is_the_one_next_to_what_the_table_is_about() -> None:
    assert day(page("Weekly arrivals", "Data as of 2 January", ("2034-12-23", "2034-12-30"))) == "2035-01-02"


def test_a_day_whose_year_nothing_says_is_left_out() -> None:
    document = page("Arrivals", "Data as of 12 May", ("Anker", "Brae"))
    assert document.as_of is None
    assert document.dates == ()


def test_a_day_of_an_event_is_no_date_of_the_data() -> None:
    assert day(page("Weekly arrivals 2034", "The berth has been closed since 12 May.")) is None


@pytest.mark.parametrize("header", ["report_date", "As of", "date", "Stichtag", "snapshot date", "Fecha"])
def test_the_day_in_every_row_is_the_day_of_the_data(header: str) -> None:
    document = read(f"{header},berth,boats\n2034-05-12,Anker,41\n2034-05-12,Brae,57\n2034-05-12,Cove,9\n", "a.csv")
    assert document.as_of is not None
    assert (document.as_of.date, document.as_of.where.column) == (dt.date(2034, 5, 12), header)


@pytest.mark.parametrize("header", ["date of birth", "end_date", "opened"])
def test_the_day_of_an_event_in_every_row_is_none(header: str) -> None:
    document = read(f"{header},berth,boats\n2034-05-12,Anker,41\n2034-05-12,Brae,57\n", "a.csv")
    assert document.as_of is None


def test_a_day_in_every_row_that_can_be_read_in_two_ways_says_nothing() -> None:
    document = read("date,berth,boats\n03/04/2034,Anker,41\n03/04/2034,Brae,57\n", "a.csv")
    assert day(document) in (None, "2034-03-04")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Stand: 08.01.2034", "2034-01-08"),
        ("Dati aggiornati al 08/01/2034", "2034-01-08"),
        ("Datos a fecha de 08/01/2034", "2034-01-08"),
        ("Données arrêtées au 08/01/2034", "2034-01-08"),
        ("Data as of 08/01/2034", "2034-08-01"),
        ("Data as of 8.1.2034", "2034-08-01"),
    ],
)
def test_the_words_before_a_date_say_what_stands_first(line: str, expected: str) -> None:
    document = read(f"A;B\nAnker;41\nBrae;57\n{line}\n", "a.csv")
    assert day(document) == expected
