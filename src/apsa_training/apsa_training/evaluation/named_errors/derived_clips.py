"""Derived clips with a known added fault, compared with their ground truth files."""

import csv
from pathlib import Path

import numpy as np

from apsa_perception.assessment.offline import Run, assess
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import ErrorCode, Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.clip import skeletons_of_clip
from apsa_training.data.assessment_frames import Frames

VALGUS_RATIO = 0.75
"""Knee distance over ankle distance below which the warped knees count as valgus."""


def derived_clips(folder: Path, library: ExerciseLibrary) -> dict[str, object]:
    """Delay of the detected valgus in seconds, and error of the added lean in degrees."""
    return {
        "squat_front_knees_in": _valgus(folder, library),
        "lunge_side_trunk_lean": _lean(folder, library),
    }


def _valgus(folder: Path, library: ExerciseLibrary) -> dict[str, object]:
    frames = skeletons_of_clip(folder / "squat_front_knees_in.mp4")
    run = assess(frames, "squat", library)
    truth = _column(folder / "squat_front_knees_in_truth.csv", "knee_ankle_sep_ratio_warped")
    blend = _column(folder / "squat_front_knees_in_truth.csv", "blend_0_1")
    warped = (truth < VALGUS_RATIO) & (blend > 0)
    began = [int(i) for i in np.flatnonzero(warped[1:] & ~warped[:-1]) + 1]
    onsets = []
    for one in run.verdicts:
        for error in one.errors:
            if error.code is ErrorCode.KNEE_VALGUS:
                true_s = [frames[i][0] * 1e-9 for i in began]
                onsets.append(min((error.start_ns * 1e-9 - s for s in true_s), key=abs))
    good = assess(skeletons_of_clip(folder / "squat_front.mp4"), "squat", library)
    return {
        "repetitions": len(run.repetitions),
        "with_valgus": sum(ErrorCode.KNEE_VALGUS in codes for codes in run.codes),
        "onset_after_truth_s": onsets,
        "unwarped_clip_with_valgus": sum(ErrorCode.KNEE_VALGUS in codes for codes in good.codes),
    }


def _lean(folder: Path, library: ExerciseLibrary) -> dict[str, object]:
    original = skeletons_of_clip(folder / "lunge_side.mp4")
    leaning = skeletons_of_clip(folder / "lunge_side_trunk_lean.mp4")
    added = _column(folder / "lunge_side_trunk_lean_truth.csv", "added_image_plane_trunk_lean_deg")
    runs = [assess(frames, "lunge", library) for frames in (original, leaning)]
    difference = _leans(runs[1]) - _leans(runs[0])
    error = np.abs(difference - added[: len(difference)])
    jumps = [_ankle_jumps(frames) for frames in (original, leaning)]
    return {
        "mean_error_deg": float(np.nanmean(error)),
        "frames": int(np.isfinite(error).sum()),
        "errors_of_leaning": sorted({c.name.lower() for codes in runs[1].codes for c in codes}),
        "errors_of_original": sorted({c.name.lower() for codes in runs[0].codes for c in codes}),
        "ankle_jumps_over_25_cm": jumps,
    }


def _leans(run: Run) -> FloatArray:
    values = [
        [m.value for m in one.measures if m.name == "trunk_lean_forward" and m.side is Side.BOTH]
        for one in run.live
    ]
    return np.array([found[0] if found else np.nan for found in values])


def _ankle_jumps(frames: Frames) -> int:
    bodies = [people[0] for _, people in frames if people]
    jumps = 0
    for ankle in (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE):
        places = np.array([body.positions[ankle] for body in bodies])
        seen = np.array([body.observed[ankle] for body in bodies])
        far = np.linalg.norm(np.diff(places, axis=0), axis=-1) > 0.25
        jumps += int((far & seen[1:] & seen[:-1]).sum())
    return jumps


def _column(path: Path, name: str) -> FloatArray:
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file)])
