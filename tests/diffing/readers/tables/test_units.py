import pytest

from diffing.readers.tables.units import unit_of


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Removals (thousands)", "thousands"),
        ("Removals, '000", "thousands"),
        ("Fälle (in Tausend)", "thousands"),
        ("Población (miles)", "thousands"),
        ("Effectifs en milliers", "thousands"),
        ("Cost, $ millions", "millions"),
        ("Kosten (Mio. €)", "millions"),
        ("Rate per 100,000", "per 100,000"),
        ("Share, %", "per cent"),
        ("Odsetek (procent)", "per cent"),
        ("Miles travelled", ""),
        ("Removals", ""),
        ("Population 2000", ""),
    ],
)
def test_the_unit_that_a_header_names(header, unit):
    assert unit_of((header,)) == unit


def test_the_cell_nearest_to_the_figures_comes_first():
    assert unit_of(("Cost (millions)", "Share, %")) == "per cent"
    assert unit_of(("Cost (millions)", "2025")) == "millions"
