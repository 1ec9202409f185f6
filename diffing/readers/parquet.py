"""Parquet, by pyarrow where that is installed: its columns as a table."""

from __future__ import annotations

import io
from typing import Any, Final

from diffing.readers.tables.rectangles import ColumnReader, table_of
from state.document import Document, ReadingHints
from state.errors import ReadingError

MAX_FIELDS: Final = 40_000_000
_BATCH: Final = 50_000  # rows


def read(body: bytes, *, hints: ReadingHints) -> Document:
    """Read a file. Raises ``ReadingError`` where it is damaged, too large, or pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ReadingError(
            "to read Parquet takes the package pyarrow: pip install -r requirements-parquet.txt"
        ) from None
    try:
        file: Any = parquet.ParquetFile(io.BytesIO(body))  # type: ignore[no-untyped-call]
        fields = file.metadata.num_rows * file.metadata.num_columns
        if fields > MAX_FIELDS:
            raise ReadingError(f"the file has {fields:,} fields; at most {MAX_FIELDS:,} are read")
        names = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
        readers = {name: ColumnReader() for name in names}
        for batch in file.iter_batches(batch_size=_BATCH, columns=names):
            for name, column in zip(names, batch.columns, strict=True):
                readers[name].add([_text(value) for value in column.to_pylist()])
    except (pyarrow.lib.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise ReadingError(f"the file is cut short or damaged: {error}") from error
    return Document(media_type="", tables=(table_of(names, list(readers.values()), hints=hints),))


def _text(value: Any) -> str:  # noqa: ANN401
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    return str(value)
