"""What of a listing stays unfollowed: further pages, a way on that is not understood, files left behind.

Whoever runs the monitor is told once, for what is not followed is not watched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from watchers.following.documents import find_further_pages

_WAY_ON: Final = re.compile(
    rb"<(?:a|button)\b[^>]{0,400}>(?:\s|<[^>]{1,200}>){0,6}"
    rb"((?:next|older|load more|show more|view more|see more|more results|next page|older (?:posts|entries)"
    rb"|weiter|n\xc3\xa4chste(?: seite)?|mehr (?:laden|anzeigen)|suivante?|page suivante|afficher plus|voir plus"
    rb"|siguiente|ver m\xc3\xa1s|cargar m\xc3\xa1s|avanti|successiva|carica altr[io]|volgende|meer laden"
    rb"|seguinte|pr\xc3\xb3xima|carregar mais|nast\xc4\x99pna|n\xc3\xa4sta|n\xc3\xa6ste|dal\xc5\xa1\xc3\xad))"
    rb"(?:\s|&raquo;|&rsaquo;|\xe2\x80\xba|\xc2\xbb|\xe2\x86\x92|<[^>]{1,200}>){0,6}</(?:a|button)",
    re.IGNORECASE,
)
"""A link or a button that is called what leads on in a list, in the languages of most publishers."""
_MOST_PAGES: Final = 10_000  # of a list, counted


def unfollowed_pages(
    body: bytes, *, base_url: str, following: str | None, looked_at: int, allowed: int
) -> Iterator[str]:
    """What of a listing's pages is not followed, from its last page that was looked at; nothing where all is.

    ``following`` is the address under which it goes on by its own words.
    """
    if looked_at >= allowed:
        more = len(find_further_pages(body, base_url=base_url, limit=_MOST_PAGES))
        if following is not None or more:
            count = f"{more} more pages" if more else "further pages"
            yield f"the list goes on over {count} than are followed; say more than `pages: {allowed}` in its file"
            return
    found = _WAY_ON.search(body)
    if found is not None and following is None and not find_further_pages(body, base_url=base_url, limit=1):
        words = found[1].decode("utf-8", "replace")
        yield (
            f"the list goes on by “{words}”, which is not understood; the rest is not followed"
            " (look for a feed, a sitemap or the data that the script loads: `monitor.py add --browser`)"
        )


def unfollowed_files(left: int, *, most: int, what: str) -> Iterator[str]:
    """That more files are to be looked after than a round looks at."""
    if left > most:
        yield f"{left:,} {what} left the list, of which {most} are looked after in a round, in turn"


def unfollowed_hosts(left: int) -> Iterator[str]:
    """Documents on other hosts that no pattern names. Which hosts is the page's choice, and not told each time."""
    if left:
        yield (
            f"its page links {left:,} documents on hosts of others, which are not asked for;"
            " to follow them, write the host into the pattern (doctor --online names them)"
        )
