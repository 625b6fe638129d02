"""From which side the camera sees the person, smoothed over time."""

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton

_MIN_WIDTH_M = 0.02
_LINES = (
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
)


class View(Enum):
    """Direction of view onto the body; a view from behind counts as frontal."""

    UNKNOWN = "unknown"
    FRONTAL = "frontal"
    OBLIQUE = "oblique"
    SIDE = "side"


ALL_VIEWS = frozenset({View.FRONTAL, View.OBLIQUE, View.SIDE})


@dataclass(frozen=True)
class BodyView:
    """How the body stands to the camera.

    Attributes:
        view: the class of the view.
        turn_rad: 0 when the frontal plane is parallel to the picture, pi/2 from the side.
        left: ``(3,)`` horizontal unit vector to the person's left, camera optical axes.
        forward: ``(3,)`` horizontal unit vector in which the person faces.
    """

    view: View
    turn_rad: float
    left: FloatArray
    forward: FloatArray


class ViewEstimator:
    """Smooths the shoulder and hip lines and classifies the view with hysteresis.

    Args:
        smoothing_s: time constant of the exponential smoothing in seconds.
        frontal_limit_rad: up to this turn the view is frontal.
        side_limit_rad: from this turn on it is a side view.
        hysteresis_rad: how far a border must be overstepped to leave a class.
    """

    def __init__(
        self,
        smoothing_s: float,
        frontal_limit_rad: float,
        side_limit_rad: float,
        hysteresis_rad: float,
    ) -> None:
        self._smoothing_s = smoothing_s
        self._frontal_limit = frontal_limit_rad
        self._side_limit = side_limit_rad
        self._hysteresis = hysteresis_rad
        self.reset()

    def reset(self) -> None:
        """Forget the past, as after a change of the body."""
        self._left: FloatArray | None = None
        self._stamp_ns = 0
        self._view = View.UNKNOWN

    def update(self, skeleton: Skeleton, seen: BoolArray, up: FloatArray) -> BodyView | None:
        """Take a frame in; None while neither shoulders nor hips have been seen.

        Args:
            skeleton: the person.
            seen: ``(20,)`` which joints may be relied on.
            up: ``(3,)`` unit vector of world up in camera optical axes.
        """
        line = _left_line(skeleton.positions, seen, up)
        if line is not None:
            elapsed_s = (skeleton.stamp_ns - self._stamp_ns) * 1e-9
            self._stamp_ns = skeleton.stamp_ns
            if self._left is None:
                self._left = line
            else:
                self._left = self._left + (line - self._left) * (
                    1.0 - math.exp(-elapsed_s / self._smoothing_s)
                )
        if self._left is None:
            return None
        left = self._left - float(self._left @ up) * up
        width = float(np.linalg.norm(left))
        if width < _MIN_WIDTH_M:
            return None
        left = left / width
        forward = np.cross(left, up)
        turn = math.acos(min(1.0, abs(float(forward[2]))))
        self._view = self._classify(turn)
        return BodyView(self._view, turn, left, forward)

    def _classify(self, turn: float) -> View:
        frontal, side = self._frontal_limit, self._side_limit
        if self._view is View.FRONTAL:
            frontal += self._hysteresis
        elif self._view is View.SIDE:
            side -= self._hysteresis
        elif self._view is View.OBLIQUE:
            frontal -= self._hysteresis
            side += self._hysteresis
        if turn <= frontal:
            return View.FRONTAL
        return View.SIDE if turn >= side else View.OBLIQUE


def _left_line(positions: FloatArray, seen: BoolArray, up: FloatArray) -> FloatArray | None:
    """Horizontal direction to the person's left from the lines that are seen, unit length."""
    total = np.zeros(3)
    for left, right in _LINES:
        if seen[left] and seen[right]:
            total += positions[left] - positions[right]
    total -= float(total @ up) * up
    width = float(np.linalg.norm(total))
    return total / width if width > _MIN_WIDTH_M else None
