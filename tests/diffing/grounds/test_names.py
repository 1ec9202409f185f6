import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffing.grounds.names import same_name, same_row


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Tampa PD", "Tampa Police Department"),
        ("Gulf County BOCC", "Gulf County Board of County Commissioners"),
        ("Co. Jail", "County Jail"),
        ("ANNEX - FOLKSTON IPC", "FOLKSTON ANNEX IPC"),
        ("Macro Island Police Department", "Marco Island Police Department"),
        ("BERRIAN COUNTY SHERIFF'S OFFIC", "Berrien County Sheriff's Office"),
    ],
)
def test_one_name_in_other_words(before, after):
    assert same_name(before, after)
    assert same_name(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lake County Jail", "Polk County Jail"),
        ("Clay County Sheriff's Office", "Clark County Sheriff's Office"),
        ("Level 1", "Level 2"),
        ("Criminal record", "Convicted criminal"),
        ("Housing Unit 12", "Housing Unit 21"),
    ],
)
def test_two_names(before, after):
    assert not same_name(before, after)


def test_keys_of_several_parts():
    assert same_row(
        "VIRGINIA / Department of Corrections", "VIRGINIA / Virginia Department of Corrections", context=False
    )
    moved = (
        "MONTANA / Cass County Sheriff's Office / Task Force",
        "MINNESOTA / Cass County Sheriff's Office / Task Force",
    )
    assert same_row(*moved, context=True), "a state put right, the date beside it the same"
    assert not same_row(*moved, context=False)
    assert not same_row("A / Boston / GPS", "A / Detroit / TR", context=True)


@given(st.text(max_size=40))
def test_every_name_is_itself(name):
    assert same_name(name, name)
