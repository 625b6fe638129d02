"""List the motion data in a folder: ``python -m apsa_training.list_data --data FOLDER``."""

import argparse
import sys
from pathlib import Path

from apsa_training.packed import load_packed
from apsa_training.raw_datasets import load_published
from apsa_training.sequences import MotionData

_DROPPED_SHOWN = 20


def load_all(path: Path) -> tuple[list[MotionData], list[str]]:
    """Load a packed file, or every packed file and published data set below a folder.

    Returns:
        What was loaded, and a sentence for each file that is no motion data.
    """
    if path.is_file():
        return [load_packed(path)], []
    if not path.is_dir():
        raise ValueError(f"there is neither a file nor a folder {path}")
    found: list[MotionData] = []
    skipped: list[str] = []
    for packed in sorted(path.rglob("*.npz")):
        try:
            found.append(load_packed(packed))
        except ValueError as error:
            skipped.append(str(error))
    try:
        found.extend(load_published(path))
    except ValueError as error:
        if not found:
            raise ValueError(f"{error}, and no packed array files either") from error
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
