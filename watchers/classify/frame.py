"""What stands around the main part of a page, and what its elements are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from state.formats import names_file

if TYPE_CHECKING:
    from bs4 import NavigableString, Tag

FRAME: Final = (
    "nav, header, footer, aside, form, [role=navigation], [role=banner], [role=contentinfo], [role=search]"
)
_BARS: Final = frozenset(("nav", "header", "footer", "aside"))
_FRAME_NAME: Final = re.compile(
    r"(?:site|page|usa|global|main|primary|top|bottom|skip)?[-_]?"
    r"(?:banner|header|masthead|footer|menu|nav|navbar|navigation|breadcrumbs?|sidebar|cookies?|cookie-bar|search)"
)
"""Names of classes and ids of what stands around the main part on every page of a site."""
BLOCKS: Final = [
    "address", "blockquote", "dd", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "section",
    "table", "td", "ul",
]  # fmt: skip
_MOST_LINKED: Final = 0.8  # share of a block's text that stands in links, from which on it is of a menu
_FEWEST_LINKS: Final = 3  # of such a block that is no entry of a list
_CONTROLS: Final = frozenset(("button", "select", "option", "textarea"))


def is_waiting(table: Tag, pattern: re.Pattern[str]) -> bool:
    """Whether all cells of a table that say something say one thing, which matches whole."""
    cells = {text for cell in table("td") if (text := text_of(cell))}
    return len(cells) == 1 and pattern.fullmatch(next(iter(cells))) is not None


def text_of(tag: Tag) -> str:
    """What an element says, in one line."""
    return " ".join(tag.get_text(" ").split())


def is_named_as_frame(tag: Tag) -> bool:
    """Whether its class or id is that of a part of the frame, and it does not hold the page's heading."""
    if tag.name in ("html", "body"):
        return False
    names = [*tag.get_attribute_list("class"), *tag.get_attribute_list("id")]
    return any(name and _FRAME_NAME.fullmatch(name.lower()) for name in names) and tag.find("h1") is None


def is_headed(table: Tag) -> bool:
    """Whether a row of heads stands in a table, and one of two cells or more."""
    rows = table("tr")
    return any(len(row("th")) > 1 for row in rows) and any(len(row("td")) > 1 for row in rows)


def is_control(text: NavigableString) -> bool:
    """Whether it stands on a button or in a field, or on a link that only a script follows."""
    return any(
        each.name in _CONTROLS
        or each.get("role") == "button"
        or str(each.get("href") or "").lower().startswith("javascript:")
        for each in text.parents
    )


def is_in_frame(tag: Tag) -> bool:
    """Whether an element stands in a bar, a menu or a column beside the main part."""
    return any(each.name in _BARS or is_named_as_frame(each) for each in (tag, *tag.parents) if each.name)


def is_around_all(tag: Tag) -> bool:
    """Whether a form stands around the page, as some programs put one around all that they write."""
    return tag.name == "form" and tag.find(("h1", "h2", "table", "main")) is not None


def is_menu(tag: Tag) -> bool:
    """Whether it is a block without blocks inside and hardly more than links."""
    if tag.name not in BLOCKS or tag.find(BLOCKS) is not None:
        return False
    links = tag("a")
    enough = len(links) >= (1 if tag.name in ("li", "dd") else _FEWEST_LINKS)
    return enough and sum(len(text_of(link)) for link in links) >= _MOST_LINKED * len(text_of(tag))


def leads_to_file(link: Tag) -> bool:
    """Whether a link leads to a file."""
    return names_file(str(link.get("href") or ""))
