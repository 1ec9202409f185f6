"""Regions between long lying rules of one length: the way most printed tables are set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from diffing.readers.pdf.lines import is_figure, is_wordy, to_chunks, to_lines
from diffing.readers.pdf.shapes import Line, Stroke, Word

_SAME_END = 6.0  # points that the ends of the rules of one table may differ
_LEAST_LENGTH = 90.0  # points
_SEVERAL = 0.6  # share of lines with several chunks that makes a band tabular
_MOST_HEADER = 7  # lines
_WORDY = 0.5  # share of lines with two wordy chunks that makes it columns of prose


class Band(Struct, frozen=True):
    """The lines between two rules, or between several where all bands are tabular."""

    lines: tuple[Line, ...]
    top: float
    bottom: float


def find_bands(words: Sequence[Word], strokes: Sequence[Stroke]) -> list[Band]:
    """Tabular regions between rules, larger ones first taken; no word is in two."""
    free = list(words)
    bands: list[Band] = []
    for group in _groups(strokes):
        for band in _tabular_runs(group, free):
            bands.append(band)
            taken = {id(word) for line in band.lines for word in line.words}
            free = [word for word in free if id(word) not in taken]
    return bands


def _groups(strokes: Sequence[Stroke]) -> list[list[Stroke]]:
    """Long lying strokes with the same ends, two and more, each group from the top; longest first."""
    groups: list[list[Stroke]] = []
    for stroke in sorted((s for s in strokes if s.lying and s.length >= _LEAST_LENGTH), key=lambda s: s.at):
        home = next((group for group in groups if _same_ends(group[0], stroke)), None)
        if home is None:
            groups.append([stroke])
        else:
            home.append(stroke)
    return sorted((group for group in groups if len(group) >= 2), key=lambda group: -group[0].length)


def _same_ends(one: Stroke, other: Stroke) -> bool:
    return abs(one.start - other.start) <= _SAME_END and abs(one.end - other.end) <= _SAME_END


def _tabular_runs(group: Sequence[Stroke], words: Sequence[Word]) -> list[Band]:
    """Neighbouring tabular bands of a group joined."""
    left, right = group[0].start - 4, group[0].end + 4
    inside = [word for word in words if left <= word.box.middle <= right]
    runs: list[list[Band]] = [[]]
    for upper, lower in pairwise(group):
        lines = to_lines(w for w in inside if upper.at < w.box.centre <= lower.at)
        if not lines:
            continue
        if _is_tabular(lines) or _is_header(lines):
            runs[-1].append(Band(tuple(lines), upper.at, lower.at))
        else:
            runs.append([])
    return [_joined(run) for run in runs if any(len(band.lines) > 1 and _is_tabular(band.lines) for band in run)]


def _joined(run: Sequence[Band]) -> Band:
    return Band(tuple(line for band in run for line in band.lines), run[0].top, run[-1].bottom)


def _is_header(lines: Sequence[Line]) -> bool:
    """Whether a band may be the header of the one below: few lines, heads side by side, no running text."""
    chunked = [to_chunks(line) for line in lines]
    wordy = any(is_wordy(chunk) and len(chunk.words) > 8 for chunks in chunked for chunk in chunks)
    return len(lines) <= _MOST_HEADER and not wordy and any(len(chunks) > 1 for chunks in chunked)


def _is_tabular(lines: Sequence[Line]) -> bool:
    chunked = [to_chunks(line) for line in lines]
    several = sum(len(chunks) > 1 for chunks in chunked)
    prose = sum(sum(is_wordy(chunk) for chunk in chunks) > 1 for chunks in chunked)
    lone = sum(len(chunks) == 1 and is_wordy(chunks[0]) for chunks in chunked)
    rich = sum(sum(is_figure(chunk.text) for chunk in chunks) >= 3 for chunks in chunked)
    if rich >= 3 and rich >= 0.25 * len(lines):
        return True
    if prose >= _WORDY * len(lines) or lone > 0.34 * len(lines):
        return False
    figured = sum(any(is_figure(chunk.text) for chunk in chunks[1:]) for chunks in chunked)
    return several >= _SEVERAL * len(lines) or figured >= 0.4 * len(lines)
