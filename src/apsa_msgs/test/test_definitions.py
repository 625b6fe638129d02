"""Every message, service and action says what it is, and what each field and constant means."""

from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
DEFINITIONS = sorted(
    path for kind in ("msg", "srv", "action") for path in PACKAGE.glob(f"{kind}/*.{kind}")
)


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: file.name)
def test_every_field_and_constant_has_a_comment(file: Path) -> None:
    lines = [line for line in file.read_text().splitlines() if line.strip() not in ("", "---")]
    assert [line for line in lines if "#" not in line] == []
    assert lines[0].startswith("#")


def test_every_definition_is_built() -> None:
    built = (PACKAGE / "CMakeLists.txt").read_text()
    names = [file.relative_to(PACKAGE).as_posix() for file in DEFINITIONS]
    assert names
    assert [name for name in names if f"  {name}\n" not in built] == []
