"""A movement that a robot can show: joint angles over time."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from apsa_feedback.outputs.robot.human_angles import ANGLES, SIDES, pitch_of, posture_angles
from apsa_perception.model.skeleton import FloatArray, Skeleton
from apsa_perception.model.time import to_seconds

STEP_S = 0.02
"""Seconds between two postures of a movement."""

_KEPT_NS = 30_000_000_000
_SMOOTHING_S = 0.3
_MIN_OBSERVED_SHARE = 0.5
_MIN_POSTURES = 3


@dataclass(frozen=True)
class Movement:
    """One repetition as joint angles.

    Attributes:
        times_s: ``(n,)`` seconds from 0 on, rising.
        angles: ``(n,)`` radians, by name as in ``human_angles.ANGLES``.
    """

    times_s: FloatArray
    angles: Mapping[str, FloatArray]

    @property
    def duration_s(self) -> float:
        """Seconds from start to end."""
        return float(self.times_s[-1])

    def at(self, seconds: float) -> dict[str, float]:
        """Return the angles at a time since the start; outside the movement, those of its ends."""
        return {
            name: float(np.interp(seconds, self.times_s, values))
            for name, values in self.angles.items()
        }

    def range_of(self, name: str) -> float:
        """Return the range of an angle in radians; 0 if the movement lacks it."""
        return float(np.ptp(self.angles[name])) if name in self.angles else 0.0

    def stretched(self, factor: float) -> "Movement":
        """Return the movement slowed down by a factor."""
        return replace(self, times_s=self.times_s * factor)


class MovementTrack:
    """Keeps the postures of the last 30 seconds."""

    def __init__(self) -> None:
        self._postures: deque[tuple[int, dict[str, float]]] = deque()

    def add(self, stamp_ns: int, skeleton: Skeleton) -> None:
        """Take a posture; a stamp that runs back clears the track."""
        if self._postures and stamp_ns <= self._postures[-1][0]:
            self._postures.clear()
        self._postures.append((stamp_ns, posture_angles(skeleton)))
        while self._postures[0][0] < stamp_ns - _KEPT_NS:
            self._postures.popleft()

    def between(self, start_ns: int, end_ns: int) -> Movement | None:
        """Return the smoothed movement between two stamps; None with too few postures.

        Gaps are interpolated; an angle that was hidden for more than half of the time is left out.
        """
        postures = [each for each in self._postures if start_ns <= each[0] <= end_ns]
        if len(postures) < _MIN_POSTURES:
            return None
        stamps_s = to_seconds(np.array([stamp - postures[0][0] for stamp, _ in postures]))
        times_s = np.arange(0.0, stamps_s[-1] + STEP_S / 2, STEP_S)
        angles = {}
        for name in ANGLES:
            values = np.array([each.get(name, np.nan) for _, each in postures])
            seen = np.isfinite(values)
            if seen.mean() >= _MIN_OBSERVED_SHARE:
                angles[name] = np.interp(times_s, stamps_s[seen], np.unwrap(values[seen]))
        smooth = {name: _smooth(values) for name, values in angles.items()}
        for side in SIDES:
            pitch, roll = (angles.get(f"{side}_shoulder_{each}") for each in ("pitch", "roll"))
            if pitch is not None and roll is not None:
                smooth |= _arm(side, pitch, roll)
        return Movement(times_s, smooth) if smooth else None


def _arm(side: str, pitch: FloatArray, roll: FloatArray) -> dict[str, FloatArray]:
    """The angles of an arm from its smoothed direction: near the lateral axis pitch alone jumps."""
    out = _smooth(np.sin(roll))
    ahead = _smooth(np.cos(roll) * np.sin(pitch))
    down = _smooth(np.cos(roll) * np.cos(pitch))
    return {
        f"{side}_shoulder_pitch": np.unwrap(pitch_of(ahead, down)),
        f"{side}_shoulder_roll": np.arctan2(out, np.hypot(ahead, down)),
        f"{side}_shoulder_elevation": np.arctan2(np.hypot(out, ahead), down),
    }


def _smooth(values: FloatArray) -> FloatArray:
    """Moving average with a Hann window, against the noise of the skeleton."""
    count = min(round(_SMOOTHING_S / STEP_S), len(values)) // 2
    window = np.hanning(2 * count + 3)[1:-1]
    padded = np.pad(values, count, mode="edge")
    return np.convolve(padded, window / window.sum(), mode="valid")
