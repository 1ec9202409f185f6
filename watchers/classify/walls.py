"""Known walls: what stands with status 200 where the document should be, and is news for operators only.

Each wall is told by what it is made of (a password field, a script without text, a row that says "Loading…") or by
the words that the program behind it always writes. What is none of these and yet no document is for the second
look of a later round to tell, which compares with the last release.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from state.model import Verdict
from watchers.classify.html import Page


class Wall(Struct, frozen=True):
    """One kind of wall.

    ``may_stand`` looks at the text without parsing the page, which is slow, and is right about every page that is
    no such wall for certain; ``stands`` decides. ``says`` is the reason, for a person.
    """

    says: str
    verdict: Verdict
    may_stand: Callable[[Page], bool]
    stands: Callable[[Page], bool]


_NOTICE: Final = 900  # characters of the main part; a wall says no more, a document does
_FRAMED: Final = 20_000  # characters of a page whose main part may be such a notice, its frame with it
_UNFRAMED: Final = 4_000  # characters of a page with hardly any frame
_REST_OF_TITLE: Final = 25  # characters beside the words of a breakdown; a headline about one goes on
_BARE: Final = 200  # characters of the whole page: the words of a program that broke down, and nothing else


def wall_in(page: Page) -> Wall | None:
    """The wall that stands in place of the document, None for what may be the document."""
    if not page.is_small:
        return None
    return next((wall for wall in WALLS if wall.may_stand(page) and wall.stands(page)), None)


def _asks_to_sign_in(page: Page) -> bool:
    """A field for a password in a main part that says hardly more; a sign-in box beside a document is none."""
    return page.has('input[type="password" i]') and len(page.main_text) < _NOTICE and not page.has_figures


def _asks_for_consent(page: Page) -> bool:
    """Buttons to accept or refuse, and a main part that speaks of hardly anything else."""
    return (
        len(page.main_text) < _NOTICE
        and not page.has_figures
        and len(page.choices(_CONSENT)) > 0
        and _CONSENT_MATTER.search(page.main_text) is not None
    )


def _is_queue(page: Page) -> bool:
    return len(page.main_text) < _NOTICE and not page.has_figures and _QUEUE.search(page.main_text) is not None


def _is_start_page(page: Page) -> bool:
    """The page that a web server shows until somebody puts another one there."""
    return len(page.main_text) < 4 * _NOTICE


def _is_breakdown(page: Page) -> bool:
    """What a program writes that broke down: in a title of its own, or as the whole page."""
    found = [(text, _BREAKDOWN.match(text)) for text in page.headings]
    titled = any(match and len(text) - len(match[0]) < _REST_OF_TITLE for text, match in found)
    bare = len(page.visible) < _BARE or len(page.main_text) < _BARE
    said = _BREAKDOWN.search(page.main_text) or _BREAKDOWN.search(page.visible[:_NOTICE])
    return (titled and len(page.main_text) < 4 * _NOTICE) or (bare and said is not None)


def _is_closed_to_the_region(page: Page) -> bool:
    return len(page.main_text) < _NOTICE and not page.has_figures and _REGION.search(page.main_text) is not None


def _is_shell(page: Page) -> bool:
    """A page that shows nothing until scripts have run."""
    said = len(page.visible)
    return page.has("script") and said < 40 and (page.has("[id]:empty, noscript") or said == 0)


def _is_dashboard(page: Page) -> bool:
    """A title and hardly a sentence around a dashboard that another server draws."""
    return len(page.main_text) < _BARE and not page.has_figures and page.has(_DRAWN)


def _is_unfilled(page: Page) -> bool:
    """A template whose places were not filled: they are most of what it says."""
    places = _PLACES.findall(page.main_text)
    return len(places) > 1 and 2 * sum(map(len, places)) > len(page.main_text)


def _is_loading(page: Page) -> bool:
    """A table without any row but one that says that rows will come."""
    return page.has_row_in_waiting(_LOADING)


_DRAWING: Final = (
    "powerbi", "tableau", "arcgis", "lookerstudio", "datastudio", "qlik", "flourish", "datawrapper", "dwcdn",
    "shinyapps", "sisense", "domo.com", "dashboard",
)  # fmt: skip
"""Something of it is in the address of a dashboard in a frame."""
_DRAWN: Final = ", ".join((
    *(f'{tag}[src*="{each}" i]' for tag in ("iframe", "embed") for each in _DRAWING),
    ".tableauPlaceholder", ".tableauViz", "tableau-viz", "tableau-dashboard",
))  # fmt: skip
_CONSENT: Final = re.compile(
    r"accept|agree|reject|refuse|decline|allow all|continue|acept|rechaz|accepter|refuser|akzeptier|ablehnen"
    r"|zustimm"
    r"|accett|rifiut|aceit|rejeit|accepteer|weiger|zgadzam|akceptuj|odrzu[cć]",
    re.IGNORECASE,
)
_CONSENT_MATTER: Final = re.compile(
    r"\bcookies?\b|\bprivacy\b|\bconsent\b|privacidad|consentimiento|vie privée|consentement|datenschutz"
    r"|einwilligung"
    r"|privacidade|consentimento|toestemming|prywatno|zgod[aęy]|terms of (?:use|service)",
    re.IGNORECASE,
)
_QUEUE: Final = re.compile(
    r"\b(?:you are (?:now )?in (?:line|(?:the|a) queue|a waiting room)|your estimated wait"
    r"|estimated wait(?:ing)? time"
    r"|waiting room|number of (?:users|people) (?:in line )?ahead of you|your (?:place"
    r"|turn) in (?:the )?(?:line|queue)"
    r"|when it is your turn|(?:high|heavy) (?:traffic|volume|demand).{0,80}(?:wait|queue|line)|sala de espera"
    r"|file d.attente|warteschlange|warteraum|sala d.attesa|wachtrij|wachtkamer|fila de espera|kolejce"
    r"|poczekalni)",
    re.IGNORECASE | re.DOTALL,
)
_START_PAGE: Final = re.compile(
    r"^(?:iis windows(?: server)?|internet information services|microsoft internet information services \d"
    r"|welcome to (?:nginx|openresty|caddy|lighttpd|centos|tengine)\b.*|test page for .{0,60}(?:apache|nginx"
    r"|http).*"
    r"|.{0,40}apache2? .{0,30}default page.*|it works!?|default (?:web ?site|page|parallels plesk page"
    r"|server page)"
    r"|(?:http )?server test page.*|web server'?s default page|placeholder (?:page|site).*"
    r"|apache tomcat(?:/[\d.]+)?"
    r"|future home of .*|congratulations! .{0,60}(?:site|server) .{0,30}(?:set up|installed|running).*"
    r"|site (?:is )?(?:under construction|not (?:configured|published)|coming soon).*)$",
    re.IGNORECASE,
)
_BREAKDOWN: Final = re.compile(
    r"(?:the (?:web)?site encountered an unexpected error|error establishing a database connection"
    r"|there has been a critical error on (?:this|your) website|(?:php )?(?:fatal|parse|syntax|catchable) error:"
    r"|uncaught (?:\w+)?(?:error|exception)|warning: (?:\w+)\(\)|server error in ['‘]/|runtime error\b"
    r"|whitelabel error page|application error(?:: a (?:client|server)-side)?|internal server error|bad gateway"
    r"|gateway time-?out|http error 50\d|50\d (?:internal|bad|service|gateway)|an (?:unexpected "
    r"|application )?error"
    r" (?:has )?occurred|unexpected error|unhandled exception|traceback \(most recent call last\)|stack trace"
    r"|we(?:'|’)re sorry, but something went wrong|something went wrong|sqlstate\[|odbc .{0,40}error"
    r"|database (?:error|connection (?:failed|refused))|could not connect to .{0,30}(?:database|server)"
    r"|(?:object|page) cannot be displayed|oops[!.,]? (?:an|something)|se ha producido un error|une erreur"
    r" (?:est survenue|s.est produite)|(?:es ist )?ein (?:unerwarteter )?fehler (?:ist )?aufgetreten"
    r"|si è verificato un errore|ocorreu um erro|er is een fout opgetreden|wystąpił błąd)",
    re.IGNORECASE,
)
_REGION: Final = re.compile(
    r"(?:not|n['’]t|un)\s?(?:currently )?(?:available|accessible|allowed|authorized|permitted|supported)"
    r" (?:in|from|for|to (?:visitors|users) (?:in|from)) (?:your|this) (?:country|region|location|area)"
    r"|(?:your|this) (?:country|region|location) (?:is|has been) (?:blocked|not (?:supported|allowed)|restricted)"
    r"|access (?:denied|restricted|is limited|is restricted|from your (?:country|region)).{0,80}(?:country"
    r"|region|location)"
    r"|no (?:está )?disponible en su (?:país|región)|pas (?:disponible|accessible) dans votre (?:pays|région)"
    r"|in ihrem land nicht (?:verfügbar|erreichbar)",
    re.IGNORECASE | re.DOTALL,
)
_PLACES: Final = re.compile(
    r"\{\{[^{}]{1,80}\}\}|\$\{[^{}]{1,80}\}|\{%[^%]{1,80}%\}|<%=?[^%]{1,80}%>|\[%[^%]{1,80}%\]"
)
_LOADING: Final = re.compile(
    r"(?:(?:data|results|content|table|records|rows|page)\s+)?(?:is |are |now )*"
    r"(?:loading|please wait|retrieving|fetching|cargando|chargement|wird geladen|lädt|caricamento|carregando"
    r"|a carregar|laden|wczytywanie|ładowanie|processing)"
    r"(?:\s+(?:data|results|content|the table|records|rows|en cours|please wait|datos|\w{1,12}))?[\s.…!]*",
    re.IGNORECASE,
)

_CONSENT_MARKS: Final = (
    "cookie",
    "privacy",
    "privacidad",
    "consent",
    "vie privée",
    "datenschutz",
    "einwilligung",
    "toestemming",
    "prywatno",
    "zgod",
    "terms of",
)
_QUEUE_MARKS: Final = (
    "in line",
    "queue",
    "waiting room",
    "wait time",
    "waiting time",
    "ahead of you",
    "your turn",
    "sala de espera",
    "file d",
    "warte",
    "sala d",
    "wacht",
    "fila de espera",
    "kolejce",
    "poczekalni",
    "high traffic",
    "heavy traffic",
    "high volume",
    "high demand",
)
_REGION_MARKS: Final = (
    "your country",
    "this country",
    "your region",
    "this region",
    "your location",
    "this location",
    "your area",
    "this area",
    "su país",
    "su región",
    "votre pays",
    "votre région",
    "ihrem land",
)
_BREAKDOWN_MARKS: Final = (
    "unexpected error",
    "establishing a database",
    "critical error",
    "fatal error",
    "parse error",
    "syntax error",
    "uncaught",
    "warning: ",
    "server error",
    "runtime error",
    "whitelabel",
    "application error",
    "bad gateway",
    "gateway time",
    "http error",
    "error has occurred",
    "error occurred",
    "unhandled",
    "traceback",
    "stack trace",
    "went wrong",
    "sqlstate",
    "odbc",
    "database error",
    "database connection",
    "could not connect",
    "cannot be displayed",
    "oops",
    "producido un error",
    "une erreur",
    "fehler",
    "errore",
    "um erro",
    "fout",
    "błąd",
)
_WAITING_CELL: Final = re.compile(
    rb"<td[^>]{0,300}>\s{0,99}(?:<[^>]{0,300}>\s{0,99}){0,5}[^<]{0,20}(?:loading|wait|retriev|fetching|cargando|chargement"
    rb"|geladen|caricamento|carrega|laden|wczytywanie|adowanie|processing|l\xc3\xa4dt)"
)


_FEW_CELLS: Final = 8  # of a table that only says that its rows will come, empty ones among them


def _may_wait(page: Page) -> bool:
    """Whether a table of hardly any cell has one that says that rows will come."""
    tables = page.lowered.split(b"<table")[1:] if b"<td" in page.lowered else ()
    return any(1 <= table.count(b"<td") <= _FEW_CELLS and _WAITING_CELL.search(table) for table in tables)


def _is_headed(pattern: re.Pattern[str]) -> Callable[[Page], bool]:
    return lambda page: any(pattern.search(text) for text in page.headings)


def _says(pattern: re.Pattern[str], marks: tuple[str, ...], most: int = _FRAMED) -> Callable[[Page], bool]:
    """Whether a page of at most so many characters says what matches, wherever it stands.

    ``marks``: words in lower case of which all that matches holds one; they are looked for first.
    """
    return lambda page: (
        len(page.rough_text) <= most
        and any(map(page.rough_text.__contains__, marks))
        and pattern.search(page.rough_text) is not None
    )


WALLS: Final = (
    Wall(
        "it asks the reader to sign in",
        Verdict.BLOCKED,
        lambda page: b"password" in page.lowered,
        _asks_to_sign_in,
    ),
    Wall(
        "it asks for consent before it shows anything",
        Verdict.BLOCKED,
        _says(_CONSENT_MATTER, _CONSENT_MARKS, _UNFRAMED),
        _asks_for_consent,
    ),
    Wall("it is a waiting room", Verdict.BLOCKED, _says(_QUEUE, _QUEUE_MARKS), _is_queue),
    Wall(
        "it is closed to readers from here",
        Verdict.BLOCKED,
        _says(_REGION, _REGION_MARKS),
        _is_closed_to_the_region,
    ),
    Wall("it is the start page of a web server", Verdict.UNREACHABLE, _is_headed(_START_PAGE), _is_start_page),
    Wall(
        "the publisher's program broke down",
        Verdict.UNREACHABLE,
        _says(_BREAKDOWN, _BREAKDOWN_MARKS),
        _is_breakdown,
    ),
    Wall(
        "its template was not filled",
        Verdict.UNREACHABLE,
        _says(_PLACES, ("{{", "${", "{%", "<%", "[%")),
        _is_unfilled,
    ),
    Wall(
        "the rows of its table had not come",
        Verdict.UNREACHABLE,
        _may_wait,
        _is_loading,
    ),
    Wall(
        "it is an empty shell that scripts fill, and cannot be read without a browser"
        " (set `render: browser` in the source file)",
        Verdict.EMPTY,
        lambda page: b"<script" in page.lowered and len(page.rough_text) < _BARE,
        _is_shell,
    ),
    Wall(
        "its figures are drawn by a dashboard in a frame, and cannot be read without a browser"
        " (give the address of the frame in a source file with `render: browser`, or look for the data as a file)",
        Verdict.EMPTY,
        lambda page: any(each.encode() in page.lowered for each in _DRAWING) and len(page.rough_text) < _FRAMED,
        _is_dashboard,
    ),
)
"""The first that stands is told."""
