"""Result files: strict JSON with the command and commit that reproduce them."""

import argparse
import json
import math
import shlex
import subprocess
import sys
from pathlib import Path


def evaluation_parser(module: str, config: str) -> argparse.ArgumentParser:
    """Return the command line that all evaluations share.

    Args:
        module: module that is run.
        config: default configuration.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the data sets, such as irds/irds.npz"
    )
    parser.add_argument("--config", default=config, help="name or file; default %(default)s")
    parser.add_argument("--json", type=Path, help="results file; default: that of the config")
    parser.add_argument(
        "--work", type=Path, default=Path("runs"), help="cache folder; default %(default)s"
    )
    return parser


def write_json(path: Path, report: dict[str, object]) -> None:
    """Write a report; NaN becomes null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(strict(report), indent=1, allow_nan=False)
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(path)


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
