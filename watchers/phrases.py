"""What error pages say in place of a document: challenges, maintenance, "not found", in English and Spanish.

A headline may speak of all of it ("Access denied to inspectors at three jails"). A title is an error page's
where hardly anything but the phrase stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final


def _any_of(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.IGNORECASE)


CHALLENGE: Final = _any_of(
    r"access (?:to this page has been )?denied",
    r"acceso denegado",
    r"just a moment",
    r"attention required",
    r"(?:verify(?:ing)? (?:that )?you are|are you) (?:a )?(?:human|robot)",
    r"request (?:was )?(?:blocked|rejected|unsuccessful)",
    r"you have been blocked",
    r"checking (?:if the site connection is secure|your browser)",
    r"security (?:check|checkpoint|verification)\b",
    r"pardon our interruption",
    r"unusual traffic",
    r"(?:bot|human) (?:detection|verification)",
    r"\bcaptcha\b",
    r"\bforbidden\b",
)
MAINTENANCE: Final = _any_of(
    r"(?:scheduled|planned|site|system|under(?:going)?|down for) (?:\w+ )?maintenance",
    r"\ben mantenimiento",
    r"mantenimiento (?:programado|del sitio)",
    r"temporarily (?:unavailable|offline|down)",
    r"be (?:right )?back (?:soon|shortly)",
    r"we(?:'|’)ll be back",
    r"scheduled (?:down ?time|outage)",
    r"service unavailable",
)
NOT_FOUND: Final = _any_of(
    r"\b404\b",
    r"not found",
    r"(?:could ?n[o'’]t|could not|can ?not|can['’]t|unable to) (?:be )?(?:find|found|locate)",
    r"no longer (?:exists?|available)",
    r"does(?: not|n['’]t) exist",
    r"has been (?:removed|deleted)",
    r"page (?:is )?missing",
    r"\bno (?:fue |ha sido )?encontrad[ao]",
    r"\bno (?:se )?(?:encontró|encuentra|existe|(?:pudo|puede|pudimos|podemos) encontrar)",
)

REFUSAL: Final = _any_of(
    r"blocked by (?:our|the) security (?:service|policy|solution)",
    r"incapsula incident|incident id: \d",
    r"your support id is",
    r"you don['’]t have permission to access .{1,200} on this server",
    r"enable (?:js|javascript) (?:and|to) ",
    r"verif(?:y|ies|ying) (?:that )?you(?:['’]re| are) (?:human|not a (?:ro)?bot)",
)
"""What the text of a bare refusal says, whatever its title is."""

UPKEEP: Final = _any_of(
    r"(?:is|are) (?:currently |temporarily |now )?(?:undergoing|performing|under|down for|in|offline for)"
    r" (?:(?:scheduled|planned|routine|system|site) )?maintenance",
    r"(?:will|should) be back (?:online|shortly|soon)",
    r"está (?:temporalmente )?en mantenimiento",
)
"""What the text of a bare page of maintenance says, whatever its title is."""

_PARTS: Final = re.compile(r"\||\s[–—-]\s")
_WORDS: Final = re.compile(r"[\w.'’-]*\w")
_AROUND: Final = re.compile(
    r"a|an|and|are|at|but|by|code|currently|document|error|file|for|has|have|http|https|in|is|it|link"
    r"|looking|of|on|oops|or|our|page|pages|please|portal|request|requested|resource|server|site|sorry"
    r"|status|that|the|there|this|to|try|url|was|we|we're|we’re|web|webpage|website|were|which|you"
    r"|your|de|el|en|es|esta|está|este|ha|la|lo|lamentamos|los|página|que|sentimos|sitio|solicitada|su"
    r"|temporalmente"
    r"|www\..*|[45]\d\d"
)
"""What may stand around any such phrase: articles, “page”, “error 403”, the name of a host."""


def phrase_in(titles: Iterable[str], pattern: re.Pattern[str]) -> str:
    """The words that match in a title that says little else, "" where there is no such title.

    Of the words that may not stand around such a phrase there are fewer than in the phrase.
    """
    for part in (part for title in titles for part in _PARTS.split(title)):
        found = pattern.search(part)
        if found is None:
            continue
        around = _WORDS.findall(pattern.sub(" ", part).lower())
        rest = [word for word in around if not _AROUND.fullmatch(word)]
        if not rest or len(rest) < len(_WORDS.findall(part)) - len(around):
            return found[0]
    return ""
