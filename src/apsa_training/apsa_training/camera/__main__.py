"""Command: draw motion data and see it through the pose estimation.

python -m apsa_training.camera --data FOLDER --out FOLDER
"""

import argparse
import os
import sys
from pathlib import Path

from tqdm import tqdm

from apsa_training.camera.drawn_files import pack
from apsa_training.camera.laboratory import draw_all, tasks_of
from apsa_training.camera.squats import with_squats
from apsa_training.data.packed_files import load_packed

SETS = {"irds": "irds/irds.npz", "ui_prmd": "ui_prmd/ui_prmd_kinect.npz"}
"""Data sets whose licence allows weights that are trained on them to be published."""


def main(argv: list[str] | None = None) -> int:
    """Draw what is missing, then pack each data set into one file; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m apsa_training.camera")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    parser.add_argument(
        "--out", type=Path, default=Path("runs/camera"), help="folder of the result"
    )
    parser.add_argument("--sets", nargs="+", choices=sorted(SETS), default=sorted(SETS))
    parser.add_argument("--drawings", type=int, default=1, help="drawings of each recording")
    parser.add_argument("--share", type=float, default=1.0, help="share of the recordings, 0..1")
    parser.add_argument("--constructed", type=int, default=1, help="errors in each correct one")
    parser.add_argument("--limbs", action="store_true", help="draw limbs, not a mesh: a check")
    parser.add_argument("--raw", action="store_true", help="pack skeletons without correction")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(argv)
    try:
        sets = [with_squats(load_packed(options.data / SETS[name])) for name in options.sets]
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for data in sets:
        tasks = tasks_of(
            data,
            options.drawings,
            options.seed,
            options.out,
            options.share,
            options.constructed,
            options.limbs,
        )
        drawn = tqdm(draw_all(tasks, options.workers), data.source, len(tasks), unit="recording")
        style = "_limbs" if options.limbs else ""
        target = options.out / f"{data.source}_camera{style}.npz"
        count = pack(list(drawn), target, not options.raw)
        print(f"{target}: {count} of {len(tasks)} drawings")
    return 0


if __name__ == "__main__":
    sys.exit(main())
