import pytest

from diffing.detectors.redefined.commitment_weakened import promise_of, weakened


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Participation is voluntary.", "Participation is mandatory."),
        ("A jurisdiction may opt out at any time.", "A jurisdiction may not opt out at any time."),
        ("A jurisdiction may opt out at any time.", "A jurisdiction must take part."),
        ("Officers must notify the family.", "Officers may notify the family."),
        ("Officers shall notify the family.", "Officers should notify the family."),
        ("The agency will publish the report.", "The agency may publish the report."),
        ("The agency will publish the report.", "The agency will not publish the report."),
        ("The agency will publish the report.", "The agency no longer publishes the report."),
        ("Facilities are required to keep a log.", "Facilities are encouraged to keep a log."),
        ("Facilities must keep a log.", "Facilities must keep a log where practicable."),
        ("Facilities must keep a log.", "Facilities must keep a log, as appropriate."),
        ("ICE publishes the statistics every two weeks.", "ICE publishes the statistics periodically."),
        ("ICE publishes the statistics biweekly.", "ICE publishes the statistics as needed."),
        ("ICE updates this page within 24 hours of a death.", "ICE updates this page when available."),
        ("Deaths are reported within 90 days.", "Deaths are reported within 180 days."),
        ("The office must answer within two business days.", "The office must answer within ten business days."),
        ("Statistics are published every two weeks.", "Statistics are published every month."),
        ("Statistics are published weekly.", "Statistics are published quarterly."),
        ("Detainees have the right to counsel.", "Detainees may request counsel."),
        ("Detainees are entitled to a bond hearing.", "Detainees may be granted a bond hearing."),
        ("Unannounced inspections will take place each year.", "Inspections can take place each year."),
        ("ICE guarantees access to a telephone.", "ICE strives to give access to a telephone."),
        ("Force is prohibited against minors.", "Force is discouraged against minors."),
        ("Officers may not enter schools.", "Officers may enter schools."),
        ("Officers must not enter schools.", "Officers should not enter schools."),
        ("Officers shall not enter schools.", "Officers may enter schools with approval."),
    ],
)
def test_a_promise_that_turned(before, after):
    assert weakened(before, after) is not None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Officers should notify the family.", "Officers must notify the family."),
        ("Officers may notify the family.", "Officers shall notify the family."),
        ("The meeting will be held in May 2010.", "The meeting will be held in June 2010."),
        ("Facilities must keep a log.", "All facilities must keep a written log."),
        ("Facilities must keep a log.", "Facilities shall keep a log."),
        ("The programme grew in 2010.", "The programme grew in 2011 and may grow further."),
        ("Participation is mandatory.", "Participation is voluntary."),
        ("The agency will publish the report in May.", "The agency published the report in May."),
        ("Deaths are reported within 90 days.", "Deaths are reported within 30 days."),
        ("Statistics are published monthly.", "Statistics are published weekly."),
        ("As of May 2010 there were 12 offices.", "As of June 2010 there were 13 offices."),
        ("Officers may enter schools.", "Officers may not enter schools."),
        ("The tables will not be updated until May.", "The tables will be updated after May."),
        ("The tables will be updated after May.", "The tables will not be updated until after June."),
        ("He must serve 12 months, prosecutors said.", "He must serve 14 months, prosecutors said."),
    ],
)
def test_what_is_no_weakening(before, after):
    assert weakened(before, after) is None


@pytest.mark.parametrize(
    "text",
    [
        "If a jurisdiction does not wish to activate, it must formally notify ICE.",
        "Participation is voluntary.",
        "Localities may opt out of the programme.",
        "ICE publishes detention statistics every two weeks.",
        "Reports of deaths are posted within 90 days.",
        "Detainees have the right to see a lawyer.",
    ],
)
def test_choices_and_promises_to_publish_are_known(text):
    assert promise_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Aliens who accept voluntary departure are counted as returns.",
        "The programme began in 2008.",
        "ICE released 12 people in March.",
        "The report was published in May 2010.",
    ],
)
def test_other_sentences_promise_nothing(text):
    assert promise_of(text) is None


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("es", "La inscripción en el registro es voluntaria.", "La inscripción en el registro es obligatoria."),
        ("es", "La oficina deberá publicar los datos.", "La oficina podrá publicar los datos."),
        ("fr", "La participation des communes est facultative.", "La participation des communes est obligatoire."),
        ("fr", "Le service doit publier les chiffres du mois.", "Le service peut publier les chiffres du mois."),
        ("fr", "Les chiffres sont publiés chaque semaine.", "Les chiffres sont publiés chaque trimestre."),
        ("de", "Die Teilnahme der Gemeinden ist freiwillig.", "Die Teilnahme der Gemeinden ist verpflichtend."),
        ("de", "Die Behörde muss die Zahlen der Lager nennen.", "Die Behörde kann die Zahlen der Lager nennen."),
        ("de", "Die Zahlen werden wöchentlich veröffentlicht.", "Die Zahlen werden monatlich veröffentlicht."),
        ("it", "La partecipazione dei comuni è volontaria.", "La partecipazione dei comuni è obbligatoria."),
        ("pt", "A participação dos municípios é voluntária.", "A participação dos municípios é obrigatória."),
        ("nl", "De deelname van de gemeenten is vrijwillig.", "De deelname van de gemeenten is verplicht."),
        ("pl", "Udział gmin w programie jest dobrowolny.", "Udział gmin w programie jest obowiązkowy."),
    ],
)
def test_promises_of_other_languages(language, before, after):
    assert weakened(before, after, language=language)
    assert weakened(after, after, language=language) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [("es", "Los municipios pueden retirarse en cualquier momento."), ("de", "Die Teilnahme ist freiwillig.")],
)
def test_promises_of_other_languages_can_be_lost(language, text):
    assert promise_of(text, language=language)


def test_the_rhythm_in_the_name_of_a_page_is_no_promise():
    assert weakened("Arrivals: weekly data: boats by place", "Arrivals: monthly data: boats by place") is None
    assert weakened("Arrivals are published weekly.", "Arrivals are published monthly.")
