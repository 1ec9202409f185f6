import datetime as dt
import hashlib
import pickle
from pathlib import Path

import pytest

from diffing.examination import ReleaseBytes, Request
from diffing.examine import examine, refused
from state.model import Capture, Rules, Series, Source, Verdict
from state.series_history import PastReleases
from state.vocabulary import OPERATIONS

FIRST = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
SERIES = Series(name="counties", title="Removals by county", rules=Rules(cumulative=("Removals",)))
SOURCE = Source(
    id="test/removals", title="Removals", publisher="Agency", url="https://x.example/", series=(SERIES,)
)
BEFORE = b"County,Removals\nMaricopa,4328\nTravis,593\nDallas,1115\n"
AFTER = b"County,Removals\nMaricopa,2597\nTravis,314\nDallas,1200\n"


def edition(body: bytes, number: int, **fields) -> ReleaseBytes:
    return ReleaseBytes(
        body=fields.pop("kept_in", body),
        sha256=hashlib.sha256(body).hexdigest(),
        release=str(number),
        at=FIRST + dt.timedelta(days=14 * number),
        url="https://x.example/removals.csv",
        media_type=fields.pop("media_type", "text/csv"),
        file_name="removals.csv",
    )


def request(before: ReleaseBytes | None, after: ReleaseBytes | None, **fields) -> Request:
    now = after.at if after else FIRST + dt.timedelta(days=30)
    return Request(source=SOURCE, series=SERIES, now=now, before=before, after=after, **fields)


def kinds(examined):
    return {finding.kind for finding in examined.findings}


def test_two_releases_are_read_compared_and_judged():
    examined = examine(request(edition(BEFORE, 1), edition(AFTER, 2)))
    assert "cumulative-decreased" in kinds(examined)
    assert examined.facts is not None
    assert examined.facts.release == "2"
    assert examined.trouble is None


def test_a_first_release_is_a_baseline():
    examined = examine(request(None, edition(BEFORE, 1)))
    assert examined.findings == ()
    assert examined.facts is not None
    assert [table.rows for table in examined.facts.tables] == [("maricopa", "travis", "dallas")]


def test_the_same_bytes_say_nothing():
    examined = examine(request(edition(BEFORE, 1), edition(BEFORE, 2)))
    assert not [finding for finding in examined.findings if finding.kind != "stale-republished"]


def test_a_release_that_cannot_be_read_is_told_to_operators_and_crashes_nothing():
    broken = edition(b"%PDF-1.7 and then nothing", 2, media_type="application/pdf")
    examined = examine(request(edition(BEFORE, 1), broken))
    assert kinds(examined) == {"source-unreadable"}
    assert kinds(examined) <= OPERATIONS
    assert examined.trouble
    assert examined.facts is None


def test_an_unreadable_release_before_makes_the_next_a_first_one():
    broken = edition(b"%PDF-1.7 and then nothing", 1, media_type="application/pdf")
    examined = examine(request(broken, edition(AFTER, 2)))
    assert examined.hindrance
    assert examined.facts is not None
    assert examined.findings == ()


def test_a_lost_worker_leaves_a_finding_with_the_reason():
    examined = refused(request(edition(BEFORE, 1), edition(AFTER, 2)), "it took more than 60 s")
    assert [finding.kind for finding in examined.findings] == ["source-unreadable"]
    assert "it took more than 60 s" in examined.findings[0].reason


def test_a_body_may_stay_in_its_file(tmp_path: Path):
    path = tmp_path / "removals.csv"
    path.write_bytes(AFTER)
    examined = examine(request(edition(BEFORE, 1), edition(AFTER, 2, kept_in=path)))
    assert "cumulative-decreased" in kinds(examined)


def test_a_round_without_a_release_is_judged_on_its_captures():
    blocked = Capture(
        source=SOURCE.id,
        series="page",
        url=SOURCE.url,
        final_url=SOURCE.url,
        at=FIRST + dt.timedelta(days=30),
        verdict=Verdict.BLOCKED,
        status=403,
        body=b"a challenge",
    )
    assert kinds(examine(request(None, None, captures=(blocked,)))) == {"source-blocked"}


@pytest.mark.parametrize("after", [edition(AFTER, 2), edition(b"%PDF-1.7", 2, media_type="application/pdf")])
def test_request_and_answer_travel_between_processes(after):
    asked = pickle.loads(pickle.dumps(request(edition(BEFORE, 1), after, history=PastReleases())))
    answer = examine(asked)
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert len(pickle.dumps(answer)) < 20_000
