"""What is made by playing stories: the README's block, and the monitor's part of incidents, noise and scenarios.

What other programs say is heard only by ``python -m benchmarks.incidents --write`` and its like, which
install them; here it is kept as the documents have it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import wrap

from benchmarks import incidents, noise, scenarios
from demo.story import live_through
from state.formats import READ

ROOT = Path(__file__).resolve().parents[2]
_PEERS = re.compile(r"^(?:urlwatch|webchanges|changedetection)\b")
_TALLY = re.compile(r"^\*\*.*\*\*$", re.MULTILINE)


def readme() -> str:
    """The README with the round of August 2010 as the demonstration tells it, and the formats that are read."""
    with tempfile.TemporaryDirectory() as folder:
        lines: list[str] = []
        live_through(Path(folder) / "demo", echo=lines.append)
    return with_round(readme_with_formats(), "\n".join(lines))


def with_round(text: str, told: str) -> str:
    """``text`` with a round of what was told between its marks."""
    rounds = [part for part in told.split("\n\n") if part.startswith("10 August 2010")]
    shown = "\n".join(line for line in rounds[0].splitlines() if "(quiet)" not in line)
    return _between("demo", f"```\n{shown}\n```", text)


def readme_with_formats() -> str:
    """The README with the formats that are read, its other blocks as they are."""
    words = wrap(f"{', '.join(READ[:-1])} and {READ[-1]} are read.", 110)
    return _between("formats", "\n".join(words), (ROOT / "README.md").read_text(encoding="utf-8"))


def _between(name: str, block: str, text: str) -> str:
    """``text`` with ``block`` between the marks of that name."""
    begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
    before, rest = text.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{block}\n{end}{after}"


def incidents_document() -> str:
    """The text of ``docs/incidents.md``."""
    return with_kept_peers(incidents.alone(), _kept("incidents.md"))


def noise_document() -> str:
    """The text of ``docs/noise.md``."""
    return with_kept_peers(noise.document(noise.play([]), [], []), _kept("noise.md"))


def scenarios_document() -> str:
    """The text of ``docs/scenarios.md``."""
    return with_kept_peers(scenarios.document(scenarios.play([]), [], []), _kept("scenarios.md"))


def with_kept_peers(made: str, kept: str) -> str:
    """``made`` without peers, with the columns, tallies and passages of peers that ``kept`` has."""
    width = _width(made)
    columns = {cells[0]: cells[width:] for cells in map(_cells, kept.splitlines()) if cells}
    passages = _passages(kept)
    sections = made.split("\n## ")
    told = [_with_columns(sections[0], columns, width, _peer_tally(kept))]
    told += [section.rstrip() + passages.get(section.split("\n", 1)[0], "") for section in sections[1:]]
    return "\n\n## ".join(part.rstrip() for part in told) + "\n"


def _with_columns(text: str, columns: Mapping[str, Sequence[str]], width: int, tally: str) -> str:
    """The table with the peers' cells behind its own, and their tally behind the monitor's."""
    several = max(map(len, columns.values()), default=0)
    lines = []
    for line in text.splitlines():
        cells = _cells(line)
        more = columns.get(cells[0], ["not played"] * several) if cells else []
        lines.append("| " + " | ".join([*cells[:width], *more]) + " |" if cells else line)
    return _TALLY.sub(lambda found: found.group().removesuffix(".**") + tally + ".**", "\n".join(lines), count=1)


def _peer_tally(kept: str) -> str:
    """`, urlwatch 46, webchanges 47` of a tally that names peers."""
    found = _TALLY.search(kept)
    parts = found.group().removesuffix(".**").split(", ")[1:] if found else []
    return "".join(f", {part}" for part in parts if _PEERS.match(part))


def _passages(kept: str) -> dict[str, str]:
    """Heading of a section -> what peers said there, from the first line that begins with a peer's name."""
    found = {}
    for section in kept.split("\n## ")[1:]:
        lines = section.rstrip().splitlines()
        first = next((place for place, line in enumerate(lines) if _PEERS.match(line)), None)
        if first is not None:
            found[lines[0]] = "\n\n" + "\n".join(lines[first:])
    return found


def _width(made: str) -> int:
    return next((len(cells) for cells in map(_cells, made.splitlines()) if cells), 0)


def _cells(line: str) -> list[str]:
    """The cells of a line of a table; none where it is none."""
    return re.split(r" (?<!\\)\| ", line[2:-2]) if line.startswith("| ") and line.endswith(" |") else []


def _kept(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")
