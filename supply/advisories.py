"""Whether advisories stand against what is installed with the program: ``python -m supply.advisories``.

Asks PyPI's advisory service by pip-audit. Where it cannot be reached that is said, and is no failure: a machine
without the network must be able to lint.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any, Final

from supply.locked import ROOT

_ASK: Final = (
    *("--require-hashes", "--disable-pip"),
    *("--progress-spinner", "off", "--format", "json", "--timeout", "10"),
)
_PATIENCE: Final = 120.0  # seconds


def main(lock: str = "requirements.lock") -> int:
    """Say what stands against which package; 1 where something does."""
    if find_spec("pip_audit") is None:
        print("advisories: not looked up, pip-audit is not installed (requirements-dev.txt)")
        return 0
    command = [sys.executable, "-m", "pip_audit", "-r", str(ROOT / lock), *_ASK]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE)
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("advisories: not looked up, the service cannot be reached")
        return 0
    said, status = verdict(packages)
    print(said)
    return status


def verdict(packages: Sequence[Mapping[str, Any]]) -> tuple[str, int]:
    """What pip-audit's answer comes to, and the exit status."""
    found = [
        f"{each['name']} {each['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or '-'}"
        for each in packages
        for one in each.get("vulns", ())
    ]
    skipped = sum("skip_reason" in each for each in packages)
    if found:
        return "\n".join(found), 1
    if skipped == len(packages):
        return "advisories: not looked up, the service knows none of the packages or cannot be reached", 0
    unknown = f"; {skipped} are not known to the service" if skipped else ""
    return f"advisories: none against {len(packages) - skipped} packages{unknown}", 0


if __name__ == "__main__":
    sys.exit(main())
