"""A memo in PDF of an invented agency, and twenty-four edits on it."""

from __future__ import annotations

import io
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

STAMP = ("Date: May 12, 2031", "Date: May 26, 2031")

HEAD = (
    "MEMORANDUM",
    STAMP[0],
    "To: All field offices",
    "From: The Chief Warden",
    "Subject: Stays in holding rooms",
)

TEXT = (
    "1. Purpose. This memorandum sets limits for stays in holding rooms of all field offices.",
    "2. Limit. No person may be kept in a holding room for more than 12 hours. An officer must record every stay.",
    "3. Children. Children under 16 are never kept in a holding room. Families stay together.",
    "4. Care. Each person is offered water at once, a meal every six hours and a blanket.",
    "5. Medical. A nurse sees every person within two hours. Persons who are ill are taken to a hospital.",
    "6. Lawyers. A person may call a lawyer free of charge. The call is not recorded.",
    "7. Exceptions. Only the Chief Warden may permit a longer stay, in writing and for no more than 6 hours.",
    "8. Report. Field offices will report the number of stays each month. In April there were 1,284 stays.",
    "9. Review. An independent reviewer examines 50 records of each office every quarter.",
    "10. Publication. This memorandum and all reports are public.",
    "11. Definition. Holding room means any room in which a person waits in custody, including vehicles.",
    "12. Effect. This memorandum takes effect on June 1, 2031 and replaces memorandum 2029-04.",
)


class MemoEdit(NamedTuple):
    """One edit of the memo's text; ``told`` as for pages. ``layout`` says how it is set."""

    name: str
    before: str
    after: str
    told: str
    layout: str = ""  # "narrow", "large", "boxed", "second page"


EDITS = (
    MemoEdit("a limit", "more than 12 hours", "more than 72 hours", "72 hours"),
    MemoEdit("must becomes should", "must record", "should record", "should"),
    MemoEdit("every becomes long", "record every stay", "record long stays", "every|long"),
    MemoEdit("never becomes not normally", "are never kept", "are not normally kept", "never|normally"),
    MemoEdit("families out", " Families stay together.", "", "Families"),
    MemoEdit("an age", "under 16", "under 12", "12"),
    MemoEdit("a meal", "a meal every six hours", "a meal every twelve hours", "twelve"),
    MemoEdit("a nurse's time", "within two hours", "within two days", "days"),
    MemoEdit("the nurse out", "A nurse sees every person within two hours. ", "", "nurse"),
    MemoEdit("free of charge out", "a lawyer free of charge", "a lawyer", "free of charge"),
    MemoEdit("the call is recorded", "is not recorded", "is recorded", "recorded"),
    MemoEdit("a section out", TEXT[5], "", "lawyer"),
    MemoEdit("in writing out", ", in writing and for no more than 6 hours", "", "in writing"),
    MemoEdit("who permits", "Only the Chief Warden may permit", "Any supervisor may permit", "supervisor"),
    MemoEdit("each month becomes on request", "each month", "on request", "on request"),
    MemoEdit("a figure", "1,284 stays", "284 stays", "284"),
    MemoEdit("independent out", "An independent reviewer", "A reviewer", "independent"),
    MemoEdit("public becomes internal", "are public", "are internal", "internal"),
    MemoEdit("a definition", ", including vehicles", "", "vehicles"),
    MemoEdit("the day of effect", "June 1, 2031", "December 1, 2031", "December"),
    MemoEdit(
        "a black box over the number of stays",
        "1,284",
        "1,284",
        "redact|covered|black|hidden|withheld|1,284",
        "boxed",
    ),
    MemoEdit("set narrower", "", "", "", "narrow"),
    MemoEdit("set larger", "", "", "", "large"),
    MemoEdit("a page break", "", "", "", "second page"),
)


def memo(edit: MemoEdit | None = None, *, moved: bool = False) -> bytes:
    """The memo as a PDF, with one edit, and its date moved or not."""
    layout = edit.layout if edit else ""
    size, wide = (13 if layout == "large" else 11), (330 if layout == "narrow" else 450)
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    canvas.setTitle("Stays in holding rooms")
    y = 790.0
    lines = [line.replace(STAMP[0], STAMP[1]) if moved else line for line in HEAD]
    changed = [text.replace(edit.before, edit.after) if edit and edit.before else text for text in TEXT]
    for number, text in enumerate((*lines, *changed)):
        if layout == "second page" and number == 11:
            canvas.showPage()
            y = 790.0
        canvas.setFont("Helvetica", size)
        for line in simpleSplit(text, "Helvetica", size, wide):
            canvas.drawString(60, y, line)
            if layout == "boxed" and "1,284" in line:
                left = 60 + canvas.stringWidth(line.partition("1,284")[0], "Helvetica", size)
                canvas.rect(
                    left, y - 3, canvas.stringWidth("1,284", "Helvetica", size), size + 2, fill=1, stroke=0
                )
            y -= size * 1.35
        y -= 8
    canvas.save()
    return made.getvalue()
