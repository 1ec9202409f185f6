"""The words in which walls speak, by what they do; ``machinery`` weighs them.

In the languages of most publishers, and by their stems: a wall that nobody has seen yet is made of the same ones.
"""

from __future__ import annotations

import re
from typing import Final

from watchers.classify import machinery_words_by_script as further


def _stems(*words: str, unspaced: str = "") -> re.Pattern[str]:
    """Words by their beginnings; ``unspaced`` are those of languages that set no spaces, found anywhere."""
    anywhere = f"|{unspaced}" if unspaced else ""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)}){anywhere}", re.IGNORECASE)


THINGS: Final = _stems(
    r"browser", r"java\s?script", r"cookies?\b", r"(?:web|proxy|cache|application|backend)?[ -]?servers?\b",
    r"urls?\b", r"https?\b", r"ip(?:[ -]address|:)", r"your ip", r"captcha", r"(?:ro)?bots?\b", r"crawlers?\b",
    r"log(?:ged|ging)?[ -]?in\b", r"sign(?:ed|ing)?[ -]in\b", r"passwords?\b",
    r"session (?:has )?(?:expired|ended|timed)", r"web\s?master", r"(?:site|website) (?:owner|admin)",
    r"(?:system|site|cache|server|network)? ?administra[dt]", r"firewall", r"prox(?:y|ies)\b", r"gateway",
    r"exceptions?\b", r"stack trace", r"(?:ray|request|reference|incident|support|block) id\b",
    r"(?:this|our) (?:site|page)", r"(?:the|a) (?:page|resource|file|document|site) you", r"virtu[ae]l",
    r"default (?:\w+ )?page", r"web\s?(?:site|page)s?\b", r"domain(?: name)?s?\b", r"hosting", r"wi-?fi\b",
    r"upstream", r"timed? ?-?out\b", r"back ?end", r"re(?:load|fresh)\b", r"redirect", r"runtime", r"unhandled",
    r"sql\b", r"tokens?\b", r"throttled", r"credentials", r"terms (?:and conditions|of (?:use|service|access))",
    r"information system", r"connection\b", r"(?:this|our) (?:service|portal|application|system|account)\b",
    r"your privacy", r"privacy (?:choices|settings|preferences)", r"dies\w* (?:angebot|dienst|portal)",
    r"ce service", r"este servicio", r"questo servizio", r"deze dienst", r"denna (?:sida|tjänst)",
    r"plug-?ins?\b", r"authentication", r"traceback", r"human",
    r"technical (?:difficult|problem|issue|error|fault)", r"checking your", r"error (?:code|id|number)\b",
    r"tab\b", r"nutzungsbedingungen", r"wlan\b", r"technische (?:probleme|störung)",
    r"online-?(?:dienst|angebot)", r"seiten?\b", r"web(?:seite|site|auftritt)",
    r"internet(?:angebot|auftritt|seite)", r"anmeld", r"kennwort", r"passwort", r"einwilligung", r"datenschutz",
    r"sitzung", r"fehler", r"verbindung", r"weitergeleitet", r"wartungsarbeiten", r"mensch\b",
    r"problèmes? techniques?", r"conditions d['’]utilisation", r"onglet", r"(?:file|salle) d['’]attente",
    r"mot de passe", r"(?:ce|notre|du|le) site\b", r"site web", r"navigateur", r"serveur", r"traceurs",
    r"témoins de connexion", r"connexion", r"vie privée", r"consentement", r"(?:votre|cette) requête",
    r"requête (?:http|incorrecte|invalide)", r"humain\b",
    r"problem(?:as|i) t[ée]cnic", r"condi[cz]ion[ei]s? (?:de uso|d['’]uso)", r"termos de", r"página",
    r"sala (?:de espera|d['’]attesa)", r"sitio", r"navegador", r"servidor", r"contraseña", r"senha\b",
    r"inici(?:e|ar) sesión", r"sesión", r"privacidad", r"consent", r"portale?\b", r"sito\b", r"pagina\b",
    r"accedi\b", r"(?:su|esta) solicitud\b", r"(?:sua|tua|questa) richiesta", r"(?:seu|este) pedido\b",
    r"gebruiksvoorwaarden", r"regulamin", r"(?:twoje|to) żądani",
    r"wachtkamer", r"wachtrij", r"kolejk", r"poczekaln", r"stránk", r"prohlížeč", r"souhlas", r"soukrom",
    r"přihl[aá]", r"hjemmeside", r"webside", r"samtykke", r"adgangskode", r"informasjonskaps", r"webpagina",
    r"toestemming", r"wachtwoord", r"inloggen", r"stron[aęy]\b", r"serwis", r"przegląd", r"prywatno",
    r"zgod[ęy]", r"zaloguj", r"hasł", r"techniczn", r"webbplats", r"kakor", r"samtycke", r"logga in",
    r"lösenord",
    r"(?:an? )?(?:unexpected |unhandled |unknown |internal )?errors? (?:has |have )?(?:been )?occur",
    r"requests? (?:could not|cannot|can['’]t|couldn['’]t) be (?:satisfied|processed|completed|fulfilled)",
    r"(?:this|the) content (?:is|was) ?(?:n['’]t| not) (?:currently )?available", r"content isn['’]t available",
    r"(?:trouble|problems?) (?:displaying|loading|rendering|connecting)",
    r"unable to (?:connect|load|display|render|process|complete your)", r"technical details", r"troubleshoot",
    r"(?:to|the) data ?source", r"requested (?:resource|url|page|content|object)", r"allowed to browse",
    r"(?:\w+ ){0,2}(?:id|ids|identifier|guid|de soporte|de support|support)\W{1,4}(?=[\w/+=-]*\d)[\w/+=-]{6,}",
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", r"\d{15,}",
    r"contact (?:our|the) (?:\w+ )?(?:support|help ?desk)", r"help ?desk",

    *further.THINGS, unspaced=further.THINGS_UNSPACED,
)  # fmt: skip
"""What only the machinery is called by."""

TOUCHES: Final = _stems(
    r"errors?\b", r"access", r"service\b", r"requests?\b", r"requested\b", r"connect", r"system\b", r"database",
    r"maintenance", r"security", r"traffic", r"accounts?\b", r"application\b", r"portals?\b", r"network",
    r"blocked\b", r"denied\b", r"permission", r"unavailable", r"not available",
    r"(?:one|a|just a|einen|un) moment", r"wait\b", r"queue", r"in line\b", r"please\b", r"sorry\b", r"apolog",
    r"continue\b", r"accept", r"agree\b", r"verif", r"confirm", r"your?\b", r"we\b", r"try again",
    r"visit(?:or)?s?\b", r"click", r"press\b", r"enable", r"contact\b", r"back (?:shortly|soon|in)",
    r"patience", r"thank you", r"temporar", r"moved\b", r"pages?\b", r"sites?\b", r"refused", r"failed",
    r"notified", r"working on", r"come back", r"unexpected", r"undefined", r"occurred", r"internet", r"device",
    r"bitte", r"ihre?[nrms]?\b", r"sie\b", r"warte", r"geduld", r"überprüf", r"später", r"vorübergehend",
    r"verfügung", r"zustimm", r"akzept", r"zugriff", r"veuillez", r"votre", r"vous\b", r"merci", r"patient",
    r"momentané", r"indisponible", r"refuser", r"vérif", r"plus tard", r"nous\b", r"erreur", r"por favor",
    r"su\b", r"acept", r"más tarde", r"intént", r"disculp", r"servi[cç]", r"mantenimiento", r"hemos\b",
    r"errore?\b", r"manuten", r"momentane", r"scusiamo", r"disagio", r"riprova", r"accett", r"indispon",
    r"mais tarde", r"autoriz", r"utiliza", r"clic", r"dados de\b", r"alstublieft", r"wij\b", r"uw\b",
    r"apparaat", r"gebruik", r"onderhoud", r"probeer", r"prosimy", r"zapraszamy", r"przerw", r"prac[ea]",
    r"spróbuj", r"błąd", r"schlange\b", r"(?:an der )?reihe\b", r"check back", r"minute", r"seconds?\b",
    r"may take", r"partner", r"informationen\b", r"klikaj", r"vänligen", r"ditt\b", r"godkänn", r"underhåll",
    r"fel\b",
    *further.TOUCHES, unspaced=further.TOUCHES_UNSPACED,
)  # fmt: skip
"""What the machinery and the world are both spoken of with; two in a sentence to the reader are talk of it."""

ADDRESSES: Final = _stems(
    r"please\b", r"your?\b", r"we\b", r"our\b", r"sorry\b", r"apolog", r"try again", r"check back",
    r"(?:just|one) moment", r"this may take", r"thank you", r"click", r"press\b", r"wait\b", r"notified",
    r"bitte", r"sie\b", r"ihre?[nrms]?\b", r"veuillez", r"v(?:ous|otre)\b", r"nous\b", r"merci", r"por favor",
    r"hemos\b", r"disculp", r"lo sentimos", r"intént", r"scusiamo", r"pedimos", r"fermez", r"bestätigen",
    r"\w+ez (?:pas|la|le|les|votre)\b", r"riprova", r"utilizamos", r"ao clicar", r"alstublieft", r"probeer",
    r"wij\b", r"uw\b", r"ja,", r"prosimy", r"zapraszamy", r"spróbuj", r"klikaj", r"vänligen", r"ditt\b",
    r"vi\b",
    *further.ADDRESSES, unspaced=further.ADDRESSES_UNSPACED,
)  # fmt: skip
"""Words by which a site speaks to its reader."""

HINDERS: Final = _stems(
    r"redirect", r"nothing happens", r"difficult", r"problem", r"renew", r"buy\b", r"\w+ is down\b",
    r"no healthy",
    r"(?:not|\w+n['’]t|nicht|kein\w*|pas|no|non|niet|geen|nie|inte|ikke|není"
    r"|não)\b(?: \S+){0,4}? (?:\w+)?(?:available|return|display|support|work|respond|access|load"
    r"|connect|reach|disponib|dispon[ií]|erreichbar|verfügbar|unterstützt|funktion|pris en charge"
    r"|raggiung|accessib|beschikbaar|bereikbaar|dostępn|działa"
    r"|tillgänglig|tilgængelig|tilgjengelig|dostupn)", r"refusée?s?\b", r"rechaz", r"denegad", r"bloq[ue]",
    r"zablok", r"odmow", r"geweiger", r"geblok", r"blockier", r"gesperrt", r"verweigert", r"nekad", r"rifiut",
    r"negat[oa]\b", r"odmítn", r"verkauf", r"erw[eo]rb", r"vendre", r"en venta", r"te koop", r"sprzeda",
    r"attente", r"esper", r"attes[ao]", r"störung", r"problème", r"errors?\b", r"denied\b", r"blocked\b",
    r"block\b", r"banned", r"(?:un|not )(?:currently )?(?:available|supported|acceptable|able)", r"unable",
    r"fail", r"could not", r"couldn['’]t", r"cannot", r"can['’]t", r"can not",
    r"not (?:be )?(?:found|granted|be reached)", r"refused", r"sorry\b", r"apolog", r"limited", r"expired",
    r"(?:has|have|been) (?:been )?suspended", r"invalid", r"exceed", r"reject", r"interrupt", r"too many",
    r"wrong\b", r"please\b", r"try again", r"must\b", r"requires?\b", r"required\b", r"need", r"enable\b",
    r"verif", r"confirm", r"wait\b", r"press\b", r"hold\b", r"complet", r"proceed", r"unauthori[sz]ed",
    r"undefined", r"timed? ?-?out", r"maintenance", r"in line\b", r"let you in", r"for sale", r"would you like",
    r"parked", r"only be reached", r"throttled", r"closed connection", r"log ?in to", r"switch",
    r"sign in (?:with|to)", r"exception", r"missing\b", r"made us think", r"making sure", r"fehler", r"bitte",
    r"überprüf", r"wartung", r"warte", r"nicht zur verfügung", r"nicht (?:verfügbar|erreichbar)",
    r"weitergeleitet", r"erreur", r"veuillez", r"indisponible", r"vérif", r"plus tard", r"confirmez",
    r"errore?\b", r"no (?:hemos|se) pod", r"intént", r"mantenimiento", r"non raggiungibile", r"manuten",
    r"indispon", r"scusiamo", r"riprova", r"onderhoud", r"storing", r"probeer", r"niet beschikbaar", r"przerw",
    r"błąd", r"spróbuj", r"niedostępn", r"prac[ea]", r"fel\b", r"underhåll", r"försök",
    *further.HINDERS, unspaced=further.HINDERS_UNSPACED,
)  # fmt: skip
"""What stands between reader and document, or is asked of the reader; one of it stands in every wall."""

OF_THE_MACHINE: Final = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[45]\d\d\b(?!,)|\(\d+\)|\bport \d+|\bline \d+|0x[0-9a-f]+|\b[A-Za-z]+\d[\w-]*"
    r"|\b\d+(?:\.\d+)? ?(?:ms\b|milli|sec|second|min|sekund|hours? or)|\b\d+(?:\.\d+){2,}|\b\d{8,}\b|\bby\d+"
    r"|\b(?=[0-9a-f-]*\d)[0-9a-f]{2,}(?:[.:-][0-9a-f]+){1,}\b|\b\d+ (?:\w+ )?partn\w+"
    r"|\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?Z?|[€$] ?\d+|[\d.,]+ ?[€$]"
    r"|\b(?:ids?|codes?|nr|no|numbers?|número(?: de \w+)?|registro|referen\w+|ticket|incident"
    r"|identi\w+(?: (?:de|of|von) \w+(?: (?:es|is|ist))?)?)\W{0,3}[\d][\w.-]*"
    r"|\b(?:position|platz|position\s*:|ahead of you:?|id:?|nr\.?|#) ?\d[\d.,]*"
    r"|\b(?:apache|nginx|tomcat|iis|php|version)[ /v]*[\d.]+",
    re.IGNORECASE,
)
"""Figures that are the machine's own: addresses, codes of status, times to wait, numbers of lines and requests."""
TRACE: Final = re.compile(
    r"\bat [\w$.]+ ?(?:\[as \w+\] ?)?\([\w .:/]+(?::\d+)?\)|\bin (?:[A-Za-z]:)?[/\\][\w./\\-]+"
    r"|(?:[/\\][\w.-]+){2,}:\d+"
    r"|\b[A-Z]:\\\w|\bline \d+\b.{0,40}$|^#\d+ |\bE[A-Z]{5,}\b \d|\b[A-Z]{2,4}-\d{4,5}:|\bHY000\b|\brs[A-Z]\w+"
    r"|\b(?:\w+[.:\\]{1,2}){2,}\w*(?:Exception|Error|Wrapper|Established|Refused)\b|\b0x[0-9a-f]{8}\b"
    r"|\b(?:sqlstate|SQLSTATE)\[|\bport \d+ failed|\b\w+(?:Exception|Error) at /|(?<!\w)(?:GET|POST) /"
    r"|\b(?:[A-Z][a-z]\w+\.){2,}[A-Z][a-z]\w+\b"
    r"|^(?:\w+ ?)?(?:[Ww]arning|[Nn]otice|[Ff]atal [Ee]rror|[Pp]arse [Ee]rror) ?: ",
    re.MULTILINE,
)
"""What programs write where they break down: lines of code, files of a server, names of exceptions."""

ENDS: Final = _stems(
    r"(?<!may )(?<!might )(?<!may have )(?<!might have )"
    r"(?:is|are|was|were|been|has|have) (?:\w+ )?(?:withdrawn|discontinued|retired|decommissioned"
    r"|archived|removed|ended|ceased|closed)",
    r"no longer", r"withdr[ae]w", r"discontinu", r"decommission",
    r"(?<!account )(?<!account has been )suspended", r"ceased\b", r"clos(?:ed|ing|es)\b(?! (?:the )?connection)",
    r"will (?:end|cease|be (?:withdrawn|removed|retired|archived))", r"permanently", r"for good\b",
    r"until further notice", r"eingestellt", r"zurückgezogen", r"abgeschaltet", r"nicht mehr",
    r"bis auf weiteres", r"retirée?s?\b", r"supprimée?s?\b", r"suspendue?s?\b",
    r"ne (?:sera|seront|sont|est) plus", r"jusqu'à nouvel", r"retirad[ao]", r"suspendid[ao]", r"eliminad[ao]",
    r"ya no\b", r"hasta nuevo aviso", r"ritirat[oiae]", r"sospes[oiae]", r"rimoss[oiae]",
    r"non (?:è|sono|sarà|saranno) più", r"ingetrokken", r"verwijderd", r"stopgezet", r"niet (?:meer|langer)",
    r"wycofan", r"usunięt", r"zawieszon", r"encerrad[ao]", r"suspens[ao]", r"descontinuad", r"indragen",
    r"borttag", r"nedlagd", r"inte längre",
    *further.ENDS, unspaced=further.ENDS_UNSPACED,
)  # fmt: skip
"""Words by which a publisher says that something came to its end. That is news, in whatever frame, and no wall."""
