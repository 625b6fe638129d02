"""Parquet files of the tables."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from apsa_perception.recordings.schema import TABLES, Column, Kind, Row

_ROWS_AT_ONCE = 20_000
_TYPES = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.NUMBERS: pa.list_(pa.float64()),
    Kind.TEXTS: pa.list_(pa.string()),
}


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """Return the Arrow schema of a table; units and meanings are metadata of its fields."""
    return pa.schema(
        [
            pa.field(
                each.name, _TYPES[each.kind], metadata={"unit": each.unit, "description": each.help}
            )
            for each in columns
        ]
    )


def write_tables(out: Path, rows: Iterable[tuple[str, Row]]) -> None:
    """Write ``<table>.parquet`` for every table, the empty ones too.

    Memory does not grow with the number of rows. Readers see the earlier files until all new ones
    are complete.

    Args:
        out: folder.
        rows: name of the table and the row, in any order.

    Raises:
        OSError: a file cannot be written.
    """
    partial = {name: out / f".{name}.parquet.partial" for name in TABLES}
    try:
        with ExitStack() as stack:
            writers = {
                name: stack.enter_context(_Writer(partial[name], columns))
                for name, columns in TABLES.items()
            }
            for table, row in rows:
                writers[table].add(row)
        for name, path in partial.items():
            path.replace(out / f"{name}.parquet")
    finally:
        for path in partial.values():
            path.unlink(missing_ok=True)


class _Writer:
    """Writes rows of one table in groups."""

    def __init__(self, path: Path, columns: Iterable[Column]) -> None:
        self._schema = arrow_schema(columns)
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[Row] = []

    def __enter__(self) -> "_Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._file.close()

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(pa.Table.from_pylist(self._rows, self._schema))
            self._rows = []
