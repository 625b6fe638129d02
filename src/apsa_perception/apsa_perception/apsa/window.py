"""Canonical window: the input of the network, from the tracked frames of a repetition.

Body frame, exercises of the right side mirrored to the left, resampled to a fixed number of phases,
lengths in torso lengths. It contains neither duration nor frame rate nor body size.
"""

from dataclasses import dataclass

import numpy as np

from apsa_perception.apsa.seat import SEATED_FAMILIES, begun_on_seat
from apsa_perception.apsa.sides import family, side_of
from apsa_perception.model.body_frame import mirror_body, to_body_frame
from apsa_perception.model.codes import Side
from apsa_perception.model.joints import JOINT_COUNT, MIRROR_INDEX, Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray

PHASES = 32
_OVERSAMPLING = 4
_MIN_TORSO_M = 0.05
_MIN_SEEN_SHARE = 0.5
_HIPS = [Joint.LEFT_HIP, Joint.RIGHT_HIP]
_SHOULDERS = [Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER]
_BODY_UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class CanonicalWindow:
    """A repetition as input of the network.

    Attributes:
        positions: ``(PHASES, 20, 3)`` torso lengths, body frame, active side left.
        joint_valid: ``(20,)`` joints seen often enough to be judged.
        mirrored: whether left and right were swapped.
    """

    positions: FloatArray
    joint_valid: BoolArray
    mirrored: bool


def canonical_window(
    positions: FloatArray,
    stamps_s: FloatArray,
    observed: BoolArray,
    exercise: str,
    up: FloatArray,
) -> CanonicalWindow:
    """Build the canonical window.

    Args:
        positions: ``(T, 20, 3)`` metres, camera optical axes.
        stamps_s: ``(T,)`` seconds, strictly increasing.
        observed: ``(T, 20)`` False where a joint is inferred.
        exercise: its name; a one-sided exercise for the right is mirrored.
        up: ``(3,)`` world up in camera axes.

    Raises:
        ValueError: too few frames, stamps that do not increase, or no facing direction.
    """
    body, joint_valid = canonical_body(positions, stamps_s, observed, up)
    mirrored = side_of(exercise) is Side.RIGHT
    if mirrored:
        body = np.asarray(mirror_body(body), dtype=np.float64)
        joint_valid = joint_valid[MIRROR_INDEX]
    phases = resample(body, stamps_s, PHASES)
    if family(exercise) in SEATED_FAMILIES:
        phases = begun_on_seat(phases, _BODY_UP)
    return CanonicalWindow(phases, joint_valid, mirrored)


def canonical_body(
    positions: FloatArray, stamps_s: FloatArray, observed: BoolArray, up: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """Return all frames in the body frame and torso lengths with gaps bridged.

    Arguments and errors as of ``canonical_window``.

    Returns:
        ``(T, 20, 3)`` positions and ``(20,)`` joints seen often enough to be judged.
    """
    if len(positions) < 4 or positions.shape[1:] != (JOINT_COUNT, 3):
        raise ValueError(f"positions has shape {positions.shape}; expected (4 or more, 20, 3)")
    if stamps_s.shape != (len(positions),) or not (np.diff(stamps_s) > 0).all():
        raise ValueError("stamps_s does not increase strictly; expected one stamp per frame")
    if not np.isfinite(positions).all():
        raise ValueError("positions has NaN or infinity; expected finite metres")
    seen = _midline_observed(observed)
    body = to_body_frame(rebuild_midline(_bridge_gaps(positions, stamps_s, seen)), up)
    torso = float(np.median(np.linalg.norm(body[:, Joint.NECK], axis=1)))
    if torso < _MIN_TORSO_M:
        raise ValueError("pelvis and neck coincide, so that the torso has no length")
    joint_valid: BoolArray = seen.mean(axis=0) >= _MIN_SEEN_SHARE
    return body / torso, joint_valid


def rebuild_midline(positions: FloatArray) -> FloatArray:
    """Recompute pelvis, spine and neck of ``(T, 20, 3)`` from shoulders and hips.

    Depth cameras and RGB pose models place these three joints centimetres apart; computed from
    shoulders and hips they are the same for every source.
    """
    rebuilt = positions.copy()
    rebuilt[:, Joint.PELVIS] = positions[:, _HIPS].mean(axis=1)
    rebuilt[:, Joint.NECK] = positions[:, _SHOULDERS].mean(axis=1)
    rebuilt[:, Joint.SPINE] = (rebuilt[:, Joint.PELVIS] + rebuilt[:, Joint.NECK]) / 2
    return rebuilt


def _midline_observed(observed: BoolArray) -> BoolArray:
    seen = observed.copy()
    seen[:, Joint.PELVIS] = observed[:, _HIPS].all(axis=1)
    seen[:, Joint.NECK] = observed[:, _SHOULDERS].all(axis=1)
    seen[:, Joint.SPINE] = seen[:, Joint.PELVIS] & seen[:, Joint.NECK]
    return seen


def resample(body: FloatArray, stamps_s: FloatArray, phases: int) -> FloatArray:
    """Average ``(T, 20, 3)`` over equal shares of time: ``(phases, 20, 3)``."""
    wanted = np.linspace(stamps_s[0], stamps_s[-1], phases * _OVERSAMPLING)
    before = np.clip(np.searchsorted(stamps_s, wanted) - 1, 0, len(stamps_s) - 2)
    step = stamps_s[before + 1] - stamps_s[before]
    share = np.clip((wanted - stamps_s[before]) / step, 0.0, 1.0)[:, None, None]
    dense = body[before] * (1.0 - share) + body[before + 1] * share
    mean: FloatArray = dense.reshape(phases, _OVERSAMPLING, *body.shape[1:]).mean(axis=1)
    return mean


def _bridge_gaps(positions: FloatArray, stamps_s: FloatArray, observed: BoolArray) -> FloatArray:
    """Interpolate joints over frames in which they were not observed.

    A joint that is seen in too few frames keeps its inferred positions; it is marked invalid.
    """
    filled = positions.copy()
    for joint in np.flatnonzero(~observed.all(axis=0)):
        seen = observed[:, joint]
        if seen.mean() < _MIN_SEEN_SHARE:
            continue
        for axis in range(3):
            filled[~seen, joint, axis] = np.interp(
                stamps_s[~seen], stamps_s[seen], positions[seen, joint, axis]
            )
    return filled
