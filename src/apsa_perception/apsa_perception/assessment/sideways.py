"""Recognises a picture that lies on its side, or upside down, by the body in it."""

from collections import deque

from apsa_perception.biomechanics.geometry import angle_deg
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.vectors import minus
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
    trunk = posture.trunk
    if not angle_deg(trunk, posture.upward) > _LEAST_TILT_DEG:
        return False
    points = posture.points
    left, right = (points[ankle] for ankle in _ANKLES)
    middle = [(a + b) / 2.0 for a, b in zip(left, right, strict=True)]
    legs = minus(points[Joint.PELVIS], middle)
    return (
        angle_deg(legs, posture.upward) > _LEAST_TILT_DEG
        and angle_deg(trunk, legs) < _MOST_BENT_DEG
    )


class SidewaysWatch:
    """Whether the body lay in most of the frames of the last second."""

    def __init__(self) -> None:
        self._recent: deque[tuple[int, bool]] = deque()
        self._lying = 0

    def update(self, stamp_ns: int, posture: Posture) -> bool:
        """Process a frame."""
        lay = lies(posture)
        self._recent.append((stamp_ns, lay))
        self._lying += lay
        while self._recent[0][0] < stamp_ns - _WINDOW_NS:
            self._lying -= self._recent.popleft()[1]
        return self._lying > 0.5 * len(self._recent)

    def reset(self) -> None:
        """Forget the past, after a change of person."""
        self._recent.clear()
        self._lying = 0
