"""The name under which a reader would save what an address answers."""

from __future__ import annotations

import email.message
import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from watchers.fetching.response import Answer

_LONGEST_DISPOSITION: Final = 10_000  # characters of a header whose reading costs their square
_LONGEST_NAME: Final = 255  # characters, as on most disks


def file_name_of(answer: Answer) -> str | None:
    """The name under which a reader would save it: as the server says, else the end of the address.

    Always one harmless part of a path: no control characters, no marks that turn the writing direction.
    """
    said = _last_part(_said_name(answer.header("content-disposition")[:_LONGEST_DISPOSITION]))
    return said or _last_part(unquote(re.split(r"[?#]", answer.final_url)[0])) or None


def _said_name(disposition: str) -> str:
    """The name that a Content-Disposition gives, "" where it gives none or none that can be read."""
    if "name" not in disposition.lower():
        return ""
    message = email.message.Message()
    message["Content-Disposition"] = disposition
    try:
        return message.get_filename() or ""
    except (ValueError, LookupError):  # a parameter in pieces or in an encoding that there is not
        return ""


def _last_part(path: str) -> str:
    printable = path if path.isprintable() else "".join(letter for letter in path if letter.isprintable())
    name = PurePosixPath(printable.replace("\\", "/")).name
    return "" if name in (".", "..") else name[-_LONGEST_NAME:]
