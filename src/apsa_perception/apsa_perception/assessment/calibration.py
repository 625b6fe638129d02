"""The person's own upright posture as the reference: stand still for a moment."""

import math

import numpy as np

from apsa_perception.biomechanics.measures import MEASURES, take_measures
from apsa_perception.biomechanics.posture import (
    BodyReference,
    Posture,
    bone_lengths,
    trunk_direction,
)
from apsa_perception.results import CALIBRATION_FAILED
from apsa_perception.skeleton.joints import Joint
from apsa_perception.skeleton.types import FloatArray

WHOLE_BODY = (
    Joint.LEFT_SHOULDER,
    Joint.RIGHT_SHOULDER,
    Joint.LEFT_HIP,
    Joint.RIGHT_HIP,
    Joint.LEFT_KNEE,
    Joint.RIGHT_KNEE,
    Joint.LEFT_ANKLE,
    Joint.RIGHT_ANKLE,
)
MIN_DURATION_S = 0.5
MAX_DURATION_S = 10.0
_MIN_WHOLE_SHARE = 0.8
_MIN_FRAMES = 5


class Calibration:
    """Collects frames for a while and makes the reference of them.

    Args:
        duration_s: how long to look.
        max_motion_m: greatest standard deviation of a joint that counts as standing still.
        max_tilt_rad: greatest angle between trunk and up that counts as upright.
    """

    def __init__(self, duration_s: float, max_motion_m: float, max_tilt_rad: float) -> None:
        if not MIN_DURATION_S <= duration_s <= MAX_DURATION_S:
            raise ValueError(
                f"the duration of a calibration is {duration_s:g} s; allowed is "
                f"{MIN_DURATION_S:g} to {MAX_DURATION_S:g} s"
            )
        self._duration_ns = int(duration_s * 1e9)
        self._max_motion_m = max_motion_m
        self._max_tilt_rad = max_tilt_rad
        self._first_ns: int | None = None
        self._frames = 0
        self._whole: list[Posture] = []

    def add(self, stamp_ns: int, posture: Posture | None) -> bool:
        """Take a frame in, None when nobody is there; True when the time is over."""
        if self._first_ns is None:
            self._first_ns = stamp_ns
        self._frames += 1
        if posture is not None and posture.seen[list(WHOLE_BODY)].all():
            self._whole.append(posture)
        return stamp_ns - self._first_ns >= self._duration_ns

    def finish(self) -> BodyReference:
        """Make the reference; ``ValueError`` in one sentence when the frames do not bear it."""
        if len(self._whole) < max(_MIN_FRAMES, _MIN_WHOLE_SHARE * self._frames):
            raise ValueError(
                f"{CALIBRATION_FAILED}: the whole body from shoulders to ankles was seen in only "
                f"{len(self._whole)} of {self._frames} frames; stand where all of it is in view"
            )
        positions = np.stack([posture.positions for posture in self._whole])
        motion = float(positions[:, list(WHOLE_BODY)].std(axis=0).max())
        if motion > self._max_motion_m:
            raise ValueError(
                f"{CALIBRATION_FAILED}: a joint moved by {100 * motion:.0f} cm; allowed are "
                f"{100 * self._max_motion_m:.0f} cm, so stand still"
            )
        trunk = np.median(trunk_direction(positions), axis=0)
        up = trunk / max(float(np.linalg.norm(trunk)), 1e-6)
        tilt = math.acos(min(1.0, float(up @ self._whole[-1].up)))
        if tilt > self._max_tilt_rad:
            raise ValueError(
                f"{CALIBRATION_FAILED}: the trunk is tilted by {math.degrees(tilt):.0f} degrees; "
                f"allowed are {math.degrees(self._max_tilt_rad):.0f}, so stand upright"
            )
        return BodyReference(up, self._bone_lengths(positions), self._rest_values())

    def _bone_lengths(self, positions: FloatArray) -> FloatArray:
        lengths = bone_lengths(positions)
        seen = np.stack([posture.seen for posture in self._whole])
        lengths[~seen] = np.nan
        some = seen.any(axis=0)
        result = np.full(lengths.shape[1], np.nan)
        result[some] = np.nanmedian(lengths[:, some], axis=0)
        return result

    def _rest_values(self) -> dict[tuple[str, int], float]:
        taken: dict[tuple[str, int], list[float]] = {}
        for posture in self._whole:
            for result in take_measures(posture, MEASURES):
                if result.judged:
                    taken.setdefault((result.name, result.side), []).append(result.value)
        return {key: float(np.median(values)) for key, values in taken.items()}
