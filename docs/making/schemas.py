"""What the program knows of its JSON contracts, put into the schemas that people read."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import wrap

from docs.making.vocabulary import declared_kinds
from state.kinds import Severity

DOCS = Path(__file__).resolve().parents[1]
_KIND = re.compile(r'("kind": \{\s*"enum": \[)[^\]]*(\])')
_SEVERITY = re.compile(r'("severity": \{\s*"enum": \[)[^\]]*(\])')


def findings_schema() -> str:
    """The text of ``docs/findings.schema.json``: written by hand, but for the kinds and severities there are."""
    names = ", ".join(f'"{kind.name}"' for kind in declared_kinds())
    lines = "\n".join(
        wrap(names, 115, initial_indent=" " * 12, subsequent_indent=" " * 12, break_on_hyphens=False)
    )
    return _with_severities(_KIND.sub(rf"\1\n{lines}\n          \2", _read("findings.schema.json")))


def webhook_schema() -> str:
    """The text of ``docs/webhook.schema.json``: written by hand, but for the severities."""
    return _with_severities(_read("webhook.schema.json"))


def _with_severities(text: str) -> str:
    return _SEVERITY.sub(r"\1" + ", ".join(f'"{severity}"' for severity in Severity) + r"\2", text)


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")
