"""Result files: strict JSON with the command and commit that reproduce them."""

import argparse
import json
from pathlib import Path

from apsa_training.data.provenance import provenance, strict

__all__ = ["evaluation_parser", "provenance", "write_json"]


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
