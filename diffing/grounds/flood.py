"""Many statements of one kind about one release are one statement with many members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec.structs import replace

from diffing.comparing.model import Draft
from diffing.grounds.wording import number, shorten
from state.document import Where
from state.vocabulary import KINDS


def gather(drafts: Iterable[Draft], *, most: int, noun: str) -> list[Draft]:
    """The drafts as they are, or one for each kind that has more than ``most``, with all their items.

    ``noun`` says in the plural what the members are ("definitions").
    """
    kinds: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        kinds[draft.kind].append(draft)
    told = []
    for members in kinds.values():
        told += members if len(members) <= most else [_one(members, noun)]
    return told


def _one(members: list[Draft], noun: str) -> Draft:
    first = max(members, key=lambda draft: (draft.severity or KINDS[draft.kind].severity).rank)
    items = tuple(item for draft in members for item in draft.items)
    return replace(
        first,
        title=f"{number(len(members))} {noun}, among them: {shorten(first.title, limit=110)}",
        subject=("many",),
        where=Where(sheet=first.where.sheet),
        items=items,
        count=max(len(items), len(members)),
        before=None,
        after=None,
        explains=tuple(fact for draft in members for fact in draft.explains),
    )
