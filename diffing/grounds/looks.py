"""What the captures of a round and of the rounds before say about a page and the documents it links."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from diffing.comparing.model import Comparison, Evidence, FactKey
from diffing.grounds.phrases import mask
from state.formats import names_file
from state.model import Capture, Series, Verdict

TELLING = frozenset({Verdict.PRESENT, Verdict.UNCHANGED, Verdict.GONE, Verdict.MOVED})
"""Verdicts that say whether something is there; all others only say that nobody could look."""

SHORT = 20
"""Words below which a sentence that holds a link is there for the link."""

_DATE_IN_NAME = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])[-_.]?(?:(?:19|20)\d{2}))(?!\d)"
)

_DAY_IN_QUERY = re.compile(
    r"(?<![\w.])(?:(?:19|20)\d\d[-/.]?\d\d?[-/.]?\d\d?(?:[T+ ][\d:.]+Z?)?"
    r"|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d|\d{10}|\d{13})(?![\w.])"
)
"""A day in figures, a time on it, or the seconds or milliseconds since 1970."""


def captures_of(evidence: Evidence, *, url: str) -> list[Capture]:
    """Looks at one address, oldest first: those remembered and those of this round, each once."""
    looks = {}
    for capture in (*evidence.history.captures(), *evidence.captures):
        if same_address(capture.url, url):
            looks[capture.at] = capture
    return [looks[at] for at in sorted(looks)]


def telling(captures: Iterable[Capture]) -> list[Capture]:
    """The looks that say whether something is there, oldest first."""
    return [capture for capture in captures if capture.verdict in TELLING]


def speaks_for_page(evidence: Evidence) -> bool:
    """Whether this series is the one that tells of the page itself, so that its fate is told once.

    It is the series that is the page, or the first where a source follows documents only.
    """
    pages = [series.name for series in evidence.source.series if series.pattern is None]
    names = pages or [series.name for series in evidence.source.series]
    return not names or evidence.series.name == names[0]


def addresses(evidence: Evidence) -> list[str]:
    """The addresses whose fate this series tells: the page, and the documents captured for the series."""
    urls = [evidence.source.url] if evidence.source.url and speaks_for_page(evidence) else []
    for capture in evidence.captures:
        known = any(same_address(capture.url, url) for url in (evidence.source.url, *urls))
        if capture.series == evidence.series.name and not known:
            urls.append(capture.url)
    return urls


def same_address(left: str, right: str) -> bool:
    """Whether two addresses name the same place; scheme, ``www.``, case of the host and a last slash apart."""
    return address_key(left) == address_key(right)


@lru_cache(maxsize=8_192)
def address_key(url: str) -> str:
    """An address in comparison form, see ``same_address``; fragment dropped."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{parts.query}" if parts.query else ""
    scheme = "" if parts.scheme in ("http", "https", "") else f"{parts.scheme}:"
    return f"{scheme}{host}{port}{unquote(parts.path).rstrip('/')}{query}"


def differ_by_a_day(left: str, right: str) -> bool:
    """Whether nothing but days, or times, in the query of one address tells them apart."""
    one, other = urlsplit(left), urlsplit(right)
    if one[:3] != other[:3] or one.query == other.query:
        return False
    return _DAY_IN_QUERY.sub("#", unquote(one.query)) == _DAY_IN_QUERY.sub("#", unquote(other.query))


def file_name(url: str) -> str:
    """The last part of an address as a reader would name the file; the address where there is none."""
    return unquote(urlsplit(url).path).rstrip("/").rsplit("/", 1)[-1] or url


def is_document(url: str, *, series: Series | None = None, base: str | None = None) -> bool:
    """Whether an address looks like a published file, or matches the pattern of the series."""
    absolute = urljoin(base or "", url)
    if series is not None and series.follows(absolute):
        return True
    return names_file(absolute)


def carries_date(name: str) -> bool:
    """Whether a file name holds a full date, as files do that are issued anew for each release."""
    return _DATE_IN_NAME.search(name) is not None


def name_shape(url: str) -> str:
    """The file name with digits and am / pm marks masked: releases of one series share it."""
    shape = re.sub(r"\d+", "#", file_name(url).lower())
    return re.sub(r"#(?:[ap]m)?[a-z]?(?=[._-]|$)", "#", shape)


def day(at: dt.datetime) -> str:
    """A day as titles and reasons write it: "3 March 2025"."""
    return f"{at.day} {at:%B %Y}"


def words_of_link(comparison: Comparison, words: str) -> Iterator[FactKey]:
    """The texts that left and were little more than the words of a link that left with them."""
    masked = f" {mask(words)} "
    for change in comparison.texts:
        text = mask(change.before) if change.before and not change.after else ""
        if words and text.count(" ") < SHORT and masked in f" {text} ":
            yield FactKey("text", change.index)


def is_looked_at(evidence: Evidence) -> bool:
    """Whether the release came with a look of this round: what somebody hands in is what it is."""
    url = evidence.url_after
    return url is not None and any(
        not look.memento and look.verdict.good and same_address(look.url, url) for look in evidence.captures
    )
