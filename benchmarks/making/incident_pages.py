"""The re-created incidents as pages for programs that watch one address: what it answers before and after."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from string import Template
from urllib.parse import urlsplit

from benchmarks.peers.serving import good
from demo.site import FOLDER
from tests.incidents.cases import CASES
from tests.incidents.making import HTML, SUFFIX, Lived, Reply, Round, media_type

_OF_THE_DEMO: dict[int, tuple[tuple[str, ...], ...]] = {
    1: (("removals-june.pdf", "removals-july.pdf"),),
    2: (("press-release.issued.html", "press-release.corrected.html"),),
    3: (("offices.reordered.xlsx", "offices.october.xlsx"),),
    4: (("record-straight.august.html", "record-straight.october.html"),),
    5: (("priorities.before.html", "priorities.june.html"),),
    6: (("activated.july.pdf", "activated.august.pdf"),),
    7: (("program.bottom.html", "program.elsewhere.html", "program.gone.html"),),
}
"""The number of an incident -> for each address the files of the demo that it serves, one after the other."""


def steps_of(number: int) -> dict[str, list[Reply]]:
    """Path -> its answers, oldest first. A series of files has one address, whatever its files were called."""
    if number in _OF_THE_DEMO:
        several = [_demo_steps(names) for names in _OF_THE_DEMO[number]]
    else:
        several = [steps for make in CASES[number] for steps in _story_steps(make)]
    return {
        f"/incident{number}/{place}{SUFFIX[media_type(steps[0].body)]}": steps
        for place, steps in enumerate(several, start=1)
    }


def _demo_steps(names: Sequence[str]) -> list[Reply]:
    views = itertools.count(10_418, 7)
    return [good(_filled((FOLDER / name).read_bytes(), next(views))) for name in names]


def _filled(body: bytes, views: int) -> bytes:
    """A page of the demo with its furniture, of which the counter alone is different at each visit."""
    if media_type(body) != HTML:
        return body
    furniture = {
        "BANNER": "Now hiring",
        "NONCE": "7d0c",
        "TOKEN": "1f3a",
        "VIEWS": views,
        "UPDATED": "August 1, 2010",
    }
    return Template(body.decode()).safe_substitute(furniture).encode()


def _story_steps(make: Callable[[], Lived]) -> list[list[Reply]]:
    """The answers before and in the round that must tell, for the page alone where the story has one."""
    story = make()
    before, after = (_standing(story.rounds[: story.tells + more]) for more in (0, 1))
    addresses = [address for address in after if address == story.source.url] or list(after)
    return [[good(before[address]), good(after[address])] for address in addresses]


def _standing(rounds: Sequence[Round]) -> dict[str, bytes]:
    """The newest body of each address; the releases of a series stand at one address."""
    found: dict[str, bytes] = {}
    for each in rounds:
        for name, brought in each.brings.items():
            for url, body in brought:
                alone = len(brought) == 1 and name != "page"
                if isinstance(body, bytes):
                    found[name if alone else urlsplit(url).geturl()] = body
    return found
