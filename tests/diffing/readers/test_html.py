from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffing.readers.html.reader import read
from state.document import DateRole, Document, ReadingHints
from state.errors import ReadingError
from tests.budgets import examples

REPO = Path(__file__).parents[3]
PAGES = REPO.parent / "shared" / "releases" / "ice-html-pages-single-capture"


def page(content: str, *, head: str = "", **hints: tuple[str, ...]) -> Document:
    whole = (
        f"<!doctype html><html lang=en><head><title>T | Agency</title>{head}</head><body>{content}</body></html>"
    )
    return read(whole.encode(), hints=ReadingHints(**hints))  # type: ignore[arg-type]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


DRUPAL = """
<a class="usa-skipnav" href="#main-content">Skip to main content</a>
<section class="usa-banner"><header class="usa-banner__header">An official website</header></section>
<header class="usa-header" role="banner"><nav class="usa-nav"><a href="/news">News</a></nav></header>
<nav class="usa-breadcrumb"><ol><li>Home</li></ol></nav>
<main role="main"><a id="main-content"></a>
<div data-drupal-messages-fallback class="hidden"></div>
<h1>Detention Statistics</h1>
<div class="usa-alert"><h3 class="usa-alert__heading">Archived Content</h3>
<p>This is not current practice.</p></div>
<article><h2>Background</h2><p>ICE publishes <b>every</b> two weeks.<sup><a href="#fn1">1</a></sup></p>
<div class="a2a_kit"><a href="https://share.example">Share</a></div>
<div class="usa-accordion"><h3><button type=button aria-controls="a1">Who is counted?</button></h3>
<div id="a1" class="usa-accordion__content" hidden><p>All who are held overnight.</p></div></div>
<aside><p>An aside that is content.</p></aside>
<footer class="footnotes"><p id="fn1">1. Except in October.</p></footer></article>
<div class="related-links"><h2>Related</h2><a href="/other">Other</a></div>
<div class="post-views">1,234 views</div>
<div class="last-updated">Updated: <time datetime="2025-01-24T15:42:21-05:00">01/24/2025</time></div>
</main>
<footer class="usa-footer"><p>Contact us</p></footer>
<div id="cookie-banner">We use cookies</div>
"""


def test_reads_the_article_and_nothing_of_the_frame() -> None:
    document = page(DRUPAL)
    assert document.headline == "Detention Statistics"
    assert document.title == "T | Agency"
    assert texts(document) == [
        "Detention Statistics",
        "Archived Content",
        "This is not current practice.",
        "Background",
        "ICE publishes every two weeks.[1]",
        "Who is counted?",
        "All who are held overnight.",
        "An aside that is content.",
        "1. Except in October.",
        "Updated: 01/24/2025",
    ]
    kinds = {block.text: block.kind for block in document.blocks}
    assert kinds["1. Except in October."] == "note"
    assert document.links == ()
    assert [(stated.role, stated.date) for stated in document.dates] == [
        (DateRole.LAST_UPDATED, dt.date(2025, 1, 24))
    ]


def test_headings_are_paths_that_end_with_their_section() -> None:
    document = page(DRUPAL)
    paths = {block.text: block.heading for block in document.blocks}
    assert paths["ICE publishes every two weeks.[1]"] == ("Background",)
    assert paths["All who are held overnight."] == ("Background", "Who is counted?")
    assert paths["Updated: 01/24/2025"] == ()


WORDPRESS = """
<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title">Monitor</p></header>
<div id="content" class="site-content"><div class="entry-content"><h1 class="entry-title">Counts</h1>
<span class="posted-on"><time class="entry-date published" datetime="2023-05-20">20 May</time></span>
<p>First paragraph of the text, long enough to be the main content of a page like this one.</p>
<div class="sharedaddy"><ul><li>Tweet</li></ul></div><div id="jp-relatedposts">You may like</div></div>
<aside class="widget-area"><h2>Recent posts</h2></aside></div><footer class="site-footer">Proudly</footer></div>
"""

OLD = """
<table role="presentation"><tr><td class="leftnav"><a href="/a">A</a></td><td><font size=5><h1>Report</h1></font>
<p>Figures as of 04/06/2026.</p>
<table border=1><tr><th>Office<th>Count<tr><td>Boston<td>12<tr><td>Dallas<td>1,234</table>
</td></tr></table>
"""


def test_other_publishers_pages() -> None:
    wordpress = page(WORDPRESS)
    assert texts(wordpress)[0] == "Counts"
    assert not {"Tweet", "You may like", "Recent posts", "Proudly", "Monitor"} & set(texts(wordpress))
    assert [(stated.role, stated.date) for stated in wordpress.dates] == [
        (DateRole.PUBLISHED, dt.date(2023, 5, 20))
    ]
    old = page(OLD)
    assert texts(old) == ["Report", "Figures as of 04/06/2026."]
    assert [column.name for column in old.tables[0].columns] == ["Office", "Count"]
    assert [row[1] for row in old.tables[0].rows] == [12, 1234]


def test_parts_with_the_main_heading_are_never_frame() -> None:
    document = page(
        '<header class="banner"><h1>Removals fell</h1><nav>Menu</nav></header><p>Text of the page.</p>'
    )
    assert document.headline == "Removals fell"
    assert texts(document) == ["Removals fell", "Text of the page."]


def test_tables_with_spans_captions_and_notes() -> None:
    document = page(
        """<main><h2>Detained</h2><table><caption>By agency</caption>
        <thead><tr><th rowspan=2>Agency</th><th colspan=2>FY2023</th></tr><tr><th>Oct</th><th>Nov</th></tr></thead>
        <tbody><tr><th scope=row>ICE</th><td>1,000</td><td>1,100<sup>a</sup></td></tr>
        <tr><th scope=row>CBP</th><td><a href="cbp.xlsx">20</a></td><td>*</td></tr></tbody></table>
        <p>* Withheld</p><p>Other text.</p></main>"""
    )
    (table,) = document.tables
    assert table.name == "By agency"
    assert [column.name for column in table.columns] == ["Agency", "FY2023 / Oct", "FY2023 / Nov"]
    assert table.rows[0][:2] == ("ICE", 1000)
    assert table.rows[1][2] == "*"
    assert table.section == ("Detained",)
    assert "* Withheld" in table.notes
    assert document.links[0].url == "cbp.xlsx"
    assert document.links[0].heading == ("Detained",)


def test_a_heading_right_above_a_table_is_its_title() -> None:
    document = page(
        "<main><h3>Removals by country</h3><table><tr><th>Country<th>Removals"
        "<tr><td>A<td>1<tr><td>B<td>2</table></main>"
    )
    assert document.tables[0].name == "Removals by country"


def test_a_bare_number_as_caption_gives_way_to_the_heading() -> None:
    rows = "<tr><th>Country<th>Removals<tr><td>A<td>1<tr><td>B<td>2"
    document = page(f"<main><h2>Table 1. By country</h2><table><caption>Table 1</caption>{rows}</table></main>")
    assert document.tables[0].name == "Table 1. By country"


def test_definition_lists_and_definitions() -> None:
    document = page(
        "<main><h2>Terms</h2><dl><dt>ADP</dt><dd>The average number of people held each day</dd>"
        "<dt>A</dt><dt>B</dt><dd>Either of the two kinds of case</dd></dl></main>"
    )
    assert [(each.term, each.wording) for each in document.definitions] == [
        ("ADP", "The average number of people held each day"),
        ("A, B", "Either of the two kinds of case"),
    ]


def test_links_are_kept_as_written() -> None:
    document = page(
        """<main><p><a href="files/FY24 stats.xlsx?x=1#a">FY24</a> <a href="#top">Top</a>
<a href="javascript:x()">X</a>
        <a href="/a"><img alt="Chart" src=c.png></a> <a href="mailto:a@b.example">Mail</a></p></main>""",
        head='<base href="https://agency.example/stats/">',
    )
    assert [(link.text, link.url) for link in document.links] == [
        ("FY24", "files/FY24 stats.xlsx?x=1#a"),
        ("Chart", "/a"),
        ("Mail", "mailto:a@b.example"),
    ]
    assert document.base_url == "https://agency.example/stats/"


def test_what_the_head_states() -> None:
    document = page(
        "<main><h1>H</h1><p>Some text that is long enough to count as main.</p></main>",
        head="""<meta name="Description" content="About"><meta name="viewport" content="width=1">
        <meta property="article:modified_time" content="2025-01-24"><link rel="canonical" href="https://a.example/x">
        <script type="application/ld+json">{"@graph":[{"@type":"Dataset","datePublished":"2023-01-02"}]}</script>
        <script type="Application/LD+JSON">{"dateModified":"2023-01-03"}</script><script>{}</script>
        <script type="application/ld+json">{broken</script>""",
    )
    assert document.metadata == {
        "description": "About",
        "article:modified_time": "2025-01-24",
        "canonical": "https://a.example/x",
        "language": "en",
    }
    assert [(stated.role, stated.date, stated.where.section) for stated in document.dates] == [
        (DateRole.LAST_UPDATED, dt.date(2025, 1, 24), "meta article:modified_time"),
        (DateRole.PUBLISHED, dt.date(2023, 1, 2), "JSON-LD datePublished"),
        (DateRole.LAST_UPDATED, dt.date(2023, 1, 3), "JSON-LD dateModified"),
    ]


def test_notes_outside_the_main_content_belong_to_it() -> None:
    main = "<main><p>Some text that is surely long enough to count as main.</p></main>"
    notes = "<div><footnote>1. An element of its own.</footnote></div><div id=footnotes>2. By its name.</div>"
    texts = [block.text for block in page(f"{main}{notes}<p>The frame.</p>").blocks]
    assert texts[1:] == ["1. An element of its own.", "2. By its name."]


def test_a_base_without_an_address_is_none() -> None:
    assert page("<main>x</main>", head="<base target=_top><base href=' /b/ '><base href=/c/>").base_url == "/b/"


def test_selectors_of_a_source_file() -> None:
    content = "<main><div id=a><p>One</p><p class=x>Two</p></div><div id=b><p>Three</p></div></main>"
    assert texts(page(content, include=("#a", "#b"), exclude=(".x",))) == ["One", "Three"]
    assert page(content, include=("#none",)).remarks == ("no part of the page matches the selectors",)
    with pytest.raises(ReadingError, match="selector"):
        page(content, include=("p[[",))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>Señor – ok".encode(), "Señor – ok"),
        ("\ufeff<p>Señor".encode(), "Señor"),
        ("<p>Señor".encode("utf-16"), "Señor"),
        ("<meta charset=windows-1252><p>Señor – ok".encode("windows-1252"), "Señor – ok"),
        ("<meta charset=utf-8><p>Señor – wrong".encode("windows-1252"), "Señor – wrong"),
        ("<meta charset=no-such><p>Señor".encode(), "Señor"),
    ],
)
def test_encodings(body: bytes, expected: str) -> None:
    assert texts(read(body, hints=ReadingHints())) == [expected]


@pytest.mark.parametrize(
    "tag", ["div", "b", "table><tr><td", "ul><li", "dl><dd", "details", "sup", "a href=x", "h2"]
)
def test_deep_nesting_neither_crashes_nor_recurses(tag: str) -> None:
    document = read(b"<p>before</p>" + f"<{tag}>".encode() * 10_000 + b"after", hints=ReadingHints())
    assert document.media_type == "text/html"


def test_hostile_pages_are_refused_with_a_reason() -> None:
    with pytest.raises(ReadingError, match="nests its elements"):
        read(b"<div>" * 50_000, hints=ReadingHints())
    with pytest.raises(ReadingError, match="larger than"):
        read(b"<p>" + b" " * (65 << 20), hints=ReadingHints())


def test_spans_are_clamped() -> None:
    begun = time.process_time()
    rows = '<tr><td colspan="999999999" rowspan="999999999">1</td><td colspan=1000>2</td></tr>' * 300
    document = page(f"<main><table><tr><th>A<th>B</tr>{rows}</table></main>")
    assert time.process_time() - begun < 5
    assert document.tables or document.remarks


def test_a_page_cut_in_the_middle_is_refused() -> None:
    whole = (
        f"<html><body><main><p>Text</p><table><tr><td>1</td></tr></table></main>{'<p>x</p>' * 1000}</body></html>"
    )
    assert read(whole.encode(), hints=ReadingHints())
    for end in (40, 55):
        with pytest.raises(ReadingError, match="cut off"):
            read(whole[:end].encode(), hints=ReadingHints())
    assert texts(read(b"<html><body><p>No end tags, by right", hints=ReadingHints())) == ["No end tags, by right"]


@settings(max_examples=examples(60))
@given(
    st.text(max_size=400),
    st.lists(st.sampled_from(["<div>", "</div>", "<td>", "<table>", "<li>", "</p>", "<a href=x>"])),
)
def test_any_text_is_read(text: str, tags: list[str]) -> None:
    read((text + "".join(tags) + text).encode("utf-8", "replace"), hints=ReadingHints())


@pytest.mark.skipif(not PAGES.is_dir(), reason="the published pages are not kept beside the project")
def test_published_pages_give_their_article_and_no_frame() -> None:
    for path in sorted(PAGES.glob("*.html")):
        document = read(path.read_bytes(), hints=ReadingHints())
        everything = " ".join(texts(document))
        assert document.headline, path
        assert len(document.blocks) > 5, path
        for frame in (
            "Official websites use .gov",
            "Return to top",
            "Media Inquiries",
            "En Español",
            "Skip to main",
        ):
            assert frame not in everything, (path, frame)
        assert not any(link.url in ("/newsroom", "/careers", "/") for link in document.links), path
        assert any(stated.role is DateRole.PUBLISHED for stated in document.dates), path
