"""Walls, lies about freshness, lists, pages for browsers: what stands in a page's place, or hides what left it."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping, Sequence

from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate

from benchmarks.making.scenario_pages import (
    ROWS,
    SAME_DATE,
    Rows,
    Scenario,
    kinds,
    one_less,
    page,
    plain,
    table_of,
)
from benchmarks.peers.serving import good
from tests.incidents.making import HTML, Reply

_HERE = good(page())
_BLOCKED = kinds("source-blocked")
_UNREACHABLE = kinds("source-unreachable")
_LESS = good(page(one_less()))
_ROW = ("Dogwood Correctional Center",)
_SHELL = "<!doctype html><html><head><title>{}</title></head><body>{}</body></html>"


def _bare(title: str, body: str) -> Reply:
    return Reply(status=200, body=_SHELL.format(title, body).encode(), headers=(("Content-Type", HTML),))


def _data(text: str, media_type: str) -> Reply:
    return Reply(status=200, body=text.encode(), headers=(("Content-Type", media_type),))


def _once(name: str, wall: Reply, operators: frozenset[str]) -> Scenario:
    """A wall that stands for one look; the page is as it was afterwards."""
    return Scenario(f"{name}, once", (_HERE, wall, _HERE), operators=operators)


_FIELDS = "<form method=post><input name=u><input type=password name=p><button>{}</button></form>"
_LOADING = _HERE.body.partition(b"<tbody>")[0] + (
    b"<tbody><tr><td colspan=4>Loading...</td></tr></tbody></table></main></body></html>"
)

WALLS: Sequence[Scenario] = (
    _once(
        "a consent wall",
        _bare(
            "Agency",
            "<h2>We value your privacy</h2><p>We and our 214 partners store cookies on your device."
            "</p><button>Accept all</button><button>Reject all</button>",
        ),
        _BLOCKED,
    ),
    _once("a form to sign in", _bare("Sign in", "<h1>Sign in</h1>" + _FIELDS.format("Sign in")), _BLOCKED),
    _once(
        "a firewall's refusal in Spanish",
        _bare(
            "Solicitud rechazada",
            "La URL solicitada fue rechazada. Por favor consulte con su administrador."
            "<br>Su ID de soporte es: 11485762394857623948",
        ),
        _BLOCKED,
    ),
    _once(
        "a waiting room",
        _bare("Virtual queue", "<h1>You are in line</h1><p>Your estimated wait time is 12 minutes.</p>"),
        _BLOCKED,
    ),
    _once(
        "closed to readers from here", _bare("", "<p>This content is not available in your country.</p>"), _BLOCKED
    ),
    _once(
        "an error of the content system",
        plain("Error", "The website encountered an unexpected error. Please try again later."),
        _UNREACHABLE,
    ),
    _once(
        "maintenance in French",
        plain("Site en cours de maintenance", "Nous serons de retour sous peu. Merci de votre patience."),
        _UNREACHABLE,
    ),
    _once(
        "maintenance in Japanese",
        _bare("メンテナンス中", "<p>ただいまメンテナンス中です。しばらくお待ちください。</p>"),
        _UNREACHABLE,
    ),
    _once(
        "the start page of a server",
        _bare("IIS Windows Server", "<a href='https://iis.example/'><img src=iisstart.png alt=IIS></a>"),
        _UNREACHABLE,
    ),
    _once("a template that was not filled", plain("{{ page.title }}", "{{ page.body }}"), _UNREACHABLE),
    _once("“Loading...” for a table", good(_LOADING), _UNREACHABLE),
    _once(
        "a shell for scripts", _bare("Statistics", "<div id=app></div><script src=/app.js></script>"), _UNREACHABLE
    ),
    _once("a cut page", good(page()[: len(page()) // 2]), _UNREACHABLE),
    Scenario(
        "an error object in place of a list, once",
        (table_of(ROWS), _data('{"error":true,"message":"Query timed out"}', "application/json"), table_of(ROWS)),
        operators=_UNREACHABLE,
        suffix=".csv",
    ),
    Scenario(
        "another page in its place, once",
        (
            _HERE,
            plain("Annual picnic", "The picnic is held on the lawn. Bring a chair and something to share."),
            _HERE,
        ),
        operators=_BLOCKED,
    ),
    Scenario(
        "another page in its place, for good",
        (_HERE, *2 * (plain("Annual picnic", "The picnic is held on the lawn. Bring a chair."),)),
        kinds("page-replaced"),
        _BLOCKED,
    ),
    Scenario(
        "the page in another language, once",
        (
            _HERE,
            plain(
                "Estadísticas",
                "La agencia publica las cifras de las personas que están detenidas en los "
                "centros y de las que fueron deportadas. Las cifras no son definitivas.",
            ),
            _HERE,
        ),
        operators=_BLOCKED,
    ),
)


_TO_COME = "Fri, 31 Dec 2049 23:59:59 GMT"


def _tagged(body: bytes) -> Reply:
    return Reply(status=200, body=body, headers=(("Content-Type", HTML), ("ETag", '"always-the-same"')))


def _for_telephones() -> Reply:
    """The page as a server makes it for small screens: a card a row, without the menu."""
    cards = "".join(
        f"<section><h3>{name}</h3><p>State: {state}</p><p>Average daily population: {held:,}</p>"
        f"<p>Deaths: {deaths}</p></section>"
        for name, state, held, deaths in ROWS
    )
    start, rest = page().decode().split("<table>")
    return good(f"{start}{cards}{rest.partition('</table>')[2]}".encode())


FRESHNESS: Sequence[Scenario] = (
    Scenario(
        "an ETag that stays while the page changes",
        (_tagged(page()), _tagged(page(one_less())), _tagged(page(one_less()))),
        kinds("rows-vanished"),
        may=SAME_DATE,
        words=_ROW,
    ),
    Scenario(
        "a Last-Modified to come",
        tuple(
            Reply(status=200, body=body, headers=(("Content-Type", HTML), ("Last-Modified", _TO_COME)))
            for body in (page(), page(one_less()))
        ),
        kinds("rows-vanished"),
        may=SAME_DATE,
        words=_ROW,
    ),
    Scenario(
        "two servers behind one name, in turn",
        tuple(
            good(page(rows, updated=day) + f"<!-- node {n}, {n * 7919} -->".encode())
            for n, (rows, day) in enumerate(3 * ((ROWS, "January 13, 2025"), (one_less(), "January 20, 2025")))
        ),
        kinds("rows-vanished", "alternates"),
        words=_ROW,
    ),
    Scenario(
        "the edition for telephones, in turn",
        3 * (_HERE, _for_telephones()),
        kinds("table-rearranged", "alternates"),
        words=("is text now",),
    ),
    Scenario(
        "gzip that no header names",
        tuple(
            Reply(status=200, body=gzip.compress(body, mtime=0), headers=(("Content-Type", HTML),))
            for body in (page(), page(one_less()))
        ),
        kinds("rows-vanished"),
        may=SAME_DATE,
        words=_ROW,
    ),
)

_GONE = Reply(status=404, body=b"<h1>Not found</h1>", headers=(("Content-Type", HTML),))
_FILE = table_of(ROWS)
_FILE_LESS = table_of(one_less())


def _list(*hrefs: str, more: str = "") -> Reply:
    links = "".join(f"<li><a href='{href}'>Letter {number}</a></li>" for number, href in enumerate(hrefs))
    return plain("Letters of the agency", f"Letters are put here as they are sent.</p><ul>{links}</ul>{more}<p>")


def _feed(*hrefs: str) -> Reply:
    items = "".join(f"<item><title>Letter</title><link>{href}</link></item>" for href in hrefs)
    return _data(
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Letters</title><link>/</link>"
        f"<description>Letters</description>{items}</channel></rss>",
        "application/rss+xml",
    )


def _three(folder: str, last: Sequence[Reply] = (_FILE,)) -> Mapping[str, tuple[Reply, ...]]:
    """Three files of which the last answers in turn as said."""
    return {f"/{folder}/{name}.csv": (_FILE,) for name in "ab"} | {f"/{folder}/c.csv": tuple(last)}


_DAYS = tuple(f"/days/{name}.csv?date=2026-01-0{look}" for look in range(1, 4) for name in "abc")
_EDITIONS = tuple(f"/editions/a.csv?date=2026-01-0{number}" for number in range(1, 4))


def _signed(name: str, look: int) -> str:
    return f"/token/{name}.csv?sig={look}{look}af83c&expires=17{look}0003599"


LISTS: Sequence[Scenario] = (
    Scenario(
        "a file left its list and is gone",
        (_list("/left/a.csv", "/left/b.csv", "/left/c.csv"), *2 * (_list("/left/a.csv", "/left/b.csv"),)),
        kinds("file-withdrawn"),
        beside=_three("left", (_FILE, _GONE, _GONE)),
        follows=r"/left/",
    ),
    Scenario(
        "a file left its list and is still served",
        (_list("/still/a.csv", "/still/b.csv", "/still/c.csv"), _list("/still/a.csv", "/still/b.csv")),
        kinds("file-withdrawn"),
        words=("no longer linked",),
        beside=_three("still"),
        follows=r"/still/",
    ),
    Scenario(
        "new tokens in all addresses at each look",
        tuple(_list(*(_signed(name, n) for name in "abc")) for n in range(1, 4)),
        beside={_signed(name, n): (_FILE,) for n in range(1, 4) for name in "abc"},
        follows=r"/token/",
    ),
    Scenario(
        "the day in all addresses at each look, and the days before gone",
        tuple(_list(*_DAYS[3 * look : 3 * look + 3]) for look in range(3)),
        beside={
            url: tuple(_FILE if place // 3 == look else _GONE for look in range(3))
            for place, url in enumerate(_DAYS)
        },
        follows=r"/days/",
    ),
    Scenario(
        "the edition of one day left a list of editions",
        (_list(*_EDITIONS), *2 * (_list(*_EDITIONS[1:]),)),
        kinds("file-withdrawn"),
        words=("date=2026-01-01",),
        beside={url: (_FILE,) if place else (_FILE, _GONE, _GONE) for place, url in enumerate(_EDITIONS)},
        follows=r"/editions/",
    ),
    Scenario(
        "a row left a file of a feed",
        (_feed("/feed/a.csv", "/feed/b.csv", "/feed/c.csv"),),
        kinds("rows-vanished"),
        words=_ROW,
        beside=_three("feed", (_FILE, _FILE_LESS)),
        follows=r"/feed/",
        suffix=".xml",
    ),
    Scenario(
        "a row left a file on the second page of a list",
        (_list("/next/a.csv", more="<a rel=next href='/next-page?offset=20'>Older</a>"),),
        kinds("rows-vanished"),
        words=_ROW,
        beside=_three("next", (_FILE, _FILE_LESS))
        | {"/next-page?offset=20": (_list("/next/b.csv", "/next/c.csv"),)},
        follows=r"/next/",
    ),
    Scenario(
        "a row left a file of a list to which a page sends its readers on",
        (_bare("Moved", "<meta http-equiv=refresh content='0; url=/onward'>"),),
        kinds("rows-vanished"),
        words=_ROW,
        beside=_three("onward", (_FILE, _FILE_LESS)) | {"/onward": (_list("/onward/a.csv", "/onward/c.csv"),)},
        follows=r"/onward/",
    ),
    Scenario(
        "a row left a file that a viewer shows",
        (_list("/viewer.html?file=/seen/c.csv"),),
        kinds("rows-vanished"),
        words=_ROW,
        beside=_three("seen", (_FILE, _FILE_LESS)) | {"/viewer.html?file=/seen/c.csv": (_bare("Viewer", ""),)},
        follows=r"/seen/",
    ),
)


def _scripted(script: str) -> Reply:
    return _bare(
        "Detention statistics | Agency",
        f"<main><h1>Detention statistics</h1><div id=t></div></main><script>{script}</script>",
    )


_FETCHED = (
    "const t = document.getElementById('t'); fetch('{}').then(a => {{ if (!a.ok) throw a; return a.text(); }})"
    ".then(b => t.innerHTML = b).catch(() => t.innerHTML = '<p>No data.</p>')"
)


def _fragment(rows: Rows) -> Reply:
    body = page(rows).partition(b"<main>")[2].partition(b"</main>")[0]
    return _data(body.decode(), "text/plain")


BROWSER: Sequence[Scenario] = (
    Scenario(
        "a row left what a script loads",
        (_scripted(_FETCHED.format("/loads.txt")),),
        kinds("rows-vanished"),
        may=SAME_DATE,
        words=_ROW,
        beside={"/loads.txt": (_fragment(ROWS), _fragment(one_less()))},
        shown=True,
    ),
    Scenario(
        "the data of a script fail once, with 503",
        (_scripted(_FETCHED.format("/fails.txt")),),
        operators=_UNREACHABLE,
        beside={"/fails.txt": (_fragment(ROWS), Reply(status=503), _fragment(ROWS))},
        shown=True,
    ),
    Scenario(
        "a script loops for ever, once",
        (
            _scripted(_FETCHED.format("/loops.txt")),
            _scripted("for (;;) {}"),
            _scripted(_FETCHED.format("/loops.txt")),
        ),
        operators=_UNREACHABLE,
        beside={"/loops.txt": (_fragment(ROWS),)},
        shown=True,
    ),
)

_ENGLISH = (
    "The office holds persons in its custody for no more than twelve hours before they are moved to a facility.",
    "It is not the policy of the office to hold families, and children are released to relatives in the county.",
    "The sheriff reports to the county at the end of each month how many persons were held and for how long.",
)
_SPANISH = (
    "La oficina mantiene a las personas bajo su custodia por no más de doce horas antes de que sean trasladadas.",
    "No es la política de la oficina retener a las familias, y los niños son entregados a sus parientes.",
    "El alguacil informa al condado al final de cada mes cuántas personas fueron detenidas y por cuánto tiempo.",
)


def _letter(sentences: Sequence[str]) -> Reply:
    stream = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(stream, invariant=1).build([Paragraph(each, style) for each in sentences])
    return good(stream.getvalue())


LANGUAGES: Sequence[Scenario] = (
    Scenario(
        "a file in another language, once",
        (_letter(_ENGLISH), _letter(_SPANISH), _letter(_ENGLISH)),
        operators=_BLOCKED,
        suffix=".pdf",
    ),
    Scenario(
        "a file in another language, and then its own again",
        (_letter(_ENGLISH), *2 * (_letter(_SPANISH),), _letter(_ENGLISH)),
        kinds("wrong-edition"),
        _BLOCKED,
        words=("Spanish", "is in English again"),
        suffix=".pdf",
    ),
)

SITUATIONS: tuple[Scenario, ...] = (*WALLS, *FRESHNESS, *LISTS, *LANGUAGES, *BROWSER)
