"""Real releases, replayed: what is known to have happened in them is said, and little else.

They lie beside the project and are not part of it; without them these tests skip.
"""

import datetime as dt
import hashlib
import re
from pathlib import Path

import pytest

from diffing.comparing.compare import compare
from diffing.comparing.model import Evidence
from diffing.extract import extract
from diffing.extract_history import facts_of
from diffing.judge import judge
from state.document import ReadingHints
from state.kinds import Severity
from state.model import Finding, Series, Source
from state.series_history import PastReleases

RELEASES = Path(__file__).parents[3] / "shared" / "releases"
pytestmark = pytest.mark.skipif(not RELEASES.is_dir(), reason="the real releases are not beside the project")

SERIES = Series(name="series", title="Series")
SOURCE = Source(id="real/series", title="", publisher="", url="", series=(SERIES,))


def replay(folder: str) -> dict[str, list[Finding]]:
    """Findings above info by the stem of each file, in order, with all the files before as history."""
    said, history, before = {}, PastReleases(), None
    for ordinal, path in enumerate(sorted((RELEASES / folder).iterdir())):
        body = path.read_bytes()
        url = f"https://publisher.example/{path.name}"
        after = extract(body, media_type="", hints=ReadingHints(file_name=path.name, url=url))
        comparison = compare(before, after) if before else None
        sha256, at = hashlib.sha256(body).hexdigest(), dated(path, ordinal)
        evidence = Evidence(
            source=SOURCE,
            series=SERIES,
            now=at,
            history=history,
            document=after,
            comparison=comparison,
            url_after=url,
            sha256_after=sha256,
        )
        said[path.stem] = [finding for finding in judge(evidence) if finding.severity is not Severity.INFO]
        facts = facts_of(
            after, release=path.stem, at=at, sha256=sha256, url=url, comparison=comparison, history=history
        )
        history, before = history.followed_by(facts), after
    return said


def dated(path: Path, ordinal: int) -> dt.datetime:
    year, month, day = map(int, re.search(r"(\d{4})-(\d\d)-(\d\d)", path.name).groups())
    return dt.datetime(year, month, day, tzinfo=dt.UTC) + dt.timedelta(minutes=ordinal)


def kinds(findings):
    return {finding.kind for finding in findings}


def titled(findings, kind, words):
    return [finding for finding in findings if finding.kind == kind and words in finding.title]


def mean(said):
    counts = [len(findings) for findings in list(said.values())[1:]]
    return sum(counts) / len(counts)


@pytest.fixture(scope="module")
def fy23():
    return replay("ice-detention-stats-fy23")


@pytest.fixture(scope="module")
def fy26():
    return replay("ice-detention-stats-fy26")


def test_swapped_labels_and_their_correction(fy23):
    (finding,) = titled(fy23["2023-05-26"], "implausible-jump", "“GPS” and “SmartLINK” look swapped")
    assert {"GPS", "SmartLINK"} <= {item.row for item in finding.items}
    assert not titled(fy23["2023-05-31"], "implausible-jump", "look swapped"), "that they are back is a return"
    (cost,) = [each for each in fy23["2023-06-01"] if each.severity is not Severity.INFO]
    assert cost.title.startswith("SmartLINK, Daily Tech Cost jumped")
    assert "stands as before" in cost.reason, "the jump and that it was silent are one event"
    assert round(cost.items[0].before), round(cost.items[0].after) == (538_545, 210_251)


def test_inspection_columns_under_other_names(fy23):
    assert titled(fy23["2023-02-28"], "column-renamed", "6 columns")
    (july,), (august,) = (titled(fy23[day], "column-renamed", "is now") for day in ("2023-07-10", "2023-08-03"))
    assert "ODO Inspection End Date" in july.before
    assert "ODO Final Report Date" in august.before


def test_totals_that_stopped_adding_up(fy23):
    (finding,) = [finding for finding in fy23["2023-08-03"] if finding.kind == "total-mismatch"]
    assert all(abs(item.difference) > 1 for item in finding.items), "one in 33 is no alarm"


def test_offices_that_doubled_for_one_release(fy23):
    rows = [item.row for finding in fy23["2023-04-12"] for item in finding.items]
    assert {"Seattle", "St Paul", "Washington DC"} <= set(rows)


def test_a_release_that_differs_in_no_cell_says_nothing(fy23):
    assert fy23["2023-04-20"] == []


def test_an_average_to_date_that_cannot_be(fy26):
    (finding,) = titled(fy26["2026-02-12"], "average-impossible", "arithmetic")
    assert finding.items[0].row.startswith("DILLEY")
    assert "97,984 stays" in finding.items[0].note
    assert "89,673" in finding.items[0].note


def test_a_quarter_that_left_and_months_revised_one_way(fy26):
    assert titled(fy26["2026-02-12"], "table-vanished", "2025 Quarter 4")
    (finding,) = [each for each in fy26["2026-04-09"] if each.kind == "past-value-revised"]
    book_ins = [item for item in finding.items if item.table and item.table.startswith("ICE Initial Book-Ins")]
    assert book_ins and all(item.difference < 0 for item in book_ins), "told with the other tables of the release"
    assert titled(fy26["2026-04-09"], "implausible-jump", "look swapped")


def test_ordinary_releases_are_quiet(fy23, fy26):
    assert mean(fy23) <= 2
    assert mean(fy26) <= 2


def test_a_stale_re_issue_of_a_list_and_no_alarm_over_spelling():
    said = replay("ice-287g-participating-2025-03-to-06")
    assert kinds(said["2025-04-21am"]) == {"stale-republished"}
    lost = {
        stem: finding.items[0].row
        for stem, findings in said.items()
        for finding in findings
        if finding.kind == "rows-vanished" and "hidden" not in finding.title
    }
    assert [stem for stem, findings in said.items() if any("hidden" in each.title for each in findings)] == [
        "2025-06-20am"
    ], "a filter was left on, which hides two rows of three"
    assert set(lost) <= {"2025-03-07am", "2025-04-29pm", "2025-05-12amB", "2025-06-05pm"}, (
        "agencies that did leave"
    )


def test_small_counters_that_fell():
    said = replay("ice-covid-page-table-2020-07")
    fallen = [
        (item.row.split()[0], item.before, item.after)
        for findings in said.values()
        for finding in findings
        if finding.kind == "cumulative-decreased"
        for item in finding.items
    ]
    for wanted in (("Webb", 9, 8), ("Adelanto", 14, 8), ("Karnes", 38, 37), ("Alexandria", 92, 90)):
        assert wanted in fallen
