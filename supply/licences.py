"""Whether all that is installed with the program may be given on with it: ``python -m supply.licences``.

Only licences that ask for no more than a notice, and MPL-2.0, which reaches its own files only (certifi, fqdn …).
"""

from __future__ import annotations

import re
import sys
from typing import Final

from supply.locked import locked

ALLOWED: Final = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "HPND", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0"}
    | {"PSF-2.0", "Python-2.0", "Unlicense", "Zlib"}
    # As older packages write them, in words.
    | {
        "Apache 2.0",
        "Apache License",
        "Apache License 2.0",
        "Apache License, Version 2.0",
        "Apache Software License",
    }
    | {"3-Clause BSD License", "BSD", "BSD License", "MIT License", "Public Domain"}
    | {"Mozilla Public License 2.0 (MPL 2.0)", "Python Software Foundation License"}
)


def main() -> int:
    """One line for each package with a licence that is not allowed, or none; 1 where there is one."""
    wrong = [(each.name, each.version, each.licence) for each in locked() if not is_allowed(each.licence)]
    for name, version, licence in wrong:
        print(f"{name} {version}: {licence or 'states no licence'}")
    if not wrong:
        print(f"licences: all of {len(locked())} packages are allowed")
    return 1 if wrong else 0


def is_allowed(licence: str | None) -> bool:
    """Whether every part of a licence expression is allowed, or one side of each "OR"."""
    if not licence:
        return False
    sides = [re.split(" AND ", side) for side in licence.split(" OR ")]
    return any(all(part in ALLOWED or part.strip(" ()") in ALLOWED for part in side) for side in sides)


if __name__ == "__main__":
    sys.exit(main())
