"""``wrong-edition``: a file came in another language than its series.

At one look that may be what a server makes of whoever asks, and is a question; the look of a later round decides.
Pages in another language are never news: ``page_replaced``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from diffing.comparing.model import Comparison, Draft, Evidence
from diffing.grounds.explained import all_of
from diffing.grounds.looks import day, is_looked_at
from diffing.grounds.wording import shorten
from diffing.readers.statements.language import written_in
from state.formats import HTML
from state.model import Item

KINDS = ("wrong-edition", "returned")
RANK = 2

KEPT = 0.3
"""Share of its text of which at most so much is left of a file in another language; more of it and it has both."""

_NAMES = {
    "cs": "Czech", "da": "Danish", "de": "German", "en": "English", "es": "Spanish", "fr": "French",
    "it": "Italian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "sl": "Slovenian", "sv": "Swedish",
}  # fmt: skip


class _Turn(NamedTuple):
    """From one language to another, each by its two letters; ``told`` is what said so of the release before."""

    before: str
    after: str
    told: tuple[str, ...]

    @property
    def is_return(self) -> bool:
        """Whether the language is the series' own again."""
        return bool(self.told)


def find(evidence: Evidence) -> Iterator[Draft]:
    """One statement for all that another language explains, once a later look confirms it, or that it is over."""
    turn = _turn(evidence)
    if turn is None or _awaits_a_look(evidence, turn):
        return
    assert evidence.comparison is not None
    explained = tuple(all_of(evidence.comparison))
    name = shorten(evidence.series.title or evidence.source.title, limit=50)
    if turn.is_return:
        yield Draft(
            kind="returned",
            title=f"“{name}” is in {_named(turn.after)} again",
            reason=f"the release before was in {_named(turn.before)}, and was told as another edition",
            subject=("language",),
            explains=explained,
            ends=turn.told,
        )
        return
    first = f" on {day(evidence.questioned)} and" if evidence.questioned is not None else ""
    yield Draft(
        kind="wrong-edition",
        title=f"The file of “{name}” is in {_named(turn.after)}, its series is in {_named(turn.before)}",
        reason=f"its commonest words were {_named(turn.after)} ones{first} on {day(evidence.now)}, and hardly any"
        f" text of the release before is in it",
        subject=("language",),
        items=(Item(url=evidence.url_after, note=_named(turn.after)),),
        before=turn.before,
        after=turn.after,
        explains=explained,
    )


def question_of(evidence: Evidence) -> str | None:
    """Why a file is not believed at its first look: it is in another language; None where it is not."""
    turn = _turn(evidence)
    if turn is None or not _awaits_a_look(evidence, turn):
        return None
    return f"the file came in {_named(turn.after)}, not in {_named(turn.before)}; a look in a later round decides"


def _awaits_a_look(evidence: Evidence, turn: _Turn) -> bool:
    return not turn.is_return and evidence.questioned is None and is_looked_at(evidence)


def _turn(evidence: Evidence) -> _Turn | None:
    """From which language to which a file turned, None where it did not, or where too little is said to tell."""
    comparison = evidence.comparison
    if comparison is None or HTML in (comparison.before.media_type, comparison.after.media_type):
        return None
    if not comparison.texts or _kept(comparison) > KEPT:
        return None
    before, after = written_in(comparison.before), written_in(comparison.after)
    if not before or not after or before == after:
        return None
    return _Turn(before, after, _told_before(evidence, own=after, other=before))


def _kept(comparison: Comparison) -> float:
    had = sum(len(block.text) for block in comparison.before.blocks)
    gone = sum(len(change.before) for change in comparison.texts if change.before is not None)
    return (had - gone) / had if had else 1.0


def _told_before(evidence: Evidence, *, own: str, other: str) -> tuple[str, ...]:
    """The ids under which it was told that the series, in ``own`` language, had come in the other one."""
    return tuple(
        past.finding.id
        for past in evidence.history.findings()
        if past.finding.kind == "wrong-edition" and (past.finding.before, past.finding.after) == (own, other)
    )


def _named(language: str) -> str:
    return _NAMES.get(language, language)
