"""Links that came, went, or keep their words and point elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from diffing.comparing.alignment.assignment import assign
from diffing.comparing.alignment.likeness import dice, words_of
from diffing.comparing.model import LinkChange
from diffing.values import normalise
from state.document import Document, Link

SAME_WORDS_MOST: Final = 100
"""Links of the same words on one side above which retargeted ones are not told from new ones."""

_VOLATILE_PARAMETER: Final = re.compile(
    r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_ga|_gl|ref|referrer|source|campaign|trk"
    r"|.*session.*|sid|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken|csrf\w*|token|nonce"
    r"|itok|v|ver|version|rev|cb|cachebust\w*|_|ts|timestamp|h|hash|changed",
    re.IGNORECASE,
)
_PATH_SESSION: Final = re.compile(r";(?:jsessionid|sid|phpsessid)=[^/?#;]*", re.IGNORECASE)
_ASSET_HASH: Final = re.compile(
    r"(?<=[._-])[0-9a-f]{8,64}(?=\.(?:css|js|mjs|png|jpe?g|gif|svg|webp|ico|woff2?)$)|(?:(?<=/css_)|(?<=/js_))[\w-]{20,}(?=\.)",
    re.IGNORECASE,
)


def compare_links(before: Document, after: Document) -> tuple[LinkChange, ...]:
    """Links of the main content that differ; order, tracking, sessions and asset hashes apart.

    A link printed more or less often is no change, nor is one that is still there under other words.
    """
    left, right = _by_meaning(before), _by_meaning(after)
    targets_left, targets_right = {url for _, url in left}, {url for _, url in right}
    gone = [mark for mark in left if mark not in right]
    come = [mark for mark in right if mark not in left]
    pairs = _retargeted(gone, come, left, right)
    moved_left, moved_right = {i for i, _ in pairs}, {j for _, j in pairs}
    changes: list[tuple[Link | None, Link | None]] = [(left[gone[i]], right[come[j]]) for i, j in pairs]
    changes += [
        (left[mark], None) for i, mark in enumerate(gone) if i not in moved_left and mark[1] not in targets_right
    ]
    changes += [
        (None, right[mark]) for j, mark in enumerate(come) if j not in moved_right and mark[1] not in targets_left
    ]
    return tuple(LinkChange(index, *sides) for index, sides in enumerate(changes))


@lru_cache(maxsize=65_536)
def canonical_url(url: str, base_url: str | None = None) -> str:
    """An address in its comparison form: absolute, without what changes from one visit to the next.

    http and https are one, as are an address with and without its last slash; a fragment is kept only
    where it is a route ("#/page").
    """
    try:
        parts = urlsplit(urljoin(base_url or "", url.strip()))
    except ValueError:
        return url.strip()
    scheme = "https" if parts.scheme in ("http", "https") else parts.scheme
    host = parts.netloc.lower().removesuffix(":80").removesuffix(":443")
    path = _ASSET_HASH.sub("", _PATH_SESSION.sub("", unquote(parts.path)))
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _VOLATILE_PARAMETER.fullmatch(name)
    ]
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    return urlunsplit((scheme, host, path.rstrip("/"), urlencode(sorted(kept)), fragment))


def _by_meaning(document: Document) -> dict[tuple[str, str], Link]:
    """The first link of each (words, address)."""
    found: dict[tuple[str, str], Link] = {}
    for link in document.links:
        found.setdefault((normalise(link.text), canonical_url(link.url, document.base_url)), link)
    return found


def _retargeted(
    gone: Sequence[tuple[str, str]],
    come: Sequence[tuple[str, str]],
    left: dict[tuple[str, str], Link],
    right: dict[tuple[str, str], Link],
) -> list[tuple[int, int]]:
    """Links that keep their words: the only ones of these words, or under one heading at a like address."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for j, (words, _) in enumerate(come):
        waiting[words].append(j)
    leaving: dict[str, list[int]] = defaultdict(list)
    for i, (words, _) in enumerate(gone):
        leaving[words].append(i)
    count_left, count_right = _count_words(left), _count_words(right)
    scores = {}
    for words, places in leaving.items():
        others = waiting.get(words, [])
        if not words or max(len(places), len(others)) > SAME_WORDS_MOST:
            continue
        only = count_left[words] == count_right[words] == 1
        for i in places:
            for j in others:
                alike = _address_likeness(gone[i][1], come[j][1])
                if only or (left[gone[i]].heading == right[come[j]].heading and alike >= 0.5):
                    scores[(i, j)] = 0.1 + alike
    return assign(scores)


def _count_words(links: dict[tuple[str, str], Link]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for words, _ in links:
        counts[words] += 1
    return counts


def _address_likeness(before: str, after: str) -> float:
    """How alike two canonical addresses are after their host, 0 to 1; 0 on different hosts."""
    scheme_before, _, rest_before = before.partition("//")
    scheme_after, _, rest_after = after.partition("//")
    host_before, _, path_before = rest_before.partition("/")
    host_after, _, path_after = rest_after.partition("/")
    if (scheme_before, host_before) != (scheme_after, host_after):
        return 0.0
    return dice(words_of(path_before), words_of(path_after))
