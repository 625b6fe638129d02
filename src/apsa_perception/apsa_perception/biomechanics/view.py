"""View of the camera onto the person, smoothed over time."""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from apsa_perception.biomechanics.vectors import (
    Vector,
    cross,
    length,
    minus,
    without_part_along,
)
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import BoolArray, FloatArray, Skeleton
from apsa_perception.model.time import to_seconds

_MIN_WIDTH_M = 0.02
_LINES = (
    (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    (Joint.LEFT_HIP, Joint.RIGHT_HIP),
)


class View(StrEnum):
    """Direction of view onto the body; a view from behind counts as frontal."""

    UNKNOWN = "unknown"
    FRONTAL = "frontal"
    OBLIQUE = "oblique"
    SIDE = "side"


ALL_VIEWS = frozenset({View.FRONTAL, View.OBLIQUE, View.SIDE})


class BodyView(NamedTuple):
    """Orientation of the body relative to the camera.

    Attributes:
        view: the class of the view.
        turn_rad: 0 if the frontal plane is parallel to the image plane, pi/2 from the side.
        left: horizontal unit vector to the person's left, camera optical axes.
        forward: horizontal unit vector that the person faces.
    """

    view: View
    turn_rad: float
    left: Vector
    forward: Vector


class ViewEstimator:
    """Smooths the shoulder and hip lines and classifies the view with hysteresis.

    Args:
        smoothing_s: time constant of the exponential smoothing in seconds.
        frontal_limit_rad: largest turn of a frontal view.
        side_limit_rad: smallest turn of a side view.
        hysteresis_rad: how far a limit must be exceeded to leave a class.
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
        """Forget the past, after a change of person."""
        self._left: Vector | None = None
        self._stamp_ns = 0
        self._view = View.UNKNOWN

    def update(self, skeleton: Skeleton, seen: BoolArray, up: FloatArray) -> BodyView | None:
        """Process a frame; return None until shoulders or hips have been seen.

        Args:
            skeleton: the person.
            seen: ``(20,)`` which joints are reliable.
            up: ``(3,)`` unit vector of world up in camera optical axes.
        """
        upward = up.tolist()
        line = _left_line(skeleton.positions.tolist(), seen.tolist(), upward)
        if line is not None:
            elapsed_s = to_seconds(skeleton.stamp_ns - self._stamp_ns)
            self._stamp_ns = skeleton.stamp_ns
            if self._left is None:
                self._left = line
            else:
                share = 1.0 - math.exp(-elapsed_s / self._smoothing_s)
                self._left = [
                    before + (now - before) * share
                    for before, now in zip(self._left, line, strict=True)
                ]
        if self._left is None:
            return None
        left = without_part_along(self._left, upward)
        width = length(left)
        if width < _MIN_WIDTH_M:
            return None
        left = (left[0] / width, left[1] / width, left[2] / width)
        forward = cross(left, upward)
        turn = math.acos(min(1.0, abs(forward[2])))
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


def _left_line(points: Sequence[Vector], seen: list[bool], up: Vector) -> Vector | None:
    """Horizontal unit vector to the person's left from the visible lines."""
    total = (0.0, 0.0, 0.0)
    for left, right in _LINES:
        if seen[left] and seen[right]:
            x, y, z = minus(points[left], points[right])
            total = (total[0] + x, total[1] + y, total[2] + z)
    total = without_part_along(total, up)
    width = length(total)
    if width <= _MIN_WIDTH_M:
        return None
    return total[0] / width, total[1] / width, total[2] / width
