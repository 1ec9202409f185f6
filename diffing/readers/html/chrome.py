"""What of a page is content, and what is only its frame: navigation, banners, share buttons, counters.

The rules are general HTML and ARIA ones plus the class names that Drupal, WordPress and the United States
Web Design System (USWDS) give to such parts. A part that holds the main heading is never taken for frame, nor are
footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

NEVER_READ: Final = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "canvas", "iframe", "object", "embed", "math", "head",
        "audio", "video", "map", "select", "input", "textarea", "datalist", "progress", "meter", "dialog", "nav",
        "link", "meta", "-comment", "!doctype", "_comment",
    }
)  # fmt: skip
"""Elements whose text no reader of the page's content sees."""

_SECTIONING: Final = frozenset({"header", "footer", "aside"})
"""Elements that are content inside an article, and frame around it."""

_ROLES: Final = frozenset(
    {
        "banner",
        "navigation",
        "search",
        "contentinfo",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "directory",
    }
)

_TOKENS: Final = re.compile(
    r"""(?x)
    (?:block-|region-|site-|page-|global-|widget[_-]|elementor-widget-|wp-block-|views-element-)?
    (?:
        # navigation
        bread-?crumbs?|nav|navbar|navigation|topnav|leftnav|sidenav|subnav|mega-?menu|menu|menubar|mobile-menu
        |main-?menu|footer-?menu|skip-?(?:nav|link|to)\w*|pager|pagination|page-numbers|local-?tasks|tabs?--primary
        |contextual(?:-links)?|back-?to-?top|return-?to-?top|toc-?nav|usa-in-page-nav|usa-sidenav|usa-breadcrumb
        |usa-skipnav|usa-nav|usa-header|usa-footer|usa-banner|usa-identifier|usa-search|usa-pagination
        |post-navigation|nav-links|language-?switch\w*|lang-switch\w*
        # the frame
        |(?:site|page|global|main|usa)-(?:header|footer|banner|masthead)|masthead|footer|region-(?:header|footer|sidebar\w*)
        |sidebar|widget-area|left-?rail|right-?rail
        # consent, messages, subscriptions
        |cookie[\w-]*|consent(?:-\w+)?|gdpr[\w-]*|ccpa[\w-]*|onetrust[\w-]*|newsletter\w*|subscribe\w*|sign-?up-(?:form|box)|govdelivery\w*
        |touchpoints\w*|feedback\w*|survey\w*|popup|modal
        # sharing, counters, related, advertising
        |social|social-(?:media|share|links|icons|sharing|buttons|follow)|share|sharing|share-?(?:buttons?|bar|links?|this|tools)
        |a2a_kit|addtoany\w*|addthis\w*|sharedaddy|sharethis\w*|sd-sharing\w*|print-?(?:link|button|page)|email-?page
        |(?:post|page|view|hit|visit|visitor|node)-?(?:views?|counts?|counter|hits)|statistics-counter|statistics_counter
        |related|related-(?:links?|content|posts?|articles?|stories|news|topics|information|pages|items|resources)
        |jp-relatedposts|yarpp\w*|recommended-\w+|read-?next|more-?(?:stories|news)|most-?(?:read|popular)|trending
        |ads?|advert\w*|adsbygoogle|ad-(?:slot|unit|container|banner|wrapper|box)|google-ad\w*|sponsored|promo(?:-?banner)?
        |rotating-?banner|rotator|ad-?rotator|banner|banner-(?:ad|rotator|area|rotating)
        |comments?-(?:area|form|respond|section)|comments|disqus\w*
    )
    (?:-block|-wrapper|-container|-section|-region|-widget|-list|-area|-inner|-menu|__.*|--.*)?
    """
)
_KEPT: Final = re.compile(r"(?:foot-?notes?|end-?notes?|references|glossary|definitions?)\b", re.IGNORECASE)
_HIDDEN_CLASS: Final = re.compile(
    r"(?:^|\s)(?:visually-?hidden|sr-only|screen-reader-text|element-invisible|usa-sr-only|hidden-print|offscreen)(?:\s|$)",
    re.IGNORECASE,
)
_PANEL: Final = re.compile(r"accordion|collaps|tab|panel|expand|toggle|faq|drawer|content", re.IGNORECASE)
_SPOKEN: Final = frozenset({"caption", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_MAIN: Final = ("main", "[role=main]")
_PERHAPS_MAIN: Final = ("#main-content", "#maincontent", "#main", "#content", "#bodyContent", "article")
_NOTES_OUTSIDE: Final = "[role=doc-endnotes],[role=doc-footnote],.footnotes,#footnotes"
_LEAST: Final = 40
"""A <main> with fewer characters is an empty shell."""

_ENOUGH: Final = 0.2
"""An element that is main by its id only must hold this share of the body's text to be believed."""


def find_content(tree: LexborHTMLParser, *, include: tuple[str, ...]) -> list[LexborNode]:
    """The elements to read, in the order of the page; ``include`` are CSS selectors that override the rules."""
    body = tree.body
    if body is None:
        return []
    if include:
        return _outermost(body.css(", ".join(include)))
    main = _main_of(tree, body)
    if main is None:
        return [body]
    notes = _NOTES_OUTSIDE
    if tree.tags("footnote"):
        notes += ",footnote"  # no element of HTML: to select such takes as long as all others together
    return _outermost([main, *body.css(notes)])


def _main_of(tree: LexborHTMLParser, body: LexborNode) -> LexborNode | None:
    """The element that holds the main content, where one can be believed to."""
    for selector in _MAIN:
        for node in body.css(selector):
            if _says_enough(node):
                return node
    tree.strip_tags(["style", "noscript", "template"])
    whole = len(body.text()) - sum(len(script.text()) for script in body.css("script"))
    for selector in _PERHAPS_MAIN:
        found = [node for node in body.css(selector) if node.tag != "a"]
        if len(found) == 1 and len(found[0].text()) >= _ENOUGH * whole:
            return found[0]
    return None


def _says_enough(node: LexborNode) -> bool:
    """Whether an element has ``_LEAST`` characters, blanks apart."""
    said = 0
    for part in node.traverse(include_text=True):
        said += sum(map(len, (part.text_content or "").split()))
        if said >= _LEAST:
            return True
    return False


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """``nodes`` without those that lie inside another of them."""
    chosen = {node.mem_id for node in nodes}
    kept = []
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in chosen:
            above = above.parent
        if above is None:
            kept.append(node)
    return kept


def is_frame(node: LexborNode, attributes: Mapping[str, str | None], *, in_article: bool) -> bool:
    """Whether an element is part of the page's frame, or hidden from its readers."""
    tag = node.tag
    if tag in _SECTIONING and not in_article:
        return not _holds_heading(node)
    if not attributes:
        return False
    role = attributes.get("role")
    if role in _ROLES or (role == "complementary" and not in_article):
        return not _holds_heading(node)
    if _is_hidden(tag, attributes):
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return names != " " and tag != "body" and _named_as_frame(names) and not _holds_heading(node)


def _is_hidden(tag: str | None, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element is hidden for good; panels that open at a click are content."""
    names = attributes.get("class") or ""
    if _HIDDEN_CLASS.search(names):
        return tag not in _SPOKEN
    style = (attributes.get("style") or "").replace(" ", "").lower()
    if "hidden" not in attributes and "display:none" not in style:
        return False
    return not (_PANEL.search(names) or attributes.get("role") in ("tabpanel", "region"))


@lru_cache(maxsize=4096)
def _named_as_frame(names: str) -> bool:
    """Whether one of the class names or the id of an element is that of a part of the frame."""
    return not _KEPT.search(names) and any(_TOKENS.fullmatch(token) for token in names.lower().split())


def _holds_heading(node: LexborNode) -> bool:
    return node.css_first("h1,main,[role=main]") is not None
