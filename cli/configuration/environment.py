"""``${NAME}`` in settings: what the environment says, so that secrets stand in no file."""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import quote

from state.errors import ConfigError

_NAMED: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


_PASSWORD: Final = re.compile(r":\$\{[A-Za-z_][A-Za-z0-9_]*\}@")
_ENDS_A_PASSWORD: Final = frozenset("@/?#[] ")


def from_environment(text: str, *, address: bool = False) -> str:
    """``text`` with every ``${NAME}`` taken from the environment. Raises ConfigError for one that is not set.

    In an ``address`` a password that holds what would end it there is quoted; one that was quoted holds none.
    """

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise ConfigError(f"set the environment variable {match[1]}")
        found = os.environ[match[1]]
        is_password = address and _PASSWORD.fullmatch(text, max(match.start() - 1, 0), match.end() + 1)
        return quote(found, safe="") if is_password and not _ENDS_A_PASSWORD.isdisjoint(found) else found

    return _NAMED.sub(value, text)
