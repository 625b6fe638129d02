"""The error of each biomechanical measure on drawn people, by view of the camera.

python -m apsa_training.camera.measure_errors --drawn FILE --json OUT

The same measure is taken from the skeletons that the camera saw and from the true joint centres
seen from the same camera, so that what differs is the error of the pose estimation.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from apsa_perception.assessment.posture_tracker import PostureTracker
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.biomechanics.measures import MEASURES, take_measures
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.results import MeasureResult
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_training.camera.drawn_files import Drawn, load_drawings

YAW_BINS_DEG = (0.0, 15.0, 30.0, 60.0, 90.0)
_EVERY = 3  # neighbouring frames hardly differ

Key = tuple[str, str]
Pairs = dict[Key, list[tuple[float, float]]]


def main(argv: list[str] | None = None) -> int:
    """Write the table of errors as JSON and print it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m apsa_training.camera.measure_errors")
    parser.add_argument("--drawn", type=Path, required=True, nargs="+", help="packed drawings")
    parser.add_argument("--json", type=Path, required=True, help="where to write the figures")
    options = parser.parse_args(argv)
    pairs: Pairs = defaultdict(list)
    for path in options.drawn:
        for drawn in load_drawings(path):
            add_pairs(pairs, drawn)
    rows = [_row(key, np.array(found)) for key, found in sorted(pairs.items())]
    options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        print(
            f"{row['measure']:26s} {row['yaw_deg']:>5s}  n {row['count']:6d}  "
            f"bias {row['bias']:8.3f}  mean absolute error {row['mean_absolute_error']:7.3f}"
        )
    return 0


def add_pairs(pairs: Pairs, drawn: Drawn) -> None:
    """Add the true and the seen value of every measure in every third frame of a drawing."""
    view = _bin(abs(drawn.yaw_deg))
    for true, seen in zip(_results(drawn, truth=True), _results(drawn, truth=False), strict=True):
        for one, other in zip(true, seen, strict=True):
            if one.judged and other.judged:
                pairs[one.name, view].append((one.value, other.value))


def _results(drawn: Drawn, truth: bool) -> Iterator[tuple[MeasureResult, ...]]:
    tracker = PostureTracker(AssessmentSettings(camera_pitch_deg=drawn.pitch_deg))
    certain, everywhere = np.ones(JOINT_COUNT), np.ones(JOINT_COUNT, dtype=np.bool_)
    for frame in np.flatnonzero(drawn.seen)[::_EVERY]:
        skeleton = Skeleton(
            stamp_ns=round(drawn.stamps_s[frame] * 1e9),
            body_id=1,
            positions=(drawn.truth if truth else drawn.positions)[frame].astype(np.float64),
            pixels=(drawn.true_pixels if truth else drawn.pixels)[frame].astype(np.float64),
            confidence=certain if truth else drawn.confidence[frame].astype(np.float64),
            observed=everywhere if truth else drawn.observed[frame],
            image_size=drawn.image_size,
        )
        yield take_measures(tracker.posture(skeleton), MEASURES)


def _bin(yaw_deg: float) -> str:
    last = len(YAW_BINS_DEG) - 2
    index = min(int(np.searchsorted(YAW_BINS_DEG, yaw_deg, side="right")) - 1, last)
    return f"{YAW_BINS_DEG[index]:.0f}-{YAW_BINS_DEG[index + 1]:.0f}"


def _row(key: Key, values: FloatArray) -> dict[str, str | int | float]:
    error = values[:, 1] - values[:, 0]
    return {
        "measure": key[0],
        "yaw_deg": key[1],
        "unit": MEASURES[key[0]].unit,
        "count": len(values),
        "bias": round(float(error.mean()), 4),
        "mean_absolute_error": round(float(np.abs(error).mean()), 4),
        "rms_error": round(float(np.sqrt((error**2).mean())), 4),
    }


if __name__ == "__main__":
    sys.exit(main())
