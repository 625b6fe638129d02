"""Recognises a picture that lies on its side, or upside down, by the body in it."""

from collections import deque

import numpy as np

from apsa_perception.biomechanics.geometry import angle_deg
from apsa_perception.biomechanics.posture import Posture, trunk_direction
from apsa_perception.model.joints import Joint
from apsa_perception.model.time import NS_PER_S

SENTENCE = (
    "the picture lies on its side: turn the camera upright; for an exercise done lying down, set "
    "posture: lying in its file"
)

_ANKLES = [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]
# A trunk and legs that lean by more are lying; pitch of the camera is at most 60 degrees.
_LEAST_TILT_DEG = 60.0
# Of the trunk and the line ankles-pelvis: a squat stays within, sitting and bending down do not.
_MOST_BENT_DEG = 60.0
_WINDOW_NS = NS_PER_S


def lies(posture: Posture) -> bool:
    """Whether trunk and legs are stretched out along a line that is not upright.

    A person who bends down has upright legs, one who sits an upright trunk.
    """
    trunk = trunk_direction(posture.positions)
    legs = posture.positions[Joint.PELVIS] - posture.positions[_ANKLES].mean(axis=0)
    tilts = (angle_deg(trunk, posture.up), angle_deg(legs, posture.up))
    return min(tilts) > _LEAST_TILT_DEG and angle_deg(trunk, legs) < _MOST_BENT_DEG


class SidewaysWatch:
    """Whether the body lay in most of the frames of the last second."""

    def __init__(self) -> None:
        self._recent: deque[tuple[int, bool]] = deque()

    def update(self, stamp_ns: int, posture: Posture) -> bool:
        """Process a frame."""
        self._recent.append((stamp_ns, lies(posture)))
        while self._recent[0][0] < stamp_ns - _WINDOW_NS:
            self._recent.popleft()
        return float(np.mean([lay for _, lay in self._recent])) > 0.5

    def reset(self) -> None:
        """Forget the past, after a change of person."""
        self._recent.clear()
