"""How well and how fast pages are read: time a page, what of the frame leaks, what of the content is lost.

    python -m benchmarks.reading_html [PAGE…]

Pages named, else those kept beside the project, else one made here. Peers do the part of the work that they
can: all text (selectolax), all text and all tables (Beautiful Soup with lxml).

Needs nothing besides.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from diffing.readers.html.reader import read
from state.document import Document, ReadingHints

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"
ROUNDS = 15
FRAME = (
    "Skip to main content", "An official website", "Official websites use .gov", "Return to top",
    "Media Inquiries", "En Español", "Home", "Newsroom", "Privacy Policy", "FOIA", "Site Map",
)  # fmt: skip
"""Words of navigation, banners and footers on pages of the publishers that are watched."""


def main() -> None:
    named = [Path(name) for name in sys.argv[1:]]
    pages = named or [*SHARED.glob("peers/templates/*.html"), *sorted(SHARED.glob("releases/*html*/*.html"))]
    bodies = {path.name: path.read_bytes() for path in pages} or {"made here": made()}
    print(f"{'page':24}{'KB':>5}{'ours ms':>9}{'text ms':>9}{'bs4 ms':>8}", end="  ")
    print("blocks tables  links  dates   defs leaked lost")
    for name, body in bodies.items():
        print_page(name, body)


def print_page(name: str, body: bytes) -> None:
    document = read(body, hints=ReadingHints())
    times = [milliseconds(work, body) for work in (read_ours, read_text, read_with_soup)]
    counts = (document.blocks, document.tables, document.links, document.dates, document.definitions)
    print(
        f"{name[:23]:24}{len(body) / 1024:5.0f}{times[0]:9.1f}{times[1]:9.1f}{times[2]:8.1f}  "
        + " ".join(f"{len(part):6}" for part in counts)
        + f" {leaked(document):6} {lost(document, body):4}"
    )


def read_ours(body: bytes) -> object:
    return read(body, hints=ReadingHints())


def read_text(body: bytes) -> object:
    return LexborHTMLParser(body).text()


def read_with_soup(body: bytes) -> object:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(body, "lxml")
    rows = [[cell.get_text(" ", strip=True) for cell in row.find_all(("td", "th"))] for row in soup.find_all("tr")]
    return soup.get_text(" ", strip=True), rows


def milliseconds(work: Callable[[bytes], object], body: bytes) -> float:
    """Median CPU time of one call."""
    work(body)
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        work(body)
        taken.append(time.process_time() - begun)
    return statistics.median(taken) * 1_000


def leaked(document: Document) -> int:
    """Words of the frame that stand among the blocks."""
    texts = {block.text for block in document.blocks}
    return sum(words in texts for words in FRAME)


def lost(document: Document, body: bytes) -> int:
    """Texts of the article's paragraphs, headings, list items and cells that no block and no table holds."""
    tree = LexborHTMLParser(body)
    tree.strip_tags(["script", "style", "nav"])
    kept = " ".join(_everything(document))
    main = tree.css_first("main") or tree.body
    parts = main.css("p,h1,h2,h3,h4,li,dd,td") if main is not None else []
    texts = {"".join((node.text_content or "").split()) for part in parts for node in part.iter(include_text=True)}
    return sum(text not in kept for text in texts if len(text) > 8)


def _everything(document: Document) -> list[str]:
    parts = [block.text for block in document.blocks]
    for table in document.tables:
        parts += [table.name, *table.notes, *(column.name for column in table.columns)]
        parts += [
            table.text_at(row, column) for row in range(len(table.rows)) for column in range(len(table.columns))
        ]
    return ["".join(part.split()) for part in parts]


def made() -> bytes:
    from benchmarks.making.broken_documents import html

    return html()


if __name__ == "__main__":
    main()
