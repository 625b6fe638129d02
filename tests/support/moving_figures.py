"""The figures of the exercises, which move before a camera."""

from typing import Any

import numpy as np

from apsa_perception.exercises.figure import Figure
from apsa_perception.model.joints import JOINT_COUNT, Joint
from apsa_perception.model.skeleton import FloatArray, Skeleton
from support.figures import PERIOD_NS, SIZE, Frames

STILL = np.zeros(50)
"""Shares of the way of a figure that rests for two seconds."""
_PIXELS_PER_METRE = 150.0


def way(seconds: float) -> FloatArray:
    """Shares of the way from the start to the turning point, 25 a second."""
    share: FloatArray = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, round(seconds * 25)))
    return share


def repetitions(count: int, seconds: float = 3.0) -> FloatArray:
    """Shares of the way of a figure that does repetitions, with rest before and between them."""
    out = way(seconds / 2)
    return np.concatenate([STILL, *[np.concatenate([out, out[::-1], STILL])] * count])


def figure_frames(figure: Figure[Any], shares: FloatArray) -> Frames:
    """The figure at shares of the way from start to turning point."""
    bodies = figure.bodies(101)
    stamps = range(PERIOD_NS, PERIOD_NS * (len(shares) + 1), PERIOD_NS)
    return [
        (stamp, [_skeleton(figure, bodies[round(100 * share)], stamp)])
        for stamp, share in zip(stamps, shares.tolist(), strict=True)
    ]


def _skeleton(figure: Figure[Any], body: FloatArray, stamp_ns: int) -> Skeleton:
    """The figure before a camera; the picture is no mirror."""
    turn = np.radians(figure.turned_deg)
    axes = [(-np.sin(turn), 0, -np.cos(turn)), (np.cos(turn), 0, -np.sin(turn)), (0, -1, 0)]
    positions = (body - body[Joint.PELVIS]) @ np.array(axes)
    pixels = np.array(SIZE) / 2 + _PIXELS_PER_METRE * positions[:, :2]
    seen = np.ones(JOINT_COUNT, dtype=np.bool_)
    return Skeleton(stamp_ns, 1, positions, pixels, np.full(JOINT_COUNT, 0.9), seen, SIZE)
