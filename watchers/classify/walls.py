"""Known walls: what stands with status 200 where the document should be, and is news for operators only.

Each wall is told by what it is made of: a password field, a script without text, a row that says "Loading…", a
form that sends itself on, or a short text that speaks of nothing but the site and its reader (``machinery``). What
is none of these and yet no document is for the second look of a later round, which compares with the last release.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from state.model import Verdict
from watchers.classify.html import NOTICE, Page
from watchers.classify.machinery import speaks_of_machinery
from watchers.classify.machinery_words import TRACE


class Wall(Struct, frozen=True):
    """One kind of wall.

    ``may_stand`` looks at the text without parsing the page, which is slow, and is right about every page that is
    no such wall for certain; ``stands`` decides. ``says`` is the reason, for a person.
    """

    says: str
    verdict: Verdict
    may_stand: Callable[[Page], bool]
    stands: Callable[[Page], bool]


_FRAMED: Final = 20_000  # characters of a page whose main part may be a notice, its frame with it
_REST_OF_TITLE: Final = 12  # characters beside the words of a breakdown; a headline about one goes on
_BARE: Final = 200  # characters of the whole page: the words of a program that broke down, and nothing else


def wall_in(page: Page) -> Wall | None:
    """The wall that stands in place of the document, None for what may be the document."""
    if not page.is_small:
        return None
    return next((wall for wall in WALLS if wall.may_stand(page) and wall.stands(page)), None)


def _asks_to_sign_in(page: Page) -> bool:
    """A field for a password or a name in a main part that has hardly more; a box beside a document is none."""
    if len(page.main_text) >= NOTICE or page.has_figures:
        return False
    if page.has_in_main('input[type="password" i]') and len(page.main_text) < _BARE:
        return True
    return page.has_in_main(_NAMES) and speaks_of_machinery([*page.main_lines, *page.buttons], hindered=False)


def _asks_for_consent(page: Page) -> bool:
    """Buttons to choose by, and a main part that speaks of what the site does to its reader, and of nothing."""
    return (
        page.has_in_main(_CHOICES)
        and len(page.main_text) < NOTICE
        and not page.has_figures
        and speaks_of_machinery(list(dict.fromkeys((*page.headings, *page.main_lines))), hindered=False)
    )


def _is_start_page(page: Page) -> bool:
    """The page that a web server shows until somebody puts another one there."""
    rest = [line for line in page.main_lines if line not in page.headings]
    return len(page.main_text) < 4 * NOTICE and (not rest or speaks_of_machinery(rest, hindered=False))


def _is_breakdown(page: Page) -> bool:
    """What a program writes that broke down: all that the page says, or its title above lines of a program."""
    if page.speaks_of_machinery:
        return _BREAKDOWN.search(" ".join((*page.headings, page.main_text))) is not None
    titles = [text for text in page.headings if _BREAKDOWN.match(text) or TRACE.search(text)]
    bare = any(len(_BREAKDOWN.sub("", text)) < _REST_OF_TITLE for text in titles)
    nothing = all(line in page.headings for line in page.main_lines)
    return bool(titles) and ((bare and nothing) or TRACE.search("\n".join(page.main_lines)) is not None)


def _is_shell(page: Page) -> bool:
    """A page that shows nothing until scripts have run."""
    said = len(page.visible)
    return page.has("script") and said < 40 and (page.has("[id]:empty, noscript") or said == 0)


def _is_dashboard(page: Page) -> bool:
    """A title and hardly a sentence around a dashboard that another server draws."""
    return len(page.main_text) < _BARE and not page.has_figures and page.has(_DRAWN)


def _is_unfilled(page: Page) -> bool:
    """A template whose places were not filled: they are most of what it says."""
    if len(page.code) > 1 and sum(map(len, page.code)) > len(page.main_text):
        return True
    places = _PLACES.findall(page.main_text)
    return len(places) > 1 and 2 * sum(map(len, places)) > len(page.main_text)


def _lists_a_server(page: Page) -> bool:
    """The listing of a folder by its server, without a document in it."""
    return page.leads_only_to_folders


def _is_talk_and(pattern: re.Pattern[str]) -> Callable[[Page], bool]:
    """Whether it speaks of the machinery alone, and of this."""
    return lambda page: (
        page.speaks_of_machinery and pattern.search(" ".join((*page.headings, page.main_text))) is not None
    )


def _is_headed(pattern: re.Pattern[str]) -> Callable[[Page], bool]:
    return lambda page: any(pattern.search(text) for text in page.headings)


def _may_wait(page: Page) -> bool:
    """Whether a table of hardly any cell, or a page of hardly any word, may say that something will come."""
    tables = page.lowered.split(b"<table")[1:] if b"<td" in page.lowered else ()
    return any(_WAITING_CELL.search(table) for table in tables if 1 <= table.count(b"<td") <= _FEW_CELLS) or (
        not tables and len(page.rough_text) < _FRAMED and _LOADING_MARK.search(page.rough_text) is not None
    )


def _may_be_broken(page: Page) -> bool:
    return page.may_be_talk or any(_BREAKDOWN.match(text) or TRACE.search(text) for text in page.headings)


def _may_be_unfilled(page: Page) -> bool:
    """Whether a mark of a place stands in the bytes; they are asked first, for the text takes longer."""
    if b"<%" in page.lowered:
        return len(page.rough_text) <= _FRAMED
    signs = page.lowered.translate(None, _NO_SIGNS)
    marked = any(each in signs for each in _PLACE_SIGNS) or any(each in page.lowered for each in _PLACE_WORDS)
    return marked and len(page.rough_text) <= _FRAMED and _PLACES.search(page.rough_text) is not None


def _may_ask(page: Page) -> bool:
    marked = b"password" in page.lowered or (
        any(each in page.lowered for each in _FIELD_MARKS) and page.may_be_talk
    )
    return marked and len(page.rough_text) <= _FRAMED


def _may_be_drawn(page: Page) -> bool:
    framed = any(each in page.lowered for each in _FRAME_MARKS)
    return framed and any(each in page.lowered for each in _DRAWING_MARKS) and len(page.rough_text) < _FRAMED


def _may_offer(page: Page) -> bool:
    return page.may_be_talk and any(
        each in page.lowered for each in (b"<button", b"submit", b"role=", b'"button"')
    )


_DRAWING: Final = (
    "powerbi", "tableau", "arcgis", "lookerstudio", "datastudio", "qlik", "flourish", "datawrapper", "dwcdn",
    "shinyapps", "sisense", "domo.com", "dashboard",
)  # fmt: skip
"""Something of it is in the address of a dashboard in a frame."""
_DRAWN: Final = ", ".join((
    *(f'{tag}[src*="{each}" i]' for tag in ("iframe", "embed") for each in _DRAWING),
    ".tableauPlaceholder", ".tableauViz", "tableau-viz", "tableau-dashboard",
))  # fmt: skip
_FRAME_MARKS: Final = (b"<iframe", b"<embed", b"tableau")
_DRAWING_MARKS: Final = tuple(each.encode() for each in _DRAWING)
_NAMES: Final = 'input[type="password" i], input[type="email" i], input[autocomplete="username" i]'
_FIELD_MARKS: Final = (b"email", b"username")
_CHOICES: Final = "button, input[type=submit i], input[type=button i], [role=button]"
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
_GUARD: Final = re.compile(
    r"\b(?:ro)?bots?\b|human|captcha|blocked|denied|sign in|log ?in\b|session|access|permission|authenticat"
    r"|too many|cookies|security|connect|browser|mensch|humain|anmeld|zugriff|reject|rechaz|rejet|abgelehnt",
    re.IGNORECASE,
)
"""What guards speak of, beside those who broke down."""
_PLACES: Final = re.compile(
    r"\{\{[^{}]{1,80}\}\}|\$\{[^{}]{1,80}\}|\{%[^%]{1,80}%\}|<%=?[^%]{1,80}%>|\[%[^%]{1,80}%\]|%%\w{1,60}%%|\[\[[^\[\]]{1,60}\]\]"
    r"|#\{[^{}]{1,60}\}|\$!?[a-z]\w{1,40}(?:\.\w{1,40})+|(?<!\w)@\w{1,40}\.\w{1,40}(?:\.\w{1,40})*(?!\.?\w)|__[A-Z][A-Z_]{1,40}__|##\w{1,60}##"
    r"|\bundefined\b|\[object Object\]",
    re.IGNORECASE,
)
_PLACE_SIGNS: Final = (b"{{", b"{%", b"[%", b"%%", b"[[", b"#{", b"$", b"@", b"&", b"__", b"##")
_PLACE_WORDS: Final = (b"undefined", b"[object object]")
"""One of these stands in each such place, as it is or as an entity of HTML."""
_NO_SIGNS: Final = bytes(set(range(256)).difference(b"".join(_PLACE_SIGNS)))
_LOADS: Final = (
    r"(?:loading|please wait|stand by|retrieving|fetching|cargando|chargement|veuillez patienter"
    r"|(?:w[io]rde?n? )?geladen|lädt|caricamento|carregando|a carregar|laden|wczytywanie|ładowanie|laddar|indlæser"
    r"|laster|processing|espere|aguarde|attendere)"
)
_LOADING: Final = re.compile(
    rf"(?:(?:data|results|content|table|records|rows|page)\s+)?(?:is |are |now )*{_LOADS}"
    r"(?:\s+(?:data|results|content|the table|records|rows|en cours|please wait|datos|\w{1,12}))?[\s.…!]*"
    rf"|(?=.{{0,60}}(?<!\w){_LOADS}).{{1,80}}(?:\.\.\.|…)",
    re.IGNORECASE,
)
"""A line that says that something will come: in so many words, or a short one that breaks off."""
_LOADING_MARK: Final = re.compile(_LOADS)
_WAITING_CELL: Final = re.compile(
    rb"<td[^>]{0,300}>\s{0,99}(?:<[^>]{0,300}>\s{0,99}){0,5}[^<]{0,60}(?:loading|wait|stand by|retriev|fetching"
    rb"|cargando|chargement|patienter|geladen|caricamento|carrega|laden|wczytywanie|adowanie|laddar|laster|processing|l\xc3\xa4dt|espere|aguarde|attendere)"
)
_FEW_CELLS: Final = 8  # of a table that only says that its rows will come, empty ones among them
_FOLDER: Final = re.compile(
    r"^(?:index of|directory listing (?:for|of)|directory:?|folder listing\b.*) ?/", re.IGNORECASE
)


WALLS: Final = (
    Wall("it asks the reader to sign in", Verdict.BLOCKED, _may_ask, _asks_to_sign_in),
    Wall("it asks for consent before it shows anything", Verdict.BLOCKED, _may_offer, _asks_for_consent),
    Wall(
        "it is a form that sends itself on, as logins and portals of networks do",
        Verdict.BLOCKED,
        lambda page: b"hidden" in page.lowered and len(page.rough_text) < 2 * _BARE,
        lambda page: page.sends_itself_on,
    ),
    Wall("it is a waiting room", Verdict.BLOCKED, lambda page: page.may_be_talk, _is_talk_and(_QUEUE)),
    Wall(
        "it is closed to readers from here", Verdict.BLOCKED, lambda page: page.may_be_talk, _is_talk_and(_REGION)
    ),
    Wall("it is the start page of a web server", Verdict.UNREACHABLE, _is_headed(_START_PAGE), _is_start_page),
    Wall("the publisher's program broke down", Verdict.UNREACHABLE, _may_be_broken, _is_breakdown),
    Wall("its template was not filled", Verdict.UNREACHABLE, _may_be_unfilled, _is_unfilled),
    Wall(
        "it is the listing of a server's folder without a document",
        Verdict.UNREACHABLE,
        _is_headed(_FOLDER),
        _lists_a_server,
    ),
    Wall(
        "the rows of its table, or all that it shows, had not come",
        Verdict.UNREACHABLE,
        _may_wait,
        lambda page: page.is_waiting(_LOADING),
    ),
    Wall(
        "it speaks of nothing but the reader's access",
        Verdict.BLOCKED,
        lambda page: page.may_be_talk,
        _is_talk_and(_GUARD),
    ),
    Wall(
        "it speaks of nothing but the site and what stands in the way",
        Verdict.UNREACHABLE,
        lambda page: page.may_be_talk,
        lambda page: page.speaks_of_machinery,
    ),
    Wall(
        "it is an empty shell that scripts fill, and cannot be read without a browser"
        " (set `render: browser` in the source file)",
        Verdict.EMPTY,
        lambda page: b"<script" in page.lowered and len(page.rough_text) < _BARE,
        _is_shell,
    ),
    Wall(
        "nothing stands in it but the frame of its site",
        Verdict.EMPTY,
        lambda page: page.may_be_blank,
        lambda page: page.is_blank,
    ),
    Wall(
        "its figures are drawn by a dashboard in a frame, and cannot be read without a browser"
        " (give the address of the frame in a source file with `render: browser`, or look for the data as a file)",
        Verdict.EMPTY,
        _may_be_drawn,
        _is_dashboard,
    ),
)
"""The first that stands is told."""
