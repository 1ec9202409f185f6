import pytest

from diffing.detectors.provenance.date_restamped import detect
from state.document import DateRole
from tests.diffing.pages import dated, edited, page
from tests.diffing.rounds import only

TEXT = "Visitors are admitted on all days."


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        (DateRole.LAST_UPDATED, None),
        (DateRole.PUBLISHED, None),
        (DateRole.AS_OF, "medium"),
        (DateRole.DATA_THROUGH, "medium"),
    ],
)
def test_a_date_that_moved_over_the_same_content(role, severity):
    before, after = page(TEXT, dates=[dated(role, 2024, 3, 3)]), page(TEXT, dates=[dated(role, 2024, 4, 7)])
    draft = only(detect(edited(before, after)))
    assert (draft.before, draft.after, draft.severity) == ("2024-03-03", "2024-04-07", severity)


def test_the_weightiest_date_is_told():
    before = page(TEXT, dates=[dated(DateRole.LAST_UPDATED, 2024, 3, 3), dated(DateRole.AS_OF, 2024, 3, 1)])
    after = page(TEXT, dates=[dated(DateRole.LAST_UPDATED, 2024, 4, 7), dated(DateRole.AS_OF, 2024, 4, 1)])
    assert "as-of date" in only(detect(edited(before, after))).title


def test_a_date_that_moved_with_the_content():
    before = page(TEXT, dates=[dated(DateRole.LAST_UPDATED, 2024, 3, 3)])
    after = page("Visitors are not admitted.", dates=[dated(DateRole.LAST_UPDATED, 2024, 4, 7)])
    assert not list(detect(edited(before, after)))
