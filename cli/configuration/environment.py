"""``${NAME}`` in settings: what the environment says, so that secrets stand in no file."""

from __future__ import annotations

import os
import re
from typing import Final

from state.errors import ConfigError

_NAMED: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def from_environment(text: str) -> str:
    """``text`` with every ``${NAME}`` taken from the environment. Raises ConfigError for one that is not set."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise ConfigError(f"set the environment variable {match[1]}")
        return os.environ[match[1]]

    return _NAMED.sub(value, text)
