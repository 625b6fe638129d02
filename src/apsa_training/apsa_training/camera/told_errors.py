"""Which constructed errors the coach tells, and how large it finds them, on drawn people.

python -m apsa_training.camera.told_errors --drawn FILE ... --json OUT

Each drawing with a constructed error is coached twice, by the rules: as the camera saw it and with
its true joints. What the true joints show is what the coach could tell; the size of the error is
the measure's near largest value in the repetition.
"""

import argparse
import json
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from apsa_perception.assessment.offline import Run, assess
from apsa_perception.assessment.settings import AssessmentSettings
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, Side
from apsa_training.camera.drawn_files import Drawn, load_drawings, sequence_of
from apsa_training.camera.measure_errors import bins_of
from apsa_training.camera.measure_pairs import DEFINED_IN_PICTURE
from apsa_training.data.assessment_frames import held
from apsa_training.data.coached_repetitions import HELD_S, coached_exercise, from_rest
from apsa_training.data.provenance import provenance, strict
from apsa_training.data.sequences import MotionSequence

MEASURED_BY = {
    ErrorCode.KNEE_VALGUS: "knee_valgus",
    ErrorCode.TRUNK_LEAN_FORWARD: "trunk_lean_forward",
    ErrorCode.TRUNK_LEAN_LATERAL: "trunk_lean_lateral",
}
"""Kinds whose size is an angle, and the measure that is it."""
YAW_DEG = (0.0, 20.0, 45.0, 70.0, 90.0)
_EITHER_WAY = {"trunk_lean_lateral"}
_PERCENTILE = 95.0


@dataclass(frozen=True)
class Coached:
    """A drawing with a constructed error, and what the coach said of it.

    Attributes:
        code: the constructed error.
        yaw_deg: direction of the camera, 0 from the front to 90 from the side.
        counted: whether one repetition was counted as the camera saw it.
        told: whether the error was told of it.
        truth_told: the same of the true joints.
        size_deg: size of the error as seen; NaN where it is no angle or was not measured.
        truth_deg: the same of the true joints.
    """

    code: ErrorCode
    yaw_deg: float
    counted: bool
    told: bool
    truth_told: bool
    size_deg: float
    truth_deg: float


def coached(drawn: Drawn, library: ExerciseLibrary) -> Coached | None:
    """Coach a drawing twice; None where true joints are not counted as one repetition."""
    code, measure = ErrorCode(drawn.error), MEASURED_BY.get(ErrorCode(drawn.error), "")
    side = Side(drawn.error_side) if code is ErrorCode.KNEE_VALGUS else Side.BOTH
    seen = sequence_of(drawn)
    truth = _run(_with_true_joints(drawn, seen, measure in DEFINED_IN_PICTURE), library)
    if len(truth.repetitions) != 1:
        return None
    run = _run(seen, library)
    counted = len(run.repetitions) == 1
    return Coached(
        code,
        abs(drawn.yaw_deg),
        counted,
        counted and code in run.codes[0],
        code in truth.codes[0],
        _size(run, measure, side) if counted else math.nan,
        _size(truth, measure, side),
    )


def _with_true_joints(drawn: Drawn, seen: MotionSequence, in_picture: bool) -> MotionSequence:
    frames = drawn.seen
    return replace(
        seen,
        positions=drawn.truth[frames].astype(np.float64),
        pixels=drawn.true_pixels[frames].astype(np.float64) if in_picture else None,
        image_size=drawn.image_size if in_picture else (0, 0),
        confidence=np.ones_like(seen.confidence),
        observed=np.ones_like(seen.observed),
    )


def _run(one: MotionSequence, library: ExerciseLibrary) -> Run:
    begun = from_rest(one)
    settings = AssessmentSettings(camera_pitch_deg=one.camera_pitch_deg)
    return assess(held(begun, HELD_S), coached_exercise(begun, library), library, settings)


def _size(run: Run, measure: str, side: Side) -> float:
    start, end = run.repetitions[0].start_ns, run.repetitions[0].end_ns
    values = [
        abs(taken.value) if measure in _EITHER_WAY else taken.value
        for one in run.live
        if start <= one.stamp_ns <= end
        for taken in one.measures
        if taken.judged and (taken.name, taken.side) == (measure, side)
    ]
    return float(np.percentile(values, _PERCENTILE)) if values else math.nan


def report(found: Sequence[Coached]) -> dict[str, dict[str, dict[str, float | int]]]:
    """Figures by kind of error and direction of the camera."""
    figures = {}
    for code in sorted({one.code for one in found}):
        of_kind = [one for one in found if one.code is code]
        bins = bins_of(np.array([one.yaw_deg for one in of_kind]), YAW_DEG)
        figures[code.name.lower()] = {
            name: _figures([of_kind[row] for row in np.flatnonzero(inside)])
            for name, inside in bins
            if inside.any()
        }
    return figures


def _figures(own: Sequence[Coached]) -> dict[str, float | int]:
    counted = [one for one in own if one.counted]
    errors = [one.size_deg - one.truth_deg for one in counted]
    sized = np.array([error for error in errors if math.isfinite(error)])
    figures: dict[str, float | int] = {
        "drawings": len(own),
        "counted": _share(one.counted for one in own),
        "true_joints_tell": sum(one.truth_told for one in counted),
        "of_these_told": _share(one.told for one in counted if one.truth_told),
        "of_others_told": _share(one.told for one in counted if not one.truth_told),
    }
    if len(sized):
        figures |= {
            "measured": len(sized),
            "size_bias_deg": round(float(sized.mean()), 1),
            "size_error_deg": round(float(np.abs(sized).mean()), 1),
        }
    return figures


def _share(what: Iterable[bool]) -> float:
    values = list(what)
    return round(sum(values) / len(values), 3) if values else math.nan


def main(argv: list[str] | None = None) -> int:
    """Write the figures as JSON and print them; return the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="python -m apsa_training.camera.told_errors")
    parser.add_argument("--drawn", type=Path, required=True, nargs="+", help="packed drawings")
    parser.add_argument("--json", type=Path, required=True, help="where to write the figures")
    options = parser.parse_args(arguments)
    library = ExerciseLibrary.load()
    drawings = (one for path in options.drawn for one in load_drawings(path) if one.error)
    found = [one for one in (coached(drawn, library) for drawn in drawings) if one is not None]
    if not found:
        print("no drawing has a constructed error; draw with --constructed 1", file=sys.stderr)
        return 2
    figures = report(found)
    made_by = provenance("apsa_training.camera.told_errors", arguments)
    options.json.write_text(
        json.dumps(strict({**made_by, "errors": figures}), indent=1) + "\n", encoding="utf-8"
    )
    for kind, bands in figures.items():
        for band, row in bands.items():
            print(f"{kind:20s} {band:>6s}  " + "  ".join(f"{k} {v:g}" for k, v in row.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
