"""How an exercise is done, as two key poses of a drawn figure: the start and the turning point.

The poses of the included exercises are constructed. ``test_figures`` counts the movement of each
figure as the coach counts that of a person, so that a figure shows what the exercise file asks for.
Those of a recorded exercise are the medians of what was shown.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np

from apsa_perception.exercises.figure_pose import FigurePose
from apsa_perception.exercises.recorded_pose import RecordedPose
from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray

_SUPPORT_M = 0.05
_SEAT_M = 0.09
_REACH_M = 0.1

P = TypeVar("P", FigurePose, RecordedPose)


class Prop(StrEnum):
    """What the exercise needs beside the person."""

    NONE = "none"
    CHAIR = "chair"
    STEP = "step"
    WALL_AHEAD = "wall_ahead"
    WALL_BEHIND = "wall_behind"


@dataclass(frozen=True)
class Figure(Generic[P]):
    """The figure of an exercise.

    Attributes:
        start: the starting position.
        turn: the turning point, or the position that is held.
        turned_deg: how the person is turned to the camera: 0 faces it, 90 shows the left side.
        prop: what is drawn beside the person.
    """

    start: P
    turn: P
    turned_deg: float
    prop: Prop = Prop.NONE

    def mirrored(self) -> "Figure[P]":
        """The figure with left and right exchanged, seen from the same place."""
        return Figure(self.start.mirrored(), self.turn.mirrored(), self.turned_deg, self.prop)

    def bodies(self, count: int) -> FloatArray:
        """Joints ``(count, 20, 3)`` from start to turning point, evenly spaced in angle.

        Metres: x forwards, y left, z up from the floor; what carries the body stays in place.
        """
        shares = np.linspace(0.0, 1.0, count)
        bodies = np.stack([self.start.towards(self.turn, share).joints() for share in shares])
        bodies[..., 2] -= bodies[..., 2].min(axis=1, keepdims=True)
        if self.prop is Prop.STEP:
            # The person stays before the step while one foot is put on it.
            return bodies
        carrying = (bodies[[0, -1], :, 2] < _SUPPORT_M).all(axis=0)
        place = bodies[:, carrying, :2].mean(axis=1)
        bodies[..., :2] += (place[0] - place)[:, None]
        return bodies

    def seen(self, bodies: FloatArray) -> FloatArray:
        """Places ``(..., 2)`` of points as in a mirror, in metres: x to the right, y down.

        People see themselves so: their left hand is on the left.
        """
        turn = np.radians(self.turned_deg)
        right = np.array([np.sin(turn), -np.cos(turn), 0.0])
        seen: FloatArray = bodies @ np.stack([right, [0.0, 0.0, -1.0]], axis=1)
        return seen

    def prop_lines(self, bodies: FloatArray) -> list[FloatArray]:
        """Lines ``(N, 3)`` of the prop, for the bodies of this figure."""
        start, turn = bodies[0], bodies[-1]
        match self.prop:
            case Prop.NONE:
                return []
            case Prop.CHAIR:
                x, _, z = min(start, turn, key=lambda body: body[Joint.PELVIS, 2])[Joint.PELVIS]
                return _box(x - 0.22, x + 0.2, 0.22, z - _SEAT_M)
            case Prop.STEP:
                x, _, z = turn[[Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]].max(axis=0)
                return _box(x - 0.12, x + 0.24, 0.3, z)
            case Prop.WALL_AHEAD:
                return _wall(float(start[[Joint.LEFT_HAND, Joint.RIGHT_HAND], 0].max()))
            case Prop.WALL_BEHIND:
                return _wall(float(turn[Joint.PELVIS, 0]) - _REACH_M)


def _box(back: float, front: float, half_width: float, height: float) -> list[FloatArray]:
    corners = [(back, -half_width), (front, -half_width), (front, half_width), (back, half_width)]
    top = np.array([(x, y, height) for x, y in (*corners, corners[0])])
    legs = [np.array([(x, y, height), (x, y, 0.0)]) for x, y in corners]
    return [top, *legs]


def _wall(x: float) -> list[FloatArray]:
    return [np.array([(x, 0.0, 0.0), (x, 0.0, 1.9)])]
