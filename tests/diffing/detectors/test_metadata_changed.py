from diffing.detectors.news.metadata_changed import detect
from tests.diffing.pages import edited, page
from tests.diffing.rounds import only


def test_a_file_that_was_only_saved_again():
    before = page("Text.", metadata={"producer": "A", "modified": "2024-01-01"})
    after = page("Text.", metadata={"producer": "B", "modified": "2024-02-02"})
    assert [item.text for item in only(detect(edited(before, after))).items] == ["modified", "producer"]


def test_what_every_saving_changes_is_left_out_beside_an_edit():
    before = page("Visitors are welcome.", metadata={"modified": "2024-01-01", "og:title": "A"})
    after = page("Visitors are not welcome.", metadata={"modified": "2024-02-02", "og:title": "B"})
    assert not list(detect(edited(before, after)))
