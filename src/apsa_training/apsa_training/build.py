"""One motion sequence from what a data set says of it, whatever file it came from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.sides import name_of
from apsa_perception.model.codes import Side
from apsa_perception.model.skeleton import FloatArray
from apsa_training.kinect import (
    kinect_confidence,
    kinect_to_canonical,
    ui_prmd_to_canonical,
)
from apsa_training.sequences import UNLABELLED, MotionSequence

IRDS_EXERCISES: tuple[str, ...] = (
    "elbow_flexion_right",
    "elbow_flexion_left",
    "shoulder_flexion_right",
    "shoulder_flexion_left",
    "shoulder_abduction_right",
    "shoulder_abduction_left",
    "shoulder_forward_elevation",
    "side_tap_right",
    "side_tap_left",
)
"""Exercise of each IRDS gesture number, by the person's own moving side.

IRDS swaps the sides in its gesture names: gesture 0, published as elbow_flexion_left, moves the
joints called Right in 98 % of the files, and the coordinates are not mirrored (in the
right-handed Kinect frame the joints called Left are the person's own left). Hence the names here
are the published ones with left and right exchanged. The remaining 2 % move both arms or the wrong
one, and are labelled incorrect.
"""
KIMORE_EXERCISES = ("arm_lift", "trunk_tilt", "trunk_rotation", "pelvis_rotation", "squat")
KIMORE_CONTROL_GROUPS = ("expert", "not_expert")
UI_PRMD_EXERCISES = (
    "deep_squat",
    "hurdle_step",
    "inline_lunge",
    "side_lunge",
    "sit_to_stand",
    "straight_leg_raise",
    "shoulder_abduction",
    "shoulder_extension",
    "shoulder_rotation",
    "shoulder_scaption",
)
_UI_PRMD_ONE_SIDED = frozenset({2, 3, 4, 6, 7, 8, 9, 10})
_UI_PRMD_LEFT: dict[int, frozenset[int]] = {
    2: frozenset({2, 3}),
    7: _UI_PRMD_ONE_SIDED,
    10: _UI_PRMD_ONE_SIDED,
}
"""Movements that a subject does with the left side; everyone else uses the right.

After the table published with ``jessicaxtang/ExerciseLLM``; movement 7 (shoulder abduction), which
it leaves out for subjects 7 and 10, is theirs too: their left wrist moves 20 times as far.
"""
FRAME_RATE_HZ = 30.0
MIN_FRAMES = 8
_POOR_LABEL = 3
_CORRECT_LABEL = 1


class UnusableError(ValueError):
    """The sequence cannot be used; the text says why."""


@dataclass(frozen=True)
class KinectRecording:
    """Joints ``(T, 25, 3)`` metres, tracking states ``(T, 25)``, clock ``(T,)`` s or None."""

    joints: npt.NDArray[np.floating]
    tracking: npt.NDArray[np.integer]
    clock_s: FloatArray | None = None


def irds_sequence(
    name: str, subject: int, gesture: int, label: int, recording: KinectRecording
) -> MotionSequence:
    """Build a repetition of IntelliRehabDS; subjects 2xx are patients."""
    if label == _POOR_LABEL:
        raise UnusableError("label 3 (poorly executed; its authors drop it too)")
    if not 0 <= gesture < len(IRDS_EXERCISES):
        raise UnusableError(f"gesture {gesture} does not exist")
    _check(recording.joints)
    confidence, observed = kinect_confidence(recording.tracking)
    return MotionSequence(
        name=name,
        subject=str(subject),
        exercise=IRDS_EXERCISES[gesture],
        correct=int(label == _CORRECT_LABEL),
        is_patient=subject // 100 == 2,
        positions=kinect_to_canonical(recording.joints),
        stamps_s=_stamps(recording),
        confidence=confidence,
        observed=observed,
    )


def kimore_sequence(
    subject: str,
    group: str,
    exercise: int,
    recording: KinectRecording,
    scores: dict[str, float],
    faults: dict[str, bool],
) -> MotionSequence:
    """Build a recording of KIMORE: the whole exercise, several repetitions."""
    _check(recording.joints)
    lost = (recording.joints == 0.0).all(axis=-1)  # single joints at the sensor itself
    confidence, observed = kinect_confidence(np.where(lost, 0, recording.tracking))
    return MotionSequence(
        name=f"{subject} exercise {exercise}",
        subject=subject,
        exercise=KIMORE_EXERCISES[exercise - 1],
        correct=UNLABELLED,
        is_patient=group not in KIMORE_CONTROL_GROUPS,
        positions=kinect_to_canonical(recording.joints),
        stamps_s=_stamps(recording),
        confidence=confidence,
        observed=observed,
        scores=scores,
        faults=faults,
    )


def ui_prmd_sequence(
    name: str,
    subject: int,
    movement: int,
    correct: bool,
    positions_cm: npt.NDArray[np.floating],
) -> MotionSequence:
    """Build a repetition of UI-PRMD from absolute joints ``(T, 22, 3)`` in centimetres."""
    if not 1 <= movement <= len(UI_PRMD_EXERCISES):
        raise UnusableError(f"movement {movement} does not exist")
    _check(positions_cm)
    exercise = UI_PRMD_EXERCISES[movement - 1]
    if movement in _UI_PRMD_ONE_SIDED:
        left = movement in _UI_PRMD_LEFT.get(subject, frozenset())
        exercise = name_of(exercise, Side.LEFT if left else Side.RIGHT)
    positions, observed = ui_prmd_to_canonical(positions_cm)
    return MotionSequence(
        name=name,
        subject=str(subject),
        exercise=exercise,
        correct=int(correct),
        is_patient=False,
        positions=positions,
        stamps_s=np.arange(len(positions)) / FRAME_RATE_HZ,
        confidence=observed.astype(np.float64),
        observed=observed,
    )


def _check(joints: npt.NDArray[np.floating]) -> None:
    if len(joints) < MIN_FRAMES:
        raise UnusableError(f"fewer than {MIN_FRAMES} frames")
    if not np.isfinite(joints).all():
        raise UnusableError("coordinates that are not finite")


def _stamps(recording: KinectRecording) -> FloatArray:
    """Seconds from the first frame; nominal 30/s where the clock is unknown or runs back."""
    clock = recording.clock_s
    if clock is None or clock[0] < 0 or (np.diff(clock) <= 0).any():
        return np.arange(len(recording.joints)) / FRAME_RATE_HZ
    return clock - clock[0]
