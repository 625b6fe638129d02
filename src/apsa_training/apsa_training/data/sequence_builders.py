"""Build motion sequences of IRDS, KIMORE and UI-PRMD, independent of the file format."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from apsa_perception.apsa.sides import name_of
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.kinect_joints import (
    kinect_confidence,
    kinect_to_canonical,
    ui_prmd_to_canonical,
)
from apsa_training.data.sequences import UNLABELLED, MotionSequence

_IRDS_GESTURES: tuple[tuple[str, Side], ...] = (
    ("elbow_flexion", Side.RIGHT),
    ("elbow_flexion", Side.LEFT),
    ("shoulder_flexion", Side.RIGHT),
    ("shoulder_flexion", Side.LEFT),
    ("shoulder_abduction", Side.RIGHT),
    ("shoulder_abduction", Side.LEFT),
    ("shoulder_forward_elevation", Side.BOTH),
    ("side_tap", Side.RIGHT),
    ("side_tap", Side.LEFT),
)
"""Family and the person's own moving side of each IRDS gesture number.

IRDS swaps the sides in its gesture names: gesture 0, published as elbow_flexion_left, moves the
joints called Right in 98 % of the files, and the coordinates are not mirrored (in the
right-handed Kinect frame the joints called Left are the person's own left). The sides here are
therefore exchanged. In some files the other limb moves; ``moving_side`` takes the side from it.
"""
IRDS_EXERCISES = tuple(name_of(*gesture) for gesture in _IRDS_GESTURES)
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
"""Movements that a subject does with the left side; all others use the right.

Source: the table published with ``jessicaxtang/ExerciseLLM``. It omits movement 7 (shoulder
abduction) of subjects 7 and 10; their left wrist moves 20 times as far as the right one.
"""
FRAME_RATE_HZ = 30.0
MIN_FRAMES = 8
_POOR_LABEL = 3
_CORRECT_LABEL = 1
_CLEARLY = 2.0


class UnusableError(ValueError):
    """The sequence cannot be used; the message gives the reason."""


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
        raise UnusableError("label 3 (poorly executed; the authors of IRDS drop it too)")
    if not 0 <= gesture < len(_IRDS_GESTURES):
        raise UnusableError(f"gesture is {gesture}; expected 0 to {len(_IRDS_GESTURES) - 1}")
    _check(recording.joints)
    family, side = _IRDS_GESTURES[gesture]
    confidence, observed = kinect_confidence(recording.tracking)
    positions = kinect_to_canonical(recording.joints)
    return MotionSequence(
        name=name,
        subject=str(subject),
        family=family,
        side=moving_side(positions, family, side),
        correct=int(label == _CORRECT_LABEL),
        is_patient=subject // 100 == 2,
        positions=positions,
        stamps_s=_stamps(recording),
        confidence=confidence,
        observed=observed,
    )


def moving_side(positions: FloatArray, family: str, named: Side) -> Side:
    """Return the side whose limb moves at least twice as far as the other; else the named side.

    Args:
        positions: ``(T, 20, 3)`` pelvis-relative.
        family: a family of the gestures of IRDS.
        named: side that the name of the file says.
    """
    if named is Side.BOTH:
        return named
    start, end = ("HIP", "ANKLE") if family == "side_tap" else ("SHOULDER", "WRIST")
    moved = {}
    for side in (Side.LEFT, Side.RIGHT):
        limb = (
            positions[:, Joint[f"{side.name}_{end}"]] - positions[:, Joint[f"{side.name}_{start}"]]
        )
        low, high = np.percentile(limb, [5, 95], axis=0)
        moved[side] = float(np.linalg.norm(high - low))
    other = Side.LEFT if named is Side.RIGHT else Side.RIGHT
    return other if moved[other] > _CLEARLY * moved[named] else named


def kimore_sequence(
    subject: str,
    group: str,
    exercise: int,
    recording: KinectRecording,
    scores: dict[str, float],
    faults: dict[str, bool],
) -> MotionSequence:
    """Build a recording of KIMORE: several repetitions of one exercise."""
    _check(recording.joints)
    lost = (recording.joints == 0.0).all(axis=-1)  # a lost joint is at the sensor's origin
    confidence, observed = kinect_confidence(np.where(lost, 0, recording.tracking))
    return MotionSequence(
        name=f"{subject} exercise {exercise}",
        subject=subject,
        family=KIMORE_EXERCISES[exercise - 1],
        side=Side.BOTH,
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
        raise UnusableError(f"movement is {movement}; expected 1 to {len(UI_PRMD_EXERCISES)}")
    _check(positions_cm)
    side = Side.BOTH
    if movement in _UI_PRMD_ONE_SIDED:
        left = movement in _UI_PRMD_LEFT.get(subject, frozenset())
        side = Side.LEFT if left else Side.RIGHT
    positions, observed = ui_prmd_to_canonical(positions_cm)
    return MotionSequence(
        name=name,
        subject=str(subject),
        family=UI_PRMD_EXERCISES[movement - 1],
        side=side,
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
        raise UnusableError("coordinates are not finite")


def _stamps(recording: KinectRecording) -> FloatArray:
    """Seconds since the first frame; at the nominal frame rate without a usable clock."""
    clock = recording.clock_s
    if clock is None or clock[0] < 0 or (np.diff(clock) <= 0).any():
        return np.arange(len(recording.joints)) / FRAME_RATE_HZ
    return clock - clock[0]
