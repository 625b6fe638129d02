"""Recognises a picture that is turned, by the body in it: one that lies or leans as nobody does."""

import math
from collections import deque
from collections.abc import Iterable, Sequence

from apsa_perception.biomechanics.geometry import angle_deg
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.standing import MOST_STANDING_LEAN_DEG
from apsa_perception.biomechanics.vectors import minus
from apsa_perception.exercises.definition import BodyPosture
from apsa_perception.model.joints import Joint
from apsa_perception.model.time import NS_PER_S

_LYING = (
    "the picture lies on its side: turn the camera upright; for an exercise done lying down, set "
    "posture: lying in its file"
)
_LEANING = (
    "the picture is turned by about {degrees:.0f} degrees: turn the camera upright; for an "
    "exercise done leaning against something, set posture: leaning in its file"
)

_ANKLES = [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]
# A trunk and legs that lean by more are lying; pitch of the camera is at most 60 degrees.
_LEAST_TILT_DEG = 60.0
# Of the trunk and the line ankles-pelvis: a squat stays within, sitting and bending down do not.
_MOST_BENT_DEG = 60.0
_LYING_NS = NS_PER_S

_STANDING_NS = 5 * NS_PER_S
_LEAST_STANDING_FRAMES = 5
_ROUNDING_DEG = 5.0


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


def turned_picture(
    usual: BodyPosture, postures: Sequence[Posture], recent: Iterable[Posture]
) -> str:
    """Return a sentence if the picture of a repetition is turned, else an empty text.

    Args:
        usual: how the body is in the exercise.
        postures: of the repetition.
        recent: those in which the body may have stood straight, also before the repetition.
    """
    if usual is BodyPosture.LYING:
        return ""
    if sum(lies(each) for each in postures) > 0.5 * len(postures):
        return _LYING
    if usual is BodyPosture.LEANING:
        return ""
    return _leaning([each.standing_lean_deg for each in recent])


def _leaning(leans_deg: Sequence[float]) -> str:
    """Sentence about a body that leaned to one side in most of the frames in which it stood."""
    stood = sorted(lean for lean in leans_deg if math.isfinite(lean))
    if len(stood) < _LEAST_STANDING_FRAMES:
        return ""
    middle = abs(stood[len(stood) // 2])
    if middle <= MOST_STANDING_LEAN_DEG:
        return ""
    return _LEANING.format(degrees=_ROUNDING_DEG * round(middle / _ROUNDING_DEG))


class SidewaysWatch:
    """Whether the picture of the last seconds is turned.

    Attributes:
        usual: how the body is in the exercise.
    """

    def __init__(self, usual: BodyPosture) -> None:
        self.usual = usual
        self._lay: deque[tuple[int, bool]] = deque()
        self._lying = 0
        self._leans: deque[tuple[int, float]] = deque()

    def update(self, stamp_ns: int, posture: Posture) -> str:
        """Process a frame; return a sentence if the picture is turned, else an empty text."""
        if self.usual is BodyPosture.LYING:
            return ""
        lay = lies(posture)
        self._lay.append((stamp_ns, lay))
        self._lying += lay
        while self._lay[0][0] < stamp_ns - _LYING_NS:
            self._lying -= self._lay.popleft()[1]
        if self._lying > 0.5 * len(self._lay):
            return _LYING
        if self.usual is BodyPosture.LEANING:
            return ""
        lean = posture.standing_lean_deg
        if math.isfinite(lean):
            self._leans.append((stamp_ns, lean))
        while self._leans and self._leans[0][0] < stamp_ns - _STANDING_NS:
            self._leans.popleft()
        return _leaning([lean for _, lean in self._leans])

    def reset(self) -> None:
        """Forget the past, after a change of person."""
        self._lay.clear()
        self._lying = 0
        self._leans.clear()
