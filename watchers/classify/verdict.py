"""What an answer shows: there, gone, moved, blocked, broken. Said with a reason that a person can check.

The rule behind all of it: data has vanished only where the publisher's own server says so. A server that
refuses, stumbles or breaks off shows nothing about the document.
"""

from __future__ import annotations

from typing import Final

from state.formats import names_file
from state.model import Verdict
from watchers.classify.redirects import led_elsewhere
from watchers.fetching.response import Answer

_HEAD: Final = 20_000  # bytes in which a page says that it sends its readers on


def leads_on_to(answer: Answer) -> str | None:
    """The address to which a page that says hardly anything sends its readers at once, None for any other."""
    if not 200 <= (answer.status or 0) < 300 or b"refresh" not in answer.body[:_HEAD].lower():
        return None
    from watchers.classify.body import page_sends_on  # slow to load

    return page_sends_on(answer)


def judge_answer(answer: Answer) -> tuple[Verdict, str]:
    """The verdict on an answer and its reason in a line."""
    if answer.refused:
        return Verdict.BLOCKED, answer.trouble
    if answer.trouble:
        return (Verdict.TRUNCATED if answer.cut else Verdict.UNREACHABLE), answer.trouble
    status = answer.status or 0
    if status == 304:
        if (elsewhere := led_elsewhere(answer)) is not None and not names_file(answer.url):
            return elsewhere
        return Verdict.UNCHANGED, "the server says that nothing changed"
    from watchers.classify.body import (  # slow to load; most answers have no body to look at
        judge_failure,
        judge_success,
    )

    return judge_success(answer) if 200 <= status < 300 else judge_failure(answer, status)
