"""The one door to pdfium. Its bindings carry no types, so everything behind this door is ``Any``.

pdfium is not thread-safe: one thread of a process may use it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, TypeAlias

Handle: TypeAlias = Any
"""A document, page, text page or page object of pdfium."""

library: Final[Any] = import_module("pypdfium2")
"""``PdfDocument`` and ``PdfiumError``."""

raw: Final[Any] = import_module("pypdfium2.raw")
"""The C functions, by their own names."""
