"""One name in two spellings, or two names."""

import pytest

from diffing.comparing.alignment.likeness import bare_label, dice, label_likeness, respelt, words_of


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Adams Co. Jail", "Adams County Jail"),
        ("CENTER3", "Center"),
        ("South Texas Family Residential Center1", "South Texas Family Residential Center"),
        ("Macro Island Police", "Marco Island Police"),
        ("Panama City Police Dept.", "Panama City Police Department"),
        ("Otay\nMesa", "Otay Mesa"),
        ("Mc Allen Jail", "McAllen Jail"),
        ("Berrian County Sheriff's Offic", "Berrian County Sheriff's Office"),
        ("City of Melbourne Police Department", "Melbourne Police Department"),
        ("Folkston Center(D. Ray James)", "Folkston Center (D. Ray James)"),
        ("Gulfport PD", "Gulfport Police Department"),
        ("Pasco County BOCC", "Pasco County Board of County Commissioners"),
        ("Reinstatment of Order", "Reinstatement of Order"),
        ("Annex - Folkston IPC", "Folkston Annex IPC"),
        ("Department of Corrections", "The Department of Corrections"),
    ],
)
def test_one_name(before, after):
    assert respelt(before, after)
    assert respelt(after, before)
    assert label_likeness(before, after) == 1.0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Level 1", "Level 2"),
        ("Level1", "Level2"),
        ("Male", "Female"),
        ("FY2022", "FY2023"),
        ("Camden Police", "Hamden Police"),
        ("Webb County", "Bexar County"),
        ("Convicted Criminal", "Pending Criminal Charges"),
        ("Criminal", "Non-Criminal"),
        ("Oct22", "Oct23"),
        ("", "Total"),
        ("With final order", "Without final order"),
        ("Alien", "Noncitizen"),
    ],
)
def test_two_names(before, after):
    assert not respelt(before, after)
    assert not respelt(after, before)
    assert label_likeness(before, after) < 1.0


def test_words_keep_signs_that_carry_meaning():
    assert words_of("≥ 5 %") != words_of("≤ 5 %")
    assert words_of("$5.00") == ("$", "5.00")
    assert words_of("U.S. “residents”, don’t") == ("us", "residents", "dont")


def test_bare_label_drops_glued_notes():
    assert bare_label("Residential Center1*") == bare_label("RESIDENTIAL  CENTER")


def test_dice():
    assert dice("aab", "abb") == pytest.approx(4 / 6)
    assert dice("", "") == 1.0
    assert dice("a", "") == 0.0
