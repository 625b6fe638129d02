"""List the motion data in a folder.

``python -m apsa_training.list_data --data FOLDER``
"""

import argparse
import sys
from pathlib import Path

from apsa_training.data.packed_files import load_packed
from apsa_training.data.raw_datasets import load_raw
from apsa_training.data.sequences import MotionData

_DROPPED_SHOWN = 20


def load_all(path: Path) -> tuple[list[MotionData], list[str]]:
    """Load a packed file, or all packed and raw data sets below a folder.

    Returns:
        The data sets, and one message per file that is not motion data.

    Raises:
        ValueError: there is no motion data.
    """
    if path.is_file():
        return [load_packed(path)], []
    if not path.is_dir():
        raise ValueError(f"{path} not found; expected a packed file or a folder")
    found: list[MotionData] = []
    skipped: list[str] = []
    for packed in sorted(path.rglob("*.npz")):
        try:
            found.append(load_packed(packed))
        except ValueError as error:
            skipped.append(str(error))
    try:
        found.extend(load_raw(path))
    except ValueError as error:
        if not found:
            raise ValueError(f"{error}, and no packed files (.npz)") from error
    return found, skipped


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m apsa_training.list_data")
    parser.add_argument("--data", type=Path, required=True, help="packed file, or a folder")
    options = parser.parse_args(arguments)
    try:
        found, skipped = load_all(options.data)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for data in found:
        print(data.summary())
        for name, reason in data.dropped[:_DROPPED_SHOWN]:
            print(f"    {name}: {reason}")
    for sentence in skipped:
        print(f"skipped: {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
