"""Exercise files with mistakes."""

from pathlib import Path
from typing import Any

import yaml

from support.paths import ROOT

SQUAT = ROOT / "config" / "exercises" / "squat.yaml"


def broken(folder: Path, change: dict[str, Any]) -> Path:
    """The squat with some keys set; a dotted key goes into a mapping or a list, None removes."""
    values = yaml.safe_load(SQUAT.read_text())
    for key, value in change.items():
        *path, last = [int(part) if part.isdigit() else part for part in key.split(".")]
        inner = values
        for part in path:
            inner = inner[part]
        if value is None:
            del inner[last]
        else:
            inner[last] = value
    path_of_file = folder / "squat.yaml"
    path_of_file.write_text(yaml.safe_dump(values))
    return path_of_file
