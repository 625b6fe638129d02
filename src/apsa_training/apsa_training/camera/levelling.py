"""Recordings of a tilted sensor made level.

A depth sensor that looks up or down shows everybody leaning. Standing people stand upright on
average, so the mean lean of a subject's standing postures is the sensor's.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.sequences import MotionSequence

_REST_FRAMES = 5
_STRAIGHT = 0.9  # cosine between thigh and shank of somebody who stands


def levelled(recordings: Sequence[MotionSequence]) -> list[MotionSequence]:
    """The recordings, each turned by the lean of its subject's standing postures.

    Recordings of subjects who never stand are returned as they are.
    """
    leans: dict[str, list[float]] = {}
    for one in recordings:
        lean = _standing_lean(one.positions[:_REST_FRAMES].mean(axis=0))
        if lean is not None:
            leans.setdefault(one.subject, []).append(lean)
    turns = {
        subject: Rotation.from_rotvec([float(np.median(found)), 0.0, 0.0])
        for subject, found in leans.items()
    }
    return [
        replace(one, positions=_turned(one.positions, turns[one.subject]))
        if one.subject in turns
        else one
        for one in recordings
    ]


def _standing_lean(joints: FloatArray) -> float | None:
    """Angle in radians about optical x by which somebody who stands leans away from the camera.

    None where they do not stand.
    """
    for side in ("LEFT", "RIGHT"):
        hip, knee, ankle = (joints[Joint[f"{side}_{name}"]] for name in ("HIP", "KNEE", "ANKLE"))
        thigh, shank = knee - hip, ankle - knee
        if thigh @ shank < _STRAIGHT * np.linalg.norm(thigh) * np.linalg.norm(shank):
            return None
    feet = (joints[Joint.LEFT_ANKLE] + joints[Joint.RIGHT_ANKLE]) / 2
    up = joints[Joint.NECK] - feet
    return float(np.arctan2(up[2], -up[1]))


def _turned(positions: FloatArray, turn: Rotation) -> FloatArray:
    return np.asarray(turn.apply(positions.reshape(-1, 3)).reshape(positions.shape))
