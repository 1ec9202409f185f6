"""Write every file that is made from the program, or say which ones differ.

    python -m docs.making [--check] [--quick]

``--check`` writes nothing and ends with 1 where a made file is not what the program would make today. ``--quick``
leaves out those for which stories are played. Pictures are made by ``python -m docs.making.screenshots``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from docs.making.played import incidents_document, noise_document, readme, readme_with_formats, scenarios_document
from docs.making.references import commands_document, settings_document
from docs.making.schemas import findings_schema, webhook_schema
from docs.making.vocabulary import kinds_document, vocabulary_module
from watchers.sources.load import schema_text

ROOT = Path(__file__).resolve().parents[2]
MADE: Mapping[str, Callable[[], str]] = {
    "state/vocabulary.py": vocabulary_module,  # first: the others read it
    "docs/kinds.md": kinds_document,
    "docs/findings.schema.json": findings_schema,
    "docs/webhook.schema.json": webhook_schema,
    "watchers/source.schema.json": schema_text,
    "docs/commands.md": commands_document,
    "README.md": readme_with_formats,
    "docs/settings.md": settings_document,
}
"""Each made file with what makes its text."""

PLAYED: Mapping[str, Callable[[], str]] = {
    "README.md": readme,
    "docs/incidents.md": incidents_document,
    "docs/noise.md": noise_document,
    "docs/scenarios.md": scenarios_document,
}
"""Those that take a minute: stories are played for them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where a file differs")
    parser.add_argument("--quick", action="store_true", help="only what needs no playing")
    options = parser.parse_args(arguments)
    wanted = {**MADE} if options.quick else {**MADE, **PLAYED}
    different = [name for name, make in wanted.items() if _differs(ROOT / name, make(), write=not options.check)]
    for name in different:
        print(f"{name} {'differs from what the program makes: run make docs' if options.check else 'written'}")
    return int(options.check and bool(different))


def _differs(file: Path, text: str, *, write: bool) -> bool:
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    if write:
        file.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
