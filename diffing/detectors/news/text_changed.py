"""``text-changed``, ``text-added`` and ``layout-changed``: ordinary editing, for the history and for digests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffing.comparing.model import Comparison, Draft, Evidence
from diffing.grounds.passages import Passage, passages_of
from diffing.grounds.phrases import is_trivial, mask, moves
from diffing.grounds.returns import back_after, gone_since
from diffing.grounds.wording import plural, shorten
from state.document import Where
from state.kinds import Kind, Severity
from state.model import Item

KINDS = (
    Kind("text-changed", Severity.INFO, "sentences were reworded"),
    Kind("text-added", Severity.INFO, "sentences came"),
    Kind("layout-changed", Severity.INFO, "the same content stands in another order or form"),
)
RANK = 97


def detect(evidence: Evidence) -> Iterator[Draft]:
    """At most one statement a kind: what no graver rule told of the texts that differ."""
    comparison = evidence.comparison
    if comparison is None:
        return
    untold = [passage for passage in passages_of(comparison) if passage.key not in evidence.told]
    pairs = [(passage, passage.before, passage.after) for passage in untold if passage.before and passage.after]
    added = [passage for passage in untold if not passage.before and not is_trivial(passage.after or "")]
    if pairs:
        yield _changed(pairs)
    if added:
        yield _added(evidence, added)
    if comparison.moved and not _differs(comparison):
        yield Draft(
            kind="layout-changed",
            title="Parts of the document changed their place, nothing else",
            reason="every text, table and figure is found again, in another order",
            subject=(),
        )


def _differs(comparison: Comparison) -> bool:
    return comparison.content_changed or bool(comparison.dates)


def _changed(pairs: Sequence[tuple[Passage, str, str]]) -> Draft:
    """Rewordings first, then texts in which only figures or dates moved."""
    ordered = sorted(pairs, key=lambda pair: mask(pair[1]) == mask(pair[2]))
    reworded = [pair for pair in ordered if mask(pair[1]) != mask(pair[2])]
    change, before, after = ordered[0]
    if not reworded:
        title = f"Figures or dates moved in {plural(len(pairs), 'sentence')}, no word did"
    elif len(pairs) == 1:
        title = f"A sentence was reworded: {shorten(moves(before, after).told, limit=110)}"
    else:
        title = f"{plural(len(reworded), 'sentence')} reworded: {shorten(moves(before, after).told, limit=100)}"
    return Draft(
        kind="text-changed",
        title=title,
        reason="the words that moved: " + shorten(moves(before, after).told, limit=400),
        subject=(),
        where=Where(section=change.section or None) if len(pairs) == 1 else Where(),
        items=tuple(Item(section=c.section or None, before=b, after=a) for c, b, a in ordered),
        before=before if len(pairs) == 1 else None,
        after=after if len(pairs) == 1 else None,
        explains=tuple(fact for c, _, _ in ordered for fact in c.facts),
    )


def _added(evidence: Evidence, changes: Sequence[Passage]) -> Draft:
    returns = [change for change in changes if change.after and gone_since(evidence, change.after)]
    first = (returns or changes)[0].after or ""
    if len(changes) == 1:
        back = back_after(evidence, first)
        lead = f"Text is b{back[1:]}" if back else "Text is new: "
        title = f"{lead}“{shorten(first, limit=120)}”"
    else:
        title = f"{plural(len(changes), 'passage')} are new, among them “{shorten(first, limit=90)}”"
    return Draft(
        kind="text-added",
        title=title,
        reason="the release before has no such passage"
        + (f"; {plural(len(returns), 'passage')} had been reported gone" if returns else ""),
        subject=(),
        where=Where(section=changes[0].section or None) if len(changes) == 1 else Where(),
        items=tuple(Item(section=c.section or None, after=c.after, valued=True) for c in changes),
        after=first if len(changes) == 1 else None,
        explains=tuple(fact for change in changes for fact in change.facts),
    )
