"""Squats with judged faults: what the measures tell of them, with and without a fitted model."""

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
from apsa_training.evaluation.fitted import cross_validated
from apsa_training.evaluation.out_of_fold import network_opinions
from apsa_training.evaluation.runs import by_subject, one_after_the_other
from apsa_training.metrics import IntArray, accuracy, auc, macro_f1
from apsa_training.sequences import MotionData, MotionSequence

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
# What is read for a fault of KIMORE, and whether it is a fault to have more of it. The slope of the
# thighs and widths over the length of the body took the place of the knee angle and of widths over
# the shoulders, which narrow when arms are held forwards. That was after those had been read here:
# the labels had a part in it.
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
    """What a recording shows of each of ``MEASURES``: medians over its repetitions.

    A recording without a repetition is taken as a whole: its movement was too small to count. How
    far knees and feet are apart is taken of the whole in any case, standing included.

    Args:
        run: what the assessment said.
        positions: ``(T, 20, 3)`` metres, the frames assessed.
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
        # Where a joint was never seen, all is NaN and stays so.
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
    """Length of the body from the ankle to the head along its bones, metres."""
    bones = (
        (Joint.LEFT_ANKLE, Joint.LEFT_KNEE),
        (Joint.LEFT_KNEE, Joint.LEFT_HIP),
        (Joint.PELVIS, Joint.NECK),
        (Joint.NECK, Joint.HEAD),
    )
    return float(sum(np.median(_between(body, *bone)) for bone in bones))


def _thigh_slope(body: FloatArray) -> float:
    """How far the hips stay above the knees, over the length of the thigh; 0 is thighs level."""
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
    """Area under the curve of each fault: of one measure, and of models in folds by subject.

    One model has every measure, the other only those that show the fault.
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
                    model: auc(truth, answers) for model, answers in fitted.items()
                }
        report[name] = entry
    return report


def _filled(values: FloatArray) -> FloatArray:
    """The values with the median of the others where there is none."""
    return np.where(np.isnan(values), np.nanmedian(values), values)


def _row(recordings: Sequence[MotionSequence], library: ExerciseLibrary) -> FloatArray:
    frames = one_after_the_other(recordings)
    positions = np.stack([people[0].positions for _, people in frames])
    stamps = np.array([stamp for stamp, _ in frames])
    return squat_measures(assess(frames, "squat", library), positions, stamps)


def ui_prmd_squats(
    recordings: Sequence[MotionSequence], library: ExerciseLibrary
) -> dict[str, object]:
    """Correct against acted bad deep squats: by the rules alone, and by models on the measures."""
    squats = [one for one in recordings if one.exercise == _DEEP_SQUAT]
    answers: list[int] = []
    truth: list[int] = []
    for label in (0, 1):
        chosen = [one for one in squats if one.correct == label]
        for own in by_subject(chosen).values():
            for codes in assess(one_after_the_other(own), "squat", library).codes:
                answers.append(int(not codes))
                truth.append(label)
    said, true = np.array(answers), np.array(truth)
    # With a neighbour on each side, so that every repetition begins and ends in rest.
    rows = np.array([_row([one, one, one], library) for one in squats])
    correct = np.array([one.correct for one in squats])
    fitted = cross_validated(rows, correct, np.array([one.subject for one in squats]))
    return {
        "by_rules": _agreement(true, said.astype(float))
        | {
            "false_alarms": float((said[true == 1] == 0).mean()),
            "found": float((said[true == 0] == 0).mean()),
        },
        "by_models": {name: _by_probability(correct, p) for name, p in fitted.items()},
    }


def ui_prmd_squats_by_network(data: MotionData, runs: Path) -> dict[str, object]:
    """The same by a network that learned all ten movements from people in other folds.

    Args:
        data: UI-PRMD.
        runs: work folder of ``apsa_training.crossval``, with its answers.

    Raises:
        ValueError: the answers are not there.
    """
    judged, incorrect, _ = network_opinions(data, runs)
    squats = np.array([one.exercise == _DEEP_SQUAT for one in judged])
    correct = np.array([one.correct for one in judged])
    return {**_by_probability(correct[squats], 1.0 - incorrect[squats])}


def _agreement(truth: IntArray, score: FloatArray) -> dict[str, float]:
    return {"accuracy": accuracy(truth, score), "macro_f1": macro_f1(truth, score)}


def _by_probability(truth: IntArray, probability: FloatArray) -> dict[str, float]:
    return _agreement(truth, probability) | {"auc": auc(truth, probability)}
