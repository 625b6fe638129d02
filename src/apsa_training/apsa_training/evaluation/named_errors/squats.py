"""Squats with labelled faults: AUC of single measures and of fitted models."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsa_perception.assessment.offline import Run, assess
from apsa_perception.exercises.library import ExerciseLibrary
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.config.configurations import NetworkTraining
from apsa_training.data.assessment_frames import by_subject, concatenated
from apsa_training.data.sequences import MotionData, MotionSequence
from apsa_training.evaluation.metrics import IntArray, accuracy, auc, macro_f1
from apsa_training.evaluation.named_errors.out_of_fold import out_of_fold_errors
from apsa_training.evaluation.named_errors.small_models import cross_validated

_DEEP = 0.5
_DEEP_SQUAT = "deep_squat"
_OF_REPETITION = (
    "knee_angle",
    "thigh_slope",
    "knee_separation_ratio",
    "knee_separation_change",
    "trunk_lean_forward",
    "trunk_lean_lateral",
    "knees_past_toes",
    "knee_valgus",
    "duration",
)
MEASURES = (*_OF_REPETITION, "knees_apart", "feet_apart")
# Measures of each KIMORE fault; sign 1: a higher value is the fault. The thigh slope and widths
# over the body length replaced the knee angle and widths over the shoulders, which narrow when the
# arms point forward. This was after their results on these labels were known.
_SHOWS: dict[str, tuple[tuple[str, float], ...]] = {
    "too_shallow": (("thigh_slope", 1.0), ("knee_angle", 1.0)),
    "knees_too_close": (
        ("knees_apart", -1.0),
        ("feet_apart", -1.0),
        ("knee_separation_ratio", -1.0),
    ),
    "feet_too_close": (("feet_apart", -1.0),),
    "torso_incorrect": (("trunk_lean_forward", 1.0),),
    "knees_too_far_forward": (("knees_past_toes", 1.0),),
}


def squat_measures(run: Run, positions: FloatArray, stamps_ns: npt.NDArray[np.int64]) -> FloatArray:
    """Value of each of ``MEASURES``: medians over the repetitions of a recording.

    A recording without a counted repetition is used as a whole. The distances of knees and of feet
    always use the whole recording, including standing.

    Args:
        run: results of the assessment.
        positions: ``(T, 20, 3)`` metres, the assessed frames.
        stamps_ns: ``(T,)`` their stamps.
    """
    spans = [(one.start_ns, one.end_ns) for one in run.repetitions]
    spans = spans or [(int(stamps_ns[0]), int(stamps_ns[-1]))]
    rows = [_of_repetition(run, start, end, positions, stamps_ns) for start, end in spans]
    stature = _stature(positions)
    apart = [
        float(np.median(_between(positions, *pair))) / stature
        for pair in ((Joint.LEFT_KNEE, Joint.RIGHT_KNEE), (Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE))
    ]
    return np.array([*np.median(np.array(rows), axis=0), *apart])


def _of_repetition(
    run: Run,
    start_ns: int,
    end_ns: int,
    positions: FloatArray,
    stamps_ns: npt.NDArray[np.int64],
) -> list[float]:
    frames = [one for one in run.live if start_ns <= one.stamp_ns <= end_ns]
    body = positions[(stamps_ns >= start_ns) & (stamps_ns <= end_ns)]

    def series(name: str, side: Side = Side.BOTH) -> FloatArray:
        values = [
            [m.value for m in one.measures if m.name == name and m.side is side] for one in frames
        ]
        return np.array([found[0] if found else np.nan for found in values])

    with warnings.catch_warnings():
        # All values of a joint that was never observed are NaN.
        warnings.simplefilter("ignore", RuntimeWarning)
        both = [series("knee_angle", Side.LEFT), series("knee_angle", Side.RIGHT)]
        knees = np.nanmean(both, axis=0)
        deep = knees <= knees[0] - _DEEP * (knees[0] - np.nanmin(knees))
        ratio = series("knee_separation_ratio")
        valgus = [series("knee_valgus", side)[deep] for side in (Side.LEFT, Side.RIGHT)]
        return [
            float(np.nanmin(knees)),
            _thigh_slope(body),
            float(np.nanmedian(ratio[deep])),
            float(np.nanmedian(ratio[deep]) - ratio[0]),
            float(np.nanpercentile(series("trunk_lean_forward"), 90)),
            float(np.nanpercentile(np.abs(series("trunk_lean_lateral")), 90)),
            _knees_past_toes(body),
            float(np.nanmedian(valgus)),
            (end_ns - start_ns) * 1e-9,
        ]


def _between(body: FloatArray, one: Joint, other: Joint) -> FloatArray:
    apart: FloatArray = np.linalg.norm(body[:, one] - body[:, other], axis=-1)
    return apart


def _stature(body: FloatArray) -> float:
    """Body length from ankle to head along the bones, metres."""
    bones = (
        (Joint.LEFT_ANKLE, Joint.LEFT_KNEE),
        (Joint.LEFT_KNEE, Joint.LEFT_HIP),
        (Joint.PELVIS, Joint.NECK),
        (Joint.NECK, Joint.HEAD),
    )
    return float(sum(np.median(_between(body, *bone)) for bone in bones))


def _thigh_slope(body: FloatArray) -> float:
    """Lowest height of the hips above the knees, over the thigh length; 0: thighs horizontal."""
    hips = body[:, [Joint.LEFT_HIP, Joint.RIGHT_HIP]]
    knees = body[:, [Joint.LEFT_KNEE, Joint.RIGHT_KNEE]]
    thigh = np.median(np.linalg.norm(hips - knees, axis=-1))
    above = (knees - hips)[..., 1].mean(axis=-1)  # y is downwards
    return float(above.min() / thigh)


def _knees_past_toes(body: FloatArray) -> float:
    """How far the knee comes before the foot, over the length of the shank; camera axes."""
    left = body[:, Joint.LEFT_HIP] - body[:, Joint.RIGHT_HIP]
    forward = np.stack([-left[:, 2], np.zeros(len(left)), left[:, 0]], axis=-1)
    forward *= -1.0 / np.linalg.norm(forward, axis=-1, keepdims=True)
    ahead = []
    for knee, ankle, foot in (
        (Joint.LEFT_KNEE, Joint.LEFT_ANKLE, Joint.LEFT_FOOT),
        (Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE, Joint.RIGHT_FOOT),
    ):
        shank = np.median(_between(body, knee, ankle))
        way = ((body[:, knee] - body[:, foot]) * forward).sum(axis=-1)
        ahead.append(np.percentile(way, 90) / shank)
    return float(np.mean(ahead))


def kimore_faults(
    recordings: Sequence[MotionSequence], library: ExerciseLibrary
) -> dict[str, object]:
    """AUC of each fault, by single measures and by models in folds by subject.

    The models use either all measures or only those of the fault.
    """
    judged = [one for one in recordings if one.exercise == "squat" and one.faults]
    rows = np.array([_row([one], library) for one in judged])
    subjects = np.array([one.subject for one in judged])
    report: dict[str, object] = {}
    for name in sorted({fault for one in judged for fault in one.faults}):
        known = np.array([name in one.faults for one in judged])
        truth = np.array([one.faults.get(name, False) for one in judged])[known].astype(int)
        if min(truth.sum(), len(truth) - truth.sum()) < 2:
            continue
        features = rows[known]
        shown = _SHOWS.get(name, ())
        columns = [MEASURES.index(measure) for measure, _ in shown]
        entry: dict[str, object] = {"recordings": len(truth), "with_fault": int(truth.sum())}
        entry["auc_of_measures"] = {
            measure: auc(truth, sign * _filled(features[:, MEASURES.index(measure)]))
            for measure, sign in shown
        }
        for key, chosen in (("all_measures", features), ("these_measures", features[:, columns])):
            if chosen.size:
                fitted = cross_validated(chosen, truth, subjects[known])
                entry[f"auc_of_models_on_{key}"] = {
                    model: auc(truth, score) for model, score in fitted.items()
                }
        report[name] = entry
    return report


def _filled(values: FloatArray) -> FloatArray:
    """Replace NaN by the median of the other values."""
    return np.where(np.isnan(values), np.nanmedian(values), values)


def _row(recordings: Sequence[MotionSequence], library: ExerciseLibrary) -> FloatArray:
    frames = concatenated(recordings)
    positions = np.stack([people[0].positions for _, people in frames])
    stamps = np.array([stamp for stamp, _ in frames])
    return squat_measures(assess(frames, "squat", library), positions, stamps)


def ui_prmd_squats(
    recordings: Sequence[MotionSequence], library: ExerciseLibrary
) -> dict[str, object]:
    """Correct and incorrect deep squats, classified by the rules and by models on measures."""
    squats = [one for one in recordings if one.exercise == _DEEP_SQUAT]
    predicted: list[int] = []
    truth: list[int] = []
    for label in (0, 1):
        chosen = [one for one in squats if one.correct == label]
        for own in by_subject(chosen).values():
            for codes in assess(concatenated(own), "squat", library).codes:
                predicted.append(int(not codes))
                truth.append(label)
    found, true = np.array(predicted), np.array(truth)
    # Three copies in a row, so that the middle repetition starts and ends at rest.
    rows = np.array([_row([one, one, one], library) for one in squats])
    correct = np.array([one.correct for one in squats])
    fitted = cross_validated(rows, correct, np.array([one.subject for one in squats]))
    return {
        "by_rules": _agreement(true, found.astype(float))
        | {
            "false_alarms": float((found[true == 1] == 0).mean()),
            "found": float((found[true == 0] == 0).mean()),
        },
        "by_models": {name: _by_probability(correct, p) for name, p in fitted.items()},
    }


def ui_prmd_squats_by_network(
    data: MotionData, config: NetworkTraining, work: Path
) -> dict[str, object]:
    """Correct and incorrect deep squats, by the network trained on all ten movements.

    Args:
        data: UI-PRMD.
        config: configuration of the cross-validation.
        work: its cache folder.

    Raises:
        ValueError: there are no predictions in the cache.
    """
    judged, incorrect, _ = out_of_fold_errors(data, config, work)
    squats = np.array([one.exercise == _DEEP_SQUAT for one in judged])
    correct = np.array([one.correct for one in judged])
    return {**_by_probability(correct[squats], 1.0 - incorrect[squats])}


def _agreement(truth: IntArray, score: FloatArray) -> dict[str, float]:
    return {"accuracy": accuracy(truth, score), "macro_f1": macro_f1(truth, score)}


def _by_probability(truth: IntArray, probability: FloatArray) -> dict[str, float]:
    return _agreement(truth, probability) | {"auc": auc(truth, probability)}
