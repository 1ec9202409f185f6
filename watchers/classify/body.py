"""What the body of an answer shows, whatever its status says: the document, or something in its place."""

from __future__ import annotations

from urllib.parse import urljoin

from state.formats import HTML, names_file
from state.model import Verdict
from watchers.classify.error_pages import breakdown_in, error_in, remark_in
from watchers.classify.html import Page
from watchers.classify.phrases import (
    CHALLENGE,
    LOST_NOTICE,
    MAINTENANCE,
    NOT_FOUND,
    REFUSAL_NOTICE,
    UPKEEP_NOTICE,
    phrase_in,
)
from watchers.classify.redirects import led_elsewhere
from watchers.classify.truncation import flaw_of, is_a_word
from watchers.classify.walls import wall_in
from watchers.fetching.response import Answer


def page_sends_on(answer: Answer) -> str | None:
    """The address to which a page that says hardly anything sends its readers at once, None for any other."""
    target = Page(answer).sends_on() if answer.true_type == HTML else None
    return None if target is None else urljoin(answer.final_url, target)


def judge_failure(answer: Answer, status: int) -> tuple[Verdict, str]:
    """The verdict on an answer whose status says that it is not the document."""
    said = f"the server answered {status}"
    if status in (401, 403, 407, 429, 451, 999):
        return Verdict.BLOCKED, said
    page = Page(answer)
    if page.is_challenge():
        return Verdict.BLOCKED, f"{said} with a challenge page"
    if status in (404, 410):
        return Verdict.GONE, said
    words = page.says(MAINTENANCE) or page.notice(UPKEEP_NOTICE)
    if status >= 500 and words and words.lower() != "service unavailable":
        return Verdict.MAINTENANCE, f"{said}: “{words}”"
    return Verdict.UNREACHABLE, said


def judge_success(answer: Answer) -> tuple[Verdict, str]:
    """The verdict on an answer that says it is the document."""
    if answer.status == 206:
        return Verdict.TRUNCATED, "the server sent a part of the document"
    if not answer.body.strip():
        return Verdict.EMPTY, f"the server answered {answer.status} without content"
    true_type = answer.true_type
    if is_a_word(answer.body) and not names_file(answer.url):
        return Verdict.EMPTY, f"the server answered {answer.status} with a word in place of a page"
    is_page = true_type == HTML
    page = Page(answer)
    if is_page and (found := _judge_page(page, answer.status)) is not None:
        return found
    if not is_page and (found := _judge_remark(answer)) is not None:
        return found
    if (flaw := flaw_of(answer.body, true_type)) is not None:
        return Verdict.TRUNCATED, flaw
    if is_page and (wall := wall_in(page)) is not None:
        return wall.verdict, f"a page answers {answer.status} in its place: {wall.says}"
    if (moved := _moved(answer, is_page=is_page)) is not None:
        return moved
    return Verdict.PRESENT, f"the server answered {answer.status}"


def _judge_page(page: Page, status: int | None) -> tuple[Verdict, str] | None:
    """A second look at a page whose titles or machinery are suspicious; None for an ordinary one."""
    if page.is_challenge():
        return Verdict.BLOCKED, f"a challenge page with status {status}"
    if words := page.is_about(MAINTENANCE) or page.notice(UPKEEP_NOTICE):
        return Verdict.MAINTENANCE, f"the page says “{words}”"
    if words := page.is_about(NOT_FOUND) or page.notice(LOST_NOTICE):
        return Verdict.MOVED, f"the page answers {status} and says “{words}”"
    if words := page.notice(REFUSAL_NOTICE):
        return Verdict.BLOCKED, f"the page answers {status} and says “{words}”"
    if (elsewhere := page.sends_on()) is not None:
        return Verdict.MOVED, f"the page only sends its readers on, to {elsewhere}"
    return None


def _judge_remark(answer: Answer) -> tuple[Verdict, str] | None:
    """What is said in place of a file ("Access Denied"); None where it may be the file."""
    remark = remark_in(answer.body)
    for pattern, verdict in (
        (CHALLENGE, Verdict.BLOCKED),
        (MAINTENANCE, Verdict.MAINTENANCE),
        (NOT_FOUND, Verdict.MOVED),
    ):
        if words := phrase_in(remark, pattern):
            return verdict, f"the server answered {answer.status} and says “{words}”"
    if said := error_in(answer.body, answer.media_type) or breakdown_in(answer.body):
        return (
            Verdict.UNREACHABLE,
            f"the server answered {answer.status} with an error in place of the data: “{said}”",
        )
    return None


def _moved(answer: Answer, *, is_page: bool) -> tuple[Verdict, str] | None:
    """Whether the answer is of another place than the one asked for."""
    if not is_page:
        return None
    if names_file(answer.url):
        return Verdict.MOVED, "a web page stands where the file was"
    return led_elsewhere(answer)
