from __future__ import annotations

import random

import pytest

from diffing.readers.statements.definitions import find_definitions
from state.document import Block, Column, Table


def block(text: str, *, kind: str = "paragraph", heading: tuple[str, ...] = (), sheet: str | None = None) -> Block:
    return Block(text, heading, sheet=sheet, kind=kind)


def table(name: str, header: list[str], rows: list[list[str]], *, notes: tuple[str, ...] = ()) -> Table:
    return Table(
        name=name,
        columns=tuple(Column(text, (text,)) for text in header),
        rows=tuple(tuple(row) for row in rows),
        row_keys=tuple(row[0] for row in rows),
        key=(0,),
        notes=notes,
    )


def told(*blocks: Block, tables: tuple[Table, ...] = ()) -> list[tuple[str, str]]:
    return [(each.term, each.wording) for each in find_definitions(blocks=blocks, tables=tables)]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("“Credible fear” means a significant possibility of eligibility for asylum.", "Credible fear"),
        ("An ICE Final Release is defined as a final bookout for one of these reasons.", "ICE Final Release"),
        ("For purposes of this agreement, the term “detainer” means a request to hold a person.", "detainer"),
        ("ADP refers to the average number of people held each day.", "ADP"),
        (
            "A qualified interpreter, which may include staff, means one who interprets well.",
            "qualified interpreter",
        ),
        ("ALOS stands for average length of stay.", "ALOS"),
    ],
)
def test_defining_verbs_in_prose(text: str, term: str) -> None:
    assert told(block(text)) == [(term, text)]


@pytest.mark.parametrize(
    "text",
    [
        "This means that figures will be revised later in the year.",
        "The letter refers to a meeting held in June.",
        "Relief is the suspension by means of a notice in the Federal Register.",
        "The decision means that localities may not opt out.",
        "The report includes a table of removals by country.",
        "SAN DIEGO — An investigation led by agents resulted in two pleas.",
        "Email: outreach@agency.example is read on weekdays only.",
        "Note: The figures are subject to change without notice.",
        "Area Coverage: State of North Carolina and the western part of Virginia",
        "Maricopa County, Arizona: decreased by 40 percent (1,731 individuals)",
        "Ready to help? Visit: the page of the office near you.",
        "ICE published the statistics, and that means trouble for everyone involved.",
    ],
)
def test_prose_is_no_definition(text: str) -> None:
    assert told(block(text)) == []
    if not text.startswith("Area"):
        assert told(block(text, kind="item")) == []


def test_numbered_levels_are_definitions_wherever_they_stand() -> None:
    levels = [
        block(
            "Level 1 offenders: aliens convicted of aggravated felonies, or of two or more felonies;", kind="item"
        ),
        block("Level 2 – aliens convicted of any felony or of three or more misdemeanors; and", kind="item"),
    ]
    assert [term for term, _ in told(*levels)] == ["Level 1 offenders", "Level 2"]


def test_entries_count_under_a_heading_that_announces_them() -> None:
    entry = "IGSA (Intergovernmental Service Agreement): A publicly-owned facility operated by a county."
    assert told(block(entry)) == []
    assert told(block(entry, heading=("Glossary",))) == [
        ("IGSA (Intergovernmental Service Agreement)", "A publicly-owned facility operated by a county.")
    ]
    assert told(
        block("The categories are defined as follows:"), block("Criminal: convicted of a crime", kind="item")
    )
    assert not told(block("Examples are the following:"), block("Dallas: held in a county jail", kind="item"))


def test_several_entries_in_one_note() -> None:
    text = (
        "ICE defines criminality in the following manner: Convicted Criminal: Violators with a conviction. "
        "Pending Criminal Charges: Violators with pending charges on record."
    )
    assert told(block(text, kind="note")) == [
        ("Convicted Criminal", "Violators with a conviction."),
        ("Pending Criminal Charges", "Violators with pending charges on record."),
    ]
    assert told(block(text.replace(": C", ":\nC").replace(". P", ".\nP"), kind="note")) == told(
        block(text, kind="note")
    )


def test_notes_may_use_weaker_words_and_go_on() -> None:
    text = "ICE Removal Data include returns. Returns include voluntary departures. Expulsions are left out."
    assert told(block(text, kind="note")) == [
        ("ICE Removal Data", "ICE Removal Data include returns."),
        ("Returns", "Returns include voluntary departures. Expulsions are left out."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "*Data represents 281 unique detainees, some with several placements.",
        "FY2023 ICE Removals data are updated through 05/06/2023 (run date 05/08/2023).",
        "Source: the agency's own system of record.",
        "All stats are pulled based on Current Program.",
    ],
)
def test_notes_that_differ_in_every_release_are_no_definitions(text: str) -> None:
    assert told(block(text, kind="note")) == []


def test_definition_lists() -> None:
    listed = [
        block("Credible fear\nA significant possibility of eligibility for asylum", kind="definition"),
        block("Phone\n555 0100", kind="definition"),
    ]
    assert told(*listed) == [("Credible fear", "A significant possibility of eligibility for asylum")]


def test_glossary_tables_by_header_and_by_title() -> None:
    rows = [["ADP", "Average daily population"], ["GPS", "Global positioning system"], ["ICE", "An agency of DHS"]]
    expected = [(term, wording) for term, wording in rows]
    assert told(tables=(table("", ["Acronym", "Meaning"], rows),)) == expected
    assert told(tables=(table("Glossary", ["A", "B"], rows),)) == expected
    assert told(tables=(table("Facilities", ["Name", "City"], rows),)) == []


def test_a_group_of_notes_in_a_glossary_names_its_own_terms() -> None:
    rows = [
        ["FY2023 Removals", "FY2023 data are updated through 05/06/2023 (run date 05/08/2023)."],
        ["FY2023 Removals", "Returns include voluntary departures."],
        ["FY2023 Removals", "A person may be removed more than once in a year."],
    ]
    assert told(tables=(table("Footnotes", ["Term", "Definition"], rows),)) == [
        ("Returns", "Returns include voluntary departures."),
        ("Removals", "A person may be removed more than once in a year."),
    ]


def test_footnotes_are_tied_to_what_bears_their_mark() -> None:
    marked = table("Hearings", ["Office", "Total*", "Final [1]"], [["Boston**", "1", "2"]])
    notes = [
        block("*Only participants with court tracking assigned", kind="note"),
        block("[1] Hearings in which an order was issued", kind="note"),
        block("** The office was opened in March and merged later", kind="note"),
    ]
    definitions = find_definitions(blocks=notes, tables=(marked,))
    assert [(each.term, each.where.column, each.where.row) for each in definitions] == [
        ("Total", "Total*", None),
        ("Final", "Final [1]", None),
        ("Boston", None, "Boston**"),
    ]
    assert definitions[0].wording == "Only participants with court tracking assigned"


def test_a_marked_title_names_the_word_and_forgets_its_dates() -> None:
    titled = table("Transgender* Population FY 2023 YTD: as of 5/22/2023", ["Office", "Count"], [["Boston", "1"]])
    note = block("* Based on self-identification and subject to change", kind="note")
    assert told(note, tables=(titled,)) == [("Transgender", "Based on self-identification and subject to change")]
    through = table("FY23 through March Hearings*", ["Office", "Count"], [["Boston", "1"]])
    assert told(note, tables=(through,))[0][0] == "Hearings"


def test_the_same_words_are_told_once_and_order_changes_nothing() -> None:
    blocks = [
        block("Returns include voluntary departures.", kind="note"),
        block("“Detainer” means a request to hold a person."),
        block("Level 1 offenders: aliens convicted of aggravated felonies"),
        block("Returns include voluntary departures.", kind="note"),
        block("ADP refers to the average number of people held each day."),
    ]
    expected = set(told(*blocks))
    assert len(told(*blocks)) == len(expected) == 4
    for seed in range(10):
        shuffled = blocks[:]
        random.Random(seed).shuffle(shuffled)
        assert set(told(*shuffled)) == expected
