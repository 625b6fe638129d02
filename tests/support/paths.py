"""Where the repository and its shared folders are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = ROOT / "config" / "exercises"


def shared_dir() -> Path:
    """Folder with the full set of clips and motion data; may be absent."""
    return Path(os.environ.get("APSA_SHARED", ROOT.parent / "shared"))
