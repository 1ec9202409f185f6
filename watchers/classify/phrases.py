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
    r"access (?:to this page has been )?denied(?! (?:to|for|by|at|in) (?!(?:this|the requested|you|your)\b))",
    r"^(?:(?:error )?40[13][ :–-]{1,3})?(?:not authori[sz]ed|unauthori[sz]ed)$",
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
    r"^(?:(?:site|website|system|server|portal|planned|under) )?maintenance(?: mode| page)?$",
    r"^(?:wartung(?:s(?:arbeiten|modus|seite))?|(?:site )?en maintenance|(?:sito )?in manutenzione"
    r"|em manutenção|onderhoud|przerwa techniczna|prace serwisowe|underhåll)$",
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

_SITE: Final = (
    r"\b(?:(?:(?:this|our) (?:[\w-]+ )?|the )"
    r"(?:site|page|portal|server|system|service|application|website|webpage)|we"
    r"|[\w-]+(?:\.[\w-]+)*\.(?:gov|org|edu|com|mil|us))"
)
"""Who speaks of itself in a notice; an elevator, or another portal, may be under maintenance, too."""
_PAGE: Final = r"(?:page|url|address|web ?page)"
_ASKED: Final = (
    r"(?:requested (?:page|document|file|resource|content|url)"
    r"|(?:page|document|file|resource|content|url|item)(?: that)? you(?:['’]re| are| were|['’]ve| have)?"
    r" (?:requested|seeking|looking for|trying to (?:reach|access|view|find)))"
)
UPKEEP_NOTICE: Final = _any_of(
    _SITE + r"(?: is| are|['’]re)(?: currently| temporarily| now)*"
    r" (?:undergoing|performing|conducting|under|(?:down|offline|closed) for|in|unavailable (?:due to|for|during))"
    r" (?:[\w-]+,? (?:and )?){0,3}?(?:maintenance|upgrades?\b)",
    _SITE + r"(?: will|['’]ll| should) be back (?:online|shortly|soon)",
    r"(?:este|el|nuestro|la|esta|nuestra) (?:sitio|portal|página)(?: web)? (?:se encuentra|está)"
    r"(?: temporalmente| actualmente)? en mantenimiento",
)
"""Sentences in which a site says of itself that it is not there for now."""
LOST_NOTICE: Final = _any_of(
    rf"(?:{_ASKED}|(?:this|the) {_PAGE}) (?:could not|cannot|can not|can['’]t|couldn['’]t) be (?:found|located)",
    rf"(?:{_ASKED}|(?:this|the) {_PAGE}) (?:does(?: not|n['’]t) exist|no longer exists|is no longer available"
    r"|was not found|(?:has|may have) been (?:removed|deleted|moved))",
    r"\bwe(?:['’]re| are| were)? (?:could ?n[o'’]t|could not|can['’]t|cannot|couldn['’]t|unable to)"
    r" (?:find|locate) (?:(?:the|that|this) (?:page|document|file|resource)|what you)",
)
"""Sentences in which a site says that what was asked for is not there."""
_OF_THIS: Final = r"(?:this|the requested) (?:page|resource|site|website|content|url|document)"
REFUSAL_NOTICE: Final = _any_of(
    rf"you (?:do not|don['’]t) have (?:permission|authori[sz]ation) to (?:access|view|see) {_OF_THIS}",
    rf"you are not authori[sz]ed to (?:access|view|see) {_OF_THIS}",
    rf"access to {_OF_THIS} (?:is|was|has been) (?:denied|blocked)",
    r"your (?:request|access|ip address) (?:has been|was|is) (?:blocked|denied)",
    r"(?:enable|allow|turn on) (?:browser )?cookies (?:in your browser|to (?:continue|proceed|view))",
    r"cookies (?:must be|need to be|are not|are) (?:enabled|disabled|required|turned off)",
    r"your browser (?:does not|doesn['’]t|must) (?:accept|support) cookies",
)
"""Sentences in which a site refuses whoever asks."""
NOTICE_MARKS: Final = (
    b"maintenance", b"mantenimiento", b"upgrade", b"be back",
    b"be found", b"be located", b"not exist", b"t exist", b"no longer", b"not found",
    b"been removed", b"been deleted", b"been moved", b"find th", b"find what", b"locate th", b"locate what",
    b"permission to", b"authorization to", b"authorisation to", b"authorized to", b"authorised to",
    b"access to th", b"been blocked", b"been denied", b"was blocked", b"is blocked", b"was denied", b"is denied",
    b"cookies",
)  # fmt: skip
"""Of each such sentence something, in lower case: what has none of these has no notice."""

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
