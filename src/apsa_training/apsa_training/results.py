"""Result files: strict JSON, with what is needed to make them again."""

import argparse
import json
import math
import shlex
import subprocess
import sys
from pathlib import Path


def evaluation_parser(module: str, data: str) -> argparse.ArgumentParser:
    """The command line that all evaluations share.

    Args:
        module: what is run.
        data: what ``--data`` takes, for people.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument("--data", type=Path, required=True, help=data)
    parser.add_argument("--json", type=Path, required=True, help="where to write the figures")
    parser.add_argument("--work", type=Path, default=Path("runs"), help="partial results")
    return parser


def write_json(path: Path, report: dict[str, object]) -> None:
    """Write a report; figures that do not exist (NaN) become null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_strict(report), indent=1, allow_nan=False)
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(path)


def provenance(module: str, arguments: list[str]) -> dict[str, object]:
    """Commit (with a mark when files differ from it) and command of a run."""
    commit = _git("rev-parse", "HEAD")
    # An evaluation is several runs, and each leaves its figures there.
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


def _strict(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value
