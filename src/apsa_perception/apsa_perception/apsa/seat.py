"""Exercises that begin and end on a seat, recorded from standing to standing.

UI-PRMD's people stand, sit down and stand up again; a patient sits, stands up and sits down. Both
are the same round, begun elsewhere. So a round that begins standing is begun on the seat.
"""

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import FloatArray

SEATED_FAMILIES = frozenset({"sit_to_stand"})
_SEATED_SHARE = 0.2
_ANKLES = [Joint.LEFT_ANKLE, Joint.RIGHT_ANKLE]


def middle_of_sitting(positions: FloatArray, up: FloatArray) -> int | None:
    """Return the frame in the middle of sitting if the round begins standing, else None.

    Args:
        positions: ``(T, 20, 3)``.
        up: ``(3,)`` in the same axes.
    """
    heights = (positions[:, Joint.PELVIS] - positions[:, _ANKLES].mean(axis=1)) @ up
    low, high = heights.min(), heights.max()
    if heights[0] + heights[-1] <= low + high:
        return None
    seated = np.flatnonzero(heights <= low + _SEATED_SHARE * (high - low))
    return int(np.median(seated))


def begun_on_seat(positions: FloatArray, up: FloatArray) -> FloatArray:
    """Return a round ``(T, 20, 3)`` that begins on the seat.

    What the posture at its end differs from that at its start is spread over the round.
    """
    first = middle_of_sitting(positions, up)
    if first is None:
        return positions
    drift = np.linspace(-0.5, 0.5, len(positions))[:, None, None] * (positions[-1] - positions[0])
    return np.roll(positions - drift, -first, axis=0)
