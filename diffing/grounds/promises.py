"""Words by which texts promise, oblige, forbid and leave a choice: one table a language."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from diffing.readers.statements.language import language_in


class Lexicon(NamedTuple):
    """Patterns over normalised text."""

    duty: re.Pattern[str]  # what must or will be done, what is guaranteed
    less: re.Pattern[str]  # at discretion, where possible, now and then
    denied: re.Pattern[str]
    forbidden: re.Pattern[str]
    choice: re.Pattern[str]  # voluntary, may withdraw, has the right
    forced: re.Pattern[str]


_ENGLISH: Final = (
    r"must|shall|will|(?:is|are|be) required|required to|requires?|guarantees?|guaranteed|commit(?:s|ted)? to"
    r"|(?:has|have) (?:the|a) right|(?:is|are) entitled|prohibit(?:s|ed)?|forbidden|ensures?",
    r"may|might|should|can|could|encouraged?|discouraged?|strives?|aims?|intends?|seeks?|endeavors?"
    r"|(?:as|where|when|if) appropriate"
    r"|(?:as|where|when|whenever|if) (?:possible|practicable|feasible|necessary|needed)"
    r"|(?:as|when|if) available|resources permit|to the (?:maximum )?extent (?:possible|practicable|feasible)"
    r"|generally|normally|typically|periodically|occasionally|from time to time"
    r"|(?:in|at) (?:its|their|his|her|the) (?:sole )?discretion|subject to",
    r"not|never|no longer|neither|cannot|ceased?|discontinued?|suspended?|unless",
    r"(?:must|shall|may|will|can|do|does) not|cannot|never|prohibit(?:s|ed)?|forbidden",
    r"opt(?:s|ed|ing)?[- ]?out|opt[- ]?in"
    r"|voluntar(?:y|ily)(?! (?:return|departure|removal|repatriation|surrender|work))|optional|optionally"
    r"|(?:do|does) not (?:wish|want|choose) to|not (?:be )?(?:required|obliged|obligated|compelled)"
    r"|may (?:decline|refuse|withdraw|choose|elect|request|terminate|opt|appeal|challenge|object)"
    r"|choos(?:e|es|ing) (?:not|whether)|(?:has|have) the right|with (?:the )?consent"
    r"|at (?:its|their|his|her) (?:own )?(?:option|request)",
    r"mandatory|compulsory|obligatory|must|shall|required|requires?|will be (?:required|activated|enrolled)"
    r"|not (?:be )?(?:optional|voluntary|an? option)|(?:may|can|could) ?not|cannot|no option",
)
_LEXICONS: Final = {
    "en": _ENGLISH,
    "es": (
        r"debe[nr]?|deberán?|tienen? que|tendrán? que|obligad[oa]s?|obligatori[oa]s?|garantiza\w*|se comprometen?"
        r"|tienen? derecho|\w{3,}(?:ar|er|ir)(?:á|án)",
        r"puede[n]?|podrán?|podrían?|debería[n]?|procurarán?|en la medida de lo posible|(?:si|cuando|siempre que) "
        r"(?:sea|es|resulte) (?:posible|necesario)|(?:cuando|según) (?:proceda|corresponda)|a (?:su )?discreción"
        r"|generalmente|normalmente|periódicamente|ocasionalmente",
        r"no|nunca|jamás|tampoco|salvo|suspend\w+|dej(?:a|an|ó|ará|arán) de",
        r"no (?:puede|podrá|debe|deberá)n?|prohíben?|prohibid[oa]s?",
        r"voluntari[oa]s?|voluntariamente|opciona(?:l|les)|facultativ[oa]s?|retirarse|renunciar"
        r"|(?:puede|podrá)n? (?:negarse|rechazar|elegir|solicitar|optar|apelar|oponerse)|optar por"
        r"|no (?:es|son|será|serán) obligatori[oa]s?|tienen? derecho|con (?:el|su) consentimiento",
        r"obligatori[oa]s?|forzos[oa]s?|debe[n]?|deberán?|tendrán? que|exigid[oa]s?|requerid[oa]s?"
        r"|no (?:puede|podrá)n?|no (?:es|son) (?:voluntari|opcional)\w*",
    ),
    "fr": (
        r"doit|doivent|devra|devront|(?:est|sont) tenue?s?|obligatoires?|s'engagent?|garanti(?:t|ssent|e|es)?"
        r"|(?:a|ont) (?:le )?droit|\w{3,}(?:era|eront|ira|iront)",
        r"peut|peuvent|pourra|pourront|pourrai(?:t|ent)|devrai(?:t|ent)|si (?:possible|nécessaire)"
        r"|dans la mesure du possible|le cas échéant|s'efforce\w*|généralement|normalement|périodiquement"
        r"|à (?:sa|leur) discrétion",
        r"pas|plus|jamais|aucune?|sauf|suspendue?s?|cess(?:e|ent|é|era)",
        r"(?:peut|peuvent|doit|doivent|pourra|pourront) (?:pas|plus)|interdite?s?|interdit",
        r"volontaires?|volontairement|facultati(?:f|fs|ve|ves)|optionnel\w*|se retirer|se désengager"
        r"|(?:peut|peuvent|pourra|pourront) (?:refuser|choisir|demander|renoncer|contester)|libres? de"
        r"|pas (?:obligatoires?|tenue?s?)|(?:a|ont) le droit|avec (?:le|leur|son) (?:consentement|accord)",
        r"obligatoires?|impérati(?:f|fs|ve|ves)|doit|doivent|devra|devront|exigée?s?|requise?s?|imposée?s?"
        r"|pas (?:facultati|volontaire|optionnel)\w*",
    ),
    "de": (
        r"muss|müssen|verpflichtet|verpflichtend\w*|zwingend\w*|wird|werden|gewährleiste[tn]|garantier(?:t|en)"
        r"|(?:hat|haben) (?:anspruch|das recht)|obligatorisch\w*",
        r"kann|können|könnten?|darf|dürfen|soll|sollen|sollten?|nach möglichkeit|gegebenenfalls|in der regel"
        r"|(?:wenn|soweit|falls|sofern) (?:möglich|nötig|erforderlich)|nach (?:eigenem )?ermessen|bei bedarf"
        r"|gelegentlich|üblicherweise",
        r"nicht|kein(?:e|en|er|em|es)?|nie|niemals|eingestellt|ausgesetzt|es sei denn",
        r"(?:darf|dürfen) (?:nicht|kein\w*)|verboten|untersagt|unzulässig",
        r"freiwillig\w*|optional\w*|wahlweise|fakultativ\w*|zurückziehen|austreten|ablehnen|widersprechen"
        r"|nicht verpflichtet|nicht verpflichtend|(?:hat|haben) das recht"
        r"|mit (?:\w+ )?(?:einwilligung|zustimmung)",
        r"verpflichtend\w*|verpflichtet|pflicht|obligatorisch\w*|zwingend\w*|muss|müssen|vorgeschrieben"
        r"|nicht (?:freiwillig|optional)",
    ),
    "it": (
        r"deve|devono|dovrà|dovranno|(?:è|sono) tenut[oaie]|obbligatori[oae]?|si impegna(?:no)?"
        r"|garanti(?:sce|scono|to)"
        r"|(?:ha|hanno) (?:il )?diritto|\w{3,}(?:erà|eranno|irà|iranno)",
        r"può|possono|potrà|potranno|potrebbe(?:ro)?|dovrebbe(?:ro)?|(?:ove|se|quando) (?:possibile|necessario)"
        r"|se del caso|nei limiti del possibile|a (?:propria |sua )?discrezione|generalmente|periodicamente",
        r"non|mai|nessun[ao]?|salvo|sospes[oaie]|cess(?:a|ano|ato|erà)",
        r"non (?:può|possono|deve|devono|potrà|potranno)|vietat[oaie]|proibit[oaie]",
        r"volontari[oae]?|volontariamente|facoltativ[oaie]|opzional[ei]|ritirarsi|recedere|rinunciare"
        r"|(?:può|possono) (?:rifiutare|scegliere|chiedere|opporsi)|non (?:è|sono) obbligatori[oae]?"
        r"|(?:ha|hanno) (?:il )?diritto|con il consenso",
        r"obbligatori[oae]?|vincolant[ei]|deve|devono|dovrà|dovranno|richiest[oaie]|impost[oaie]"
        r"|non (?:è|sono) (?:volontari|facoltativ|opzional)\w*",
    ),
    "pt": (
        r"deve|devem|deverá|deverão|t[eê]m (?:de|que)|terá que|obrigad[oa]s?|obrigatóri[oa]s?|compromete(?:m)?-se"
        r"|garante[m]?|tem direito|\w{3,}(?:ar|er|ir)(?:á|ão)",
        r"pode|podem|poderá|poderão|poderiam?|deveriam?"
        r"|(?:se|quando|sempre que|onde) (?:for )?(?:possível|necessário)"
        r"|na medida do possível|a (?:seu )?critério|geralmente|normalmente|periodicamente|ocasionalmente",
        r"não|nunca|jamais|salvo|suspens[oa]s?|deix(?:a|am|ou|ará) de",
        r"não (?:pode|podem|deve|devem|poderá|poderão)|proibid[oa]s?|vedad[oa]s?",
        r"voluntári[oa]s?|voluntariamente|opciona(?:l|is)|facultativ[oa]s?|retirar-se|desistir|renunciar"
        r"|(?:pode|podem) (?:recusar|escolher|solicitar|optar)|optar por|não (?:é|são) obrigatóri[oa]s?"
        r"|t[eê]m (?:o )?direito|com (?:o )?consentimento",
        r"obrigatóri[oa]s?|compulsóri[oa]s?|deve|devem|deverá|deverão|exigid[oa]s?"
        r"|não (?:é|são) (?:voluntári|opciona)\w*",
    ),
    "nl": (
        r"moet|moeten|zal|zullen|verplicht|dient|dienen|garande(?:ert|ren)|(?:heeft|hebben) recht|worden",
        r"kan|kunnen|mag|mogen|zou|zouden|(?:waar|indien|zo) (?:mogelijk|nodig)|voor zover mogelijk|in de regel"
        r"|doorgaans|streeft|streven|naar eigen inzicht|af en toe|periodiek",
        r"niet|geen|nooit|opgeschort|gestaakt|tenzij",
        r"(?:mag|mogen|kan|kunnen) (?:niet|geen)|verboden|niet toegestaan",
        r"vrijwillig\w*|optioneel|optionele|facultatie(?:f|ve)|terugtrekken|weigeren|opzeggen|niet verplicht"
        r"|(?:heeft|hebben) het recht|met toestemming",
        r"verplichte?|dwingend|moet|moeten|vereist|niet (?:vrijwillig|optioneel)",
    ),
    "pl": (
        r"musi|muszą|zobowiązan\w+|obowiązkow\w+|gwarantuj\w+|zapewnia\w*|będzie|będą|należy|ma prawo|mają prawo",
        r"może|mogą|powinien|powinn[aoy]|powinni|w miarę możliwości|jeśli to możliwe|w razie potrzeby|zazwyczaj"
        r"|według (?:własnego )?uznania|okresowo|czasami",
        r"nie|nigdy|zawieszon\w+|zaprzesta\w+|chyba że",
        r"nie (?:może|mogą|wolno)|zakazan\w+|zabronion\w+",
        r"dobrowoln\w+|opcjonaln\w+|fakultatywn\w+|wycofać się|zrezygnować|odmówić|nieobowiązkow\w+"
        r"|(?:ma|mają) prawo|za zgodą",
        r"obowiązkow\w+|przymusow\w+|musi|muszą|wymagan\w+|nie (?:jest|są) (?:dobrowoln|opcjonaln)\w*",
    ),
}


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a language (ISO 639-1), those of English where it has no table."""
    patterns = _LEXICONS.get(language, _ENGLISH)
    return Lexicon(*(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") for pattern in patterns))


def lexicon_of(*texts: str, language: str) -> Lexicon:
    """The words of the language that ``texts`` are in, else those of ``language``, that of their document."""
    return lexicon(language_in(texts) or language)
