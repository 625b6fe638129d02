"""Track of one person over time: identity and smoothed pose."""

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.model.time import to_nanoseconds, to_seconds
from apsa_perception.pose.filters import OneEuroFilter, OneEuroSettings
from apsa_perception.pose.plausibility import PlausibilityGuard

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

_TINY = 1e-6  # avoids division by zero for bodies without extent


def is_person(pose: CanonicalPose) -> bool:
    """Whether the pose is finite and has enough observed joints to be a person."""
    finite = np.isfinite(pose.positions).all() and np.isfinite(pose.pixels).all()
    return bool(finite) and int(pose.observed.sum()) >= MIN_OBSERVED


class Track:
    """A person tracked from frame to frame; stamps increase.

    Attributes:
        body_id: number of the track; 0 until it is confirmed.
        pose: last pose, corrected and smoothed.
    """

    def __init__(self, pose: CanonicalPose, stamp_ns: int, settings: OneEuroSettings) -> None:
        self.body_id = 0
        self._first_ns = stamp_ns
        self._guard = PlausibilityGuard()
        self._positions = OneEuroFilter(settings)
        self._pixels = OneEuroFilter(settings)
        self.update(pose, stamp_ns)

    def use_settings(self, settings: OneEuroSettings) -> None:
        """Filter with other settings from the next pose on."""
        self._positions.use_settings(settings)
        self._pixels.use_settings(settings)

    @property
    def confirmed(self) -> bool:
        """Whether the person has been found for long enough."""
        return self._last_ns - self._first_ns >= to_nanoseconds(CONFIRM_S)

    def is_lost(self, stamp_ns: int) -> bool:
        """Whether the person was last found too long ago to continue the track."""
        return stamp_ns - self._last_ns > to_nanoseconds(MAX_GAP_S)

    def distance(self, pose: CanonicalPose, stamp_ns: int) -> float | None:
        """Metres across the view from the last pose; None if it cannot be the same person.

        The trunk is compared, which does not change when the model swaps left and right.
        """
        metres_per_pixel = _metres_per_pixel(pose)
        ratio = metres_per_pixel / self._metres_per_pixel
        travelled = float(np.hypot(*(pose.pixels[Joint.SPINE] - self._centre)) * metres_per_pixel)
        limit = TRAVEL_NOISE_M + MAX_TRAVEL_SPEED * to_seconds(stamp_ns - self._last_ns)
        same_size = 1 / MAX_SIZE_CHANGE < ratio < MAX_SIZE_CHANGE
        return travelled if same_size and travelled < limit else None

    def update(self, pose: CanonicalPose, stamp_ns: int) -> None:
        """Add the next pose."""
        self._last_ns = stamp_ns
        self._centre: FloatArray = pose.pixels[Joint.SPINE]
        self._metres_per_pixel = _metres_per_pixel(pose)
        plausible = self._guard.update(pose, stamp_ns)
        self.pose = plausible._replace(
            positions=self._positions.update(plausible.positions, stamp_ns),
            pixels=self._pixels.update(plausible.pixels, stamp_ns, self._metres_per_pixel),
        )


def _metres_per_pixel(pose: CanonicalPose) -> float:
    """Size of a pixel at the person's distance: extent of the body in metres over pixels."""
    metres = np.hypot(*pose.positions[:, :2].std(axis=0))
    pixels = np.hypot(*pose.pixels.std(axis=0))
    return float(max(metres, _TINY) / max(pixels, _TINY))
