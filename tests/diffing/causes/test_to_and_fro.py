import datetime as dt
import json
from pathlib import Path

from msgspec.structs import replace

from diffing.causes.older_release import find as find_older
from diffing.causes.to_and_fro import find
from state.kinds import Severity
from tests.commands.running import run
from tests.diffing.tables import document_of, evidence_of, table_of

OFFICES = ["Ash", "Bex", "Cor", "Dun", "Elm", "Fir"]
CHOICE = "If a county does not wish to take part on its scheduled date, it must formally notify the bureau."
DUTY = "Every county is activated on its scheduled date and takes part from then on without exception."


def release(step, day=0):
    rows = [[o, 100 + step * (n + 3), 50 + step * 7 * n + step, 900 - step * n - 1] for n, o in enumerate(OFFICES)]
    table = table_of(["Office", "Detained", "Moved", "Freed"], *rows, name="By office")
    return document_of(table, as_of=dt.date(2024, 1, 1) + dt.timedelta(days=14 * (day or step)))


def test_a_body_that_comes_and_goes_is_told_when_it_is_back_twice_and_then_kept():
    severities = []
    for switches in range(1, 5):
        seen = [release(1 + n % 2) for n in range(switches + 1)]
        evidence = evidence_of(seen[-1], release(1 + (switches + 1) % 2, day=9), older=seen[:-1])
        facts = tuple(replace(each, sha256="ab"[n % 2] * 64) for n, each in enumerate(evidence.history.releases()))
        evidence = replace(
            evidence,
            history=replace(evidence.history, facts=facts),
            sha256_before="ab"[switches % 2] * 64,
            sha256_after="ab"[(switches + 1) % 2] * 64,
        )
        (draft,) = [*find_older(evidence), *find(evidence)]
        severities.append((draft.kind, draft.severity))
    assert severities[0][0] in ("returned", "stale-republished"), "once may be either: by what it lost"
    assert severities[1:] == [("alternates", None), ("alternates", Severity.INFO), ("alternates", Severity.INFO)]


def test_a_table_that_goes_to_and_fro_beside_a_table_that_goes_on():
    wavering = [release(1 + n % 2) for n in range(4)]
    evidence = evidence_of(wavering[2], wavering[3], older=wavering[:2])
    (draft,) = find(evidence)
    assert draft.title == "“By office” goes to and fro: as from the release of 15 January 2024 on, again"
    assert not list(find_older(evidence)), "it is told once"
    assert not list(find(evidence_of(wavering[1], wavering[2], older=wavering[:1]))), "back for the first time"


def test_a_table_that_is_a_third_one_does_not_go_to_and_fro():
    seen = [release(step) for step in (1, 2, 3, 1)]
    assert not list(find(evidence_of(seen[2], seen[3], older=seen[:2])))


def pages(folder: Path, states: list[tuple[str, str, int]]) -> list[Path]:
    """A page a week that counts its readers: a passage, a column's heading, a step of the figures."""
    paths = []
    for week, (passage, column, step) in enumerate(states):
        figures = [(o, 100 + 17 * n + step * (n + 1), 50 + 3 * n + step * (n + 2)) for n, o in enumerate(OFFICES)]
        rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in figures)
        path = folder / f"{dt.date(2025, 1, 1) + dt.timedelta(days=7 * week)}.html"
        path.write_text(
            "<html><head><title>Secure places</title></head><body><main><h1>Secure places</h1>"
            f"<h2>Taking part</h2><p>{passage}</p>"
            f"<p>This page was opened {1000 + 37 * week * week} times in week {week + 1}.</p>"
            "<h2>Offices</h2><table><caption>By office</caption>"
            f"<tr><th>Office</th><th>{column}</th><th>Moved</th></tr>{rows}</table>"
            "<p>The bureau answers questions in writing within ten days of their coming.</p></main></body></html>"
        )
        paths.append(path)
    return paths


def loud(paths: list[Path]) -> list[list[str]]:
    """The kinds above info of each release."""
    lines = run("replay", *paths, "--json").stdout.splitlines()
    found = [json.loads(line)["findings"] for line in lines]
    return [sorted(each["kind"] for each in findings if each["severity"] != "info") for findings in found]


def test_two_templates_that_take_turns_are_told_once_though_no_body_comes_again(tmp_path: Path) -> None:
    states = [(CHOICE, "Aliens held", 0), (DUTY, "Noncitizens held", 5)]
    said = loud(pages(tmp_path, [states[week % 2] for week in range(7)]))
    assert said[1:3] == [["column-renamed", "commitment-weakened"], ["stale-republished", "text-vanished"]]
    assert said[3:] == [["alternates"], [], [], []]


def test_words_that_change_for_the_first_time_while_others_take_turns_are_told(tmp_path: Path) -> None:
    states = [(CHOICE, "Aliens held", 0), (CHOICE, "Noncitizens held", 0)]
    seen = [states[week % 2] for week in range(5)] + [(DUTY, "Noncitizens held", 0)]
    said = loud(pages(tmp_path, seen))
    assert "commitment-weakened" in said[5]


def test_a_figure_that_takes_turns_within_a_sentence_is_no_template(tmp_path: Path) -> None:
    held = [
        "The county held 1,204 people in custody on that day.",
        "The county held 1,250 people in custody on that day.",
    ]
    said = loud(pages(tmp_path, [(held[week % 2], "Held", 0) for week in range(6)]))
    assert not any("alternates" in kinds for kinds in said)


def test_a_banner_that_takes_turns_is_told_as_that_and_then_no_more(tmp_path: Path) -> None:
    banners = ["Read about our spring campaign.", "Meet the people of the bureau."]
    said = loud(pages(tmp_path, [(banners[week % 2], "Held", 0) for week in range(7)]))
    assert said[3:] == [["alternates"], [], [], []]
