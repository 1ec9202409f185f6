"""A page of an invented agency, and fifty edits that a press office makes on such pages."""
# ruff: noqa: E501 - sentences stand as they are published

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

STAMP = ("Last updated: May 12, 2031", "Last updated: May 26, 2031")

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Holding centres | Agency of Wardens</title></head><body>
<header><nav><a href="/">Home</a> <a href="/about">About</a> <a href="/news">News</a></nav></header>
<main><h1>Holding centres</h1>
<p>Last updated: May 12, 2031</p>
<p>The wardens run eleven holding centres in four districts. As of May 4, 2031, the wardens held 41,287 people in custody.</p>
<h2>Who is held</h2>
<p>A person may be held for up to seven days after an arrest. Children under 16 are not held in any centre.</p>
<p>Of those who were held in April, 62 percent had no conviction of any kind.</p>
<p>Detention means any stay of more than 12 hours in the custody of the wardens, including stays in hospitals.</p>
<h2>Conditions</h2>
<p>Every centre must offer the following:</p>
<ul>
<li>a bed, a blanket and three meals a day;</li>
<li>a medical examination within 24 hours of arrival;</li>
<li>an interpreter free of charge;</li>
<li>a telephone call to a lawyer on the first day.</li>
</ul>
<p>Complaints are answered within fourteen days. A person who complains may not be transferred while the complaint is open.</p>
<h2>Inspections</h2>
<p>An independent inspector visits every centre twice a year. The reports of all inspections are published within 30 days.</p>
<p>In 2030 the inspector found 214 deficiencies, of which 197 were mended.</p>
<p>The wardens will publish the number of deaths in custody each month. Families are informed within 24 hours of a death.</p>
<table><caption>Deaths in custody by district</caption>
<tr><th>District</th><th>2029</th><th>2030</th></tr>
<tr><td>North</td><td>3</td><td>5</td></tr>
<tr><td>East</td><td>1</td><td>4</td></tr>
<tr><td>South</td><td>7</td><td>6</td></tr>
<tr><td>West</td><td>2</td><td>2</td></tr>
<tr><td>Total</td><td>13</td><td>17</td></tr>
</table>
<p>* Deaths within 30 days of release are included.</p>
<h2>Visits and mail</h2>
<p>Visitors are welcome on every day from 9 a.m. to 5 p.m. and need no appointment.</p>
<p>Lawyers may visit at any time. Mail from lawyers is never opened.</p>
<p>Fees for telephone calls are paid by the wardens.</p>
<h2>Documents</h2>
<ul>
<li><a href="/files/standards-2030.pdf">Standards of care 2030</a></li>
<li><a href="/files/inspections-2030.xlsx">Inspections 2030 (data)</a></li>
<li><a href="/complaint">File a complaint</a></li>
</ul>
<p>Every journalist may ask for a tour of a centre. The office answers within five working days.</p>
<p>Contact: press@wardens.example, telephone 555 0142.</p>
</main>
<footer><p>Agency of Wardens, 1 Gate Street. <a href="/privacy">Privacy</a></p></footer>
</body></html>
"""


class Edit(NamedTuple):
    """One edit; ``told`` is what a finding above ``info`` must hold (one of several, by "|"), "" where none may be."""

    name: str
    change: Callable[[str], str]
    told: str


def _swap(before: str, after: str) -> Callable[[str], str]:
    return lambda text: text.replace(before, after)


def _cut(words: str) -> Callable[[str], str]:
    return _swap(words, "")


def _reordered(text: str) -> str:
    items = re.findall(r"<li>[^\n]*</li>\n", text)[:4]
    return text.replace("".join(items), "".join(reversed(items)))


EDITS = (
    Edit("a figure in a sentence", _swap("41,287", "38,012"), "38,012"),
    Edit(
        "a sentence with a figure out",
        _cut(" As of May 4, 2031, the wardens held 41,287 people in custody."),
        "41,287",
    ),
    Edit("a number word", _swap("up to seven days", "up to fourteen days"), "fourteen"),
    Edit("a right of children out", _cut(" Children under 16 are not held in any centre."), "Children under 16"),
    Edit("an age raised", _swap("Children under 16", "Children under 14"), "14"),
    Edit("a share", _swap("62 percent", "26 percent"), "26"),
    Edit(
        "a paragraph out",
        _cut("<p>Of those who were held in April, 62 percent had no conviction of any kind.</p>\n"),
        "62 percent",
    ),
    Edit("a definition's threshold", _swap("more than 12 hours", "more than 24 hours"), "24 hours"),
    Edit(
        "a definition narrowed",
        _swap("wardens, including stays in hospitals", "wardens, excluding stays in hospitals"),
        "excluding|including",
    ),
    Edit(
        "the definition out",
        _cut(
            "<p>Detention means any stay of more than 12 hours in the custody of the wardens, including stays in hospitals.</p>\n"
        ),
        "12 hours|Detention means",
    ),
    Edit("must becomes should", _swap("must offer", "should offer"), "should"),
    Edit("a condition of a list out", _cut("<li>an interpreter free of charge;</li>\n"), "interpreter"),
    Edit(
        "a list's condition softened",
        _swap("a medical examination within 24 hours of arrival", "a medical examination where needed"),
        "24 hours|where needed",
    ),
    Edit("a list's deadline", _swap("examination within 24 hours", "examination within 72 hours"), "72 hours"),
    Edit("free of charge out", _swap("an interpreter free of charge", "an interpreter"), "free of charge"),
    Edit("first day becomes first week", _swap("on the first day", "in the first week"), "first week"),
    Edit("a deadline in words", _swap("within fourteen days", "within thirty days"), "thirty"),
    Edit(
        "a deadline out",
        _swap("Complaints are answered within fourteen days.", "Complaints are answered."),
        "fourteen",
    ),
    Edit("may not becomes may", _swap("may not be transferred", "may be transferred"), "may not|may be"),
    Edit(
        "a protection out",
        _cut(" A person who complains may not be transferred while the complaint is open."),
        "may not be transferred",
    ),
    Edit("independent out", _swap("An independent inspector", "An inspector"), "independent"),
    Edit("twice becomes once", _swap("twice a year", "once a year"), "once"),
    Edit("a promise out", _cut(" The reports of all inspections are published within 30 days."), "30 days"),
    Edit(
        "all becomes selected", _swap("reports of all inspections", "reports of selected inspections"), "selected"
    ),
    Edit("a figure of the past", _swap("found 214 deficiencies", "found 124 deficiencies"), "124"),
    Edit("will becomes may", _swap("will publish the number", "may publish the number"), "may publish|will"),
    Edit("each month becomes each year", _swap("in custody each month", "in custody each year"), "each year"),
    Edit("families out", _cut(" Families are informed within 24 hours of a death."), "Families"),
    Edit("a cell", _swap("<td>7</td><td>6</td>", "<td>7</td><td>4</td>"), "South|parts make"),
    Edit("a row out", _cut("<tr><td>East</td><td>1</td><td>4</td></tr>\n"), "East"),
    Edit("a cell withheld", _swap("<td>1</td><td>4</td>", "<td>1</td><td>n/a</td>"), "East"),
    Edit("a footnote reversed", _swap("are included", "are not included"), "not included"),
    Edit("a footnote out", _cut("<p>* Deaths within 30 days of release are included.</p>\n"), "30 days"),
    Edit("a heading reworded", _swap("<h2>Who is held</h2>", "<h2>Who is housed</h2>"), "housed|held"),
    Edit(
        "visits narrowed",
        _swap("on every day from 9 a.m. to 5 p.m.", "on Sundays from 9 a.m. to 11 a.m."),
        "Sundays",
    ),
    Edit("an appointment needed", _swap("need no appointment", "need an appointment"), "appointment"),
    Edit(
        "lawyers' visits limited",
        _swap("Lawyers may visit at any time", "Lawyers may visit on request"),
        "on request|any time",
    ),
    Edit("never becomes not usually", _swap("is never opened", "is not usually opened"), "never|usually"),
    Edit("who pays", _swap("paid by the wardens", "paid by the caller"), "caller"),
    Edit(
        "a document out",
        _cut('<li><a href="/files/inspections-2030.xlsx">Inspections 2030 (data)</a></li>\n'),
        "Inspections 2030",
    ),
    Edit(
        "a link to another file", _swap("/files/standards-2030.pdf", "/files/standards-summary.pdf"), "standards"
    ),
    Edit("the way to complain out", _cut('<li><a href="/complaint">File a complaint</a></li>\n'), "complaint"),
    Edit(
        "a right of the press out",
        _cut(
            "<p>Every journalist may ask for a tour of a centre. The office answers within five working days.</p>\n"
        ),
        "journalist",
    ),
    Edit("people become inmates", _swap("people in custody", "inmates in custody"), "inmates"),
    Edit("a typo mended", _swap("Visitors are welcome", "Visitors are wellcome"), ""),
    Edit("a telephone number", _swap("555 0142", "555 0187"), ""),
    Edit(
        "a bar of news added",
        _swap("<main>", '<div class="banner"><p>Gate Street is closed for works on Friday.</p></div><main>'),
        "",
    ),
    Edit("a list in another order", _reordered, ""),
    Edit("markup only", _swap("<p>", '<p class="body">'), ""),
    Edit(
        "spaces and quotes",
        lambda text: text.replace("wardens' ", "wardens’ ").replace(". ", ".  ").replace("5 p.m", "5&nbsp;p.m"),
        "",
    ),
)
