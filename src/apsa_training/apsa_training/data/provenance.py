"""What makes a results file reproducible: the command and commit of its run, and strict JSON."""

import math
import shlex
import subprocess
import sys
from pathlib import Path


def provenance(module: str, arguments: list[str]) -> dict[str, object]:
    """Commit and command of a run; uncommitted changes are noted."""
    commit = _git("rev-parse", "HEAD")
    # One evaluation is several runs, and each writes a results file.
    elsewhere = (":(top)", ":(top,exclude)benchmarks/results")
    changed = bool(_git("status", "--porcelain", "--untracked-files=no", "--", *elsewhere))
    return {
        "commit": commit + (" with uncommitted changes" if commit and changed else ""),
        "command": shlex.join(["python", "-m", module, *arguments]),
        "python": sys.version.split()[0],
    }


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def strict(value: object) -> object:
    """A report with six digits and null for NaN."""
    if isinstance(value, dict):
        return {str(key): strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [strict(item) for item in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
