"""Generates the columns of the tables in docs/recordings.md from the schema.

python tools/tables_page.py
"""

from pathlib import Path

from apsa_perception.recordings.schema import TABLES, Column
from generated_blocks import with_blocks

PAGE = Path("docs/recordings.md")


def columns() -> str:
    """Every table with its columns as Markdown."""
    return "\n".join(
        f"### {name}.parquet\n\n| column | type | unit | meaning |\n|---|---|---|---|\n"
        + "".join(_row(each) for each in table)
        for name, table in TABLES.items()
    )


def page(root: Path) -> str:
    """Return the page with up-to-date columns."""
    return with_blocks((root / PAGE).read_text(encoding="utf-8"), {"columns": columns()})


def _row(column: Column) -> str:
    unit = "see `unit`" if column.unit == "*" else column.unit
    return f"| `{column.name}` | {column.kind.value} | {unit} | {column.help} |\n"


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[1]
    (root / PAGE).write_text(page(root), encoding="utf-8")
