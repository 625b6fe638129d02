"""The region of a person in the next picture, smoothed so that the crop is steady.

The graph smooths the two alignment points even where it does not smooth the landmarks: last nodes
of ``pose_landmark_filtering.pbtxt`` of MediaPipe 0.10.21, formulas in
``landmarks_smoothing_calculator_utils.cc`` and ``one_euro_filter.cc``.
"""

from typing import NamedTuple

import numpy as np

from apsa_perception.model.skeleton import FloatArray
from apsa_perception.pose.region import Region, region_of, sides_px
from apsa_perception.pose.single_precision import SingleArray

MINIMUM_CUTOFF_HZ = float(np.float32(0.01))
BETA = 10.0
"""Rise of the cutoff in Hz with the speed in diameters of the person a second."""
DERIVATIVE_CUTOFF_HZ = 1.0

_LEAST_DIAMETER_PX = 1e-6


class _State(NamedTuple):
    stamp_us: int
    picture: tuple[int, int]
    pixels: SingleArray
    filtered: SingleArray
    velocity: SingleArray


class RegionTracker:
    """Follows the alignment points of a person with a One-Euro filter for each coordinate."""

    def __init__(self) -> None:
        self._state: _State | None = None

    def reset(self) -> None:
        """Forget the person."""
        self._state = None

    def region(self) -> Region | None:
        """Return the region in the next picture; None if there is nobody."""
        if self._state is None:
            return None
        shares = self._state.filtered / np.array(self._state.picture, np.float32)
        return region_of(np.asarray(shares, np.float32), self._state.picture)

    def follow(self, points: SingleArray, stamp_us: int, picture: tuple[int, int]) -> None:
        """Take the person's place in a picture.

        Args:
            points: ``(2, 2)`` shares of the picture, centre and top of the person.
            stamp_us: microseconds, later than that of the last call.
            picture: width and height in pixels; they may change if the view stays the same.
        """
        pixels = points * np.array(picture, np.float32)
        diameter = sides_px(points, picture).sum() / np.float32(2.0)
        last = self._state
        if last is None or diameter < _LEAST_DIAMETER_PX:
            self._state = _State(stamp_us, picture, pixels, pixels, np.zeros_like(pixels))
            return
        if picture != last.picture:
            scale = np.divide(picture, last.picture).astype(np.float32)
            last = last._replace(pixels=last.pixels * scale, filtered=last.filtered * scale)
        rate = 1.0 / ((stamp_us - last.stamp_us) * 1000 * 1e-9)
        per_diameter = float(np.float32(1.0) / diameter)
        speed = (pixels.astype(np.float64) - last.pixels) * per_diameter * rate
        slow = _weight(np.array(DERIVATIVE_CUTOFF_HZ), rate)
        velocity = _low_pass(last.velocity, speed.astype(np.float32), slow)
        cutoff = MINIMUM_CUTOFF_HZ + BETA * np.abs(velocity.astype(np.float64))
        weight = _weight(cutoff, rate)
        filtered = _low_pass(last.filtered, pixels, weight)
        self._state = _State(stamp_us, picture, pixels, filtered, velocity)


def _weight(cutoff: FloatArray, rate: float) -> SingleArray:
    """Weight of the new sample; both in Hz."""
    time_constant = 1.0 / (2.0 * np.pi * cutoff)
    return np.asarray(1.0 / (1.0 + time_constant / (1.0 / rate)), np.float32)


def _low_pass(last: SingleArray, value: SingleArray, weight: SingleArray) -> SingleArray:
    kept = (1.0 - weight.astype(np.float64)) * last.astype(np.float64)
    return np.asarray((weight * value).astype(np.float64) + kept, np.float32)
