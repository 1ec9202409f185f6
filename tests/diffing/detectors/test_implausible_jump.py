import datetime as dt

from diffing.causes import labels_swapped
from diffing.detectors.numbers.implausible_jump import detect
from state.model import Rules
from tests.diffing.tables import document_of, evidence_of, month, table_of, with_periods

OFFICES = ["Ash", "Bex", "Cor", "Dun", "Elk", "Fair"]
BEFORE = [1409, 2210, 3305, 1877, 2954, 4120]


def offices(values, header="Participants", **fields):
    return table_of(["Office", header], *([o, v] for o, v in zip(OFFICES, values, strict=True)), **fields)


def said(before, after, rule=detect, **fields):
    return list(rule(evidence_of(document_of(before), document_of(after), **fields)))


def with_first(value):
    return [value, 2214, 3300, 1890, 2960, 4111]


def test_a_figure_that_left_its_range():
    (draft,) = said(offices(BEFORE), offices(with_first(4400)))
    assert (draft.before, draft.after) == (1409, 4400)
    assert draft.title == "Ash, Participants jumped from 1,409 to 4,400 in “Removals by county”"
    assert "3.1 times" in draft.reason


def test_the_likely_slip_is_named():
    assert "digit may have been doubled" in said(offices(BEFORE), offices(with_first(14094)))[0].reason
    assert "former figure of “Cor”" in said(offices(BEFORE), offices(with_first(3305)))[0].reason


def test_a_whole_column_in_another_unit():
    before = table_of(
        ["Office", "Cost", "Count"], *([o, 1000 * (n + 3), 900000 + n] for n, o in enumerate(OFFICES))
    )
    after = table_of(["Office", "Cost", "Count"], *([o, 3 + n, 900000 + n] for n, o in enumerate(OFFICES)))
    (draft,) = said(before, after)
    assert "the whole column moved by a factor of about 0.001" in draft.reason


def test_small_figures_identifiers_and_averages_are_let_alone():
    assert not said(offices([9, 9, 9, 9, 9, 9]), offices([40, 9, 9, 9, 9, 9]))
    for header in ("Zip", "Facility ID", "Average length of stay"):
        assert not said(offices(BEFORE, header), offices(with_first(9400), header)), header


def test_a_table_refreshed_as_a_whole():
    (draft,) = said(offices(BEFORE), offices([value * 3 for value in BEFORE]))
    assert draft.title.startswith("6 of 6 figures doubled or halved at once")


def test_the_open_month_may_grow():
    def release(values):
        return with_periods(offices(values, "Jan"), None, month(2024, 1))

    sides = (
        document_of(release(BEFORE), as_of=dt.date(2024, 1, 10)),
        document_of(release(with_first(9000)), as_of=dt.date(2024, 1, 31)),
    )
    assert not list(detect(evidence_of(*sides)))


def test_a_figure_that_always_jumps_is_in_its_range():
    older = [document_of(offices(with_first(1500 if k % 2 else 4500))) for k in range(7)]
    assert not said(offices(with_first(4500)), offices(with_first(1500)), older=older)


def test_one_broken_release_makes_no_routine():
    values = [2150, 2160, 2140, 2155, 2151, 2149, 2158, 2152, 2147, 330, 2150]
    older = [document_of(offices(with_first(v))) for v in values]
    assert said(offices(with_first(5385)), offices(with_first(2102)), older=older)


def test_thresholds_can_be_set():
    rules = Rules(tolerances={"implausible-jump.times": 10})
    assert not said(offices(BEFORE), offices(with_first(4400)), rules=rules)


def test_two_rows_that_look_swapped():
    header = ["Technology", "Count", "Cost"]
    before = table_of(header, ["GPS", 4576, 12538], ["Phone", 224300, 215328], ["Voice", 4723, 1016])
    after = table_of(header, ["GPS", 188934, 517679], ["Phone", 34576, 33193], ["Voice", 4801, 1033])
    (draft,) = said(before, after, labels_swapped.find)
    assert draft.title == "“GPS” and “Phone” look swapped in “Removals by county”"
    assert {item.row for item in draft.items} == {"GPS", "Phone"}
    assert len(draft.explains) == 4


def test_a_category_swapped_through_all_its_groups_is_one_finding():
    def release(swap):
        rows = []
        for n, office in enumerate(OFFICES):
            small, large = 120 + n, 7000 + 100 * n
            rows += [
                [f"{office} / GPS", large if swap else small],
                [f"{office} / Phone", small if swap else large],
            ]
        return table_of(["Office", "Count"], *rows)

    (draft,) = said(release(False), release(True), labels_swapped.find)
    assert "“GPS” and “Phone” look swapped" in draft.title
    assert len(draft.items) == 12


def test_two_columns_that_look_swapped():
    rows = [[o, 120 + n, 7000 + 9 * n] for n, o in enumerate(OFFICES)]
    after = [[o, large, small] for o, small, large in rows]
    header = ["Office", "GPS", "Phone"]
    (draft,) = said(table_of(header, *rows), table_of(header, *after), labels_swapped.find)
    assert draft.title.startswith("“GPS” and “Phone” look swapped")


def test_rows_that_grow_side_by_side_are_not_swapped():
    header = ["Technology", "Count"]
    before = table_of(header, ["GPS", 1000], ["Phone", 5000])
    assert not said(before, table_of(header, ["GPS", 2600], ["Phone", 13000]), labels_swapped.find)


def test_a_figure_that_rose_as_its_whole_column_did_has_not_jumped():
    """All rise by 500; only one is large enough to count by itself."""
    figures = [300, 350, 400, 450, 480, 501]
    assert not said(offices(figures), offices([value + 500 for value in figures]))
    assert said(offices(figures), offices([40_000, *(value + 20 for value in figures[1:])]))


def test_a_part_of_the_jump_in_another_table_of_the_sheet_is_told_with_it():
    def release(whole, part):
        sums = table_of(
            ["Technology", "Count"], ["No Technology", whole], *([f"Kind {n}", 5000 + n] for n in range(6)),
            name="By technology", sheet="Programme",
        )  # fmt: skip
        offices = table_of(
            ["Office", "Count"], ["Ash / No Tech", part], *([f"Bex / Kind {n}", 2000 + n] for n in range(6)),
            name="By office and technology", sheet="Programme",
        )  # fmt: skip
        return document_of(sums, offices)

    (draft,) = detect(evidence_of(release(7340, 3222), release(3065, 1)))
    assert draft.title == "No Technology, Count jumped from 7,340 to 3,065 in “By technology”"
    assert [(item.row, item.note) for item in draft.items][1:] == [("Ash / No Tech", "a part of it")]
    assert len(list(detect(evidence_of(release(7340, 3222), release(7340, 1))))) == 1
    assert len(list(detect(evidence_of(release(7340, 1), release(3065, 3222))))) == 2, "another way"
