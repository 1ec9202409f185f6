from diffing.detectors.provenance.file_replaced_in_place import detect
from state.document import DateRole
from tests.diffing.pages import dated, edited, page
from tests.diffing.rounds import only

OLD, NEW = "Visitors are admitted on all days.", "Visitors are admitted on Sundays."
DATED = "https://x.example/stats_2024-03-03.pdf"
RUNNING = "https://x.example/stats.pdf"


def replaced(url, before=OLD, after=NEW, **fields):
    stated = fields.pop("stated", ())
    sides = (page(text, dates=stated, media_type="application/pdf") for text in (before, after))
    return list(detect(edited(*sides, url_before=url, url_after=url, **fields)))


def test_a_file_whose_name_carries_a_date():
    assert "stats_2024-03-03.pdf was replaced" in only(replaced(DATED)).title


def test_a_series_of_dated_releases():
    assert only(replaced(RUNNING, dated=True))


def test_another_file_under_the_same_as_of_date():
    assert (
        "both files speak as of 2024-03-03"
        in only(replaced(RUNNING, stated=[dated(DateRole.AS_OF, 2024, 3, 3)])).reason
    )


def test_a_file_that_is_overwritten_by_its_nature():
    assert not replaced(RUNNING)


def test_the_same_bytes_or_the_same_content_replace_nothing():
    assert not replaced(DATED, sha256_after="0" * 64)
    assert not replaced(DATED, after=OLD)


def test_another_address_is_another_release():
    evidence = edited(
        page(OLD), page(NEW), url_before=DATED, url_after=DATED.replace("03-03", "04-07"), dated=True
    )
    assert not list(detect(evidence))
