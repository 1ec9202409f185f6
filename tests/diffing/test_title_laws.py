"""What holds for every title, whatever was found in whatever documents: it can be read alone on a telephone."""

import datetime as dt
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from diffing.comparing.compare import compare
from diffing.grounds.wording import TITLE, cut_title, listing
from diffing.judge import judge
from state.document import Block, DateRole, Definition, Document, Link, StatedDate
from tests.budgets import examples
from tests.diffing.tables import document_of, evidence_of
from tests.diffing.test_judge_laws import tables

VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|fell|falls|left|joined|became|moved?|lost|grew|rose|changed|revised|said|says"
    r"|leads|links?|look|looks|differs?|disagree|make|answers?|jumped|doubled|stands|contradict|agree|renamed"
    r"|reworded|redrawn|gone|reads|went|edited|merged|told|spelt|called|holds|shows|came|misses|miss|speaks)\b",
    re.IGNORECASE,
)
DOUBLED = re.compile(r"\b(\w+(?: \w+)?) \1\b", re.IGNORECASE)

SENTENCES = st.sampled_from(
    [
        "Visitors must be admitted within seven days of their request, in writing.",
        "Visitors may be admitted within fourteen days of their request, in writing.",
        "Figures are published every two weeks on this page, as the law of 2031 wants it to be.",
        "As of 3 March 2031, the office held 41,287 people in its custody at 107 places.",
        "As of 3 March 2031, the office held 39,114 people in its custody at 98 places.",
        "A resident means a person who stayed for more than 48 hours in one of the dormitories of the office.",
        "A resident means a person who stayed for more than 72 hours in one of the dormitories of the office.",
        "Nobody is compelled to come; participation is voluntary, and it can be ended at any time in writing.",
    ]
)
NAMES = st.sampled_from(
    [
        "",
        "Removals FY2031",
        "Average stay of those who were released from the facilities of the northern region, by month of 2030",
        "Average stay of those who were released from the facilities of the northern region, by month of 2031",
    ]
)


@st.composite
def documents(draw) -> Document:
    made = [replace(draw(tables()), name=draw(NAMES)) for _ in range(draw(st.integers(0, 2)))]
    texts = draw(st.lists(SENTENCES, max_size=5, unique=True))
    links = [
        Link(text, f"https://publisher.example/{draw(st.sampled_from(['a.pdf', 'b', 'c.xlsx']))}")
        for text in draw(st.lists(st.sampled_from(["Handbook", "Figures of March"]), max_size=2, unique=True))
    ]
    day = draw(st.sampled_from([dt.date(2023, 3, 3), dt.date(2023, 3, 9)]))
    stated = StatedDate(f"Last updated {day}", day, DateRole.LAST_UPDATED)
    return replace(
        document_of(*made),
        headline=draw(
            st.sampled_from(["", "Statistics of the office", "Statistics of the office and its partners"])
        ),
        blocks=tuple(Block(text, heading=("Section",)) for text in texts),
        definitions=tuple(Definition("resident", text) for text in texts if "means" in text),
        links=tuple(links),
        dates=(stated,),
    )


def told(before: Document, after: Document):
    return judge(replace(evidence_of(before, after), comparison=compare(before, after)))


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), documents())
def test_a_title_says_what_happened_to_what_in_little(before, after):
    for finding in told(before, after):
        assert len(finding.title) <= TITLE, finding.title
        assert VERB.search(finding.title), finding.title
        unquoted = re.sub("“[^”]*”", "“”", finding.title)
        assert not DOUBLED.search(unquoted), finding.title
        assert finding.title[0].isupper() or not finding.title[0].isalpha(), finding.title
        assert finding.reason.strip(), finding.title


@given(st.text(alphabet="ab “”,:0", max_size=300))
def test_any_title_fits(text):
    assert len(cut_title(text)) <= TITLE


def test_names_that_share_their_beginning_are_told_apart():
    long = "Average stay of those who were released from the facilities of the northern region, by month of "
    one, other = (
        cut_title(f"3 figures fell in “{long}{year}”, from 12 to 9, as the notes say") for year in (2030, 2031)
    )
    assert one != other
    assert one.endswith("from 12 to 9, as the notes say")


WORDS = st.lists(st.sampled_from(["Ash", "County", "of", "Bex", "/", "Office", "figures", "Corrections", "12-17"]))


@given(WORDS, WORDS, st.integers(1, 10**7), st.integers(1, 10**7))
def test_names_that_are_not_quoted_give_way_before_what_happened(row, column, before, after):
    name, header = " ".join(["Place", *row]), " ".join(["Count", *column])
    title = cut_title(
        f"{name}, {header} jumped from {before:,} to {after:,} in the table by “Place” and 7 figures more"
    )
    assert f"jumped from {before:,} to {after:,}" in title
    assert title.endswith("and 7 figures more")
    assert title.startswith("Place")
    assert "……" not in title and "”a" not in title


def test_a_list_of_long_names_has_fewer_of_them_whole():
    names = [
        f"FLORIDA / {town} County Sheriff's Office / Task Force Model" for town in ("Ash", "Bex", "Cor", "Dun")
    ]
    title = cut_title(f"4 rows left the table on sheet “Sheet1”: {listing(names)}")
    assert title.endswith("FLORIDA / Ash County Sheriff's Office / Task Force Model and 3 more")
