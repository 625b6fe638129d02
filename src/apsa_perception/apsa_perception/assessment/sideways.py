"""Recognises a picture that is turned: the body in it lies, leans or hangs as nobody does."""

import math
from collections import deque
from collections.abc import Sequence
from statistics import median

from apsa_perception.biomechanics.geometry import angle_deg
from apsa_perception.biomechanics.posture import Posture
from apsa_perception.biomechanics.standing import (
    MOST_BENT_TRUNK_DEG,
    MOST_FRONTAL_LEAN_DEG,
    MOST_STANDING_LEAN_DEG,
)
from apsa_perception.biomechanics.vectors import Vector, minus
from apsa_perception.exercises.definition import BodyPosture
from apsa_perception.model.joints import Joint
from apsa_perception.model.sentences import Sentence
from apsa_perception.model.time import NS_PER_S

_LYING = (
    "the picture lies on its side: turn the camera upright; for an exercise done lying down, "
    "choose one whose file says posture: lying"
)
_LEANING = (
    "the picture is turned by about {degrees:.0f} degrees: turn the camera upright; for an "
    "exercise done leaning against something, choose one whose file says posture: leaning"
)

_ANKLES = [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]
# A trunk and legs that lean by more are lying; pitch of the camera is at most 60 degrees.
_LEAST_TILT_DEG = 60.0
# Of the trunk and the line ankles-pelvis: a squat stays within, sitting and bending down do not.
_MOST_BENT_DEG = 60.0
# Trunk and legs of somebody upside down; who lies on a slope, or is seen from above, stays within.
_LEAST_INVERTED_DEG = 180.0 - _LEAST_TILT_DEG
_LYING_NS = NS_PER_S

_LEAN_NS = 5 * NS_PER_S
_LEAST_FRAMES = 5
_ROUNDING_DEG = 5.0
# Of the lean of who stands, and of a trunk seen from the front: the limit in degrees, and the share
# of the frames beyond it. Who stands is upright between repetitions; a trunk may lean during one.
_LIMITS = ((MOST_STANDING_LEAN_DEG, 0.5), (MOST_FRONTAL_LEAN_DEG, 0.9))
_UPRIGHT_TRUNK_DEG = MOST_STANDING_LEAN_DEG - MOST_BENT_TRUNK_DEG


def lies(posture: Posture) -> bool:
    """Whether trunk and legs are stretched out along a line that is not upright.

    A person who bends down has upright legs, one who sits an upright trunk.
    """
    trunk = posture.trunk
    if not angle_deg(trunk, posture.upward) > _LEAST_TILT_DEG:
        return False
    legs = _legs(posture)
    return (
        angle_deg(legs, posture.upward) > _LEAST_TILT_DEG
        and angle_deg(trunk, legs) < _MOST_BENT_DEG
    )


def is_upside_down(posture: Posture) -> bool:
    """Whether trunk and legs of somebody who lies, as ``lies`` has it, hang down."""
    return all(
        angle_deg(each, posture.upward) > _LEAST_INVERTED_DEG
        for each in (posture.trunk, _legs(posture))
    )


def _legs(posture: Posture) -> Vector:
    """Vector ``(3,)`` from the middle of the ankles to the pelvis, metres."""
    points = posture.points
    left, right = (points[ankle] for ankle in _ANKLES)
    middle = [(a + b) / 2.0 for a, b in zip(left, right, strict=True)]
    return minus(points[Joint.PELVIS], middle)


def _lying(count: int, upside_down: int) -> str:
    """Sentence about ``count`` frames of somebody who lies, of which some are upside down."""
    return Sentence.UPSIDE_DOWN.text() if upside_down > 0.5 * count else _LYING


def turned_picture(
    usual: BodyPosture, postures: Sequence[Posture], recent: Sequence[Posture]
) -> str:
    """Return a sentence if the picture of a repetition is turned, else an empty text.

    Args:
        usual: how the body is in the exercise.
        postures: of the repetition.
        recent: those in which the body may have stood straight, also before the repetition.
    """
    if usual.may_lie:
        return ""
    lying = [each for each in postures if lies(each)]
    if len(lying) > 0.5 * len(postures):
        return _lying(len(lying), sum(map(is_upside_down, lying)))
    if usual is BodyPosture.LEANING:
        return ""
    return _leaning(recent) if any(map(_may_lean, recent)) else ""


def _may_lean(posture: Posture) -> bool:
    """Whether a lean can be beyond its limit; not with an upright trunk, as for most people."""
    return abs(posture.trunk_lean_deg) > _UPRIGHT_TRUNK_DEG


def _leans(posture: Posture) -> tuple[float, float]:
    return posture.standing_lean_deg, posture.frontal_lean_deg


def _hangs(posture: Posture) -> bool:
    """Whether a trunk seen from the front hangs down, not of somebody who stands bent down."""
    if abs(posture.frontal_lean_deg) <= _LEAST_INVERTED_DEG:
        return False
    stands = all(posture.visible[ankle] for ankle in _ANKLES)
    return not stands or angle_deg(_legs(posture), posture.upward) > _LEAST_TILT_DEG


def _leaning(postures: Sequence[Posture]) -> str:
    """Sentence about a body that leaned or hung in too many of the frames that tell it."""
    frontal = [each for each in postures if math.isfinite(each.frontal_lean_deg)]
    if len(frontal) >= _LEAST_FRAMES and sum(map(_hangs, frontal)) > _LIMITS[1][1] * len(frontal):
        return Sentence.UPSIDE_DOWN.text()
    leans_deg = zip(*map(_leans, postures), strict=True)
    for leans, (limit_deg, share) in zip(leans_deg, _LIMITS, strict=False):
        known = [lean for lean in leans if math.isfinite(lean)]
        left, right = (sum(sign * lean > limit_deg for lean in known) for sign in (-1.0, 1.0))
        if len(known) >= _LEAST_FRAMES and max(left, right) > share * len(known):
            degrees = _ROUNDING_DEG * round(abs(median(known)) / _ROUNDING_DEG)
            return _LEANING.format(degrees=degrees)
    return ""


def _leans_now(posture: Posture) -> bool:
    return _may_lean(posture) and any(
        abs(lean) > limit for lean, (limit, _) in zip(_leans(posture), _LIMITS, strict=True)
    )


class SidewaysWatch:
    """Whether the picture of the last seconds is turned.

    Attributes:
        usual: how the body is in the exercise.
    """

    def __init__(self, usual: BodyPosture) -> None:
        self.usual = usual
        self._lay: deque[tuple[int, bool, bool]] = deque()
        self._lying = self._inverted = 0
        self._recent: deque[tuple[int, Posture]] = deque()
        self._leaning = ""

    def update(self, stamp_ns: int, posture: Posture) -> str:
        """Process a frame; return a sentence if the picture is turned, else an empty text."""
        if self.usual.may_lie:
            return ""
        lay = lies(posture)
        inverted = lay and is_upside_down(posture)
        self._lay.append((stamp_ns, lay, inverted))
        self._lying += lay
        self._inverted += inverted
        while self._lay[0][0] < stamp_ns - _LYING_NS:
            _, lay, inverted = self._lay.popleft()
            self._lying -= lay
            self._inverted -= inverted
        if self._lying > 0.5 * len(self._lay):
            return _lying(self._lying, self._inverted)
        if self.usual is BodyPosture.LEANING:
            return ""
        self._recent.append((stamp_ns, posture))
        while self._recent[0][0] < stamp_ns - _LEAN_NS:
            self._recent.popleft()
        # Upright people need no look at the past.
        if self._leaning or _leans_now(posture):
            self._leaning = _leaning([each for _, each in self._recent])
        return self._leaning

    def reset(self) -> None:
        """Forget the past, after a change of person."""
        self._lay.clear()
        self._lying = self._inverted = 0
        self._recent.clear()
        self._leaning = ""
