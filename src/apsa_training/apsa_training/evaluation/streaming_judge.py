"""Judge a repetition frame by frame while it is in progress.

Each judgement resamples all frames since the start of the repetition, so it equals
``QualityModel.judge`` of the same frames; only the collection of frames is incremental.
"""

import numpy as np

from apsa_perception.apsa.predictor import QualityModel, QualityPrediction
from apsa_perception.model.joints import JOINT_COUNT
from apsa_perception.model.skeleton import BoolArray, FloatArray

_FIRST_CAPACITY = 256


class StreamingJudge:
    """Collects the frames of one repetition and judges them periodically and at the end."""

    def __init__(
        self,
        model: QualityModel,
        exercise: str,
        up: FloatArray,
        interval: int = 15,
        max_frames: int = 3600,
    ) -> None:
        """Start with an exercise.

        Args:
            model: trained weights; ``KeyError`` if not trained on the exercise.
            exercise: its name.
            up: ``(3,)`` world up in camera axes.
            interval: frames between two judgements; 15 is twice a second at 30/s.
            max_frames: number of frames kept; the oldest are dropped.
        """
        model.essential_joints(exercise)
        if interval < 1 or max_frames < 2:
            raise ValueError("interval must be at least 1 and max_frames at least 2")
        self._model = model
        self._exercise = exercise
        self._up = up
        self._interval = interval
        self._max_frames = max_frames
        self._first = self._count = self._since = 0
        self._allocate(min(_FIRST_CAPACITY, 2 * max_frames))

    def push(
        self, stamp_s: float, positions: FloatArray, confidence: FloatArray, observed: BoolArray
    ) -> QualityPrediction | None:
        """Add a frame; return a judgement every ``interval`` frames, else None.

        Args:
            stamp_s: seconds, later than the previous frame; ``ValueError`` otherwise.
            positions: ``(20, 3)`` metres, pelvis-relative, camera optical axes.
            confidence: ``(20,)`` 0..1.
            observed: ``(20,)``.
        """
        if self._count and stamp_s <= self._stamps[self._first + self._count - 1]:
            raise ValueError("stamp_s is not later than that of the previous frame")
        if self._count == self._max_frames:
            self._first += 1
            self._count -= 1
        if self._first + self._count == len(self._stamps):
            self._make_room()
        row = self._first + self._count
        self._stamps[row] = stamp_s
        self._positions[row] = positions
        self._confidence[row] = confidence
        self._observed[row] = observed
        self._count += 1
        self._since += 1
        if self._since < self._interval:
            return None
        self._since = 0
        return self.judge()

    def judge(self) -> QualityPrediction:
        """Judge the frames so far."""
        rows = slice(self._first, self._first + self._count)
        return self._model.judge(
            self._positions[rows],
            self._stamps[rows],
            self._confidence[rows],
            self._observed[rows],
            self._exercise,
            self._up,
        )

    def reset(self) -> None:
        """Drop all frames; the next one starts a repetition."""
        self._first = self._count = self._since = 0

    def _allocate(self, capacity: int) -> None:
        self._stamps = np.empty(capacity)
        self._positions = np.empty((capacity, JOINT_COUNT, 3))
        self._confidence = np.empty((capacity, JOINT_COUNT))
        self._observed = np.empty((capacity, JOINT_COUNT), dtype=np.bool_)

    def _make_room(self) -> None:
        """Move the frames to the front; double the arrays if they are more than half full."""
        rows = slice(self._first, self._first + self._count)
        kept = (self._stamps, self._positions, self._confidence, self._observed)
        kept = tuple(values[rows].copy() for values in kept)  # type: ignore[assignment]
        if 2 * self._count > len(self._stamps):
            self._allocate(2 * len(self._stamps))
        self._stamps[: self._count] = kept[0]
        self._positions[: self._count] = kept[1]
        self._confidence[: self._count] = kept[2]
        self._observed[: self._count] = kept[3]
        self._first = 0
