"""From an address someone wants to watch to a source file: the page, and series where it links files.

Files whose names differ only in numbers, months and the like are releases of one document; files of one folder
with names of their own are documents of their own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup
from bs4.element import Tag
from msgspec import Struct

from state.errors import ConfigError
from state.formats import HTML, Stands, format_at, names_file
from state.model import PAGE, Capture, Source, Verdict
from state.sniffing import sniff
from watchers.following.documents import find_further_pages
from watchers.following.hosts import site_of
from watchers.following.links import find_links
from watchers.following.model import Found
from watchers.sources.load import read_source

_MONTH: Final = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_PASSING: Final = frozenset(
    ("am", "pm", "fy", "q", "v", "ver", "rev", "final", "draft", "copy", "new", "update", "updated")
)
_END: Final = r"(?:\?|$)"  # some servers want "?v=2" after the name
_WHY: Final = "WHY"
_NAVIGATION: Final = "nav, header, footer, [role=navigation], [role=banner], [role=contentinfo]"
_PAGES: Final = 500  # the most that a source file may ask for
_LIST: Final = 3  # pages of one folder that make a list
_LATER: Final = "try again later"
_REMEDIES: Final = {
    Verdict.GONE: "look for the address that the publisher uses now",
    Verdict.MOVED: "add the address that it leads to, if that is what you mean",
    Verdict.BLOCKED: "it refuses this program; try from another network, or write the source file by hand"
    " (watchers/README.md shows how) and let the rounds try",
    Verdict.UNREACHABLE: "look whether the address is right, and try again",
}
_KEYS_NAMED: Final = ("allow_hosts", "obey_robots")  # a reason with one of them says what to do
_TOKENS: Final = re.compile(r"[a-z]+|\d+|[^a-z\d]+")


class ProposedSeries(Struct, frozen=True):
    """A series that a page seems to have, with the files that its pattern finds there today."""

    name: str
    title: str
    pattern: str
    each_file: bool
    files: tuple[Found, ...]


class Proposal(Struct, frozen=True):
    """A source file to be written: its id, its text, and what it would watch."""

    id: str
    text: str
    source: Source
    series: tuple[ProposedSeries, ...]


def propose(page: Capture, *, publisher: str | None = None, render: str = "http") -> Proposal:
    """A source file for an address that was just fetched; raises ConfigError where it shows nothing.

    ``render``: how it was fetched, and is to be.
    """
    if page.verdict is not Verdict.PRESENT:
        says_so_itself = any(key in page.reason for key in _KEYS_NAMED)
        remedy = "" if says_so_itself else f"; {_REMEDIES.get(page.verdict, _LATER)}"
        raise ConfigError(f"{page.url}: {page.reason}{remedy}")
    is_page = sniff(page.body, media_type=page.media_type, file_name=page.file_name) == HTML
    links = _links_of_content(page) if is_page else []
    series = _series_of(links, here=page.final_url)
    pages = 1 + len(find_further_pages(page.body, base_url=page.final_url, limit=_PAGES - 1) if is_page else [])
    publisher = publisher or _publisher_of(page.final_url)
    entries: dict[str, object] = {
        "title": _title_of(page, is_page=is_page),
        "publisher": publisher,
        "url": page.final_url,
        "every": "6h",
        "why": _WHY,
    }
    if render != "http":
        entries["render"] = render
    if series:
        entries |= {"pages": pages} if pages > 1 else {}
        entries["series"] = {PAGE: {}} | {each.name: _entry(each) for each in series}
    text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=110)
    text = text.replace(f"why: {_WHY}", 'why: ""  # why it matters, in a sentence: it stands in alerts')
    text += _pages_below(links, page.final_url, has_series=bool(series), pages=pages)
    id = f"{_slug([publisher])}/{_slug(_words_of_address(page.final_url))}"
    return Proposal(id=id, text=text, source=read_source(text, id=id, name=f"{id}.yaml"), series=series)


def _links_of_content(page: Capture) -> list[Found]:
    """The links that a page does not share with its neighbours; all, where it marks no navigation."""
    links = find_links(page.body, base_url=page.final_url)
    tree = BeautifulSoup(page.body, "lxml")
    for tag in tree.select(_NAVIGATION):
        tag.decompose()
    content = {link.url for link in find_links(str(tree).encode(), base_url=page.final_url)}
    return [link for link in links if link.url in content]


def _pages_below(links: Iterable[Found], url: str, *, has_series: bool, pages: int) -> str:
    """A series in comments that follows the pages which a list leads to, "" where it is no list."""
    here = urlsplit(url)
    folders: Counter[str] = Counter()
    for link in links:
        parts = urlsplit(link.url)
        path = PurePosixPath(parts.path)
        same = parts.netloc == here.netloc and parts.path.rstrip("/") != here.path.rstrip("/")
        if same and not parts.query and not names_file(link.url) and len(path.parts) > 2:
            folders[str(path.parent)] += 1
    (folder, count), *_ = folders.most_common(1) or [("", 0)]
    if count < _LIST:
        return ""
    lines = [
        f"# {count} links lead to pages below {folder}. To follow each, take away the first # of these lines:",
        *(() if has_series or pages == 1 else (f"pages: {pages}",)),
        *(() if has_series else ("series:", "  page: {}")),
        "  pages-below:",
        f"    pattern: '{re.escape(folder).replace(chr(39), chr(39) * 2)}/[^/?#]+/?$'",
        "    each_file: true",
        "    recheck: 1d",
    ]
    return "".join(f"#{line}\n" for line in lines)


def _series_of(links: Iterable[Found], *, here: str) -> tuple[ProposedSeries, ...]:
    """Releases of one document where names agree but for dates; the rest by folder and format."""
    alike: dict[tuple[str, str, str, tuple[str, ...]], list[Found]] = defaultdict(list)
    for link in links:
        path = PurePosixPath(urlsplit(link.url).path)
        if _is_read(link.url):
            host = "" if site_of(link.url) == site_of(here) else urlsplit(link.url).netloc
            alike[_format(path), host, str(path.parent), _lasting(unquote(path.stem))].append(link)
    proposed = []
    alone: dict[tuple[str, str, str], list[Found]] = defaultdict(list)
    for (suffix, host, folder, words), files in alike.items():
        if words and (len(files) > 1 or suffix != "pdf"):
            proposed.append(_releases(suffix, words, files, host=host))
        else:
            alone[suffix, host, folder] += files
    proposed.sort(key=lambda each: -len(each.title))  # a link goes to the first series that it matches
    proposed += [_documents(suffix, folder, files, host=host) for (suffix, host, folder), files in alone.items()]
    return tuple(_named_apart(proposed))


def _is_read(address: str) -> bool:
    """Whether an address is of a file of a format that is read."""
    found = format_at(address)
    return found is not None and found.stands is Stands.FILE and bool(found.reader)


def _releases(suffix: str, words: Sequence[str], files: Sequence[Found], *, host: str) -> ProposedSeries:
    inner = "[^/]*".join(re.escape(word) for word in words)
    there = rf"//{re.escape(host)}/(?:[^?#]*/)?" if host else "/"  # of others is followed what is named
    pattern = rf"(?i){there}[^/]*{inner}[^/]*\.{_suffix_pattern(suffix)}{_END}"
    title = " ".join(words).capitalize()
    return ProposedSeries(_slug(words), title, pattern, each_file=False, files=tuple(files))


def _documents(suffix: str, folder: str, files: Sequence[Found], *, host: str) -> ProposedSeries:
    there = f"//{re.escape(host)}" if host else ""
    pattern = rf"(?i){there}{re.escape(folder.rstrip('/'))}/[^/]+\.{_suffix_pattern(suffix)}{_END}"
    name = _slug([*re.findall(r"[a-z]+", PurePosixPath(folder).name.lower()), suffix])
    return ProposedSeries(name, f"Files of {folder}", pattern, each_file=True, files=tuple(files))


def _named_apart(series: Iterable[ProposedSeries]) -> Iterable[ProposedSeries]:
    seen: dict[str, int] = {PAGE: 1}
    for each in series:
        seen[each.name] = seen.get(each.name, 0) + 1
        name = each.name if seen[each.name] == 1 else f"{each.name}-{seen[each.name]}"
        yield ProposedSeries(name, each.title, each.pattern, each.each_file, each.files)


def _lasting(stem: str) -> tuple[str, ...]:
    """The words of a file name that stay from release to release: no numbers, months, am or pm."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", stem).lower()
    tokens = (token for token in _TOKENS.findall(spaced) if token.isalpha())
    return tuple(token for token in tokens if token not in _PASSING and not _MONTH.fullmatch(token))


def _format(path: PurePosixPath) -> str:
    suffix = path.suffix.lower().lstrip(".")
    return "xlsx" if suffix.startswith("xls") else suffix


def _suffix_pattern(suffix: str) -> str:
    return "xls[xm]?" if suffix == "xlsx" else suffix


def _entry(series: ProposedSeries) -> dict[str, object]:
    entry: dict[str, object] = {"title": series.title, "pattern": series.pattern}
    return entry | ({"each_file": True, "recheck": "7d"} if series.each_file else {})


def _title_of(page: Capture, *, is_page: bool) -> str:
    if is_page:
        tags = BeautifulSoup(page.body, "lxml").find_all(["h1", "title"])
        for tag in sorted((tag for tag in tags if isinstance(tag, Tag)), key=lambda tag: tag.name != "h1"):
            if words := " ".join(tag.get_text(" ").split()):
                return words[:200]
    return page.file_name or page.final_url


def _publisher_of(url: str) -> str:
    """The name of the site: ICE for www.ice.gov."""
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    return (labels[-2] if len(labels) > 1 and labels[-2].isalpha() else labels[0]).upper()


def _words_of_address(url: str) -> list[str]:
    parts = urlsplit(url)
    return [PurePosixPath(parts.path).stem or (parts.hostname or "").removeprefix("www.")]


def _slug(words: Iterable[str]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(words).lower()).strip("-")[:60] or "source"
