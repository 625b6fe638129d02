"""Lean in the picture of a body that stands, or is seen from the front."""

import math
from collections.abc import Sequence

from apsa_perception.model.joints import Joint

MOST_STANDING_LEAN_DEG = 22.0
"""Nobody who stands on the feet alone leans farther.

Most in the medians of 3018 drawn repetitions of IntelliRehabDS and UI-PRMD, with patients and
pitched cameras: 18 degrees; 10 in 99 of 100.
"""

MOST_FRONTAL_LEAN_DEG = 36.0
"""Nobody leans the trunk farther to a side all the time, standing or sitting.

Most in nine tenths of the frames of a repetition, of 2265 drawn ones that are not seen from the
side: 34 degrees; 21 in 99 of 100 of IntelliRehabDS, 8 of UI-PRMD.
"""

# Standing people with one foot in front of the other stay within.
MOST_BENT_TRUNK_DEG = 15.0
"""Of a straight body, between the trunk and the line from the ankles to the neck."""
# The same between that line and the parts of a leg.
_MOST_BENT_LEG_DEG = 25.0
# In a lunge the feet are farther apart in the picture than this share of the trunk; the feet of
# people who sit are closer. The line between them is level, as far as the picture is.
_LEAST_STRIDE = 1.2
_MOST_TILT_DEG = 12.0
_LEAST_SHOULDERS = 0.45  # of the trunk

_Place = Sequence[float]
_LEGS = (
    (Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
    (Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
)
STANDING = (Joint.PELVIS, Joint.NECK, *(joint for leg in _LEGS for joint in leg))
"""Joints that must be seen of who stands."""
TRUNK = (Joint.PELVIS, Joint.NECK, Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER)
"""Joints that must be seen of a trunk."""


def standing_lean_deg(places: Sequence[_Place], up: tuple[float, float]) -> float:
    """Return how far a standing body leans, -90 to 90 degrees; NaN if that cannot be told.

    It can be told of a straight body, and of one with the feet apart whose trunk is at right angles
    to the line between the feet. Seen from the front a squatting body can look straight, too: it
    does not lean then.

    Args:
        places: the 20 joints in the picture, x right and y down, all of ``STANDING`` finite.
        up: unit vector of up in the picture.
    """
    hips, knees, ankles = ([places[leg[part]] for leg in _LEGS] for part in range(3))
    feet = [(a + b) / 2.0 for a, b in zip(*ankles, strict=True)]
    neck, pelvis = places[Joint.NECK], places[Joint.PELVIS]
    body, trunk = direction_deg(feet, neck, up), direction_deg(pelvis, neck, up)
    if not (abs(body) <= 90.0 and abs(trunk) <= 90.0):
        return math.nan
    legs = [
        (direction_deg(knee, hip, up), direction_deg(ankle, knee, up))
        for hip, knee, ankle in zip(hips, knees, ankles, strict=True)
    ]
    if abs(trunk - body) < MOST_BENT_TRUNK_DEG and all(
        max(body, thigh, shank) - min(body, thigh, shank) < _MOST_BENT_LEG_DEG
        for thigh, shank in legs
    ):
        return body
    if math.dist(*ankles) < _LEAST_STRIDE * math.dist(pelvis, neck):
        return math.nan
    left, right = sorted(ankles, key=lambda ankle: up[0] * ankle[1] - up[1] * ankle[0])
    floor = direction_deg(left, right, (-up[1], up[0]))
    if abs(trunk - floor) >= _MOST_TILT_DEG:
        return math.nan
    return min(trunk, floor, key=abs)  # a lifted heel tilts the line, and a trunk may lean


def frontal_lean_deg(places: Sequence[_Place], up: tuple[float, float]) -> float:
    """Return how far the trunk leans to a side, -180 to 180 degrees; NaN if seen from the side.

    The shoulders tell the view whatever the picture's roll: from the front they are half a trunk
    apart, or more.

    Args:
        places: the 20 joints in the picture, x right and y down, all of ``TRUNK`` finite.
        up: unit vector of up in the picture.
    """
    pelvis, neck = places[Joint.PELVIS], places[Joint.NECK]
    across = math.dist(places[Joint.LEFT_SHOULDER], places[Joint.RIGHT_SHOULDER])
    if across < _LEAST_SHOULDERS * math.dist(pelvis, neck):
        return math.nan
    return direction_deg(pelvis, neck, up)


def direction_deg(lower: _Place, upper: _Place, up: tuple[float, float]) -> float:
    """Return the angle of the line between two points from up, -180 to 180 degrees."""
    x, y = upper[0] - lower[0], upper[1] - lower[1]
    return math.degrees(math.atan2(up[0] * y - up[1] * x, up[0] * x + up[1] * y))
