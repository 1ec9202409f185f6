import datetime as dt
import pickle

from hypothesis import given
from hypothesis import strategies as st

from diffing.extract_history import CELLS_KEPT, content_digest, facts_of
from diffing.grounds.fingerprint import table_fingerprint
from diffing.identity import table_key
from state.series_history import RELEASES_KEPT, PastReleases
from tests.diffing.tables import compared, document_of, history_of, month, table_of, with_periods

HEADER = ["County", "Oct", "Nov"]
TABLE = table_of(HEADER, ["Ash", 5, 7], ["Bex", 4, 8])


def facts(document, *, comparison=None, history=None):
    return facts_of(
        document,
        release="1",
        at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        sha256="0" * 64,
        url="https://publisher.example/a.csv",
        comparison=comparison,
        history=history or PastReleases(),
    )


@given(st.permutations(range(5)), st.permutations([1, 2]))
def test_a_fingerprint_knows_no_order(rows, columns):
    lines = [[name, number, number * 2] for number, name in enumerate("abcde")]
    header = ["County", *(HEADER[c] for c in columns)]
    shuffled = table_of(header, *([lines[r][0], *(lines[r][c] for c in columns)] for r in rows))
    assert table_fingerprint(shuffled) == table_fingerprint(table_of(HEADER, *lines))


def test_a_fingerprint_knows_values_but_not_their_format():
    assert table_fingerprint(TABLE) == table_fingerprint(table_of(HEADER, ["Ash", 5.0, 7], ["BEX", 4, 8]))
    assert table_fingerprint(TABLE) != table_fingerprint(table_of(HEADER, ["Ash", 5, 7], ["Bex", 4, 9]))
    assert table_fingerprint(TABLE) != table_fingerprint(table_of(HEADER, ["Ash", 7, 5], ["Bex", 4, 8]))


def test_facts_hold_the_table_under_normalised_names():
    kept = facts(document_of(TABLE)).tables[0]
    assert kept.columns == ("county", "oct", "nov")
    assert kept.rows == ("ash", "bex")
    assert kept.values == TABLE.rows
    assert kept.key == table_key(TABLE)


def test_a_large_table_leaves_a_fingerprint_only():
    rows = [[f"r{n}", n, n] for n in range(CELLS_KEPT // 3 + 1)]
    kept = facts(document_of(table_of(HEADER, *rows))).tables[0]
    assert kept.values == () and kept.rows == ()
    assert kept.fingerprint


def test_measures_say_what_changed():
    before = with_periods(TABLE, None, month(2023, 10), month(2023, 11))
    after = with_periods(table_of(HEADER, ["Ash", 3, 9], ["Cor", 1, 1]), None, month(2023, 10), month(2023, 11))
    both = (document_of(before, as_of=dt.date(2023, 11, 15)), document_of(after, as_of=dt.date(2023, 12, 1)))
    measures = facts(both[1], comparison=compared(*both)).tables[0].measures
    assert measures["rows.left"] == 1
    assert measures["rows.joined"] == 1
    assert measures["rows.total"] == 2
    assert measures["revised.cells"] == 1, "November was still open"
    assert measures["revised.largest"] == 2
    assert measures["fell:oct"] == 1


def test_history_follows_a_renamed_table_and_travels():
    first = table_of(HEADER, ["Ash", 5, 7], name="Arrests")
    second = table_of(HEADER, ["Ash", 6, 7], name="Apprehensions")
    history = pickle.loads(pickle.dumps(history_of([document_of(first), document_of(second)])))
    through = history.table(table_key(second))
    assert [facts.name for _, facts in through] == ["Arrests", "Apprehensions"]
    assert history.table("unheard of") == []


def test_history_is_bounded():
    history = PastReleases()
    for _ in range(RELEASES_KEPT + 5):
        history = history.followed_by(facts(document_of(TABLE)))
    assert len(history.releases()) == RELEASES_KEPT


def test_days_since_the_release_before_are_remembered():
    history = history_of([document_of(TABLE)] * 3, every=dt.timedelta(days=9))
    assert [release.measures.get("days") for release in history.releases()] == [None, 9.0, 9.0]


def test_content_does_not_depend_on_the_order_of_tables():
    other = table_of(HEADER, ["Zed", 1, 1], name="Other")
    both = [table_fingerprint(TABLE), table_fingerprint(other)]
    assert content_digest(document_of(TABLE, other), both) == content_digest(document_of(other, TABLE), both[::-1])
