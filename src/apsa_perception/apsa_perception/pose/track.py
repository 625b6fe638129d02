"""One person over time: who they are, and a steady pose."""

import numpy as np

from apsa_perception.model.joints import Joint
from apsa_perception.model.skeleton import CanonicalPose, FloatArray
from apsa_perception.pose.filters import OneEuroFilter, OneEuroSettings
from apsa_perception.pose.plausibility import PlausibilityGuard

MIN_OBSERVED = 6
"""Least number of observed joints that make a person: head, neck, shoulders and one arm, say."""

CONFIRM_S = 0.2
"""How long a person must be found in every frame before they count as one.

Models see people in furniture and in close-ups of limbs, but not for long.
"""

MAX_GAP_S = 0.5
"""How long a person may be lost and still be the same one."""

MAX_TRAVEL_SPEED = 4.0
"""Metres a second that a person may move across the view: a run."""

TRAVEL_NOISE_M = 0.25
"""Metres that a person may move on top of it: what a model's trunk may jump."""

MAX_SIZE_CHANGE = 1.5
"""Largest ratio of a person's sizes in two pictures; more is somebody nearer or farther."""

_TINY = 1e-6  # bodies without any extent must not divide by zero


def is_person(pose: CanonicalPose) -> bool:
    """Whether enough of the pose is finite and seen to be a person."""
    finite = np.isfinite(pose.positions).all() and np.isfinite(pose.pixels).all()
    return bool(finite) and int(pose.observed.sum()) >= MIN_OBSERVED


class Track:
    """A person followed from frame to frame; the stamps given increase.

    Attributes:
        body_id: the person's number, 0 until they have one.
        pose: last pose, plausible and smoothed.
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
        """Whether the person has been there for long enough to count."""
        return self._last_ns - self._first_ns >= CONFIRM_S * 1e9

    def is_lost(self, stamp_ns: int) -> bool:
        """Whether the person was last found too long ago to be taken up again."""
        return stamp_ns - self._last_ns > MAX_GAP_S * 1e9

    def distance(self, pose: CanonicalPose, stamp_ns: int) -> float | None:
        """Metres across the view to where the person was, or None if it cannot be them.

        The trunk is compared, which does not change when the model mixes up left and right.
        """
        metres_per_pixel = _metres_per_pixel(pose)
        ratio = metres_per_pixel / self._metres_per_pixel
        travelled = float(np.hypot(*(pose.pixels[Joint.SPINE] - self._centre)) * metres_per_pixel)
        limit = TRAVEL_NOISE_M + MAX_TRAVEL_SPEED * (stamp_ns - self._last_ns) * 1e-9
        same_size = 1 / MAX_SIZE_CHANGE < ratio < MAX_SIZE_CHANGE
        return travelled if same_size and travelled < limit else None

    def update(self, pose: CanonicalPose, stamp_ns: int) -> None:
        """Go on with the person's next pose."""
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
