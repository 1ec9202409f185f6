"""The web pages of the demo's site, in every wording that they had.

Quoted from documents of the agency itself, as "DHS's 'Secure Communities': No Rules of the Road" (National
Immigration Law Center, March 2011) prints them: both headlines of the press release (note 23), the opt-out
paragraph and the outreach sentence of "Setting the Record Straight" (notes 2 and 8), the three Levels of 30
June 2010 (note 21), and the words "view this as an opt-in, opt-out program" (note 4). **Everything else is
invented** to make pages of them, above all the Levels before June 2010, for which no document gives the words.

``$BANNER``, ``$NONCE``, ``$TOKEN``, ``$VIEWS`` and ``$UPDATED`` are filled in by the server at each answer,
as a content management system would.
"""
# ruff: noqa: E501 - paragraphs stand on one line, as on the pages

from __future__ import annotations

RECREATION = (
    "Re-creation for the demonstration of a release monitor. This is not a publication of the agency named: "
    "quotations and figures are from public reports, the rest is invented."
)

_SHELL = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="description" content="{recreation}">
<meta name="csrf-token" content="$TOKEN">
<link rel="stylesheet" href="/static/site.css?v=$NONCE">
<script nonce="$NONCE">window.page = {{loaded: "$NONCE", views: $VIEWS}};</script>
</head>
<body>
<div id="header" role="banner">
<a href="/www.ice.gov/">{agency}</a>
<form action="/search" method="post"><input type="hidden" name="token" value="$TOKEN"><input name="q"></form>
</div>
<div class="banner rotating" aria-label="Highlights">$BANNER</div>
<ul id="nav" role="navigation"><li><a href="/www.ice.gov/">Home</a></li><li><a href="/www.ice.gov/news/">Newsroom</a></li><li><a href="/www.ice.gov/about/">About</a></li></ul>
<div id="main" role="main">
{content}
</div>
<div id="footer" role="contentinfo">
<p class="updated">Last Modified: $UPDATED</p>
<p class="views">This page was viewed $VIEWS times.</p>
<p class="recreation">{recreation}</p>
</div>
</body>
</html>
"""


def page(title: str, content: str, *, agency: str = "U.S. Immigration and Customs Enforcement") -> str:
    """A whole page around ``content``, with the furniture that changes at every visit."""
    return _SHELL.format(title=title, content=content.strip(), agency=agency, recreation=RECREATION)


def press_release(*, corrected: bool) -> str:
    """The release of 12 November 2009, as issued or as it stood the next morning."""
    claim = (
        "More Than 111,000 Aliens Charged with or Convicted of Crimes"
        if corrected
        else "More Than 110,000 Criminal Aliens"
    )
    sentence = (
        "identified more than 111,000 aliens charged with or convicted of crimes"
        if corrected
        else "identified more than 110,000 criminal aliens"
    )
    headline = (
        "Secretary Napolitano and ICE Assistant Secretary Morton Announce That the Secure Communities "
        f"Initiative Identified {claim} in Its First Year"
    )
    return page(
        f"{headline} - ICE News Release",
        f"""
<p class="kicker">News Release</p>
<p class="date">November 12, 2009</p>
<h1>{headline}</h1>
<p>WASHINGTON - The Secure Communities initiative {sentence} during the first year of the program, officials announced today.</p>
<p>The initiative checks the fingerprints of persons booked into local jails against immigration records.</p>
<p>It began in October 2008 and is planned to reach all jurisdictions of the country by 2013.</p>
""",
    )


_COMPLAINT = '<p><a href="{url}">Civil Rights and Civil Liberties</a></p>'
COMPLAINT_HERE = "/www.ice.gov/secure_communities/civil-rights.htm"
COMPLAINT_ELSEWHERE = "http://www.dhs.gov/xabout/structure/crcl.shtm"


def program(*, complaint: str) -> str:
    """The page of the program. ``complaint``: top, bottom, elsewhere or gone."""
    top = _COMPLAINT.format(url=COMPLAINT_HERE) if complaint == "top" else ""
    bottom = {
        "bottom": _COMPLAINT.format(url=COMPLAINT_HERE),
        "elsewhere": _COMPLAINT.format(url=COMPLAINT_ELSEWHERE),
    }.get(complaint, "")
    return page(
        "Secure Communities",
        f"""
<h1>Secure Communities</h1>
{top}
<p>Secure Communities shares the fingerprints of persons arrested by state and local police with federal immigration records.</p>
<h2>How it works</h2>
<p>Fingerprints taken at booking are checked against criminal and immigration databases. Where there is a match, the agency decides what to do.</p>
<p>As part of the Secure Communities activation process, ICE conducts outreach to local jurisdictions, including providing information about the biometric information sharing capability, explaining the benefits of this capability, when they are scheduled for activation, and addressing any concerns they may have.</p>
<h2>Learn more</h2>
<ul>
<li><a href="/www.ice.gov/secure_communities/statistics.htm">Statistics and documents</a></li>
<li><a href="/www.ice.gov/secure_communities/setting-the-record-straight.htm">Setting the Record Straight</a></li>
</ul>
{bottom}
""",
    )


_LEVELS_BEFORE = (  # invented: no document at hand gives the words that stood here before 30 June 2010
    "aliens convicted of serious crimes against persons, of drug offenses carrying a long sentence, or of offenses against national security",
    "aliens convicted of other drug offenses or of crimes against property",
    "aliens convicted of any other offense",
)
_LEVELS_AFTER = (  # memorandum of 30 June 2010, as note 21 quotes it
    "aliens convicted of “aggravated felonies,” as defined in § 101(a)(43) of the Immigration and Nationality Act, or two or more crimes each punishable by more than one year, commonly referred to as “felonies”",
    "aliens convicted of any felony or three or more crimes each punishable by less than one year, commonly referred to as “misdemeanors”",
    "aliens convicted of crimes punishable by less than one year",
)


def priorities(*, rewritten: bool) -> str:
    """The page that defines Level 1, 2 and 3 offenders."""
    levels = _LEVELS_AFTER if rewritten else _LEVELS_BEFORE
    items = "\n".join(
        f"<dt>Level {number} offenders</dt><dd>{words}</dd>" for number, words in enumerate(levels, start=1)
    )
    return page(
        "Civil Immigration Enforcement: Priorities",
        f"""
<h1>Civil Immigration Enforcement: Priorities</h1>
<p>The agency sets priorities for the apprehension, detention and removal of aliens.</p>
<h2>Aliens convicted of crimes</h2>
<p>Offenders are ranked in three levels.</p>
<dl>
{items}
</dl>
<h2>Use of resources</h2>
<p>Officers should direct detention space to those of the highest priority.</p>
""",
    )


_OPT_OUT = (  # "Setting the Record Straight", 17 August 2010, page 6
    "If a jurisdiction does not wish to activate on its scheduled date in the Secure Communities deployment plan, it must formally notify its state identification bureau and ICE in writing (email, letter or facsimile). "
    "Upon receipt of that information, ICE will request a meeting with federal partners, the jurisdiction, and the state to discuss any issues and come to a resolution, which may include adjusting the jurisdiction’s activation date in or removing the jurisdiction from the deployment plan."
)


def record_straight(*, turned: bool) -> str:
    """The questions and answers of August 2010, and what was left of them in October."""
    participation = (
        "Participation in Secure Communities is mandatory for state and local jurisdictions. "
        "The department does not “view this as an opt-in, opt-out program.”"
        if turned
        else "Participation in Secure Communities is voluntary for state and local jurisdictions."
    )
    opt_out = "" if turned else f"<p>{_OPT_OUT}</p>"
    return page(
        "Secure Communities: Setting the Record Straight",
        f"""
<h1>Secure Communities: Setting the Record Straight</h1>
<h2>What does the program do?</h2>
<p>The program uses an information sharing capability that already exists between two federal departments.</p>
<h2>Does a jurisdiction have to take part?</h2>
<p>{participation}</p>
{opt_out}
<h2>How are jurisdictions prepared?</h2>
<p>As part of the Secure Communities activation process, ICE conducts outreach to local jurisdictions, including providing information about the biometric information sharing capability.</p>
""",
    )


GUIDANCE = {
    "moa-template.pdf": "Memorandum of Agreement, template",
    "sc-brochure.pdf": "A modernized approach, brochure",
    "deployment-plan.pdf": "Deployment plan",
}
"""Documents on the listing that are no series of figures: file name -> title."""


def statistics(*, editions: tuple[str, ...], guidance: tuple[str, ...]) -> str:
    """The listing: ``editions`` as (file stem, words) newest first, and the guidance that is linked."""
    removals = "\n".join(
        f'<li><a href="../doclib/secure-communities/pdf/removals-by-jurisdiction-{month.lower()}-2010.pdf">'
        f"Removals by jurisdiction, cumulative, through {month} 2010 (PDF)</a></li>"
        for month in editions
    )
    documents = "\n".join(
        f'<li><a href="../doclib/secure-communities/guidance/{name}">{GUIDANCE[name]} (PDF)</a></li>'
        for name in guidance
    )
    return page(
        "Secure Communities: Statistics and documents",
        f"""
<h1>Statistics and documents</h1>
<h2>Removals</h2>
<ul>
{removals}
</ul>
<h2>Activated jurisdictions</h2>
<p><a href="../doclib/secure-communities/pdf/sc-activated.pdf">Activated Jurisdictions (PDF)</a></p>
<h2>Guidance</h2>
<ul>
{documents}
</ul>
""",
    )


def trac_data() -> str:
    """TRAC's page with the table that the agency supplies."""
    return page(
        "Data received from ICE",
        """
<h1>Data received from ICE</h1>
<p>The agency has supplied this table for years. It is posted here as it was received.</p>
<p><a href="data/ice_removals_by_office.xlsx">Removals by field office (XLSX)</a></p>
""",
        agency="Transactional Records Access Clearinghouse",
    )
