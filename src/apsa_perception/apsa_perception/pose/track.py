"""Track of one person over time: smoothed pose, place and looks."""

import math

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.model.time import to_nanoseconds, to_seconds
from apsa_perception.pose.appearance import Appearance
from apsa_perception.pose.filters import OneEuroFilter, OneEuroSettings
from apsa_perception.pose.plausibility import PlausibilityGuard
from apsa_perception.pose.skeleton_correction import SkeletonCorrection

MIN_OBSERVED = 6
"""Least number of observed joints of a person, such as head, neck, shoulders and one arm."""

CONFIRM_S = 0.2
"""How long a person must be found in every frame before their track is confirmed.

Models detect people in furniture and in close-ups of limbs, but only briefly.
"""

MAX_GAP_S = 0.5
"""How long a person may be lost before their track ends."""

MAX_TRAVEL_SPEED = 4.0
"""Largest speed of a person across the view in m/s: running."""

TRAVEL_NOISE_M = 0.25
"""Additional displacement in metres: jitter of the trunk."""

MAX_SIZE_CHANGE = 1.5
"""Largest ratio of a person's sizes in two frames; beyond it is another person."""

LOOKS_TIME_S = 0.3
"""Time constant of the mean of a track's looks: single pictures show a lifted arm, or a shadow."""

VELOCITY_TIME_S = 0.2
"""Time constant of the velocity with which a track is continued while its person is hidden."""

_TINY = 1e-6  # avoids division by zero for bodies without extent


def is_person(pose: CanonicalPose) -> bool:
    """Whether the pose is finite and has enough observed joints to be a person."""
    finite = np.isfinite(pose.positions).all() and np.isfinite(pose.pixels).all()
    return bool(finite) and int(pose.observed.sum()) >= MIN_OBSERVED


class Track:
    """A person tracked from frame to frame; stamps increase.

    Attributes:
        body_id: number of the person; 0 until it is known who they are.
        first: first pose, as it was found, and its stamp.
        pose: last pose, plausible and smoothed.
        last_ns: its stamp.
        centre: ``(2,)`` pixels of the middle of the trunk in the last pose.
        metres_per_pixel: size of a pixel at the person's distance.
        looks: mean of what the person wore since somebody was last in the way; None if unknown.
        clear_s: seconds since then.
        correction: corrects the poses of this person.
    """

    def __init__(self, pose: CanonicalPose, stamp_ns: int, settings: OneEuroSettings) -> None:
        self.body_id = 0
        self.looks: Appearance | None = None
        self.clear_s = 0.0
        self._looked_ns = stamp_ns
        self.first = (pose, stamp_ns)
        self.last_ns = stamp_ns
        self.correction = SkeletonCorrection()
        self._guard = PlausibilityGuard()
        self._positions = OneEuroFilter(settings)
        self._pixels = OneEuroFilter(settings)
        self._velocity = np.zeros(2)
        self.centre: FloatArray = pose.pixels[Joint.SPINE]
        self.update(pose, stamp_ns)

    def use_settings(self, settings: OneEuroSettings) -> None:
        """Filter with other settings from the next pose on."""
        self._positions.use_settings(settings)
        self._pixels.use_settings(settings)

    @property
    def age_s(self) -> float:
        """Seconds between the first and the last pose."""
        return to_seconds(self.last_ns - self.first[1])

    @property
    def confirmed(self) -> bool:
        """Whether the person has been found for long enough."""
        return self.last_ns - self.first[1] >= to_nanoseconds(CONFIRM_S)

    def is_lost(self, stamp_ns: int) -> bool:
        """Whether the person was last found too long ago to continue the track."""
        return stamp_ns - self.last_ns > to_nanoseconds(MAX_GAP_S)

    def distance(self, pose: CanonicalPose, stamp_ns: int) -> float | None:
        """Metres across the view from the expected place; None if it cannot be the same person."""
        if not is_reachable(self.centre, self.metres_per_pixel, self.last_ns, pose, stamp_ns):
            return None
        expected = self.centre + self._velocity * to_seconds(stamp_ns - self.last_ns)
        return float(np.hypot(*(pose.pixels[Joint.SPINE] - expected))) * metres_per_pixel(pose)

    def update(self, pose: CanonicalPose, stamp_ns: int) -> None:
        """Add the next pose."""
        period_s = to_seconds(stamp_ns - self.last_ns)
        if period_s > 0.0:
            velocity = (pose.pixels[Joint.SPINE] - self.centre) / period_s
            weight = 1.0 - math.exp(-period_s / VELOCITY_TIME_S)
            self._velocity = self._velocity + weight * (velocity - self._velocity)
        self.last_ns = stamp_ns
        self.centre = pose.pixels[Joint.SPINE]
        self.metres_per_pixel = metres_per_pixel(pose)
        plausible = self._guard.update(pose, stamp_ns)
        self.pose = plausible._replace(
            positions=self._positions.update(plausible.positions, stamp_ns),
            pixels=self._pixels.update(plausible.pixels, stamp_ns, self.metres_per_pixel),
        )

    def look(self, looks: Appearance, stamp_ns: int) -> None:
        """Add what the person wears in the last pose."""
        period_s = to_seconds(stamp_ns - self._looked_ns)
        weight = 1.0 - math.exp(-period_s / LOOKS_TIME_S)
        self.looks = self.looks.blended(looks, weight) if self.looks else looks
        self.clear_s += period_s
        self._looked_ns = stamp_ns

    def hide(self, stamp_ns: int) -> None:
        """Forget what the person wears: somebody else is before or behind them."""
        self.looks = None
        self.clear_s = 0.0
        self._looked_ns = stamp_ns


def is_reachable(
    centre: FloatArray,
    scale: float,
    seen_ns: int,
    pose: CanonicalPose,
    stamp_ns: int,
    size_change: float = MAX_SIZE_CHANGE,
) -> bool:
    """Whether somebody can have moved from one place in the view to that of a pose.

    The trunk is compared, which does not change when the model swaps left and right.

    Args:
        centre: ``(2,)`` pixels of the middle of the trunk, when last seen.
        scale: metres per pixel there.
        seen_ns: stamp of that.
        pose: where they may be now.
        stamp_ns: stamp of the pose.
        size_change: largest ratio of the sizes.
    """
    now = metres_per_pixel(pose)
    travelled = float(np.hypot(*(pose.pixels[Joint.SPINE] - centre)) * now)
    limit = TRAVEL_NOISE_M + MAX_TRAVEL_SPEED * to_seconds(stamp_ns - seen_ns)
    return 1 / size_change < now / scale < size_change and travelled < limit


def metres_per_pixel(pose: CanonicalPose) -> float:
    """Size of a pixel at the person's distance: extent of the body in metres over pixels."""
    metres, pixels = _extent(pose.positions[:, :2]), _extent(pose.pixels)
    return max(metres, _TINY) / max(pixels, _TINY)


def _extent(points: FloatArray) -> float:
    """Root mean square distance of points from their mean; faster than ``std`` for a few points."""
    offsets = points - np.add.reduce(points) / len(points)
    return float(np.hypot(*np.sqrt(np.add.reduce(offsets * offsets) / len(points))))
